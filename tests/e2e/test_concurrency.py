"""Several at once, and stopping them: what processes share, what a pool holds back, what a cancelled run leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from microdrama_assets.warm_instance import warm_instance
from tests.e2e import tiny
from tests.e2e.server import DagsterServer
from tests.faults import inspection

pytestmark = pytest.mark.e2e

RENDITION = "tiny/abr_rendition"
SHOTS = ("en|e001.sh010", "en|e001.sh020")
WAITING, UNDER_WAY = {"NOT_STARTED", "QUEUED"}, {"STARTING", "STARTED"}


def forget(home: Path, asset: str = "abr_rendition") -> set[str]:
    """Takes the results of an asset out of the cache, so that they are to be made again; returns their actions."""
    gone = {action for action, record in inspection.records(home).items() if record["asset"] == asset}
    assert gone
    for action in gone:
        (home / "refs" / "actions" / action[:2] / action).unlink()
    return gone


def encoders(home: Path) -> list[str]:
    """Command lines of all processes but the product's own that name a file of the home: its children."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = place.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if "ffmpeg" in Path(command[0]).name and any(str(home) in part for part in command):
            found.append(" ".join(command))
    return found


def working(home: Path, actions: set[str]) -> bool:
    """Whether one of these actions is under way, so far that its encoder runs."""
    return bool(actions & inspection.leases(home).keys()) and bool(encoders(home))


def assert_nothing_is_left(home: Path) -> None:
    """No lease, no child, no scratch, nothing half-written where readers look."""
    assert (inspection.leases(home), encoders(home)) == ({}, [])
    assert (inspection.scratch_folders(home), inspection.partial_files(home)) == ([], [])


def statuses(server: DagsterServer, backfills: list[str]) -> list[str]:
    return sorted(run["status"] for one in backfills for run in server.backfill_runs(one))


@pytest.mark.parametrize("limit", [None, 2], ids=["the home's default of 1", "a limit of 2"])
def test_pool_holds_runs_back(server: DagsterServer, limit: int | None) -> None:
    """Two backfills that both encode: under a limit of 1 the second run waits in the queue until the first has ended;
    under 2 it leaves the queue while the first is under way."""
    server.until(lambda: server.ticks("follow_series_folders"), "the pools are known")
    if limit is not None:
        server.set_pool_limit("encoder", limit)
    actions = forget(server.home)
    both = [server.backfill([RENDITION], [shot]) for shot in SHOTS]
    most = 0

    def have_begun() -> bool:
        nonlocal most
        found = statuses(server, both)
        most = max(most, sum(status in UNDER_WAY for status in found))
        return len(found) == 2 and not WAITING & set(found)

    server.until(have_begun, "both have left the queue", every_s=0.2)
    assert most == (limit or 1)
    assert [server.completed(one) for one in both] == ["COMPLETED_SUCCESS"] * 2
    assert actions <= tiny.actions(server.home)
    if limit is None:
        first, second = sorted((run["startTime"], run["endTime"]) for one in both for run in server.backfill_runs(one))
        assert first[1] <= second[0]


def test_command_line_and_daemon_share_the_work(server: DagsterServer) -> None:
    """While the daemon's run encodes a shot, the command line waits for it and encodes the other one only."""
    actions = forget(server.home)
    run = server.launch([RENDITION], SHOTS[0])
    server.until(lambda: working(server.home, actions), "the daemon's run encodes", every_s=0.1)
    said = tiny.microdrama(server.home, "render", "tiny", "--json")
    assert said.code == 0, said.err
    assert said.json["made"] == {"abr_rendition": 1}
    assert server.ended(run) == "SUCCESS"
    assert actions <= tiny.actions(server.home)
    assert {event.metadata.get("made") for event in server.events(RENDITION) if event.run == run} >= {"now"}
    assert_nothing_is_left(server.home)


def test_terminated_run_ends_cleanly(server: DagsterServer) -> None:
    """A run terminated in the UI in the middle of an encode is cancelled at once, leaves nothing behind, and is gone on
    with by the next render."""
    actions = forget(server.home)
    run = server.launch([RENDITION], SHOTS[0])
    server.until(lambda: working(server.home, actions), "the run encodes", every_s=0.1)
    server.terminate(run)
    assert server.ended(run) == "CANCELED"
    server.until(lambda: not inspection.leases(server.home), "its process has ended")
    assert_nothing_is_left(server.home)
    assert not actions & tiny.actions(server.home)
    said = tiny.microdrama(server.home, "render", "tiny", "--json")
    assert (said.code, said.json["made"]) == (0, {"abr_rendition": 2}), said.err


@pytest.mark.parametrize("stop", [
    lambda process: os.killpg(process.pid, signal.SIGINT),
    lambda process: process.terminate(),
], ids=["Ctrl-C", "SIGTERM"])
def test_stopped_command_line_ends_cleanly(server: DagsterServer, stop: Callable[[subprocess.Popen[str]], Any]) -> None:
    """Ctrl-C in a terminal, and a service manager's word, end a render in the middle of an encode with a message and
    without a trace; what was finished stays, and the next render goes on."""
    home = server.home
    for _ in range(6):
        actions = forget(home)
        running = tiny.started(home, "render", "tiny")
        server.until(lambda actions=actions: working(home, actions), "it encodes", every_s=0.1)
        stop(running)
        out, err = running.communicate(timeout=tiny.PATIENCE_S)
        if not actions & tiny.actions(home):
            break  # else it had encoded before it heard: such a short encode is easily missed
    assert running.returncode == 130, (out, err)
    assert "Stopped. Finished work is kept" in err
    assert "Traceback" not in err
    assert_nothing_is_left(home)
    with warm_instance(home / "dagster") as instance:
        assert instance.get_runs(limit=1)[0].status is dg.DagsterRunStatus.CANCELED
    assert not actions & tiny.actions(home)
    again = tiny.microdrama(home, "render", "tiny", "--json")
    assert (again.code, json.loads(again.out)["made"]) == (0, {"abr_rendition": 2}), again.err


def test_killed_server_leaves_no_run_behind(server: DagsterServer) -> None:
    """Webserver, daemon and run killed in the middle of an encode: the next server closes the run within seconds, where
    it would hold its place in queue and pool for ever, and the next run goes on."""
    actions = forget(server.home)
    run = server.launch([RENDITION], SHOTS[0])
    server.until(lambda: working(server.home, actions), "the run encodes", every_s=0.1)
    kill_all_of(server.home)
    server.process.wait()
    again = DagsterServer(server.home, server.log.with_name("again.log"))
    try:
        again.wait()
        assert again.ended(run) == "FAILURE"
        assert "Its process was killed" in again.said(run)
        assert again.materialize([RENDITION], SHOTS[0])[1] == "SUCCESS"
        assert len(actions & tiny.actions(server.home)) == 1
    finally:
        again.stop()


def kill_all_of(home: Path) -> None:
    """SIGKILL to every process that was started for this home: the test's own, known by their environment."""
    mark = f"MICRODRAMA_HOME={home}".encode()
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in place.read_bytes().split(b"\0"):
                os.kill(int(place.parent.name), signal.SIGKILL)
        except OSError:
            continue
