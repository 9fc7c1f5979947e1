"""Which partitions feed which, as functions of a registry.

Only keys that are live take part: a removed shot or episode keeps its partition, but nothing needs it and it
needs nothing, so a package is complete without it. Only mapping classes of Dagster's own are used; the
webserver and daemon cannot load any other.
"""

import warnings
from collections.abc import Iterable, Mapping

from dagster import (
    BetaWarning,
    DimensionPartitionMapping,
    IdentityPartitionMapping,
    MultiPartitionMapping,
    MultiToSingleDimensionPartitionMapping,
    PartitionMapping,
    SpecificPartitionsPartitionMapping,
    StaticPartitionMapping,
)

from partitions.definitions import EPISODE, LANGUAGE, SHOT
from partitions.registry import SeriesRegistry

warnings.filterwarnings("ignore", category=BetaWarning)
"""Multi-dimensional mappings are marked beta in this pinned version; their behaviour is held by our tests."""


def bible_to_any(registry: SeriesRegistry) -> PartitionMapping:
    """series_bible -> any asset of the series: all of them read the one partition of their series."""
    return SpecificPartitionsPartitionMapping([registry.slug])


def character_to_episode(registry: SeriesRegistry) -> PartitionMapping:
    """character -> episode: the characters in its current cut, or every live one before its first cut."""
    return StaticPartitionMapping(
        _grouped(
            (character, episode)
            for episode in registry.live_episodes
            for character in _cast_of(registry, episode)
        )
    )


def character_to_shot(registry: SeriesRegistry) -> PartitionMapping:
    """character -> shot: the characters in it."""
    return StaticPartitionMapping(
        _grouped((character, shot.key) for shot in registry.live_shots() for character in shot.cast)
    )


def episode_to_shot(registry: SeriesRegistry) -> PartitionMapping:
    """episode -> shot: each shot reads its episode."""
    return StaticPartitionMapping(_shots_by_episode(registry))


def shot_to_episode(registry: SeriesRegistry) -> PartitionMapping:
    """shot -> episode: an episode reads the shots of its current cut."""
    return StaticPartitionMapping(
        {shot: episode for episode, shots in _shots_by_episode(registry).items() for shot in shots}
    )


def shot_to_shot_language() -> PartitionMapping:
    """shot -> shot x language, in every language."""
    return MultiToSingleDimensionPartitionMapping(SHOT)


def shot_language_to_episode_language(registry: SeriesRegistry) -> PartitionMapping:
    """shot x language -> episode x language: the shots of the current cut, in the same language."""
    return MultiPartitionMapping(
        {SHOT: DimensionPartitionMapping(EPISODE, shot_to_episode(registry)), LANGUAGE: _same(LANGUAGE)}
    )


def episode_language_to_shot_language(registry: SeriesRegistry) -> PartitionMapping:
    """episode x language -> shot x language: a shot reads its episode in its own language."""
    return MultiPartitionMapping(
        {EPISODE: DimensionPartitionMapping(SHOT, episode_to_shot(registry)), LANGUAGE: _same(LANGUAGE)}
    )


def episode_to_episode_language() -> PartitionMapping:
    """episode -> episode x language, in every language."""
    return MultiToSingleDimensionPartitionMapping(EPISODE)


def episode_language_to_episode() -> PartitionMapping:
    """episode x language -> episode: all languages, removed ones included."""
    return MultiToSingleDimensionPartitionMapping(EPISODE)


def episode_to_episode_market() -> PartitionMapping:
    """episode -> episode x market, in every market."""
    return MultiToSingleDimensionPartitionMapping(EPISODE)


def episode_language_to_episode_market() -> PartitionMapping:
    """episode x language -> episode x market: a market may show the episode in any language."""
    return MultiPartitionMapping({EPISODE: _same(EPISODE)})


def _same(dimension: str) -> DimensionPartitionMapping:
    return DimensionPartitionMapping(dimension, IdentityPartitionMapping())


def _cast_of(registry: SeriesRegistry, episode: str) -> tuple[str, ...]:
    if not registry.episode(episode).shots:
        return registry.live_characters
    return tuple(sorted({character for shot in registry.live_shots(episode) for character in shot.cast}))


def _shots_by_episode(registry: SeriesRegistry) -> dict[str, list[str]]:
    return {
        episode: shots
        for episode in registry.live_episodes
        if (shots := [shot.key for shot in registry.live_shots(episode)])
    }


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for upstream, downstream in pairs:
        groups.setdefault(upstream, []).append(downstream)
    return groups
