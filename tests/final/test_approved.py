"""Finals are made of what was approved: a shot that changed since stays a draft until somebody approves it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audit.decisions import Kind, on_episode
from deployment import deciding
from deployment.approved import Approved, as_approved
from deployment.fidelity import want_approved
from microdrama_assets.graph import decisions
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.work import Work
from microdrama_assets.planning import registry_of
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import ShotManifest
from partitions.keys import Selection
from resources.evidence import Evidence
from tests.graph.rooms import SCRIPT, Rooms


def shot(name: str, **changes: Any) -> dict[str, Any]:
    """As a review tells it."""
    return {"id": name, "start_s": 0.0, "duration_s": 2.0, "coverage": "close", "camera": "hold", "action": "", "lines": [],
            "fidelity": "draft", "keyframe": "a" * 64, "pictures": {"en": "b" * 64}, "dialogue": {}, **changes}


def review(*shots: dict[str, Any]) -> dict[str, Any]:
    return {"version": 2, "title": "One", "duration_s": 4.0, "packages": {"en": "c" * 64}, "shots": list(shots)}


FINAL = {"fidelity": "final", "keyframe": "d" * 64, "pictures": {"en": "e" * 64}}


@pytest.mark.parametrize(("label", "now", "stands"), [
    ("as it was", {}, True), ("at another time", {"start_s": 1.0}, True), ("made final since", FINAL, True),
    ("another picture", {"keyframe": "f" * 64}, False), ("another length", {"duration_s": 2.5}, False),
    ("made final and longer", {**FINAL, "duration_s": 2.5}, False), ("another camera", {"camera": "push"}, False),
])
def test_a_shot_stands_as_approved(label: str, now: dict[str, Any], stands: bool) -> None:
    """What a final changes by itself is no change; whatever people would see otherwise is."""
    found = as_approved(review(shot("sh010"), shot("sh020")), review(shot("sh010"), shot("sh020", **now), shot("sh030")))
    assert found == (Approved(("sh010", "sh020"), ("sh030",)) if stands else Approved(("sh010",), ("sh020", "sh030")))


def _review(work: Work) -> None:
    """What tells shots apart, of a manifest and stills that are real."""
    manifest = work.load("manifest.json", ShotManifest)
    work.add("review.json", json.dumps(review(*(
        shot(one.id, fidelity=one.fidelity, duration_s=one.duration_frames / 30,
             keyframe=work.action.inputs[f"stills/{one.id}.png"].blob.digest) for one in manifest.shots))).encode())


def test_only_approved_shots_become_final(tmp_path: Path) -> None:
    """Nothing before an approval; all of an approved episode; after an edit all but the shot that it changed."""
    rooms = Rooms(tmp_path)
    steps = dict(rooms.studio.steps)
    for name, make in (("episode_package", lambda work: work.add("player.json", b'{"synthetic": true}')), ("episode_review", _review)):
        steps[name] = type(steps[name])(**{**steps[name].__dict__, "make": make})
    rooms.studio.steps = steps
    key, episode = tmp_path / "ana.pem", Key("rooms", "e001")
    Evidence(rooms.studio.home).keys.new("producer", "ana", out=key)
    rooms.render()

    def approved() -> Approved:
        rooms.studio.refresh()
        return want_approved(rooms.studio, registry_of(rooms.studio, rooms.request), Selection("rooms", "e001"))["e001"]

    def finals() -> list[str]:
        found = decisions.load(rooms.studio.home, "rooms", "e001")
        return [name for name in ("sh010", "sh020", "sh030", "sh040") if found.fidelity(name) == "final"]

    with pytest.raises(MicrodramaError, match="nobody approved a draft of rooms.e001.*microdrama approve rooms.e001"):
        approved()
    rooms.studio.refresh()
    deciding.state(rooms.studio.home, on_episode(
        Kind.APPROVAL, "rooms", "e001", deciding.digests_of(rooms.studio, episode), ["world"], ""), str(key))
    for file in (SCRIPT.replace(".fountain", ".es.yaml"), SCRIPT):
        rooms.edit(file, "Nobody sleeps in room 1003.", "Nobody at all ever sleeps again in room 1003.")
    rooms.render()
    found = approved()
    assert found == Approved(("sh010", "sh020", "sh040"), ("sh030",)) and finals() == ["sh010", "sh020", "sh040"]
