"""How far a render is, in shares of expected work, and why it runs, from the plan of the snapshot it stands on."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from deployment.rendering import TYPICAL_SECONDS
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.plan import Planner
from microdrama_assets.graph.studio import Studio
from microdrama_assets.graph.verdict import Entry, Verdict
from microdrama_assets.planning import Request, keys_of, plan, registry_of, to_render

TOLD_CAUSES = 4


def left_to_do(studio: Studio, request: Request) -> list[Entry]:
    """What is not fresh, on the snapshot that the studio works from."""
    planner, registry = Planner(studio.desk), registry_of(studio, request)
    entries = (planner.entry(step.name, key) for step in studio.steps.values()
               for key in keys_of(step, registry, request))
    return to_render(entries, request.include_drifted)


def drifted_in_words(studio: Studio, request: Request) -> str:
    """What a watch leaves alone because no one wrote anything differently; empty where there is nothing of the kind."""
    drifted = [entry for entry in plan(studio, request) if entry.verdict is Verdict.DRIFTED]
    if not drifted:
        return ""
    return (f"{len(drifted)} drifted partitions keep their last results: {'; '.join(causes_of(drifted))}. "
            f"To make them anew: microdrama render {request.selection}")


def causes_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Why, in the plan's words: each cause once, first causes first."""
    causes = list(dict.fromkeys(entry.cause for entry in entries))
    more = len(causes) - TOLD_CAUSES
    return tuple(causes) if more <= 0 else (*causes[:TOLD_CAUSES], f"and {more} more")


class Progress:
    """Thread-safe: partitions report from the threads that make them."""

    def __init__(self) -> None:
        self._done: dict[tuple[str, Key], float] = {}
        self._worked: set[tuple[str, Key]] = set()
        self._expected = 0.0
        self._lock = threading.Lock()

    def expect(self, left: Iterable[Entry]) -> None:
        """Counts what is left anew: shots are known only once the manifest has been cut."""
        with self._lock:
            self._expected = self._spent() + sum(_weight(entry.asset) for entry in left)

    def advance(self, asset: str, key: Key, share: float) -> tuple[int, float]:
        """Notes how far a partition is. Gives how many of its asset are done, and the share of the whole (0..1)."""
        with self._lock:
            self._done[asset, key] = share
            if 0 < share < 1:
                self._worked.add((asset, key))
            done = sum(name == asset and part >= 1 for (name, _), part in self._done.items())
            return done, min(self._spent() / self._expected, 1.0) if self._expected else 0.0

    def worked_on(self, asset: str, key: Key) -> bool:
        """Whether a partition was seen under way: what the cache had is done at once."""
        with self._lock:
            return (asset, key) in self._worked

    def finished(self) -> set[tuple[str, str]]:
        """Asset and partition of everything that is done."""
        with self._lock:
            return {(asset, str(key)) for (asset, key), share in self._done.items() if share >= 1}

    def _spent(self) -> float:
        return sum(_weight(asset) * share for (asset, _), share in self._done.items())


def _weight(asset: str) -> float:
    return TYPICAL_SECONDS.get(asset, 1.0)
