"""The typefaces that captions and signs are set in: files, never whatever the machine happens to have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import skia

from microdrama_assets.schemas.errors import MicrodramaError


@dataclass(frozen=True)
class Fonts:
    """Paths of a regular and a bold face (TrueType or OpenType)."""

    regular: Path
    bold: Path


@lru_cache(maxsize=8)
def typeface(file: Path) -> skia.Typeface:
    """A face read from its file. Raises `MicrodramaError` where that is no font."""
    if not file.is_file():
        raise MicrodramaError("the font file is missing", where=file.name, remedy="Run the set-up command again")
    face = skia.Typeface.MakeFromData(skia.Data.MakeFromFileName(str(file)))
    if face is None or face.countGlyphs() == 0:
        raise MicrodramaError("the font file cannot be read", where=file.name, remedy="Run the set-up command again")
    return face
