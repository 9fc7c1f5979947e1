"""Tokens, languages, voices and the lexicon."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.speech.pronunciation import SpokenWord, can_speak, phonemize
from resources.kokoro import VOCABULARY


@pytest.mark.parametrize(("text", "written"), [
    ("Wait — what?", ["Wait —", "what?"]),
    ("… and then", ["… and", "then"]),
    ("Run 🏃 now", ["Run 🏃", "now"]),
    ("¿Quién es?", ["¿Quién", "es?"]),
])
def test_captions_keep_what_was_written(text: str, written: list[str]) -> None:
    """Every character of a line is in exactly one spoken word, so that captions can show it."""
    words = phonemize(text, "es" if "¿" in text else "en")
    assert [word.text for word in words] == written
    assert " ".join(word.text for word in words) == text


@pytest.mark.parametrize("text", ["", "...", "?! —", "🏃"])
def test_silence_is_no_line(text: str) -> None:
    """A line without words is an error that says so."""
    with pytest.raises(MicrodramaError, match="there is nothing to say"):
        phonemize(text, "en")


@pytest.mark.parametrize("tag", ["fr", "en-GB", "es-ES", "zh", "", "../en"])
def test_a_language_that_cannot_be_spoken_is_refused(tag: str) -> None:
    """A language or region without tested pronunciation is named, with those that have one."""
    with pytest.raises(MicrodramaError, match="has no pronunciation support") as caught:
        phonemize("text", tag)
    assert "en (en-US); es (es-419" in str(caught.value)


@given(st.text(), st.sampled_from(("en", "es")))
@settings(max_examples=300, deadline=None)
def test_anything_typed_is_said_or_refused(text: str, language: str) -> None:
    """Whatever is typed gives phonemes that the voice knows, or an error that a person understands."""
    _assert_said_or_refused(text, language)


@given(st.lists(st.text("aábcdeéfghiíjklmnñoópqrstuúüvwxyzAEIOUÑ'-.,!?¿¡…—0123456789$%:º", min_size=1, max_size=12)),
       st.sampled_from(("en", "es")))
@settings(max_examples=500, deadline=None)
def test_any_letters_and_figures_are_said_or_refused(tokens: list[str], language: str) -> None:
    """Words that no dictionary has and figures of any form never break the rules."""
    _assert_said_or_refused(" ".join(tokens), language)


def _assert_said_or_refused(text: str, language: str) -> None:
    try:
        words = phonemize(text, language)
    except MicrodramaError:
        return
    assert " ".join(word.text for word in words) == " ".join(unicodedata.normalize("NFC", text).split())
    for word in words:
        assert word.phonemes and set(word.phonemes) <= set(VOCABULARY), word
        assert set(word.phonemes) - set(".,!?;:—… "), word


def test_the_lexicon_wins() -> None:
    """A series can say how its own words sound, whatever the case."""
    assert phonemize("Nyxara!", "en", {"nyxara": "nɪksˈɑɹə"}) == (SpokenWord("Nyxara!", "nɪksˈɑɹə!"),)
    assert phonemize("Jack ríe", "es", {"JACK": "ʤˈak"})[0].phonemes == "ʤˈak"


def test_a_lexicon_with_unknown_symbols_is_refused() -> None:
    """Phonemes that the voice does not know are named."""
    with pytest.raises(MicrodramaError, match="lexicon entry 'x' has unknown phonemes 9 @"):
        phonemize("x", "en", {"x": "@9a"})


@pytest.mark.parametrize(("language", "voice", "reason"), [
    ("en", "af_heart", None), ("en-US", "bm_george", None), ("es", "ef_dora", None), ("es-419", "em_alex", None),
    ("en", "ef_dora", "voice 'ef_dora' does not speak English; one that does is af_heart"),
    ("es", "af_heart", "voice 'af_heart' does not speak Spanish; one that does is ef_dora"),
    ("es", "nobody", "there is no voice 'nobody'; Spanish voices: ef_dora, em_alex, em_santa"),
    ("fr", "ff_siwis", "language 'fr' has no pronunciation support. Supported languages: "
                       "en (en-US); es (es-419, es-AR, es-CL, es-CO, es-MX, es-PE, es-US)"),
])
def test_who_can_speak_what(language: str, voice: str, reason: str | None) -> None:
    """None for a voice that speaks the language, else a reason that names what does."""
    assert can_speak(language, voice) == reason
