"""The measures of `make looks`: each tells what it is for from what it is not."""

from __future__ import annotations

import numpy as np
import pytest

from tests.looks.flicker import returning, steadiness
from tests.looks.legibility import likeness
from tests.looks.measures import Measure

FRAMES = 12


def film(level: list[float]) -> np.ndarray:
    """Grey frames of 64x64, with a texture that stays."""
    texture = np.indices((64, 64)).sum(axis=0) % 7
    return np.stack([np.repeat((texture + value)[..., None], 3, axis=2) for value in level]).astype(np.uint8)


@pytest.mark.parametrize(
    ("case", "levels", "least", "most"),
    [
        ("still", [100.0] * FRAMES, 0.0, 0.0),
        ("a fade", [100.0 + number for number in range(FRAMES)], 0.0, 0.01),
        ("a light that flickers by four levels", [100.0 + 4 * (number % 2) for number in range(FRAMES)], 3.9, 4.1),
        ("one flash of ten levels", [100.0 + 10 * (number == 6) for number in range(FRAMES)], 0.9, 1.7),
    ],
)
def test_what_comes_and_goes_is_flicker(case: str, levels: list[float], least: float, most: float) -> None:
    """A light that comes and goes counts by its height; a fade and a still picture do not count."""
    assert least <= returning(film(levels)) <= most, case


def test_steadiness_is_the_share_of_levels_that_stay() -> None:
    """Frames that differ by 51 of 255 levels everywhere are 0.8 alike."""
    assert steadiness(film([100.0, 151.0, 100.0])) == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("text", "read", "right"),
    [
        ("It's beating.", "Its beating", 1.0),
        ("¿Por qué está latiendo?", "Por que esta latiendo", 1.0),
        ("Endings.", "Endlngs", 1 - 1 / 7),
        ("No, child.", "", 0.0),
        ("So", "something else", 0.0),
    ],
)
def test_captions_are_compared_by_letters(text: str, read: str, right: float) -> None:
    """Case, accents, spaces and punctuation do not count; each wrong letter does."""
    assert likeness(text, read) == pytest.approx(right)


@pytest.mark.parametrize(("value", "limit", "least", "kept"), [(1, None, False, True), (2, 1, False, False),
                                                               (2, 1, True, True), (0.5, 1, True, False)])
def test_limits_hold_from_their_own_side(value: float, limit: float | None, least: bool, kept: bool) -> None:
    """A limit is the most or the least that is good enough."""
    assert Measure("", value, limit, least).kept is kept
