"""What bookkeeping costs: a backfill of 800 shots with trivial work, in batches, over four assets of a shot in a language.

Runs as the daemon launches them (one range of partitions, several assets), but in this process: what is left is
planning, executing and recording. Every partition gets a data version of its own.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import dagster as dg
from dagster._core.instance.ref import InstanceRef

from microdrama_assets.factory import PARTITIONS_PER_RUN, all_assets, asset_key, definitions_of
from microdrama_assets.graph.studio import Studio
from microdrama_assets.planning import Request, keys_of, registry_of
from microdrama_assets.served import registries
from microdrama_assets.warm_instance import warm_instance
from resources.home import STOCK_YAML
from tests.bench.rows import Row
from tests.scale import generated, trivial

SHOTS = 800
UPSTREAM = ("series_bible", "character_bundle", "episode_script", "shot_manifest", "shot_spec", "keyframe",
            "interpolated_clip")
ASSETS = ("dialogue_track", "captions", "lipsynced_clip", "abr_rendition")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def rows() -> Iterator[Row]:
    """With a data version per shot, the limits are 25 ms in the warm worker and 45 ms in runs that the UI launches."""
    shots = int(os.environ.get("BOOKKEEPING_SHOTS", SHOTS))
    for label, open_instance, limit in (("runs of the UI", _as_configured, 45.0), ("the warm worker", warm_instance, 25.0),
                                        ("Dagster's own storage", _stock, None)):
        with tempfile.TemporaryDirectory(prefix="microdrama-bench-") as name:
            studio, request = prepared(Path(name), shots)
            with open_instance(studio.home.dagster_folder) as instance:
                before = sum(studio.toolbox.made.values())
                seconds, runs = backfill(studio, instance, shots)
                made = sum(studio.toolbox.made.values()) - before
                events = Counter(event for run in runs for event in _events(instance, run))
        each = shots * len(ASSETS)
        yield Row(f"{label}: shot and asset", 1000 * seconds / each, "ms", limit,
                  f"{shots} shots x {len(ASSETS)} assets in {len(runs)} runs, {made} made, a data version per shot")
        yield Row(f"{label}: events per shot and asset", sum(events.values()) / each, "",
                  what=", ".join(f"{count} {name}" for name, count in events.most_common(4)))
    with tempfile.TemporaryDirectory(prefix="microdrama-bench-") as name:
        studio, request = prepared(Path(name), shots)
        yield Row("without Dagster: shot and asset", 1000 * actions(studio, request) / each, "ms",
                  what="the same actions: trivial work, objects, statements, records")


def prepared(folder: Path, shots: int) -> tuple[Studio, Request]:
    """A home in which everything was made but what is measured."""
    series = generated.write(folder / "series", shots // generated.SHOTS)
    studio, request = trivial.opened(folder / "home", series)
    studio.refresh()
    for name in UPSTREAM:
        studio.render(studio.steps[name], list(keys_of(studio.steps[name], registry_of(studio, request), request)), _quiet)
    return studio, request


def backfill(studio: Studio, instance: dg.DagsterInstance, shots: int) -> tuple[float, list[str]]:
    """Seconds, and the runs' ids."""
    steps = [studio.steps[name] for name in ASSETS]
    selected = [asset_key(step, generated.SLUG) for step in steps]
    definitions = definitions_of(all_assets(studio.steps, registries(studio.home)), studio)
    graph = definitions.resolve_asset_graph()
    shared = graph.get(selected[0]).partitions_def
    assert shared is not None
    partitions = shared.get_partition_keys()
    assert len(partitions) == shots
    job = definitions.resolve_implicit_global_asset_job_def()
    began = time.perf_counter()
    runs = [_run(job.execute_in_process, instance, selected, partitions[at:at + PARTITIONS_PER_RUN])
            for at in range(0, shots, PARTITIONS_PER_RUN)]
    return time.perf_counter() - began, runs


def actions(studio: Studio, request: Request) -> float:
    """Seconds of the same actions in the same batches without Dagster."""
    began = time.perf_counter()
    for name in ASSETS:
        keys = list(keys_of(studio.steps[name], registry_of(studio, request), request))
        for at in range(0, len(keys), PARTITIONS_PER_RUN):
            outcome = studio.render(studio.steps[name], keys[at:at + PARTITIONS_PER_RUN], _quiet)
            assert not outcome.failures
    return time.perf_counter() - began


def _run(execute: Callable[..., dg.ExecuteInProcessResult], instance: dg.DagsterInstance,
         selected: Sequence[dg.AssetKey], batch: Sequence[str]) -> str:
    span = {"dagster/asset_partition_range_start": batch[0], "dagster/asset_partition_range_end": batch[-1]}
    return execute(instance=instance, asset_selection=list(selected), tags=span, run_config=QUIET).run_id


def _events(instance: dg.DagsterInstance, run: str) -> Iterator[str]:
    for log in instance.all_logs(run):
        yield "log line" if log.dagster_event is None else log.dagster_event.event_type_value


def _as_configured(folder: Path) -> dg.DagsterInstance:
    """What every process of a home opens: its own `dagster.yaml`."""
    os.environ["DAGSTER_HOME"] = str(folder)
    return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(folder)))


def _stock(folder: Path) -> dg.DagsterInstance:
    """Without what the home's `dagster.yaml` adds, for comparison."""
    (folder / "dagster.yaml").write_text(STOCK_YAML)
    return _as_configured(folder)


def _quiet(line: str) -> None:
    return None
