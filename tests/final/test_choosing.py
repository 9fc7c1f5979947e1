"""Of several candidates the best is chosen by face, words and artifacts, none of which outshouts the others."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from microdrama_assets.studios.final.choosing import artifacts, best
from microdrama_assets.studios.final.orders import Candidate

CLEAN = np.random.default_rng(1).integers(40, 215, (128, 128, 3)).astype(np.uint8)
BLURRED = cv2.GaussianBlur(CLEAN, (0, 0), 6)
BURNT = np.where(np.arange(128)[:, None, None] < 64, 255, CLEAN).astype(np.uint8)
SMOOTH = np.broadcast_to(np.linspace(60, 200, 128)[None, :, None], (128, 128, 3)).astype(np.uint8)
GRID = np.clip(SMOOTH + np.kron(np.indices((16, 16)).sum(axis=0) % 2, np.ones((8, 8)))[..., None] * 9, 0, 255).astype(np.uint8)


def candidate(picture: np.ndarray = CLEAN, alignment: float | None = None, identity: float | None = None) -> Candidate:
    return Candidate(0, picture, alignment, identity)


@pytest.mark.parametrize(("label", "worse", "better"), [
    ("out of focus", BLURRED, CLEAN), ("burnt out", BURNT, CLEAN), ("a decoder's grid", GRID, SMOOTH),
])
def test_an_artifact_costs(label: str, worse: np.ndarray, better: np.ndarray) -> None:
    """What is soft, burnt out or shows its grid has more artifacts than the same picture without."""
    assert 1 >= artifacts(worse) > artifacts(better) + 0.05 > 0.05


@pytest.mark.parametrize(("label", "candidates", "expected"), [
    ("artifacts alone, where no encoder tells anything", [candidate(BLURRED), candidate(), candidate(BURNT)], 1),
    ("the better face and words, in spite of some softness", [candidate(alignment=0.20, identity=0.5), candidate(BLURRED, 0.31, 0.8)], 1),
    ("a face that is a little better does not outweigh words and focus", [candidate(BLURRED, 0.20, 0.81), candidate(CLEAN, 0.21, 0.80)], 1),
    ("the first of equals", [candidate(alignment=0.3), candidate(alignment=0.3)], 0),
])
def test_the_best_has_the_best_places(label: str, candidates: list[Candidate], expected: int) -> None:
    """Places in each measure are added: none decides by its scale."""
    assert best(candidates) == expected
