"""Understands directions: `[[shot: close mara, push, 2.5s]]`, `[[sfx: bell, 0.5s]]`, `[[hold: 2s]]`.

A direction belongs to the action or line it is written in, or else to the next one. A `[[shot: …]]` with nothing to
play before the next shot direction or the end of the scene is a silent shot of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from microdrama_assets.schemas.errors import MicrodramaError, Place
from microdrama_assets.schemas.manifest import CameraMove, Coverage, Prop, SfxName
from microdrama_assets.schemas.series import CameraKind, Character
from microdrama_assets.series_folder.names import find_character, fold, nearest
from microdrama_assets.story.drafts import SfxDraft
from microdrama_assets.story.effects import ASKS_NOTHING, Asked, asked_effect, asked_grade, asked_screen
from microdrama_assets.story.vocabulary import prop_in

_COVERAGE: dict[str, Coverage] = {
    "wide": "wide", "establishing": "wide", "medium": "medium", "close": "close", "close up": "close",
    "closeup": "close", "insert": "insert", "two shot": "two_shot", "twoshot": "two_shot", "reaction": "reaction",
    "three shot": "three_shot", "over shoulder": "over_shoulder", "over the shoulder": "over_shoulder",
    "ots": "over_shoulder", "pov": "point_of_view", "point of view": "point_of_view",
}
_SILHOUETTE = ("silhouette", "in silhouette")
_CAMERA: dict[str, CameraKind] = {
    "hold": "hold", "static": "hold", "push": "push", "push in": "push", "pull": "pull", "pull out": "pull",
    "pan left": "pan_left", "pan right": "pan_right", "tilt up": "tilt_up", "tilt down": "tilt_down",
    "handheld": "handheld", "shake": "shake", "whip": "whip", "whip pan": "whip", "rack": "rack", "rack focus": "rack",
}
_FILLERS = ("on", "of", "the", "and", "shot", "in", "with", "holding")
_SECONDS = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*s(?:ec)?")
_LONGEST_S = 12.0
USUAL = "usual"
"""The clothes of `appearance.wardrobe`."""


@dataclass(frozen=True)
class Directions:
    """What the notes on one beat ask for; None where they ask nothing. `shot`: a shot was asked for."""

    shot: bool = False
    coverage: Coverage | None = None
    characters: tuple[str, ...] = ()
    prop: Prop | None = None
    """Alone in an insert; in any other shot the first person named holds it."""
    silhouette: bool = False
    camera: CameraMove | None = None
    asked_ms: float | None = None
    hold_ms: float = 0.0
    sfx: tuple[SfxDraft, ...] = ()
    looks: Asked = ASKS_NOTHING
    elements: tuple[int, ...] = ()
    text: str = ""


def add_direction(so_far: Directions, text: str, element: int, cast: Sequence[Character],
                  place: Place | None) -> Directions:
    """`so_far` with one more direction. Raises MicrodramaError naming the word that is not understood."""
    kind, _, what = text.partition(":")
    told = replace(so_far, elements=(*so_far.elements, element), text=f"{so_far.text} {fold(text)}".strip())
    if kind == "hold":
        return replace(told, hold_ms=_milliseconds(what.strip(), place))
    if kind == "sfx":
        return replace(told, sfx=(*so_far.sfx, _sound(what, place)))
    if kind == "wear":
        return told
    if kind in ("vfx", "grade", "screen", "card"):
        return _look(told, kind, what.strip(), place)
    return _shot(told, what, cast, place)


def dressed(worn: Mapping[str, str], what: str, cast: Sequence[Character], place: Place | None) -> dict[str, str]:
    """Who wears which outfit, after `[[wear: Mara, hoodie]]`; `usual` takes it off again.

    Raises MicrodramaError for somebody unknown, and for clothes that they do not have.
    """
    name, _, outfit = (part.strip() for part in what.partition(","))
    who = find_character(name, cast)
    if who is None:
        raise _unknown(name, "wear", [one.name for one in cast], place)
    if fold(outfit) == USUAL:
        return {one: clothes for one, clothes in worn.items() if one != who.slug}
    found = {fold(one): one for one in who.outfits}.get(fold(outfit))
    if found is None:
        meant = nearest(outfit, (USUAL, *who.outfits))
        has = (f"{who.name} has: {', '.join((USUAL, *who.outfits))}. Others are written under outfits in "
               f"characters/{who.slug}.yaml.")
        raise MicrodramaError(f"{who.name} has no outfit {outfit[:40]!r}", place,
                              f"Did you mean {meant!r}?" if meant else has)
    return {**worn, who.slug: found}


def _look(so_far: Directions, kind: str, what: str, place: Place | None) -> Directions:
    """A card changes nothing of its beat: it is a shot of its own, or lies over one."""
    looks = so_far.looks
    if kind == "vfx":
        name, _, at = what.partition(",")
        asked = asked_effect(name, _milliseconds(at.strip(), place) if at.strip() else None, place)
        looks = (replace(looks, weather=asked) if isinstance(asked, str)
                 else replace(looks, effects=(*looks.effects, asked)))
    elif kind == "grade":
        looks = replace(looks, grade=asked_grade(what, place))
    elif kind == "screen":
        so_far = replace(so_far, shot=True, coverage="insert", prop="phone")
        looks = replace(looks, screen=asked_screen(what, place))
    return replace(so_far, looks=looks)


def _shot(so_far: Directions, what: str, cast: Sequence[Character], place: Place | None) -> Directions:
    so_far = replace(so_far, shot=True)
    for part in what.split(","):
        if found := _SECONDS.search(part.strip().lower()):
            so_far = replace(so_far, asked_ms=_milliseconds(found[0], place))
            part = part.lower().replace(found[0], " ")
        words = fold(part).split()
        while words:
            so_far, words = _take_words(so_far, words, cast, place)
    if so_far.coverage == "insert" and so_far.prop is None and not so_far.characters:
        raise MicrodramaError("an insert needs a prop", place, f"One of: {', '.join(get_args(Prop))}.")
    return so_far


def _take_words(so_far: Directions, words: list[str], cast: Sequence[Character],
                place: Place | None) -> tuple[Directions, list[str]]:
    """Take the longest known phrase off the front."""
    for length in range(min(4, len(words)), 0, -1):
        taken = _take(so_far, " ".join(words[:length]), cast)
        if taken is not None:
            return taken, words[length:]
    raise _unknown(words[0], "shot", [*_COVERAGE, *_CAMERA, *get_args(Prop), *(one.name for one in cast)], place)


def _take(so_far: Directions, words: str, cast: Sequence[Character]) -> Directions | None:
    if words in _COVERAGE and so_far.coverage is None:
        return replace(so_far, coverage=_COVERAGE[words])
    if words in _SILHOUETTE:
        return replace(so_far, silhouette=True)
    if words in _CAMERA:
        amount = 0.0 if _CAMERA[words] == "hold" else 0.06
        return replace(so_far, camera=CameraMove(kind=_CAMERA[words], amount=amount))
    if character := find_character(words, cast):
        return replace(so_far, characters=(*so_far.characters, character.slug))
    if " " not in words and (prop := prop_in(words)):
        return replace(so_far, prop=prop)
    return so_far if words in _FILLERS else None


def _sound(what: str, place: Place | None) -> SfxDraft:
    name, _, at = what.partition(",")
    slug = fold(name).replace(" ", "_")
    if slug not in get_args(SfxName):
        raise _unknown(name.strip(), "sfx", get_args(SfxName), place)
    return SfxDraft.model_validate({"name": slug, "at_ms": _milliseconds(at.strip(), place) if at.strip() else 0.0})


def _milliseconds(text: str, place: Place | None) -> float:
    found = _SECONDS.fullmatch(text.lower())
    if found is None or not 0 < float(found[1]) <= _LONGEST_S:
        raise MicrodramaError(f"{text[:40]!r} is no length of a shot", place, "Write seconds up to 12, such as 2.5s.")
    return float(found[1]) * 1000


def _unknown(word: str, kind: str, choices: Sequence[str], place: Place | None) -> MicrodramaError:
    meant = nearest(word, choices)
    hint = f"Did you mean {meant!r}?" if meant else f"Known: {', '.join(choices)}."
    return MicrodramaError(f"the direction [[{kind}: …]] does not know {word[:40]!r}", place, hint)
