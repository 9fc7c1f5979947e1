"""The last gate before a registry is saved: everything a code location would build from it must build.

Definitions that fail to load make every asset vanish from the UI, so a registry that cannot be loaded must
never become the current one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dagster import DagsterError, PartitionMapping, PartitionsDefinition
from dagster._check import CheckError  # what mappings raise; not exported anywhere public

from partitions import mappings
from partitions.definitions import SeriesPartitions, all_series
from partitions.errors import PartitionError
from partitions.registry import PREFIX, RefStore, SeriesRegistry, from_json, load, save

REPLACED = "registries_replaced/"
"""Where the registry before the current one is kept."""

RECOMMENDED_PARTITIONS = 100_000
"""Dagster's documented advice: above this many in one asset its pages and daemon slow down."""

Edge = tuple[str, PartitionMapping, PartitionsDefinition, PartitionsDefinition]


def validate(registry: SeriesRegistry) -> None:
    """Build all definitions and mappings and resolve each edge both ways; raises PartitionError."""
    if not registry.markets:  # Dagster cannot tell the two empty dimensions of episode x market apart
        raise PartitionError(f"series {registry.slug} has no market", "List at least one under markets")
    try:
        parts = SeriesPartitions(registry)
        _check_sizes(parts)
        for edge in edges(parts):
            _resolve(*edge)
    except (DagsterError, CheckError, ValueError) as error:
        raise PartitionError(
            f"no definitions can be built from the registry of {registry.slug}: {error}",
            "The registry was not saved; the previous one keeps serving",
        ) from error


def publish(store: RefStore, registry: SeriesRegistry, expected_version: str | None) -> str:
    """Validate, keep the registry being replaced, then save. Returns the new version.

    Raises PartitionError, or the store's Conflict (read again, redo the change, publish again); either way the
    old registry stays in place.
    """
    validate(registry)
    _keep_replaced(store, registry.slug)
    return save(store, registry, expected_version)


@dataclass(frozen=True)
class Served:
    """The registry to build definitions from. `problem` says why it is not the current one, if it is not."""

    registry: SeriesRegistry
    problem: str | None = None


def load_served(store: RefStore, slug: str) -> Served | None:
    """The current registry, or the one before it if the current one is damaged; None before the first save.

    A code location must load whatever happened on disk: a load that raises empties the UI of every series and
    fails backfills in flight. Raises PartitionError only if neither registry can be used.
    """
    try:
        found = load(store, slug)
        if found is None:
            return None
        validate(found[0])
        return Served(found[0])
    except PartitionError as error:
        kept = store.read(REPLACED + slug)
        if kept is None:
            raise
        registry = from_json(kept[0])
        validate(registry)
        return Served(registry, str(error))


def _keep_replaced(store: RefStore, slug: str) -> None:
    current, kept = store.read(PREFIX + slug), store.read(REPLACED + slug)
    if current is None or (kept is not None and kept[0] == current[0]):
        return
    try:
        from_json(current[0])
    except PartitionError:
        return  # damaged: what was kept before it is worth more
    store.swap(REPLACED + slug, current[0], kept[1] if kept else None)


def edges(parts: SeriesPartitions) -> Iterator[Edge]:
    """Every kind of edge of the graph: name, mapping, upstream definition, downstream definition."""
    registry = parts.registry
    bible = all_series([registry.slug])
    for name in ("characters", "episodes", "shots", "shot_language", "episode_language", "episode_market"):
        yield f"bible_to_{name}", mappings.bible_to_any(registry), bible, getattr(parts, name)
    yield "character_to_episode", mappings.character_to_episode(registry), parts.characters, parts.episodes
    yield "character_to_shot", mappings.character_to_shot(registry), parts.characters, parts.shots
    yield "episode_to_shot", mappings.episode_to_shot(registry), parts.episodes, parts.shots
    yield "shot_to_episode", mappings.shot_to_episode(registry), parts.shots, parts.episodes
    yield "shot_to_shot_language", mappings.shot_to_shot_language(), parts.shots, parts.shot_language
    yield (
        "shot_language_to_episode_language",
        mappings.shot_language_to_episode_language(registry),
        parts.shot_language,
        parts.episode_language,
    )
    yield (
        "episode_language_to_shot_language",
        mappings.episode_language_to_shot_language(registry),
        parts.episode_language,
        parts.shot_language,
    )
    yield (
        "episode_to_episode_language",
        mappings.episode_to_episode_language(),
        parts.episodes,
        parts.episode_language,
    )
    yield (
        "episode_language_to_episode",
        mappings.episode_language_to_episode(),
        parts.episode_language,
        parts.episodes,
    )
    yield (
        "episode_to_episode_market",
        mappings.episode_to_episode_market(),
        parts.episodes,
        parts.episode_market,
    )
    yield (
        "episode_language_to_episode_market",
        mappings.episode_language_to_episode_market(),
        parts.episode_language,
        parts.episode_market,
    )


def _resolve(
    name: str, mapping: PartitionMapping, up: PartitionsDefinition, down: PartitionsDefinition
) -> None:
    mapping.validate_partition_mapping(up, down)
    first_up = up.subset_with_partition_keys(up.get_partition_keys()[:1])
    first_down = down.subset_with_partition_keys(down.get_partition_keys()[:1])
    mapping.get_downstream_partitions_for_partitions(first_up, up, down)
    result = mapping.get_upstream_mapped_partitions_result_for_partitions(first_down, down, up)
    if result.required_but_nonexistent_subset.get_partition_keys():
        raise PartitionError(f"{name} needs partitions that do not exist", "Cut the episode again")


def _check_sizes(parts: SeriesPartitions) -> None:
    for name in ("shots", "shot_language", "episode_language", "episode_market"):
        count = getattr(parts, name).get_num_partitions()
        if count > RECOMMENDED_PARTITIONS:
            raise PartitionError(
                f"series {parts.registry.slug} would have {count} partitions of {name},"
                f" more than the {RECOMMENDED_PARTITIONS} that work well",
                "Split it into two series, for example by season",
            )
