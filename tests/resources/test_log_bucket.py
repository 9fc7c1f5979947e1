"""The log in a bucket: many machines, one order, whatever dies in between; and what a store refuses is told."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from audit.casebook import Casebook
from audit.errors import Unusable
from audit.log import Log
from audit.records import CHECKPOINT, INBOX, PLAN, TRUST_ROOT, WITNESSED, getter
from audit.report import Report, silent
from audit.sequencing import Sequencer
from audit.trust import LOG, TrustRoot
from audit.verify import verify_folder, verify_held
from audit.verify_log import verify_log
from resources import buckets
from resources.errors import Conflict, ResourceError
from resources.evidence import Evidence
from resources.home import Home
from resources.leases import Leases
from resources.log_bucket import LogBucket, require_conditions
from resources.policies import erase_personal, keep_personal
from resources.records_place import (
    EVIDENCE,
    FILE,
    MOVED,
    VARIABLE,
    RecordsPlaceUnclear,
    bind,
    holdings_of,
    move,
    place_of,
)
from tests.resources.dying import DyingRecords
from tests.s3 import environment
from tests.tampered.studio import statement


def bound(root: Path, place: str) -> Evidence:
    home = Home.open(root)
    bind(home.root, place)
    return Evidence(home)


def downloaded(place: str, folder: Path) -> Path:
    """Everything below an address, as any S3 client copies it."""
    bucket = buckets.BucketPrefix(place)
    for name in bucket.names():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((bucket.get(name) or (b"", ""))[0])
    return folder


def damage(records: LogBucket, trust: TrustRoot) -> list[str]:
    report = Report("bucket")
    verify_log(getter(records), trust, (), report, silent)
    return report.codes()


def order(evidence: Evidence) -> list[str]:
    return [entry.statement for _, entry in evidence.log.entries()]


def test_one_of_two_writers_wins(place: str) -> None:
    """A record is created once and exchanged by whoever knows its version; a write that is tried again is no conflict."""
    one, other = LogBucket(place), LogBucket(place)
    first = one.swap("a/plan", b"1", None)
    assert one.swap("a/plan", b"1", None) == first
    with pytest.raises(Conflict):
        other.swap("a/plan", b"2", None)
    second = other.swap("a/plan", b"2", first)
    with pytest.raises(Conflict):
        one.swap("a/plan", b"3", first)
    assert one.read("a/plan") == (b"2", second)
    with pytest.raises(Conflict):
        one.remove("a/plan", first)
    with pytest.raises(Conflict):
        one.swap("gone", b"3", first)
    other.swap("a/b", b"", None)
    other.swap("ab", b"", None)
    assert (list(one.names("a")), list(one.names("ab"))) == (["a/b", "a/plan"], [])
    one.remove("a/plan", second)
    one.discard(["a/b", "a/b", "never"])
    assert (one.read("a/plan"), list(one.names("a")), list(one.read_all(["ab", "a/b"]))) == (
        None, [], [(b"", LogBucket(place).read("ab")[1]), None])  # type: ignore[index]


def test_what_never_changes_is_read_once(place: str, tmp_path: Path) -> None:
    """Envelopes and full tiles come from the home's cache, but for a copy that was damaged; a plan's cost stays small."""
    evidence = bound(tmp_path / "home", place)
    for number in range(3):
        evidence.record(statement(number))
    evidence.sequence()
    asked: list[str] = []
    events = evidence.records.bucket.client.meta.events  # type: ignore[union-attr]
    events.register("before-parameter-build.s3.GetObject", unique_id="test", handler=lambda params, **_: asked.append(
        params["Key"].split("/", 2)[-1]))
    evidence.decided()
    assert set(asked) == {TRUST_ROOT, CHECKPOINT, WITNESSED, "tile/entries/000.p/3", "tile/0/000.p/3"}
    [kept, *_] = sorted((evidence.home.root / "cache" / EVIDENCE / "envelopes").rglob("*/*"))
    kept.write_bytes(kept.read_bytes()[:-1])
    name = f"envelopes/{kept.parent.name}/{kept.name}"
    whole = LogBucket(f"{place}/{EVIDENCE}").read(name)
    asked.clear()
    assert (evidence.records.read(name), evidence.records.read(name), asked) == (whole, whole, [name])
    events.unregister("before-parameter-build.s3.GetObject", unique_id="test")


class Killed(DyingRecords, LogBucket):
    def die(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_sequencer_may_be_killed_at_any_moment(place: str, tmp_path: Path) -> None:
    """SIGKILL between every two writes of a batch: what is in the bucket verifies, and the next sequencer completes it."""
    evidence = bound(tmp_path / "home", place)
    first = evidence.record(statement(0))
    evidence.sequence()
    recorded = sorted(evidence.record(statement(number)) for number in (1, 2))
    start = {name: evidence.records.read(name) for name in evidence.records.bucket.names()}  # type: ignore[union-attr]
    trust, signer, moments, fork = evidence.trust, evidence.keys.signer(LOG), 0, multiprocessing.get_context("fork")
    while True:
        where = f"{place}-{moments}"
        target = LogBucket(where)
        for name, found in start.items():
            target.swap(name, (found or (b"", ""))[0], None)
        child = fork.Process(target=lambda: Sequencer(Killed(where, after=moments), trust, signer).run())  # noqa: B023
        child.start()
        child.join()
        if child.exitcode == 0:
            break
        assert child.exitcode == -signal.SIGKILL
        assert damage(target, trust) == []
        Sequencer(target, trust, signer).run()
        assert damage(target, trust) == []
        found = [entry.statement for _, entry in Log(getter(target)).entries()]
        assert (found[0], sorted(found[1:]), list(target.names(INBOX))) == (first, recorded, [])
        moments += 1
    assert moments >= 12
    assert verify_folder(downloaded(where, tmp_path / "copy"), trust).failures == []


def work(root: str, start: int) -> None:
    """Records statements, some of them another's too, and sequences without asking who else does."""
    evidence = Evidence(Home.open(root))
    for number in range(start, start + 12):
        evidence.record(statement(number))
        if number % 2 == 0:
            with suppress(Conflict):
                Sequencer(evidence.records, evidence.trust, evidence.keys.signer(LOG), batch=3).run()


