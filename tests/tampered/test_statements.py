"""Every way to tamper with statements, signatures, keys and artifacts, and the one name under which it is reported."""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from audit import canonical
from audit.canonical import sha256_hex
from audit.errors import TrustRootInvalid, Unusable
from audit.records import TRUST_ROOT
from audit.signers import generate, private_pem
from audit.trust import BUILDER, TrustRoot, key_of, parse_trust_root
from audit.verify import verify_folder
from resources.evidence import Evidence
from resources.home import Home
from tests.tampered.studio import Copy, artifact, statement

CHANGED = 7


def edit_payload(copy: Copy) -> None:
    def change(data: bytes) -> bytes:
        envelope = json.loads(data)
        payload = base64.b64decode(envelope["payload"]).replace(b"a locket", b"a dagger")
        return canonical.encode({**envelope, "payload": base64.b64encode(payload).decode()})

    copy.edit(copy.envelope(CHANGED), change)


def edit_signature(copy: Copy) -> None:
    def change(data: bytes) -> bytes:
        envelope = json.loads(data)
        signature = bytearray(base64.b64decode(envelope["signatures"][0]["sig"]))
        signature[5] ^= 1
        envelope["signatures"][0]["sig"] = base64.b64encode(bytes(signature)).decode()
        return canonical.encode(envelope)

    copy.edit(copy.envelope(CHANGED), change)


def lose_statement(copy: Copy) -> None:
    (copy.log / copy.envelope(CHANGED)).unlink()


def exchange_statements(copy: Copy) -> None:
    shutil.copyfile(copy.log / copy.envelope(CHANGED + 1), copy.log / copy.envelope(CHANGED))


def misnamed_statement(copy: Copy) -> None:
    """An entry that names one statement and the envelope of another."""
    copy.reenter(CHANGED, replace(copy.entry(CHANGED), statement=copy.entry(CHANGED + 1).statement).encode())


def forged_signature(copy: Copy) -> None:
    """By another key, under the id of the builder's."""
    keyid = copy.trust.having(BUILDER)[0].keyid
    payload = statement(1000)
    copy.restate(CHANGED, payload, stranger(copy))
    entry = copy.entry(CHANGED)
    forged = (copy.log / copy.envelope(CHANGED)).read_bytes()
    strange = json.loads(forged)["signatures"][0]["keyid"]
    data = forged.replace(strange.encode(), keyid.encode())
    place = copy.log / "envelopes" / sha256_hex(data)[:2] / sha256_hex(data)
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(data)
    copy.reenter(CHANGED, replace(entry, envelope=sha256_hex(data)).encode())


def stranger(copy: Copy) -> Path:
    place = copy.root / "keys" / "stranger.pem"
    place.write_bytes(private_pem(generate()))
    place.chmod(0o600)
    return place


def signed_by_stranger(copy: Copy) -> None:
    copy.restate(CHANGED, statement(1000), stranger(copy))


def signed_by_log(copy: Copy) -> None:
    copy.restate(CHANGED, statement(1000), copy.root / "keys" / "log.pem")


def later_statement(copy: Copy) -> None:
    copy.restate(CHANGED, statement(1000).replace(b"urn:microdrama:action:v1", b"urn:microdrama:action:v9"))


def other_statement_type(copy: Copy) -> None:
    copy.restate(CHANGED, statement(1000).replace(b"in-toto.io/Statement/v1", b"in-toto.io/Statement/v2"))


def no_statement(copy: Copy) -> None:
    copy.restate(CHANGED, b'{"hello":"world"}')


def no_json(copy: Copy) -> None:
    copy.restate(CHANGED, b"hello")


def other_payload_type(copy: Copy) -> None:
    copy.restate(CHANGED, statement(1000), payload_type="text/plain")


def without_action(copy: Copy) -> None:
    copy.restate(CHANGED, statement(1000).replace(b'"invocationId"', b'"invokationId"'))


def subject_by_path(copy: Copy) -> None:
    copy.restate(CHANGED, statement(1000).replace(sha256_hex(artifact(1000)).encode(), b"../../../../etc/hostname"))


def subject_of_nothing(copy: Copy) -> None:
    """A statement about an artifact that was never made, with a result that claims it."""
    action = f"{1000:064x}"
    place = copy.root / "refs" / "actions" / action[:2] / action
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps({"format": 1, "action": action, "statement": sha256_hex(statement(1000))}))
    copy.restate(CHANGED, statement(1000))


