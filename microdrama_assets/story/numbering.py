"""Gives shots their ids, and keeps them: `sh010, sh020, …` at first; later only what is new gets a new number.

An unchanged shot keeps its id wherever it moves; an edited one keeps its id by similarity at its place; an inserted
one gets a number between its neighbours (`sh015`); content that was cut and comes back gets its old id back; the id of
a cut shot never goes to other content.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from microdrama_assets.story.drafts import ShotDraft

STEP = 10
SAME_PLACE = 0.5
"""Least likeness of an edited shot that stayed between its neighbours, where somebody else speaks in it, or nobody."""
ANYWHERE = 0.8
"""Least likeness of a shot that was both moved and edited."""
_SAME_VOICES = 0.3
"""Likeness added where the same people speak in the same set."""
_ID = re.compile(r"sh(\d{3,6})")


@dataclass(frozen=True)
class NumberedShot:
    """A shot of an earlier cut, in its order. Retired ones keep their signature so that they can come back."""

    id: str
    signature: str
    retired: bool = False


def number_shots(drafts: Sequence[ShotDraft], previous: Sequence[NumberedShot] = (),
                 retired: Collection[str] = ()) -> tuple[str, ...]:
    """One id per draft. `previous`: the last cut in order, and retired shots; `retired`: ids never to be given anew."""
    live = [shot for shot in previous if not shot.retired and shot.id not in retired]
    gone = [shot for shot in previous if shot.retired or shot.id in retired]
    signatures = [draft.signature for draft in drafts]
    ids: list[str | None] = [None] * len(drafts)
    _match_unchanged(signatures, live, ids)
    _match_unchanged(signatures, gone, ids)
    _match_edited(signatures, live, ids)
    taken = {_number(shot.id) for shot in previous} | {_number(one) for one in retired}
    _number_new(ids, taken)
    return tuple(one for one in ids if one is not None)


def likeness(one: str, two: str) -> float:
    """0..1.3: how alike two signatures are. The same set and voices count for themselves."""
    head_one, said_one = _taken_apart(one)
    head_two, said_two = _taken_apart(two)
    same_voices = head_one == head_two and _voices(one) != []
    words = SequenceMatcher(None, said_one, said_two, autojunk=False).ratio()
    return words + (_SAME_VOICES if same_voices else 0.0)


def _voices(signature: str) -> list[str]:
    """Who speaks, in order."""
    return [head for head in _taken_apart(signature)[0] if not head.startswith(("set", "action", "shot"))]


def _taken_apart(signature: str) -> tuple[list[str], list[str]]:
    rows = [row.partition(": ") for row in signature.split("\n")]
    heads = [rows[0][2] and f"set {rows[0][2]}", *(head for head, _, _ in rows[1:])]
    return heads, [word for _, _, text in rows[1:] for word in re.findall(r"\w+", text.casefold())]


def _match_unchanged(signatures: list[str], shots: list[NumberedShot], ids: list[str | None]) -> None:
    waiting: dict[str, deque[str]] = defaultdict(deque)
    for shot in shots:
        waiting[shot.signature].append(shot.id)
    for index, signature in enumerate(signatures):
        if ids[index] is None and waiting[signature]:
            ids[index] = waiting[signature].popleft()


def _match_edited(signatures: list[str], live: list[NumberedShot], ids: list[str | None]) -> None:
    """Best likeness first: within the gap between unchanged neighbours, then anywhere."""
    free = {index for index, shot in enumerate(live) if shot.id not in ids}
    gaps = {new: _gap(new, ids, live, free) for new, one in enumerate(ids) if one is None}
    pairs = [(likeness(signatures[new], live[old].signature), new, old) for new in gaps for old in sorted(free)]
    pairs.sort(key=lambda pair: (-(pair[0] + (1.0 if pair[2] in gaps[pair[1]] else 0.0)), pair[1], pair[2]))
    for score, new, old in pairs:
        same_voices = score >= _SAME_VOICES and _voices(signatures[new]) == _voices(live[old].signature) != []
        least = ANYWHERE if old not in gaps[new] else _SAME_VOICES if same_voices else SAME_PLACE
        if ids[new] is None and old in free and score >= least:
            ids[new] = live[old].id
            free.discard(old)


def _gap(new: int, ids: list[str | None], live: list[NumberedShot], free: set[int]) -> set[int]:
    """The unmatched earlier shots that stood right after the shot before, or right before the shot after."""
    where = {shot.id: index for index, shot in enumerate(live)}
    before = next((where[one] for one in reversed(ids[:new]) if one in where), -1)
    after = next((where[one] for one in ids[new + 1:] if one in where), len(live))
    gap: set[int] = set()
    at = before + 1
    while at in free:
        gap.add(at)
        at += 1
    at = after - 1
    while at in free:
        gap.add(at)
        at -= 1
    return gap


def _number_new(ids: list[str | None], taken: set[int]) -> None:
    if not taken:
        ids[:] = [f"sh{STEP * (index + 1):03d}" for index in range(len(ids))]
        return
    at = 0
    while at < len(ids):
        if ids[at] is not None:
            at += 1
            continue
        end = next((index for index in range(at, len(ids)) if ids[index] is not None), len(ids))
        low = _number(ids[at - 1] or "") if at else 0
        in_use = {_number(one) for one in ids if one is not None}
        high = min((number for number in in_use if number > low), default=None)
        _fill(ids, at, end, low, high, taken)
        at = end


def _fill(ids: list[str | None], start: int, end: int, low: int, high: int | None, taken: set[int]) -> None:
    """Number `ids[start:end]` between `low` and `high`, halving; in tens at the end, or where nothing is free."""
    if start >= end:
        return
    middle = (start + end - 1) // 2
    number = _between(low, high, taken) if high is not None else None
    if number is None:
        for index in range(start, end):
            number = (max(taken) // STEP + 1) * STEP
            taken.add(number)
            ids[index] = f"sh{number:03d}"
        return
    taken.add(number)
    ids[middle] = f"sh{number:03d}"
    _fill(ids, start, middle, low, number, taken)
    _fill(ids, middle + 1, end, number, high, taken)


def _between(low: int, high: int, taken: set[int]) -> int | None:
    """The roundest free number of an open interval (tens, then fives), nearest to the middle, the smaller of two."""
    middle = (low + high) // 2
    free = [number for number in range(low + 1, high) if number not in taken]
    return min(free, key=lambda number: (number % STEP != 0, number % (STEP // 2) != 0, abs(number - middle), number),
               default=None)


def _number(shot: str) -> int:
    found = _ID.fullmatch(shot)
    return int(found[1]) if found else 0
