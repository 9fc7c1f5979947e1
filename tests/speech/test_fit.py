"""Translations that are longer than the slot the original's cut gives them."""

from __future__ import annotations

import numpy as np
import pytest

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import SpokenLine
from microdrama_assets.schemas.sound import TakeTimings
from microdrama_assets.speech.fit import fit_take
from microdrama_assets.speech.recording import SpokenTake


def spoken(duration_ms: float) -> SpokenTake:
    return SpokenTake(np.zeros(1, np.float32), TakeTimings(duration_ms=duration_ms, phones=(), words=()))


@pytest.mark.parametrize(("label", "natural_ms", "slot_frames", "pace", "paces"), [
    ("it fits as it is", 2000, 60, 1.0, [1.0]),
    ("a little faster", 2200, 60, 1.0, [1.0, 1.13]),
    ("at the character's own pace", 2200, 60, 0.9, [0.9, 1.13]),
    ("at the limit", 2580, 60, 1.0, [1.0, 1.3]),
])
def test_pace_is_raised_as_little_as_needed(
        label: str, natural_ms: float, slot_frames: int, pace: float, paces: list[float]) -> None:
    """The slower of the paces that fit is taken, and the first attempt is the voice's own."""
    said: list[float] = []

    def say(asked: float) -> SpokenTake:
        said.append(asked)
        return spoken(natural_ms / asked)

    take = fit_take(say, line(slot_frames, pace), 30)
    assert said == paces
    assert take.timings.duration_ms <= slot_frames * 1000 / 30


def test_a_voice_that_speeds_up_less_than_asked_gets_the_limit() -> None:
    """If the first faster take is still too long, the fastest pace is tried once."""
    said: list[float] = []

    def say(asked: float) -> SpokenTake:
        said.append(asked)
        return spoken(2200 / asked ** 0.5)

    fit_take(say, line(60, 1.0), 30)
    assert said == [1.0, 1.13, 1.3]


def test_a_line_that_cannot_fit_is_an_error_with_its_numbers() -> None:
    """The line, its duration, the slot and the remedy are named, and nothing is cut off."""
    with pytest.raises(MicrodramaError) as caught:
        fit_take(lambda pace: spoken(3900 / pace), line(60, 1.0), 30, "locket.e001.sh010/es")
    assert str(caught.value) == (
        "locket.e001.sh010/es: line l010 (Mara: 'No.') takes 3.00 s at the fastest pace, and its slot in the cut is "
        "2.00 s. Shorten the translation of this line, or lengthen the original so that the cut gives it more time")


def line(slot_frames: int, pace: float) -> SpokenLine:
    return SpokenLine(id="l010", character="mara", name="Mara", text="No.", voice="ef_dora", pace=pace,
                      emotion="neutral", off_screen=False, start_frame=0, slot_frames=slot_frames)