def test_two_machines_write_and_sequence_at_once(place: str, tmp_path: Path) -> None:
    """Without a lease between them, two homes on one bucket leave one history in which each statement is once."""
    bound(tmp_path / "a", place).trust  # noqa: B018  # makes the keys
    shutil.copytree(tmp_path / "a" / "keys", tmp_path / "b" / "keys")
    bind(Home.open(tmp_path / "b").root, place)
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=work, args=(str(tmp_path / name), start)) for name, start in (("a", 0), ("b", 8))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0]
    evidence = Evidence(Home.open(tmp_path / "b"))
    evidence.sequence()
    assert (len(order(evidence)), len(set(order(evidence))), evidence.pending()) == (20, 20, 0)
    report = verify_folder(downloaded(f"{place}/{EVIDENCE}", tmp_path / "copy"), evidence.trust)
    assert report.failures == []
    assert "20 entries are the ones signed, in their order, none missing" in report.verified


def test_a_lease_ends_by_itself(place: str) -> None:
    """A sequencer on another machine holds the work until its lease has run out, killed or not."""
    leases = Leases(LogBucket(place))
    held = {"owner": "x", "host": "elsewhere", "process": 1, "started": "", "expires": time.time() + 0.5}
    leases.refs.swap("leases/evidence/sequencer", json.dumps(held).encode(), None)
    with leases.held("evidence/sequencer") as mine:
        assert not mine
    time.sleep(0.6)
    with leases.held("evidence/sequencer") as mine:
        assert mine
        with Leases(LogBucket(place)).held("evidence/sequencer") as another:
            assert not another
    assert leases.refs.read("leases/evidence/sequencer") is None


