"""One episode in final fidelity from the command line to a playing HLS, by models that are tiny and real."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from deployment.cli import app
from microdrama_assets.graph.action import Result
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.studio import Studio
from microdrama_assets.picture.final.keyframe import picture_action
from microdrama_assets.series_folder.models_file import load_models
from microdrama_assets.speech.recording import array_to_wav
from microdrama_assets.steps import STEPS
from microdrama_assets.studios.draft.layout import Layout
from microdrama_assets.studios.pictures import decoded
from resources import ffmpeg
from resources.home import Home
from tests.e2e import tiny
from tests.final.test_perceived import distance
from tests.final.tiny_models import HEIGHT, WIDTH, Shelf, write

SCREENPLAY = "INT. ROOM - NIGHT\n\n[[shot: close ana]]\n\nANA\nStay.\n\n[[shot: insert letter, 0.5s]]\n\nThe letter lies open.\n"
NOISE = "episode_review tiny.e001: check loudness failed"
"""What may be said of a voice that was never trained: the peaks of noise keep its mix below the loudness target."""


@pytest.fixture(scope="module")
def studio(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A series with `models.yaml` for everything."""
    recording = array_to_wav((np.random.default_rng(1).standard_normal(48_000) * 0.1).astype(np.float32))
    folder = tiny.write(tmp_path_factory.mktemp("final") / "tiny", {
        "episodes/001.fountain": SCREENPLAY, "references/ana/voice.wav": recording})
    write(folder, sections(shelf))
    return folder


def sections(shelf: Shelf, strength: float = 0.2, **changes: Any) -> dict[str, Any]:
    detail = {"strength": strength, "steps": 5, "width": WIDTH, "height": HEIGHT}
    painted = {"candidates": 2, "detail": detail, "likenesses": {"ana": shelf.likeness()}, **changes}
    return {"keyframe": shelf.keyframe(**painted), "motion": shelf.motion(),
            "interpolation": shelf.rife(), "lips": shelf.lips(), "voices": {"ana": {"en": shelf.voice()}},
            "conversions": {"ana": shelf.conversion(synthetic=True)}}


def no_network(*address: object, **_: object) -> None:
    raise AssertionError(f"something asked the network: {address}")


