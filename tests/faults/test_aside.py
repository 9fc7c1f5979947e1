"""What the warm worker makes beside its waves: sound while the picture is drawn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.work import Work
from microdrama_assets.planning import Request
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.worker import Worker
from partitions.keys import parse_selection
from tests.faults.made_worker import Make, draw, recorded, step, told_made, worker_of

PATIENCE_S = 30.0
SHOT, KEY = "locket.e001.sh010", Key("locket", "e001", "sh010")
EACH = {name: [KEY.partition] for name in ("mix", "still", "package")}


def worker_in(root: Path, mix: Make, still: Make, ahead: list[str]) -> Worker:
    """A mix aside, a still, and a package of both that can do something as soon as the mix is there."""
    def packed_ahead(desk: Desk, key: Key, going: Callable[[float], None]) -> float:
        ahead.append(desk.input("mix", key, "still.png").blob.digest)
        return 2.5

    return worker_of(root, step("mix", mix, aside=True), step("still", still),
                     step("package", draw, "mix", "still", ahead=("mix", packed_ahead)))


def test_neither_waits_for_the_other(tmp_path: Path) -> None:
    """The still is drawn while the mix is made; both are told as made by the render that asked for them."""
    begun, ahead, waves = threading.Event(), list[str](), list[str]()

    def waiting(work: Work) -> None:
        assert begun.wait(PATIENCE_S), "the still was not begun while the mix was made"
        draw(work)

    def beginning(work: Work) -> None:
        begun.set()
        draw(work)

    worker = worker_in(tmp_path, waiting, beginning, ahead)
    report = worker.render(Request(parse_selection(SHOT)), lambda asset, count: waves.append(asset))
    assert (report.failures, report.usd) == ([], 2.5)
    assert waves == ["still", "mix", "package"]
    assert recorded(worker) == EACH
    assert ahead == [worker.studio.desk.input("mix", KEY, "still.png").blob.digest]
    assert told_made(worker, "mix") == {KEY.partition: "now"}


def test_a_failure_beside_is_told_once(tmp_path: Path) -> None:
    """What fails beside other work stops none of it, and is told as that partition's own failure."""
    def broken(work: Work) -> None:
        raise MicrodramaError("the microphone is off", remedy="Turn it on")

    worker = worker_in(tmp_path, broken, draw, [])
    (failure,) = worker.render(Request(parse_selection(SHOT))).failures
    assert failure.startswith("mix locket.e001.sh010: the microphone is off")
    assert recorded(worker) == {"mix": [], "still": [KEY.partition], "package": []}


def test_a_cap_has_everything_in_turn(tmp_path: Path) -> None:
    """Under a cap nothing is begun before its price was held against what is left."""
    ahead, waves = list[str](), list[str]()
    worker = worker_in(tmp_path, draw, draw, ahead)
    worker.render(Request(parse_selection(SHOT)), lambda asset, count: waves.append(asset), max_usd=1.0)
    assert (waves, ahead) == (["mix", "still", "package"], [])
    assert recorded(worker) == EACH


def test_what_needs_nothing_goes_ahead_once(tmp_path: Path) -> None:
    """It begins before the first wave ends, for partitions that are to be made, and never under a cap."""
    begun, told = threading.Event(), list[Key]()

    def spoken_ahead(desk: Desk, key: Key, going: Callable[[float], None]) -> float:
        told.append(key)
        begun.set()
        return 1.5

    def waiting(work: Work) -> None:
        assert begun.wait(PATIENCE_S), "nothing went ahead while the still was drawn"
        draw(work)

    steps = (step("still", waiting), step("package", draw, "still", ahead=(None, spoken_ahead)))
    worker = worker_of(tmp_path, *steps)
    request = Request(parse_selection(SHOT))
    assert (worker.render(request).usd, told) == (1.5, [KEY])
    worker.render(request)
    assert told == [KEY]
    capped = worker_of(tmp_path / "capped", *steps)
    begun.set()
    capped.render(request, max_usd=100.0)
    assert told == [KEY]


def test_what_was_changed_goes_ahead_again(tmp_path: Path) -> None:
    """Made before, and stale now because of a step above it; not where drifted work keeps its last results."""
    told = list[Key]()

    def spoken_ahead(desk: Desk, key: Key, going: Callable[[float], None]) -> float:
        told.append(key)
        return 0.0

    def worker(version: str) -> Worker:
        return worker_of(tmp_path, step("still", draw, version=version),
                         step("package", draw, "still", ahead=(None, spoken_ahead)))

    request = Request(parse_selection(SHOT))
    worker("1").render(request)
    assert told == [KEY]
    worker("2").render(replace(request, include_drifted=False))
    assert told == [KEY]
    worker("2").render(request)
    assert told == [KEY, KEY]
