"""Frames side by side on one image, for people who judge a shot at a glance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.studios.draft.pixels import encode_png

GAP = 8
GROUND = 24
"""Grey level between and around the frames."""


def contact_sheet(frames: Sequence[np.ndarray], columns: int) -> bytes:
    """PNG of uint8 BGR frames of one size, row by row, `columns` to a row.

    Raises `MicrodramaError` for no frames, no columns or frames of different sizes.
    """
    if not frames or columns < 1 or len({frame.shape for frame in frames}) > 1:
        raise MicrodramaError("a contact sheet needs frames of one size and at least one column", "contact sheet")
    height, width = frames[0].shape[:2]
    rows = -(-len(frames) // columns)
    sheet = np.full((rows * (height + GAP) + GAP, columns * (width + GAP) + GAP, 3), GROUND, np.uint8)
    for number, frame in enumerate(frames):
        y, x = GAP + number // columns * (height + GAP), GAP + number % columns * (width + GAP)
        sheet[y : y + height, x : x + width] = frame
    return encode_png(sheet)
