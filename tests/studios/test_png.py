"""PNG as it is written and read here."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from microdrama_assets.studios.draft.png import read_png, write_png

DICE = np.random.default_rng(5)
BY_ROW = [cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_SUB]
BY_OPENCV = [cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_UP]


@pytest.mark.parametrize(
    ("shape", "kind", "swap"),
    [
        pytest.param((7, 5), np.uint8, None, id="grey"),
        pytest.param((7, 5), np.uint16, None, id="grey of 16 bits"),
        pytest.param((7, 5, 3), np.uint8, cv2.COLOR_BGR2RGB, id="colour"),
        pytest.param((7, 5, 4), np.uint8, cv2.COLOR_BGRA2RGBA, id="colour with alpha"),
        pytest.param((1, 1, 4), np.uint8, cv2.COLOR_BGRA2RGBA, id="one pixel"),
    ],
)
def test_another_reader_sees_the_same_pixels(shape: tuple[int, ...], kind: type, swap: int | None) -> None:
    """What is written here is a PNG to everybody."""
    pixels = DICE.integers(0, np.iinfo(kind).max, shape, kind, endpoint=True)
    seen: Any = cv2.imdecode(np.frombuffer(write_png(pixels), np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(pixels, seen if swap is None else cv2.cvtColor(seen, swap).reshape(shape))


@pytest.mark.parametrize("channels", [3, 4])
def test_plates_that_opencv_wrote_are_read(channels: int) -> None:
    """Homes hold plates that libpng wrote, in many chunks."""
    pixels = DICE.integers(0, 255, (300, 90, channels), np.uint8, endpoint=True)
    data = cv2.imencode(".png", pixels, BY_OPENCV)[1].tobytes()
    assert data.count(b"IDAT") > 1
    assert np.array_equal(read_png(data)[..., :3], pixels[..., 2::-1])
    assert np.array_equal(read_png(write_png(pixels)), pixels)


WHOLE = write_png(np.zeros((9, 9, 4), np.uint8))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"no png", id="something else"),
        pytest.param(WHOLE[:46], id="cut short"),
        pytest.param(WHOLE[:45] + b"\xff\xff\xff" + WHOLE[48:], id="damaged"),
        pytest.param(write_png(np.zeros((9, 9), np.uint8)), id="grey"),
        pytest.param(cv2.imencode(".png", DICE.integers(0, 9, (9, 9, 3), np.uint8), BY_ROW)[1].tobytes(), id="filters"),
    ],
)
def test_what_is_no_plate_is_refused(data: bytes) -> None:
    """A damaged plate is an error, never a picture."""
    with pytest.raises(ValueError):
        read_png(data)
