"""What a *Materialize* and a backfill from the UI may spend, and that locked shots stay as they are there."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from deployment.targets import find_shot
from microdrama_assets.factory import asset_key
from microdrama_assets.graph.studio import Studio
from microdrama_assets.run_cap import USD_TAG, VARIABLE
from microdrama_assets.takes import lock
from tests.e2e import tiny
from tests.jobs.materializing import materialize, why

BACKFILL = {"dagster/backfill": "spring"}


@pytest.fixture
def edited(studio: Studio, folder: Path) -> Studio:
    """A second is a dollar, and the first episode's cut is due."""
    (studio.home.root / "rates.yaml").write_text("machine_usd_per_hour: 3600.0\ngpu_usd_per_hour: 0.0\n")
    tiny.write(folder, {"episodes/001.fountain": tiny.screenplay("Hold it to the light.")})
    return studio


def test_over_the_cap_nothing_is_made(edited: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that would lead beyond the cap makes nothing and says how much is left; without a cap it goes on."""
    monkeypatch.setenv(VARIABLE, "0")
    with dg.DagsterInstance.ephemeral() as instance:
        before = tiny.actions(edited.home.root)
        refused = materialize(edited, "episode_script", "e001", instance)
        assert not refused.success and f"$0.0000 of {VARIABLE} ($0.00) is left" in why(refused)
        assert tiny.actions(edited.home.root) == before
        monkeypatch.delenv(VARIABLE)
        assert materialize(edited, "episode_script", "e001", instance).success


def test_within_the_cap_what_was_spent_is_noted(edited: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run within the cap carries what it has spent; a hit costs nothing."""
    monkeypatch.setenv(VARIABLE, "1000")
    with dg.DagsterInstance.ephemeral() as instance:
        spent = []
        for _ in range(2):
            run = instance.get_run_by_id(materialize(edited, "episode_script", "e001", instance).run_id)
            assert run is not None and run.is_success
            spent.append(float(run.tags[USD_TAG]))
        assert spent[0] > 0 and spent[1] == 0.0


def test_a_backfill_has_one_cap(edited: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the other runs of a backfill have spent or reserved counts; another backfill's does not."""
    monkeypatch.setenv(VARIABLE, "1000")
    with dg.DagsterInstance.ephemeral() as instance:
        job = dg.Definitions(jobs=[dg.GraphDefinition("other").to_job()]).resolve_job_def("other")
        instance.create_run_for_job(job, tags={**BACKFILL, USD_TAG: "1000"})
        refused = materialize(edited, "episode_script", "e001", instance, dict(BACKFILL))
        assert not refused.success and f"$0.0000 of {VARIABLE} ($1000.00) is left" in why(refused)
        assert materialize(edited, "episode_script", "e001", instance, {"dagster/backfill": "autumn"}).success


def test_locked_shots_stay_as_they_are(edited: Studio) -> None:
    """Materialized in the UI, a locked shot keeps its results, whatever its screenplay says by now."""
    kept = lock(find_shot("tiny.e001.sh010", edited.home.root)).lock
    assert kept is not None
    for name, partition in (("episode_script", "e001"), ("shot_manifest", "e001"), ("shot_spec", "e001.sh010"),
                            ("dialogue_track", "en|e001.sh010")):
        with dg.DagsterInstance.ephemeral() as instance:
            assert materialize(edited, name, partition, instance).success
            event = instance.get_latest_materialization_event(asset_key(edited.steps[name], "tiny"))
            assert event is not None and event.asset_materialization is not None
        action = event.asset_materialization.metadata["action"].value
    assert action == kept.pins["dialogue_track e001.sh010@en"]
