"""Between the graph's keys and Dagster's partition keys."""

from __future__ import annotations

from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.live_keys import shot_key
from partitions.definitions import (
    episode_language_key,
    episode_market_key,
    parse_episode_language,
    parse_episode_market,
    parse_shot_language,
    shot_language_key,
)


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
            return shot_key(series, partition)
        case Scope.SHOT_LANGUAGE:
            shot, language = parse_shot_language(partition)
            return shot_key(series, shot, language)
        case Scope.EPISODE_LANGUAGE:
            episode, language = parse_episode_language(partition)
            return Key(series, episode, language=language)
        case Scope.EPISODE_MARKET:
            episode, market = parse_episode_market(partition)
            return Key(series, episode, market=market)
