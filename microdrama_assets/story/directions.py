"""Notes that direct the breakdown: `[[shot: insert locket, 2.5s]]`, `[[hold: 2s]]`, `[[sfx: bell]]`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import get_args

from microdrama_assets.schemas.errors import MicrodramaError, Place
from microdrama_assets.schemas.manifest import Coverage, Prop, SfxName
from microdrama_assets.story.names import nearest

_SECONDS = re.compile(r"(\d+(?:\.\d+)?)\s*s(?:ec(?:onds)?)?")
_LONGEST_HOLD_S = 8.0


@dataclass(frozen=True)
class Orders:
    """What notes ordered for the next shot. `seconds`: its least length; `hold_s`: added after its last word."""

    coverage: Coverage | None = None
    prop: Prop | None = None
    seconds: float | None = None
    hold_s: float = 0.0
    sfx: tuple[SfxName, ...] = ()


def with_note(orders: Orders, note: str, place: Place) -> Orders:
    """The orders with one more note, e.g. `shot: close, 2.5s`. Raises MicrodramaError for one it cannot follow."""
    kind, _, rest = note.partition(":")
    rest = rest.strip().lower()
    if kind.strip().lower() == "shot":
        return _shot(orders, rest, place)
    if kind.strip().lower() == "hold":
        return replace(orders, hold_s=_seconds(rest, place))
    if kind.strip().lower() == "sfx":
        name = rest.replace(" ", "_").replace("-", "_")
        if name not in get_args(SfxName):
            raise _unknown("sound", name, get_args(SfxName), place)
        return replace(orders, sfx=(*orders.sfx, name))
    raise MicrodramaError(f"the note {note!r} is no direction", place, "Directions are shot, hold and sfx")


def _shot(orders: Orders, rest: str, place: Place) -> Orders:
    for word in re.split(r"[,\s]+", rest.replace("two shot", "two_shot").replace("two-shot", "two_shot")):
        if not word or word in ("of", "the", "on"):
            continue
        if word in get_args(Coverage):
            orders = replace(orders, coverage=word)
        elif word in get_args(Prop):
            orders = replace(orders, prop=word)
        elif _SECONDS.fullmatch(word):
            orders = replace(orders, seconds=_seconds(word, place))
        else:
            raise _unknown("coverage or prop", word, (*get_args(Coverage), *get_args(Prop)), place)
    if orders.coverage == "insert" and orders.prop is None:
        raise MicrodramaError("an insert needs a prop", place, f"One of: {', '.join(get_args(Prop))}")
    return orders


def _seconds(text: str, place: Place) -> float:
    found = _SECONDS.fullmatch(text.strip())
    if found is None or not 0 < float(found[1]) <= _LONGEST_HOLD_S:
        raise MicrodramaError(f"{text!r} is no length", place, f"Write seconds up to {_LONGEST_HOLD_S:g}, such as 2.5s")
    return float(found[1])


def _unknown(what: str, word: str, known: tuple[str, ...], place: Place) -> MicrodramaError:
    close = nearest(word, known)
    return MicrodramaError(f"unknown {what} {word!r}", place,
                           f"Did you mean {close}?" if close else f"One of: {', '.join(known)}")
