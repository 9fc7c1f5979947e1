"""Captions of a shot: rows, phrases, times."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdrama_assets.schemas.manifest import SpeechFacet, SpokenLine
from microdrama_assets.schemas.sound import Cue, DialogueTimings, SpokenTimings, TakeTimings, Word
from microdrama_assets.sound.cues import CUE_CHARACTERS, ROW_CHARACTERS, cue_sheet, rows


def sheet(*lines: tuple[str, str, float], word_ms: float = 300, duration_ms: float = 20_000,
          on_screen: str | None = None) -> tuple[Cue, ...]:
    """Cues of lines given as character, text, start; every word lasts `word_ms`."""
    facet = SpeechFacet(language="en", fps=30, duration_frames=int(duration_ms * 30 / 1000), lines=tuple(
        SpokenLine(id=f"l{index}", character=who, name=who.title(), text=text, voice="v", pace=1, emotion="neutral",
                   off_screen=False, start_frame=0, slot_frames=1) for index, (who, text, _) in enumerate(lines)), on_screen=on_screen)
    spoken = []
    for index, (who, text, start) in enumerate(lines):
        words = tuple(Word(text=word, start_ms=at * word_ms, end_ms=at * word_ms + word_ms)
                      for at, word in enumerate(text.split()))
        spoken.append(SpokenTimings(line=f"l{index}", character=who, off_screen=False, start_ms=start,
                                    take=TakeTimings(duration_ms=words[-1].end_ms, phones=(), words=words)))
    return cue_sheet(facet, DialogueTimings(language="en", duration_ms=duration_ms, lines=tuple(spoken))).cues


@pytest.mark.parametrize(("lines", "expected"), [
    ((), [(0, 3000, "THE WELL IS DEEP.")]),
    ((("ana", "It is.", 2000),), [(0, 2000, "THE WELL IS DEEP."), (2000, 2850, "It is.")]),
    ((("ana", "It is.", 100),), [(100, 950, "It is."), (950, 3000, "THE WELL IS DEEP.")]),
], ids=["silent", "before it is said", "after it is said"])
def test_what_is_read_is_told_while_nobody_speaks(lines: tuple[tuple[str, str, float], ...],
                                                  expected: list[tuple[float, float, str]]) -> None:
    """Words in the picture are captioned in the longest pause, in capitals, none of them lit, never beside speech."""
    cues = sheet(*lines, duration_ms=3000, on_screen="The well is deep.")
    assert [(cue.start_ms, cue.end_ms, cue.text) for cue in cues] == expected
    assert all(bool(cue.words) == (cue.speaker == "Ana") for cue in cues)


@pytest.mark.parametrize(("text", "expected"), [
    ("No.", "No."),
    ("It's beating. Why?", "It's beating. Why?"),
    ("My mother drowned long ago", "My mother\ndrowned long ago"),
    ("Wait, the locket is warm", "Wait,\nthe locket is warm"),
    ("Donaudampfschifffahrtsgesellschaft", "Donaudampfschifffahrtsgesellschaft"),
])
def test_rows_break_where_a_phrase_ends(text: str, expected: str) -> None:
    """A cue is one short row, or two that do not tear an article from its noun."""
    assert rows(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("It was your mother's. It beats when someone close means you harm.",
     ["It was\nyour mother's.", "It beats\nwhen someone", "close means\nyou harm."]),
    ("My mother drowned. It was an accident.", ["My mother drowned.", "It was\nan accident."]),
    ("There you are, sweetheart. You're shaking.", ["There you are,\nsweetheart.", "You're shaking."]),
    ("No creo nada de lo que dices, Silas.", ["No creo nada", "de lo que dices,\nSilas."]),
])
def test_a_line_becomes_cues_at_phrases(text: str, expected: list[str]) -> None:
    """Sentences and clauses decide where one cue ends and the next begins."""
    assert [cue.text for cue in sheet(("mara", text, 0))] == expected


def test_a_cue_shows_while_it_is_said() -> None:
    """A cue starts with its first word and lingers a little after its last, with every word's own time."""
    (cue,) = sheet(("mara", "It is beating.", 1000))
    assert (cue.start_ms, cue.end_ms, cue.speaker) == (1000, 2150, "Mara")
    assert [(word.text, word.start_ms) for word in cue.words] == [("It", 1000), ("is", 1300), ("beating.", 1600)]


@pytest.mark.parametrize(("label", "lines", "times"), [
    ("a short word stays", [("mara", "No.", 0)], [(0, 700)]),
    ("but gives way", [("mara", "No.", 0), ("theo", "Yes.", 500)], [(0, 500), (500, 1200)]),
    ("and ends with its shot", [("mara", "No.", 19_800)], [(19_800, 20_000)]),
])
def test_time_on_screen(label: str, lines: list[tuple[str, str, float]], times: list[tuple[float, float]]) -> None:
    """At least 0.7 s where nothing else wants the screen, and never beyond the shot."""
    assert [(cue.start_ms, cue.end_ms) for cue in sheet(*lines)] == times


def test_two_who_speak_at_once_are_named() -> None:
    """Dual dialogue is labelled and shown one after the other."""
    cues = sheet(("mara", "Let me go!", 0), ("theo", "Be quiet!", 100))
    assert [cue.text for cue in cues] == ["MARA: Let me go!", "THEO: Be quiet!"]
    assert [(cue.start_ms, cue.end_ms) for cue in cues] == [(0, 700), (700, 1400)]


@given(st.lists(st.text("abcdefghij.,?", min_size=1, max_size=14), min_size=1, max_size=25), st.integers(80, 600))
def test_whatever_is_said_fits_the_screen(words: list[str], word_ms: int) -> None:
    """No word is lost, rows and cues keep their limits, and cues never overlap."""
    cues = sheet(("mara", " ".join(words), 0), word_ms=word_ms)
    assert " ".join(cue.text.replace("\n", " ") for cue in cues).split() == words
    for cue in cues:
        assert all(len(row) <= ROW_CHARACTERS for row in cue.text.split("\n"))
        assert cue.text.count("\n") <= 1 and len(cue.text) <= CUE_CHARACTERS
        assert cue.start_ms < cue.end_ms <= 20_000
    assert all(first.end_ms <= second.start_ms for first, second in itertools.pairwise(cues))
