"""A head with any of its mouths and lids: patches are put in place only when the face changes.

A head seen from behind, or as a silhouette, has none and stays as it is.
"""

from __future__ import annotations

import numpy as np

from microdrama_assets.studios.draft.layout import Face, Patch
from microdrama_assets.studios.draft.pixels import Plates, decode_plate, resize_plate


class HeadStates:
    """Plates of one head. At full size patches are copied in place; smaller heads are kept once per state."""

    def __init__(self, rest: np.ndarray, face: Face, plates: Plates, factor: float) -> None:
        self._face = face
        self._rest, self._pixels = rest, rest.copy()
        self._factor = factor
        self._plates = plates
        self._patches: dict[str, np.ndarray] = {}
        self._shown = ("rest", "open")
        self._small: dict[tuple[str, str], np.ndarray] = {}

    def show(self, viseme: str, lid: str) -> np.ndarray:
        """The head's pixels in this state. Valid until the next call."""
        state = (viseme, lid) if self._face.blinks else ("rest", "open")
        if self._factor < 0.999 and state in self._small:
            return self._small[state]
        self._patch(state)
        if self._factor >= 0.999:
            return self._pixels
        return self._small.setdefault(state, resize_plate(self._pixels, self._factor))

    def _patch(self, state: tuple[str, str]) -> None:
        viseme, lid = state
        face = self._face
        if self._shown[0] != viseme:
            self._lay(face.mouths[viseme])  # type: ignore[index]
        if self._shown[1] != lid:
            if lid == "open":
                self._uncover(face.blinks["closed"])
            else:
                self._lay(face.blinks[lid])  # type: ignore[index]
        self._shown = state

    def _lay(self, patch: Patch) -> None:
        _paste(self._pixels, patch, self._decoded(patch))

    def _uncover(self, patch: Patch) -> None:
        high, wide = self._decoded(patch).shape[:2]
        _paste(self._pixels, patch, self._rest[patch.y : patch.y + high, patch.x : patch.x + wide])

    def _decoded(self, patch: Patch) -> np.ndarray:
        """A patch is read when it is first shown: a still shows one mouth of nine."""
        if patch.plate not in self._patches:
            self._patches[patch.plate] = decode_plate(self._plates, patch.plate)
        return self._patches[patch.plate]


def _paste(pixels: np.ndarray, patch: Patch, part: np.ndarray) -> None:
    pixels[patch.y : patch.y + part.shape[0], patch.x : patch.x + part.shape[1]] = part
