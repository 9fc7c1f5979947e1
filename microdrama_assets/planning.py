"""What a person asked for, as partitions of the graph, and the plan for it. Imports no Dagster, so asking is cheap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.live_keys import live_keys
from microdrama_assets.graph.plan import Entry, Planner
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.studio import Studio
from microdrama_assets.schemas.errors import MicrodramaError
from partitions.keys import Selection
from partitions.registry import SeriesRegistry, load

WHOLE_EPISODE = frozenset({Scope.EPISODE_LANGUAGE, Scope.EPISODE_MARKET})


@dataclass(frozen=True)
class Request:
    """What to render: a selection, in these languages (None: all of the series')."""

    selection: Selection
    languages: tuple[str, ...] | None = None


@dataclass
class Report:
    """What a render did: runs launched, partitions recorded, and failures in words."""

    runs: list[str] = field(default_factory=list)
    recorded: list[tuple[str, Key]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def keys_of(step: Step, registry: SeriesRegistry, request: Request) -> Iterator[Key]:
    """The live keys of a step that a request covers.

    Publishing is never part of a render. A shot's selection ends at the shot's own renditions; a review speaks of
    every language, so it needs them all.
    """
    chosen, languages = request.selection, request.languages
    if step.name == "published_episode":
        return
    if chosen.shot is not None and (step.scope in WHOLE_EPISODE or step.group == "release"):
        return
    if step.group == "release" and languages is not None and set(languages) != set(registry.live_languages):
        return
    episodes = None if chosen.episode is None else {chosen.episode}
    shots = None if chosen.shot is None else {chosen.shot}
    yield from live_keys(step.scope, registry, episodes, shots, languages)


def plan(studio: Studio, request: Request) -> list[Entry]:
    """Verdicts on everything a request covers, on a new snapshot of the sources. Needs no Dagster instance."""
    studio.refresh()
    planner, registry = Planner(studio.desk), registry_of(studio, request)
    return [planner.entry(step.name, key) for step in studio.steps.values() for key in keys_of(step, registry, request)]


def registry_of(studio: Studio, request: Request) -> SeriesRegistry:
    """The registry of the series that a request names. Raises MicrodramaError if the home has none."""
    found = load(studio.home.refs, request.selection.series)
    if found is None:
        known = ", ".join(studio.home.series()) or "none yet"
        raise MicrodramaError(f"no series {request.selection.series!r} in this home (it has: {known})",
                              remedy="Name its folder instead: microdrama render PATH_TO_SERIES")
    return found[0]
