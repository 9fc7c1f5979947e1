"""A character's embedding: what the face looks like straight on, as numbers to compare any drawn face with."""

from __future__ import annotations

from audit.canonical import encode
from microdrama_assets.studios.draft.character_sheet import CELL, identity_features
from microdrama_assets.studios.draft.layout import Box
from microdrama_assets.studios.pictures import decoded

CROWN_Y, CHIN_Y = 30, 330
"""Where the neutral face of a reference sheet begins and, at the least, goes on to."""


def embedding(sheet_png: bytes) -> bytes:
    """The unit vector of the sheet's first cell (neutral, straight on), as canonical JSON rounded to 1e-6."""
    height = CHIN_Y - CROWN_Y
    face = Box(x=(CELL[0] - height * 3 // 4) // 2, y=CROWN_Y, width=height * 3 // 4, height=height)
    return encode({"features": [round(float(value), 6) for value in identity_features(decoded(sheet_png), face)]})
