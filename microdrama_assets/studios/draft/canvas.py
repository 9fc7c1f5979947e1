"""One picture composed frame by frame from layers, rectangle by rectangle. Where everything lies in every frame is
worked out beforehand, so that a frame is one call of the compiled part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from microdrama_assets.studios.draft.loops import Drift
from microdrama_assets.studios.draft.regions import Region
from resources.pixels import Lays, upright, ways

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


_Part = tuple[Region, int | None]
"""A region, and one of the layers in it; none stands for clearing it."""


class Canvas:
    """`paths` are frames x 2 x 3, from this picture's pixels to each layer's; `regions` number the layers."""

    def __init__(
        self, layers: Sequence[Shown], paths: Sequence[np.ndarray], regions: Sequence[Region], size: tuple[int, int]
    ) -> None:
        self.pixels = np.zeros((size[1], size[0], 4), np.uint8)
        parts: list[_Part] = [(region, number) for region in regions for number in (region.ground, *region.over)]
        lays = Lays(self.pixels, [(region.x, region.y, region.width, region.height) for region, _ in parts])
        lays.how(_places(parts, lambda _, number: number is None), "clear")
        placed = [_Placed(layer, number, paths[number], parts, lays) for number, layer in enumerate(layers)]
        self._placed = [one for one in placed if one.places.size]
        frames = max((len(path) for path in paths), default=1)
        self._ways = np.zeros((frames, len(parts), 4), np.int64)
        for one in self._placed:
            self._ways[:, one.places] = one.ways()
        self._lays = lays

    def draw(self, index: int) -> None:
        """Composes frame `index` of the layers as they are shown now."""
        for placed in self._placed:
            placed.show(index)
        self._lays.draw(self._ways[index])


class _Placed:
    """One layer in all its regions: `places` among the parts. Where its path turns it, OpenCV turns it first."""

    def __init__(self, layer: Shown, number: int, path: np.ndarray, parts: Sequence[_Part], lays: Lays) -> None:
        self._layer, self._lays = layer, lays
        self.places = _places(parts, lambda _, other: other == number)
        self._ground = _places(parts, lambda region, other: other == number == region.ground)
        self._over = np.setdiff1d(self.places, self._ground)
        regions = [parts[place][0] for place in self.places]
        if layer.drift is None:
            self._paths = [_from(region, path) for region in regions]
        else:
            self._paths = [layer.drift.path(len(path), region) for region in regions]
        self._straight = upright(path)
        sides = [] if self._straight.all() or layer.drift is not None else regions
        self._turned = [np.empty((region.height, region.width, 4), np.uint8) for region in sides]
        self._told: np.ndarray | None = None
        lays.how(self._ground, "cover")

    def ways(self) -> np.ndarray:
        """Frames x its regions x 4."""
        return np.stack([ways(np.where(upright(path)[:, None, None], path, _AS_IT_IS)) for path in self._paths], 1)

    def show(self, index: int) -> None:
        """Tells how the layer is shown now, and where it is in frame `index`."""
        layer = self._layer
        if layer.drift is not None:
            self._tell(layer.drift.sheet)
            self._lays.how(self._over, "light")
            return
        hidden = layer.level <= 0
        self._lays.how(self._over, "nothing" if hidden else "light" if layer.glows else "over")
        if self._straight[index]:
            self._tell(layer.shown)
        elif not hidden or self._ground.size:
            self._turn(index)

    def _tell(self, plate: np.ndarray) -> None:
        if self._told is not plate:
            self._lays.plate(self.places, plate, self._layer.border == cv2.BORDER_REPLICATE)
            self._told = plate

    def _turn(self, index: int) -> None:
        layer = self._layer
        for place, path, turned in zip(self.places, self._paths, self._turned, strict=True):
            size = turned.shape[1::-1]
            cv2.warpAffine(layer.shown, path[index], size, dst=turned, flags=_WARP, borderMode=layer.border)
            self._lays.plate(np.array([place]), turned)
        self._told = None


def _places(parts: Sequence[_Part], chosen: Callable[[Region, int | None], bool]) -> np.ndarray:
    return np.array([place for place, part in enumerate(parts) if chosen(*part)], np.intp)


def _from(region: Region, path: np.ndarray) -> np.ndarray:
    """A path from a region's pixels, not the picture's."""
    moved = path.copy()
    moved[:, :, 2] += path[:, :, 0] * region.x + path[:, :, 1] * region.y
    return moved
