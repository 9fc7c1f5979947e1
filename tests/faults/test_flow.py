"""Single shots that go on to later steps while a wave still makes their siblings."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from microdrama_assets.graph.action import Action
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.work import Work
from microdrama_assets.planning import Request
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.worker import Worker
from partitions.keys import Selection
from tests.faults.made_worker import Make, draw, recorded, step, told_made, worker_of

PATIENCE_S = 30.0
"""Far more than any of this takes; only a fault waits so long."""
EPISODE = Selection("locket", "e001")
SHOTS = [Key("locket", "e001", shot) for shot in ("sh010", "sh020", "sh030")]
FIRST, *_, LAST = SHOTS
ALL = sorted(key.partition for key in SHOTS)


def worker_in(root: Path, still: Make, clip: Make, flows: bool = True) -> Worker:
    """Stills in a wave, one after the other; clips of them, which may flow."""
    def which(action: Action) -> bool:
        return flows

    return worker_of(root, step("still", still, parallel=False), step("clip", clip, "still", flows=which))


def test_a_shot_goes_on_while_its_siblings_are_made(tmp_path: Path) -> None:
    """The first shot's clip is made before the last shot's still; its own wave tells of it as made, once."""
    clips, begun = list[Key](), threading.Event()

    def still(work: Work) -> None:
        if work.key == LAST:
            assert begun.wait(PATIENCE_S), "no clip was begun while stills were drawn"
        draw(work)

    def clip(work: Work) -> None:
        clips.append(work.key)
        begun.set()
        draw(work)

    worker = worker_in(tmp_path, still, clip)
    report = worker.render(Request(EPISODE))
    assert report.failures == []
    assert sorted(clips) == sorted(SHOTS)
    assert recorded(worker) == {"still": ALL, "clip": ALL}
    assert told_made(worker, "clip") == dict.fromkeys(ALL, "now")
    assert worker.studio.toolbox.made == {"still": len(SHOTS), "clip": len(SHOTS)}
    assert [asset for asset, _ in report.recorded] == ["still"] * len(SHOTS) + ["clip"] * len(SHOTS)


def test_what_does_not_flow_waits_for_its_wave(tmp_path: Path) -> None:
    """A step that refuses an action (final pictures are painted in batches) has every still before its first clip."""
    order = list[str]()

    def told(work: Work) -> None:
        order.append(work.action.asset)
        draw(work)

    worker = worker_in(tmp_path, told, told, flows=False)
    assert worker.render(Request(EPISODE)).failures == []
    assert order == ["still"] * len(SHOTS) + ["clip"] * len(SHOTS)


def test_under_a_cap_nothing_flows(tmp_path: Path) -> None:
    """Where every partition's price is held against what is left, nothing is begun before its turn."""
    order = list[str]()

    def told(work: Work) -> None:
        order.append(work.action.asset)
        draw(work)

    worker = worker_in(tmp_path, told, told)
    worker.render(Request(EPISODE), max_usd=100.0)
    assert order == ["still"] * len(SHOTS) + ["clip"] * len(SHOTS)


def test_what_two_partitions_share_is_told_as_made_once(tmp_path: Path) -> None:
    """A silent shot's languages are one action: begun beforehand, one of them made it, and the other found it."""
    def shared(desk: Desk, key: Key) -> Action:
        return Action("still", "1", inputs={"frame.json": desk.source(b"silent")})

    still = Step("still", "picture", Scope.SHOT, "1", "still", shared, draw)
    studio = worker_of(tmp_path, still).studio
    assert studio.begin(still, FIRST)
    assert sorted(one.hit for one in studio.make(still, [FIRST, LAST]).done) == [False, True]
    assert studio.toolbox.made == {"still": 1}


def test_a_series_that_nobody_registered_leaves_no_thread(tmp_path: Path) -> None:
    """A render that cannot begin says why, and holds no process open."""
    def spoken(desk: Desk, key: Key, going: Callable[[float], None]) -> float:
        raise AssertionError("nothing is to be made")

    worker = worker_of(tmp_path, step("still", draw, ahead=(None, spoken)))
    with pytest.raises(MicrodramaError, match="no series 'ghost' in this home"):
        worker.render(Request(Selection("ghost", "e001")))
    assert [thread.name for thread in threading.enumerate() if thread.name == "flow"] == []


def test_what_fails_on_the_way_is_told_once(tmp_path: Path) -> None:
    """A clip that cannot be made stops no other, and its own wave says why."""
    def broken(work: Work) -> None:
        if work.key == FIRST:
            raise MicrodramaError("the shutter stuck", remedy="Oil it")
        draw(work)

    worker = worker_in(tmp_path, draw, broken)
    (failure,) = worker.render(Request(EPISODE)).failures
    assert failure.startswith(f"clip {FIRST}: the shutter stuck")
    assert recorded(worker) == {"still": ALL, "clip": [name for name in ALL if name != FIRST.partition]}


def test_a_locked_shot_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a partition is pinned to is not made anew because something above it was."""
    clips = list[Key]()

    def clip(work: Work) -> None:
        clips.append(work.key)
        draw(work)

    def redrawn(work: Work) -> None:
        work.add("still.png", b"in another light")

    first = worker_in(tmp_path, draw, clip)
    first.render(Request(EPISODE))
    pinned = {key: first.studio.desk.result("clip", key) for key in SHOTS}
    clips.clear()
    monkeypatch.setattr(Desk, "settled", lambda desk, asset, key: pinned[key] if asset == "clip" else None)
    second = worker_of(tmp_path, step("still", redrawn, version="2"), *list(first.studio.steps.values())[1:])
    assert second.render(Request(EPISODE)).failures == []
    assert [second.studio.desk.read(second.studio.desk.input("still", key, "still.png").blob) for key in SHOTS] == [
        b"in another light"] * len(SHOTS)
    assert clips == []
