"""One line said once: speech at a reference loudness, with the times at which each phoneme and word is heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

import numpy as np
import scipy  # its parts load at first use: planning needs none of them
from numpy.typing import NDArray

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.series import Emotion
from microdrama_assets.schemas.sound import MIX_RATE_HZ, SPEECH_RATE_HZ, Phone, TakeTimings, Word
from microdrama_assets.speech.levels import at_reference_loudness
from microdrama_assets.speech.pronunciation import SpokenWord, can_speak, phonemize
from microdrama_assets.speech.recording import FULL_SCALE, SpokenTake
from microdrama_assets.speech.written import MARKS, SENTENCE_ENDS

MAX_PHONEMES = 400
"""Below the engine's 508, so that a chunk keeps one breath and one melody."""
EMOTION_PACE: dict[Emotion, float] = {
    "neutral": 1.0, "happy": 1.03, "sad": 0.92, "angry": 1.04, "afraid": 1.06, "surprised": 1.02,
    "tender": 0.95, "ashamed": 0.93, "disgusted": 0.98, "contemptuous": 0.95, "suspicious": 0.96, "determined": 1.0}
_SPEED_RANGE = (0.5, 2.0)
_SILENCE = 10 ** (-45 / 20)
"""Below this share of the take's peak a sample counts as silence at its ends."""
_LEAD_MS, _TAIL_MS, _BREATH_MS = 30, 80, 180
_LONGEST_LINK_MS = 100
"""A gap between words up to here is still speech; a longer one is a pause."""
_MS_PER_FRAME = 25.0
_HEARD_EARLIER_MS = 60.0
"""Sounds are heard this much before the model's own lengths say: the lag at which closures of p, t, k are deepest and
vowels loudest, over seven voices, two languages and paces 0.8 to 1.3 (-90 to -50, mean -65)."""
T = TypeVar("T", Phone, Word)


class Utterance(Protocol):
    """What an engine says: float32 mono at 24 kHz, and lengths in 25 ms frames that add up to it."""

    @property
    def pcm(self) -> NDArray[np.float32]: ...
    @property
    def frames(self) -> tuple[int, ...]: ...
    @property
    def lead_frames(self) -> int: ...
    @property
    def tail_frames(self) -> int: ...


class SpeechEngine(Protocol):
    def synthesize(self, phonemes: str, voice: str, speed: float = 1.0) -> Utterance: ...


