"""What the text asks of the sky and of the effects: weather that lasts, effects of one shot, a shot's own grade.

English and Spanish words of actions and headings, or a note: `[[vfx: fire]]`, `[[vfx: muzzle flash, 0.8s]]`,
`[[vfx: rain]]`, `[[grade: noir]]`, `[[screen: I know what you did.]]`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from microdrama_assets.schemas.errors import MicrodramaError, Place
from microdrama_assets.schemas.manifest import Effect, EffectCue
from microdrama_assets.schemas.series import Grade, Weather
from microdrama_assets.series_folder.names import fold, nearest
from microdrama_assets.story.vocabulary import says

_WEATHER: dict[Weather, tuple[str, ...]] = {
    "clear": ("the rain stops", "the rain has stopped", "stops raining", "the snow stops", "stops snowing",
              "the fog lifts", "the sky clears", "deja de llover", "para de llover", "escampa", "deja de nevar",
              "la niebla se levanta"),
    "rain": ("rain", "rains", "raining", "rainy", "downpour", "drizzle", "thunderstorm", "lluvia", "llueve",
             "lloviendo", "aguacero", "tormenta"),
    "snow": ("snow", "snows", "snowing", "snowfall", "blizzard", "nieve", "nieva", "nevando"),
    "fog": ("fog", "foggy", "mist", "misty", "niebla", "bruma", "neblina"),
}
_EFFECTS: dict[Effect, tuple[str, ...]] = {
    "fire": ("in flames", "flames", "on fire", "ablaze", "the fire", "a fire", "llamas", "en llamas", "incendio"),
    "smoke": ("smoke", "smoky", "humo", "humareda"),
    "embers": ("embers", "sparks", "brasas", "chispas"),
    "lightning": ("lightning", "thunderstorm", "relampago", "relampagos"),
    "muzzle_flash": ("gunshot", "pulls the trigger", "fires the gun", "fires at", "a shot rings out", "shoots",
                     "dispara", "disparo", "aprieta el gatillo"),
    "heartbeat": ("beats", "beating", "begins to beat", "starts to beat", "late como un corazon", "esta latiendo",
                  "empieza a latir"),
}
_GRADES: dict[str, Grade] = {**{fold(one.replace("_", " ")): one for one in get_args(Grade)}, "romance": "warm_romance",
                             "thriller": "cold_thriller", "comic": "flat_comic"}
STRIKES_AT_MS = 500.0
"""When an effect flashes whose time nobody gave: the shot has been seen by then."""
_STRIKING: tuple[Effect, ...] = ("lightning", "muzzle_flash")
LONGEST_SCREEN = 120
"""Letters that a phone shows legibly."""


@dataclass(frozen=True)
class Asked:
    """What the notes on one beat ask of picture and effects; None where they ask nothing."""

    effects: tuple[EffectCue, ...] = ()
    weather: Weather | None = None
    grade: Grade | None = None
    screen: str | None = None


ASKS_NOTHING = Asked()


def weather_in(text: str) -> Weather | None:
    """The weather that a text speaks of, None where it speaks of none. That it stops outranks what it was."""
    return next((weather for weather, words in _WEATHER.items() if says(text, words)), None)


def effects_in(text: str) -> tuple[EffectCue, ...]:
    """The effects that an action names."""
    return tuple(_cue(effect, None) for effect, words in _EFFECTS.items() if says(text, words))


def asked_effect(what: str, at_ms: float | None, place: Place | None) -> EffectCue | Weather:
    """What `[[vfx: …]]` names: an effect, or a weather. Raises MicrodramaError for a word that is neither."""
    slug = fold(what).replace(" ", "_")
    for effect in get_args(Effect):
        if slug == effect:
            return _cue(effect, at_ms)
    for weather in get_args(Weather):
        if slug == weather:
            return weather
    raise _unknown(what, "vfx", (*get_args(Effect), *get_args(Weather)), place)


def asked_grade(what: str, place: Place | None) -> Grade:
    """What `[[grade: …]]` names."""
    name = fold(what)
    if name not in _GRADES:
        raise _unknown(what, "grade", get_args(Grade), place)
    return _GRADES[name]


def asked_screen(what: str, place: Place | None) -> str:
    """What `[[screen: …]]` puts on the phone."""
    if len(what) > LONGEST_SCREEN:
        raise MicrodramaError(f"the screen shows {len(what)} letters", place,
                              f"At most {LONGEST_SCREEN} can be read in time.")
    return what


def _cue(effect: Effect, at_ms: float | None) -> EffectCue:
    if at_ms is None:
        at_ms = STRIKES_AT_MS if effect in _STRIKING else 0.0
    return EffectCue(name=effect, at_ms=at_ms)


def _unknown(word: str, kind: str, choices: tuple[str, ...], place: Place | None) -> MicrodramaError:
    meant = nearest(fold(word).replace(" ", "_"), choices)
    hint = f"Did you mean {meant!r}?" if meant else f"Known: {', '.join(choices)}."
    return MicrodramaError(f"the direction [[{kind}: …]] does not know {word[:40]!r}", place, hint)
