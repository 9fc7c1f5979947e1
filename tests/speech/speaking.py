"""A stand-in voice whose every phoneme lasts two frames of 25 ms, so that times can be added up by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FRAME = 600


@dataclass(frozen=True)
class Said:
    pcm: NDArray[np.float32]
    frames: tuple[int, ...]
    lead_frames: int
    tail_frames: int


@dataclass
class SteadyVoice:
    """Says a 200 Hz tone on every phoneme and mark, between silences of `lead` and `tail` frames."""

    lead: int = 4
    tail: int = 4
    heard: list[tuple[str, str, float]] = field(default_factory=list)

    def synthesize(self, phonemes: str, voice: str, speed: float = 1.0) -> Said:
        self.heard.append((phonemes, voice, speed))
        frames = (2,) * len(phonemes)
        sounding = sum(frames) * FRAME
        tone = 0.3 * np.sin(2 * np.pi * 200 * np.arange(sounding) / 24_000)
        silence = [np.zeros(count * FRAME) for count in (self.lead, self.tail)]
        pcm = np.concatenate([silence[0], tone, silence[1]]).astype(np.float32)
        return Said(pcm, frames, self.lead, self.tail)
