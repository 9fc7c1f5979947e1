"""Puts the takes of a shot where its lines start, on a track as long as the shot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import SpeechFacet
from microdrama_assets.schemas.sound import MIX_RATE_HZ, DialogueTimings, SpokenTimings
from microdrama_assets.speech.recording import SpokenTake, array_to_wav

_LONGEST_OVERHANG_S = 0.1
"""The trailing silence that every take keeps may be cut by the end of a shot; speech may not."""


def place_lines(facet: SpeechFacet, takes: Sequence[SpokenTake]) -> tuple[bytes, DialogueTimings]:
    """The shot's dialogue as a 48 kHz mono WAV of exactly `duration_frames / fps`, and when everything is said.

    `takes` are in the order of `facet.lines`; takes that overlap (dual dialogue) are summed. Raises MicrodramaError
    for a take that is said beyond the end of the shot.
    """
    samples = samples_of(facet.duration_frames, facet.fps)
    track = np.zeros(samples, dtype=np.float32)
    placed: list[SpokenTimings] = []
    for line, take in zip(facet.lines, takes, strict=True):
        start = samples_of(line.start_frame, facet.fps)
        over = start + take.pcm.size - samples
        if over > _LONGEST_OVERHANG_S * MIX_RATE_HZ:
            raise MicrodramaError(
                f"line {line.id} ({line.name}) ends {over / MIX_RATE_HZ:.2f} s after its shot",
                remedy="Shorten the line, or split it into two")
        end = min(samples, start + take.pcm.size)
        track[start:end] += take.pcm[: end - start]
        placed.append(SpokenTimings(line=line.id, character=line.character, off_screen=line.off_screen,
                                    start_ms=start * 1000 / MIX_RATE_HZ, take=take.timings))
    timings = DialogueTimings(language=facet.language, duration_ms=samples * 1000 / MIX_RATE_HZ, lines=tuple(placed))
    return array_to_wav(track), timings


def samples_of(frames: int, fps: int) -> int:
    """48 kHz samples in a number of frames, rounded to the nearest."""
    return round(frames * MIX_RATE_HZ / fps)
