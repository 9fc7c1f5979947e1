"""Speech with its timings, and caption cues. Times in milliseconds from the start of the shot or of the take."""

from __future__ import annotations

from typing import Literal

from microdrama_assets.schemas.frozen import Frozen

SPEECH_RATE_HZ = 24_000
MIX_RATE_HZ = 48_000
HEART_S = 0.86
"""From beat to beat of a heart that is heard and seen: some 70 a minute."""
DUB_S, DUB = 0.22, 0.7
"""When its second stroke follows, and how strong it is."""

Viseme = Literal["rest", "MBP", "AI", "E", "O", "U", "FV", "L", "WQ"]
"""The nine mouth shapes of the draft rig (Preston Blair's set, with `rest`)."""


class Phone(Frozen):
    symbol: str
    start_ms: float
    end_ms: float


class Word(Frozen):
    text: str
    start_ms: float
    end_ms: float


class TakeTimings(Frozen):
    """When each phoneme and word of a take is said, from the model's own durations. Ends at `duration_ms`."""

    duration_ms: float
    phones: tuple[Phone, ...]
    words: tuple[Word, ...]


class SpokenTimings(Frozen):
    """One line placed in its shot: start of the take in shot time, who speaks, and the take's timings."""

    line: str
    character: str
    off_screen: bool
    start_ms: float
    take: TakeTimings


class DialogueTimings(Frozen):
    language: str
    duration_ms: float
    lines: tuple[SpokenTimings, ...]


class Cue(Frozen):
    """One caption on screen: `start_ms`..`end_ms` in shot time, at most two rows, `words` timed for the highlight."""

    start_ms: float
    end_ms: float
    speaker: str
    text: str
    words: tuple[Word, ...] = ()


class CueSheet(Frozen):
    language: str
    cues: tuple[Cue, ...]


class MouthKey(Frozen):
    """From `frame` on, this character's mouth has this shape, until the next key of the same character."""

    frame: int
    character: str
    viseme: Viseme


class LipTrack(Frozen):
    """Every mouth of one shot in one language."""

    keys: tuple[MouthKey, ...]
