"""Character bundles: a sheet that is painted, vectors that tell a face, a LoRA that is used; each by somebody's leave."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner, Result

from audit.policy import DEFAULT
from deployment import deciding
from deployment.cli import app
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.studio import Studio
from microdrama_assets.release.gate import Condition, conditions
from microdrama_assets.schemas.final import EncoderModel, Running
from microdrama_assets.steps import STEPS
from microdrama_assets.studios.final.identity import face_of, likest, vectors
from resources.evidence import Evidence
from resources.home import Home
from tests.e2e import tiny
from tests.final.test_episode import run
from tests.final.tiny_models import Shelf, write

CPU = Running(device="cpu", precision="float32")
ANA = "tiny.ana"
TRAINING = {"rank": 2, "steps": 3, "learning_rate": 0.01, "resolution": 32}


def characters(shelf: Shelf, **changes: Any) -> dict[str, Any]:
    sheet = {"views": ["front", "profile_right"], "emotions": ["neutral"]}
    return {"encoder": shelf.encoder(), "least": -1.0, "sheet": sheet, "training": TRAINING, **changes}


@pytest.fixture(scope="module")
def series(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One close-up of a character whose LoRA is trained here."""
    folder = tmp_path_factory.mktemp("bundles") / "tiny"
    tiny.write(folder, {"episodes/001.fountain": "INT. ROOM - NIGHT\n\n[[shot: close ana, 0.5s]] [[sfx: bell]]\n\nAna waits.\n"})
    write(folder, named(shelf))
    return folder


def named(shelf: Shelf, **changes: Any) -> dict[str, Any]:
    return {"keyframe": shelf.keyframe(likenesses={"ana": {"trained": True}}), "characters": characters(shelf, **changes)}


def character(series: Path, *arguments: str) -> Any:
    home = str(series.parent / "home")
    return CliRunner().invoke(app, ["character", *arguments, "--home", home], catch_exceptions=True)


