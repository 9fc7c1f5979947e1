"""What any voice gives for a line, and the take made of it: at 48 kHz, at the reference loudness, each word in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load at first use

from microdrama_assets.schemas.sound import MIX_RATE_HZ, TakeTimings, Word
from microdrama_assets.speech.levels import at_reference_loudness
from microdrama_assets.speech.recording import FULL_SCALE, SpokenTake
from microdrama_assets.studios.final.errors import FinalStudioError

QUIETEST = 1e-5
"""Of full scale: what peaks below it is silence."""


@dataclass(frozen=True)
class Said:
    """`pcm`: float32 mono at `rate_hz`. `lengths`: samples of each symbol of the line; `words`: of which word each is,
    -1 for what lies between words."""

    pcm: np.ndarray
    rate_hz: int
    lengths: tuple[int, ...]
    words: tuple[int, ...]


def finished(text: str, said: Said) -> SpokenTake:
    """At 48 kHz and the reference loudness, with each written word's span. Raises FinalStudioError for silence."""
    if not is_sound(said.pcm):
        raise FinalStudioError(f"the voice gave no sound for {text[:40]!r}", "models.yaml", "Name another voice")
    exact = levelled(scipy.signal.resample_poly(said.pcm.astype(np.float64), MIX_RATE_HZ, said.rate_hz))
    duration_ms = exact.size * 1000 / MIX_RATE_HZ
    return SpokenTake(exact, TakeTimings(duration_ms=duration_ms, phones=(), words=_words(text, said, duration_ms)))


def is_sound(pcm: np.ndarray) -> bool:
    """Whether samples are numbers, and more than silence."""
    return bool(np.isfinite(pcm).all()) and float(np.abs(pcm).max(initial=0.0)) >= QUIETEST


def levelled(pcm: np.ndarray) -> np.ndarray:
    """float64 mono at 48 kHz at the reference loudness, as float32 on the 24-bit grid."""
    return (np.rint(at_reference_loudness(pcm) * FULL_SCALE) / FULL_SCALE).astype(np.float32)


def _words(text: str, said: Said, duration_ms: float) -> tuple[Word, ...]:
    edges_ms = np.cumsum([0, *said.lengths]) * 1000 / said.rate_hz
    found: list[Word] = []
    for number, word in enumerate(text.split()):
        own: Sequence[int] = [index for index, of in enumerate(said.words) if of == number]
        before = found[-1].end_ms if found else 0.0
        start, end = (edges_ms[own[0]], edges_ms[own[-1] + 1]) if own else (before, before)
        found.append(Word(text=word, start_ms=round(min(float(start), duration_ms), 3),
                          end_ms=round(min(float(end), duration_ms), 3)))
    return tuple(found)
