"""What a plan says of one partition. Imports nothing heavy: a plan of an unchanged series consists of these alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from microdrama_assets.graph.key import Key


class Verdict(StrEnum):
    FRESH = "fresh"
    STALE = "stale"
    DRIFTED = "drifted"
    MISSING = "missing"
    BLOCKED = "blocked"


def settled(include_drifted: bool) -> frozenset[Verdict]:
    """What a render leaves as it is."""
    return frozenset({Verdict.FRESH} if include_drifted else {Verdict.FRESH, Verdict.DRIFTED})


@dataclass(frozen=True)
class Entry:
    """One partition's verdict.

    `cause` is for people; `chain` leads from this partition up to where the change began. `cached` says that
    the result is in the action cache, or comes of a partition planned before, so that rendering only records it.
    `seconds` (wall, on this machine), `gpu_seconds` and `usd` are expected from what this partition took last, else
    from the median of its siblings: 0 where fresh or cached, None where nothing is known yet. `estimated`: no sibling
    was made yet, and they are worked out from other work.
    """

    asset: str
    key: Key
    verdict: Verdict
    cause: str
    chain: tuple[str, ...] = ()
    cached: bool = False
    seconds: float | None = 0.0
    gpu_seconds: float | None = 0.0
    usd: float | None = 0.0
    locked: bool = False
    estimated: bool = False

    @property
    def partition(self) -> str:
        return str(self.key)


NOTHING_CHANGED = "nothing changed"


def fresh(asset: str, key: Key) -> Entry:
    return Entry(asset, key, Verdict.FRESH, NOTHING_CHANGED)
