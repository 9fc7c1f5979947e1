"""One picture composed frame by frame from layers, rectangle by rectangle. All views into memory are made beforehand,
so that a frame is nothing but calls of OpenCV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from microdrama_assets.studios.draft.loops import Drift
from microdrama_assets.studios.draft.regions import Region

_WARP = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


class Shown(Protocol):
    """A layer as a frame needs it: premultiplied BGRA `shown`, how strongly (0..1), and whether it is light."""

    @property
    def shown(self) -> np.ndarray: ...
    @property
    def level(self) -> float: ...
    @property
    def glows(self) -> bool: ...
    @property
    def drift(self) -> Drift | None: ...
    @property
    def border(self) -> int: ...


@dataclass(frozen=True)
class Backdrop:
    """A canvas as a layer of another: it covers, and goes on beyond its edges."""

    shown: np.ndarray
    level: float = 1.0
    glows: bool = False
    drift: Drift | None = None
    border: int = cv2.BORDER_REPLICATE


@dataclass(frozen=True)
class _Part:
    """A region's memory, and for each layer in it the way from the region's pixels to the plate's, per frame."""

    region: Region
    target: np.ndarray
    plate: np.ndarray
    inverse: np.ndarray
    wide: np.ndarray
    ground: tuple[Shown, np.ndarray] | None
    over: tuple[tuple[Shown, np.ndarray], ...]


class Canvas:
    """`paths` are frames x 2 x 3, from this picture's pixels to each layer's; `regions` number the layers."""

    def __init__(
        self, layers: Sequence[Shown], paths: Sequence[np.ndarray], regions: Sequence[Region], size: tuple[int, int]
    ) -> None:
        self.pixels = np.zeros((size[1], size[0], 4), np.uint8)
        largest = max((region.width * region.height for region in regions), default=1)
        scratch = np.empty(largest * 4, np.uint8), np.empty(largest, np.uint8), np.empty(largest * 4, np.uint8)
        self._parts = [self._part(region, layers, paths, scratch) for region in regions]

    def draw(self, index: int) -> None:
        """Composes frame `index` of the layers as they are shown now."""
        for part in self._parts:
            if part.ground is None:
                part.target[:] = 0
            else:
                _warp(*part.ground, index, part.target)
            for layer, path in part.over:
                if layer.level > 0:
                    _blend(layer, path, index, part)

    def _part(
        self,
        region: Region,
        layers: Sequence[Shown],
        paths: Sequence[np.ndarray],
        scratch: tuple[np.ndarray, np.ndarray, np.ndarray],
    ) -> _Part:
        def placed(number: int) -> tuple[Shown, np.ndarray]:
            path = paths[number].copy()
            path[:, :, 2] += path[:, :, 0] * region.x + path[:, :, 1] * region.y
            return layers[number], path

        wide, high = region.width, region.height
        plate, inverse, spread = scratch
        return _Part(
            region=region,
            target=self.pixels[region.y : region.y + high, region.x : region.x + wide],
            plate=plate[: high * wide * 4].reshape(high, wide, 4),
            inverse=inverse[: high * wide].reshape(high, wide),
            wide=spread[: high * wide * 4].reshape(high, wide, 4),
            ground=None if region.ground is None else placed(region.ground),
            over=tuple(placed(number) for number in region.over),
        )


def _blend(layer: Shown, path: np.ndarray, index: int, part: _Part) -> None:
    if layer.drift is not None:
        cv2.add(part.target, layer.drift.window(index, part.region), dst=part.target)
        return
    _warp(layer, path, index, part.plate)
    if not layer.glows:
        cv2.extractChannel(part.plate, 3, dst=part.inverse)
        cv2.bitwise_not(part.inverse, dst=part.inverse)
        cv2.merge((part.inverse, part.inverse, part.inverse, part.inverse), dst=part.wide)
        cv2.multiply(part.target, part.wide, dst=part.target, scale=1 / 255)
    cv2.add(part.target, part.plate, dst=part.target)


def _warp(layer: Shown, path: np.ndarray, index: int, target: np.ndarray) -> None:
    size = (target.shape[1], target.shape[0])
    cv2.warpAffine(layer.shown, path[index], size, dst=target, flags=_WARP, borderMode=layer.border)
