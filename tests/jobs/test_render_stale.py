"""The launchpad's job, in this process: where its waves are recorded, what stops it, what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.instance.ref import InstanceRef

from microdrama_assets.factory import STUDIO
from microdrama_assets.graph.studio import Studio
from microdrama_assets.jobs.render_stale import LEFT_TAG, OP, SELECTION_TAG, render_stale
from microdrama_assets.run_cap import VARIABLE
from tests.e2e import tiny

EDITED = {"episodes/001.fountain": tiny.screenplay("Hold it to the light.")}


def elsewhere(folder: Path) -> dg.DagsterInstance:
    """Dagster's records in a folder of their own, in another storage than a home's."""
    folder.mkdir()
    (folder / "dagster.yaml").write_text(
        "telemetry:\n  enabled: false\nevent_log_storage:\n  module: dagster._core.storage.event_log\n"
        f"  class: ConsolidatedSqliteEventLogStorage\n  config:\n    base_dir: {folder}/events\n"
    )
    return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(folder)))


def run(studio: Studio, instance: dg.DagsterInstance, **config: Any) -> tuple[dg.ExecuteInProcessResult, dg.DagsterRun]:
    settings = {"selection": "tiny", **config}
    result = render_stale(["tiny"]).execute_in_process(
        settings, instance=instance, resources={STUDIO: studio}, raise_on_error=False)
    found = instance.get_run_by_id(result.run_id)
    assert found is not None
    return result, found


def why(result: dg.ExecuteInProcessResult) -> str:
    return str(result.failure_data_for_node(OP))


def test_waves_are_recorded_where_the_job_is(studio: Studio, folder: Path, tmp_path: Path) -> None:
    """With Dagster's records outside the home and in another storage, the waves are there too, linked to their job."""
    tiny.write(folder, EDITED)
    with elsewhere(tmp_path / "elsewhere") as instance:
        result, job = run(studio, instance, selection="tiny.e001.sh010")
        assert result.success, why(result)
        waves = instance.get_runs(dg.RunsFilter(tags={"dagster/parent_run_id": job.run_id}))
        assert {wave.status for wave in waves} == {dg.DagsterRunStatus.SUCCESS} and len(waves) >= 5
        assert job.tags[SELECTION_TAG] == "tiny.e001.sh010" and LEFT_TAG in job.tags
        assert instance.get_materialized_partitions(dg.AssetKey(["tiny", "captions"])) == {"en|e001.sh010"}
    assert not (studio.home.dagster_folder / "history").exists()


@pytest.mark.parametrize(("config", "variable"), [({"max_usd": 0.0}, None), ({}, "0")])
def test_over_the_cap_nothing_is_made(
    studio: Studio, folder: Path, config: dict[str, Any], variable: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan that costs more than the job's cap, or else the operator's, is refused whole."""
    (studio.home.root / "rates.yaml").write_text("machine_usd_per_hour: 3600.0\ngpu_usd_per_hour: 0.0\n")
    tiny.write(folder, EDITED)
    if variable is not None:
        monkeypatch.setenv(VARIABLE, variable)
    before = tiny.actions(studio.home.root)
    with dg.DagsterInstance.ephemeral() as instance:
        result, _ = run(studio, instance, **config)
    assert "more than the cap of $0.0000" in why(result)
    assert tiny.actions(studio.home.root) == before


@pytest.mark.parametrize(("selection", "said"), [
    ("other", "no series 'other' in this home. Make it known first: microdrama register"),
    ("tiny.e009", "tiny has no episode e009. Its episodes: e001"),
    ("tiny.one", "'one' cannot name an episode"),
])
def test_unknown_selections(studio: Studio, selection: str, said: str) -> None:
    """What the home does not have is refused with a remedy."""
    with dg.DagsterInstance.ephemeral() as instance:
        result, _ = run(studio, instance, selection=selection)
    assert not result.success and said in why(result)
