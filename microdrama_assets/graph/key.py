"""The name of one artifact's partition: a series, and whichever of episode, shot, character, language, market apply."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What one partition of an asset stands for."""

    SERIES = "series"
    CHARACTER = "character"
    EPISODE = "episode"
    SHOT = "shot"
    SHOT_LANGUAGE = "shot_language"
    EPISODE_LANGUAGE = "episode_language"
    EPISODE_MARKET = "episode_market"


@dataclass(frozen=True, order=True)
class Key:
    """`episode` is `e001`, `shot` is `sh010` (without its episode)."""

    series: str
    episode: str | None = None
    shot: str | None = None
    character: str | None = None
    language: str | None = None
    market: str | None = None

    def __str__(self) -> str:
        parts = [part for part in (self.series, self.episode, self.shot, self.character) if part]
        ends = [f"@{end}" for end in (self.language, self.market) if end]
        return ".".join(parts) + "".join(ends)

    @property
    def partition(self) -> str:
        """The key without its series: `e001.sh010@es`, or the series' slug for a series-wide artifact."""
        text = str(self)
        return text if text == self.series else text.removeprefix(f"{self.series}.")

    @classmethod
    def of(cls, scope: Scope, series: str, partition: str) -> Key:
        """The key that `partition` names: the reverse of the property."""
        name, _, end = partition.partition("@")
        if scope is Scope.SERIES:
            return cls(partition)
        if scope is Scope.CHARACTER:
            return cls(series, character=name)
        episode, _, shot = name.partition(".")
        language = end if end and scope is not Scope.EPISODE_MARKET else None
        market = end if end and scope is Scope.EPISODE_MARKET else None
        return cls(series, episode, shot or None, language=language, market=market)

    def in_episode(self) -> Key:
        return Key(self.series, self.episode)

    def in_shot(self) -> Key:
        return Key(self.series, self.episode, self.shot)
