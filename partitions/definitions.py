"""The partitions definitions of one series, built from its registry when a code location loads.

Static on purpose: with dynamic partitions the webserver and daemon drop a custom mapping and infer identity
instead. Keys are ordered so that an episode's shots, removed ones included, are one contiguous range: a range
in a run that waited across a reload then still names the same shots.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from dagster import MultiPartitionKey, MultiPartitionsDefinition, StaticPartitionsDefinition

from partitions import keys
from partitions.errors import PartitionError
from partitions.registry import KeyEntry, SeriesRegistry

SHOT = "shot"
EPISODE = "episode"
LANGUAGE = "language"
MARKET = "market"


def all_series(slugs: Sequence[str]) -> StaticPartitionsDefinition:
    """The partitions of `series_bible`: every series, sorted by slug."""
    return StaticPartitionsDefinition(sorted(keys.series_slug(slug) for slug in slugs))


@dataclass(frozen=True)
class SeriesPartitions:
    """Every partitions definition below one series, removed keys included.

    Works for a series that has no episode, shot, character or market yet.
    """

    registry: SeriesRegistry

    @cached_property
    def characters(self) -> StaticPartitionsDefinition:
        return _static(self.registry.characters)

    @cached_property
    def episodes(self) -> StaticPartitionsDefinition:
        return StaticPartitionsDefinition([episode.key for episode in self.registry.episodes])

    @cached_property
    def shots(self) -> StaticPartitionsDefinition:
        return StaticPartitionsDefinition(
            [shot.key for episode in self.registry.episodes for shot in episode.shots]
        )

    @cached_property
    def shot_language(self) -> MultiPartitionsDefinition:
        return MultiPartitionsDefinition({SHOT: self.shots, LANGUAGE: _static(self.registry.languages)})

    @cached_property
    def episode_language(self) -> MultiPartitionsDefinition:
        return MultiPartitionsDefinition({EPISODE: self.episodes, LANGUAGE: _static(self.registry.languages)})

    @cached_property
    def episode_market(self) -> MultiPartitionsDefinition:
        return MultiPartitionsDefinition({EPISODE: self.episodes, MARKET: _static(self.registry.markets)})


def shot_language_key(shot: str, language: str) -> str:
    """The partition key of a shot in a language. Dagster orders dimensions by name: `en|e001.sh010`."""
    return MultiPartitionKey({SHOT: keys.shot_key(shot), LANGUAGE: keys.language_key(language)})


def episode_language_key(episode: str, language: str) -> str:
    """The partition key of an episode in a language: `e001|en`."""
    return MultiPartitionKey({EPISODE: keys.episode_key(episode), LANGUAGE: keys.language_key(language)})


def episode_market_key(episode: str, market: str) -> str:
    """The partition key of an episode in a market: `e001|eu`."""
    return MultiPartitionKey({EPISODE: keys.episode_key(episode), MARKET: keys.market_slug(market)})


def parse_shot_language(key: str) -> tuple[str, str]:
    """`en|e001.sh010` -> (`e001.sh010`, `en`); raises PartitionError on anything else."""
    language, shot = _two(key, "a shot and a language", "en|e001.sh010")
    return keys.shot_key(shot), keys.language_key(language)


def parse_episode_language(key: str) -> tuple[str, str]:
    """`e001|en` -> (`e001`, `en`); raises PartitionError on anything else."""
    episode, language = _two(key, "an episode and a language", "e001|en")
    return keys.episode_key(episode), keys.language_key(language)


def parse_episode_market(key: str) -> tuple[str, str]:
    """`e001|eu` -> (`e001`, `eu`); raises PartitionError on anything else."""
    episode, market = _two(key, "an episode and a market", "e001|eu")
    return keys.episode_key(episode), keys.market_slug(market)


def _static(entries: Sequence[KeyEntry]) -> StaticPartitionsDefinition:
    return StaticPartitionsDefinition([entry.key for entry in entries])


def _two(key: str, what: str, example: str) -> tuple[str, str]:
    parts = key.split("|")
    if len(parts) != 2:
        raise PartitionError(f"{key!r} does not name {what}", f"Write it as {example}")
    return parts[0], parts[1]
