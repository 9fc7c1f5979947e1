"""`microdrama audit` on an episode that was really rendered: bills, tables, signed copies, and what tells on tampering."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from audit.casebook import Casebook
from audit.credentials.release import check_release
from audit.credentials.validation import INVALID, TRUSTED
from audit.errors import FileUnstated
from audit.questions.moment import at_moment
from audit.trust import parse_trust_root
from audit.verify import verify_folder
from resources.ffmpeg import executable
from resources.home import Home
from resources.model_pins import BY_NAME
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


def test_a_moment_of_a_rendered_film_names_its_models(rendered: Path, anchored: tuple[Path, Path]) -> None:
    """The delivered MP4, a segment, and of the signed copy film, clip and still: the same answer for the same picture."""
    book, copy = Casebook.open(rendered), anchored[0]
    delivered = rendered / "deliveries" / "tiny" / "e001" / "en"
    film = (delivered / "episode.mp4").read_bytes()
    spoken, silent, later = (at_moment(book, "episode.mp4", film, at_s).told for at_s in (0.5, 0.1, 2.5))
    assert [(told["shot"], told["screenplay"][0]["lines"], told["line"] and told["line"]["text"])
            for told in (spoken, silent, later)] == [
        ("sh010", [3, 6], "Look at it closely."), ("sh010", [3, 6], None), ("sh020", [8, 8], None)]
    pinned = {name: BY_NAME[name].identity for name in MODELS}
    assert {one["name"]: (one["revision"], one["sha256"], one["licence"]) for one in spoken["heard"]["models"]
            if one["kind"] == "model"} == {name: (one.revision, one.sha256, one.licence) for name, one in pinned.items()}
    assert (silent["heard"]["models"], later["heard"]["models"]) == ([], [])
    assert {one["kind"] for one in spoken["seen"]["models"]} == {"font"}
    signed = at_moment(book, "episode.mp4", (copy / "en" / "episode.mp4").read_bytes(), 0.5).told
    assert signed["sha256"] != signed["unsigned_sha256"] == spoken["sha256"]
    assert {key: signed[key] for key in ("shot", "seen", "heard")} == {key: spoken[key] for key in ("shot", "seen", "heard")}
    clip = at_moment(book, "sh010.mp4", (copy / "clips" / "en" / "sh010.mp4").read_bytes(), None).told
    assert (clip["artifact"], clip["seen"]) == ("abr_rendition e001.sh010@en", spoken["seen"])
    still = at_moment(book, "sh020.png", (copy / "keyframes" / "sh020.png").read_bytes(), None).told
    assert still["artifact"] == "keyframe e001.sh020"
    shots = [at_moment(book, path.name, path.read_bytes(), None).told for path in delivered.glob("segments/*/*.m4s")]
    assert sorted((one["shot"], one["at_s"], bool(one["seen"]["statements"])) for one in shots if one["seen"]["statements"]) == [
        *[("sh010", 0.0, True)] * 3, *[("sh010", 1.0, True)] * 3, *[("sh020", 2.0, True)] * 3]
    with pytest.raises(FileUnstated):
        at_moment(book, "episode.mp4", film[:-1] + b"!", 0.5)


def test_questions_are_asked_and_answered_in_a_shell(rendered: Path, copy: Path, anchored: tuple[Path, Path]) -> None:
    """Exit code 0 where all is as it must be, 1 where it is not, 2 for a wrong question; JSON with `--json`."""
    anchor = anchored[1] / "anchor.pem"
    film = rendered / "deliveries" / "tiny" / "e001" / "en" / "episode.mp4"
    asked = tiny.microdrama(rendered, "audit", "frame", film, "--at", "00:00.5", "--json")
    assert (asked.code, asked.json["shot"], asked.json["problems"]) == (0, "sh010", [])
    marked = tiny.microdrama(rendered, "audit", "marks", copy, "--anchors", anchor, "--json")
    assert (marked.code, marked.json["problems"]) == (0, [])
    assert {row["path"]: row["marks"] for row in marked.json["folders"][0]["files"] if row["path"] in (
        "en/episode.mp4", "en/player.json", "en/master.m3u8")} == {
        "en/episode.mp4": ["content credentials", "signed list", "synthetic metadata"],
        "en/player.json": ["signed list", "synthetic metadata"], "en/master.m3u8": ["signed list"]}
    segment = sorted(copy.glob("en/segments/*/*.m4s"))[0]
    segment.write_bytes(segment.read_bytes()[:-1] + b"!")
    marked = tiny.microdrama(rendered, "audit", "marks", copy, "--anchors", anchor, "--json")
    assert (marked.code, marked.json["problems"]) == (1, [f"{segment.relative_to(copy).as_posix()}: has no signed list"])
    unapproved = tiny.microdrama(rendered, "audit", "approvals", "tiny.e001")
    assert (unapproved.code, "1 approval by producer needed" in unapproved.out) == (1, True)
    wrong = tiny.microdrama(rendered, "audit", "uses", "af_heart")
    assert (wrong.code, wrong.out) == (2, "")


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


def test_a_published_episode_is_signed_and_proves_itself(rendered: Path, tmp_path: Path) -> None:
    """From keys to a copy in another folder: trusted credentials down to the models, approvals by two people, every byte
    bound, and it plays as it was rendered."""
    home, site = shutil.copytree(rendered, tmp_path / "home"), tmp_path / "site" / "tiny" / "e001" / "world"
    for name, role in (("ana", "producer"), ("ben", "compliance")):
        key = tmp_path / f"{name}.pem"
        assert tiny.microdrama(home, "keys", "new", "--role", role, "--name", name, "--out", key).code == 0
        assert tiny.microdrama(home, "approve", "tiny.e001", "--key", key).code == 0
    refused = tiny.microdrama(home, "publish", "tiny.e001", "--market", "world")
    assert (refused.code, "there is no certificate to sign Content Credentials with" in refused.err) == (1, True)
    assert tiny.microdrama(home, "audit", "certificates", home / "certificates").code == 0
    done = tiny.microdrama(home, "publish", "tiny.e001", "--market", "world", "--to", tmp_path / "site")
    assert (done.code, done.out.splitlines()[1]) == (0, str(site)), done.err
    assert tiny.microdrama(home, "keys", "export", tmp_path / "root.json").code == 0
    trust = parse_trust_root((tmp_path / "root.json").read_bytes(), "root.json")
    verified = verify_folder(site, trust)
    assert (verified.codes(), any("ana (producer)" in text for text in verified.verified)) == ([], True)
    checked = tiny.microdrama(home, "audit", "validate", site, "--anchors", home / "certificates" / "anchor.pem", "--json")
    film = checked.json["credentials"]["en/episode.mp4"]
    assert (film["source_type"], set(film["ingredients"]) >= MODELS) == ("compositeWithTrainedAlgorithmicMedia", True)
    assert _frames(site / "en" / "episode.mp4") == _frames(rendered / "deliveries" / "tiny" / "e001" / "en" / "episode.mp4")
    for pattern in ("en/segments/*/*.mp4", "en/segments/*/*.vtt", "en/versions/*/video_360p.m3u8"):
        path = sorted(site.glob(pattern))[0]
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        assert [(error.code, error.where) for error in verify_folder(site, trust).failures] == [
            ("FileTampered", path.relative_to(site).as_posix())]
        path.write_bytes(whole)
