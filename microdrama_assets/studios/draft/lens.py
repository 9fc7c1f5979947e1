"""What a lens does to finished pixels: focus that is elsewhere, and the smear of a whip."""

from __future__ import annotations

import cv2
import numpy as np

DEFOCUS_PX = 22.0
"""Sigma, in frame pixels, of what lies a whole depth away from the focus."""
STEP_PX = 0.5
"""Sigmas come in steps of this, so that frames in which the focus rests are worked out once."""
SHUTTER = 0.6
"""Share of a frame's time for which the shutter is open."""


def defocus_px(depth: float, focus: float | None) -> float:
    """Sigma in frame pixels of a layer at `depth` while `focus` is sharp."""
    if focus is None:
        return 0.0
    sigma = DEFOCUS_PX * max(abs(depth - focus) - 0.06, 0.0)
    return round(sigma / STEP_PX) * STEP_PX


def defocus(pixels: np.ndarray, sigma: float) -> np.ndarray:
    """Premultiplied pixels out of focus. Wide blurs are worked out on a smaller picture, where nothing fine is left."""
    if sigma < 0.3:
        return pixels
    shrink = 4 if sigma > 7 else 2 if sigma > 3 else 1
    small = cv2.resize(pixels, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), sigma / shrink, borderType=cv2.BORDER_REPLICATE)
    return soft if shrink == 1 else cv2.resize(soft, pixels.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def throw_aside(picture: np.ndarray, slide: float, speed: float) -> None:
    """Moves a BGR picture left by `slide` pixels in place, mirrored beyond its edges, and smears it along `speed`."""
    width = picture.shape[1]
    columns = np.arange(width) + round(slide)
    mirrored = np.abs((columns + width) % (2 * width) - width)
    moved = picture[:, np.clip(mirrored, 0, width - 1)]
    length = max(1, round(abs(speed) * SHUTTER)) | 1
    cv2.blur(moved, (length, 1), dst=picture, borderType=cv2.BORDER_REFLECT)
