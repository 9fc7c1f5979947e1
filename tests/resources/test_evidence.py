"""Recording and sequencing: many writers, one order, whatever dies in between; and the keys of a home."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import stat
import threading
from pathlib import Path

import pytest

from audit import envelopes, instants
from audit.errors import KeyRevoked, KeyUnusable, LogRolledBack, TileTampered, UnknownSigner
from audit.log import Log
from audit.records import CHECKPOINT, INBOX, PLAN, REFUSED, folder_getter
from audit.sequencing import Sequencer
from audit.signers import generate, private_pem
from audit.trust import BUILDER, LOG, key_of
from audit.verify import verify_folder
from resources.errors import Conflict
from resources.evidence import Evidence
from resources.home import Home
from resources.log_files import LogFiles
from tests.resources.dying import DyingRecords
from tests.tampered.studio import statement


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return Evidence(Home.open(tmp_path / "home"))


def logged(evidence: Evidence) -> list[str]:
    return [entry.statement for _, entry in evidence.log.entries()]


def test_a_statement_is_an_entry_once(evidence: Evidence) -> None:
    """Recording again, before or after it was logged, adds nothing."""
    digests = [evidence.record(statement(number)) for number in (1, 2, 1)]
    assert evidence.pending() == 2
    first = evidence.sequence()
    evidence.record(statement(2))
    assert first is not None and first.size == 2
    assert evidence.sequence() == first
    assert sorted(logged(evidence)) == sorted(set(digests))
    found = evidence.inclusion(digests[0])
    assert found is not None and found.entry.statement == digests[0]
    assert evidence.inclusion("0" * 64) is None


def test_the_order_is_the_logs_for_ever(evidence: Evidence) -> None:
    """What was logged keeps its place, however much comes after it, in whatever batches."""
    order: list[str] = []
    for count in (1, 3, 260, 10):
        start = len(order)
        new = {evidence.record(statement(number)) for number in range(start, start + count)}
        evidence.sequence()
        assert logged(evidence)[:start] == order
        order = logged(evidence)
        assert set(order[start:]) == new
    assert verify_folder(evidence.root, evidence.trust).failures == []
    assert sorted(evidence.records.names("tile/entries"))[0] == "tile/entries/000"
    assert not list(evidence.records.names("tile/entries/000.p"))


class Dying(DyingRecords, LogFiles):
    def die(self) -> None:
        raise KeyboardInterrupt


def test_a_sequencer_may_die_at_any_moment(evidence: Evidence, tmp_path: Path) -> None:
    """Killed before and after every single write of two batches: what is left verifies, and the next sequencer
    completes what was decided, so that each statement is an entry exactly once and the first entry stays first.
    """
    first = evidence.record(statement(0))
    evidence.sequence()
    recorded = [evidence.record(statement(number)) for number in range(1, 8)]
    signer, moments = evidence.keys.signer(LOG), 0
    while True:
        root = tmp_path / str(moments) / "evidence"
        shutil.copytree(evidence.root, root)
        try:
            Sequencer(Dying(root, after=moments), evidence.trust, signer, batch=5).run()
            break
        except KeyboardInterrupt:
            moments += 1
        assert verify_folder(root, evidence.trust).failures == []
        Sequencer(LogFiles(root), evidence.trust, signer, batch=5).run()
        assert verify_folder(root, evidence.trust).failures == []
        order = [entry.statement for _, entry in Log(folder_getter(root)).entries()]
        assert order[0] == first and sorted(order[1:]) == sorted(recorded)
        assert not list(LogFiles(root).names(INBOX))
    assert moments > 20


def test_a_writer_may_die_between_its_writes(evidence: Evidence) -> None:
    """An envelope that never arrived holds up nobody, and recording again logs it."""
    records = Dying(evidence.root, after=1)
    broken = Evidence(evidence.home)
    broken.records = broken.keys.records = records
    evidence.trust  # noqa: B018  # a home's first keys are made here, not by the dying one
    with pytest.raises(KeyboardInterrupt):
        broken.record(statement(1))
    evidence.record(statement(2))
    evidence.sequence()
    assert len(logged(evidence)) == 1
    evidence.record(statement(1))
    evidence.sequence()
    assert len(logged(evidence)) == 2
    assert evidence.pending() == 0


def test_a_sequencer_that_wakes_up_late_changes_nothing(evidence: Evidence) -> None:
    """A second sequencer with an older view of the plan is stopped by the first compare-and-swap."""
    evidence.record(statement(1))
    late = Sequencer(evidence.records, evidence.trust, evidence.keys.signer(LOG))
    version = late._settle()
    entries = late._entries([name.rsplit("/", 1)[1] for name in evidence.records.names(INBOX)])
    newest = evidence.sequence()
    with pytest.raises(Conflict):
        late._decide(entries, version)
    assert evidence.log.checkpoint() == newest
    assert verify_folder(evidence.root, evidence.trust).failures == []


def write_many(root: str, start: int) -> None:
    evidence = Evidence(Home.open(root))
    for number in range(start, start + 15):
        evidence.record(statement(number))
        if number % 5 == 0:
            evidence.sequence()


def test_processes_write_and_sequence_at_once(tmp_path: Path) -> None:
    """Four processes that meet in a new home record overlapping statements and sequence: each is an entry once."""
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=write_many, args=(str(tmp_path / "home"), start)) for start in (0, 10, 20, 30)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    evidence = Evidence(Home.open(tmp_path / "home"))
    evidence.sequence()
    assert len(logged(evidence)) == len(set(logged(evidence))) == 45
    assert verify_folder(evidence.root, evidence.trust).failures == []


def test_threads_record_at_once(evidence: Evidence) -> None:
    """One recorder serves all threads of a render."""
    threads = [threading.Thread(target=lambda at=at: [evidence.record(statement(at * 10 + i)) for i in range(10)])
               for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    evidence.sequence()
    assert len(logged(evidence)) == 40


def test_a_damaged_log_is_not_extended(evidence: Evidence) -> None:
    """Nothing is signed over a tree that no longer has the root that was signed, nor over a state set back."""
    evidence.record(statement(1))
    evidence.sequence()
    early = {name: (evidence.root / name).read_bytes() for name in (CHECKPOINT, PLAN)}
    evidence.record(statement(2))
    evidence.sequence()
    newest = evidence.log.checkpoint()
    (evidence.root / CHECKPOINT).write_bytes(early[CHECKPOINT])
    evidence.record(statement(3))
    (evidence.root / PLAN).write_bytes(evidence.root.joinpath(PLAN).read_bytes().replace(b'"start":1', b'"start":2'))
    with pytest.raises(LogRolledBack):
        evidence.sequence()
    assert newest is not None
    (evidence.root / CHECKPOINT).write_bytes(newest.note())
    (evidence.root / PLAN).write_bytes(evidence.root.joinpath(PLAN).read_bytes().replace(b'"start":2', b'"start":1'))
    (evidence.root / "tile/0/000.p/2").write_bytes(bytes(64))
    with pytest.raises(TileTampered, match="nothing is appended"):
        evidence.sequence()
    assert evidence.log.checkpoint() == newest


def test_what_must_not_be_logged_is_kept_aside_with_the_reason(evidence: Evidence) -> None:
    """A stranger's statement is refused by name, holds up nobody, and can be submitted again once its key is known."""
    stranger = generate()
    evidence.trust  # noqa: B018  # makes the keys
    evidence.submit(envelopes.sign(statement(1), stranger))
    evidence.record(statement(2))
    evidence.sequence()
    assert [reason.split(" ")[0:2] for _, reason in evidence.refused()] == [["no", "key"]]
    assert len(logged(evidence)) == 1 and evidence.pending() == 0
    refusal = next(iter(evidence.records.names(REFUSED)))
    assert json.loads((evidence.root / refusal).read_bytes())["code"] == "UnknownSigner"
    evidence.keys.update(lambda trust: trust.with_key(
        key_of(stranger.public_key, "Ana", ("producer",), instants.now())))
    evidence.submit(envelopes.sign(statement(3).replace(b"action:v1", b"note:v1"), stranger))
    evidence.sequence()
    assert len(logged(evidence)) == 2


