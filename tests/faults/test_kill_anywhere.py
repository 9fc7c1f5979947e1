"""A render killed again and again, in every asset and at any moment, ends as one that nobody disturbed."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from microdrama_assets.graph.live_keys import live_keys
from microdrama_assets.graph.partition_names import to_dagster
from microdrama_assets.request import ON_DEMAND
from microdrama_assets.steps import STEPS
from microdrama_assets.warm_instance import warm_instance
from partitions.registry import load
from resources.home import Home
from tests.e2e import tiny
from tests.faults import inspection, rendering
from tests.faults.rendering import NEVER, Fuse, Phase

pytestmark = pytest.mark.e2e

SEED = 20260
TWICE = {"shot_manifest", "episode_package"}
"""Assets with another action inside."""
DELIVERED = {"episode_package": 60}
"""Where much is written after the record: among how many events the kill is drawn."""
RENDERED = [step for step in STEPS.values() if step.group not in ON_DEMAND and step.name != "published_episode"]
ASSETS = {*(step.name for step in RENDERED), "speech_take", "audio_rendition"}


@dataclass(frozen=True)
class Undisturbed:
    """What a render of the tiny series does when nobody kills it."""

    home: Path
    series: Path
    results: int
    order: tuple[str, ...]
    """Assets in the order in which their first action ends."""
    actions: dict[str, frozenset[str]]
    seconds: dict[str, float]
    """The longest action of each asset."""
    events: dict[str, int]
    """The fewest events inside an action of each asset."""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("undisturbed")
    home, series, counts = folder / "home", tiny.write(folder / "tiny"), folder / "counts.json"
    process = rendering.start(home, series, folder / "begun", counts=counts)
    process.join()
    assert process.exitcode == 0
    inside, found = rendering.events_inside(counts), inspection.records(home)
    written = {action: (home / "refs" / "actions" / action[:2] / action).stat().st_mtime_ns for action in found}
    order = tuple(dict.fromkeys(found[action]["asset"] for action in sorted(found, key=lambda one: written[one])))
    of = {asset: frozenset(action for action in found if found[action]["asset"] == asset) for asset in order}
    return Undisturbed(
        home, series, len(found), order, of,
        {asset: max(found[action]["seconds"] for action in of[asset]) for asset in order},
        {asset: min(inside[action] for action in of[asset]) for asset in order})


@dataclass(frozen=True)
class Kill:
    """When to kill: by the fuse, or `after_s` seconds into the action where that comes first."""

    asset: str
    phase: Phase
    event: int = NEVER
    after_s: float | None = None


def planned(run: Undisturbed) -> Iterator[Kill]:
    """Of every asset: at one of the events inside, at any time inside, and at one of the events that follow."""
    chance = random.Random(SEED)
    for asset in run.order:
        for _ in range(2 if asset in TWICE else 1):
            yield Kill(asset, Phase.INSIDE, event=chance.randint(1, run.events[asset]))
        yield Kill(asset, Phase.INSIDE, after_s=chance.uniform(0.0, run.seconds[asset]))
        yield Kill(asset, Phase.AFTER, event=chance.randint(1, DELIVERED.get(asset, 6)))


def test_killed_anywhere_ends_the_same(undisturbed: Undisturbed, tmp_path: Path) -> None:
    """Fifty kills, some inside every asset's action: nothing finished is begun again, nothing half-made is seen, and
    the end is the undisturbed one, byte for byte."""
    assert set(undisturbed.order) == ASSETS
    home, inspector, hit = tmp_path / "home", inspection.Inspector(tmp_path / "home"), dict.fromkeys(ASSETS, 0)
    kills = list(planned(undisturbed))
    for number, kill in enumerate(kills):
        begun = tmp_path / f"begun-{number}"
        fuse = Fuse(undisturbed.actions[kill.asset], kill.phase, kill.event)
        process = rendering.start(home, undisturbed.series, begun, fuse)
        moment = strike(process, begun, kill, undisturbed)
        print(f"kill {number}: {kill.asset}, {moment}")
        inspector.look(read(begun))
        unfinished = inspection.leases(home).keys() - inspector.finished.keys()
        hit[kill.asset] += bool(undisturbed.actions[kill.asset] & unfinished)
    assert len(kills) >= 50
    assert min(hit.values()) >= 1, hit
    final = rendering.start(home, undisturbed.series, tmp_path / "begun")
    final.join()
    assert final.exitcode == 0
    inspector.look(read(tmp_path / "begun"))
    assert inspection.apart(home, undisturbed.home) == []
    assert inspection.delivered(home) == inspection.delivered(undisturbed.home)
    assert (list(Home.open(home).leases.alive()), inspection.scratch_folders(home)) == ([], [])


def strike(process: rendering.ForkServerProcess, begun: Path, kill: Kill, run: Undisturbed) -> str:
    """Waits for the fuse, or kills from outside once its time has come; says when the process died."""
    if kill.after_s is not None:
        while process.is_alive() and not read(begun) & run.actions[kill.asset]:
            time.sleep(0.002)
        process.join(kill.after_s)
        if process.is_alive():
            rendering.kill(process)
            return f"{kill.after_s:.3f} s into it"
    process.join()
    rendering.kill(process)
    assert process.exitcode == -9, f"{kill} did not strike"
    return f"{kill.phase} event {kill.event}" if kill.event != NEVER else "just before its record"


def read(begun: Path) -> set[str]:
    return set(begun.read_text().split()) if begun.exists() else set()


def test_killed_command_line_leaves_dagster_whole(undisturbed: Undisturbed, tmp_path: Path) -> None:
    """`microdrama render` killed four times and started again: the same results, each result once, the evidence
    verifies, and Dagster's records open, show every partition, and call no dead run running."""
    home, inspector, chance = tmp_path / "home", inspection.Inspector(tmp_path / "home"), random.Random(SEED)
    for _ in range(4):
        running = tiny.started(home, "render", undisturbed.series)
        seen = watched(home, running, chance.uniform(0.0, 0.15 * sum(undisturbed.seconds.values())))
        assert running.poll() is None, running.communicate()
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
        inspector.look(seen)
    said = tiny.microdrama(home, "render", undisturbed.series, "--json")
    assert said.code == 0, said.err
    assert sum(said.json["made"].values()) == undisturbed.results - len(inspector.finished)
    inspector.look(set())
    assert inspection.apart(home, undisturbed.home) == []
    assert inspection.delivered(home) == inspection.delivered(undisturbed.home)
    audited = subprocess.run([sys.executable, "-m", "audit", "verify", str(home), "--json"], cwd=tiny.ROOT,
                             capture_output=True, text=True, check=False)
    assert audited.returncode == 0, audited.stdout + audited.stderr
    for place in (home / "dagster").rglob("*.db"):
        with closing(sqlite3.connect(place)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)], place
    with warm_instance(home / "dagster") as instance:
        assert {run.status for run in instance.get_runs()} == {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE}
        shown = {(asset.path[-1], partition) for asset in instance.get_asset_keys()
                 for partition in instance.get_materialized_partitions(asset)}
    registry = load(Home.open(home).refs, "tiny")
    assert registry is not None
    assert shown == {(step.name, to_dagster(step.scope, key)) for step in RENDERED
                     for key in live_keys(step.scope, registry[0])}


def watched(home: Path, running: subprocess.Popen[str], delay_s: float) -> set[str]:
    """The actions that a process is seen to have under way, until so long after its first run in Dagster began."""
    seen: set[str] = set()
    deadline, before = None, runs_in(home)
    while running.poll() is None and (deadline is None or time.monotonic() < deadline):
        seen |= {name for name, lease in inspection.leases(home).items() if lease["process"] == running.pid}
        if seen and deadline is None and runs_in(home) > before:
            deadline = time.monotonic() + delay_s
        time.sleep(0.005)
    return seen


def runs_in(home: Path) -> set[str]:
    """The runs of which Dagster has events."""
    return {place.stem for place in (home / "dagster" / "history" / "runs").glob("*-*.db")}
