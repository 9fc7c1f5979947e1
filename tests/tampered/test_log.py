"""Every way to tamper with the log, and the one name under which it is reported."""

from __future__ import annotations

import base64
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from audit.checkpoints import cosign_newest
from audit.instants import of_posix
from audit.log import Entry
from audit.notes import parse_checkpoint
from audit.records import CHECKPOINT, TRUST_ROOT, WITNESSED, getter
from audit.report import Report, silent
from audit.signers import generate, private_pem
from audit.trust import WITNESS, key_of
from audit.verify import verify_folder
from audit.verify_log import verify_log
from resources.log_bucket import LogBucket
from tests.tampered.studio import ENTRIES, Copy


def flip(at: int) -> Callable[[bytes], bytes]:
    """One bit of one byte."""
    return lambda data: data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def edit_entry(copy: Copy) -> None:
    copy.write_bundle(1, [entry.replace(b":", b";", 1) if at == 4 else entry for at, entry in enumerate(copy.bundle(1))])


def delete_entry(copy: Copy) -> None:
    entries = copy.bundle(1)
    del entries[4]
    copy.write_bundle(1, entries)


def delete_bundle(copy: Copy) -> None:
    (copy.log / "tile/entries/000").unlink()


def insert_entry(copy: Copy) -> None:
    entries = copy.bundle(1)
    copy.write_bundle(1, [*entries[:3], Entry("a" * 64, "b" * 64, "2026-01-01T00:00:00.000Z").encode(), *entries[3:]])


def swap_entries(copy: Copy) -> None:
    entries = copy.bundle(0)
    entries[3], entries[200] = entries[200], entries[3]
    copy.write_bundle(0, entries)


def truncate(copy: Copy) -> None:
    copy.write_bundle(1, copy.bundle(1)[:-5])


def cut_bundle(copy: Copy) -> None:
    copy.edit("tile/entries/000", lambda data: data[:-7])


def lose_the_end(copy: Copy) -> None:
    shutil.rmtree(copy.log / "tile/entries/001.p")
    shutil.rmtree(copy.log / "tile/0/001.p")


def rewrite_one(copy: Copy) -> None:
    copy.reenter(260, copy.entries()[260].replace(b'"v":1', b'"v":2'), resign=False)


def spoil_tile(copy: Copy) -> None:
    place = copy.hash_tile(0, 0)
    place.write_bytes(flip(40)(place.read_bytes()))


def spoil_upper_tile(copy: Copy) -> None:
    place = copy.hash_tile(1, 0)
    place.write_bytes(flip(3)(place.read_bytes()))


def spoil_root(copy: Copy) -> None:
    lines = (copy.log / CHECKPOINT).read_bytes().split(b"\n")
    lines[2] = base64.b64encode(flip(7)(base64.b64decode(lines[2])))
    (copy.log / CHECKPOINT).write_bytes(b"\n".join(lines))


def spoil_signature(copy: Copy) -> None:
    head, _, line = (copy.log / CHECKPOINT).read_bytes().rstrip(b"\n").rpartition(b" ")
    (copy.log / CHECKPOINT).write_bytes(head + b" " + base64.b64encode(flip(30)(base64.b64decode(line))) + b"\n")


def resize(copy: Copy) -> None:
    copy.edit(CHECKPOINT, lambda data: data.replace(b"\n300\n", b"\n299\n"))


def no_checkpoint(copy: Copy) -> None:
    copy.edit(CHECKPOINT, lambda _: b"microdrama\n")


def other_log(copy: Copy) -> None:
    copy.edit(CHECKPOINT, lambda data: b"x" + data)


def other_key(copy: Copy) -> None:
    (copy.root / "keys/log.pem").write_bytes(private_pem(generate()))
    copy.rewrite(copy.entries(), resign=True)


def repeat_entry(copy: Copy) -> None:
    copy.rewrite([*copy.entries(), copy.entries()[-1]], resign=True)


def turn_time_back(copy: Copy) -> None:
    entry = copy.entry(270)
    copy.reenter(270, Entry(entry.statement, entry.envelope, copy.trust.keys[0].valid_from).encode())


def unknown_version(copy: Copy) -> None:
    copy.reenter(270, copy.entries()[270].replace(b'"v":1', b'"v":2'))


def malformed_entry(copy: Copy) -> None:
    copy.reenter(270, copy.entries()[270] + b" ")