@pytest.fixture
def studio(series: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Studio:
    monkeypatch.setenv("MICRODRAMA_MODELS", str(shelf.root))
    return Studio(Home.open(series.parent / "home"), STEPS)


def test_a_bundle_is_made_and_a_keyframe_stands_on_it(series: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch,
                                                      studio: Studio) -> None:
    """Without a bundle a final shot says which command makes it; with it, the shot uses sheet and LoRA and is measured."""
    told = run(series, shelf, monkeypatch, "render", "--fidelity", "final", "--json").stdout
    assert any("microdrama character train tiny.ana" in one or "microdrama character sheet tiny.ana" in one
               for one in json.loads(told)["failures"])
    assert (done := character(series, "sheet", ANA)).exit_code == 0, done.output
    priced = {one["asset"]: one for one in json.loads(character(series, "train", ANA, "--dry-run", "--json").stdout)}
    sheet, lora = studio.desk.result("reference_sheet", Key("tiny", character="ana")), priced["character_lora"]
    # 3 steps x 2 runs x 32x32 pixels against 2 pictures x 1 step x 2 runs x 64x112: the sheet's seconds by their ratio
    assert lora["estimated"] and lora["seconds"] == pytest.approx(sheet.seconds * 6144 / 28672, abs=0.06)
    made = json.loads(character(series, "train", ANA, "--json").stdout)["made"]
    assert made == {"character_lora": 1}
    shown = json.loads(character(series, "show", ANA, "--json").stdout)
    assert [cell["name"] for cell in shown["sheet"]] == ["front_neutral", "profile_right_neutral"]
    assert shown["lora"]["loss_after"] < shown["lora"]["loss_before"] and len(shown["lora"]["losses"]) == 3
    report = json.loads(run(series, shelf, monkeypatch, "render", "--json").stdout)
    assert not [one for one in report["failures"] if "loudness" not in one] and report["made"]["final_identity"] == 1
    keyframe = studio.desk.result("keyframe", Key("tiny", "e001", "sh010"))
    assert {"loras/ana.safetensors", "references/ana.png", "embeddings/ana.json"} <= set(keyframe.recipe["inputs"])
    face = json.loads(studio.desk.read(keyframe.outputs["identity.json"]))["faces"]["ana"]
    assert -1 <= face["similarity"] <= 1 and face["closest"] in ("front_neutral", "profile_right_neutral")


def test_a_take_begins_from_the_picture_that_stands(series: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """The share made anew and the picture are in the recipe; the first take is found again as it was."""
    home, shot = Home.open(series.parent / "home"), Key("tiny", "e001", "sh010")
    first = home.cache.head("tiny", "keyframe", "e001.sh010")
    options = ["--home", str(home.root)]
    assert CliRunner().invoke(app, ["retake", str(shot), "--anew", "0.5", *options]).exit_code == 0
    monkeypatch.setenv("MICRODRAMA_MODELS", str(shelf.root))
    made = json.loads(CliRunner().invoke(app, ["render", str(shot), "--json", *options]).stdout)["made"]
    assert made["final_picture"] == 1
    recipe = Studio(home, STEPS).desk.result("keyframe", shot).recipe
    assert recipe["params"]["anew"] == 0.5 and "before.png" in recipe["inputs"]
    CliRunner().invoke(app, ["take", str(shot), "1", *options])
    assert Studio(home, STEPS).desk.action("keyframe", shot).digest == first


def test_a_face_unlike_its_bundle_holds_a_release_back(series: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is asked of what was measured: raising it paints nothing, keyframe and review tell the face, and the
    gate waits until somebody who may lets this very value pass."""
    write(series, named(shelf, least=1.0))
    report = json.loads(run(series, shelf, monkeypatch, "render", "--json").stdout)
    assert set(report["made"]) == {"episode_review"} and len(failed := _identity(report["failures"])) == 2
    assert all("limit at least 1 (" in one and "ana, closest " in one for one in failed)
    studio, key = Studio(Home.open(series.parent / "home"), STEPS), Key("tiny", "e001", market="world")
    lacking = _identity(condition(studio, key).reasons)
    assert len(lacking) == 1 and lacking[0].endswith("in en, limit at least 1")
    cleo = series.parent / "cleo.pem"
    Evidence(studio.home).keys.new("compliance", "cleo", out=cleo)
    deciding.override(studio, key.in_episode(), "identity", ["world"], str(cleo), "she looks away")
    assert not _identity(condition(studio, key).reasons)
    write(series, named(shelf))
    assert json.loads(run(series, shelf, monkeypatch, "render", "--json").stdout)["made"] == {}


def condition(studio: Studio, key: Key) -> Condition:
    """The gate's `quality`."""
    return next(one for one in conditions(deciding.facts_for(studio, key)) if one.name == "quality")


def _identity(told: Iterable[str]) -> list[str]:
    return [one for one in told if "identity" in one]


@pytest.mark.parametrize(("label", "card", "pictures", "says"), [
    ("a real person without a record", "consent: ana-2026\n", False, "a real person's face stands behind Ana.*no consent 'ana-2026' is recorded"),
    ("pictures of nobody knows whom", "", True, "there are pictures of Ana, and nothing says by whose leave"),
])
def test_a_bundle_needs_a_consent(label: str, card: str, pictures: bool, says: str, series: Path, studio: Studio) -> None:
    """A face of somebody real is neither drawn on a sheet nor learnt without a consent in the log."""
    path, photo = series / "characters/ana.yaml", series / "references/ana/one.png"
    before = path.read_text()
    path.write_text(before + card)
    if pictures:
        photo.parent.mkdir(parents=True)
        photo.write_bytes(b"a picture")
    try:
        for asset in ("reference_sheet", "character_lora"):
            with pytest.raises(Exception, match=says):
                studio.refresh()
                studio.desk.action(asset, Key("tiny", character="ana"))
    finally:
        path.write_text(before)
        photo.unlink(missing_ok=True)


def test_encoders_tell_pictures_apart(shelf: Shelf, folder: Path) -> None:
    """CLIP's and ArcFace's kinds give unit vectors: the same face is itself, another is farther."""
    faces = [np.random.default_rng(seed).integers(0, 255, (90, 70, 3)).astype(np.uint8) for seed in (1, 2)]
    for encoder in (shelf.encoder(), shelf.face_encoder()):
        one, other = vectors(faces, EncoderModel.model_validate(encoder), CPU, folder)
        found = likest(one, {"other": other.tolist(), "same": one.tolist()})
        assert found.closest == "same" and found.similarity == pytest.approx(1.0, abs=1e-4) and one @ other < 0.9999


def test_a_face_is_cut_where_the_rig_says() -> None:
    """The square around the box, and nothing where hardly any of it is in the picture."""
    from microdrama_assets.schemas.film import FaceBox

    picture = np.zeros((200, 100, 3), np.uint8)
    assert face_of(picture, FaceBox(x=0.4, y=0.4, width=0.2, height=0.1)).shape == (26, 26, 3)  # type: ignore[union-attr]
    assert face_of(picture, FaceBox(x=0.98, y=0.4, width=0.2, height=0.1)) is None


def test_a_lora_that_was_trained_here_is_recalled(series: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements name it as any model, under its base's licence; recalled, its episode is taken down and barred, and what
    the recall announced is what is stale once `models.yaml` does without it."""
    home, keys = series.parent / "home", {name: str(series.parent / f"{name}.pem") for name in ("ana", "ben")}
    monkeypatch.setenv("MICRODRAMA_MODELS", str(shelf.root))
    monkeypatch.setenv("MICRODRAMA_HOME", str(home))

    def typed(*arguments: str, code: int = 0) -> Result:
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == code, done.output
        return done

    for name, role in (("ana", "producer"), ("ben", "compliance")):
        typed("keys", "new", "--role", role, "--name", name, "--out", keys[name])
    (home / "policy.yaml").write_text(yaml.safe_dump({**DEFAULT, "credentials": "optional"}))
    typed("policy", "adopt", "--key", keys["ben"])
    if "loudness is" in CliRunner().invoke(app, ["gate", "tiny.e001"]).stdout:  # of noise, for a bell in a silent second
        typed("approve", "tiny.e001", "--check", "loudness", "--key", keys["ben"])
    for key in keys.values():
        typed("approve", "tiny.e001", "--key", key)
    typed("publish", "tiny.e001", "--market", "world")

    trained = Home.open(home).cache.standing("tiny", "character_lora", "ana") or {}
    weights = trained["outputs"]["lora.safetensors"]["digest"]
    used = json.loads(typed("audit", "uses", "lora:ana", "--json").stdout)
    assert [(row["episode"], row["market"], row["until"]) for row in used["publications"]] == [("e001", "world", None)]
    assert "keyframe e001.sh010" in used["publications"][0]["used_in"]
    assert [(one["name"], one["revision"], one["sha256"], one["licence"]) for one in used["models"]] == [
        ("loras/tiny/ana.safetensors", trained["action"], weights, shelf.keyframe()["base"]["licence"])]
    recall = ("audit", "recall", "--json", "--revoke")
    told = json.loads(typed(*recall, f"lora:{weights}").stdout)
    assert told == json.loads(typed(*recall, "lora:tiny/ana").stdout) | {"revoke": f"lora:{weights}"}
    assert [(one["episode"], one["market"], one["shots"]) for one in told["takedown"]] == [("e001", "world", ["sh010"])]
    typed(*recall, "lora:ana", "--execute", "--key", keys["ben"], "--because", "trained on what it should not")
    assert [path.name for path in (home / "published").rglob("*") if path.is_file()] == ["tombstone.json"]
    typed("approve", "tiny.e001", "--key", keys["ben"])  # even where the rejection is taken back
    assert "the licence of loras/tiny/ana.safetensors allows no commercial use (recall of lora:ana" in typed(
        "gate", "tiny.e001", code=1).stdout
    write(series, {**named(shelf), "keyframe": shelf.keyframe()})
    planned = json.loads(typed("plan", "tiny", "--json", code=1).stdout)
    assert {(one["asset"], one["partition"]) for one in planned if one["verdict"] != "fresh"} == {
        (one["asset"], f"tiny.{one['partition']}") for one in told["remade"]}
    write(series, named(shelf))
