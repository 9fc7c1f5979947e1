"""Cards: `[[card: title]]`, `[[card: previously]]`, `[[card: end, Who buried the locket?]]`.

A title lies over the shot it stands by. What happened before is the last shot of the episode before in which somebody
speaks (the last of all where nobody does), silent, put first, and what they said to be read.
The end is a shot of its own after the last one: the same picture, and the question that brings people back. Without
words of its own it asks with the last line that was said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from microdrama_assets.schemas.errors import MicrodramaError, Place
from microdrama_assets.schemas.manifest import CameraMove, Card, CardKind
from microdrama_assets.schemas.script import Script, SourceMap
from microdrama_assets.schemas.series import SeriesFolder
from microdrama_assets.series_folder.names import fold
from microdrama_assets.story.drafts import ShotDraft
from microdrama_assets.story.on_screen import quoted, standing_words

CARD_MS = 2600.0
READ_PER_S = 17.0
"""Characters that people read in a second: the speed of subtitles for adults in Netflix's Timed Text Style Guide."""


def recaps(script: Script) -> bool:
    """Whether the episode begins with what happened before, and so depends on the episode before it."""
    return any(_asked(element.text)[0] == "previously" for element in script.elements if element.kind == "direction")


def with_cards(drafts: Sequence[ShotDraft], script: Script, folder: SeriesFolder, before: Sequence[ShotDraft],
               source: SourceMap | None) -> tuple[ShotDraft, ...]:
    """The shots with the cards that the screenplay asks for. `before`: the shots of the episode before, without cards.

    Raises MicrodramaError (placed where `source` is given) for an unknown card, and for a recap of nothing.
    """
    shots = list(drafts)
    words = standing_words(folder.series.languages[0])
    for index, element in enumerate(script.elements):
        kind, text = _asked(element.text) if element.kind == "direction" else ("", "")
        if not kind:
            continue
        place = Place(source.file, source.lines[index][0]) if source else None
        if kind == "title":
            small = text or ("" if fold(script.title) == fold(folder.series.title) else script.title)
            first = 1 if shots[0].card is not None and shots[0].card.kind == "previously" else 0
            at = next((number for number, shot in enumerate(shots) if index in shot.elements), first)
            shots[at] = shots[at].model_copy(update={"card": Card(kind="title", text=folder.series.title, small=small)})
        elif kind == "previously":
            if not before:
                raise MicrodramaError("there is no episode before this one", place, "Take [[card: previously]] out.")
            last = next((shot for shot in reversed(before) if shot.lines), before[-1])
            card = Card(kind="previously", text=words["previously"], small=text or folder.series.title,
                        quote=_last_words([last]) if last.lines else "",
                        speaker=last.lines[-1].character if last.lines else "")
            shots.insert(0, _silent(last, index, card, "What happened before: where the last episode left us",
                                    CameraMove(kind="push", amount=0.04)))
        elif kind == "end":
            card = Card(kind="end", text=text or _last_words(shots), small=words["end"])
            shots.append(_silent(shots[-1], index, card, "The question that brings them back",
                                 CameraMove(kind="pull", amount=0.03)))
        else:
            raise MicrodramaError(f"the direction [[card: …]] does not know {kind[:40]!r}", place,
                                  f"Known: {', '.join(get_args(CardKind))}.")
    return tuple(shots)


def _asked(direction: str) -> tuple[str, str]:
    """Kind and words of `card: end, Who?`; empty for other directions."""
    name, _, what = direction.partition(":")
    kind, _, text = what.strip().partition(",")
    return (fold(kind), text.strip()) if name == "card" else ("", "")


def _silent(shot: ShotDraft, element: int, card: Card, why: str, camera: CameraMove) -> ShotDraft:
    return shot.model_copy(update={
        "lines": (), "sfx": (), "effects": (), "hand": None, "screen": None, "elements": (element,), "card": card,
        "why": why,
        "camera": camera, "asked_ms": max(CARD_MS, 1000 * len(card.quote) / READ_PER_S), "hold_ms": 0.0, "turn": False,
        "action": f"{card.text} {card.small}",
        "signature": f"set: {shot.set}\ncard: {card.kind}"})


def _last_words(shots: Sequence[ShotDraft]) -> str:
    """What was said last, in quotation marks; three dots where nobody spoke."""
    said = next((shot.lines[-1].text for shot in reversed(shots) if shot.lines), None)
    return quoted(said) if said else "…"