TAMPERED = [
    ("an entry edited", edit_entry, "EntryEdited", "entry 260"),
    ("an entry deleted", delete_entry, "EntryDeleted", "entry 260"),
    ("a bundle deleted", delete_bundle, "EntryDeleted", "entry 0"),
    ("an entry inserted", insert_entry, "EntryInserted", "entry 259"),
    ("two entries exchanged", swap_entries, "EntriesReordered", None),
    ("the end cut off", truncate, "LogTruncated", None),
    ("the end's files gone", lose_the_end, "LogTruncated", None),
    ("a bundle cut off", cut_bundle, "EntryMalformed", "tile/entries/000"),
    ("an entry and its tiles edited", rewrite_one, "LogRewritten", None),
    ("a tile edited", spoil_tile, "TileTampered", "tile/0/000"),
    ("an upper tile edited", spoil_upper_tile, "TileTampered", "tile/1/000.p/1"),
    ("the root edited", spoil_root, "CheckpointTampered", CHECKPOINT),
    ("the checkpoint's signature edited", spoil_signature, "CheckpointTampered", CHECKPOINT),
    ("the size edited", resize, "CheckpointTampered", CHECKPOINT),
    ("no checkpoint", no_checkpoint, "CheckpointTampered", CHECKPOINT),
    ("another log's checkpoint", other_log, "UnknownLog", CHECKPOINT),
    ("signed with another key", other_key, "UnknownLog", CHECKPOINT),
    ("an entry twice", repeat_entry, "EntryRepeated", "entry 300"),
    ("an entry dated back", turn_time_back, "TimesReversed", "entry 270"),
    ("an entry of a later version", unknown_version, "UnknownVersion", "entry 270"),
    ("an entry in another spelling", malformed_entry, "EntryMalformed", "entry 270"),
]


@pytest.mark.parametrize(("label", "tamper", "code", "where"), TAMPERED, ids=[row[0] for row in TAMPERED])
def test_each_way_of_tampering_with_the_log_has_its_name(
        copy: Copy, label: str, tamper: Callable[[Copy], None], code: str, where: str | None) -> None:
    """Nothing in the log can be changed without its being said what was done, and where."""
    trust = copy.trust
    tamper(copy)
    report = verify_folder(copy.root, trust)
    assert report.codes() == [code]
    if where is not None:
        assert report.failures[0].where == where
    assert not any("freshness" in text for text in report.verified)


def test_an_untouched_copy_holds(copy: Copy) -> None:
    """What nobody touched verifies entirely, but for what cannot be known without a witness."""
    report = verify_folder(copy.root, copy.trust)
    assert report.failures == []
    assert any(text.startswith("300 entries are the ones signed") for text in report.verified)
    assert any(text.startswith("300 statements signed by this home's builder") for text in report.verified)
    assert any(text.startswith("20 artifacts have the bytes") for text in report.verified)
    assert [text.split(":")[0] for text in report.not_verified] == [
        "freshness not verified", "time", "280 artifacts of results that are no longer kept"]


def test_a_log_set_back_is_rolled_back_to_whoever_remembers(copy: Copy) -> None:
    """An older state of the same log verifies by itself; a remembered checkpoint tells that it was longer."""
    remembered = parse_checkpoint((copy.log / CHECKPOINT).read_bytes())
    copy.rewrite(copy.entries()[:256], resign=True)
    assert verify_folder(copy.root, copy.trust).failures == []
    assert verify_folder(copy.root, copy.trust, [remembered]).codes() == ["LogRolledBack"]


def test_two_histories_are_a_fork_to_whoever_remembers_one(copy: Copy) -> None:
    """An entry replaced and everything signed again by the log itself still contradicts what was seen."""
    remembered = parse_checkpoint((copy.log / CHECKPOINT).read_bytes())
    copy.restate(10, json.dumps({"_type": "https://in-toto.io/Statement/v1"}).encode())
    assert verify_folder(copy.root, copy.trust, [remembered]).codes()[0] == "LogForked"


def test_a_remembered_checkpoint_must_itself_be_signed(copy: Copy) -> None:
    """Nobody is accused of a fork on the strength of a forged memory."""
    forged = (copy.log / CHECKPOINT).read_bytes().replace(b"\n300\n", b"\n999\n")
    assert verify_folder(copy.root, copy.trust, [parse_checkpoint(forged)]).codes() == ["CheckpointTampered"]


class Witness:
    """A second key, with what it remembers."""

    def __init__(self, copy: Copy) -> None:
        self.copy, self.signer = copy, generate()
        key = key_of(self.signer.public_key, "witness.example/w1", (WITNESS,), "2026-01-01T00:00:00.000Z")
        self.trust = copy.trust.with_key(key)
        (copy.log / TRUST_ROOT).write_bytes(self.trust.to_json())

    def cosign(self, time_s: int | None = None) -> None:
        def get(name: str) -> bytes | None:
            place = self.copy.log / name
            return place.read_bytes() if place.exists() else None

        when = int(time.time()) if time_s is None else time_s
        cosigned = cosign_newest(get, self.trust, "witness.example/w1", self.signer, None, when)
        (self.copy.log / WITNESSED).write_bytes(cosigned.note())


