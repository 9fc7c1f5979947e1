"""Mouth shapes from the times of phonemes, at 30 frames per second."""

from __future__ import annotations

import itertools

import pytest

from microdrama_assets.schemas.sound import DialogueTimings, MouthKey, Phone, SpokenTimings, TakeTimings
from microdrama_assets.speech.visemes import mouth_keys


def timings(*lines: SpokenTimings) -> DialogueTimings:
    return DialogueTimings(language="en", duration_ms=2000, lines=lines)


def line(sounds: list[tuple[str, float, float]], start_ms: float = 0, character: str = "mara",
         off_screen: bool = False) -> SpokenTimings:
    phones = tuple(Phone(symbol=symbol, start_ms=start, end_ms=end) for symbol, start, end in sounds)
    return SpokenTimings(line="l1", character=character, off_screen=off_screen, start_ms=start_ms,
                         take=TakeTimings(duration_ms=phones[-1].end_ms, phones=phones, words=()))


def shapes(*sounds: tuple[str, float, float], start_ms: float = 0) -> list[tuple[int, str]]:
    return [(key.frame, key.viseme) for key in mouth_keys(timings(line(list(sounds), start_ms)), 30, 30)]


@pytest.mark.parametrize(("sounds", "keys"), [
    # lips shut on the very frames of m (200..300 ms = frames 6..8); the vowel after opens at once
    ([("m", 200, 300), ("ɑ", 300, 500)], [(0, "rest"), (6, "MBP"), (9, "AI"), (14, "rest")]),
    # the vowel comes a frame early, and does not open the lips of the p before
    ([("ɑ", 100, 300), ("p", 300, 350), ("i", 350, 500)],
     [(0, "rest"), (2, "AI"), (9, "MBP"), (11, "E"), (14, "rest")]),
    # a diphthong moves on
    ([("I", 100, 300)], [(0, "rest"), (2, "AI"), (5, "E"), (8, "rest")]),
    # a short t takes the shape of its neighbour, a long s its own
    ([("u", 100, 250), ("t", 250, 290), ("u", 290, 400)], [(0, "rest"), (2, "U"), (11, "rest")]),
    ([("u", 100, 250), ("s", 250, 400)], [(0, "rest"), (2, "U"), (6, "E"), (11, "rest")]),
    # a pause shuts the mouth, a short gap does not
    ([("ɑ", 100, 300), ("ɑ", 600, 700)], [(0, "rest"), (2, "AI"), (8, "rest"), (17, "AI"), (20, "rest")]),
    ([("ɑ", 100, 300), ("ɑ", 390, 700)], [(0, "rest"), (2, "AI"), (20, "rest")]),
    # f bites even where it is short
    ([("ɑ", 100, 300), ("f", 300, 330), ("ɑ", 330, 500)],
     [(0, "rest"), (2, "AI"), (8, "FV"), (10, "AI"), (14, "rest")]),
])
def test_a_mouth_follows_its_phonemes(sounds: list[tuple[str, float, float]], keys: list[tuple[int, str]]) -> None:
    """Each phoneme shows on the frames it is heard on, closures exactly, vowels a frame early."""
    assert shapes(*sounds) == keys


def test_shapes_hold_two_frames() -> None:
    """No shape flickers for a single frame, however fast the speech."""
    fast = [(symbol, 20.0 * index, 20.0 * index + 20) for index, symbol in enumerate("tuskalifowepumtri" * 2)]
    frames = [frame for frame, _ in shapes(*fast)]
    assert all(later - earlier >= 2 for earlier, later in itertools.pairwise(frames))


def test_a_line_starts_where_the_cut_puts_it() -> None:
    """Take times are moved by the start of the line, and never reach beyond the shot."""
    assert shapes(("m", 0, 100), ("ɑ", 100, 900), start_ms=500) == [(0, "rest"), (15, "MBP"), (18, "AI")]


def test_who_is_not_on_screen_has_no_mouth() -> None:
    """Off-screen speakers get no keys; two people on screen get their own, in order of frame."""
    said = [("m", 0.0, 100.0), ("ɑ", 100.0, 200.0)]
    keys = mouth_keys(timings(line(said, character="theo", start_ms=500), line(said), line(said, off_screen=True,
                              character="silas")), 30, 30)
    assert {key.character for key in keys} == {"mara", "theo"}
    assert keys[:2] == (MouthKey(frame=0, character="mara", viseme="MBP"),
                        MouthKey(frame=0, character="theo", viseme="rest"))
    assert [key.frame for key in keys] == sorted(key.frame for key in keys)


def test_a_silent_shot_has_no_keys() -> None:
    """Nobody speaks, nobody's mouth is keyed."""
    assert mouth_keys(timings(), 30, 30) == ()
