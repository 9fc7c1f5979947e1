"""Captions: literal text, inside the safe area, and never a box for a missing letter."""

from __future__ import annotations

import numpy as np
import pytest

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.series import CaptionStyle
from microdrama_assets.schemas.sound import Cue, CueSheet, Word
from microdrama_assets.studios.draft.layout import CAPTION_BOTTOM, CAPTION_TOP
from microdrama_assets.studios.fonts import Fonts
from microdrama_assets.studios.typesetting import CaptionPainter, check_glyphs, set_block, spoken_word

STYLE = CaptionStyle()


def make_cue(text: str, word_ms: float = 200.0) -> Cue:
    words = tuple(
        Word(text=word, start_ms=100 + number * word_ms, end_ms=100 + (number + 1) * word_ms)
        for number, word in enumerate(text.split())
    )
    return Cue(start_ms=100, end_ms=100 + word_ms * len(words), speaker="Mara", text=text, words=words)


def painted(text: str, index: int, fonts: Fonts, style: CaptionStyle = STYLE) -> np.ndarray:
    frame = np.full((1920, 1080, 4), 90, np.uint8)
    CaptionPainter(CueSheet(language="en", cues=(make_cue(text),)), style, 30, fonts=fonts).paint(frame, index)
    return frame[..., :3]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Run \U0001f44d now", r"'\U0001f44d' \(U\+1F44D THUMBS UP SIGN\)"),
        ("中", r"U\+4E2D"),
        ("مرحبا", r"U\+0645 ARABIC LETTER MEEM"),
        ("a\u202eb", r"U\+202E RIGHT-TO-LEFT OVERRIDE"),
        ("tab\there", r"U\+0009"),
        ("zero\x00", r"U\+0000"),
        ("\ufffd", r"U\+FFFD REPLACEMENT CHARACTER"),
    ],
    ids=["emoji", "cjk", "arabic", "override", "tab", "nul", "replacement"],
)
def test_what_cannot_be_shown_is_refused_by_name(text: str, named: str, fonts: Fonts) -> None:
    """The error names place, character, code point and what to do."""
    with pytest.raises(MicrodramaError, match=named) as caught:
        check_glyphs(text, "episodes/001.fountain:12", fonts)
    assert caught.value.message().startswith("episodes/001.fountain:12: ")
    assert caught.value.remedy
    with pytest.raises(MicrodramaError):
        CaptionPainter(CueSheet(language="en", cues=(make_cue(text),)), STYLE, 30, fonts=fonts)


@pytest.mark.parametrize("text", ["¿Dónde está?", "plain", "אבג", "{\\an8}<b>%{n}\\N&amp;", "no\u00a0break"])
def test_what_can_be_shown_passes(text: str, fonts: Fonts) -> None:
    """Letters that the font has are fine, markup characters among them."""
    check_glyphs(text, "x", fonts)


@pytest.mark.parametrize("text", ["{\\an8}Hi", "<b>Hi</b>", "%{pts}", "100%", "a\\Nb", "&lt;", "it's; [v]'"])
def test_markup_is_just_text(text: str, fonts: Fonts) -> None:
    """Nothing is swallowed or interpreted: every character widens the row by its own width."""
    shown, without = (np.flatnonzero((painted(part, 4, fonts) != 90).any((0, 2))) for part in (text, text[1:]))
    assert np.ptp(shown) > np.ptp(without)


@pytest.mark.parametrize("size_px", [32, 64, 110])
@pytest.mark.parametrize(
    "text",
    ["Oh", "So why is it in your coat pocket tonight", "W" * 60, "a " * 40],
    ids=["short", "two rows", "one long word", "many words"],
)
def test_captions_stay_in_their_area(size_px: int, text: str, fonts: Fonts) -> None:
    """However long the text and large the type: at most two rows, 900 px wide, between rows 1330 and 1560, centred."""
    style = CaptionStyle(size_px=size_px)
    rows, columns = np.nonzero((painted(text, 4, fonts, style) != 90).any(-1))
    assert CAPTION_TOP <= rows.min() <= rows.max() <= CAPTION_BOTTOM
    assert columns.max() - columns.min() <= 920
    assert abs((columns.max() + columns.min()) / 2 - 540) < 6
    assert len(set_block(text, style, fonts).rows) <= 2


def test_the_spoken_word_is_lit(fonts: Fonts) -> None:
    """The highlight follows the words' timings, and only the highlight changes between two words."""
    highlight = np.array([0x3F, 0xD2, 0xFF])
    lit = []
    for index in (4, 10):
        frame = painted("one two", index, fonts)
        lit.append(np.flatnonzero((np.abs(frame.astype(int) - highlight).max(-1) < 8).any(0)))
    assert lit[0].max() < lit[1].min()


def test_captions_appear_and_go_on_time(fonts: Fonts) -> None:
    """A cue from 100 to 500 ms shows in frames 3 to 14 at 30 fps, and in no other."""
    shown = [index for index in range(20) if (painted("one two", index, fonts) != 90).any()]
    assert shown == list(range(3, 15))


def test_words_that_do_not_match_light_nothing() -> None:
    """If timings and text disagree about the words, no wrong word is lit."""
    cue = make_cue("one two").model_copy(update={"text": "one two three"})
    assert spoken_word(cue, 300) == -1


def test_captions_scale_with_the_frame(fonts: Fonts) -> None:
    """On a proxy the caption lies at a third of the coordinates."""
    frame = np.full((640, 360, 4), 90, np.uint8)
    CaptionPainter(CueSheet(language="en", cues=(make_cue("one two"),)), STYLE, 30, (360, 640), fonts=fonts).paint(
        frame, 4
    )
    rows, _ = np.nonzero((frame != 90).any(-1))
    assert CAPTION_TOP / 3 - 1 <= rows.min() <= rows.max() <= CAPTION_BOTTOM / 3 + 1
