"""Groups a script's elements into scenes and beats: a beat is one action, one speech, or a silent shot asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from microdrama_assets.schemas.errors import MicrodramaError, Place
from microdrama_assets.schemas.script import Element, Script, SourceMap
from microdrama_assets.schemas.series import Character, SeriesFolder, SetDesign, TimeOfDay, Weather
from microdrama_assets.series_folder.names import find_character, find_set, mentioned
from microdrama_assets.story.directions import Directions, add_direction, dressed
from microdrama_assets.story.headings import read_heading

_SENTENCES = re.compile(r"(?<=[.!?…])\s+")
_NO_STOP = "\u2024"
_PRONOUNS = ("he", "she", "they", "then", "slowly", "él", "ella", "ellos", "ellas", "se", "luego", "despacio")
"""How a sentence begins that goes on about whom the one before was about."""
_OFF_SCREEN = re.compile(r"\b(v\.?\s?o|o\.?\s?s|o\.?\s?c|off|phone|radio|tel[eé]fono|filtered)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Beat:
    """`people` are those an action names; `speaker` and `off_screen` belong to a speech."""

    kind: Literal["action", "speech", "silent"]
    text: str
    element: int
    asks: Directions
    people: tuple[str, ...] = ()
    speaker: str | None = None
    off_screen: bool = False
    parenthetical: str | None = None
    dual: bool = False
    deeds: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Who does what: an action's sentences, each with the people it names, first whoever does it. That is the doer of
    the sentence before where this one begins with a pronoun or names nobody. Of a speech its direction in brackets."""
    worn: Mapping[str, str] = field(default_factory=dict[str, str])
    """Who wears which outfit; everybody else the usual."""


@dataclass
class Scene:
    number: int
    set: SetDesign
    time: TimeOfDay
    new_place: bool
    """False where the scene goes on in the set and time of the one before."""
    weather: Weather
    """At its beginning: from the heading, else the set's."""
    beats: list[Beat] = field(default_factory=list)


def scenes_of(script: Script, folder: SeriesFolder, source: SourceMap | None = None) -> list[Scene]:
    """The scenes that have beats. Raises MicrodramaError (placed, where `source` is given) for an unknown set,
    speaker or direction, and for beats before the first heading."""
    gather = _Gather(script, folder, source)
    for index, element in enumerate(script.elements):
        gather.take(index, element)
    gather.close_scene()
    return [scene for scene in gather.scenes if scene.beats]


class _Gather:
    def __init__(self, script: Script, folder: SeriesFolder, source: SourceMap | None) -> None:
        self._script = script
        self._cast: tuple[Character, ...] = folder.characters
        self._sets = folder.sets
        self._source = source
        self._pending = Directions()
        self._worn: dict[str, str] = {}
        self._worn_as_asked: dict[str, str] = {}
        """When the pending shot was asked for: what a silent shot shows."""
        self.scenes: list[Scene] = []

    def take(self, index: int, element: Element) -> None:
        if element.kind == "heading":
            self.close_scene()
            self._open_scene(index, element)
        elif element.kind == "direction":
            if element.text.startswith("shot:") and self._pending.shot:
                self._play_silent(index)
            if element.text.startswith("shot:"):
                self._worn_as_asked = self._worn
            if element.text.startswith("wear:"):
                self._worn = dressed(self._worn, element.text.partition(":")[2], self._cast, self._place(index))
            self._pending = add_direction(self._pending, element.text, index, self._cast, self._place(index))
        elif element.kind in ("action", "speech"):
            self._scene(index).beats.append(self._beat(index, element))
            self._pending = Directions()

    def close_scene(self) -> None:
        """Directions left over: a silent shot if one was asked for, else they go to the scene's last beat."""
        if self._pending.shot:
            self._play_silent(self._pending.elements[0])
        elif self._pending.elements and self.scenes and self.scenes[-1].beats:
            last = self.scenes[-1].beats[-1]
            at_end = tuple(sound.model_copy(update={"at_ms": None}) if sound.at_ms == 0 else sound
                           for sound in self._pending.sfx)
            asks = replace(last.asks, sfx=(*last.asks.sfx, *at_end), text=f"{last.asks.text} {self._pending.text}",
                           hold_ms=max(last.asks.hold_ms, self._pending.hold_ms),
                           elements=(*last.asks.elements, *self._pending.elements))
            self.scenes[-1].beats[-1] = replace(last, asks=asks)
        self._pending = Directions()

    def _open_scene(self, index: int, element: Element) -> None:
        heading = read_heading(element.text)
        design = find_set(heading.place, self._sets)
        if design is None:
            raise MicrodramaError(f"no set is called {heading.place[:80]!r}", self._place(index),
                                  "Add a file to sets/, or this spelling to a set's `aliases`.")
        before = next((scene for scene in reversed(self.scenes) if scene.beats), None)
        time: TimeOfDay = heading.time or design.time_of_day or (before.time if before else "day")
        new_place = before is None or before.set.slug != design.slug or before.time != time
        number = before.number + 1 if before else 1
        self.scenes.append(Scene(number, design, time, new_place, heading.weather or design.weather))

    def _scene(self, index: int) -> Scene:
        if not self.scenes:
            raise MicrodramaError("the episode begins without a scene heading", self._place(index),
                                  "Write one first, such as INT. CAFE - NIGHT.")
        return self.scenes[-1]

    def _play_silent(self, index: int) -> None:
        self._scene(index).beats.append(Beat("silent", "", self._pending.elements[0], self._pending,
                                               worn=self._worn_as_asked))
        self._pending = Directions()

    def _beat(self, index: int, element: Element) -> Beat:
        if element.kind == "action":
            people = tuple(one.slug for one in mentioned(element.text, self._cast))
            return Beat("action", element.text, index, self._pending, people=people, worn=self._worn,
                        deeds=tuple(self._deeds(element.text)))
        speaker = find_character(element.character or "", self._cast)
        if speaker is None:
            raise MicrodramaError(f"{(element.character or '')[:80]!r} speaks but has no character file",
                                  self._place(index), "Add a file to characters/.")
        return Beat("speech", element.text, index, self._pending, speaker=speaker.slug,
                    off_screen=bool(element.extension and _OFF_SCREEN.search(element.extension)),
                    parenthetical=element.parenthetical, dual=element.dual, worn=self._worn,
                    deeds=((element.parenthetical or "", (speaker.slug,)),))

    def _deeds(self, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        people: tuple[str, ...] = ()
        for sentence in self._sentences(text):
            named = tuple(one.slug for one in mentioned(sentence, self._cast))
            first = (sentence.split() or [""])[0].strip(",.").casefold()
            people = tuple(dict.fromkeys((*people[:1], *named))) if first in _PRONOUNS else named or people
            yield sentence, people

    def _sentences(self, text: str) -> list[str]:
        """A full stop within somebody's name ends none."""
        for name in (name for one in self._cast for name in (one.name, *one.aliases) if "." in name):
            text = re.sub(re.escape(name), lambda found: found[0].replace(".", _NO_STOP), text, flags=re.IGNORECASE)
        return [sentence.replace(_NO_STOP, ".") for sentence in _SENTENCES.split(text)]

    def _place(self, index: int) -> Place | None:
        return Place(self._source.file, self._source.lines[index][0]) if self._source else None
