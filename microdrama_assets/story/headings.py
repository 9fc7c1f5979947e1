"""Reads a scene heading: the place, the time of day and the weather, in English and Spanish."""

from __future__ import annotations

import re
from dataclasses import dataclass

from microdrama_assets.schemas.series import TimeOfDay, Weather
from microdrama_assets.series_folder.names import fold
from microdrama_assets.story.effects import weather_in

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
    """`time` is None where the heading names none, or says CONTINUOUS: the time before goes on. `weather` is None where
    it names none."""

    place: str
    time: TimeOfDay | None
    weather: Weather | None = None


def read_heading(text: str) -> Heading:
    """`EXT. CAFE - BACK YARD - NIGHT - RAIN` -> place `CAFE - BACK YARD`, night, rain; `NIGHT (RAIN)` says the same."""
    parts = [part.strip() for part in re.split(r" +[-–—] +", _PREFIX.sub("", text.strip(), count=1))]
    weather = weather_in(parts[-1]) if len(parts) > 1 else None
    if weather and len(parts) > 2 and len(parts[-1].split()) == 1:
        parts.pop()
    place, time = _place_and_time(parts)
    return Heading(place, time, weather)


def _place_and_time(parts: list[str]) -> tuple[str, TimeOfDay | None]:
    last = fold(parts[-1])
    if len(parts) > 1 and last in _SAME_AS_BEFORE:
        return " - ".join(parts[:-1]), None
    time: TimeOfDay | None = next((_TIMES[word] for word in last.split() if word in _TIMES), None)
    if len(parts) > 1 and time is not None:
        return " - ".join(parts[:-1]), time
    return " - ".join(parts), None
