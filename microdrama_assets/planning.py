"""What a person asked for, as partitions of the graph, and the plan for it. Imports no Dagster, so asking is cheap."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from microdrama_assets.graph.foresight import Foresight
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.plan import Planner
from microdrama_assets.graph.studio import Studio
from microdrama_assets.graph.verdict import Entry, Verdict, fresh, settled
from microdrama_assets.request import Request, keys_of
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.user_errors import USER_ERRORS
from partitions.registry import SeriesRegistry, load
from resources.rates import load_rates

__all__ = ["Report", "Request", "check_cap", "keys_of", "plan", "registry_of", "to_render"]


@dataclass
class Report:
    """What a render did: runs launched, partitions recorded, and failures in words."""

    runs: list[str] = field(default_factory=list)
    recorded: list[tuple[str, Key]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    usd: float = 0.0
    """What was spent."""
    stopped: str = ""
    """Why the render ended before everything was made, if it did."""


def plan(studio: Studio, request: Request, known_fresh: Collection[str] = ()) -> list[Entry]:
    """Verdicts on everything a request covers, shots of a new cut included. Needs no Dagster instance.

    Episodes in `known_fresh` (`e001`) are taken for fresh without a look.

    What a render with `include_drifted` would do besides is told as drifted, whether a request includes it or not.
    """
    kept = _verdicts(studio, request, known_fresh, keep_drifted=True)
    if not any(entry.verdict is Verdict.DRIFTED for entry in kept.values()):
        return list(kept.values())
    whole = _verdicts(studio, request, known_fresh, keep_drifted=False)
    return [_merged(kept.get(name), entry) for name, entry in whole.items()]


def to_render(entries: Iterable[Entry], include_drifted: bool = True) -> list[Entry]:
    """The entries that a render would make or record."""
    left_alone = settled(include_drifted) | {Verdict.BLOCKED}
    return [entry for entry in entries if entry.verdict not in left_alone]


def check_cap(entries: Iterable[Entry], max_usd: float) -> None:
    """Raises OverCap where these entries cost more than `max_usd`, or where one has no price yet."""
    entries = list(entries)
    unpriced = [entry for entry in entries if entry.usd is None]
    if unpriced:
        raise OverCap(f"{len(unpriced)} partitions have no price yet, first {unpriced[0].asset} {unpriced[0].key}",
                      remedy="Render one episode without --max-usd to learn the prices; nothing was rendered")
    total = sum(entry.usd or 0.0 for entry in entries)
    if total > max_usd:
        raise OverCap(f"the plan costs ${total:.4f}, more than the cap of ${max_usd:.4f}",
                      remedy="Choose fewer shots or a higher cap (max_usd); nothing was rendered")


class OverCap(MicrodramaError):
    """A render that would cost more than it may."""


def _verdicts(studio: Studio, request: Request, known_fresh: Collection[str],
              keep_drifted: bool) -> dict[tuple[str, Key], Entry]:
    desk = Foresight(studio.home, studio.steps, studio.toolbox, keep_drifted)
    planner, found = Planner(desk, load_rates(studio.home.root)), {}
    desk.registry_changed(registry_of(studio, request))
    for step in studio.steps.values():
        for key in list(keys_of(step, desk.registry(request.selection.series), request)):
            known = key.episode in known_fresh
            found[step.name, key] = fresh(step.name, key) if known else planner.entry(step.name, key)
            if step.foresee is not None and found[step.name, key].verdict not in (Verdict.FRESH, Verdict.BLOCKED):
                _look_ahead(desk, step.name, key)
    return found


def _look_ahead(desk: Foresight, asset: str, key: Key) -> None:
    """Works out what a partition will hand in before the steps below it are asked: a new cut brings new shots."""
    with suppress(*USER_ERRORS):
        desk.find(asset, key)


def _merged(kept: Entry | None, whole: Entry) -> Entry:
    """Stale is what is stale with drifted work left as it is; what changes only with that work is drifted itself."""
    if kept is not None and kept.verdict is not Verdict.FRESH:
        return kept
    if whole.verdict in (Verdict.FRESH, Verdict.BLOCKED):
        return whole
    return replace(whole, verdict=Verdict.DRIFTED)


def registry_of(studio: Studio, request: Request) -> SeriesRegistry:
    """The registry of the series that a request names. Raises MicrodramaError if the home has none."""
    found = load(studio.home.refs, request.selection.series)
    if found is None:
        known = ", ".join(studio.home.series()) or "none yet"
        raise MicrodramaError(f"no series {request.selection.series!r} in this home (it has: {known})",
                              remedy="Name its folder instead: microdrama render PATH_TO_SERIES")
    return found[0]
