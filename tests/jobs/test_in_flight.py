"""A run of a backfill that an edit has overtaken: what it makes first, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill

from microdrama_assets.factory import asset_key
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.studio import Studio
from tests.e2e import tiny
from tests.jobs.materializing import materialize, recorded, why

ALL = ("episode_script", "shot_manifest", "shot_spec", "keyframe")
FIRST = "episodes/001.fountain"


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as found:
        yield found


def backfill(instance: dg.DagsterInstance, studio: Studio, assets: Sequence[str]) -> dict[str, str]:
    """Tags of a run of a backfill over these assets."""
    keys = [asset_key(studio.steps[name], "tiny") for name in assets]
    instance.add_backfill(PartitionBackfill("spring", BulkActionStatus.REQUESTED, from_failure=False, tags={},
                                            backfill_timestamp=0.0, asset_selection=keys, partition_names=[]))
    return {"dagster/backfill": "spring"}


def test_makes_again_what_its_backfill_had_made(studio: Studio, folder: Path, instance: dg.DagsterInstance) -> None:
    """The new words are cut first, each step recorded before the shot that stands on it; nothing else is made."""
    tiny.write(folder, {FIRST: tiny.screenplay("Hold it to the light.")})
    result = materialize(studio, "shot_spec", "e001.sh010", instance, backfill(instance, studio, ALL))
    assert result.success
    assert recorded(instance, result.run_id) == [
        ("episode_script", "e001"), ("shot_manifest", "e001"), ("shot_spec", "e001.sh010")]
    cut = instance.get_latest_data_version_record(asset_key(studio.steps["shot_manifest"], "tiny"), partition_key="e001")
    made = studio.desk.result("shot_manifest", Key("tiny", "e001"))
    assert cut is not None and cut.event_log_entry.asset_materialization is not None
    assert (cut.event_log_entry.asset_materialization.tags or {})["dagster/data_version"] == made.version


@pytest.mark.parametrize("assets", [("shot_spec",), ("shot_spec", "keyframe"), None])
def test_refuses_what_nobody_asked_for(studio: Studio, folder: Path, instance: dg.DagsterInstance,
                                       assets: Sequence[str] | None) -> None:
    """A backfill without the cut, and a single *Materialize*, name what is missing and make nothing."""
    tiny.write(folder, {FIRST: tiny.screenplay("Hold it to the light.")})
    before = tiny.actions(studio.home.root)
    result = materialize(studio, "shot_spec", "e001.sh010", instance,
                         backfill(instance, studio, assets) if assets else None)
    assert not result.success
    assert "episode_script tiny.e001 has not been made from the current sources" in why(result)
    assert tiny.actions(studio.home.root) == before


def test_shot_that_the_edit_removed(studio: Studio, folder: Path, instance: dg.DagsterInstance) -> None:
    """A shot that the new cut has no more records so, and its run succeeds."""
    spoken_only = "\n\n".join(["INT. ROOM - NIGHT", tiny.LOCKET, "ANA\nLook at it closely."]) + "\n"
    tiny.write(folder, {FIRST: spoken_only})
    result = materialize(studio, "keyframe", "e001.sh020", instance, backfill(instance, studio, ALL))
    assert result.success
    event = instance.get_latest_materialization_event(asset_key(studio.steps["keyframe"], "tiny"))
    assert event is not None and event.asset_materialization is not None
    assert event.asset_materialization.metadata["made"].value == "nothing: it was removed from the series"


def test_upstream_that_fails(studio: Studio, folder: Path, instance: dg.DagsterInstance) -> None:
    """Where the new words cannot be cut, the run's error says why, beside the shot that waits."""
    tiny.write(folder, {FIRST: tiny.screenplay("Look \U00013080.")})
    result = materialize(studio, "shot_spec", "e001.sh010", instance, backfill(instance, studio, ALL))
    assert not result.success
    assert "tiny.e001: '\U00013080' cannot be pronounced" in why(result)
    assert "tiny.e001.sh010: shot_manifest tiny.e001 has not been made" in why(result)
