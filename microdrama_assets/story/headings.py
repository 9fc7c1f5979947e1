"""Reads a scene heading: the place, and the time of day, in English and Spanish."""

from __future__ import annotations

import re
from dataclasses import dataclass

from microdrama_assets.schemas.series import TimeOfDay
from microdrama_assets.series_folder.names import fold

_PREFIX = re.compile(r"(int\.?/ext|ext\.?/int|i/e|int|ext|est)[. ]+", re.IGNORECASE)
_TIMES: dict[str, TimeOfDay] = {
    "day": "day", "morning": "day", "afternoon": "day", "noon": "day", "dia": "day", "manana": "day", "tarde": "day",
    "night": "night", "evening": "night", "midnight": "night", "noche": "night", "medianoche": "night",
    "dawn": "dawn", "sunrise": "dawn", "amanecer": "dawn", "alba": "dawn", "madrugada": "dawn",
    "dusk": "dusk", "sunset": "dusk", "atardecer": "dusk", "ocaso": "dusk", "anochecer": "dusk",
}
_SAME_AS_BEFORE = ("continuous", "later", "same", "moments later", "continuo", "mas tarde", "despues", "mismo")


@dataclass(frozen=True)
class Heading:
    """`time` is None where the heading names none, or says CONTINUOUS: the time before goes on."""

    place: str
    time: TimeOfDay | None


def read_heading(text: str) -> Heading:
    """`INT. CAFE - BACK ROOM - NIGHT` -> place `CAFE - BACK ROOM`, night."""
    parts = [part.strip() for part in re.split(r" +[-–—] +", _PREFIX.sub("", text.strip(), count=1))]
    last = fold(parts[-1])
    if len(parts) > 1 and last in _SAME_AS_BEFORE:
        return Heading(" - ".join(parts[:-1]), None)
    time: TimeOfDay | None = next((_TIMES[word] for word in last.split() if word in _TIMES), None)
    if len(parts) > 1 and time is not None:
        return Heading(" - ".join(parts[:-1]), time)
    return Heading(" - ".join(parts), None)
