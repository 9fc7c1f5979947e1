"""The cues of a whole episode, and as WebVTT (https://www.w3.org/TR/webvtt1/) with all markup escaped."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from microdrama_assets.schemas.sound import Cue, CueSheet, Word

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def episode_cues(shots: Sequence[tuple[int, CueSheet]], fps: int) -> tuple[Cue, ...]:
    """The cues of all shots in episode time; each sheet comes with the first frame of its shot."""
    return tuple(_moved(cue, start_frame * 1000 / fps) for start_frame, sheet in shots for cue in sheet.cues)


def to_webvtt(cues: Sequence[Cue]) -> str:
    """A WebVTT file of cues in episode time. Times are rounded to milliseconds; every cue lasts at least one."""
    blocks = ["WEBVTT"]
    for number, cue in enumerate(cues, start=1):
        start = round(cue.start_ms)
        end = max(round(cue.end_ms), start + 1)
        blocks.append(f"{number}\n{timestamp(start)} --> {timestamp(end)}\n{_payload(cue.text)}")
    return "\n\n".join(blocks) + "\n"


def timestamp(time_ms: int) -> str:
    """`3723004` -> `01:02:03.004`."""
    seconds, milliseconds = divmod(time_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{milliseconds:03d}"


def _payload(text: str) -> str:
    """Escaped, without control characters, and without the blank line that would end the cue."""
    kept = [" ".join("".join(letter for letter in row if unicodedata.category(letter) != "Cc").split())
            for row in text.splitlines()]
    return "\n".join(row for row in kept if row).translate(_ESCAPES) or "\u00a0"


def _moved(cue: Cue, by_ms: float) -> Cue:
    return cue.model_copy(update={
        "start_ms": round(cue.start_ms + by_ms, 3), "end_ms": round(cue.end_ms + by_ms, 3),
        "words": tuple(_shifted(word, by_ms) for word in cue.words)})


def _shifted(word: Word, by_ms: float) -> Word:
    return Word(text=word.text, start_ms=round(word.start_ms + by_ms, 3), end_ms=round(word.end_ms + by_ms, 3))
