"""How long a line takes to say, judged from its text alone, for checks and tables made before any synthesis."""

from __future__ import annotations

import unicodedata

WORDS_PER_SECOND = 2.7
"""Kokoro-82M at pace 1.0, English, measured over short dialogue lines."""
SIGNS_PER_SECOND = 5.0
"""Ideographs, kana and hangul syllables, which are written without spaces."""
_LETTERS_PER_WORD = 12
"""A "word" longer than this counts as several: long compounds, or scripts without spaces."""


def estimate_speech_ms(text: str) -> float:
    """Milliseconds at pace 1.0."""
    signs = sum(unicodedata.east_asian_width(letter) == "W" for letter in text)
    spaced = "".join(" " if unicodedata.east_asian_width(letter) == "W" else letter for letter in text)
    words = sum(1 + (len(word) - 1) // _LETTERS_PER_WORD
                for word in spaced.split() if any(letter.isalnum() for letter in word))
    return 1000.0 * (words / WORDS_PER_SECOND + signs / SIGNS_PER_SECOND)
