"""Locks and takes: a locked shot stays as it is, a retaken one is made anew, and one step back is always there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from deployment.targets import find_shot
from microdrama_assets import takes
from microdrama_assets.graph.key import Key
from microdrama_assets.schemas.errors import MicrodramaError
from partitions.registry import load
from tests.graph.rooms import SCRIPT, Rooms

SHOT = Key("rooms", "e001", "sh030")


@pytest.fixture
def rooms(tmp_path: Path) -> Rooms:
    """Rendered whole."""
    found = Rooms(tmp_path)
    found.render()
    return found


def shot(rooms: Rooms, key: Key = SHOT) -> takes.Shot:
    found = load(rooms.studio.home.refs, "rooms")
    assert found is not None
    return takes.Shot(rooms.studio.home, key, found[0])


def outputs(rooms: Rooms, asset: str, partition: str) -> set[str]:
    """Digests of what a partition stands on."""
    cache = rooms.studio.home.cache
    record = cache.get(str(cache.head("rooms", asset, partition)))
    assert record is not None
    return {blob["digest"] for blob in record["outputs"].values()}


def test_retake_makes_one_shot_anew(rooms: Rooms) -> None:
    """Another take changes the seed of this shot and nothing of any other; going back makes nothing."""
    before = outputs(rooms, "keyframe", "e001.sh030")
    assert takes.take(shot(rooms), None).take == 2
    causes = {f"{entry.asset} {entry.key.partition}": entry.cause for entry in rooms.plan()}
    assert set(causes.values()) == {"take 2 of sh030 is wanted (it was 1)"}, causes
    made = rooms.render()
    assert {name for name in made if ".sh" in name} == {
        "shot_spec e001.sh030", "keyframe e001.sh030", "interpolated_clip e001.sh030", "lipsynced_clip e001.sh030@en",
        "lipsynced_clip e001.sh030@es", "abr_rendition e001.sh030@en", "abr_rendition e001.sh030@es"}
    assert outputs(rooms, "keyframe", "e001.sh030") != before
    takes.take(shot(rooms), 1)
    assert rooms.render() == []
    assert outputs(rooms, "keyframe", "e001.sh030") == before
    assert takes.take(shot(rooms), None).take == 3


def test_takes_that_were_made_are_found(rooms: Rooms) -> None:
    """Every rendered take is at hand for comparison, whichever is wanted now; one never rendered is not."""
    takes.take(shot(rooms), 2)
    rooms.render()
    takes.take(shot(rooms), 3)
    found = takes.versions_made(shot(rooms))
    assert set(found) == {"take 1, draft", "take 2, draft"}
    assert found["take 1, draft"]["keyframe"].version != found["take 2, draft"]["keyframe"].version
    assert set(found["take 2, draft"]) == {"keyframe", "lipsynced_clip@en", "lipsynced_clip@es", "abr_rendition@en", "abr_rendition@es"}


@pytest.mark.parametrize(("file", "old", "new"), [
    pytest.param(SCRIPT, "Nobody sleeps in room 1003.", "Somebody sleeps in room 1003 tonight.", id="its line"),
    pytest.param("characters/ana.yaml", "build: slim", "build: broad", id="its character"),
    pytest.param("series.yaml", "slug: rooms", "look: {grade: noir}\nslug: rooms", id="the grade"),
])
def test_locked_shot_stays(rooms: Rooms, file: str, old: str, new: str) -> None:
    """Whatever changes, nothing of a locked shot is planned or made, and the episode goes on with it as it was."""
    held = {asset: [key.partition for key in keys] for asset, keys in shot(rooms).partitions().items()}
    before = {(asset, name): outputs(rooms, asset, name) for asset, names in held.items() for name in names}
    takes.lock(shot(rooms))
    rooms.edit(file, old, new)
    if file == SCRIPT:
        rooms.edit("episodes/001.es.yaml", old, new)
    assert not any("e001.sh030" in name for name in rooms.named())
    assert not any("e001.sh030" in name for name in rooms.render())
    assert {name: outputs(rooms, *name) for name in before} == before
    assert rooms.plan() == []
    takes.unlock(shot(rooms))
    assert any("e001.sh030" in name for name in rooms.named())
    assert any("e001.sh030" in name for name in rooms.render())
    assert rooms.plan() == []


def test_lock_and_unlock_change_nothing(rooms: Rooms) -> None:
    """Locking a fresh shot, and letting it go again, re-renders no shot."""
    takes.lock(shot(rooms))
    assert not any(".sh" in name for name in rooms.render())
    takes.unlock(shot(rooms))
    assert rooms.render() == []


def test_undo(rooms: Rooms) -> None:
    """The decision before the last one comes back; undoing twice is as before."""
    takes.take(shot(rooms), 2)
    locked = shot(rooms)
    rooms.render()
    takes.lock(locked)
    undone = takes.undo(shot(rooms))
    assert (undone.take, undone.lock) == (2, None)
    redone = takes.undo(shot(rooms))
    assert redone.take == 2 and redone.lock is not None


@pytest.mark.parametrize(("act", "says"), [
    pytest.param(lambda rooms: takes.lock(shot(rooms, replace(SHOT, episode="e002"))), "was never made", id="lock of nothing"),
    pytest.param(lambda rooms: takes.undo(shot(rooms)), "nothing was decided", id="undo of nothing"),
    pytest.param(lambda rooms: (takes.lock(shot(rooms)), takes.take(shot(rooms), None)), "is locked", id="retake of locked"),
    pytest.param(lambda rooms: find_shot("rooms.e001.sh999", rooms.home), "has no shot sh999", id="no such shot"),
    pytest.param(lambda rooms: find_shot("rooms.e001", rooms.home), "names no shot", id="an episode"),
])
def test_what_cannot_be_decided(rooms: Rooms, act, says: str) -> None:
    """A decision that cannot be kept is refused, with what to do instead."""
    for asset in ("keyframe",):
        (rooms.home / "refs" / "heads" / "rooms" / asset / "e002.sh030").unlink()
    with pytest.raises(MicrodramaError, match=says):
        act(rooms)
