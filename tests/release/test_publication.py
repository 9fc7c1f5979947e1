"""A published folder proves itself to whoever holds the public keys, and every byte of it counts."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from audit.canonical import encode, sha256_hex
from audit.credentials.release import check_release
from audit.credentials.validation import TRUSTED
from audit.errors import Unusable
from audit.statements import of_action
from audit.trust import TrustedKey, TrustRoot
from audit.verify import verify_folder
from deployment import deciding
from microdrama_assets.release.published import Layout, add_place, everything_published, folder_for, lay_out, places
from resources.buckets import BucketRefused
from resources.destinations import destination
from resources.errors import ResourceError
from resources.evidence import Evidence
from resources.home import Home
from tests.release.test_gate import KEY, Gate

ONLY_THERE = ("dagster", "c2pa", "microdrama_assets", "resources", "partitions", "deployment", "yaml", "rfc3161_client")
"""What a verifier need not have."""


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    """A published episode. Tests that change something publish it again."""
    made = Gate(tmp_path_factory.mktemp("publication"))
    made.approve("ana", "ben")
    assert made.publish() == ""
    return made


@pytest.fixture(scope="module")
def trust(gate: Gate) -> TrustRoot:
    return gate.studio.desk.evidence.trust


@pytest.fixture
def copy(gate: Gate, tmp_path: Path) -> Path:
    return shutil.copytree(folder_for(gate.home, KEY), tmp_path / "copy")


def test_a_copy_verifies_with_public_keys_alone(gate: Gate, copy: Path, trust: TrustRoot, tmp_path: Path) -> None:
    """Without Dagster or the rest of this program it is told who approved these files, and what cannot be told here."""
    (tmp_path / "root.json").write_bytes(trust.to_json())
    code = ("import runpy, sys\n"
            f"sys.modules.update(dict.fromkeys({ONLY_THERE!r}))\n"
            f"sys.argv = ['audit', 'verify', {str(copy)!r}, '--keys', {str(tmp_path / 'root.json')!r}]\n"
            "runpy.run_module('audit', run_name='__main__')")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert (done.returncode, done.stderr) == (0, "")
    assert "15 of 15 published files are those of rooms.e001 in market world" in done.stdout
    assert "ana (producer) on" in done.stdout and "ben (compliance) on" in done.stdout
    assert "not verified  licences and consents: what they are about stays in the studio" in done.stdout
    assert "not verified  Content Credentials, signed by CN=Rooms Pictures content credentials" in done.stdout
    assert not any(b"PRIVATE KEY" in path.read_bytes() for path in copy.rglob("*") if path.is_file())


def test_published_files_carry_trusted_credentials(gate: Gate, copy: Path) -> None:
    """Downloads are signed, the list covers every file but the evidence, and approvals stay about unsigned bytes."""
    found = check_release(copy, (gate.home.root / "certificates" / "anchor.pem").read_bytes())
    record = json.loads((copy / "published.json").read_bytes())
    assert (found.state, found.sidecar.findings, sorted(found.credentials)) == (
        TRUSTED, (), ["en/episode.mp4", "es/episode.mp4"])
    assert found.sidecar.files == 14
    assert record["credentials"]["state"] == "signed"
    assert record["files"] == deciding.digests_of(gate.studio, KEY.in_episode())
    assert all(record["files"][name] != digest for name, digest in record["signed"].items())


FLIPPED = ["en/segments/aa/one.m4s", "en/segments/aa/init.mp4", "es/segments/aa/captions.vtt", "en/master.m3u8", "es/player.json", "en/episode.mp4", "review.json", "published.json",
           "content-credentials.dsse.json"]


@pytest.mark.parametrize("name", FLIPPED)
def test_one_flipped_byte_is_told_by_the_name_of_its_file(name: str, copy: Path, trust: TrustRoot) -> None:
    """Whatever the file and wherever the byte."""
    data = (copy / name).read_bytes()
    for at in (0, len(data) // 2, len(data) - 1):
        (copy / name).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
        assert ("FileTampered", name) in [(error.code, error.where) for error in verify_folder(copy, trust).failures]


def test_one_flipped_byte_of_the_evidence_is_told(copy: Path, trust: TrustRoot) -> None:
    """In each of its files, whichever it is: nothing beside the publication can be altered unseen."""
    for path in sorted(path for path in (copy / "evidence").rglob("*") if path.is_file()):
        data = path.read_bytes()
        before = verify_folder(copy, trust).not_verified
        for at in {len(data) // 3, len(data) * 9 // 10}:
            path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
            report = verify_folder(copy, trust)
            assert report.failures or report.not_verified != before, f"{path.name} at {at}"
        path.write_bytes(data)


def test_bits_that_no_byte_takes_are_told(copy: Path, trust: TrustRoot) -> None:
    """The last letter before base64's padding holds bits that are in none of its bytes: altered, they are told too."""
    for name in ("proofs.json", "checkpoint"):
        path = copy / "evidence" / name
        data = path.read_bytes()
        at = len(data[:data.rindex(b"=")].rstrip(b"=")) - 1
        assert chr(data[at]) in "AEIMQUYcgkosw048", "its last two bits are spare"
        path.write_bytes(data[:at] + bytes([data[at] + 1]) + data[at + 1:])
        assert verify_folder(copy, trust).failures, name
        path.write_bytes(data)
    assert verify_folder(copy, trust).failures == []


