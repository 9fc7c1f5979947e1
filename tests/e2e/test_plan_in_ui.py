"""The plan where producers are: the view, the launchpad's job and the sensor, under the real webserver and daemon."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from microdrama_assets.factory import asset_key
from microdrama_assets.graph.partition_names import from_dagster
from microdrama_assets.jobs.render_stale import JOB, SELECTION_TAG
from microdrama_assets.jobs.when_stale import SENSOR
from microdrama_assets.steps import STEPS
from resources.home import Home
from tests.e2e import tiny
from tests.e2e.server import DagsterServer

pytestmark = pytest.mark.e2e

FIRST, SECOND = "episodes/001.fountain", "episodes/002.fountain"
VIEW = "tiny/render_plan"
SPOKEN_SHOT = {
    ("episode_script", "tiny.e001"), ("shot_manifest", "tiny.e001"), ("shot_spec", "tiny.e001.sh010"),
    ("dialogue_track", "tiny.e001.sh010@en"), ("captions", "tiny.e001.sh010@en"),
    ("lipsynced_clip", "tiny.e001.sh010@en"), ("abr_rendition", "tiny.e001.sh010@en"), ("audio_mix", "tiny.e001@en"),
    ("episode_package", "tiny.e001@en"), ("episode_review", "tiny.e001"),
}
"""What another line in `sh010` touches: neither picture nor clip of it, nothing of `sh020`."""
UNSURE = {("interpolated_clip", "tiny.e001.sh010")}
"""In the plan until the new line has been spoken: only then is it known that the shot stays as long as it was."""


def job(server: DagsterServer, **config: Any) -> str:
    return server.launch_job(JOB, {"selection": "tiny", **config})


def waves(server: DagsterServer, run: str) -> list[dict[str, Any]]:
    """The runs that a run of the job launched, as the UI lists them beside it."""
    return server.runs(**{"dagster/parent_run_id": run})


def recorded(server: DagsterServer, *runs: str) -> set[tuple[str, str]]:
    """Asset and partition of every materialization in the event log of these runs."""
    return {(name, str(from_dagster(step.scope, "tiny", str(event.partition)))) for name, step in STEPS.items()
            for event in server.events("/".join(asset_key(step, "tiny").path)) if event.run in runs}


def rows(observation: dict[str, Any]) -> set[tuple[str, str]]:
    return {(row["asset"], row["partition"]) for row in observation["plan"]}


def test_view_of_a_fresh_series(server: DagsterServer) -> None:
    """Observed on a fresh series the plan is empty; the view is nothing that "materialize all" could include."""
    assert server.ended(server.launch([VIEW])) == "SUCCESS"
    seen = server.observations(VIEW)[0]
    assert seen["plan"] == []
    assert {name: seen[name] for name in ("stale", "drifted", "missing", "blocked")} == dict.fromkeys(
        ("stale", "drifted", "missing", "blocked"), 0)
    assert seen["fresh"] == sum(len(server.latest("/".join(asset_key(step, "tiny").path))) for step in STEPS.values())


def test_only_what_changed_runs(server: DagsterServer, studio_folder: Path) -> None:
    """After one edited line and a new episode, the event log of the job holds exactly what the plan named."""
    tiny.write(studio_folder / "tiny", {FIRST: tiny.screenplay("Hold it to the light."), SECOND: tiny.screenplay("Do you see this key?")})
    server.until(lambda: "e002" in server.partitions()["tiny/episode_script"], "the new episode is listed")
    before = tiny.actions(server.home)
    shown = job(server, dry_run=True)
    assert server.ended(shown) == "SUCCESS"
    plan = server.observations(VIEW)[0]
    assert plan["run"] == shown and tiny.actions(server.home) == before and not waves(server, shown)
    run = job(server)
    assert server.ended(run) == "SUCCESS", server.said(run)
    made = recorded(server, *(wave["runId"] for wave in waves(server, run)))
    assert made <= rows(plan) <= made | UNSURE
    assert {pair for pair in made if ".e002" not in pair[1]} == SPOKEN_SHOT
    assert {wave["status"] for wave in waves(server, run)} == {"SUCCESS"}
    after, planned = server.observations(VIEW)[:2]
    assert rows(after) == set() and rows(planned) == rows(plan)
    server.until(lambda: "e002.sh010" in server.partitions()["tiny/keyframe"], "the new shots are listed")


def test_cancelled_job_ends_its_waves(server: DagsterServer, studio_folder: Path) -> None:
    """Terminating the job ends the wave under way and begins no other, and leaves no lease; the next run goes on."""
    tiny.write(studio_folder / "tiny", {FIRST: tiny.screenplay("Look at it again, very closely."), SECOND: None})
    run = job(server, selection="tiny.e001")
    server.until(lambda: any(wave["status"] == "STARTED" for wave in waves(server, run)), "a wave runs", every_s=0.1)
    server.terminate(run)
    assert server.ended(run) == "CANCELED"
    assert {wave["status"] for wave in waves(server, run)} <= {"SUCCESS", "CANCELED"}
    assert list(Home.open(server.home).refs.names("leases")) == []
    done = recorded(server, *(wave["runId"] for wave in waves(server, run)))
    assert ("episode_review", "tiny.e001") not in done
    again = job(server, selection="tiny.e001")
    assert server.ended(again) == "SUCCESS", server.said(again)
    assert done.isdisjoint(recorded(server, *(wave["runId"] for wave in waves(server, again))))


def test_failure_names_shot_and_cause(server: DagsterServer, studio_folder: Path) -> None:
    """A shot that cannot be made fails the job by name and cause; what does not need it is made."""
    plate = plate_of(Home.open(server.home), "e001.sh010")
    good = plate.read_bytes()
    plate.write_bytes(good[:-1])
    tiny.write(studio_folder / "tiny", {FIRST: tiny.screenplay("Bring it to me, and tell nobody.")})
    run = job(server, selection="tiny.e001")
    assert server.ended(run) == "FAILURE"
    said = server.said(run)
    plate.write_bytes(good)
    assert re.search(rf"_clip tiny\.e001\.sh\d+: object {plate.name} holds bytes", said), said
    assert ("audio_mix", "tiny.e001@en") in recorded(server, *(wave["runId"] for wave in waves(server, run)))


def plate_of(home: Home, shot: str) -> Path:
    """Where a plate of a shot's keyframe is stored."""
    record = home.cache.get(str(home.cache.head("tiny", "keyframe", shot)))
    assert record is not None
    digest = next(blob["digest"] for name, blob in record["outputs"].items() if name.startswith("plates/"))
    return home.objects.path(digest)


def test_sensor_renders_edits_once(server: DagsterServer, studio_folder: Path) -> None:
    """Turned on, the sensor leaves alone what a run could not make, and launches one run for an edit."""
    server.start_sensor(SENSOR)
    server.until(lambda: any("left just this" in (tick["skipReason"] or "") for tick in server.ticks(SENSOR)),
                 "the sensor has looked")
    tiny.write(studio_folder / "tiny", {FIRST: tiny.screenplay("Look at it closely.")})
    mine = {"dagster/sensor_name": SENSOR, SELECTION_TAG: "tiny.e001"}
    run = server.until(lambda: server.runs(**mine), "the sensor has launched a run")[0]["runId"]
    assert server.ended(run) == "SUCCESS", server.said(run)
    made = recorded(server, *(wave["runId"] for wave in waves(server, run)))
    assert ("captions", "tiny.e001.sh010@en") in made and ("keyframe", "tiny.e001.sh020") not in made
    ticks = len(server.ticks(SENSOR))
    server.until(lambda: len(server.ticks(SENSOR)) > ticks, "the sensor has looked again")
    assert server.ticks(SENSOR)[0]["skipReason"] == "everything is fresh"
    assert len(server.runs(**mine)) == 1
