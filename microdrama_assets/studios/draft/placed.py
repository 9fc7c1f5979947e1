"""A layer of a shot with its pixels as the frame at hand needs them: a mouth, a cell of a loop, out of focus, faded."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import cv2
import numpy as np

from microdrama_assets.studios.draft.clip import LidKey
from microdrama_assets.studios.draft.heads import HeadStates
from microdrama_assets.studios.draft.layout import Face, Layer, Loop
from microdrama_assets.studios.draft.lens import defocus, defocus_px
from microdrama_assets.studios.draft.loops import Drift, cell_of
from microdrama_assets.studios.draft.pixels import Plates, decode_plate, glowing, resize_plate


class PlacedLayer:
    """A layer with its pixels at the size that frames at `ratio` of 1080x1920 need.

    `pixels` is the plate as it was drawn, `shown` as this frame has it: one cell of a loop, out of focus or faded.
    """

    def __init__(self, layer: Layer, plates: Plates, face: Face | None, ratio: float) -> None:
        self.layer = layer
        self.face = face
        self.looks: tuple[str, str] = ("rest", "open")
        self.scale = min(layer.scale, ratio)
        self.level = 1.0
        self.border = cv2.BORDER_CONSTANT
        loop = layer.loop or Loop()
        self.glows = loop.glows
        whole = decode_plate(plates, layer.plate)
        self.heads = None if face is None else HeadStates(whole, face, plates, self.scale / layer.scale)
        cells = [resize_plate(cell, self.scale / layer.scale) for cell in np.split(whole, loop.cells)]
        self.pixels = cells[0] if self.heads is None else self.heads.show(*self.looks)
        self.drift = Drift(glowing(cells[0]), layer, self.scale, ratio) if loop.drift is not None else None
        self._loop = loop
        self._cells = cells if self.heads is None else [self.pixels]
        self.alpha = reduce(cv2.max, (_presence(cell, self.glows) for cell in self._cells))
        if self.glows:
            self._cells = [glowing(cell) for cell in self._cells]
        self.shown = self._cells[0]
        self._state: tuple[object, ...] = ()

    def prepare(self, index: int, focus: float | None, level: float) -> None:
        """Makes `shown` what this frame needs; frames that look alike are worked out once."""
        self.level = level
        if self.drift is not None:
            return
        cell = cell_of(self._loop, index)
        source = self.pixels if self.heads is not None else self._cells[cell]
        blur = defocus_px(self.layer.depth, focus)
        state = (cell, blur, level, self.looks)
        if blur == 0 and level >= 1:
            self.shown, self._state = source, ()
        elif state != self._state and level > 0:
            soft = defocus(source, blur * self.scale)
            self.shown = soft if level >= 1 else cv2.convertScaleAbs(soft, alpha=level)
            self._state = state

    def spread_px(self, focuses: Sequence[float | None]) -> float:
        """Plate pixels by which the layer's edges soften at most."""
        return 2.5 * self.scale * max((defocus_px(self.layer.depth, focus) for focus in focuses), default=0.0)


def _presence(pixels: np.ndarray, glows: bool) -> np.ndarray:
    """Where there is anything: alpha, or of light the strongest channel."""
    return reduce(cv2.max, cv2.split(pixels)) if glows else cv2.extractChannel(pixels, 3)


class FaceTrack:
    """Which mouth and lids a head shows in each frame."""

    def __init__(self, placed: PlacedLayer, visemes: dict[int, str], lids: Sequence[LidKey]) -> None:
        self._placed = placed
        self._visemes = visemes
        self._lids = {key.frame: key.state for key in lids}
        self._viseme, self._lid = "rest", "open"

    def show(self, index: int) -> None:
        self._viseme = self._visemes.get(index, self._viseme)
        self._lid = self._lids.get(index, self._lid)
        assert self._placed.heads is not None
        self._placed.looks = (self._viseme, self._lid)
        self._placed.pixels = self._placed.heads.show(self._viseme, self._lid)
