"""What did it cost, by episode, stage, model or shot?

Executed actions count once, where they were executed, also those that newer ones have replaced. An action's time is its
own: what it waited for while another action was executed inside it (a line spoken while shots are cut) counts there.
What a package stands on and another episode had executed is told as saved: it was taken from the action cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.casebook import PACKAGE, Casebook
from audit.kinds import kind_of
from audit.provenance import ActionStatement
from audit.questions.answer import Answer, BadQuestion, answered

SHARED = "shared by the series"
UNTRAINED = "no trained model"


@dataclass
class Spent:
    """Over some actions."""

    actions: int = 0
    seconds: float = 0.0
    gpu_seconds: float = 0.0
    usd: float = 0.0

    def add(self, one: ActionStatement, known: Mapping[str, ActionStatement]) -> None:
        share = _own_share(one, known)
        self.actions += 1
        self.seconds += one.seconds * share
        self.gpu_seconds += one.gpu_seconds
        self.usd += one.usd * share

    def to_json(self) -> dict[str, Any]:
        return {"actions": self.actions, "seconds": round(self.seconds, 4), "gpu_seconds": round(self.gpu_seconds, 4),
                "usd": round(self.usd, 6)}


def cost(casebook: Casebook, series: str, episode: str | None, by: str) -> Answer:
    """`by`: `episode`, `stage`, `model` or `shot`. Raises BadQuestion where nothing of it was executed."""
    group = GROUPS[by]
    executed = [one for one in casebook.actions(series) if one.series == series]
    known = {one.digest: one for one in executed}
    own = [one for one in executed if episode is None or episode_of(one) == episode]
    if not own:
        raise BadQuestion("nothing of it was executed here", series if episode is None else f"{series}.{episode}")
    total, saved, rows, hits = Spent(), Spent(), dict[str, Spent](), dict[str, Spent]()
    for one in own:
        total.add(one, known)
        rows.setdefault(group(one, episode_of(one)), Spent()).add(one, known)
    for place, one in _reused(executed, known, episode):
        saved.add(one, known)
        hits.setdefault(group(one, place), Spent()).add(one, known)
    names = sorted({*rows, *hits}, key=lambda name: (-rows.get(name, Spent()).seconds, name))
    told = [{by: name, **rows.get(name, Spent()).to_json(), "saved": hits.get(name, Spent()).to_json()}
            for name in names]
    place = series if episode is None else f"{series}.{episode}"
    head = f"{place}: {_words(total.to_json())}; saved {_words(saved.to_json())}"
    return answered(casebook, [head, *_table(by, told)],
                    {"series": series, "episode": episode, "by": by, "total": total.to_json(),
                     "saved": saved.to_json(), "rows": told})


def episode_of(one: ActionStatement) -> str | None:
    """The episode that an action was executed for, None for what a whole series shares."""
    head = one.partition.partition("@")[0].partition(".")[0]
    return head if head[:1] == "e" and head[1:].isdigit() else None


def _own_share(one: ActionStatement, known: Mapping[str, ActionStatement]) -> float:
    """The share of an action's time in which no other ran inside it. What was paid is shared alike: an action that
    has others inside is paid by the hour of the machine."""
    began = datetime.fromisoformat(one.began)
    inner = {entry.origin.statement for entry in one.dependencies if entry.origin is not None}
    within = sum(other.seconds for digest in inner if (other := known.get(digest)) is not None
                 and 0 <= (datetime.fromisoformat(other.began) - began).total_seconds() <= one.seconds - other.seconds)
    return 1.0 - within / one.seconds if one.seconds else 1.0


def _reused(executed: Iterable[ActionStatement], known: Mapping[str, ActionStatement],
            episode: str | None) -> Iterator[tuple[str, ActionStatement]]:
    """For each episode (or this one): each action below its packages that was executed for another episode, once."""
    roots: dict[str, list[str]] = {}
    for one in executed:
        place = episode_of(one)
        if one.asset == PACKAGE and place is not None and episode in (None, place):
            roots.setdefault(place, []).append(one.digest)
    for place, waiting in roots.items():
        seen: set[str] = set()
        while waiting:
            digest = waiting.pop()
            one = known.get(digest)
            if one is None or digest in seen:
                continue
            seen.add(digest)
            if episode_of(one) not in (None, place):
                yield place, one
            waiting += [entry.origin.statement for entry in one.dependencies if entry.origin is not None]


def _shot(one: ActionStatement, episode: str | None) -> str:
    shot = one.partition.partition("@")[0]
    return shot if shot.startswith(f"{episode}.") else f"{episode or SHARED}, no shot"


def _model(one: ActionStatement, episode: str | None) -> str:
    """The trained models of an action together: what it took cannot be divided among them."""
    return " + ".join(sorted(str(model["name"]) for model in one.models if kind_of(model) == "model")) or UNTRAINED


GROUPS: Mapping[str, Callable[[ActionStatement, str | None], str]] = {
    "episode": lambda one, episode: episode or SHARED, "stage": lambda one, episode: one.asset,
    "model": _model, "shot": _shot,
}
"""The row of an action that an episode, or None, paid for or was spared."""


def _words(spent: Mapping[str, Any]) -> str:
    return (f"{spent['actions']} actions, {spent['seconds']:.1f} s, GPU {spent['gpu_seconds']:.1f} s,"
            f" ${spent['usd']:.4f}")


def _table(by: str, rows: list[dict[str, Any]]) -> list[str]:
    width = max(len(by), *(len(row[by]) for row in rows))
    head = f"{by:<{width}}  {'actions':>7}  {'seconds':>9}  {'gpu s':>8}  {'usd':>9}  {'saved s':>8}"
    return [head, *(f"{row[by]:<{width}}  {row['actions']:>7}  {row['seconds']:>9.1f}  {row['gpu_seconds']:>8.1f}"
                    f"  {row['usd']:>9.4f}  {row['saved']['seconds']:>8.1f}" for row in rows)]
