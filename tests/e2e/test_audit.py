"""`microdrama audit` on an episode that was really rendered: bills, tables, signed copies, and what tells on tampering."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from audit.credentials.release import check_release
from audit.credentials.validation import INVALID, TRUSTED
from resources.ffmpeg import executable
from resources.home import Home
from tests.e2e import tiny

pytestmark = pytest.mark.e2e
MODELS = {"kokoro.onnx", "voices/af_heart.bin"}


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the tiny series in it. Only read."""
    folder = tmp_path_factory.mktemp("audit")
    done = tiny.microdrama(folder / "home", "render", tiny.write(folder / "tiny"), "--json")
    assert done.code == 0, done.out + done.err
    return folder / "home"


@pytest.fixture(scope="module")
def anchored(rendered: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A signed copy of the episode, and the folder of the certificates that signed it. Only read."""
    folder = tmp_path_factory.mktemp("signed")
    assert tiny.microdrama(rendered, "audit", "certificates", folder / "keys", "--studio", "Tiny Studio").code == 0
    done = tiny.microdrama(rendered, "audit", "sign", "tiny.e001", "--certificates", folder / "keys", "--out", folder / "copy")
    assert done.code == 0, done.err
    return folder / "copy", folder / "keys"


@pytest.fixture
def copy(anchored: tuple[Path, Path], tmp_path: Path) -> Iterator[Path]:
    yield shutil.copytree(anchored[0], tmp_path / "copy")


def test_the_bill_holds_everything_and_nothing_else(rendered: Path, tmp_path: Path) -> None:
    """Models and fonts of the bill are those of the statements below the package, and the proof is told."""
    done = tiny.microdrama(rendered, "audit", "bom", "tiny.e001", "--out", tmp_path / "bom.json")
    assert (done.code, done.out) == (0, ""), done.err
    assert "Nothing else was used" in done.err
    bill = json.loads((tmp_path / "bom.json").read_text())
    by_type: dict[str, set[str]] = {}
    for component in bill["components"]:
        by_type.setdefault(component["type"], set()).add(component["name"])
    home = Home.open(rendered)
    stated = {model["name"] for record in home.cache.all() if record["asset"] != "episode_review"
              for model in json.loads(home.objects.get(record["statement"]))[
                  "predicate"]["buildDefinition"]["internalParameters"]["models"]}
    assert by_type["machine-learning-model"] == MODELS
    assert by_type["machine-learning-model"] | by_type["file"] | {
        name for name in by_type["data"] if name.startswith("english/")} == stated
    assert by_type["application"] == {"ffmpeg", "python"}
    spdx = tiny.microdrama(rendered, "audit", "bom", "tiny.e001", "--format", "spdx").json
    assert {entry["name"] for entry in spdx["@graph"] if entry["type"] == "ai_AIPackage"} == MODELS


def test_a_source_that_is_gone_is_named(rendered: Path, tmp_path: Path) -> None:
    """Where something cannot be accounted for there is no bill, and exit code 1."""
    home = Home.open(shutil.copytree(rendered, tmp_path / "home"))
    script = next(record for record in home.cache.all() if record["asset"] == "episode_script")
    [source] = json.loads(home.objects.get(script["statement"]))["predicate"]["buildDefinition"]["resolvedDependencies"]
    home.objects.path(source["digest"]["sha256"]).unlink()
    done = tiny.microdrama(tmp_path / "home", "audit", "bom", "tiny.e001")
    assert (done.code, done.out) == (1, "")
    assert "episode_script e001: script.json is a source whose bytes cannot be read" in done.err


def test_tables_hold_every_action_of_the_series(rendered: Path, tmp_path: Path) -> None:
    """Every action is a cost, every output an artifact, and every edge of what was made leads to one."""
    done = tiny.microdrama(rendered, "audit", "export", "tiny", "--out", tmp_path, "--json")
    assert done.code == 0, done.err
    records = list(Home.open(rendered).cache.all())
    artifacts, edges, prompts, costs = (pq.read_table(tmp_path / f"{name}.parquet").to_pylist()
                                        for name in ("artifacts", "edges", "prompts", "costs"))
    assert {row["statement"]: row["seconds"] for row in costs} == {record["statement"]: record["seconds"] for record in records}
    assert sorted((row["statement"], row["output"], row["sha256"], row["size"], row["media_type"]) for row in artifacts) == sorted(
        (record["statement"], name, blob["digest"], blob["size"], blob["media_type"])
        for record in records for name, blob in record["outputs"].items())
    made = {(row["statement"], row["output"], row["sha256"]) for row in artifacts}
    assert all((row["from_statement"], row["from_output"], row["sha256"]) in made
               for row in edges if row["from_statement"] is not None)
    assert {name for row in edges for name in row["files"]} == {"series.yaml", "characters/ana.yaml", "sets/room.yaml", "episodes/001.fountain"}
    assert [(row["text"], row["spoken_in"], row["voice"]) for row in prompts] == [("Look at it closely.", "en", "af_heart")]
    assert len((tmp_path / "openlineage.ndjson").read_text().splitlines()) == 2 * len(records)


def test_a_signed_copy_is_trusted_and_plays_as_before(rendered: Path, anchored: tuple[Path, Path]) -> None:
    """Download, clips, keyframes and poster carry credentials; the download decodes to the very frames and samples."""
    copy, keys = anchored
    done = tiny.microdrama(rendered, "audit", "validate", copy, "--anchors", keys / "anchor.pem", "--json")
    assert done.code == 0, done.err
    found = {path: (one["state"], one["source_type"]) for path, one in done.json["credentials"].items() if "/versions/" not in path}
    assert found == {
        "clips/en/sh010.mp4": (TRUSTED, "algorithmicMedia"), "clips/en/sh020.mp4": (TRUSTED, "algorithmicMedia"),
        "en/episode.mp4": (TRUSTED, "compositeWithTrainedAlgorithmicMedia"), "en/poster.jpg": (TRUSTED, "algorithmicMedia"),
        "keyframes/sh010.png": (TRUSTED, "algorithmicMedia"), "keyframes/sh020.png": (TRUSTED, "algorithmicMedia")}
    film = done.json["credentials"]["en/episode.mp4"]
    assert {"clips/en/sh010.mp4", "clips/en/sh020.mp4", "keyframes/sh010.png", "script.json of episodes/001.fountain",
            *MODELS} <= set(film["ingredients"])
    delivered = rendered / "deliveries" / "tiny" / "e001" / "en" / "episode.mp4"
    assert _frames(copy / "en" / "episode.mp4") == _frames(delivered)
    assert _frames(copy / "clips" / "en" / "sh010.mp4").count("\n") > 60


@pytest.mark.parametrize("pattern", ["en/episode.mp4", "en/master.m3u8", "en/versions/*/video_360p.m3u8", "en/segments/*/*.m4s",
                                     "en/segments/*/*.mp4", "en/segments/*/*.vtt", "clips/en/*.mp4", "keyframes/*.png"])
def test_one_flipped_byte_anywhere_is_invalid(pattern: str, copy: Path, anchored: tuple[Path, Path]) -> None:
    """The file is named, whatever it is, wherever the byte."""
    path = sorted(copy.glob(pattern))[0]
    data = path.read_bytes()
    for at in (0, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
        found = check_release(copy, (anchored[1] / "anchor.pem").read_bytes())
        assert found.state == INVALID
        assert [(one.code, one.what) for one in found.sidecar.findings] == [("file.changed", path.relative_to(copy).as_posix())]


def test_nothing_is_unsigned_by_accident(rendered: Path, anchored: tuple[Path, Path], tmp_path: Path) -> None:
    """Signing that fails leaves nothing; without certificates it is refused; an unsigned copy says so and is not trusted."""
    halfway = tiny.microdrama(rendered, "audit", "sign", "tiny.e001", "--out", tmp_path / "copy", "--certificates", anchored[1],
                              "--timestamp-authority", "http://127.0.0.1:9/nobody")
    assert (halfway.code, "c2pa would not sign it" in halfway.err, list(tmp_path.iterdir())) == (2, True, [])
    refused = tiny.microdrama(rendered, "audit", "sign", "tiny.e001", "--out", tmp_path / "copy")
    assert (refused.code, "name either --certificates or --unsigned" in refused.err, (tmp_path / "copy").exists()) == (2, True, False)
    made = tiny.microdrama(rendered, "audit", "sign", "tiny.e001", "--out", tmp_path / "copy", "--unsigned")
    assert (made.code, "UNSIGNED" in made.err) == (0, True)
    checked = tiny.microdrama(rendered, "audit", "validate", tmp_path / "copy", "--anchors", anchored[1] / "anchor.pem")
    assert (checked.code, "unsigned: " in checked.err) == (1, True)


def _frames(path: Path) -> str:
    """Digest of every decoded frame and audio frame."""
    done = subprocess.run([executable(), "-v", "error", "-i", str(path), "-f", "framemd5", "-"], capture_output=True, text=True, check=True)
    assert done.stderr == "" or "Fontconfig" in done.stderr
    return done.stdout
