"""Flicker, on decoded luma: what comes and goes where nothing moves, and how alike neighbouring frames are."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

BLOCK = 8
"""Pixels of a block's side at 360x640: grain averages out, a light that flickers does not."""
STILL_LEVELS = 2.0
"""A block is at rest where the frames before and after differ by no more than this."""


def returning(frames: np.ndarray) -> float:
    """Mean of |Y(t-1) - 2 Y(t) + Y(t+1)| / 2 over blocks at rest: how far, in levels of 255, the middle frame stands out
    from neighbours that agree. `frames`: uint8 BGR, at least 3 x height x width x 3."""
    blocks = np.stack([_blocks(frame) for frame in frames])
    before, now, after = blocks[:-2], blocks[1:-1], blocks[2:]
    at_rest = np.abs(after - before) <= STILL_LEVELS
    return float((np.abs(before - 2 * now + after) / 2)[at_rest].mean()) if at_rest.any() else 0.0


def steadiness(frames: np.ndarray) -> float:
    """1 - mean |Y(t+1) - Y(t)| / 255, as VBench's temporal flickering (Huang et al., CVPR 2024): 1 is a still picture."""
    luma = [cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY) for frame in frames]
    changes = [float(cv2.absdiff(one, two).mean()) for one, two in pairwise(luma)]
    return 1 - sum(changes) / len(changes) / 255


def _blocks(frame: np.ndarray) -> np.ndarray:
    grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    height, width = grey.shape
    return cv2.resize(grey.astype(np.float32), (width // BLOCK, height // BLOCK), interpolation=cv2.INTER_AREA)
