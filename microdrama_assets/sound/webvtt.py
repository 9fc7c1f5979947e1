"""Cues as WebVTT (https://www.w3.org/TR/webvtt1/), with everything that would be markup escaped."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from microdrama_assets.schemas.sound import Cue

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


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
