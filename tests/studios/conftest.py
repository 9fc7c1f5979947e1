"""Looks, sets and facets for the studios' tests, and a small font built on the spot."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from microdrama_assets.schemas.manifest import CastLook, Coverage, FrameFacet, Prop, Staged
from microdrama_assets.schemas.series import Appearance, Emotion, Hair, SetDesign, SetKind, TimeOfDay, Wardrobe
from microdrama_assets.studios.fonts import Fonts

LETTERS = "".join(chr(code) for code in range(0x20, 0x7F)) + "¿¡éñáíóúü" + "אבגדהוז"


def make_look(slug: str, **appearance: object) -> CastLook:
    return CastLook(
        slug=slug, name=slug.title(), appearance=Appearance.model_validate(appearance).model_dump(mode="json")
    )


CAST = (
    make_look(
        "mara",
        age=27,
        presentation="feminine",
        build="slim",
        skin="#e3a986",
        eyes="#6b4423",
        hair=Hair(style="bob", colour="#3a2030"),
        wardrobe=Wardrobe(garment="apron", colour="#1f5c57"),
    ),
    make_look(
        "jonas",
        age=34,
        presentation="masculine",
        build="broad",
        skin="#d39a74",
        eyes="#3f6f8f",
        hair=Hair(style="short", colour="#4a3222"),
        facial_hair="stubble",
        mark="scar",
        wardrobe=Wardrobe(garment="jacket", colour="#2d3a55"),
    ),
    make_look(
        "ada",
        age=22,
        presentation="feminine",
        skin="#8a5638",
        eyes="#3a2415",
        hair=Hair(style="afro", colour="#2a1a18"),
        mark="mole",
        wardrobe=Wardrobe(garment="dress", colour="#b5402a"),
    ),
    make_look(
        "vera",
        age=70,
        presentation="feminine",
        skin="#efc6a6",
        hair=Hair(style="bun", colour="#b9b4b6"),
        glasses=True,
        wardrobe=Wardrobe(garment="coat", colour="#6d2a44"),
    ),
)


def make_set(kind: SetKind = "cafe", sign: str | None = None) -> SetDesign:
    return SetDesign(slug=kind, name=kind.title(), kind=kind, sign=sign)


def make_frame(
    coverage: Coverage,
    *staged: Staged,
    kind: SetKind = "cafe",
    time: TimeOfDay = "night",
    prop: Prop | None = None,
    looks: tuple[CastLook, ...] = CAST,
    sign: str | None = None,
) -> FrameFacet:
    return FrameFacet(
        coverage=coverage,
        staged=staged,
        focus=staged[0].character if staged else None,
        prop=prop,
        set=make_set(kind, sign),
        time_of_day=time,
        mood="tense",
        action="",
        looks=looks,
        fidelity="draft",
        seed=1,
    )


def stage(
    character: str, position: str = "centre", emotion: Emotion = "neutral", intensity: float = 1.0, gaze: float = 0.0
) -> Staged:
    return Staged(character=character, position=position, emotion=emotion, intensity=intensity, gaze=gaze)


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Fonts:
    """A face of plain boxes, each letter of its own width, so that tests need no download."""
    file = tmp_path_factory.mktemp("fonts") / "Boxes.ttf"
    _build_font(file)
    return Fonts(regular=file, bold=file)


def _build_font(file: Path) -> None:
    names = {ord(letter): f"g{ord(letter):04x}" for letter in LETTERS}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    widths = {name: 400 + 10 * (code % 23) for code, name in names.items()} | {".notdef": 500}
    builder.setupGlyf({name: _box(0 if name == names[32] else width) for name, width in widths.items()})
    builder.setupHorizontalMetrics({name: (width, 40) for name, width in widths.items()})
    builder.setupHorizontalHeader(ascent=900, descent=-250)
    builder.setupOS2(sTypoAscender=900, sTypoDescender=-250, usWinAscent=900, usWinDescent=250)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Bold"})
    builder.setupPost()
    builder.save(str(file))


def _box(width: int) -> object:
    pen = TTGlyphPen(None)
    if width:
        pen.moveTo((40, 0))
        for point in ((40, 700), (width - 40, 700), (width - 40, 0)):
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()
