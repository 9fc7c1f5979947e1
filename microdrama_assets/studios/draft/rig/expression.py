"""How twelve emotions sit on a face: brows, lids, mouth corners, colour. Intensity scales the way from neutral.

Follows the action units of Ekman & Friesen's FACS: happy 6+12, sad 1+4+15, angry 4+5+7+23, afraid 1+2+4+5+20,
surprised 1+2+5+26, disgusted 4+9+10+17, contemptuous 12+14 on one side, tender 6+12 with heavy lids, ashamed 1+15 with
lowered eyes, suspicious 4+7 with one brow (2), determined 4+17+24.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from microdrama_assets.schemas.series import Emotion


@dataclass(frozen=True)
class Expression:
    """Offsets from a neutral face in rig units, or shares where it says so. Positive brow values are up."""

    brow_inner: float = 0.0
    brow_outer: float = 0.0
    brow_arch: float = 0.0
    brow_pinch: float = 0.0
    lid_open: float = 1.0
    """Share of the neutral opening."""
    lid_slant: float = 0.0
    """Inner end of the upper lid down, outer end up."""
    lower_lid: float = 0.0
    """Raise of the lower lid."""
    iris: float = 1.0
    """Share of the neutral size: small irises look startled."""
    corner: float = 2.5
    """Raise of the mouth corners."""
    mouth_width: float = 1.0
    part: float = 0.0
    """How far the lips part at rest, 0..1."""
    press: float = 0.0
    """Lips pressed thin, 0..1."""
    blush: float = 0.35
    tears: float = 0.0
    pallor: float = 0.0
    frown: float = 0.0
    """Furrow between the brows, 0..1."""
    tilt_deg: float = 0.0
    brow_skew: float = 0.0
    """One brow higher than the other by twice this."""
    smirk_deg: float = 0.0
    """Turn of the mouth: one corner up, the other down."""
    sneer: float = 0.0
    """Wrinkles beside the nose and the upper lip drawn up, 0..1."""
    look_down: float = 0.0
    """How far the eyes are lowered, 0..1."""
    shrug: float = 0.0
    """Shoulders raised (positive, to 1) or dropped, in body language."""


NEUTRAL = Expression()
EMOTIONS: dict[Emotion, Expression] = {
    "neutral": NEUTRAL,
    "happy": Expression(
        brow_inner=3,
        brow_outer=5,
        brow_arch=7,
        lid_open=0.86,
        lower_lid=9,
        corner=17,
        mouth_width=1.16,
        part=0.30,
        blush=0.75,
        tilt_deg=2.2,
    ),
    "sad": Expression(
        brow_inner=17,
        brow_outer=-11,
        brow_arch=-3,
        brow_pinch=5,
        lid_open=0.74,
        lid_slant=-7,
        lower_lid=3,
        corner=-11,
        mouth_width=0.90,
        blush=0.5,
        tears=1.0,
        frown=0.35,
        tilt_deg=-3.0,
        shrug=-0.8,
    ),
    "angry": Expression(
        brow_inner=-19,
        brow_outer=12,
        brow_arch=2,
        brow_pinch=10,
        lid_open=0.82,
        lid_slant=9,
        lower_lid=5,
        iris=0.93,
        corner=-8,
        mouth_width=0.96,
        press=0.6,
        blush=0.55,
        frown=1.0,
        tilt_deg=-1.2,
        shrug=0.4,
    ),
    "afraid": Expression(
        brow_inner=15,
        brow_outer=-3,
        brow_arch=-1,
        brow_pinch=8,
        lid_open=1.20,
        lid_slant=-3,
        lower_lid=-2,
        iris=0.80,
        corner=-7,
        mouth_width=1.04,
        part=0.22,
        blush=0.0,
        pallor=0.7,
        frown=0.45,
        tilt_deg=1.6,
        shrug=1.0,
    ),
    "surprised": Expression(
        brow_inner=15,
        brow_outer=13,
        brow_arch=7,
        lid_open=1.30,
        lower_lid=-4,
        iris=0.86,
        corner=-1,
        mouth_width=0.74,
        part=0.62,
        blush=0.25,
        shrug=0.5,
    ),
    "tender": Expression(
        brow_inner=9,
        brow_outer=0,
        brow_arch=5,
        lid_open=0.70,
        lower_lid=6,
        corner=10,
        mouth_width=1.04,
        blush=0.95,
        tilt_deg=4.6,
        shrug=-0.2,
    ),
    "ashamed": Expression(
        brow_inner=14,
        brow_outer=-8,
        brow_pinch=3,
        lid_open=0.56,
        lid_slant=-4,
        corner=-6,
        mouth_width=0.86,
        press=0.5,
        blush=1.0,
        tilt_deg=-4.8,
        look_down=1.0,
        shrug=-0.7,
    ),
    "disgusted": Expression(
        brow_inner=-13,
        brow_outer=-3,
        brow_pinch=9,
        lid_open=0.62,
        lid_slant=5,
        lower_lid=9,
        corner=-12,
        mouth_width=1.02,
        part=0.20,
        blush=0.1,
        pallor=0.35,
        frown=0.7,
        tilt_deg=-3.6,
        sneer=1.0,
        shrug=0.3,
    ),
    "contemptuous": Expression(
        brow_inner=-3,
        brow_outer=3,
        brow_arch=2,
        lid_open=0.66,
        lower_lid=3,
        corner=5,
        mouth_width=1.05,
        press=0.25,
        blush=0.3,
        tilt_deg=4.0,
        brow_skew=8,
        smirk_deg=-9.0,
        shrug=-0.1,
    ),
    "suspicious": Expression(
        brow_inner=-10,
        brow_outer=1,
        brow_arch=0,
        brow_pinch=7,
        lid_open=0.58,
        lid_slant=3,
        lower_lid=8,
        corner=-4,
        mouth_width=0.88,
        press=0.35,
        frown=0.55,
        tilt_deg=-3.0,
        brow_skew=9,
        smirk_deg=3.0,
    ),
    "determined": Expression(
        brow_inner=-13,
        brow_outer=3,
        brow_arch=-2,
        brow_pinch=7,
        lid_open=0.92,
        lid_slant=5,
        lower_lid=3,
        corner=-3,
        mouth_width=0.98,
        press=0.85,
        frown=0.5,
        shrug=-0.1,
    ),
}


def expression(emotion: Emotion, intensity: float) -> Expression:
    """The face at `intensity` 0 (neutral) .. 1 (full); more is clamped to 1.2."""
    share = min(1.2, max(0.0, intensity))
    full = EMOTIONS[emotion]
    return Expression(
        **{
            field.name: _between(getattr(NEUTRAL, field.name), getattr(full, field.name), share)
            for field in fields(Expression)
        }
    )


def _between(start: float, end: float, share: float) -> float:
    return start + (end - start) * share
