"""Which keys of a scope a series has: the live ones a request covers, and all that Dagster knows. Imports no Dagster."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeVar

from microdrama_assets.graph.key import Key, Scope
from partitions.registry import KeyEntry, SeriesRegistry, ShotEntry

Entry = TypeVar("Entry", KeyEntry, ShotEntry)


def shot_key(series: str, shot: str, language: str | None = None) -> Key:
    """`e001.sh010` of a series, in a language if one is given."""
    episode, number = shot.split(".", 1)
    return Key(series, episode, number, language=language)


def live_keys(
    scope: Scope, registry: SeriesRegistry, episodes: Collection[str] | None = None,
    shots: Collection[str] | None = None, languages: Collection[str] | None = None,
) -> Iterator[Key]:
    """Live keys of a scope in order; `episodes` (`e001`), `shots` (`e001.sh010`) and `languages` narrow them.

    A narrowing that does not apply to a scope is ignored: a shot's series is still the whole series.
    """
    series = registry.slug
    spoken = [tag for tag in registry.live_languages if languages is None or tag in languages]
    chosen = [episode for episode in registry.live_episodes if episodes is None or episode in episodes]
    if scope is Scope.SERIES:
        yield Key(series)
    elif scope is Scope.CHARACTER:
        yield from (Key(series, character=name) for name in registry.live_characters)
    elif scope in (Scope.SHOT, Scope.SHOT_LANGUAGE):
        tags = spoken if scope is Scope.SHOT_LANGUAGE else [None]
        for episode in chosen:
            for entry in registry.live_shots(episode):
                if shots is None or entry.key in shots:
                    yield from (shot_key(series, entry.key, tag) for tag in tags)
    else:
        for episode in chosen:
            if scope is Scope.EPISODE:
                yield Key(series, episode)
            elif scope is Scope.EPISODE_LANGUAGE:
                yield from (Key(series, episode, language=tag) for tag in spoken)
            else:
                yield from (Key(series, episode, market=market) for market in registry.live_markets)


def all_keys(scope: Scope, registry: SeriesRegistry) -> Iterator[Key]:
    """Every key of a scope, removed ones included, in the order of its partitions definition (per dimension)."""
    def kept(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        return tuple(entry.model_copy(update={"removed": False}) for entry in entries)

    episodes = tuple(
        entry.model_copy(update={"removed": False, "shots": kept(entry.shots)}) for entry in registry.episodes
    )
    yield from live_keys(scope, registry.model_copy(update={
        "languages": kept(registry.languages), "markets": kept(registry.markets),
        "characters": kept(registry.characters), "episodes": episodes,
    }))
