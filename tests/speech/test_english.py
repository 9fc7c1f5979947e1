"""English from dictionaries, inflections, names and rules."""

from __future__ import annotations

import pytest

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.speech.arpabet import from_arpabet
from microdrama_assets.speech.english_numbers import say_number
from microdrama_assets.speech.english_spelling import from_spelling
from microdrama_assets.speech.pronunciation import phonemize

WORDS = [
    # dictionary and inflections
    ("locket", "lˈɑkət"), ("barista", "bəɹˈɪstə"), ("water", "wˈɔTəɹ"), ("glows", "ɡlˈOz"), ("walked", "wˈɔkt"),
    ("wanted", "wˈɑntᵻd"), ("hoping", "hˈOpɪŋ"), ("stopped", "stˈɑpt"), ("watches", "wˈɑʧᵻz"), ("cities", "sˈɪTiz"),
    ("quickly", "kwˈɪkli"), ("James'", "ʤˈAmz"), ("I'm", "ˌIm"), ("can't", "kˈænt"), ("o'clock", "əklˈɑk"),
    # names, diacritics, coinages, acronyms
    ("Mara", "mˈɑɹə"), ("Mara's", "mˈɑɹəz"), ("Theo'll", "θˈiOəl"), ("Silas", "sˈIləs"), ("Elena", "əlˈAnə"),
    ("café", "kæfˈA"), ("Okonkwo", "OkˈOŋkwO"), ("Jaxton", "ʤˈækstən"), ("livestream", "lˈIvstɹˌim"),
    ("FBI", "ˈɛfbˈiˈI"), ("XQZ", "ˌɛks kjˌu zˈi"), ("twenty-one", "twˈɛnti wˈʌn"), ("shh", "ʃ"),
]

PHRASES = [
    ("to and the by the next sound", "Go to Ann, the end, the start.", "ɡˌO tʊ ˈæn, ði ˈɛnd, ðə stˈɑɹt."),
    ("to before a pause", "I want to.", "ˌI wˈɑnt tu."),
    ("noun and verb", "He used to use a record to record it.", "hi jˈust tə jˈuz ɐ ɹˈɛkəɹd tə ɹəkˈɔɹd ɪt."),
    ("verb before its object", "Close the door. Stay close.", "klˈOz ðə dˈɔɹ. stˈA klˈOs."),
    ("full before a pause", "I can do what I can.", "ˌI kæn dˈu wˌʌt ˌI kˈæn."),
    ("capitals stress one word", "It is NOT mine!", "ɪt ɪz nˈɑt mˈIn!"),
    ("two words in one token", "Wait—what?!", "wˈAt— wˌʌt?"),
    ("abbreviation, clock, money", "Mr. Dee, at 7:05 p.m., paid $4.50.",
     "mˈɪstəɹ dˈi, æt sˈɛvən ˈO fˈIv pˈi ˈɛm, pˈAd fˈɔɹ dˈɑləɹz ænd fˈɪfti sˈɛnts."),
    ("quotes and brackets are silent", "“Run,” (he said)…", "ɹˈʌn, hi sˈɛd…"),
]

NUMBERS = [
    ("0", "zero"), ("13", "thirteen"), ("42", "forty two"), ("101", "one hundred one"), ("1,000", "one thousand"),
    ("1999", "nineteen ninety nine"), ("1905", "nineteen oh five"), ("2007", "two thousand seven"),
    ("2026", "twenty twenty six"), ("1900", "nineteen hundred"), ("1990s", "nineteen nineties"), ("3rd", "third"),
    ("21st", "twenty first"), ("12th", "twelfth"), ("3.14", "three point one four"), ("20%", "twenty percent"),
    ("7:00", "seven o'clock"), ("7:05", "seven oh five"), ("7:30pm", "seven thirty p m"), ("$1", "one dollar"),
    ("$0.50", "fifty cents"),
    ("$5k", "five thousand dollars"), ("$4.50", "four dollars and fifty cents"), ("007", "zero zero seven"),
    ("1000000", "one million"),
]


@pytest.mark.parametrize(("word", "phonemes"), WORDS)
def test_a_word_is_said(word: str, phonemes: str) -> None:
    """Known words come from the dictionaries, unknown ones from what they are made of, or from rules."""
    assert phonemize(word, "en")[0].phonemes == phonemes


@pytest.mark.parametrize(("text", "phonemes"), [row[1:] for row in PHRASES], ids=[row[0] for row in PHRASES])
def test_words_depend_on_their_neighbours(text: str, phonemes: str) -> None:
    """Reduction, homographs and emphasis follow from the words around."""
    assert " ".join(word.phonemes for word in phonemize(text, "en")) == phonemes


@pytest.mark.parametrize(("written", "said"), NUMBERS)
def test_figures_are_said_in_words(written: str, said: str) -> None:
    """A written number is read as a speaker would."""
    assert say_number(written) == said


@pytest.mark.parametrize(("sounds", "phonemes"), [
    ("M AA1 R AH0", "mˈɑɹə"), ("HH ER1 T", "hˈɜɹt"), ("W AO1 T ER0", "wˈɔɾəɹ"), ("DH AH1 S", "ðˈʌs"),
])
def test_arpabet(sounds: str, phonemes: str) -> None:
    """The CMU dictionary's notation becomes the voice's own; AH and ER depend on stress."""
    assert from_arpabet(sounds) == phonemes


@pytest.mark.parametrize(("word", "phonemes"), [
    ("kade", "kˈAd"), ("brell", "bɹˈɛl"), ("zorina", "zOɹˈinə"), ("thorkin", "θˈɔɹkɪn"), ("phaedra", "fˈAdɹə"),
])
def test_spelling_rules(word: str, phonemes: str) -> None:
    """A word that no dictionary knows still gets sounds and exactly one primary stress."""
    assert from_spelling(word) == phonemes


def test_a_foreign_script_is_refused() -> None:
    """Letters that English does not have are named, never skipped."""
    with pytest.raises(MicrodramaError, match="'真相' cannot be pronounced in English"):
        phonemize("Tell me the 真相 now", "en")
