"""An episode of more shots than Dagster compares data versions over: nothing about it is skipped without a word."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph
from dagster._core.definitions.data_version import (
    SKIP_PARTITION_DATA_VERSION_DEPENDENCY_THRESHOLD,
    CachingStaleStatusResolver,
    StaleStatus,
)
from dagster._core.loader import LoadingContextForTest

from microdrama_assets.factory import all_assets, asset_key
from microdrama_assets.graph.live_keys import live_keys
from microdrama_assets.graph.partition_names import to_dagster
from microdrama_assets.graph.plan import Verdict
from microdrama_assets.planning import Request, plan, registry_of
from microdrama_assets.served import registries
from microdrama_assets.worker import Worker
from partitions.keys import parse_selection
from tests.scale import generated, trivial

SHOTS = 101
WIDE = ("abr_rendition", "episode_package")
"""An edge with one upstream partition for each shot."""


@dataclass
class Screening:
    """One long episode, rendered by the warm worker as real Dagster runs."""

    series: Path
    worker: Worker
    request: Request

    @property
    def graph(self) -> BaseAssetGraph:
        """The assets as they stand in the registry."""
        assets = all_assets(self.worker.studio.steps, registries(self.worker.home))
        return dg.Definitions(assets, resources={"studio": dg.ResourceDefinition.none_resource()}).resolve_asset_graph()

    def in_dagster(self) -> dict[tuple[str, str], StaleStatus]:
        """Dagster's own verdict on every live partition."""
        instance, registry = self.worker.instance, registry_of(self.worker.studio, self.request)
        resolver = CachingStaleStatusResolver(instance, self.graph, LoadingContextForTest(instance))
        return {
            (step.name, str(key)): resolver.get_status(asset_key(step, generated.SLUG), to_dagster(step.scope, key))
            for step in self.worker.studio.steps.values() if self.request.wants(step)
            for key in live_keys(step.scope, registry)
        }

    def not_fresh(self) -> set[tuple[str, str]]:
        """What the plan would render."""
        entries = plan(self.worker.studio, self.request)
        return {(entry.asset, str(entry.key)) for entry in entries if entry.verdict is not Verdict.FRESH}


@pytest.fixture(scope="module")
def screening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screening]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)  # the disk need not keep it
        series = generated.write(tmp_path_factory.mktemp("rooms"), 1, SHOTS)
        studio, request = trivial.opened(tmp_path_factory.mktemp("home"), series)
        worker = Worker(studio)
        assert worker.render(request).failures == []
        yield Screening(series, worker, request)
        worker.instance.dispose()


def test_the_edge_is_wider_than_dagster_looks(screening: Screening) -> None:
    """Dagster resolves the package's input to every shot, and that is more than it compares."""
    package, rendition = (asset_key(screening.worker.studio.steps[name], generated.SLUG) for name in reversed(WIDE))
    graph = screening.graph
    below, above = graph.get(package).partitions_def, graph.get(rendition).partitions_def
    assert below is not None and above is not None
    needed = graph.get_partition_mapping(package, rendition).get_upstream_mapped_partitions_result_for_partitions(
        below.subset_with_partition_keys(["e001|en"]), below, above).partitions_subset.get_partition_keys()
    assert set(needed) == {f"en|{shot.key}" for shot in
                           registry_of(screening.worker.studio, screening.request).live_shots("e001")}
    assert len(set(needed)) == SHOTS > SKIP_PARTITION_DATA_VERSION_DEPENDENCY_THRESHOLD


def test_full_build_is_fresh_for_both(screening: Screening) -> None:
    """After a full build neither the plan nor Dagster calls anything stale or missing."""
    assert screening.not_fresh() == set()
    assert set(screening.in_dagster().values()) == {StaleStatus.FRESH}


def test_one_new_shot_under_the_wide_edge(screening: Screening) -> None:
    """When one shot alone was rendered anew, the plan names its episode, and Dagster's own verdict does too."""
    path = screening.series / "episodes" / "001.fountain"
    path.write_text(path.read_text().replace(generated.said(1, 1), "Who was awake in room 1002?"))
    report = screening.worker.render(Request(parse_selection("rooms.e001.sh020")))
    assert report.failures == []
    left = {("audio_mix", "rooms.e001@en"), ("episode_package", "rooms.e001@en"), ("episode_review", "rooms.e001")}
    assert screening.not_fresh() == left
    assert {name for name, status in screening.in_dagster().items() if status is StaleStatus.STALE} >= left
    screening.worker.render(screening.request)
    assert screening.not_fresh() == set()
    found = screening.in_dagster()
    assert {found[name] for name in left} == {StaleStatus.FRESH}
