"""Presets in the graph: only a number that somebody changes makes anything stale, and causes name preset and line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from microdrama_assets.graph.key import Key
from microdrama_assets.graph.verdict import Verdict
from microdrama_assets.known_fresh import Signs
from partitions.registry import load
from tests.graph.rooms import Rooms

VERSIONS = {"looks/noir/1": "grade: noir\n", "looks/noir/2": "grade: cold_thriller\n",
            "characters/guard/1": "appearance: {build: slim}\n", "characters/guard/2": "appearance: {build: heavy}\n",
            "camera/still/1": "wide: {move: hold}\n",
            "camera/still/2": "wide: {move: pull, amount: 0.04}\nthree_shot: {hold_s: 1}\n"}


def add(rooms: Rooms, version: str) -> Path:
    path = rooms.folder.parent / "presets" / f"{version}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(VERSIONS[version], encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rooms:
    """Rendered whole, with a look, a character and a camera of version 1."""
    found = Rooms(tmp_path_factory.mktemp("presets"))
    for version in VERSIONS:
        if version.endswith("/1"):
            add(found, version)
    found.edit("series.yaml", "slug: rooms", "look: {preset: noir@1}\ncamera: {preset: still@1}\nslug: rooms")
    found.edit("characters/ben.yaml", "age: 30, build: slim", "age: 40")
    found.edit("characters/ben.yaml", "appearance:", "preset: guard@1\nappearance:")
    found.render()
    assert found.plan() == []
    return found


@pytest.fixture
def rooms(rendered: Rooms) -> Iterator[Rooms]:
    """The same, with its files put back afterwards: nothing here renders again."""
    places = (rendered.folder, rendered.folder.parent / "presets")
    before = {path: path.read_bytes() for place in places for path in place.rglob("*.yaml")}
    yield rendered
    for path in [path for place in places for path in place.rglob("*.yaml")]:
        path.write_bytes(before[path]) if path in before else path.unlink()


@pytest.mark.parametrize(("file", "version", "asset", "partition", "cause"), [
    pytest.param("series.yaml", "looks/noir/2", "abr_rendition", "e001.sh010@en",
                 "grade changed (noir -> cold_thriller, look preset noir@2, series.yaml:1)", id="look"),
    pytest.param("characters/ben.yaml", "characters/guard/2", "keyframe", "e001.sh020",
                 "build of ben changed (build slim -> heavy, character preset guard@2, characters/ben.yaml:2)", id="character"),
    pytest.param("series.yaml", "camera/still/2", "shot_manifest", "e001",
                 "camera.wide changed (hold -> pull 0.04, camera preset still@2, series.yaml:2)", id="camera"),
])
def test_only_a_changed_number_changes_anything(rooms: Rooms, file: str, version: str, asset: str, partition: str,
                                                cause: str) -> None:
    """A new version alone leaves everything fresh; referring to it makes stale what it concerns, and says why."""
    add(rooms, version)
    assert rooms.plan() == []
    name = version.split("/")[1]
    rooms.edit(file, f"{name}@1", f"{name}@2")
    entries = {(entry.asset, entry.key.partition): entry for entry in rooms.plan()}
    assert entries[asset, partition].verdict is Verdict.STALE
    assert entries[asset, partition].cause == cause


def test_writing_a_preset_out_renders_nothing(rooms: Rooms) -> None:
    """What a partition is made from is what a reference resolves to: the same fields written in place are the same."""
    rooms.edit("series.yaml", "look: {preset: noir@1}", "look: {grade: noir}")
    assert rooms.plan() == []


def test_statements_name_the_preset_files(rooms: Rooms) -> None:
    """The evidence of the bible, the cut and a character names the versions that they were made from."""
    def files(asset: str, key: Key) -> set[str]:
        statement = json.loads(rooms.studio.home.objects.get(rooms.studio.desk.result(asset, key).statement))
        return {one["file"] for one in statement["predicate"]["buildDefinition"]["externalParameters"]["sources"]}

    rooms.studio.refresh()
    assert "presets/looks/noir/1.yaml" in files("series_bible", Key("rooms"))
    assert "presets/characters/guard/1.yaml" in files("character_bundle", Key("rooms", character="ben"))
    cut = files("shot_manifest", Key("rooms", "e001"))
    assert "presets/camera/still/1.yaml" in cut and "presets/looks/noir/1.yaml" not in cut


def test_a_version_that_was_tampered_with_is_planned_anew(rooms: Rooms) -> None:
    """What is known to be fresh stands on the bytes of presets too."""
    found = load(rooms.studio.home.refs, "rooms")
    assert found is not None

    def common() -> str:
        return Signs(rooms.studio.home, rooms.folder, "rooms", found[0]).common

    before = common()
    assert common() == before
    (rooms.folder.parent / "presets/looks/noir/1.yaml").write_text("grade: warm\n", encoding="utf-8")
    assert common() != before

