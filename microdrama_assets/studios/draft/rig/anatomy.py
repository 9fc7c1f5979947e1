"""What a look means in measures and colours: one `Anatomy` per character, the same in every shot.

Rig units: the face is about 300 wide and 440 high, origin between the eyes and the nose, y down.
Small individual differences come from a digest of the look, so that two people of one type are still two people.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from microdrama_assets.schemas.manifest import CastLook
from microdrama_assets.schemas.series import Appearance
from microdrama_assets.studios.draft.ink import WHITE, Colour, luma, mix, rgb, tint

HAIR_RISE = {
    "bald": 0,
    "buzz": 6,
    "short": 38,
    "bob": 34,
    "long": 34,
    "bun": 104,
    "ponytail": 40,
    "curly": 62,
    "afro": 92,
}
"""How far each style stands above the crown."""
HAIR_REACH = {
    "bald": 0,
    "buzz": 4,
    "short": 14,
    "bob": 42,
    "long": 46,
    "bun": 14,
    "ponytail": 74,
    "curly": 62,
    "afro": 98,
}
"""How far each style stands out beside the face."""
SHOULDERS = {"slim": 272, "average": 302, "broad": 350, "heavy": 356}
NECK = {"slim": 52, "average": 60, "broad": 76, "heavy": 78}


@dataclass(frozen=True)
class SkinTones:
    light: Colour
    base: Colour
    shade: Colour
    deep: Colour
    blush: Colour
    lip: Colour
    line: Colour


@dataclass(frozen=True)
class HairTones:
    light: Colour
    base: Colour
    shade: Colour
    deep: Colour


@dataclass(frozen=True)
class Anatomy:
    """Half-widths unless named otherwise; y grows downward."""

    look: Appearance
    slug: str
    feminine: float
    """0 masculine, 0.5 androgynous, 1 feminine."""
    child: float
    """1 at six years, 0 from sixteen on."""
    old: float
    """0 up to 45, 1 from 80 on."""
    stature: float
    """Body height as a share of an adult's."""
    temple: float
    jaw: float
    chin: float
    chin_y: float
    crown_y: float
    eye_x: float
    eye_y: float
    eye_w: float
    eye_h: float
    brow_y: float
    brow_thick: float
    nose_y: float
    nose_w: float
    mouth_y: float
    mouth_w: float
    lip: float
    """Fullness, 0.4..1.2."""
    neck: float
    shoulder: float
    top_y: float
    """Highest point, hair included."""
    reach: float
    """Half-width of the head, hair included."""
    skin: SkinTones
    hair: HairTones
    iris: Colour


def anatomy(look: CastLook) -> Anatomy:
    """Measures and colours of one character. The name and slug do not count: renaming nobody changes a face."""
    seen = Appearance.model_validate(look.appearance)
    vary = _individual(seen)
    fem = {"feminine": 1.0, "androgynous": 0.5, "masculine": 0.0}[seen.presentation]
    child = min(1.0, max(0.0, (16 - seen.age) / 10))
    old = min(1.0, max(0.0, (seen.age - 45) / 35))
    wide = {"slim": -7.0, "average": 0.0, "broad": 6.0, "heavy": 18.0}[seen.build]
    temple = 150 + wide * 0.5 + 3 * vary[0] - 2 * fem
    jaw = (112 - 19 * fem + wide + 5 * vary[1]) * (1 - 0.03 * child) + 6 * old * (1 - fem)
    rise, spread = HAIR_RISE[seen.hair.style], HAIR_REACH[seen.hair.style]
    return Anatomy(
        look=seen,
        slug=look.slug,
        feminine=fem,
        child=child,
        old=old,
        stature=(1.03 - 0.06 * fem) * (1 - 0.30 * child) * (1 - 0.03 * old),
        temple=temple,
        jaw=jaw + 6 * child,
        chin=46 - 18 * fem + 6 * vary[2] + wide * 0.5,
        chin_y=206 - 6 * fem - 24 * child + 4 * vary[3] + 6 * (1 - fem),
        crown_y=-208.0,
        eye_x=70 + 2.5 * vary[4] + 2 * child,
        eye_y=16 + 14 * child + 2 * vary[5],
        eye_w=42 + 4 * fem + 5 * child + 2 * vary[6] - 3 * old,
        eye_h=25 + 6 * fem + 7 * child + 2 * vary[7] - 5 * old,
        brow_y=-46 - 5 * fem + 13 * child + 3 * vary[8],
        brow_thick=15 - 5 * fem - 2 * child + 2 * vary[9] + 2 * old,
        nose_y=90 + 4 * vary[10] - 10 * child + 4 * old,
        nose_w=23 - 4 * fem + 3 * vary[11] - 4 * child + 3 * old + wide * 0.2,
        mouth_y=140 + 2 * vary[12] - 13 * child,
        mouth_w=48 - 2 * fem + 3 * vary[13] - 8 * child,
        lip=0.62 + 0.36 * fem + 0.1 * vary[14] - 0.12 * child - 0.2 * old,
        neck=NECK[seen.build] * (0.92 + 0.14 * (1 - fem)) * (1 - 0.3 * child),
        shoulder=SHOULDERS[seen.build] * (0.92 + 0.14 * (1 - fem)) * (1 - 0.3 * child),
        top_y=-208.0 - rise,
        reach=temple + 12 + spread,
        skin=_skin_tones(rgb(seen.skin), fem),
        hair=_hair_tones(rgb(seen.hair.colour)),
        iris=rgb(seen.eyes),
    )


def _individual(look: Appearance) -> list[float]:
    """Sixteen numbers in -1..1 that only this look has."""
    text = json.dumps(look.model_dump(mode="json", exclude={"wardrobe"}), sort_keys=True)
    return [byte / 127.5 - 1 for byte in hashlib.sha256(text.encode()).digest()[:16]]


def _skin_tones(base: Colour, fem: float) -> SkinTones:
    pale = luma(base)
    shade = mix(tint(base, (232, 178, 168)), (150, 70, 80), 0.05)
    deep = mix(tint(base, (172, 108, 106)), (80, 30, 48), 0.10)
    natural = mix(tint(base, (214, 122, 122)), (196, 70, 78), 0.30 if pale > 0.5 else 0.22)
    return SkinTones(
        light=mix(base, (255, 240, 222), 0.30 if pale > 0.35 else 0.16),
        base=base,
        shade=shade,
        deep=deep,
        blush=mix(base, (228, 72, 72), 0.55),
        lip=mix(mix(natural, shade, 0.45), natural, fem),
        line=mix(deep, (52, 14, 24), 0.45),
    )


def _hair_tones(base: Colour) -> HairTones:
    sheen = mix(base, WHITE, 0.18)
    return HairTones(
        light=mix(sheen, (255, 214, 170), 0.20),
        base=base,
        shade=tint(base, (164, 146, 160)),
        deep=mix(tint(base, (92, 80, 100)), (16, 8, 20), 0.35),
    )