def run(folder: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    monkeypatch.setenv("MICRODRAMA_MODELS", str(shelf.root))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.chdir(tiny.ROOT)
    return CliRunner().invoke(app, [arguments[0], str(folder), "--home", str(folder.parent / "home"), *arguments[1:]],
                              catch_exceptions=False)


def test_an_episode_from_screenplay_to_playback(studio: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every final step runs with its model and without a network, people are filmed and things moved in layers, the
    package plays, and rendering again makes nothing."""
    report = json.loads(run(studio, shelf, monkeypatch, "render", "--fidelity", "final", "--json").stdout)
    assert [one for one in report["failures"] if not one.startswith(NOISE)] == []
    made = report["made"]
    assert {name: made[name] for name in made if name.startswith("final_")} == {
        "final_picture": 2, "final_still": 2, "final_detail": 2, "final_take": 1, "final_conversion": 1}
    master = next(path for path in report["deliveries"] if path.endswith("master.m3u8"))
    played = ffmpeg.run(["-i", master, "-map", "0:v:0", "-f", "framemd5", "pipe:1"]).decode()
    frames = [line for line in played.splitlines() if not line.startswith("#")]
    assert len(frames) == round(30 * _seconds(master)) and len({line.split(",")[-1] for line in frames}) > 15
    desk = Studio(Home.open(studio.parent / "home"), STEPS).desk
    assert [desk.result("interpolated_clip", Key("tiny", "e001", shot)).recipe["params"]["method"]
            for shot in ("sh010", "sh020")] == ["first_last", "layers"]
    again = json.loads(run(studio, shelf, monkeypatch, "render", "--json").stdout)
    assert again["runs"] == [] and again["made"] == {}


def test_another_candidate_is_taken_without_painting(studio: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's pick enlarges another candidate; the pictures are those that were painted before."""
    home = str(studio.parent / "home")
    heads = Home.open(home).cache
    keyframe = heads.get(str(heads.head("tiny", "keyframe", "e001.sh020"))) or {}
    best = json.loads(Home.open(home).objects.get(keyframe["outputs"]["candidates.json"]["digest"]))["best"]
    assert CliRunner().invoke(app, ["pick", "tiny.e001.sh020", str(3 - best), "--home", home]).exit_code == 0
    made = json.loads(run(studio, shelf, monkeypatch, "render", "--json").stdout)["made"]
    assert (made["final_still"], made["final_detail"], made["keyframe"]) == (1, 1, 1) and "final_picture" not in made
    CliRunner().invoke(app, ["undo", "tiny.e001.sh020", "--home", home])
    assert json.loads(run(studio, shelf, monkeypatch, "render", "--json").stdout)["made"] == {}


def test_statements_name_every_model(studio: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """The evidence of a shot tells the digest of each file of each model that made it, with its licence."""
    monkeypatch.setenv("MICRODRAMA_MODELS", str(shelf.root))
    told = CliRunner().invoke(app, ["lineage", "tiny.e001.sh010", "--home", str(studio.parent / "home"), "--json"])
    entries = load_models(studio, studio).entries()
    missing = [f"{role} {path}" for role, entry in entries.items() for path, digest in entry.files.items()
               if digest not in told.stdout]
    assert told.exit_code == 0 and not missing


def test_quality_is_told_shot_by_shot(studio: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flicker of what is delivered, words and face as they were measured, and likeness to the draft: the review has them
    with their tools, the command repeats its record, and a shot that goes back to its draft has flicker alone."""
    home = Home.open(studio.parent / "home")
    monkeypatch.setenv("MICRODRAMA_MODELS", str(shelf.root))

    def measured() -> list[dict[str, Any]]:
        told = CliRunner().invoke(app, ["quality", "tiny.e001", "--json", "--home", str(home.root)]).stdout
        return json.loads(told)

    before = measured()
    assert {one["shot"]: sorted(one["tools"]) for one in before} == {
        "sh010": ["alignment", "face", "flicker", "structure"], "sh020": ["alignment", "flicker", "structure"]}
    review = Result.from_record(home.cache.get(str(home.cache.head("tiny", "episode_review", "e001"))) or {})
    shots = json.loads(home.objects.get(review.outputs["review.json"].digest))["shots"]
    assert {shot["id"]: shot["quality"] for shot in shots} == {one["shot"]: {name: one[name] for name in ("passed", "tools", "measurements")} for one in before}
    assert before[0]["tools"]["face"].startswith("cosine of local/face@")
    assert all(one["statement"] in home.objects.get(review.statement).decode() for one in before)
    for fidelity, kinds in (("draft", ["final", "draft"]), ("final", ["final", "final"])):
        CliRunner().invoke(app, ["render", "tiny.e001.sh020", "--fidelity", fidelity, "--home", str(home.root)])
        made = json.loads(run(studio, shelf, monkeypatch, "render", "--json").stdout)["made"]
        after = measured()
        assert [one["fidelity"] for one in after] == kinds and "shot_quality" not in made
        assert list(after[1]["tools"]) == (["flicker"] if "draft" in kinds else list(before[1]["tools"]))
    assert after == before
    distance(shelf.place("distance"), whole=True)
    perceptual = {"model": shelf.entry("distance"), "file": "distance.onnx", "size": 32, "limit": 3.0}
    write(studio, {**sections(shelf), "quality": {"perceptual": perceptual}})
    assert all(one["tools"]["perceptual"].startswith("local/distance@") for one in measured())


def test_detail_is_a_step_of_its_own(studio: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another strength paints lightly over the same enlarged picture, and nothing else, and is told in the keyframe's
    statement."""
    monkeypatch.setenv("MICRODRAMA_MODELS", str(shelf.root))
    home, key = Home.open(studio.parent / "home"), Key("tiny", "e001", "sh020")
    before = Studio(home, STEPS).desk.result("keyframe", key)
    write(studio, sections(shelf, strength=0.6))
    again = Studio(home, STEPS)
    (after,) = again.render(STEPS["keyframe"], [key]).done
    assert again.toolbox.made == {"final_detail": 1, "keyframe": 1}
    assert after.result.outputs["still.png"] != before.outputs["still.png"]
    assert after.result.outputs["candidates/1.png"] == before.outputs["candidates/1.png"]
    assert b"final_detail/still.png" in home.objects.get(after.result.statement)


def test_a_face_alone_gets_detail(studio: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only around the face that the rig shows is anything painted over; a picture without a face stays as it was
    enlarged. The upscaler is a step of its own too: another one paints no candidate anew."""
    monkeypatch.setenv("MICRODRAMA_MODELS", str(shelf.root))
    home, keys = Home.open(studio.parent / "home"), [Key("tiny", "e001", shot) for shot in ("sh010", "sh020")]
    faces = {"only": "faces", "strength": 0.6, "steps": 5, "width": 64, "height": 64}
    stills: dict[str, list[np.ndarray]] = {}
    for name, detail in (("enlarged", None), ("detailed", faces)):
        write(studio, sections(shelf, detail=detail, upscaler=shelf.upscaler()))
        again = Studio(home, STEPS)
        done = sorted(again.render(STEPS["keyframe"], keys).done, key=lambda one: str(one.key))
        stills[name] = [decoded(home.objects.get(one.result.outputs["still.png"].digest)) for one in done]
        assert again.toolbox.made == {"final_detail" if detail else "final_still": 2, "keyframe": 2}
    changed = [np.argwhere((before != after).any(axis=2)) for before, after in zip(*stills.values(), strict=True)]
    box = Layout.model_validate_json(home.objects.get(done[0].result.outputs["layout.json"].digest)).faces[0].face_box
    middle, reach = np.array([box.y + box.height / 2, box.x + box.width / 2]), max(box.width, box.height)
    assert len(changed[0]) > box.width * box.height / 4 and len(changed[1]) == 0
    assert (np.abs(changed[0] - middle) <= reach + 1).all()


def test_what_memory_does_not_hold_is_told_and_recorded(studio: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not allowed to shrink, nothing is written; where it is, the statement says that the picture was made
    smaller."""
    import diffusers
    import torch

    monkeypatch.setenv("MICRODRAMA_MODELS", str(shelf.root))
    home, key, pipeline = Home.open(studio.parent / "home"), Key("tiny", "e001", "sh020"), diffusers.StableDiffusionXLControlNetPipeline
    whole = pipeline.__call__

    def small_card(self: Any, *given: Any, **more: Any) -> Any:
        if more["width"] >= WIDTH:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return whole(self, *given, **more)

    monkeypatch.setattr(pipeline, "__call__", small_card)
    running = {"device": "cpu", "precision": "float32"}
    write(studio, {**sections(shelf, detail=None, steps=3), "running": running})
    again, before = Studio(home, STEPS), home.cache.head("tiny", "keyframe", "e001.sh020")
    (failed,) = again.render(STEPS["keyframe"], [key]).failures
    assert "not enough memory for 64x112" in str(failed.error) and again.toolbox.made == {}
    assert home.cache.head("tiny", "keyframe", "e001.sh020") == before
    write(studio, {**sections(shelf, detail=None, steps=3), "running": {**running, "shrink_on_memory_error": True}})
    again = Studio(home, STEPS)
    assert again.render(STEPS["keyframe"], [key]).failures == []
    picture = again.desk.made(picture_action(again.desk, key, again.desk.action("keyframe", key)).digest)
    assert picture is not None
    told = home.objects.get(picture.statement).decode()
    assert '"reduced":true' in told and '"width":48' in told


def test_shots_are_painted_together(studio: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room in the batch both shots' candidates are made by one call; each statement names the other picture, and is
    billed half of the time."""
    monkeypatch.setenv("MICRODRAMA_MODELS", str(shelf.root))
    write(studio, {**sections(shelf, likenesses={}), "running": {"device": "cpu", "precision": "float32", "batch": 4}})
    again = Studio(Home.open(studio.parent / "home"), STEPS)
    keys = [Key("tiny", "e001", shot) for shot in ("sh010", "sh020")]
    done = again.render(STEPS["keyframe"], keys).done
    assert len(done) == 2 and again.toolbox.made == {"final_picture": 2, "final_still": 2, "final_detail": 2, "keyframe": 2}
    one, two = (again.desk.made(picture_action(again.desk, key, again.desk.action("keyframe", key)).digest) for key in keys)
    assert one is not None and two is not None and one.seconds == two.seconds > 0
    for mine, other in ((one, two), (two, one)):
        assert f'"painted_with":["{other.action}"]' in again.home.objects.get(mine.statement).decode()
    assert again.render(STEPS["keyframe"], keys).done[0].hit


def _seconds(master: str) -> float:
    """What the playlists say an episode lasts."""
    rung = next(Path(master).parent.rglob("*p.m3u8"))
    return sum(float(line[8:].rstrip(",")) for line in rung.read_text().splitlines() if line.startswith("#EXTINF:"))
