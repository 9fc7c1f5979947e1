"""Captions as WebVTT: escaping, times, order."""

from __future__ import annotations

import pytest

from microdrama_assets.schemas.sound import Cue, CueSheet, Word
from microdrama_assets.speech.webvtt import episode_cues, timestamp, to_webvtt


def cue(start_ms: float, end_ms: float, text: str) -> Cue:
    return Cue(start_ms=start_ms, end_ms=end_ms, speaker="Mara", text=text,
               words=(Word(text="x", start_ms=start_ms, end_ms=end_ms),))


@pytest.mark.parametrize(("text", "payload"), [
    ("It's me,\nMara.", "It's me,\nMara."),
    ("<b>Tom & Ann</b>", "&lt;b&gt;Tom &amp; Ann&lt;/b&gt;"),
    ("a --> b", "a --&gt; b"),
    ("one\n\ntwo\r\n\r\nthree", "one\ntwo\nthree"),
    ("tab\there\x00\x07", "tabhere"),
    ("{\\an8}%{pts}", "{\\an8}%{pts}"),
    ("NOTE this", "NOTE this"),
    ("متن ۱", "متن ۱"),
])
def test_text_is_data_not_markup(text: str, payload: str) -> None:
    """Nothing a writer types can end a cue, start a tag or forge a time."""
    assert to_webvtt([cue(500, 1500, text)]) == f"WEBVTT\n\n1\n00:00:00.500 --> 00:00:01.500\n{payload}\n"


@pytest.mark.parametrize(("time_ms", "written"), [(0, "00:00:00.000"), (3_723_004, "01:02:03.004")])
def test_times_are_hours_minutes_seconds_milliseconds(time_ms: int, written: str) -> None:
    """Timestamps have all four parts, as the format requires."""
    assert timestamp(time_ms) == written


def test_a_cue_lasts() -> None:
    """A cue whose times round to the same millisecond still ends after it starts."""
    assert "00:00:00.010 --> 00:00:00.011" in to_webvtt([cue(10.1, 10.2, "x")])


def test_shots_are_put_on_the_episode_timeline() -> None:
    """Cues and their words move by the first frame of their shot."""
    first, second = (CueSheet(language="en", cues=(one,)) for one in (cue(0, 900, "a"), cue(100, 800, "b")))
    moved = episode_cues([(0, first), (45, second)], 30)
    assert [(one.start_ms, one.end_ms, one.words[0].start_ms) for one in moved] == [(0, 900, 0), (1600, 2300, 1600)]
