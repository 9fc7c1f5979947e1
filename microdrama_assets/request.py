"""What a person asked for, as partitions of the graph. Imports nothing heavy, so asking is cheap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.live_keys import live_keys
from microdrama_assets.schemas.errors import MicrodramaError
from partitions.keys import Selection
from partitions.registry import SeriesRegistry

WHOLE_EPISODE = frozenset({Scope.EPISODE_LANGUAGE, Scope.EPISODE_MARKET})
PREVIEWS = "previews"
BUNDLES = "bundles"
ON_DEMAND = frozenset({"boards", PREVIEWS, BUNDLES})
"""Groups that are rendered only when asked for by name: only final pictures stand on one of them, the bundles."""


class Listed(Protocol):
    """What listing an asset's partitions needs to know of its step."""

    @property
    def name(self) -> str: ...
    @property
    def scope(self) -> Scope: ...
    @property
    def group(self) -> str: ...


@dataclass(frozen=True)
class Request:
    """What to render: a selection, in these languages (None: all of the series').

    Without `include_drifted`, partitions whose recipe alone has changed (model, tool, parameter, code) keep their last
    results, and so does what stands on them.
    """

    selection: Selection
    languages: tuple[str, ...] | None = None
    include_drifted: bool = True
    assets: frozenset[str] | None = None
    """These assets and no others; None: all that a delivered episode consists of."""
    characters: tuple[str, ...] | None = None
    """Of what is made by character, only theirs."""

    def wants(self, step: Listed) -> bool:
        """Whether partitions of an asset are part of this request. Publishing is never part of a render."""
        if step.name == "published_episode":
            return False
        return step.group not in ON_DEMAND if self.assets is None else step.name in self.assets


def keys_of(step: Listed, registry: SeriesRegistry, request: Request) -> Iterator[Key]:
    """The live keys of a step that a request covers.

    A shot's selection ends at the shot's own renditions; a review speaks of every language, so it needs them all.
    """
    chosen, languages = request.selection, request.languages
    if not request.wants(step):
        return
    if chosen.shot is not None and (step.scope in WHOLE_EPISODE or step.group == "release"):
        return
    if step.group == "release" and languages is not None and set(languages) != set(registry.live_languages):
        return
    episodes = None if chosen.episode is None else {chosen.episode}
    shots = None if chosen.shot is None else {chosen.shot}
    for key in live_keys(step.scope, registry, episodes, shots, languages):
        if key.character is None or request.characters is None or key.character in request.characters:
            yield key


def check_selection(selection: Selection, languages: tuple[str, ...] | None, registry: SeriesRegistry) -> None:
    """Raises MicrodramaError for an episode or a language that the series does not have."""
    if selection.episode is not None and selection.episode not in registry.live_episodes:
        raise MicrodramaError(f"{registry.slug} has no episode {selection.episode}",
                              remedy=f"Its episodes: {', '.join(registry.live_episodes)}")
    unknown = sorted(set(languages or ()) - set(registry.live_languages))
    if unknown:
        raise MicrodramaError(f"{registry.slug} has no language {unknown[0]!r}",
                              remedy=f"Its languages: {', '.join(registry.live_languages)}; add one in series.yaml")
