"""What the warm worker makes beside its waves: sound while the picture is drawn."""

from __future__ import annotations

import threading
from pathlib import Path

from microdrama_assets.factory import asset_key
from microdrama_assets.graph.action import Action
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.studio import Studio
from microdrama_assets.graph.work import Work
from microdrama_assets.planning import Request
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.worker import Worker
from partitions.keys import parse_selection
from partitions.registry import save
from resources.home import Home
from tests.faults.test_batches import Make, draw
from tests.partitions.locket import locket

PATIENCE_S = 30.0
SHOT, KEY = "locket.e001.sh010", Key("locket", "e001", "sh010")
EACH = {name: [KEY.partition] for name in ("mix", "still", "package")}


def step(name: str, make: Make, *upstream: str, **more: object) -> Step:
    def recipe(desk: Desk, key: Key) -> Action:
        inputs = {above: desk.input(above, key, "still.png") for above in upstream}
        return Action(name, "1", inputs=inputs or {"frame.json": desk.source(f"{name} {key}".encode())})

    return Step(name, "picture", Scope.SHOT, "1", name, recipe, make, upstream, **more)  # pyright: ignore[reportArgumentType]


def worker_in(root: Path, mix: Make, still: Make, ahead: list[str]) -> Worker:
    """A mix aside, a still, and a package of both that can do something as soon as the mix is there."""
    def packed_ahead(desk: Desk, key: Key) -> float:
        ahead.append(desk.input("mix", key, "still.png").blob.digest)
        return 2.5

    home = Home.open(root)
    save(home.refs, locket(), None)
    steps = (step("mix", mix, aside=True), step("still", still),
             step("package", draw, "mix", "still", ahead=("mix", packed_ahead)))
    return Worker(Studio(home, {one.name: one for one in steps}))


def recorded(worker: Worker) -> dict[str, list[str]]:
    """The partitions that Dagster has events of, by asset."""
    return {name: sorted(worker.instance.get_materialized_partitions(asset_key(one, "locket")))
            for name, one in worker.studio.steps.items()}


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
    event = worker.instance.get_latest_materialization_event(asset_key(worker.studio.steps["mix"], "locket"))
    assert event is not None and event.asset_materialization is not None
    assert "found" not in str(event.asset_materialization.metadata)


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
    """It begins before the first wave ends, for partitions that were never made, and never under a cap."""
    begun, told = threading.Event(), list[Key]()

    def spoken_ahead(desk: Desk, key: Key) -> float:
        told.append(key)
        begun.set()
        return 1.5

    def waiting(work: Work) -> None:
        assert begun.wait(PATIENCE_S), "nothing went ahead while the still was drawn"
        draw(work)

    home = Home.open(tmp_path)
    save(home.refs, locket(), None)
    steps = (step("still", waiting), step("package", draw, "still", ahead=(None, spoken_ahead)))
    worker = Worker(Studio(home, {one.name: one for one in steps}))
    request = Request(parse_selection(SHOT))
    assert (worker.render(request).usd, told) == (1.5, [KEY])
    worker.render(request)
    assert told == [KEY]
    capped = Worker(Studio(Home.open(tmp_path / "capped"), worker.studio.steps))
    save(capped.home.refs, locket(), None)
    begun.set()
    capped.render(request, max_usd=100.0)
    assert told == [KEY]
