"""A plan of what did not change reads no record, and is never wrong about what did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from microdrama_assets import takes
from microdrama_assets.graph.key import Key
from microdrama_assets.known_fresh import SERIES, Signs, StepName, known_fresh, remember
from partitions.registry import load
from tests.graph.rooms import SCRIPT, Rooms

ALL = {SERIES, "e001", "e002"}


def signs(rooms: Rooms) -> Signs:
    found = load(rooms.studio.home.refs, "rooms")
    assert found is not None
    return Signs(rooms.studio.home, rooms.folder, "rooms", found[0])


def known(rooms: Rooms) -> set[str]:
    found = known_fresh(rooms.studio.home, rooms.folder, "rooms")
    return set(found.groups) if found else set()


@pytest.fixture
def rooms(tmp_path: Path) -> Rooms:
    """Rendered, planned and remembered."""
    return remembered(Rooms(tmp_path))


def remembered(rooms: Rooms) -> Rooms:
    rooms.render()
    before = signs(rooms)
    assert rooms.plan() == []
    remember(before, [StepName(step.name, step.scope, step.group) for step in rooms.studio.steps.values()], ALL)
    assert known(rooms) == ALL
    return rooms


def head(rooms: Rooms, asset: str, partition: str) -> Path:
    return rooms.home / "refs" / "heads" / "rooms" / asset / partition


def record(rooms: Rooms, asset: str, partition: str) -> Path:
    digest = head(rooms, asset, partition).read_text()
    return rooms.home / "refs" / "actions" / digest[:2] / digest


def rewritten(path: Path, text: str) -> None:
    path.chmod(0o644)
    path.write_text(text)


def recorded(rooms: Rooms) -> None:
    place = rooms.folder / "references/ana/voice.wav"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"RIFF")


def locked(rooms: Rooms) -> None:
    found = load(rooms.studio.home.refs, "rooms")
    assert found is not None
    takes.lock(takes.Shot(rooms.studio.home, Key("rooms", "e001", "sh030"), found[0]))


@pytest.mark.parametrize(("change", "left"), [
    pytest.param(lambda rooms: None, ALL, id="nothing"),
    pytest.param(lambda rooms: rooms.edit(SCRIPT, "doors up to room 1001", "stairs up to room 1001"), {SERIES, "e002"}, id="a screenplay"),
    pytest.param(lambda rooms: rooms.edit("episodes/002.es.yaml", "Salas", "Sala"), {SERIES, "e001"}, id="a translation"),
    pytest.param(lambda rooms: rooms.edit("characters/ana.yaml", "build: slim", "build: broad"), set(), id="a character"),
    pytest.param(lambda rooms: rooms.edit("series.yaml", "title: Rooms", "title: R"), set(), id="the series"),
    pytest.param(lambda rooms: rewritten(record(rooms, "shot_spec", "e002.sh010"), "{"), {SERIES, "e001"}, id="a damaged record"),
    pytest.param(lambda rooms: record(rooms, "shot_spec", "e002.sh010").unlink(), {SERIES, "e001"}, id="a record that is gone"),
    pytest.param(lambda rooms: head(rooms, "audio_mix", "e001@es").unlink(), {SERIES, "e002"}, id="a head that is gone"),
    pytest.param(lambda rooms: rooms.studio.home.cache.set_head("rooms", "captions", "e001.sh010@en", "0" * 64),
                 {SERIES, "e002"}, id="another head"),
    pytest.param(lambda rooms: rooms.studio.home.cache.set_head("rooms", "character_bundle", "ana", "0" * 64), set(),
                 id="a bundle's head"),
    pytest.param(locked, {SERIES, "e002"}, id="a decision"),
    pytest.param(recorded, set(), id="a recording"),
    pytest.param(lambda rooms: rewritten(rooms.home / "plans" / "rooms.json", "{"), set(), id="a damaged memory"),
])
def test_what_is_known_to_be_fresh(rooms: Rooms, change: Callable[[Rooms], object], left: set[str]) -> None:
    """Exactly the episodes that the change does not concern are still known to be fresh."""
    change(rooms)
    assert known(rooms) == left


def test_a_recap_stands_on_the_episode_before(tmp_path: Path) -> None:
    """Where an episode begins with what happened before, it is not fresh as soon as that is told otherwise."""
    rooms = Rooms(tmp_path)
    rooms.edit("episodes/002.fountain", "[[shot: wide]]", "[[Card: Previously]]\n\n[[shot: wide]]")
    remembered(rooms)
    rooms.edit("episodes/001.es.yaml", "La puerta de la sala 1004 está abierta.", "La sala 1004 está abierta.")
    assert known(rooms) == {SERIES}


def test_an_edit_while_planning_is_not_missed(rooms: Rooms) -> None:
    """What is saved between reading the sources and remembering them is not remembered as fresh."""
    (rooms.home / "plans" / "rooms.json").unlink()
    before = signs(rooms)
    assert before.common
    rooms.edit("series.yaml", "title: Rooms", "title: R")
    remember(before, [], ALL)
    assert known(rooms) == set()
