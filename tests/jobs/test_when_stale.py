"""The sensor: what it launches, under which key, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.studio import Studio
from microdrama_assets.jobs.plan_table import fingerprint
from microdrama_assets.jobs.render_stale import LEFT_TAG, SELECTION_TAG, render_stale
from microdrama_assets.jobs.when_stale import CAP_VARIABLE, DRIFTED_VARIABLE, render_what_is_stale
from microdrama_assets.planning import Request, plan, to_render
from partitions.keys import Selection
from tests.e2e import tiny

JOB = render_stale(["tiny"])
EDITED = {"episodes/001.fountain": tiny.screenplay("Hold it to the light.")}


def tick(studio: Studio, instance: dg.DagsterInstance) -> tuple[list[dg.RunRequest], str]:
    with dg.build_sensor_context(instance=instance) as context:
        found = render_what_is_stale(studio, JOB).evaluate_tick(context)
    return list(found.run_requests or []), found.skip_message or ""


def config(request: dg.RunRequest) -> Mapping[str, Any]:
    return request.run_config


def left(studio: Studio) -> str:
    """What a run that could render nothing of the first episode would say that it left."""
    return fingerprint(studio, to_render(plan(studio, Request(Selection("tiny", "e001"), None, False)), False))


def with_run(selection: str, status: dg.DagsterRunStatus, **tags: str) -> dg.DagsterInstance:
    instance = dg.DagsterInstance.ephemeral()
    instance.create_run_for_job(JOB, run_config={"selection": selection}, status=status,
                                tags={SELECTION_TAG: selection, **tags})
    return instance


@pytest.fixture
def idle() -> dg.DagsterInstance:
    return dg.DagsterInstance.ephemeral()


def test_nothing_to_do(studio: Studio, idle: dg.DagsterInstance) -> None:
    """A fresh series launches nothing."""
    assert tick(studio, idle) == ([], "everything is fresh")


def test_one_request_per_episode(studio: Studio, folder: Path, idle: dg.DagsterInstance) -> None:
    """Each episode that needs work is asked for once, with the same key however often one looks; nothing may be spent."""
    tiny.write(folder, {**EDITED, "episodes/002.fountain": tiny.screenplay("Do you see this key?")})
    requests, _ = tick(studio, idle)
    assert [config(request) for request in requests] == [
        {"selection": f"tiny.{episode}", "languages": [], "include_drifted": False, "max_usd": 0.0, "dry_run": False,
         "previews": False}
        for episode in ("e001", "e002")]
    assert [request.run_key for request in tick(studio, idle)[0]] == [request.run_key for request in requests]
    tiny.write(folder, {"episodes/001.fountain": tiny.screenplay("Hold it still.")})
    assert tick(studio, idle)[0][0].run_key != requests[0].run_key


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])
@pytest.mark.parametrize("selection", ["tiny", "tiny.e001", "tiny.e001.sh010"])
def test_never_two_at_once(studio: Studio, folder: Path, selection: str, status: dg.DagsterRunStatus) -> None:
    """While a run over any of an episode's shots has not ended, whoever launched it, no other is launched."""
    tiny.write(folder, EDITED)
    assert tick(studio, with_run(selection, status)) == ([], "tiny.e001: a run is on its way")


def test_other_selections_do_not_wait(studio: Studio, folder: Path) -> None:
    """A run over another episode holds nothing up."""
    tiny.write(folder, EDITED)
    assert len(tick(studio, with_run("tiny.e010", dg.DagsterRunStatus.STARTED))[0]) == 1


def test_what_a_run_left_is_not_tried_again(studio: Studio, folder: Path) -> None:
    """What the last run could not make waits for an edit or a person; then the same work gets another key."""
    tiny.write(folder, EDITED)
    once = tick(studio, dg.DagsterInstance.ephemeral())[0][0].run_key
    failed = with_run("tiny.e001", dg.DagsterRunStatus.FAILURE, **{LEFT_TAG: left(studio)})
    requests, why = tick(studio, failed)
    assert requests == [] and "left just this, and nothing has changed since" in why
    made = with_run("tiny.e001", dg.DagsterRunStatus.SUCCESS, **{LEFT_TAG: "0" * 64})
    again = tick(studio, made)[0][0].run_key
    assert again != once


def test_cap(studio: Studio, folder: Path, idle: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that costs more than the cap is not launched; within the cap the run gets the cap."""
    (studio.home.root / "rates.yaml").write_text("machine_usd_per_hour: 3600.0\ngpu_usd_per_hour: 0.0\n")
    tiny.write(folder, EDITED)
    requests, why = tick(studio, idle)
    assert requests == [] and "more than the cap of $0.0000" in why and CAP_VARIABLE in why
    monkeypatch.setenv(CAP_VARIABLE, "1000")
    assert [config(request)["max_usd"] for request in tick(studio, idle)[0]] == [1000.0]
    monkeypatch.setenv(CAP_VARIABLE, "plenty")
    assert "is 'plenty'. Set it to US dollars" in tick(studio, idle)[1]


def test_drifted_work_waits_for_a_word(studio: Studio, folder: Path, idle: dg.DagsterInstance,
                                       monkeypatch: pytest.MonkeyPatch) -> None:
    """A new code version alone launches nothing, until somebody has said that drifted work is wanted too."""
    monkeypatch.setitem(CODE_VERSIONS, "captions", "another")
    assert tick(studio, idle) == ([], "everything is fresh")
    monkeypatch.setenv(DRIFTED_VARIABLE, "1")
    assert [config(request)["include_drifted"] for request in tick(studio, idle)[0]] == [True]


def test_a_folder_that_cannot_be_read(studio: Studio, folder: Path, idle: dg.DagsterInstance) -> None:
    """A series that cannot be read says so in the tick instead of failing it."""
    tiny.write(folder, {"series.yaml": "slug: [\n"})
    requests, why = tick(studio, idle)
    assert requests == [] and why.startswith("tiny: ") and "series.yaml" in why
