"""An action is performed once, whoever asks, and leaves a whole result or none."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from audit.statements import STATEMENT_TYPE
from microdrama_assets.graph.action import Action
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.perform import perform
from microdrama_assets.graph.toolbox import Toolbox
from microdrama_assets.graph.work import Work
from resources.home import Home

KEY = Key("locket", "e001", "sh010")


def desk_in(root: Path) -> Desk:
    return Desk(Home.open(root), {}, Toolbox())


def action_of(desk: Desk, text: str = "still", version: str = "1") -> Action:
    return Action("keyframe", version, params={"seed": 7}, inputs={"frame.json": desk.source(text.encode())},
                  tools={"skia": "1"}, models=({"name": "m", "sha256": "ab" * 32, "revision": "r", "licence": "MIT"},))


def draw(work: Work) -> None:
    work.add("still.png", work.read("frame.json").upper())


def test_a_second_request_finds_the_first_result(tmp_path: Path) -> None:
    """What was made once is found, by another desk too, and nothing runs."""
    desk = desk_in(tmp_path)
    result, hit = perform(desk, KEY, action_of(desk), draw)
    assert not hit
    other = desk_in(tmp_path)
    again, hit = perform(other, Key("locket", "e001", "sh020"), action_of(other), draw)
    assert hit and again == result
    assert (desk.toolbox.made["keyframe"], other.toolbox.made["keyframe"]) == (1, 0)
    assert desk.home.objects.get(again.outputs["still.png"].digest) == b"STILL"


@pytest.mark.parametrize(
    ("label", "change"),
    [("input", {"text": "other"}), ("code version", {"version": "2"})],
)
def test_what_can_change_bytes_changes_the_action(tmp_path: Path, label: str, change: dict[str, str]) -> None:
    """Inputs and code version are in the digest."""
    desk = desk_in(tmp_path)
    assert action_of(desk).digest != action_of(desk, **change).digest


def test_the_action_digest_is_frozen(tmp_path: Path) -> None:
    """The digest of this action is the same in every version that speaks encoding v1."""
    assert action_of(desk_in(tmp_path)).digest == "32475f860ca4e70c6a00fd2c19595d8893e553f86670635c5597f440d8056f4f"


def test_where_sources_lie_does_not_change_the_action(tmp_path: Path) -> None:
    """Files and lines are told beside the recipe, not in it."""
    desk = desk_in(tmp_path)
    action = action_of(desk)
    moved = Action(action.asset, action.code_version, action.params, action.models, action.tools, action.inputs,
                   sources=({"file": "episodes/001.fountain", "lines": [42, 43]},))
    assert moved.digest == action.digest


def test_every_executed_action_leaves_its_statement(tmp_path: Path) -> None:
    """The statement names outputs, inputs, models and parameters, and the result points at it."""
    desk = desk_in(tmp_path)
    action = action_of(desk)
    result, _ = perform(desk, KEY, action, draw)
    statement = json.loads(desk.home.objects.get(result.statement))
    assert statement["_type"] == STATEMENT_TYPE
    assert statement["subject"] == [{"name": "still.png", "digest": {"sha256": result.outputs["still.png"].digest}}]
    definition = statement["predicate"]["buildDefinition"]
    assert definition["externalParameters"]["partition"] == "e001.sh010"
    assert definition["internalParameters"]["actionDigest"] == action.digest
    assert definition["internalParameters"]["models"][0]["licence"] == "MIT"
    (dependency,) = definition["resolvedDependencies"]
    assert desk.home.objects.get(dependency["digest"]["sha256"]) == b"still"


def test_a_failing_action_leaves_nothing(tmp_path: Path) -> None:
    """No result, no lease, no scratch; the next attempt succeeds."""
    desk = desk_in(tmp_path)

    def fail(work: Work) -> None:
        work.add("still.png", b"half")
        (work.scratch / "x").write_bytes(b"")
        raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError):
        perform(desk, KEY, action_of(desk), fail)
    assert desk.home.cache.get(action_of(desk).digest) is None
    assert list(desk.home.refs.names("leases")) == []
    assert [path for path in (tmp_path / "tmp").iterdir() if path.is_dir()] == []
    assert perform(desk, KEY, action_of(desk), draw)[1] is False


def _perform_slowly(root: str) -> tuple[bool, int]:
    desk = desk_in(Path(root))

    def slowly(work: Work) -> None:
        time.sleep(0.5)
        draw(work)

    _, hit = perform(desk, KEY, action_of(desk), slowly)
    return hit, desk.toolbox.made["keyframe"]


def test_two_processes_on_one_action_do_it_once(tmp_path: Path) -> None:
    """One makes it; the other waits and finds it."""
    Home.open(tmp_path)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        outcomes = pool.map(_perform_slowly, [str(tmp_path)] * 2)
    assert sorted(outcomes) == [(False, 1), (True, 0)]


KILLED = """
import os, signal, sys, time
from pathlib import Path
from tests.graph.test_perform import KEY, action_of, desk_in
from microdrama_assets.graph.perform import perform

def die(work):
    work.add("still.png", b"half")
    print("working", flush=True)
    time.sleep(60)

desk = desk_in(Path(sys.argv[1]))
perform(desk, KEY, action_of(desk), die)
"""


def test_a_killed_process_leaves_nothing_locked_and_nothing_visible(tmp_path: Path) -> None:
    """After SIGKILL in the middle of an action, the next process makes it at once."""
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True,
                             cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONPATH": "."})
    assert child.stdout is not None and child.stdout.readline() == "working\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    desk = desk_in(tmp_path)
    assert desk.home.cache.get(action_of(desk).digest) is None
    result, hit = perform(desk, KEY, action_of(desk), draw)
    assert not hit and desk.home.objects.get(result.outputs["still.png"].digest) == b"STILL"
    assert list(desk.home.refs.names("leases")) == []
