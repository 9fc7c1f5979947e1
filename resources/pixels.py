"""Lays one picture over another, moved and scaled, in one pass through memory: what `pixels.c` compiles to.

OpenCV does the same in six passes. Setting up compiles it; nothing else is needed than the toolchain that Python's
packages need anyway. Calls release Python's lock, so shots are composed side by side.
"""

from __future__ import annotations

import ctypes
from functools import cache
from importlib.util import find_spec
from typing import Literal

import numpy as np

from resources.errors import ResourceError

SOURCE = "pixels.c"
WIDEST_PX = 2048
How = Literal["cover", "over", "light"]
_HOWS: dict[How, int] = {"cover": 0, "over": 1, "light": 2}
_ONE = 1 << 32


def ways(paths: np.ndarray) -> np.ndarray:
    """Of frames x 2 x 3 matrices from target to plate pixels, those that keep rows rows as `lay` wants them: frames x 4
    int64, step and start of columns and of rows with 32 fractional bits. Raises ValueError where a matrix turns."""
    if not np.all(upright(paths)):
        raise ValueError("a path that turns has no such way")
    fixed = np.rint(paths[:, (0, 0, 1, 1), (0, 2, 1, 2)] * _ONE)
    return fixed.astype(np.int64, order="C")


def upright(paths: np.ndarray) -> np.ndarray:
    """Of frames x 2 x 3 matrices, whether each keeps rows rows: frames bools."""
    return (np.rint(paths[:, 0, 1] * _ONE) == 0) & (np.rint(paths[:, 1, 0] * _ONE) == 0)


class Target:
    """A picture, or a part of one, to lay plates over: uint8 BGRA, height x width x 4, rows of at most 2048 pixels."""

    def __init__(self, pixels: np.ndarray) -> None:
        _check(pixels)
        if pixels.shape[1] > WIDEST_PX:
            raise ValueError(f"rows of {pixels.shape[1]} pixels are wider than {WIDEST_PX}")
        self.pixels = pixels
        self._held = pixels.ctypes.data, pixels.strides[0], pixels.shape[1], pixels.shape[0]

    def lay(self, plate: np.ndarray, way: np.ndarray, how: How, endless: bool = False) -> None:
        """Lays premultiplied uint8 BGRA over it, resampled bilinearly with 8 bits of fraction.

        `way`: a row of `ways`. `how`: `cover` replaces what is behind, `over` hides it by alpha, `light` adds to it.
        `endless`: the plate's edges go on beyond it; else it is transparent there.
        """
        _check(plate)
        _library().lay_plate(
            *self._held, plate.ctypes.data, plate.strides[0], plate.shape[1], plate.shape[0],
            way.ctypes.data, _HOWS[how], endless,
        )


def _check(pixels: np.ndarray) -> None:
    if pixels.dtype != np.uint8 or pixels.shape[2:] != (4,) or pixels.strides[1:] != (4, 1):
        raise ValueError(f"{pixels.dtype} {pixels.shape} is not BGRA with whole rows")


@cache
def _library() -> ctypes.CDLL:
    found = find_spec("resources._pixels")
    if found is None or found.origin is None:
        raise ResourceError("the compiled part is missing", "resources/_pixels", "Install again: `pip install -e .`")
    library = ctypes.CDLL(found.origin)
    place, stride, side = ctypes.c_void_p, ctypes.c_int64, ctypes.c_int32
    library.lay_plate.argtypes = (place, stride, side, side, place, stride, side, side, place, side, side)
    library.lay_plate.restype = None
    return library
