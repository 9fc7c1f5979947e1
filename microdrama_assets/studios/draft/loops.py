"""Layers that move by themselves: sheets of rain and snow that drift for ever, and cells of fire and smoke."""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np

from microdrama_assets.studios.draft.layout import Layer, Loop


class Area(Protocol):
    """Where a rectangle of output pixels begins."""

    @property
    def x(self) -> int: ...
    @property
    def y(self) -> int: ...


class Drift:
    """A sheet that repeats at its edges, seen through the frame. It moves by whole pixels: a frame costs one sum."""

    def __init__(self, light: np.ndarray, layer: Layer, scale: float, ratio: float) -> None:
        assert layer.loop is not None and layer.loop.drift is not None
        way = cv2.INTER_AREA if ratio < scale else cv2.INTER_LINEAR
        tile = cv2.resize(light, None, fx=ratio / scale, fy=ratio / scale, interpolation=way)
        self._high, self._wide = tile.shape[:2]
        self._step = tuple(pixels * ratio for pixels in layer.loop.drift)
        rows, columns = -(-round(1920 * ratio) // self._high) + 1, -(-round(1080 * ratio) // self._wide) + 1
        self.sheet = np.tile(tile, (rows, columns, 1))

    def path(self, frames: int, area: Area) -> np.ndarray:
        """Frames x 2 x 3: in each frame from the pixels of `area` to those of `sheet`, premultiplied light."""
        path = np.tile([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], (frames, 1, 1))
        index = np.arange(frames)
        path[:, 0, 2] = np.rint(area.x - index * self._step[0]) % self._wide
        path[:, 1, 2] = np.rint(area.y - index * self._step[1]) % self._high
        return path


def cell_of(loop: Loop, index: int) -> int:
    """Which cell a frame shows."""
    return index // loop.hold % loop.cells
