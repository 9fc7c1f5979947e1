"""What bookkeeping costs: a backfill of 800 shots with trivial work, in batches, over four assets of a shot in a language.

Runs as the daemon launches them (one range of partitions, several assets), but in this process: what is left is
planning, executing and recording. Every partition gets a data version of its own. Each way starts from a copy of one
prepared home.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
from dagster._core.instance.ref import InstanceRef

from microdrama_assets.factory import PARTITIONS_PER_RUN, all_assets, asset_key, definitions_of
from microdrama_assets.graph.studio import Studio
from microdrama_assets.kept_open import RECORDS
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
    """With a data version per shot logged, as it always is here, the limit is 45 ms.

    `BOOKKEEPING=ui,worker` measures some ways only; `BOOKKEEPING_SHOTS` makes a smaller series.
    """
    shots = int(os.environ.get("BOOKKEEPING_SHOTS", SHOTS))
    wanted = [name for name in os.environ.get("BOOKKEEPING", "").split(",") if name]
    with tempfile.TemporaryDirectory(prefix="microdrama-bench-") as name:
        ready = Path(name) / "ready"
        prepare(Path(name) / "series", ready, shots)
        for way in WAYS:
            if not wanted or way.name in wanted:
                home = Path(name) / way.name
                shutil.copytree(ready, home)
                os.sync()  # or what is measured waits for what was prepared
                yield from _recorded(way, *trivial.opened(home, Path(name) / "series"), shots)
                shutil.rmtree(home)


def _recorded(way: Way, studio: Studio, request: Request, shots: int) -> Iterator[Row]:
    studio.refresh()
    if way.open_instance is None:
        yield Row(f"{way.label}: shot and asset", 1000 * actions(studio, request) / (shots * len(ASSETS)), "ms",
                  what="the same actions: trivial work, objects, statements, records")
        return
    covered, before = min(shots, way.most_shots), sum(studio.toolbox.made.values())
    each = covered * len(ASSETS)
    with way.open_instance(studio.home.dagster_folder) as instance:
        seconds, runs = backfill(studio, instance, shots, covered)
    made, events = sum(studio.toolbox.made.values()) - before, _events(studio.home.dagster_folder, runs)
    of = "" if covered == shots else f" of {shots}"
    yield Row(f"{way.label}: shot and asset", 1000 * seconds / each, "ms", way.limit_ms,
              f"{covered}{of} shots x {len(ASSETS)} assets in {len(runs)} runs, {made} made, a data version per shot")
    yield Row(f"{way.label}: events per shot and asset", sum(events.values()) / each, "",
              what=", ".join(f"{count} {name}" for name, count in events.most_common(4)))


def prepare(series: Path, home: Path, shots: int) -> None:
    """A home in which everything was made but what is measured. Nothing waits for the disk meanwhile."""
    studio, request = trivial.opened(home, generated.write(series, shots // generated.SHOTS))
    synced, os.fsync = os.fsync, lambda descriptor: None
    try:
        trivial.register_cuts(studio, request)
        for name in UPSTREAM:
            step = studio.steps[name]
            studio.render(step, list(keys_of(step, registry_of(studio, request), request)), _quiet)
    finally:
        os.fsync = synced


def backfill(studio: Studio, instance: dg.DagsterInstance, shots: int, covered: int) -> tuple[float, list[str]]:
    """Seconds that the first `covered` shots of a series of `shots` take, and the runs' ids."""
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
    runs = [_run(job.execute_in_process, instance, selected, partitions[at:min(covered, at + PARTITIONS_PER_RUN)])
            for at in range(0, covered, PARTITIONS_PER_RUN)]
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


def _events(folder: Path, runs: Sequence[str]) -> Counter[str]:
    """How many events of each kind the runs' databases hold."""
    events: Counter[str] = Counter()
    for run in runs:
        with closing(sqlite3.connect(folder.joinpath(*RECORDS, f"{run}.db"))) as records:
            events.update(dict(records.execute(
                "SELECT coalesce(dagster_event_type, 'log line'), count(*) FROM event_logs GROUP BY 1")))
    return events


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


@dataclass(frozen=True)
class Way:
    """One way to record. `limit_ms`: for a shot and asset."""

    name: str
    label: str
    open_instance: Callable[[Path], dg.DagsterInstance] | None
    limit_ms: float | None = None
    most_shots: int = SHOTS


WAYS = (
    Way("ui", "runs of the UI", _as_configured, 45.0), Way("worker", "the warm worker", warm_instance, 45.0),
    Way("stock", "Dagster's own storage", _stock, most_shots=160),  # for comparison; all of them would take minutes
    Way("bare", "without Dagster", None),
)
