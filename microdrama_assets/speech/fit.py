"""Fits a translated line into the slot that the original's cut gives it: by speaking faster, within reason."""

from __future__ import annotations

from collections.abc import Callable

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import SpokenLine
from microdrama_assets.speech.recording import SpokenTake

FASTEST = 1.3
"""Beyond this share of a voice's own pace speech sounds hurried."""
_MARGIN = 1.02
_STEP = 100
"""Paces are rounded up to hundredths, so that the same slot finds the same cached take."""


def fit_take(say: Callable[[float], SpokenTake], line: SpokenLine, fps: int,
             where: str | None = None) -> SpokenTake:
    """The take of `line` that fits `line.slot_frames`, said at `line.pace` or up to 1.3 times faster.

    `say(pace)` speaks the line at that pace; it is called one to three times, the first time at `line.pace`.
    Raises MicrodramaError naming the line, its duration and the slot if it does not fit; nothing is ever cut off.
    """
    slot_ms = line.slot_frames * 1000 / fps
    take = say(line.pace)
    if take.timings.duration_ms <= slot_ms:
        return take
    needed = take.timings.duration_ms / slot_ms * _MARGIN
    for factor in dict.fromkeys((min(needed, FASTEST), FASTEST)):
        faster = say(_rounded_up(line.pace * factor))
        if faster.timings.duration_ms <= slot_ms:
            return faster
        take = faster
    raise MicrodramaError(
        f"line {line.id} ({line.name}: {_excerpt(line.text)}) takes {take.timings.duration_ms / 1000:.2f} s "
        f"at the fastest pace, and its slot in the cut is {slot_ms / 1000:.2f} s", where,
        "Shorten the translation of this line, or lengthen the original so that the cut gives it more time")


def _rounded_up(pace: float) -> float:
    return -int(-pace * _STEP // 1) / _STEP


def _excerpt(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