def test_a_home_moves_into_a_bucket(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moved it goes on where it was, answers and verifies as before; a second home joins, and none is in two places."""
    home = Home.open(tmp_path / "home")
    evidence = Evidence(home)
    logged = evidence.record(statement(1))
    evidence.sequence()
    evidence.record(statement(2))
    keep_personal(home, "a" * 64, b"{}")
    trust = evidence.trust
    monkeypatch.setenv(VARIABLE, place)
    with pytest.raises(RecordsPlaceUnclear, match=f"Move them: microdrama audit move {place}"):
        Evidence(home)
    monkeypatch.delenv(VARIABLE)
    move(home.root, place, lambda line: None)
    assert (place_of(home.root), (home.root / EVIDENCE).exists(), (home.root / MOVED / PLAN).exists()) == (
        place, False, True)
    moved = Evidence(home)
    moved.record(statement(3))
    moved.sequence()
    assert (order(moved)[0], len(order(moved)), moved.trust) == (logged, 3, trust)
    held = holdings_of(home.root, cached=False)
    assert verify_held(held, moved.trust).failures == []
    assert len(Casebook.of(holdings_of(home.root)).entries) == 3
    assert (held.person("a" * 64), erase_personal(home, "a" * 64), held.person("a" * 64)) == (b"{}", True, None)
    with pytest.raises(Unusable, match="this home's evidence is in a bucket"):
        verify_folder(home.root)
    moved.export(tmp_path / "out")
    assert verify_folder(tmp_path / "out", moved.trust).failures == []
    with pytest.raises(RecordsPlaceUnclear, match="already"):
        move(home.root, f"{place}-2", lambda line: None)
    with pytest.raises(RecordsPlaceUnclear, match="another log is there"):
        Evidence(other := Home.open(tmp_path / "other")).record(statement(1))
        Evidence(other).sequence()
        move(other.root, place, lambda line: None)
    monkeypatch.setenv(VARIABLE, place)
    assert order(Evidence(Home.open(tmp_path / "third"))) == order(moved)
    monkeypatch.setenv(VARIABLE, f"{place}-2")
    with pytest.raises(RecordsPlaceUnclear, match="this home's records are at"):
        Evidence(home)
    (home.root / FILE).write_text("elsewhere")
    with pytest.raises(RecordsPlaceUnclear, match="does not say where"):
        Evidence(home)


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """A server that says the same to everybody."""
    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.send_header("ETag", '"1"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_DELETE = do_PUT

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with environment(f"http://127.0.0.1:{server.server_port}"):
            yield "s3://drama/home"
        server.shutdown()


@contextmanager
def nobody() -> Iterator[str]:
    with environment("http://127.0.0.1:9"):
        yield "s3://drama/home"


@contextmanager
def no_bucket() -> Iterator[str]:
    yield "s3://nowhere/home"


DENIED = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
REFUSED: list[tuple[str, Callable[[], object], str]] = [
    ("no bucket", no_bucket, "NoSuchBucket.*Create the bucket"),
    ("no rights", lambda: answering(403, DENIED), "AccessDenied.*The credentials need s3:ListBucket"),
    ("nobody there", nobody, "Could not connect.*Check AWS_ENDPOINT_URL"),
    ("conditions ignored", lambda: answering(200, b""), "ignores conditions of writes"),
]


@pytest.mark.parametrize(("label", "at", "told"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_a_store_refuses_is_told_with_a_remedy(
        s3: None, label: str, at: Callable[[], object], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home is not bound to a place that cannot keep a log, and says what to do about it."""
    monkeypatch.setattr(buckets, "ATTEMPTS", 1)
    with at() as place, pytest.raises(ResourceError, match=told):  # type: ignore[attr-defined]
        require_conditions(place)
    with at() as place, pytest.raises(ResourceError):  # type: ignore[attr-defined]
        bind(Home.open(tmp_path / "home").root, place)
    assert not (tmp_path / "home" / FILE).exists()
