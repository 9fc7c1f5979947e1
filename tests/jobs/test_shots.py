"""Forms of the launchpad for single shots: what they decide is what the command line would have decided."""

from __future__ import annotations

from typing import Any

import dagster as dg
import pytest

from microdrama_assets.factory import STUDIO
from microdrama_assets.graph import decisions
from microdrama_assets.graph.studio import Studio
from microdrama_assets.jobs.shots import LOCK, OPS, PREVIEW, RETAKE, shot_jobs

SHOT = "tiny.e001.sh020"


@pytest.fixture(autouse=True)
def dagster_home(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(studio.home.dagster_folder))


def run(studio: Studio, job: str, **config: Any) -> dg.ExecuteInProcessResult:
    found = next(one for one in shot_jobs(["tiny"]) if one.name == job)
    with dg.DagsterInstance.from_config(str(studio.home.dagster_folder)) as instance:
        return found.execute_in_process(config, instance=instance,
                                        resources={STUDIO: studio}, raise_on_error=False)


def decision(studio: Studio) -> decisions.Decision:
    return decisions.load(studio.home, "tiny", "e001").of("sh020")


def made(studio: Studio) -> list[tuple[str, str]]:
    found = [(asset, place) for asset, place in studio.toolbox.log if asset in ("keyframe", "episode_package")]
    studio.toolbox.log.clear()
    return found


def test_a_shot_is_retaken_set_back_and_locked(studio: Studio) -> None:
    """A retake renders the shot and what stands on it; going back renders nothing; a locked shot refuses another take."""
    studio.toolbox.log.clear()
    assert run(studio, RETAKE, shots=[SHOT]).success
    assert decision(studio).take == 2 and made(studio) == [("keyframe", SHOT), ("episode_package", "tiny.e001@en")]
    assert run(studio, RETAKE, shots=[SHOT], undo=True).success
    assert decision(studio).take == 1 and made(studio) == []
    assert run(studio, LOCK, shots=[SHOT]).success and decision(studio).lock is not None
    refused = run(studio, RETAKE, shots=[SHOT])
    assert "is locked" in str(refused.failure_data_for_node(OPS[RETAKE])) and decision(studio).take == 1
    assert run(studio, LOCK, shots=[SHOT], unlock=True).success and decision(studio).lock is None


@pytest.mark.parametrize(("shots", "says"), [
    ([], "no shot is named"), (["tiny.e001"], "names no shot"), ([SHOT, "tiny.e001.sh999"], "has no shot sh999"),
])
def test_nothing_is_decided_where_one_shot_is_unknown(studio: Studio, shots: list[str], says: str) -> None:
    """A form that names a shot that is none decides nothing about the others either."""
    before = decision(studio)
    refused = run(studio, RETAKE, shots=shots)
    assert says in str(refused.failure_data_for_node(OPS[RETAKE])) and decision(studio) == before


def test_a_preview_is_drawn_and_nothing_is_delivered_anew(studio: Studio) -> None:
    """The form for previews makes previews of the shots asked for, and no package."""
    studio.toolbox.log.clear()
    result = run(studio, PREVIEW, selection=SHOT)
    assert result.success, result.failure_data_for_node(OPS[PREVIEW])
    assert {asset for asset, _ in studio.toolbox.log} & {"preview", "episode_package"} == {"preview"}


def test_the_code_location_loads_with_every_job(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Dagster serves is one repository without conflicting names: else the UI would be empty."""
    monkeypatch.setenv("MICRODRAMA_HOME", str(studio.home.root))
    from microdrama_assets.definitions import build  # importing it opens the home

    repository = build(studio.home).get_repository_def()
    assert set(repository.job_names) == {"render_stale", PREVIEW, RETAKE, LOCK, "character", "__ASSET_JOB"}
