"""Nothing that definitions cannot be built from ever becomes the current registry."""

import pytest

from partitions import registry as reg
from partitions.errors import PartitionError
from partitions.registry import EpisodeEntry, KeyEntry, SeriesRegistry, ShotEntry
from partitions.validation import Served, load_served, publish, validate
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


def published(*registries: SeriesRegistry) -> MemoryRefs:
    refs, version = MemoryRefs(), None
    for registry in registries:
        version = publish(refs, registry, version)
    return refs


def test_the_current_registry_is_served() -> None:
    """What was published last is what definitions are built from."""
    assert load_served(published(bare(), locket()), "locket") == Served(locket())
    assert load_served(MemoryRefs(), "locket") is None


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(b"", id="truncated"),
        pytest.param(locket().to_json()[:-9], id="cut off"),
        pytest.param(locket().to_json().replace(b"e002", b"e00x"), id="altered"),
        pytest.param(locket().to_json().replace(b'"format":1', b'"format":9'), id="from a later version"),
    ],
)
def test_a_damaged_registry_leaves_the_one_before_it_serving(damaged: bytes) -> None:
    """Damage on disk costs the last change at most, and says so."""
    refs = published(bare(), locket())
    refs.held["registries/locket"] = (damaged, "7")
    found = load_served(refs, "locket")
    assert found is not None and found.registry == bare()
    assert found.problem


def test_damage_never_replaces_what_was_kept() -> None:
    """Publishing over a damaged registry keeps the good one before it."""
    refs = published(bare(), locket())
    refs.held["registries/locket"] = (b"", "7")
    publish(refs, locket(), "7")
    assert load_served(refs, "locket") == Served(locket())
    assert reg.from_json(refs.held["registries_replaced/locket"][0]) == bare()


def test_without_a_good_registry_the_damage_is_told() -> None:
    """A first registry that is damaged has nothing to fall back on."""
    refs = published(bare())
    refs.held["registries/locket"] = (b"", "7")
    with pytest.raises(PartitionError, match="the registry is not JSON"):
        load_served(refs, "locket")
