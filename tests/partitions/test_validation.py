"""Nothing that definitions cannot be built from ever becomes the current registry."""

import pytest

from partitions import registry as reg
from partitions.errors import PartitionError
from partitions.registry import EpisodeEntry, KeyEntry, SeriesRegistry, ShotEntry
from partitions.validation import publish, validate
from tests.partitions.locket import bare, locket
from tests.partitions.memory_refs import MemoryRefs

MARKETS = (KeyEntry(key="world"),)


@pytest.mark.parametrize("registry", [bare(), locket()], ids=["empty series", "series in every state"])
def test_a_good_registry_passes(registry: SeriesRegistry) -> None:
    """New, cut, uncut and removed episodes are all fine."""
    validate(registry)


def huge() -> SeriesRegistry:
    episodes = tuple(
        EpisodeEntry(
            key=f"e{e:03d}",
            shots=tuple(ShotEntry(key=f"e{e:03d}.sh{s:03d}") for s in range(1, 1000)),
        )
        for e in range(1, 52)
    )
    languages = (KeyEntry(key="en"), KeyEntry(key="es"))
    return SeriesRegistry(slug="saga", languages=languages, markets=MARKETS, episodes=episodes)


def test_a_series_too_large_for_the_ui_is_refused_and_the_old_one_stays() -> None:
    """More than 100,000 partitions in one asset are refused before they are saved, with the way out."""
    refs = MemoryRefs()
    version = publish(
        refs, SeriesRegistry(slug="saga", languages=(KeyEntry(key="en"),), markets=MARKETS), None
    )
    with pytest.raises(PartitionError, match=r"101898 partitions of shot_language.*two series"):
        publish(refs, huge(), version)
    found = reg.load(refs, "saga")
    assert found is not None and found[0].episodes == () and found[1] == version


def test_what_dagster_cannot_build_is_refused() -> None:
    """A registry that got past its own checks but not past Dagster's is refused with Dagster's words."""
    twice = locket().model_copy(update={"episodes": (*locket().episodes, EpisodeEntry(key="e001"))})
    with pytest.raises(PartitionError, match="registry of locket: Partition keys must be unique"):
        validate(twice)


def test_a_series_without_a_market_is_refused() -> None:
    """Without a market and without episodes Dagster cannot tell the dimensions of episode x market apart."""
    with pytest.raises(PartitionError, match=r"series locket has no market\. List at least one"):
        validate(bare().model_copy(update={"markets": ()}))
