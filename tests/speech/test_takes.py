"""Takes: times that add up, loudness, files that give back the same samples, and the real voice."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.speech.levels import LINE_LUFS, line_lufs
from microdrama_assets.speech.pronunciation import SpokenWord, phonemize
from microdrama_assets.speech.recording import array_to_wav, take_to_wav, wav_to_array
from microdrama_assets.speech.takes import MAX_PHONEMES, chunked, speak
from resources.kokoro import Kokoro
from tests.speech.speaking import SteadyVoice

LINES = [
    ("en", "af_heart", "It's beating. Theo, why is it beating?"),
    ("es", "ef_dora", "Está latiendo. Teo, ¿por qué late?"),
]


def test_times_are_the_sum_of_the_phonemes_before() -> None:
    """A word starts where the phonemes before it end, less what is trimmed and the lag of the voice's lengths."""
    take = speak("I am. No", "af_heart", "en", 1.0, "neutral", SteadyVoice())
    # "ˌI æm. nˈO." with 50 ms each; 100 ms lead, of which 30 are kept; sounds are heard 60 ms early
    start = {"ˌI": 0, "æm": 150, "nˈO": 350}
    heard = {word.text: word.start_ms for word in take.timings.words}
    expected = {"I": 0.0, "am.": 30 + start["æm"] - 60, "No": 30 + start["nˈO"] - 60}
    assert heard == pytest.approx(expected, abs=0.1)
    assert [phone.symbol for phone in take.timings.phones] == list("IæmnO")
    assert take.timings.duration_ms == take.pcm.size / 48


def test_a_stress_mark_belongs_to_its_vowel_and_a_pause_to_nobody() -> None:
    """Phones cover stress marks and short gaps between words; marks that pause stay empty."""
    phones = speak("I am. No", "af_heart", "en", 1.0, "neutral", SteadyVoice()).timings.phones
    lengths = {phone.symbol: round(phone.end_ms - phone.start_ms) for phone in phones[1:]}
    assert lengths == {"æ": 50, "m": 50, "n": 50, "O": 100}
    assert round(phones[3].start_ms - phones[2].end_ms) == 100  # the full stop and the space


def test_lines_come_at_one_loudness() -> None:
    """A quiet and a loud voice leave at the same reference."""
    take = speak("Come here now", "af_heart", "en", 1.0, "neutral", SteadyVoice())
    assert line_lufs(take.pcm.astype(np.float64)) == pytest.approx(LINE_LUFS, abs=0.05)


def test_emotion_and_pace_reach_the_voice() -> None:
    """Fear is faster, sadness slower, and a pace beyond the voice's range is held inside it."""
    voice = SteadyVoice()
    for pace, emotion in ((1.0, "neutral"), (1.0, "sad"), (1.1, "afraid"), (9.0, "angry")):
        speak("No", "af_heart", "en", pace, emotion, voice)  # pyright: ignore[reportArgumentType]  (literals in a loop)
    assert [round(speed, 3) for *_, speed in voice.heard] == [1.0, 0.92, 1.166, 2.0]


def test_long_text_is_cut_after_a_sentence() -> None:
    """Text beyond the engine's limit is said in parts that end where a sentence does, and loses no word."""
    text = " ".join(["The locket is beating like a heart under the old counter."] * 12)
    words = phonemize(text, "en")
    chunks = chunked(words)
    assert [word for chunk in chunks for word in chunk] == list(words)
    assert all(sum(len(word.phonemes) + 1 for word in chunk) <= MAX_PHONEMES for chunk in chunks)
    assert [chunk[-1].text for chunk in chunks] == ["counter."] * len(chunks)
    voice = SteadyVoice()
    take = speak(text, "af_heart", "en", 1.0, "neutral", voice)
    assert len(voice.heard) == len(chunks) == 2
    _assert_ordered(take.timings.words, take.timings.duration_ms)


def test_text_without_marks_is_cut_between_words() -> None:
    """A run of words without punctuation is still split below the limit."""
    words = tuple(SpokenWord(str(number), "a" * 99) for number in range(10))
    assert [len(chunk) for chunk in chunked(words)] == [4, 4, 2]


def test_a_voice_that_does_not_speak_the_language_is_refused() -> None:
    """The voice's language is checked before anything is said."""
    voice = SteadyVoice()
    with pytest.raises(MicrodramaError, match="voice 'af_heart' does not speak Spanish"):
        speak("No", "af_heart", "es", 1.0, "neutral", voice)
    assert voice.heard == []


def test_a_wav_file_gives_back_the_same_samples() -> None:
    """24-bit files hold exactly what a take holds, mono or stereo; beyond full scale is clipped."""
    take = speak("Come here", "af_heart", "en", 1.0, "neutral", SteadyVoice())
    assert np.array_equal(wav_to_array(take_to_wav(take)), take.pcm)
    stereo = np.array([[0.0, 1.5], [-2.0, 0.25]], dtype=np.float32)
    expected = np.array([[0.0, 1 - 2**-23], [-1.0, 0.25]], dtype=np.float32)
    assert np.array_equal(wav_to_array(array_to_wav(stereo)), expected)


@pytest.mark.parametrize("data", [b"", b"RIFF....", b"not a wav file at all"])
def test_what_is_no_wav_file_is_refused(data: bytes) -> None:
    """Damaged audio is an error, never silence."""
    with pytest.raises(MicrodramaError, match="not a WAV file"):
        wav_to_array(data)


@pytest.mark.parametrize(("language", "voice", "text"), LINES, ids=["en", "es"])
def test_the_real_voice_says_the_same_twice(kokoro: Kokoro, language: str, voice: str, text: str) -> None:
    """The same line gives the same bytes, whatever the number of threads, and costs one synthesis."""
    before = kokoro.calls
    first = speak(text, voice, language, 1.0, "neutral", kokoro)
    assert kokoro.calls == before + 1
    again = speak(text, voice, language, 1.0, "neutral", Kokoro(threads=1))
    digests = {hashlib.sha256(take_to_wav(take)).hexdigest() for take in (first, again)}
    assert len(digests) == 1 and first.timings == again.timings
    _assert_ordered(first.timings.words, first.timings.duration_ms)
    _assert_ordered(first.timings.phones, first.timings.duration_ms)
    assert [word.text for word in first.timings.words] == text.split()
    assert first.timings.duration_ms - first.timings.phones[-1].end_ms < 400


def _assert_ordered(timed: object, duration_ms: float) -> None:
    end = 0.0
    for one in timed:  # pyright: ignore[reportGeneralTypeIssues]  (phones or words)
        assert end <= one.start_ms <= one.end_ms <= duration_ms
        end = one.end_ms