def speak(text: str, voice: str, language: str, pace: float, emotion: Emotion, engine: SpeechEngine,
          lexicon: Mapping[str, str] | None = None) -> SpokenTake:
    """Says one line. `pace` 1.0 is the engine's own; emotion moves it a little. Same arguments, same samples.

    Raises MicrodramaError if the voice cannot speak the language or the text cannot be pronounced.
    """
    if reason := can_speak(language, voice):
        raise MicrodramaError(reason)
    speed = float(np.clip(pace * EMOTION_PACE[emotion], *_SPEED_RANGE))
    parts: list[NDArray[np.float32]] = []
    phones: list[Phone] = []
    words: list[Word] = []
    start_ms = 0.0
    for chunk in chunked(phonemize(text, language, lexicon)):
        said, chunk_phones, chunk_words = _said(chunk, voice, speed, engine)
        phones.extend(_moved(phone, start_ms) for phone in chunk_phones)
        words.extend(_moved(word, start_ms) for word in chunk_words)
        breath = np.zeros(SPEECH_RATE_HZ * _BREATH_MS // 1000, dtype=np.float32)
        parts += [said, breath]
        start_ms += (said.size + breath.size) * 1000 / SPEECH_RATE_HZ
    return _finished(np.concatenate(parts[:-1]), phones, words)


def chunked(words: Sequence[SpokenWord]) -> list[tuple[SpokenWord, ...]]:
    """Splits long text before the engine's limit: after a sentence if one ends in reach, else a mark, else a word."""
    chunks: list[tuple[SpokenWord, ...]] = []
    rest = list(words)
    while rest:
        length, count = 0, 0
        while count < len(rest) and (count == 0 or length + len(rest[count].phonemes) + 1 <= MAX_PHONEMES):
            length += len(rest[count].phonemes) + 1
            count += 1
        if count < len(rest):
            for ends in (SENTENCE_ENDS, MARKS):
                cuts = [i + 1 for i in range(count) if rest[i].phonemes[-1] in ends]
                if cuts:
                    count = cuts[-1]
                    break
        chunks.append(tuple(rest[:count]))
        rest = rest[count:]
    return chunks


def _said(chunk: Sequence[SpokenWord], voice: str, speed: float,
          engine: SpeechEngine) -> tuple[NDArray[np.float32], list[Phone], list[Word]]:
    """One synthesis, with phones and words in its own time."""
    text = " ".join(word.phonemes for word in chunk)
    if text[-1] not in MARKS:
        text += "."
    utterance = engine.synthesize(text, voice, speed)
    edges = np.cumsum([utterance.lead_frames, *utterance.frames]) * _MS_PER_FRAME
    spans = [(float(edges[i]), float(edges[i + 1])) for i in range(len(text))]
    words: list[Word] = []
    at = 0
    for word in chunk:
        sounding = [i for i in range(at, at + len(word.phonemes)) if text[i] not in MARKS and text[i] != " "]
        words.append(Word(text=word.text, start_ms=spans[sounding[0]][0], end_ms=spans[sounding[-1]][1]))
        at += len(word.phonemes) + 1
    return utterance.pcm, _phones(text, spans), words


def _phones(text: str, spans: Sequence[tuple[float, float]]) -> list[Phone]:
    """Sounding phonemes. A stress mark's time goes to its vowel; a length mark's or short gap's to what was before."""
    phones: list[Phone] = []
    pending: float | None = None
    for symbol, (start, end) in zip(text, spans, strict=True):
        if symbol in "ˈˌ":
            pending = start if pending is None else pending
        elif symbol == "ː" or (symbol == " " and end - start <= _LONGEST_LINK_MS):
            if phones and phones[-1].end_ms == start:
                phones[-1] = phones[-1].model_copy(update={"end_ms": end})
        elif symbol not in MARKS and symbol != " ":
            phones.append(Phone(symbol=symbol, start_ms=start if pending is None else pending, end_ms=end))
            pending = None
    return phones


def _finished(pcm: NDArray[np.float32], phones: list[Phone], words: list[Word]) -> SpokenTake:
    """Trimmed at both ends, at 48 kHz and the reference loudness, with times from the take's first sample."""
    first, last = _sounding(pcm)
    trimmed = pcm[first:last]
    wide = scipy.signal.resample_poly(trimmed.astype(np.float64), MIX_RATE_HZ, SPEECH_RATE_HZ)
    level = at_reference_loudness(wide)
    exact = (np.rint(level * FULL_SCALE) / FULL_SCALE).astype(np.float32)
    start_ms = first * 1000 / SPEECH_RATE_HZ + _HEARD_EARLIER_MS
    duration_ms = exact.size * 1000 / MIX_RATE_HZ
    return SpokenTake(exact, TakeTimings(
        duration_ms=duration_ms,
        phones=tuple(_within(_moved(phone, -start_ms), duration_ms) for phone in phones),
        words=tuple(_within(_moved(word, -start_ms), duration_ms) for word in words)))


def _sounding(pcm: NDArray[np.float32]) -> tuple[int, int]:
    """First and last sample to keep: from a little before the first sound to a little after the last."""
    loud = np.flatnonzero(np.abs(pcm) > max(_SILENCE * float(np.abs(pcm).max()), 1e-5))
    if not loud.size:
        return 0, pcm.size
    first = max(0, int(loud[0]) - SPEECH_RATE_HZ * _LEAD_MS // 1000)
    return first, min(pcm.size, int(loud[-1]) + SPEECH_RATE_HZ * _TAIL_MS // 1000)


def _moved(timed: T, by_ms: float) -> T:
    return timed.model_copy(update={"start_ms": timed.start_ms + by_ms, "end_ms": timed.end_ms + by_ms})


def _within(timed: T, duration_ms: float) -> T:
    start, end = (min(max(0.0, round(time, 3)), duration_ms) for time in (timed.start_ms, timed.end_ms))
    return timed.model_copy(update={"start_ms": start, "end_ms": end})
