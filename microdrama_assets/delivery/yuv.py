"""Drawn frames to the video signal: BGR to Y'CbCr 4:2:0, BT.709, limited range.

Done here and not by ffmpeg's scaler because it is quicker (half the bytes go through the pipe), and exact about two
things that scalers get wrong unasked: the matrix, and where chroma samples sit (`resources/pixels.c`).
"""

from __future__ import annotations

import numpy as np

from resources.pixels import Signal

KR, KB = 0.2126, 0.0722
"""ITU-R BT.709-6, 3.2."""


def bt709_matrix() -> np.ndarray:
    """3x4: rows Y', Cb, Cr over columns B', G', R', 1; 8-bit full range in, limited range out (BT.709-6, 3.4)."""
    kg = 1 - KR - KB
    luma = np.array([KB, kg, KR])
    blue = (np.array([1.0, 0, 0]) - luma) / (2 * (1 - KB))
    red = (np.array([0, 0, 1.0]) - luma) / (2 * (1 - KR))
    rows = [(luma, 219, 16), (blue, 224, 128), (red, 224, 128)]
    return np.array([[*(weights * scale / 255), offset] for weights, scale, offset in rows])


def signal_of(width: int, height: int) -> Signal:
    """Converts frames of one size. Raises ValueError for odd sides."""
    return Signal(width, height, bt709_matrix())
