"""What the warm worker records is what Dagster's own storage reads, and the other way round."""

from pathlib import Path

import dagster as dg
import pytest
from dagster._core.instance.ref import InstanceRef

from microdrama_assets.warm_instance import KeptOpenEventLog, warm_instance

SHOTS = dg.StaticPartitionsDefinition(["sh010", "sh020", "sh030"])


@dg.asset(partitions_def=SHOTS)
def keyframe(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    if context.partition_key == "sh030":
        raise dg.Failure("no light", allow_retries=False)
    return dg.MaterializeResult(data_version=dg.DataVersion(f"v-{context.partition_key}"))


def stock_instance(home: Path) -> dg.DagsterInstance:
    return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(home)))


def render(instance: dg.DagsterInstance, shot: str) -> str:
    return dg.materialize([keyframe], partition_key=shot, instance=instance, raise_on_error=False).run_id


def told(instance: dg.DagsterInstance, run_id: str) -> tuple[str, list[str]]:
    """A run's status, and the kinds of its events in order."""
    run = instance.get_run_by_id(run_id)
    assert run is not None
    events = [log.dagster_event for log in instance.all_logs(run_id)]
    return run.status.value, [event.event_type_value for event in events if event is not None]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    return tmp_path


@pytest.mark.parametrize(("writer", "reader"), [(warm_instance, stock_instance), (stock_instance, warm_instance)])
def test_either_reads_what_the_other_wrote(home: Path, writer, reader) -> None:
    """Runs, events and partitions are the same whichever storage wrote them and whichever reads."""
    with writer(home) as instance:
        written = [(run, told(instance, run)) for run in (render(instance, "sh010"), render(instance, "sh030"))]
    assert [status for _, (status, _) in written] == ["SUCCESS", "FAILURE"]
    with reader(home) as instance:
        assert [(run, told(instance, run)) for run, _ in written] == written
        assert instance.get_materialized_partitions(keyframe.key) == {"sh010"}
        assert instance.get_latest_materialization_event(keyframe.key) is not None


def test_more_runs_than_open_databases(home: Path) -> None:
    """Databases beyond the limit are closed and opened again, none is lost."""
    with warm_instance(home) as instance:
        runs = [render(instance, "sh010") for _ in range(10)]
        assert isinstance(instance.event_log_storage, KeptOpenEventLog)
        assert len(instance.event_log_storage._engines) <= 8
        assert [told(instance, run)[0] for run in runs] == ["SUCCESS"] * 10


def test_both_write_at_the_same_time(home: Path) -> None:
    """A warm worker and a stock process interleave on one home."""
    with warm_instance(home) as warm, stock_instance(home) as stock:
        runs = [render(one, shot) for one in (warm, stock) for shot in ("sh010", "sh020")]
        for reader in (warm, stock):
            assert [told(reader, run)[0] for run in runs] == ["SUCCESS"] * 4
            assert reader.get_materialized_partitions(keyframe.key) == {"sh010", "sh020"}


def test_other_storages_are_left_alone(tmp_path: Path) -> None:
    """A home that stores elsewhere keeps its own storage."""
    (tmp_path / "dagster.yaml").write_text(
        "event_log_storage:\n  module: dagster._core.storage.event_log\n"
        f"  class: ConsolidatedSqliteEventLogStorage\n  config:\n    base_dir: {tmp_path}/events\n"
    )
    with warm_instance(tmp_path) as instance:
        assert type(instance.event_log_storage).__name__ == "ConsolidatedSqliteEventLogStorage"
        assert told(instance, render(instance, "sh010"))[0] == "SUCCESS"
