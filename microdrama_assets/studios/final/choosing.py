"""Which of several candidates is the best, where nobody picked one: by the face it was shown, by the words, and by
artifacts that a picture tells of itself.

Cosines of faces and of words and the artifact score have scales of their own, so places are added and not values
(Borda, 1784): the best is the one with the best places all in all, and the first of equals.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from microdrama_assets.studios.final.orders import Candidate

FOCUSED = 100.0
"""Variance of the Laplacian at which a picture counts as half soft; below it people call pictures blurred."""
GRID_PX = 8
"""Side of the squares that a latent pixel becomes: decoders that fail draw their grid."""
DARK, BRIGHT = 1, 254


def best(candidates: Sequence[Candidate]) -> int:
    """Index of the best. What no model tells of any candidate decides nothing."""
    told = ([one.identity for one in candidates], [one.alignment for one in candidates],
            [-artifacts(one.picture) for one in candidates])
    places = [sum(_place(values, index) for values in told) for index in range(len(candidates))]
    return places.index(min(places))


def _place(values: Sequence[float | None], index: int) -> int:
    """How many are better, to four decimals; what was not measured is better than none and worse than none."""
    mine = values[index]
    return 0 if mine is None else sum(one is not None and round(one, 4) > round(mine, 4) for one in values)


def artifacts(picture: np.ndarray) -> float:
    """0 (none) to 1: the mean of how soft a picture is, how much of it is burnt out or crushed, and how far its grid
    shows. Composition, anatomy and taste it does not know."""
    soft = FOCUSED / (FOCUSED + sharpness(picture))
    lost = float(((picture <= DARK).all(axis=2) | (picture >= BRIGHT).all(axis=2)).mean())
    return round((soft + lost + _grid(picture)) / 3, 4)


def sharpness(picture: np.ndarray) -> float:
    """Variance of the Laplacian of its luma: the usual measure of focus (Pech-Pacheco et al., 2000)."""
    return round(float(cv2.Laplacian(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.CV_64F).var()), 4)


def _grid(picture: np.ndarray) -> float:
    """0..1: how much larger steps between pixels are at the edges of squares than elsewhere (blockiness as of Wang,
    Sheikh and Bovik, 2002); 1 where they are twice as large."""
    luma = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float64)
    found = []
    for axis in (0, 1):
        steps = np.abs(np.diff(luma, axis=axis)).mean(axis=1 - axis)
        at_edge = np.arange(1, steps.size + 1) % GRID_PX == 0
        if at_edge.any() and (elsewhere := steps[~at_edge].mean()) > 0:
            found.append(steps[at_edge].mean() / elsewhere - 1)
    return float(np.clip(np.mean(found), 0, 1)) if found else 0.0
