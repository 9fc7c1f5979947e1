"""Between the graph's keys and Dagster's partition keys, and which keys a scope has live."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeVar

from microdrama_assets.graph.key import Key, Scope
from partitions.definitions import (
    episode_language_key,
    episode_market_key,
    parse_episode_language,
    parse_episode_market,
    parse_shot_language,
    shot_language_key,
)
from partitions.registry import KeyEntry, SeriesRegistry, ShotEntry

Entry = TypeVar("Entry", KeyEntry, ShotEntry)


def to_dagster(scope: Scope, key: Key) -> str:
    """The partition key by which Dagster knows this key."""
    shot = f"{key.episode}.{key.shot}"
    match scope:
        case Scope.SERIES:
            return key.series
        case Scope.CHARACTER:
            return str(key.character)
        case Scope.EPISODE:
            return str(key.episode)
        case Scope.SHOT:
            return shot
        case Scope.SHOT_LANGUAGE:
            return shot_language_key(shot, str(key.language))
        case Scope.EPISODE_LANGUAGE:
            return episode_language_key(str(key.episode), str(key.language))
        case Scope.EPISODE_MARKET:
            return episode_market_key(str(key.episode), str(key.market))


def from_dagster(scope: Scope, series: str, partition: str) -> Key:
    """The key that a Dagster partition key names."""
    match scope:
        case Scope.SERIES:
            return Key(partition)
        case Scope.CHARACTER:
            return Key(series, character=partition)
        case Scope.EPISODE:
            return Key(series, partition)
        case Scope.SHOT:
            return _shot(series, partition)
        case Scope.SHOT_LANGUAGE:
            shot, language = parse_shot_language(partition)
            return _shot(series, shot, language)
        case Scope.EPISODE_LANGUAGE:
            episode, language = parse_episode_language(partition)
            return Key(series, episode, language=language)
        case Scope.EPISODE_MARKET:
            episode, market = parse_episode_market(partition)
            return Key(series, episode, market=market)


def _shot(series: str, partition: str, language: str | None = None) -> Key:
    episode, shot = partition.split(".", 1)
    return Key(series, episode, shot, language=language)


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
                    yield from (_shot(series, entry.key, tag) for tag in tags)
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
