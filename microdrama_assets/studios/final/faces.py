"""The part of a picture around a face, and laying another back in its place without a seam."""

from __future__ import annotations

import numpy as np

from microdrama_assets.schemas.film import FaceBox
from microdrama_assets.studios.final.pictures import fitted

AROUND = 2.0
"""Height of the part, as a share of the face box's longer side: hair, neck and some of what is behind them."""
SMALLEST_PX = 24
"""Longer side of a face below which nothing is gained: it is a few strokes."""
FEATHER = 0.2
"""Share of the part's sides over which it fades into the picture."""


def around(box: FaceBox, width: int, height: int, aspect: float) -> tuple[slice, slice] | None:
    """Rows and columns of the part around a face, of this shape (width by height), moved inside a picture of width x
    height; None for a face that is too small, or whose middle is not in the picture."""
    side, x, y = max(box.width * width, box.height * height), box.x + box.width / 2, box.y + box.height / 2
    if side < SMALLEST_PX or not (0 <= x <= 1 and 0 <= y <= 1):
        return None
    tall = min(AROUND * side, height, width / aspect)
    rows, columns = round(tall), round(tall * aspect)
    top = min(max(0, round(y * height - rows / 2)), height - rows)
    left = min(max(0, round(x * width - columns / 2)), width - columns)
    return slice(top, top + rows), slice(left, left + columns)


def laid_back(picture: np.ndarray, part: np.ndarray, where: tuple[slice, slice]) -> np.ndarray:
    """A copy of the picture with the part in its place, fading in at its edges. Both uint8 BGR; a part of any size."""
    rows, columns = (one.stop - one.start for one in where)
    share = np.minimum(_ramp(rows)[:, None], _ramp(columns)[None])[..., None]
    found = picture.copy()
    found[where] = np.rint(fitted(part, columns, rows) * share + picture[where] * (1 - share)).astype(np.uint8)
    return found


def _ramp(length: int) -> np.ndarray:
    """0 at the ends, 1 in the middle, float32."""
    from_edge = np.minimum(np.arange(length), length - 1 - np.arange(length))
    return np.clip(from_edge / max(FEATHER * length, 1.0), 0, 1).astype(np.float32)