def test_a_witness_makes_the_log_fresh(copy: Copy) -> None:
    """With a cosignature the report says who saw how much and when, and no longer that freshness is unknown."""
    witness = Witness(copy)
    witness.cosign()
    report = verify_folder(copy.root, witness.trust)
    assert report.failures == [] and not any("freshness" in text for text in report.not_verified)
    assert any("witness.example/w1 witnessed the first 300 entries" in text for text in report.verified)


def roll_back(copy: Copy) -> None:
    copy.rewrite(copy.entries()[:256], resign=True)


def fork(copy: Copy) -> None:
    entries = copy.entries()
    entries[3], entries[200] = entries[200], entries[3]
    copy.rewrite(entries, resign=True)


def spoil_cosignature(copy: Copy) -> None:
    head, _, line = (copy.log / WITNESSED).read_bytes().rstrip(b"\n").rpartition(b" ")
    (copy.log / WITNESSED).write_bytes(head + b" " + base64.b64encode(flip(30)(base64.b64decode(line))) + b"\n")


WITNESSED_AND_TAMPERED = [
    ("rolled back", roll_back, "LogRolledBack"),
    ("forked", fork, "LogForked"),
    ("cosignature edited", spoil_cosignature, "CosignatureTampered"),
]


@pytest.mark.parametrize(("label", "tamper", "code"), WITNESSED_AND_TAMPERED,
                         ids=[row[0] for row in WITNESSED_AND_TAMPERED])
def test_what_a_witness_saw_cannot_be_undone_by_the_log(
        copy: Copy, label: str, tamper: Callable[[Copy], None], code: str) -> None:
    """Even the holder of the log's key cannot take back what a witness cosigned."""
    witness = Witness(copy)
    witness.cosign()
    tamper(copy)
    assert verify_folder(copy.root, witness.trust).codes() == [code]


def test_an_entry_cannot_be_younger_than_the_witness_that_saw_it(copy: Copy) -> None:
    """A sequencer that dates entries forward, past a revocation for instance, is contradicted by its witness."""
    witness = Witness(copy)
    witness.cosign(time_s=1_600_000_000)
    assert verify_folder(copy.root, witness.trust).codes() == ["KeyNotValid"]
    witness.trust = copy.trust.revoked(witness.signer.public_key.keyid, "2030-01-01T00:00:00.000Z", "test")
    early = key_of(witness.signer.public_key, "witness.example/w1", (WITNESS,), "2020-01-01T00:00:00.000Z")
    witness.trust = type(witness.trust)(witness.trust.origin, (*witness.trust.keys[:-1], early))
    assert verify_folder(copy.root, witness.trust).codes() == ["TimesReversed"]


def test_a_witness_may_cosign_in_the_second_in_which_its_key_was_trusted(copy: Copy) -> None:
    """Its signature says 10:00:00 where it was made at 10:00:00.700, after the key was trusted at 10:00:00.177."""
    witness = Witness(copy)
    now = int(time.time())
    witness.cosign(time_s=now)
    trusted = key_of(witness.signer.public_key, "witness.example/w1", (WITNESS,), of_posix(now)[:-4] + "177Z")
    witness.trust = type(witness.trust)(witness.trust.origin, (*witness.trust.keys[:-1], trusted))
    assert verify_folder(copy.root, witness.trust).codes() == []


def test_the_session_has_as_many_entries_as_it_says(original: Path) -> None:
    """A full bundle and a partial one: every kind of tile is among the fixtures."""
    assert parse_checkpoint((original / "evidence" / CHECKPOINT).read_bytes()).size == ENTRIES


def test_a_bucket_tells_the_same(original: Path, place: str, tmp_path: Path) -> None:
    """Each way of tampering has its name and place also where the log is read from a bucket."""
    for number, (label, tamper, code, where) in enumerate(TAMPERED):
        shutil.copytree(original, tmp_path / str(number), ignore=shutil.ignore_patterns("dagster", "envelopes", "objects"))
        copy, bucket = Copy(tmp_path / str(number)), LogBucket(f"{place}-{number}")
        trust = copy.trust
        tamper(copy)
        for path in [copy.log / CHECKPOINT, *(path for path in (copy.log / "tile").rglob("*") if path.is_file())]:
            bucket.swap(path.relative_to(copy.log).as_posix(), path.read_bytes(), None)
        report = Report(label)
        verify_log(getter(bucket), trust, (), report, silent)
        assert (label, report.codes()) == (label, [code])
        assert where is None or report.failures[0].where == where
