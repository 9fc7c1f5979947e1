"""The evidence of a few statements without the log they are in: for each entry a proof, and one checkpoint for all.

A publication carries this, whatever the size of the studio's log. What lies there, by name: the checkpoint, the trust
root's public keys, the envelopes, and `proofs.json` with each entry, its place and its audit path (RFC 6962), and where
a witness saw an older state a consistency proof from there.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from audit import canonical, merkle
from audit.checkpoints import verify_checkpoint, witnesses_of
from audit.errors import (
    EvidenceError,
    LogForked,
    LogTruncated,
    ProofTampered,
    StatementMissing,
    TimesReversed,
    UnknownVersion,
)
from audit.log import Entry, Log, decode_entry
from audit.notes import Checkpoint, parse_checkpoint
from audit.records import CHECKPOINT, TRUST_ROOT, WITNESSED, envelope_name
from audit.report import Report
from audit.tiles import Get, Tiles
from audit.times import token_name, token_of
from audit.trust import LOG, TrustRoot
from audit.verify_log import SoundLog, later_than_witnessed

PROOFS = "proofs.json"
FORMAT = "microdrama.proofs.v1"


def extract(get: Get, statements: Collection[str]) -> dict[str, bytes]:
    """The evidence of these statements (SHA-256), as files by name. Raises StatementMissing where one is not logged."""
    log, checkpoint_note = Log(get), get(CHECKPOINT)
    if checkpoint_note is None:
        raise LogTruncated("there is no checkpoint", CHECKPOINT)
    checkpoint = parse_checkpoint(checkpoint_note)
    tiles = Tiles(get, checkpoint.size)
    files = {name: data for name in (TRUST_ROOT, WITNESSED) if (data := get(name)) is not None}
    proven: list[dict[str, Any]] = []
    for at, statement in sorted((_position(log, statement), statement) for statement in statements):
        encoded = tiles.entry(at)
        entry = decode_entry(encoded, at)
        envelope = get(envelope_name(entry.envelope))
        if envelope is None:
            raise StatementMissing("its statement is not here", statement, "Restore evidence/ from a copy")
        files[envelope_name(entry.envelope)] = envelope
        if (token := get(token_of(entry.envelope))) is not None:
            files[token_of(entry.envelope)] = token
        proven.append({"index": at, "entry": encoded.decode(),
                       "path": _encoded(merkle.inclusion_proof(tiles.subtree, at, checkpoint.size))})
    if (token := get(token_name(checkpoint.text))) is not None:
        files[token_name(checkpoint.text)] = token
    record: dict[str, Any] = {"format": FORMAT, "entries": proven, "witnessed": None}
    seen = parse_checkpoint(files[WITNESSED], WITNESSED) if WITNESSED in files else None
    if seen is not None and 0 < seen.size <= checkpoint.size:
        record["witnessed"] = _encoded(merkle.consistency_proof(tiles.subtree, seen.size, checkpoint.size))
    return {**files, PROOFS: canonical.encode(record), CHECKPOINT: checkpoint_note}


def verify_proofs(get: Get, trust: TrustRoot, remembered: Sequence[Checkpoint], report: Report) -> SoundLog | None:
    """The entries that are proven to be in the log, in their order; None where the checkpoint does not hold. Reports;
    raises nothing."""
    try:
        checkpoint = Log(get).checkpoint()
        if checkpoint is None:
            raise LogTruncated("there is no checkpoint", CHECKPOINT)
        signers = verify_checkpoint(checkpoint, trust)
        record = _parsed(get(PROOFS))
    except EvidenceError as error:
        report.failures.append(error)
        return None
    entries: list[tuple[int, Entry]] = []
    for one in record["entries"]:
        try:
            entries.append(_proven(one, checkpoint))
        except EvidenceError as error:
            report.failures.append(error)
    report.checkpoint = checkpoint.note()
    report.verified.append(f"checkpoint of {checkpoint.origin}: {checkpoint.size} entries, root"
                           f" {checkpoint.root.hex()[:16]}, signed by {', '.join(key.name for key in signers)}")
    report.verified.append(f"{len(entries)} entries are in that log, each by a proof of its own")
    report.not_verified.append(f"the other {checkpoint.size - len(entries)} entries of the log: they are not part of"
                               " this copy, so whether anything was decided since is for the log itself to tell")
    _verify_times(entries, report)
    for key in signers if entries else ():
        _collected(report, lambda key=key: key.check(entries[-1][1].logged, [LOG]))
    _verify_freshness(get, record["witnessed"], trust, remembered, checkpoint, entries, report)
    return SoundLog(checkpoint, (), entries)


def _position(log: Log, statement: str) -> int:
    at = log.position(statement)
    if at is None:
        raise StatementMissing("it is not in the log", statement, "Run: microdrama audit log")
    return at


def _encoded(path: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in path]


def _parsed(data: bytes | None) -> Mapping[str, Any]:
    """Raises ProofTampered or UnknownVersion."""
    try:
        record = json.loads(data or b"")
        if record["format"] != FORMAT:
            raise UnknownVersion(f"its format is {record['format']!r}, this program knows {FORMAT}", PROOFS)
        if canonical.encode(record) != data:
            raise ProofTampered("it is not written as proofs are", PROOFS)
        for one in record["entries"]:
            if not (isinstance(one["index"], int) and isinstance(one["entry"], str)):
                raise TypeError("an entry without its place")
            _decoded(one["path"])
        if record["witnessed"] is not None:
            _decoded(record["witnessed"])
        return record
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProofTampered(f"it tells no proofs ({type(error).__name__}: {error})", PROOFS) from error


def _decoded(path: Sequence[str]) -> list[bytes]:
    return [canonical.decode_base64(one) for one in path]


def _proven(one: Mapping[str, Any], checkpoint: Checkpoint) -> tuple[int, Entry]:
    at, data = int(one["index"]), str(one["entry"]).encode()
    entry = decode_entry(data, at)
    try:
        merkle.verify_inclusion(merkle.leaf_hash(data), at, checkpoint.size, _decoded(one["path"]), checkpoint.root)
    except merkle.ProofError as error:
        raise ProofTampered(str(error), f"entry {at}") from error
    return at, entry


def _verify_times(entries: Sequence[tuple[int, Entry]], report: Report) -> None:
    for (_, before), (at, entry) in pairwise(entries):
        if entry.logged < before.logged:
            report.failures.append(TimesReversed(f"logged at {entry.logged}, after an entry of {before.logged}",
                                                 f"entry {at}"))


def _verify_freshness(get: Get, witnessed: list[str] | None, trust: TrustRoot, remembered: Sequence[Checkpoint],
                      checkpoint: Checkpoint, entries: Sequence[tuple[int, Entry]], report: Report) -> None:
    told = False
    for old in remembered:
        told = True
        if old.size != checkpoint.size or old.origin != checkpoint.origin:
            report.not_verified.append(f"whether the log goes on from the remembered checkpoint of {old.size} entries:"
                                       " this copy proves it for its own entries alone")
        elif old.root != checkpoint.root:
            report.failures.append(LogForked(f"two histories of {old.size} entries", "remembered checkpoint",
                                             "Keep both checkpoints: they prove it"))
        else:
            report.verified.append(f"the checkpoint is the remembered one of {old.size} entries")
    data = get(WITNESSED)
    if data is not None and witnessed is not None:
        told = True
        _collected(report, lambda: _verify_witnessed(data, witnessed, trust, checkpoint, entries, report))
    if not told:
        report.not_verified.append("freshness not verified: there is no witness's cosignature and no remembered"
                                   " checkpoint. Nothing here was altered, but the log may have been rewritten since")


def _verify_witnessed(data: bytes, proof: Sequence[str], trust: TrustRoot, checkpoint: Checkpoint,
                      entries: Sequence[tuple[int, Entry]], report: Report) -> None:
    seen = parse_checkpoint(data, WITNESSED)
    verify_checkpoint(seen, trust, WITNESSED)
    try:
        merkle.verify_consistency(seen.size, checkpoint.size, seen.root, checkpoint.root, _decoded(proof))
    except merkle.ProofError as error:
        raise LogForked(f"the log does not go on from what was witnessed: {error}", WITNESSED) from error
    for name, instant in witnesses_of(seen, trust).items():
        report.verified.append(f"{name} witnessed the first {seen.size} entries at {instant}")
        report.failures += later_than_witnessed(name, instant, seen.size, entries)


def _collected(report: Report, check: Callable[[], object]) -> None:
    try:
        check()
    except EvidenceError as error:
        report.failures.append(error)
