"""Flicker: what changes from frame to frame beyond what moves.

The warping error of Lai et al., "Learning Blind Video Temporal Consistency" (ECCV 2018): each frame is carried onto the
one before it by optical flow (DIS; Kroeger et al., 2016), and what differs where both can be seen is the error. Low
error is no praise by itself: a still picture has none, and neither has a blurred one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from microdrama_assets.studios.final.interpolation import flow_between

WIDTH, HEIGHT = 180, 320
"""Flicker is seen at arm's length on a phone; finer grain is no flicker, and costs time."""
UNSEEN = (0.01, 0.5)
"""Where flow forward and backward differ by more than this share of their squares and this much (px²), something is
hidden in one of the frames (Sundaram et al., ECCV 2010)."""


@dataclass(frozen=True)
class Flicker:
    """`mean` and `worst`: squared differences of levels in 0..1, over pairs of frames; `worst_at`: the later frame."""

    mean: float
    worst: float
    worst_at: int
    pairs: int


def flicker(frames: Iterable[np.ndarray]) -> Flicker:
    """Of uint8 BGR frames of any one size. Zero for fewer than two."""
    errors: list[float] = []
    before: np.ndarray | None = None
    for frame in frames:
        here = cv2.resize(frame, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        if before is not None:
            errors.append(0.0 if np.array_equal(before, here) else _error(before, here))
        before = here
    if not errors:
        return Flicker(0.0, 0.0, 0, 0)
    worst = int(np.argmax(errors))
    return Flicker(float(np.mean(errors)), errors[worst], worst + 1, len(errors))


def _error(before: np.ndarray, after: np.ndarray) -> float:
    forward, backward = flow_between(before, after)
    x, y = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32))
    at = (x + forward[..., 0], y + forward[..., 1])
    carried = cv2.remap(after, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    returned = cv2.remap(backward, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    apart = ((forward + returned) ** 2).sum(-1)
    seen = apart <= UNSEEN[0] * ((forward**2).sum(-1) + (returned**2).sum(-1)) + UNSEEN[1]
    seen &= (at[0] >= 0) & (at[0] <= WIDTH - 1) & (at[1] >= 0) & (at[1] <= HEIGHT - 1)
    if not seen.any():
        return 1.0  # nothing of the frame before is there: a cut within a shot
    difference = (before.astype(np.float32) - carried.astype(np.float32)) / 255
    return float((difference[seen] ** 2).mean())
