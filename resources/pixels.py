"""The loops over every pixel of every frame, compiled from `pixels.c`: layers laid over a picture, moved and scaled; a
picture graded; a picture as a video signal.

OpenCV does the same in many more passes through memory. Setting up compiles it; nothing else is needed than the
toolchain that Python's packages need anyway. Calls release Python's lock, so shots are drawn side by side. Pictures are
uint8 BGRA, height x width x 4.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Literal

import numpy as np

from resources.errors import ResourceError

SOURCE = "pixels.c"
WIDEST_PX = 2048
Box = tuple[int, int, int, int]
"""Left, top, width, height in pixels."""
How = Literal["cover", "over", "light", "clear", "nothing"]
HOWS: dict[How, int] = {"cover": 0, "over": 1, "light": 2, "clear": 3, "nothing": 4}
COLOUR_ONE = 128
"""What a colour's weight of 1 is in `bend`."""
SIGNAL_ONE = 65_536
"""What a level is in `Signal`."""
_ONE = 1 << 32
_ORDER = np.dtype(
    [("target", "u8"), ("plate", "u8"), ("target_stride", "i8"), ("stride", "i8"), ("way", "i8", 4), ("width", "i4"),
     ("height", "i4"), ("plate_width", "i4"), ("plate_height", "i4"), ("how", "i4"), ("border", "i4")]
)
"""`lay_order` in pixels.c."""


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


class Lays:
    """What is laid over one picture, in order: for each box of it a plate, where that lies, and how.

    Set up once for many frames; what changes between them is told by `plate`, and all of it is done by `draw`.
    """

    def __init__(self, picture: np.ndarray, boxes: Sequence[Box]) -> None:
        _check_rows(picture)
        for box in boxes:
            if min(box) < 0 or box[0] + box[2] > picture.shape[1] or box[1] + box[3] > picture.shape[0]:
                raise ValueError(f"{box} is not within {picture.shape[1]}x{picture.shape[0]}")
        self._picture = picture
        self._held: dict[int, np.ndarray] = {}
        self._orders = np.zeros(len(boxes), _ORDER)
        self._orders["how"] = HOWS["nothing"]
        self._orders["target_stride"] = picture.strides[0]
        for order, (left, top, width, height) in zip(self._orders, boxes, strict=True):
            order["target"] = picture.ctypes.data + top * picture.strides[0] + 4 * left
            order["width"], order["height"] = width, height

    def plate(self, numbers: np.ndarray, plate: np.ndarray, endless: bool = False) -> None:
        """Premultiplied BGRA for the boxes of these numbers. `endless`: its edges go on beyond it; else it is
        transparent there."""
        _check(plate)
        orders = self._orders
        orders["plate"][numbers], orders["stride"][numbers] = plate.ctypes.data, plate.strides[0]
        orders["plate_height"][numbers], orders["plate_width"][numbers] = plate.shape[:2]
        orders["border"][numbers] = endless
        self._held.update(dict.fromkeys(numbers.tolist(), plate))

    def how(self, numbers: np.ndarray, how: How) -> None:
        """`cover` replaces what is behind, `over` hides it by alpha, `light` adds to it; `clear` needs no plate;
        `nothing` leaves the picture as it is, as all boxes are at first."""
        self._orders["how"][numbers] = HOWS[how]

    def draw(self, ways: np.ndarray) -> None:
        """Lays every plate, resampled bilinearly with 8 bits of fraction. `ways`: for each box four numbers as `ways`
        gives them, from its pixels to its plate's. Raises ValueError where a box has no plate."""
        self._orders["way"] = ways
        missing = (self._orders["plate"] == 0) & (self._orders["how"] < HOWS["clear"])
        if missing.any():
            raise ValueError(f"boxes without a plate: {np.flatnonzero(missing).tolist()}")
        _library().lay_plates(self._orders.ctypes.data, len(self._orders))


def lay_over(picture: np.ndarray, plate: np.ndarray, left: int, top: int) -> None:
    """Lays premultiplied BGRA over a picture as it is, by alpha. Raises ValueError where it does not fit."""
    lays, only = Lays(picture, [(left, top, plate.shape[1], plate.shape[0])]), np.zeros(1, np.intp)
    lays.plate(only, plate)
    lays.how(only, "over")
    lays.draw(np.array([[_ONE, 0, _ONE, 0]]))


