"""A head with any of its mouths and lids: patches are put in place only when the face changes.

A head seen from behind, or as a silhouette, has none and stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from microdrama_assets.studios.draft.layout import Face, Patch
from microdrama_assets.studios.draft.pixels import decode_plate, resize_plate


class HeadStates:
    """Plates of one head. At full size patches are copied in place; smaller heads are kept once per state."""

    def __init__(self, rest: np.ndarray, face: Face, plates: Mapping[str, bytes], factor: float) -> None:
        self._face = face
        self._pixels = rest.copy()
        self._factor = factor
        self._mouths = {name: decode_plate(plates, patch.plate) for name, patch in face.mouths.items()}
        self._lids = {name: decode_plate(plates, patch.plate) for name, patch in face.blinks.items()}
        if self._lids:
            self._lids["open"] = _cut(rest, face.blinks["closed"], self._lids["closed"])
        self._shown = ("rest", "open")
        self._small: dict[tuple[str, str], np.ndarray] = {}

    def show(self, viseme: str, lid: str) -> np.ndarray:
        """The head's pixels in this state. Valid until the next call."""
        state = (viseme, lid) if self._lids else ("rest", "open")
        if self._factor < 0.999 and state in self._small:
            return self._small[state]
        self._patch(state)
        if self._factor >= 0.999:
            return self._pixels
        return self._small.setdefault(state, resize_plate(self._pixels, self._factor))

    def _patch(self, state: tuple[str, str]) -> None:
        viseme, lid = state
        if not self._lids:
            return
        if self._shown[0] != viseme:
            _paste(self._pixels, self._face.mouths[viseme], self._mouths[viseme])  # type: ignore[index]
        if self._shown[1] != lid:
            _paste(self._pixels, self._face.blinks["closed" if lid == "open" else lid], self._lids[lid])  # type: ignore[index]
        self._shown = state


def _cut(pixels: np.ndarray, patch: Patch, like: np.ndarray) -> np.ndarray:
    return pixels[patch.y : patch.y + like.shape[0], patch.x : patch.x + like.shape[1]].copy()


def _paste(pixels: np.ndarray, patch: Patch, part: np.ndarray) -> None:
    pixels[patch.y : patch.y + part.shape[0], patch.x : patch.x + part.shape[1]] = part