def exchange(folder: Path) -> None:
    """Two files of one publication, each with the other's sound bytes."""
    one, other = folder / "en/master.m3u8", folder / "es/master.m3u8"
    ones = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(ones)


def without_approval(folder: Path) -> None:
    """Ben's approval taken out, and its proof with it: what is left is sound, and not enough."""
    place = folder / "evidence/proofs.json"
    proofs = json.loads(place.read_bytes())
    decisions = json.loads((folder / "published.json").read_bytes())["decisions"]
    proofs["entries"] = [one for one in proofs["entries"] if json.loads(one["entry"])["statement"] not in decisions[:1]]
    place.write_bytes(encode(proofs))


def of_another_entry(folder: Path) -> None:
    place = folder / "evidence/proofs.json"
    proofs = json.loads(place.read_bytes())
    proofs["entries"][0]["path"], proofs["entries"][1]["path"] = proofs["entries"][1]["path"], proofs["entries"][0]["path"]
    place.write_bytes(encode(proofs))


TAMPERED: list[tuple[str, Callable[[Path], object], list[str]]] = [
    ("files exchanged", exchange, ["FileTampered", "FileTampered"]),
    ("a file lost", lambda folder: (folder / "en/segments/aa/one.m4s").unlink(), ["FileMissing"]),
    ("a file added", lambda folder: (folder / "en/extra.vtt").write_text("WEBVTT"), ["FileUnstated"]),
    ("a link", lambda folder: (folder / "en/link.mp4").symlink_to("/etc/hostname"), ["FileUnstated"]),
    ("the record lost", lambda folder: (folder / "published.json").unlink(), ["FileMissing"]),
    ("an approval lost", without_approval, ["NotApproved"]),
    ("proofs exchanged", of_another_entry, ["ProofTampered", "ProofTampered"]),
]


@pytest.mark.parametrize(("label", "tamper", "codes"), TAMPERED, ids=[row[0] for row in TAMPERED])
def test_each_way_of_tampering_with_a_publication_has_its_name(
        label: str, tamper: Callable[[Path], object], codes: list[str], copy: Path, trust: TrustRoot) -> None:
    """What was done to files, record, proofs or decisions is told, and nothing else is blamed."""
    tamper(copy)
    found = [error.code for error in verify_folder(copy, trust).failures]
    assert found[:len(codes)] == codes


def another_version(folder: Path, record: dict[str, Any]) -> None:
    (folder / "review.json").write_bytes(b"{}")
    record["files"]["review.json"] = sha256_hex(b"{}")


FORGED: list[tuple[str, Callable[[Path, dict[str, Any]], object], str, str]] = [
    ("another version", another_version, "NotApproved", "changed since: review.json"),
    ("another episode", lambda folder, record: record.update(episode="e002"), "NotApproved",
     "it is about rooms.e001, not about rooms.e002"),
    ("another market", lambda folder, record: record.update(market="us"), "NotApproved",
     "1 approval by producer needed for market us, 0 given"),
    ("a policy of one's own", lambda folder, record: record["policy_record"].update(four_eyes=False), "PolicyNotAdopted", ""),
    ("a record of a later version", lambda folder, record: record.pop("files"), "UnknownVersion", "without files"),
]


@pytest.mark.parametrize(("label", "change", "code", "why"), FORGED, ids=[row[0] for row in FORGED])
def test_whoever_has_the_houses_keys_cannot_borrow_approvals(
        label: str, change: Callable[[Path, dict[str, Any]], object], code: str, why: str, gate: Gate, copy: Path,
        tmp_path: Path) -> None:
    """A record signed and logged anew, over files that fit it, with the approvals of something else, is not approved."""
    record = json.loads((copy / "published.json").read_bytes())
    proven = {json.loads(one["entry"])["statement"] for one in json.loads((copy / "evidence/proofs.json").read_bytes())["entries"]}
    change(copy, record)
    (copy / "published.json").write_bytes(encode(record))
    evidence = Evidence(Home.open(shutil.copytree(gate.home.root, tmp_path / "stolen")))
    names = {name: sha256_hex((copy / name).read_bytes()) for name in ("published.json", "review.json")}
    forged = evidence.record(encode(of_action(
        action_digest="f" * 64, series="rooms", asset="published_episode", partition="forged", code_version="1", params={},
        models=[], tools={}, materials=[], sources=[], subjects=names, began="2026-01-01T00:00:00.000+00:00", seconds=0.0,
        usd=0.0, byproducts={})))
    evidence.sequence()
    for name, data in evidence.extract({*proven, forged}).items():
        (copy / "evidence" / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / "evidence" / name).write_bytes(data)
    [error] = verify_folder(copy, evidence.trust).failures
    assert error.code == code and why in error.what


