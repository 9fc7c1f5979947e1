"""Shots are cut to measured speech: holds, pauses, silent shots, limits, in exact frames."""

from __future__ import annotations

import pytest

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import ShotManifest
from microdrama_assets.series_folder.fountain import parse
from microdrama_assets.story.breakdown import break_down, lines_to_speak
from microdrama_assets.story.numbering import number_shots
from microdrama_assets.story.speech_length import estimate_speech_ms
from microdrama_assets.story.timing import time_shots
from tests.story.folders import SERIES, shots

OPENING = "Ana and Bo wait.\n\n"


def timed(body: str, line_ms: float = 1000.0) -> ShotManifest:
    drafts = shots(OPENING + body + "\n\nBo sits.")
    return time_shots(
        drafts, number_shots(drafts), lambda who, text, emotion: line_ms, series="tiny", episode="e001", language="en"
    )


FRAMES = {
    "head 8, line 30, tail 12": ("ANA\nThe train is late again.", 50),
    "a long tail in a close-up": ("ANA\n(furious)\nThe train is late again.", 56),
    "a pause for a beat": ("ANA\n(beat)\nThe train is late again.", 68),
    "a short exchange, 6 between": ("ANA\nYou came.\n\nBO\nI promised.", 8 + 30 + 6 + 30 + 12),
    "silence, the shortest": ("Ana sits.", 45),
    "silence, by what happens": ("Ana goes to the door, lays her ear on it, listens, goes back, sits down.", 74),
    "silence, the longest": ("Ana sits. " * 40, 120),
    "asked for": ("[[shot: medium, 2.5s]]\n\nAna sits.", 75),
    "asked for less than the line": ("[[shot: medium, 0.5s]]\n\nANA\nThe train is late again.", 8 + 30 + 6),
    "asked for more than the line": ("[[shot: medium, 4s]]\n\nANA\nThe train is late again.", 120),
    "a hold is added": ("ANA\nThe train is late again. [[hold: 2s]]", 110),
}


@pytest.mark.parametrize(("body", "frames"), FRAMES.values(), ids=FRAMES)
def test_a_shot_lasts_exactly_so_many_frames(body: str, frames: int) -> None:
    """With lines of one second, each shot's length in frames is head, speech, pauses, tail and hold."""
    assert timed(body).shots[1].duration_frames == frames


def test_the_last_shot_is_held() -> None:
    """The last shot stays 18 frames longer than another silent one."""
    assert timed("Ana sits.").shots[-1].duration_frames == 45 + 18


@pytest.mark.parametrize("line_ms", [1.0, 33.4, 999.9, 4321.0])
def test_no_line_is_ever_cut_off(line_ms: float) -> None:
    """Every line ends inside its shot, and lines of one shot do not overlap."""
    for shot in timed("ANA\nYou came.\n\nBO\nI promised.\n\n[[shot: 0.1s]]\n\nANA\nNo.", line_ms).shots:
        ends = [line.start_frame + line.frames for line in shot.lines]
        assert all(end < shot.duration_frames for end in ends)
        assert all(line.frames * 1000 / 30 >= line_ms for line in shot.lines)
        assert all(end <= line.start_frame for end, line in zip(ends, shot.lines[1:], strict=False))


def test_lines_are_named_within_their_shot() -> None:
    """Line ids start anew in each shot, so that moving a shot renames nothing in it."""
    manifest = timed("ANA\nYou came.\n\nBO\nI promised.\n\nANA\nThe train is late again, my dear.")
    assert [[line.id for line in shot.lines] for shot in manifest.shots[1:3]] == [["l1", "l2"], ["l1"]]


def test_measured_lines_may_come_as_a_mapping() -> None:
    """A mapping by (character, text, emotion), as `lines_to_speak` lists them, times shots as a function does."""
    drafts = shots(OPENING + "ANA\nThe train is late again.\n\nBo sits.")
    measured = dict.fromkeys(lines_to_speak(drafts), 1000.0)
    manifest = time_shots(drafts, number_shots(drafts), measured, series="tiny", episode="e001", language="en")
    assert manifest == timed("ANA\nThe train is late again.")


def test_sounds_are_placed_in_shot_time() -> None:
    """A sound sounds at its shot's start, where asked, or a second before the end after the last line."""
    drafts = shots("[[sfx: bell]]\n[[sfx: thud, 0.5s]]\nAna waits.\n\n[[sfx: sting]]")
    (shot,) = time_shots(drafts, ["sh010"], {}, series="tiny", episode="e001", language="en").shots
    assert [(sound.name, sound.at_frame) for sound in shot.sfx] == [("bell", 0), ("thud", 15), ("sting", 33)]


def test_a_line_longer_than_any_shot_is_an_error_with_its_line() -> None:
    """Twelve seconds is the limit; the error names file, line, shot and remedy."""
    script, source = parse("INT. ROOM - DAY\n\nAna waits.\n\nANA\nA long one.\n", "episodes/001.fountain")
    drafts = break_down(script, SERIES, source)
    with pytest.raises(MicrodramaError) as caught:
        time_shots(
            drafts,
            number_shots(drafts),
            lambda who, text, emotion: 11_500.0,
            series="tiny",
            episode="e001",
            language="en",
            source=source,
        )
    assert str(caught.value).startswith("episodes/001.fountain:5 (sh020): the shot would last 12.8 s, at most 12 s")
    assert "Split the line" in (caught.value.remedy or "")


ESTIMATES = {"": 0, "One two three.": 1111, "¿Qué haces aquí?": 1111, "你好吗": 600, "— …": 0, "x" * 36: 1111}


@pytest.mark.parametrize("text", ESTIMATES)
def test_speech_is_estimated_from_words_and_signs(text: str) -> None:
    """Words at 2.7 a second, signs without spaces at 5, and a very long word as several."""
    assert round(estimate_speech_ms(text)) == ESTIMATES[text]
