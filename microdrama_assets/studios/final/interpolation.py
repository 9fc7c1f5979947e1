"""Frames between a video model's own, where its rate is another: by a model that is named, else by dense optical flow
(DIS; Kroeger et al., 2016).

By flow, each new frame blends the frame before, carried forward, and the frame after, carried back, by their nearness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import cv2
import numpy as np

Between = Callable[[np.ndarray, np.ndarray, float], np.ndarray]
"""The frame at a share (0..1) of the way between two, all uint8 BGR of one size."""


def retimed(frames: Sequence[np.ndarray], count: int, between: Between | None = None) -> Iterator[np.ndarray]:
    """`count` frames spread evenly from the first of these to the last, both included. uint8 BGR of one size."""
    between = between or Flow()
    for number in range(count):
        at = number * (len(frames) - 1) / max(count - 1, 1)
        before = min(int(at), len(frames) - 1)
        share = at - before
        if share < 1e-6 or before + 1 >= len(frames):
            yield frames[before]
        else:
            yield between(frames[before], frames[before + 1], share)


class Flow:
    """Frames between two by optical flow, which is found once for each pair in a row."""

    def __init__(self) -> None:
        self._ends: tuple[np.ndarray, np.ndarray] | None = None
        self._flows: tuple[np.ndarray, np.ndarray] | None = None

    def __call__(self, one: np.ndarray, two: np.ndarray, share: float) -> np.ndarray:
        if self._flows is None or self._ends is None or self._ends[0] is not one or self._ends[1] is not two:
            self._ends, self._flows = (one, two), flow_between(one, two)
        return carried_between(one, two, *self._flows, share)


def flow_between(one: np.ndarray, two: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Forward and backward flow, float32 height x width x 2, in pixels."""
    engine = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    grey = [cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY) for frame in (one, two)]
    return engine.calc(grey[0], grey[1], None), engine.calc(grey[1], grey[0], None)  # pyright: ignore


def carried_between(one: np.ndarray, two: np.ndarray, forward: np.ndarray, backward: np.ndarray,
                    share: float) -> np.ndarray:
    """The frame at `share` (0..1) of the way from `one` to `two`."""
    height, width = one.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))

    def carried(frame: np.ndarray, flow: np.ndarray, part: float) -> np.ndarray:
        return cv2.remap(frame, x - flow[..., 0] * part, y - flow[..., 1] * part, cv2.INTER_LINEAR,
                         borderMode=cv2.BORDER_REPLICATE)

    return cv2.addWeighted(carried(one, forward, share), 1 - share, carried(two, backward, 1 - share), share, 0)
