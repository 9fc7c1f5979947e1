"""Partitions definitions of a series, and the keys of those with two dimensions."""

import pytest
from dagster import PartitionKeyRange

from partitions import definitions
from partitions.definitions import SeriesPartitions, all_series
from partitions.errors import PartitionError
from tests.partitions.locket import bare, locket


def test_every_definition_lists_its_keys_in_order() -> None:
    """Removed keys stay in place, so an episode's shots are one contiguous range across reloads."""
    parts = SeriesPartitions(locket())
    assert list(parts.characters.get_partition_keys()) == ["ines", "mara", "theo"]
    assert list(parts.episodes.get_partition_keys()) == ["e001", "e002", "e003", "e004"]
    assert list(parts.shots.get_partition_keys()) == [
        "e001.sh010",
        "e001.sh020",
        "e001.sh030",
        "e001.sh040",
        "e002.sh010",
        "e004.sh010",
    ]
    assert list(parts.episode_market.get_partition_keys())[:3] == ["e001|eu", "e001|us", "e002|eu"]
    assert parts.shot_language.get_num_partitions() == 12


def test_one_range_holds_one_episodes_shots_in_one_language() -> None:
    """A run over a range of shot x language covers that language only."""
    ranged = SeriesPartitions(locket()).shot_language.get_partition_keys_in_range(
        PartitionKeyRange("es|e001.sh010", "es|e001.sh040")
    )
    assert ranged == ["es|e001.sh010", "es|e001.sh020", "es|e001.sh030", "es|e001.sh040"]


def test_a_new_series_has_empty_definitions() -> None:
    """A series without episodes has definitions of zero partitions, not an error."""
    parts = SeriesPartitions(bare())
    for name in ("episodes", "shots", "shot_language", "episode_language", "episode_market"):
        assert list(getattr(parts, name).get_partition_keys()) == []


def test_the_bible_has_one_partition_per_series() -> None:
    """Series are sorted by slug, and a bad slug never becomes a key."""
    assert list(all_series(["zodiac", "locket"]).get_partition_keys()) == ["locket", "zodiac"]
    with pytest.raises(PartitionError, match="a/b"):
        all_series(["a/b"])


@pytest.mark.parametrize(
    ("key", "build", "parse", "parts"),
    [
        ("en|e001.sh010", "shot_language_key", "parse_shot_language", ("e001.sh010", "en")),
        ("e001.sh010|pt-BR", "shot_language_key", "parse_shot_language", None),
        ("e001|pt-BR", "episode_language_key", "parse_episode_language", ("e001", "pt-BR")),
        ("e001|eu", "episode_market_key", "parse_episode_market", ("e001", "eu")),
        ("e001", "episode_market_key", "parse_episode_market", None),
        ("e001|eu|x", "episode_market_key", "parse_episode_market", None),
    ],
)
def test_keys_of_two_dimensions(key: str, build: str, parse: str, parts: tuple[str, str] | None) -> None:
    """Two-dimensional keys are built and taken apart in Dagster's order of dimensions, by name."""
    if parts is None:
        with pytest.raises(PartitionError):
            getattr(definitions, parse)(key)
        return
    assert str(getattr(definitions, build)(*parts)) == key
    assert getattr(definitions, parse)(key) == parts
