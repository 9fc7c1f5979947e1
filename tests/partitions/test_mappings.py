"""Every edge of the graph, both ways, with the objects that Dagster itself resolves."""

import pytest
from dagster import PartitionMapping, PartitionsDefinition

from partitions.definitions import SeriesPartitions
from partitions.registry import SeriesRegistry, ShotEntry, with_cut, with_episodes, with_languages
from partitions.validation import Edge, edges
from tests.partitions.locket import bare, locket


def edge(registry: SeriesRegistry, name: str) -> Edge:
    (found,) = (one for one in edges(SeriesPartitions(registry)) if one[0] == name)
    return found


def upstream(registry: SeriesRegistry, name: str, *keys: str) -> set[str]:
    _, mapping, up, down = edge(registry, name)
    return above(mapping, up, down, keys)


def above(mapping: PartitionMapping, up: PartitionsDefinition, down: PartitionsDefinition, keys) -> set[str]:
    result = mapping.get_upstream_mapped_partitions_result_for_partitions(
        down.subset_with_partition_keys(list(keys)), down, up
    )
    assert not list(result.required_but_nonexistent_subset.get_partition_keys())
    return {str(key) for key in result.partitions_subset.get_partition_keys()}


def downstream(registry: SeriesRegistry, name: str, *keys: str) -> set[str]:
    _, mapping, up, down = edge(registry, name)
    subset = mapping.get_downstream_partitions_for_partitions(
        up.subset_with_partition_keys(list(keys)), up, down
    )
    return {str(key) for key in subset.get_partition_keys()}


E001 = {"e001.sh010", "e001.sh020", "e001.sh030"}
E001_EN = {f"en|{shot}" for shot in E001}


@pytest.mark.parametrize(
    ("name", "key", "expected"),
    [
        ("bible_to_shots", "e001.sh010", {"locket"}),
        ("bible_to_shot_language", "en|e001.sh010", {"locket"}),
        ("character_to_episode", "e001", {"mara", "theo"}),
        ("character_to_episode", "e002", {"theo"}),
        ("character_to_episode", "e003", {"ines", "mara", "theo"}),
        ("character_to_episode", "e004", set()),
        ("character_to_shot", "e001.sh010", {"mara"}),
        ("character_to_shot", "e001.sh020", set()),
        ("character_to_shot", "e001.sh030", {"mara", "theo"}),
        ("character_to_shot", "e001.sh040", set()),
        ("episode_to_shot", "e001.sh010", {"e001"}),
        ("episode_to_shot", "e001.sh040", set()),
        ("episode_to_shot", "e004.sh010", set()),
        ("shot_to_episode", "e001", E001),
        ("shot_to_episode", "e003", set()),
        ("shot_to_episode", "e004", set()),
        ("shot_to_shot_language", "es|e001.sh020", {"e001.sh020"}),
        ("shot_language_to_episode_language", "e001|en", E001_EN),
        ("shot_language_to_episode_language", "e003|en", set()),
        ("shot_language_to_episode_language", "e004|es", set()),
        ("episode_language_to_shot_language", "es|e001.sh020", {"e001|es"}),
        ("episode_language_to_shot_language", "es|e001.sh040", set()),
        ("episode_to_episode_language", "e002|es", {"e002"}),
        ("episode_language_to_episode", "e002", {"e002|en", "e002|es"}),
        ("episode_to_episode_market", "e001|eu", {"e001"}),
        ("episode_language_to_episode_market", "e001|eu", {"e001|en", "e001|es"}),
    ],
)
def test_what_a_partition_reads(name: str, key: str, expected: set[str]) -> None:
    """A partition reads exactly the live partitions it is made of; a removed one reads nothing."""
    assert upstream(locket(), name, key) == expected


@pytest.mark.parametrize(
    ("name", "key", "expected"),
    [
        ("bible_to_episodes", "locket", {"e001", "e002", "e003", "e004"}),
        ("character_to_episode", "mara", {"e001", "e003"}),
        ("character_to_episode", "ines", {"e003"}),
        ("character_to_shot", "theo", {"e001.sh030", "e002.sh010"}),
        ("character_to_shot", "ines", set()),
        ("episode_to_shot", "e001", E001),
        ("episode_to_shot", "e003", set()),
        ("episode_to_shot", "e004", set()),
        ("shot_to_episode", "e001.sh020", {"e001"}),
        ("shot_to_episode", "e001.sh040", set()),
        ("shot_to_shot_language", "e001.sh020", {"en|e001.sh020", "es|e001.sh020"}),
        ("shot_language_to_episode_language", "es|e001.sh010", {"e001|es"}),
        ("shot_language_to_episode_language", "es|e001.sh040", set()),
        ("episode_language_to_shot_language", "e001|en", E001_EN),
        ("episode_to_episode_language", "e002", {"e002|en", "e002|es"}),
        ("episode_language_to_episode", "e002|es", {"e002"}),
        ("episode_to_episode_market", "e001", {"e001|eu", "e001|us"}),
        ("episode_language_to_episode_market", "e001|es", {"e001|eu", "e001|us"}),
    ],
)
def test_what_a_partition_feeds(name: str, key: str, expected: set[str]) -> None:
    """A change reaches exactly the live partitions made from it."""
    assert downstream(locket(), name, key) == expected


def test_a_character_in_no_shot_is_not_needed_by_any() -> None:
    """Characters without shots and shots without characters are gaps in the mapping, not errors."""
    every = locket().live_shots()
    assert upstream(locket(), "character_to_shot", *(shot.key for shot in every)) == {"mara", "theo"}


def test_a_long_episode_loses_no_shot() -> None:
    """An episode of 120 shots resolves all of them, in each language, beyond the 100 that Dagster's
    own staleness looks at."""
    shots = [ShotEntry(key=f"e001.sh{10 * n:03d}", cast=("mara",)) for n in range(1, 121)]
    registry = with_cut(with_episodes(bare(), ["e001", "e002"]), "e001", shots)
    every = {shot.key for shot in shots}
    assert upstream(registry, "shot_to_episode", "e001") == every
    assert upstream(registry, "shot_language_to_episode_language", "e001|es") == {f"es|{s}" for s in every}
    assert downstream(registry, "character_to_shot", "mara") == every
    assert downstream(registry, "episode_to_shot", "e001") == every
    assert downstream(registry, "episode_language_to_shot_language", "e001|en") == {f"en|{s}" for s in every}


def test_a_new_language_reaches_every_shot() -> None:
    """Adding a language adds partitions and moves no others."""
    registry = with_languages(locket(), ["en", "es", "fr"])
    assert upstream(registry, "shot_language_to_episode_language", "e001|fr") == {f"fr|{s}" for s in E001}
    assert upstream(registry, "shot_language_to_episode_language", "e001|en") == E001_EN


def test_three_steps_reach_a_shots_package() -> None:
    """Character to shot to shot in a language to episode in a language, and no further."""
    shots = downstream(locket(), "character_to_shot", "theo")
    renditions = downstream(locket(), "shot_to_shot_language", *shots)
    packages = downstream(locket(), "shot_language_to_episode_language", *renditions)
    assert packages == {"e001|en", "e001|es", "e002|en", "e002|es"}
    assert shots == {"e001.sh030", "e002.sh010"}