def stored(copy: Copy, number: int) -> Path:
    digest = sha256_hex(artifact(number))
    return copy.root / "objects" / digest[:2] / digest


def spoil_artifact(copy: Copy) -> None:
    stored(copy, CHANGED).chmod(0o600)
    stored(copy, CHANGED).write_bytes(b"still X")


def lose_artifact(copy: Copy) -> None:
    stored(copy, CHANGED).unlink()


TAMPERED = [
    ("the statement edited", edit_payload, "StatementTampered"),
    ("the signature edited", edit_signature, "SignatureTampered"),
    ("the statement gone", lose_statement, "StatementMissing"),
    ("another statement in its place", exchange_statements, "StatementTampered"),
    ("an entry that names another statement", misnamed_statement, "StatementTampered"),
    ("a signature by another key", forged_signature, "SignatureInvalid"),
    ("signed by a stranger", signed_by_stranger, "UnknownSigner"),
    ("an action signed by the log's key", signed_by_log, "RoleMissing"),
    ("an action of a later version", later_statement, "UnknownVersion"),
    ("another version of in-toto statements", other_statement_type, "UnknownVersion"),
    ("JSON that is no statement", no_statement, "StatementMalformed"),
    ("a payload that is no JSON", no_json, "StatementMalformed"),
    ("another payload type", other_payload_type, "StatementMalformed"),
    ("an action without its digest", without_action, "StatementMalformed"),
    ("a statement whose subject does not exist", subject_of_nothing, "SubjectMissing"),
    ("a subject that is a path", subject_by_path, "StatementMalformed"),
    ("an artifact edited", spoil_artifact, "SubjectTampered"),
    ("an artifact gone", lose_artifact, "SubjectMissing"),
]


@pytest.mark.parametrize(("label", "tamper", "code"), TAMPERED, ids=[row[0] for row in TAMPERED])
def test_each_way_of_tampering_with_statements_has_its_name(
        copy: Copy, label: str, tamper: Callable[[Copy], None], code: str) -> None:
    """No statement, signature or artifact can be changed without its being said what was done."""
    trust = copy.trust
    tamper(copy)
    report = verify_folder(copy.root, trust)
    assert report.codes() == [code]
    assert len(report.failures) == 1


def keyid(copy: Copy) -> str:
    return copy.trust.having(BUILDER)[0].keyid


def logged(copy: Copy) -> str:
    return copy.entry(0).logged


KEYS = [
    ("revoked before", lambda t, k, at: t.revoked(k, "2020-01-01T00:00:00.000Z", "stolen"), "KeyRevoked"),
    ("revoked at that moment", lambda t, k, at: t.revoked(k, at, "stolen"), "KeyRevoked"),
    ("revoked afterwards", lambda t, k, at: t.revoked(k, "2999-01-01T00:00:00.000Z", "stolen"), None),
    ("expired before", lambda t, k, at: t.retired(k, at), "KeyNotValid"),
    ("retired afterwards", lambda t, k, at: t.retired(k, "2999-01-01T00:00:00.000Z"), None),
    ("unknown", lambda t, k, at: TrustRoot(t.origin, tuple(key for key in t.keys if key.keyid != k)), "UnknownSigner"),
]


@pytest.mark.parametrize(("label", "change", "code"), KEYS, ids=[row[0] for row in KEYS])
def test_a_key_counts_while_it_is_valid(
        copy: Copy, label: str, change: Callable[[TrustRoot, str, str], TrustRoot], code: str | None) -> None:
    """What was logged before a revocation or an expiry stays valid; what was logged after it does not."""
    trust = change(copy.trust, keyid(copy), logged(copy))
    assert verify_folder(copy.root, trust).codes() == ([] if code is None else [code])


def test_a_rotated_key_leaves_the_past_valid(copy: Copy) -> None:
    """After a new builder's key, statements by both verify, and after the old one's retirement still do."""
    evidence = Evidence(Home.open(copy.root))
    old = keyid(copy)
    new, _ = evidence.keys.new(BUILDER, "second builder")
    rotated = Evidence(evidence.home)
    rotated.record(statement(5000))
    rotated.sequence()
    evidence.keys.update(lambda trust: trust.retired(old, new.valid_from))
    report = verify_folder(copy.root, evidence.trust)
    assert report.failures == []
    assert any(text.startswith("300 statements signed by this home's builder") for text in report.verified)
    assert any(text.startswith("1 statement signed by second builder") for text in report.verified)


