"""What a batch under Dagster records when one of its shots fails, is stopped, or cannot be told of."""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import asdict, replace
from pathlib import Path

import dagster as dg
import pytest

from microdrama_assets.factory import asset_key
from microdrama_assets.graph.action import Action
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.work import Work
from microdrama_assets.planning import Report, Request
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.worker import Worker
from partitions.keys import Selection
from resources.processes import this_process
from tests.faults.made_worker import Make, draw, worker_of

SHOTS = ["e001.sh010", "e001.sh020", "e001.sh030", "e002.sh010"]


def recipe(desk: Desk, key: Key) -> Action:
    return Action("still", "1", inputs={"frame.json": desk.source(str(key).encode())})


def worker_in(root: Path, make: Make, **more: object) -> Worker:
    """A worker whose graph is one step over the shots of the locket, made one after the other."""
    step = Step("still", "picture", Scope.SHOT, "1", "A still.", recipe, make, pool="picture", **more)  # pyright: ignore[reportArgumentType]
    return worker_of(root, step, workers=1)


def render(worker: Worker) -> Report:
    return worker.render(Request(Selection("locket")))


def recorded(worker: Worker) -> list[str]:
    """The partitions that Dagster has events of."""
    return sorted(worker.instance.get_materialized_partitions(asset_key(worker.studio.steps["still"], "locket")))


def standing(worker: Worker) -> list[str]:
    """The partitions that the plan calls made."""
    return sorted(shot for shot in SHOTS if worker.home.cache.head("locket", "still", shot) is not None)


def only_in(shot: str, fail: Make) -> Make:
    def make(work: Work) -> None:
        if work.key.partition == shot:
            fail(work)
        draw(work)

    return make


def no_light(work: Work) -> None:
    raise MicrodramaError("the lamp is broken", remedy="Change the lamp")


def defect(work: Work) -> None:
    raise ZeroDivisionError("division by zero")


@pytest.mark.parametrize(("fail", "told"), [
    (no_light, ("the lamp is broken", "Change the lamp")),
    (defect, ("a defect", "ZeroDivisionError: division by zero")),
], ids=["refused", "defect"])
def test_failing_shot_stops_no_sibling(tmp_path: Path, fail: Make, told: tuple[str, ...]) -> None:
    """In one batch the other shots are made and recorded, exactly they; the failure names shot and cause; rendering
    again makes the missing one alone."""
    failing = worker_in(tmp_path, only_in("e001.sh020", fail))
    report = render(failing)
    rest = [shot for shot in SHOTS if shot != "e001.sh020"]
    assert (recorded(failing), standing(failing)) == (rest, rest)
    assert [str(key) for _, key in report.recorded] == [f"locket.{shot}" for shot in rest]
    (failure,) = report.failures
    assert all(part in failure for part in ("still locket.e001.sh020", *told)), failure
    (run,) = failing.instance.get_runs()
    assert run.status is dg.DagsterRunStatus.FAILURE
    repaired = worker_in(tmp_path, draw)
    assert render(repaired).failures == []
    assert repaired.studio.toolbox.log == [("still", "locket.e001.sh020")]
    assert recorded(repaired) == SHOTS


def interrupt(work: Work) -> None:
    """Ctrl-C in the middle of a long action that tells progress."""
    os.kill(os.getpid(), signal.SIGINT)
    while True:
        work.progress(0.5)
        time.sleep(0.01)


def test_interrupted_batch_records_what_it_finished(tmp_path: Path) -> None:
    """Ctrl-C ends the action in flight and starts no other; what was finished is recorded, nothing is held, the run is
    cancelled, and rendering again makes the rest alone."""
    stopped = worker_in(tmp_path, only_in("e001.sh020", interrupt))
    with pytest.raises(KeyboardInterrupt):
        render(stopped)
    assert (recorded(stopped), standing(stopped)) == (SHOTS[:1], SHOTS[:1])
    (run,) = stopped.instance.get_runs()
    assert run.status is dg.DagsterRunStatus.CANCELED
    assert list(stopped.home.refs.names("leases")) == []
    assert [path for path in (tmp_path / "tmp").iterdir() if path.is_dir()] == []
    again = worker_in(tmp_path, draw)
    assert render(again).failures == []
    assert [shot for _, shot in again.studio.toolbox.log] == [f"locket.{shot}" for shot in SHOTS[1:]]


def test_waiting_for_another_process_can_be_stopped(tmp_path: Path) -> None:
    """Ctrl-C while somebody else makes the shot does not wait until they have."""
    worker = worker_in(tmp_path, draw)
    (digest,) = {worker.studio.desk.action("still", Key("locket", "e001", "sh010")).digest}
    told: list[float] = []

    def told_twice(asset: str, key: Key, share: float) -> None:
        """First of the start, then of the waiting."""
        told.append(share)
        if len(told) == 2:
            os.kill(os.getpid(), signal.SIGINT)

    worker.studio.on_progress = told_twice
    with worker.home.leases.held(digest), pytest.raises(KeyboardInterrupt):
        render(worker)


def test_nothing_stands_before_dagster_was_told(tmp_path: Path) -> None:
    """A partition whose event could not be written is not called fresh: else nobody would ever see it in the UI."""
    def broken(desk: Desk, key: Key, result: object) -> dict[str, object]:
        raise OSError("the disk is gone")

    silent = worker_in(tmp_path, draw, show=broken)
    with pytest.raises(RuntimeError, match="the disk is gone"):
        render(silent)
    assert (recorded(silent), standing(silent)) == ([], [])
    told = worker_in(tmp_path, draw)
    assert (render(told).failures, told.studio.toolbox.log, recorded(told)) == ([], [], SHOTS)


def test_killed_runs_do_not_count_as_running(tmp_path: Path) -> None:
    """What a killed process left as running is ended by the next one; a run whose process lives is left alone."""
    worker, here = worker_in(tmp_path, draw), this_process()
    job = dg.Definitions(jobs=[empty]).resolve_job_def("empty")
    for label, process in (("gone", replace(here, started="1")), ("alive", here)):
        worker.instance.create_run_for_job(job, tags={
            "label": label, "microdrama/process": json.dumps(asdict(process))})
    again = worker_in(tmp_path, draw)
    assert {run.tags["label"]: run.status for run in again.instance.get_runs()} == {
        "gone": dg.DagsterRunStatus.FAILURE, "alive": dg.DagsterRunStatus.NOT_STARTED}


@dg.job
def empty() -> None:
    pass
