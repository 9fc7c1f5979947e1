"""Grading and contact sheets."""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np
import pytest

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.series import Look
from microdrama_assets.studios.contact_sheet import contact_sheet
from microdrama_assets.studios.grading import Grader, tone_curve
from microdrama_assets.studios.looks import GRADES

SIZE = (90, 160)


def grey(level: int = 120) -> np.ndarray:
    return np.dstack([np.full((160, 90, 3), level, np.uint8), np.full((160, 90), 255, np.uint8)])


def centre(look: Look, index: int = 0) -> tuple[int, int, int]:
    blue, green, red = (int(value) for value in Grader(look, SIZE).apply(grey(), index)[70, 45, :3])
    return blue, green, red


def test_no_grade_changes_nothing() -> None:
    """`none` without grain hands the frame back as it was."""
    assert np.array_equal(Grader(Look(grade="none"), SIZE).apply(grey()), grey())


def test_grades_lean_the_way_they_say() -> None:
    """Warm leans to red, cold to blue; noir takes colour out."""
    warm, cold = centre(Look(grade="warm")), centre(Look(grade="cold"))
    assert warm[2] > warm[0]
    assert cold[0] > cold[2]
    frame = grey()
    frame[..., :3] = (40, 60, 200)
    noir = Grader(Look(grade="noir"), SIZE).apply(frame)[70, 45, :3].astype(int)
    assert np.ptp(noir) < 40


def test_looks_are_told_apart() -> None:
    """A picture of every tone and hue comes out of each look at least 6 levels away from what any other makes of it."""
    ramp = np.linspace(0, 255, 90)[None, :] * np.linspace(0.2, 1, 160)[:, None]
    source = np.clip(np.dstack([ramp * 0.8, ramp, np.flip(ramp, 1), np.full_like(ramp, 255)]), 0, 255).astype(np.uint8)
    graded = {name: Grader(Look(grade=name), SIZE).apply(source.copy())[..., :3].astype(int) for name in GRADES}
    for one, other in combinations(graded, 2):
        assert np.abs(graded[one] - graded[other]).mean() > 6, (one, other)


def test_light_spills_and_comics_have_steps() -> None:
    """In a romance a lamp lightens what is beside it; in a comic a smooth ramp comes out in few tones."""
    lamp = grey(40)
    lamp[70:90, 35:55] = 255
    beside = [Grader(Look(grade=name), SIZE).apply(lamp.copy())[80, 59, :3].mean() for name in ("warm_romance", "warm")]
    assert beside[0] > beside[1] + 8
    tones = tone_curve(GRADES["flat_comic"])
    plain = tone_curve(GRADES["noir"])
    assert (np.diff(tones.astype(int)) >= 0).all() and len(set(tones)) < 0.5 * len(set(plain))


@pytest.mark.parametrize("grade", ["warm", "cold", "noir"])
def test_corners_fall_off(grade: str) -> None:
    """The vignette darkens corners and leaves the middle alone."""
    graded = Grader(Look(grade=grade), SIZE).apply(grey()).astype(int)
    assert graded[0, 0, :3].sum() < 0.85 * graded[70, 45, :3].sum()


def test_grain_depends_on_the_frame_number_alone() -> None:
    """One frame number, one grain; it is mild, and does not shift the mean."""
    grader = Grader(Look(grade="none", grain=0.5), SIZE)
    first, again, next_one = (
        grader.apply(grey(), 7)[..., :3],
        grader.apply(grey(), 7)[..., :3],
        grader.apply(grey(), 8)[..., :3],
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, next_one)
    assert abs(first.mean() - 120) < 1
    assert 2 < first.std() < 12


def test_a_contact_sheet_holds_every_frame() -> None:
    """Seven frames in three columns make three rows, each frame where it belongs."""
    frames = [grey(40 + 20 * number)[..., :3] for number in range(7)]
    sheet = cv2.imdecode(np.frombuffer(contact_sheet(frames, 3), np.uint8), cv2.IMREAD_COLOR)
    assert sheet.shape == (3 * 168 + 8, 3 * 98 + 8, 3)
    assert sheet[8 + 168 + 5, 8 + 98 + 5, 0] == 40 + 20 * 4
    with pytest.raises(MicrodramaError):
        contact_sheet([], 3)
