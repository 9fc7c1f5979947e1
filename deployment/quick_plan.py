"""`microdrama plan`: told from what is known to be fresh where that suffices, else planned anew and remembered."""

from __future__ import annotations

from pathlib import Path

from deployment.targets import find_series
from microdrama_assets.graph.verdict import Entry, Verdict, fresh
from microdrama_assets.known_fresh import SERIES, KnownFresh, Signs, StepName, group_of, known_fresh, remember
from microdrama_assets.request import Request, check_selection, keys_of
from partitions.keys import Selection
from partitions.registry import load
from resources.home import Home


def plan_quickly(target: str, home: Path | None, languages: tuple[str, ...] | None) -> list[Entry]:
    """The plan for what was typed. Raises MicrodramaError or PartitionError with a remedy."""
    folder, selection = find_series(target, home)
    opened = Home.open(home)
    slug = selection.series if selection else _slug_of(opened, folder)
    known = known_fresh(opened, folder, slug) if slug else None
    if slug is not None and known is not None:
        request = Request(selection or Selection(slug), languages)
        check_selection(request.selection, languages, known.registry)
        chosen = request.selection.episode
        if {SERIES, *((chosen,) if chosen else known.registry.live_episodes)} <= known.groups:
            return [fresh(step.name, key) for step in known.steps for key in keys_of(step, known.registry, request)]
    return _plan_anew(target, home, languages, known)


def _plan_anew(target: str, home: Path | None, languages: tuple[str, ...] | None,
               known: KnownFresh | None) -> list[Entry]:
    from deployment.opening import open_request
    from microdrama_assets.planning import plan

    studio, request = open_request(target, home, languages)
    slug = request.selection.series
    found = load(studio.home.refs, slug)
    assert found is not None
    signs = Signs(studio.home, studio.home.series()[slug], slug, found[0])
    entries = plan(studio, request, known.groups if known else frozenset())
    if languages is None and request.selection.shot is None:
        steps = [StepName(step.name, step.scope, step.group) for step in studio.steps.values()]
        remember(signs, steps, _fresh_groups(entries, request))
    return entries


def _fresh_groups(entries: list[Entry], request: Request) -> set[str]:
    """The groups of which every partition was planned and is fresh."""
    groups: dict[str, bool] = {}
    for entry in entries:
        group = group_of(entry.asset, entry.key.partition)
        groups[group] = groups.get(group, True) and entry.verdict is Verdict.FRESH and not entry.locked
    return {group for group, whole in groups.items() if whole}


def _slug_of(home: Home, folder: Path) -> str | None:
    """Under which slug a home knows a folder."""
    here = folder.resolve()
    return next((slug for slug, bound in home.series().items() if bound == here), None)