def test_a_trust_root_whose_keys_were_exchanged_is_refused(copy: Copy) -> None:
    """A key under another key's id never gets into a trust root."""
    record = json.loads((copy.log / TRUST_ROOT).read_bytes())
    record["keys"][0]["public"] = record["keys"][1]["public"]
    with pytest.raises(TrustRootInvalid, match="has another id"):
        parse_trust_root(json.dumps(record).encode(), "trust-root.json")


def test_another_trust_root_has_another_fingerprint(copy: Copy) -> None:
    """Everything that matters is in the fingerprint: whoever compares it holds the same keys and revocations."""
    added = key_of(generate().public_key, "x", (BUILDER,), "2026-01-01T00:00:00.000Z")
    variants = [copy.trust, copy.trust.with_key(added), copy.trust.revoked(keyid(copy), logged(copy), "stolen"),
                copy.trust.retired(keyid(copy), logged(copy)), replace(copy.trust, origin="other")]
    assert len({trust.fingerprint for trust in variants}) == len(variants)


@pytest.fixture
def delivery(copy: Copy, tmp_path: Path) -> Path:
    """Two delivered stills with evidence of only their statements beside them."""
    folder = tmp_path / "delivery"
    (folder / "en").mkdir(parents=True)
    for number in (1, 2):
        (folder / "en" / str(number)).mkdir()
        (folder / "en" / str(number) / "still.png").write_bytes(artifact(number))
    Evidence(Home.open(copy.root)).export(folder, {sha256_hex(statement(number)) for number in (1, 2)})
    return folder


def test_a_delivery_verifies_with_its_own_statements_alone(copy: Copy, delivery: Path) -> None:
    """A copy with two of three hundred statements proves those two, says so of the rest, and holds no private key."""
    report = verify_folder(delivery, copy.trust)
    assert report.failures == []
    assert "2 of 2 delivered files have the bytes that statements name" in report.verified
    assert "298 of 300 statements are not part of this copy" in report.not_verified
    assert not any(b"PRIVATE KEY" in path.read_bytes() for path in delivery.rglob("*") if path.is_file())


def flip_file(folder: Path) -> None:
    place = folder / "en" / "1" / "still.png"
    place.write_bytes(place.read_bytes()[:-1] + b"X")


def add_file(folder: Path) -> None:
    (folder / "en" / "extra.vtt").write_text("WEBVTT")


def add_link(folder: Path) -> None:
    os.symlink("/etc/hostname", folder / "en" / "link.vtt")


def lose_selected(folder: Path) -> None:
    selected = json.loads((folder / "evidence/selection.json").read_bytes())["envelopes"][0]
    (folder / "evidence/envelopes" / selected[:2] / selected).unlink()


DELIVERED = [
    ("a byte flipped", flip_file, ["FileTampered"]),
    ("a file added", add_file, ["FileUnstated"]),
    ("a link added", add_link, ["FileUnstated"]),
    ("a statement taken out", lose_selected, ["StatementMissing", "FileTampered"]),
]


@pytest.mark.parametrize(("label", "tamper", "codes"), DELIVERED, ids=[row[0] for row in DELIVERED])
def test_each_way_of_tampering_with_a_delivery_has_its_name(
        copy: Copy, delivery: Path, label: str, tamper: Callable[[Path], None], codes: list[str]) -> None:
    """No delivered file can be changed, and none added, without its being named."""
    tamper(delivery)
    assert verify_folder(delivery, copy.trust).codes() == codes


def test_a_file_is_known_under_each_of_its_names(copy: Copy, delivery: Path) -> None:
    """Bytes that one step names first and a package again are a tampered file under the package's name, too."""
    evidence = Evidence(Home.open(copy.root))
    renamed = evidence.record(statement(7000, artifact(1), "segments/1.m4s"))
    evidence.sequence()
    (delivery / "segments").mkdir()
    (delivery / "segments" / "1.m4s").write_bytes(artifact(1))
    evidence.export(delivery, {renamed, *(sha256_hex(statement(number)) for number in (1, 2))})
    assert verify_folder(delivery, copy.trust).failures == []
    (delivery / "segments" / "1.m4s").write_bytes(b"still X")
    assert verify_folder(delivery, copy.trust).codes() == ["FileTampered"]


def test_a_folder_without_evidence_is_not_called_sound(tmp_path: Path) -> None:
    """Nothing to verify is an error, not a success."""
    with pytest.raises(Unusable, match="no evidence lies here"):
        verify_folder(tmp_path)