def bend(
    picture: np.ndarray, colours: np.ndarray | None, shade: np.ndarray | None = None, grain: np.ndarray | None = None
) -> None:
    """Grades BGRA in place, in this order; what is None is left out. Its alpha becomes 255.

    `colours`: 3 x 4 int16, rows blue, green, red: what of blue, green and red is added to that channel, and how much
    besides, in 128ths. `shade`: height x width uint8, how much of the light remains, of 255. `grain`: height x width
    int8, what is added to every channel.
    """
    _check_rows(picture)
    if colours is not None and (colours.dtype != np.int16 or colours.shape != (3, 4) or not colours.flags.c_contiguous):
        raise ValueError(f"colours of {colours.dtype} {colours.shape}")
    for plane, kind in ((shade, np.uint8), (grain, np.int8)):
        if plane is not None and (plane.dtype != kind or plane.shape != picture.shape[:2] or plane.strides[1] != 1):
            raise ValueError(f"{plane.dtype} {plane.shape} does not fit {picture.shape}")
    how = _Bending(
        *(None if each is None else each.ctypes.data for each in (colours, shade, grain)),
        *(0 if each is None else each.strides[0] for each in (shade, grain)),
    )
    _library().bend(picture.ctypes.data, picture.strides[0], picture.shape[1], picture.shape[0], ctypes.byref(how))


class Signal:
    """Pictures of one size as planar Y'CbCr 4:2:0.

    `matrix`: 3 x 4, rows Y', Cb, Cr over columns blue, green, red, 1, all in levels.
    """

    def __init__(self, width: int, height: int, matrix: np.ndarray) -> None:
        if width % 2 or height % 2:
            raise ValueError(f"4:2:0 needs even sides, not {width}x{height}")
        self._shape = (height, width, 4)
        fixed = matrix * SIGNAL_ONE
        fixed[:, 3] += SIGNAL_ONE / 2  # so that cutting off rounds
        self._weights = np.rint(fixed).astype(np.int32)
        self._signal = np.empty(width * height * 3 // 2, np.uint8)

    def of(self, picture: np.ndarray) -> memoryview:
        """One picture as planes Y', Cb, Cr, one behind the other. The next call uses the same memory."""
        _check_rows(picture)
        if picture.shape != self._shape:
            raise ValueError(f"{picture.shape} is not {self._shape}")
        _library().signal_of(
            picture.ctypes.data, picture.strides[0], self._shape[1], self._shape[0], self._weights.ctypes.data,
            self._signal.ctypes.data,
        )
        return self._signal.data


class _Bending(ctypes.Structure):
    _fields_ = (
        ("colours", ctypes.c_void_p), ("shade", ctypes.c_void_p), ("grain", ctypes.c_void_p),
        ("shade_stride", ctypes.c_int64), ("grain_stride", ctypes.c_int64),
    )


def _check(pixels: np.ndarray) -> None:
    if pixels.dtype != np.uint8 or pixels.shape[2:] != (4,) or pixels.strides[1:] != (4, 1):
        raise ValueError(f"{pixels.dtype} {pixels.shape} is not BGRA with whole rows")


def _check_rows(picture: np.ndarray) -> None:
    _check(picture)
    if picture.shape[1] > WIDEST_PX:
        raise ValueError(f"rows of {picture.shape[1]} pixels are wider than {WIDEST_PX}")


@cache
def _library() -> ctypes.CDLL:
    found = find_spec("resources._pixels")
    if found is None or found.origin is None:
        raise ResourceError("the compiled part is missing", "resources/_pixels", "Install again: `pip install -e .`")
    library = ctypes.CDLL(found.origin)
    place, stride, side = ctypes.c_void_p, ctypes.c_int64, ctypes.c_int32
    library.lay_plates.argtypes = (place, ctypes.c_int64)
    library.bend.argtypes = (place, stride, side, side, place)
    library.signal_of.argtypes = (place, stride, side, side, place, place)
    for function in (library.lay_plates, library.bend, library.signal_of):
        function.restype = None
    return library
