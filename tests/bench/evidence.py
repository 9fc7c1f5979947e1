"""Verifying a log of 100,000 entries: the tree against bare hashing, the signatures against bare Ed25519.

The log is made by the real sequencer from real envelopes, unsynced; ratios are within one run on one core.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from audit import canonical
from audit.canonical import sha256_hex
from audit.checkpoints import verify_checkpoint
from audit.envelopes import open_envelope, sign
from audit.holdings import look_at
from audit.log import Log
from audit.records import INBOX, TRUST_ROOT, envelope_name
from audit.report import Report, silent
from audit.sequencing import Sequencer
from audit.signers import generate
from audit.statements import of_action
from audit.trust import BUILDER, LOG, TrustRoot, key_of
from audit.verify_log import read_entries, verify_log, verify_tree
from audit.verify_statements import verify_statements
from resources.evidence import Evidence
from resources.home import Home
from resources.log_files import LogFiles
from tests.bench.rows import Row

ENTRIES = 100_000
RECORDED = 200


class Unsynced(LogFiles):
    """The bench measures no disk."""

    def flush(self) -> None:
        pass


def rows(entries: int = ENTRIES) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="microdrama-evidence-") as name:
        folder = Path(name) / "copy" / "evidence"
        trust, append_s = make_log(folder, entries)
        return [
            *verification(folder, trust, entries),
            Row("appending to the log, per entry", append_s / entries * 1e3, "ms", what="sequencer, without syncing"),
            *recording(Path(name) / "home"),
        ]


def verification(folder: Path, trust: TrustRoot, entries: int) -> list[Row]:
    """The log's tree and checkpoint, then all signatures, then all signatures again from a resume file."""
    holdings, report = look_at(folder), Report("bench")
    tree_s = best(lambda: verify_tree(holdings.get, trust, Report("bench"), silent))
    log = verify_log(holdings.get, trust, (), report, silent)
    assert log is not None and not report.failed
    raw = [entry.encode() for _, entry in log.entries]
    assert bare_hashing(raw) == log.checkpoint.root
    entries_s = seconds(lambda: read_entries(raw, Report("bench")))
    hashing_s = best(lambda: bare_hashing(raw))
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(trust.having(BUILDER)[0].public))
    bare_s = bare_signatures(public, (holdings.envelope(entry.envelope) for _, entry in log.entries))
    resume = folder.parent / "resume"  # the files were all read just now: no disk is measured
    signatures_s = seconds(lambda: verify_statements(holdings, log, trust, report, silent, resume))
    assert not report.failed and any(text.startswith(f"{entries} statements signed by") for text in report.verified)
    resumed_s = seconds(lambda: verify_statements(holdings, log, trust, Report("bench"), silent, resume))
    told = f"{entries:,} entries"
    return [
        Row("tree and checkpoint / bare hashing", tree_s / hashing_s, "x", 2.0,
            f"{told}: reading, hashing, comparing with tiles, {tree_s:.2f} s; SHA-256 alone {hashing_s:.2f} s"),
        Row("reading what entries say", entries_s, "s", what=told),
        Row("statements and signatures / bare Ed25519", signatures_s / bare_s, "x", 2.0,
            f"{told}: reading, digests, JSON, keys, signatures, {signatures_s:.1f} s; Ed25519 alone {bare_s:.1f} s"),
        Row("resumed / first verification", resumed_s / signatures_s, "x", what="all signatures known from a resume file"),
    ]


def recording(root: Path) -> list[Row]:
    """What a render pays for each action, and afterwards for the log."""
    evidence = Evidence(Home.open(root))
    evidence.record(statement(0))
    record_s = seconds(lambda: [evidence.record(statement(number)) for number in range(1, RECORDED)])
    sequence_s = seconds(evidence.sequence)
    return [
        Row("signing and storing one statement", record_s / (RECORDED - 1) * 1e3, "ms", what="in the render"),
        Row("logging one statement", sequence_s / RECORDED * 1e3, "ms", what=f"{RECORDED} at once, synced"),
    ]


def make_log(folder: Path, entries: int) -> tuple[TrustRoot, float]:
    """A log with so many statements; its trust root, and the seconds that appending took."""
    builder, log = generate(), generate()
    trust = TrustRoot("bench.example/log", (
        key_of(builder.public_key, "builder", (BUILDER,), "2020-01-01T00:00:00.000Z"),
        key_of(log.public_key, "log", (LOG,), "2020-01-01T00:00:00.000Z")))
    folder.mkdir(parents=True)
    (folder / TRUST_ROOT).write_bytes(trust.to_json())
    (folder / INBOX).mkdir()
    for number in range(entries):
        payload = statement(number)
        data = sign(payload, builder)
        digest = sha256_hex(data)
        place = folder / envelope_name(digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        (folder / INBOX / digest).write_text(sha256_hex(payload))
    append_s = seconds(lambda: Sequencer(Unsynced(folder), trust, log).run())
    checkpoint = Log(look_at(folder).get).checkpoint()
    assert checkpoint is not None and checkpoint.size == entries
    verify_checkpoint(checkpoint, trust)
    return trust, append_s


def statement(number: int) -> bytes:
    """As long as a clip's: a dozen inputs, two models, a prompt."""
    model = {"name": "kokoro-v1.0-int8", "revision": "a" * 40, "sha256": "b" * 64, "licence": "Apache-2.0"}
    return canonical.encode(of_action(
        action_digest=f"{number:064x}", series="bench", asset="interpolated_clip", partition=f"e001.sh{number:06}",
        code_version="1", params={"prompt": "a locket on a table, rain at the window " * 4}, models=[model, model],
        tools={"ffmpeg": "c" * 64}, materials=[], sources=[{"file": "episodes/001.fountain", "lines": [number, number]}],
        subjects={f"plates/{at}.png": f"{number * 12 + at:064x}" for at in range(12)},
        began="2026-01-01T00:00:00.000+00:00", seconds=1.0, usd=0.0, byproducts={}))


def bare_hashing(raw: list[bytes]) -> bytes:
    """The hashes of the tree and nothing else."""
    sha256 = hashlib.sha256
    level = [sha256(b"\0" + data).digest() for data in raw]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(b"\1" + left + right).digest() for left, right in pairs] + level[len(level) & ~1:]
    return level[0]


def bare_signatures(public: Ed25519PublicKey, envelopes: Iterable[bytes | None]) -> float:
    """Seconds for Ed25519 alone over the same bytes, by cryptography (OpenSSL)."""
    total = 0.0
    for data in envelopes:
        envelope = open_envelope(data or b"")
        signature = next(iter(envelope.signatures.values()))
        raw, signed = bytes.fromhex(signature.signature), envelope.pae()
        began = time.process_time()
        public.verify(raw, signed)
        total += time.process_time() - began
    return total


def best(work: Callable[[], object]) -> float:
    """Of five times: what the machine does besides makes a time of less than a second longer, never shorter."""
    return min(seconds(work) for _ in range(5))


def seconds(work: Callable[[], object]) -> float:
    """Processor time, which other work on the machine does not lengthen."""
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    from tests.bench.rows import table

    found = rows()
    print(table("evidence", found))
    print(json.dumps([row.to_json() for row in found]))
