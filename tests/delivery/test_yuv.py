"""Colours survive: the conversion is BT.709 limited range, with chroma where H.264 puts it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from microdrama_assets.delivery.yuv import signal_of

# Y', Cb, Cr of 100% colour bars in 8-bit BT.709 (ITU-R BT.709-6, table 4.6; widely published as HD bars).
BARS = {
    "white": ((255, 255, 255), (235, 128, 128)), "yellow": ((0, 255, 255), (219, 16, 138)),
    "cyan": ((255, 255, 0), (188, 154, 16)), "green": ((0, 255, 0), (173, 42, 26)),
    "magenta": ((255, 0, 255), (78, 214, 230)), "red": ((0, 0, 255), (63, 102, 240)),
    "blue": ((255, 0, 0), (32, 240, 118)), "black": ((0, 0, 0), (16, 128, 128)),
}


def planes(frame: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    height, width = frame.shape[:2]
    signal = np.array(signal_of(width, height).of(cv2.cvtColor(frame, cv2.COLOR_BGR2BGRA)))
    luma, chroma = signal[:width * height], signal[width * height:].reshape(2, height // 2, width // 2)
    return luma.reshape(height, width), chroma[0], chroma[1]


@pytest.mark.parametrize("name", BARS)
def test_colour_bars_have_their_published_levels(name: str) -> None:
    """Each bar is within the rounding of fixed-point arithmetic (1 level) of the standard's value."""
    bgr, expected = BARS[name]
    for plane, level in zip(planes(np.full((16, 32, 3), bgr, np.uint8)), expected, strict=True):
        assert np.unique(plane).size == 1
        assert abs(int(plane[0, 0]) - level) <= 1


def test_chroma_sits_on_the_left_column_between_two_rows() -> None:
    """One red column spreads 1:2:1 around the chroma sample that lies on it, and 1:1 when it lies between two."""
    on, between = np.zeros((2, 2, 16, 3), np.uint8)
    on[:, 8], between[:, 9] = (0, 0, 255), (0, 0, 255)
    peak = 240 - 128
    red_on, red_between = planes(on)[2][0].astype(int) - 128, planes(between)[2][0].astype(int) - 128
    assert red_on[4] == pytest.approx(peak / 2, abs=1.5)
    assert [red_on[3], red_on[5]] == [0, 0]
    assert [red_between[4], red_between[5]] == pytest.approx([peak / 4, peak / 4], abs=1.5)


def test_the_whole_picture_matches_exact_arithmetic() -> None:
    """On random pixels luma and chroma are within half a level, and what 16 bits of fraction may add."""
    frame = np.random.default_rng(4).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    blue, green, red = np.moveaxis(frame.astype(float), 2, 0)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    found = planes(frame)
    assert np.abs(found[0] - (16 + luma * 219 / 255)).max() <= 0.51
    for plane, colour, share in ((found[1], blue, 0.0722), (found[2], red, 0.2126)):
        full = 128 + (colour - luma) / (2 * (1 - share)) * 224 / 255
        padded = np.pad(full, ((0, 0), (1, 0)), mode="edge")
        wide = (padded[:, :-1][:, ::2] + 2 * padded[:, 1:][:, ::2] + full[:, 1::2]) / 4
        assert np.abs(plane - (wide[::2] + wide[1::2]) / 2).max() <= 0.51


def test_odd_sides_are_refused() -> None:
    """4:2:0 has no half pixel."""
    with pytest.raises(ValueError, match="even sides"):
        signal_of(15, 16)