def test_a_lost_statement_is_recorded_anew(evidence: Evidence) -> None:
    """What a power cut took before it was logged, or what is older than the log, is signed again from the store."""
    digests = [evidence.home.objects.put(statement(number)) for number in range(3)]
    evidence.record(statement(0))
    evidence.sequence()
    evidence.record(statement(1))
    assert evidence.ensure(digests) == [digests[2]]
    evidence.sequence()
    assert sorted(logged(evidence)) == sorted(digests)


def test_a_revoked_log_key_signs_nothing_more(evidence: Evidence) -> None:
    """After a revocation the sequencer stops; with a new key it goes on from where it was."""
    evidence.record(statement(1))
    evidence.sequence()
    old = evidence.trust.having(LOG)[0].keyid
    evidence.keys.new(LOG, "second log key")
    evidence.keys.update(lambda trust: trust.revoked(old, instants.later(instants.now(), 3600), "laptop stolen"))
    evidence.record(statement(2))
    evidence.sequence()
    assert verify_folder(evidence.root, evidence.trust).failures == []
    new = evidence.trust.having(LOG)[1].keyid
    evidence.keys.update(lambda trust: trust.revoked(new, instants.now(), "laptop stolen"))
    evidence.record(statement(3))
    with pytest.raises(KeyRevoked):
        evidence.sequence()


def test_private_keys_are_nowhere_but_in_their_files(evidence: Evidence, tmp_path: Path) -> None:
    """Key files are their owner's alone, and no other file of a home or an export holds any of their bytes."""
    evidence.record(statement(1))
    evidence.sequence()
    evidence.export(tmp_path / "out")
    secrets = {path.read_bytes() for path in evidence.keys.folder.glob("*.pem")}
    assert {stat.S_IMODE(path.stat().st_mode) for path in evidence.keys.folder.glob("*.pem")} == {0o600}
    assert stat.S_IMODE(evidence.keys.folder.stat().st_mode) == 0o700
    bodies = [secret.split(b"\n")[1] for secret in secrets]
    others = [path for path in tmp_path.rglob("*") if path.is_file() and path.parent != evidence.keys.folder]
    assert len(bodies) == 2 and others
    assert not [path for path in others if any(body in path.read_bytes() for body in bodies)]


def test_a_key_in_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new home believes the key it was given and writes no key of that role; an unknown one later is refused."""
    signer = generate()
    monkeypatch.setenv("MICRODRAMA_BUILDER_KEY", private_pem(signer).decode())
    evidence = Evidence(Home.open(tmp_path / "home"))
    evidence.record(statement(1))
    evidence.sequence()
    assert evidence.trust.having(BUILDER)[0].keyid == signer.public_key.keyid
    assert sorted(os.listdir(evidence.keys.folder)) == [".lock", "log.pem"]
    monkeypatch.setenv("MICRODRAMA_BUILDER_KEY", private_pem(generate()).decode())
    with pytest.raises(UnknownSigner):
        Evidence(evidence.home).record(statement(2))
    monkeypatch.delenv("MICRODRAMA_BUILDER_KEY")
    with pytest.raises(KeyUnusable, match="microdrama keys new"):
        Evidence(evidence.home).record(statement(2))
