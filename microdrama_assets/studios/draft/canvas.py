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
from resources.pixels import How, Target, upright, ways

_WARP = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
_AS_IT_IS = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


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


class _Placed:
    """A layer in a region. `path` is frames x 2 x 3, from the region's pixels to the plate's; where it turns the layer,
    OpenCV turns it first."""

    def __init__(self, layer: Shown, path: np.ndarray) -> None:
        self.layer = layer
        self._path = path
        self._straight = upright(path)
        self._ways = ways(np.where(self._straight[:, None, None], path, _AS_IT_IS))

    def lay(self, index: int, part: _Part, how: How) -> None:
        """Lays the layer as it is shown now, where it is in frame `index`."""
        plate, endless = self.layer.shown, self.layer.border == cv2.BORDER_REPLICATE
        if not self._straight[index]:
            size = part.scratch.shape[1::-1]
            plate = cv2.warpAffine(
                plate, self._path[index], size, dst=part.scratch, flags=_WARP, borderMode=self.layer.border
            )
        part.target.lay(plate, self._ways[index], how, endless)


@dataclass(frozen=True)
class _Part:
    """A region's memory, and the layers in it."""

    region: Region
    target: Target
    scratch: np.ndarray
    ground: _Placed | None
    over: tuple[_Placed, ...]


class Canvas:
    """`paths` are frames x 2 x 3, from this picture's pixels to each layer's; `regions` number the layers."""

    def __init__(
        self, layers: Sequence[Shown], paths: Sequence[np.ndarray], regions: Sequence[Region], size: tuple[int, int]
    ) -> None:
        self.pixels = np.zeros((size[1], size[0], 4), np.uint8)
        scratch = np.empty(max((region.width * region.height for region in regions), default=1) * 4, np.uint8)
        self._parts = [self._part(region, layers, paths, scratch) for region in regions]

    def draw(self, index: int) -> None:
        """Composes frame `index` of the layers as they are shown now."""
        for part in self._parts:
            if part.ground is None:
                part.target.pixels[:] = 0
            else:
                part.ground.lay(index, part, "cover")
            for placed in part.over:
                layer = placed.layer
                if layer.drift is not None:
                    pixels = part.target.pixels
                    cv2.add(pixels, layer.drift.window(index, part.region), dst=pixels)
                elif layer.level > 0:
                    placed.lay(index, part, "light" if layer.glows else "over")

    def _part(
        self, region: Region, layers: Sequence[Shown], paths: Sequence[np.ndarray], scratch: np.ndarray
    ) -> _Part:
        def placed(number: int) -> _Placed:
            path = paths[number].copy()
            path[:, :, 2] += path[:, :, 0] * region.x + path[:, :, 1] * region.y
            return _Placed(layers[number], path)

        wide, high = region.width, region.height
        return _Part(
            region=region,
            target=Target(self.pixels[region.y : region.y + high, region.x : region.x + wide]),
            scratch=scratch[: high * wide * 4].reshape(high, wide, 4),
            ground=None if region.ground is None else placed(region.ground),
            over=tuple(placed(number) for number in region.over),
        )
