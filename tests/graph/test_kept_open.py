"""A home's event records: kept open by every process of the home, wherever it lies, and nobody's are lost."""

import queue
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.event_log import SqliteEventLogStorage

from microdrama_assets.kept_open import KeptOpenEventLog
from resources.home import STOCK_YAML, Home
from tests.graph.test_warm_instance import keyframe, render, told


def instance_of(home: Home, monkeypatch: pytest.MonkeyPatch) -> dg.DagsterInstance:
    """As a process of the UI opens it."""
    monkeypatch.setenv("DAGSTER_HOME", str(home.dagster_folder))
    return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(home.dagster_folder)))


def test_an_old_home_goes_on_with_its_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a home wrote with Dagster's own storage is read and gone on with after the change, also where it was moved."""
    (tmp_path / "old" / "dagster").mkdir(parents=True)
    configuration = tmp_path / "old" / "dagster" / "dagster.yaml"
    configuration.write_text("telemetry:\n  enabled: false\n")
    with instance_of(Home.open(tmp_path / "old"), monkeypatch) as stock:
        assert type(stock.event_log_storage) is SqliteEventLogStorage  # a person's own configuration is left alone
        before = render(stock, "sh010")
    configuration.write_text(STOCK_YAML)  # as earlier versions wrote it
    with instance_of(Home.open(tmp_path / "old"), monkeypatch) as ours:
        assert type(ours.event_log_storage) is KeptOpenEventLog
        assert told(ours, before)[0] == "SUCCESS"
    (tmp_path / "old").rename(tmp_path / "new")
    with instance_of(Home.open(tmp_path / "new"), monkeypatch) as moved:
        assert told(moved, render(moved, "sh020")) == told(moved, before)
        assert moved.get_materialized_partitions(keyframe.key) == {"sh010", "sh020"}
    assert not (tmp_path / "old").exists()


def test_processes_that_meet_at_a_new_run(tmp_path: Path) -> None:
    """Whoever finds a run's database missing and is late leaves what the first one wrote into it."""
    with dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(tmp_path))) as instance:
        run = render(instance, "sh010")
        late = KeptOpenEventLog(str(tmp_path / "history" / "runs"))
        late._copy_empty(Path(late.path_for_shard(run)))  # after it had looked and found nothing
        assert len(late.get_logs_for_run(run)) == len(instance.all_logs(run)) > 0
        late.dispose()
    assert list(tmp_path.rglob("*.partial")) == []


def test_a_run_is_followed_while_it_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever watches a run is told of each event while the run's process keeps the database open, as the UI's page is."""
    heard: queue.Queue[str] = queue.Queue()
    with instance_of(Home.open(tmp_path), monkeypatch) as instance:
        run = instance.create_run_for_job(dg.GraphDefinition(name="idle").to_job())
        instance.report_engine_event("begun", run)
        looking = KeptOpenEventLog(str(tmp_path / "dagster" / "history" / "runs"))
        looking.watch(run.run_id, None, lambda entry, cursor: heard.put(entry.message))
        for word in ("goes on", "goes on still"):
            instance.report_engine_event(word, run)
            while heard.get(timeout=60) != word:
                pass
        looking.dispose()