KEYS: list[tuple[str, Callable[[TrustRoot, TrustedKey], TrustRoot], list[str]]] = [
    ("revoked before", lambda t, key: t.revoked(key.keyid, key.valid_from, "stolen"), ["KeyRevoked", "NotApproved"]),
    ("of a role that may not", lambda t, key: TrustRoot(t.origin, tuple(
        replace(one, roles=("editor",)) if one == key else one for one in t.keys)), ["NotApproved"]),
    ("unknown", lambda t, key: TrustRoot(t.origin, tuple(one for one in t.keys if one != key)),
     ["UnknownSigner", "NotApproved"]),
]


@pytest.mark.parametrize(("label", "change", "codes"), KEYS, ids=[row[0] for row in KEYS])
def test_an_approval_counts_only_under_a_key_that_may(
        label: str, change: Callable[[TrustRoot, TrustedKey], TrustRoot], codes: list[str], copy: Path,
        trust: TrustRoot) -> None:
    """A sound publication is not approved for a verifier whose trust root says otherwise of a signer's key."""
    [ana] = [key for key in trust.keys if key.name == "ana"]
    assert verify_folder(copy, change(trust, ana)).codes() == codes


def test_a_publication_that_is_stopped_shows_nothing_new(gate: Gate, tmp_path: Path) -> None:
    """A gate that closes, or a stop, in between leaves the former version playing; going on completes the new one."""
    home = gate.home
    add_place(home, KEY, str(tmp_path / "site"))
    site = Path(places(home, KEY)[0])
    assert gate.publish() == ""
    before = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    new: dict[str, Path | bytes] = {"en/segments/bb/two.m4s": b"two", "en/player.json": b"{}", "en/master.m3u8": b"new"}

    def refuse() -> None:
        raise PermissionError("withdrawn meanwhile")

    for layout, confirm, stopped in (
            (Layout(new, frozenset(), {}, b"{}"), refuse, PermissionError),
            (Layout({**new, "en/player.json": tmp_path / "gone"}, frozenset(), {}, b"{}"), lambda: None, ResourceError)):
        with pytest.raises(stopped):
            lay_out(home, KEY, layout, confirm)
        for master in ("en/master.m3u8", "es/master.m3u8", "published.json"):
            assert (site / master).read_bytes() == before[master]
    assert gate.publish() == ""
    assert {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()} == {
        **before, **{f"evidence/{name}": (folder_for(home, KEY) / "evidence" / name).read_bytes()
                     for name in ("checkpoint", "proofs.json")}}


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A real S3 server on this machine, and a bucket in it."""
    import boto3

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    boto3.client("s3").create_bucket(Bucket="drama")
    yield "s3://drama/site"
    server.stop()


def test_a_bucket_is_published_to_in_the_same_order(gate: Gate, bucket: str, caplog: pytest.LogCaptureFixture) -> None:
    """Segments first and masters last, each with its type and how long caches keep it; taken down, a tombstone is left."""
    import boto3

    client = boto3.client("s3")
    add_place(gate.home, KEY, bucket)
    with caplog.at_level(logging.INFO, "werkzeug"):
        assert gate.publish() == ""
    put = [line.split("/drama/site/rooms/e001/world/")[1].split(" ")[0] for line in caplog.messages if "PUT /drama/site" in line]
    assert put[:6] == [f"{language}/segments/aa/{name}" for language in ("en", "es")
                       for name in ("captions.vtt", "init.mp4", "one.m4s")]
    assert put[-3:] == ["published.json", "en/master.m3u8", "es/master.m3u8"]

    def told(name: str) -> tuple[str, str]:
        found = client.head_object(Bucket="drama", Key=f"site/rooms/e001/world/{name}")
        return found["ContentType"], found["CacheControl"]

    assert told("en/segments/aa/one.m4s") == ("video/iso.segment", "public, max-age=31536000, immutable")
    assert told("en/master.m3u8") == ("application/vnd.apple.mpegurl", "public, max-age=30")
    assert told("en/episode.mp4") == ("video/mp4", "public, max-age=30")
    [one] = everything_published(gate.home)
    assert (one.record is not None, f"{bucket}/rooms/e001/world" in one.places) == (True, True)

    folder = deciding.unpublish(gate.studio, KEY, str(gate.people["ben"]), "a complaint")
    left = client.list_objects_v2(Bucket="drama")["Contents"]
    assert [entry["Key"] for entry in left] == ["site/rooms/e001/world/tombstone.json"]
    with pytest.raises(Unusable, match="taken down"):
        verify_folder(folder)
    [one] = everything_published(gate.home)
    assert (one.record, (one.tombstone or {})["because"], one.places) == (None, "a complaint", ())


def test_a_bucket_that_is_not_there_publishes_nothing(bucket: str) -> None:
    """A place that refuses is named, with what to look at."""
    with pytest.raises(BucketRefused, match="s3://nowhere/a/x: S3 refused it: .*NoSuchBucket.*Create the bucket"):
        destination("s3://nowhere/a").put("x", b"x", False)
