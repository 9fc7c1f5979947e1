"""The typefaces that captions and signs are set in: files, never whatever the machine happens to have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import skia

from microdrama_assets.schemas.errors import MicrodramaError

_REMEDY = "Fetch the fonts again with the set-up command"


@dataclass(frozen=True)
class Fonts:
    """Paths of a regular and a bold face (TrueType or OpenType), and of bold faces for further scripts."""

    regular: Path
    bold: Path
    more: tuple[Path, ...] = ()

    @property
    def bolds(self) -> tuple[Path, ...]:
        """Every face that captions may use, the preferred one first."""
        return (self.bold, *self.more)


@lru_cache(maxsize=16)
def typeface(file: Path) -> skia.Typeface:
    """A face read from its file. Raises `MicrodramaError` where that is no font."""
    if not file.is_file():
        raise MicrodramaError("the font file is missing", where=file.name, remedy=_REMEDY)
    face = skia.Typeface.MakeFromData(skia.Data.MakeFromFileName(str(file)))
    if face is None or face.countGlyphs() == 0:
        raise MicrodramaError("the font file cannot be read", where=file.name, remedy=_REMEDY)
    return face


def has_glyph(fonts: Fonts, character: str) -> bool:
    """Whether one of the bold faces can show this character."""
    return any(typeface(file).unicharToGlyph(ord(character)) != 0 for file in fonts.bolds)
