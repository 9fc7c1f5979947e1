"""Is every statement in the log what was logged, who signed it, and are the artifacts it is about really these?

Signatures are checked against the key's validity at the instant of logging. A run that is stopped goes on where its
resume file says, if the log up to there is the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from securesystemslib.dsse import Envelope

from audit import decisions
from audit.canonical import sha256_hex
from audit.envelopes import open_envelope, verify
from audit.errors import (
    EvidenceError,
    SignatureTampered,
    StatementMalformed,
    StatementMissing,
    StatementTampered,
    UnknownVersion,
)
from audit.holdings import Holdings
from audit.log import DIGEST, Entry
from audit.publications import is_publication
from audit.report import Progress, Report
from audit.statements import BUILD_TYPE, STATEMENT_TYPE
from audit.trust import BUILDER, LOG, WITNESS, TrustRoot
from audit.verify_artifacts import Subjects, action_of, verify_files, verify_objects
from audit.verify_log import SoundLog, root_of
from audit.verify_policy import verify_policy
from audit.verify_published import published_record, verify_published
from audit.verify_times import verify_times

OURS = re.compile(r"urn:microdrama:([a-z-]+):v(\d+)")
KNOWN_VERSIONS = {"action": 1, **{kind.value: int(decisions.VERSION) for kind in decisions.Kind}}
"""Kinds whose content this program understands; of any other kind it verifies who signed it."""
SAVED_EVERY = 10_000


def verify_statements(holdings: Holdings, log: SoundLog, trust: TrustRoot, report: Report, progress: Progress,
                      resume: Path | None = None) -> None:
    """Verifies every statement that is in the log and here, then the artifacts. Reports; raises nothing."""
    subjects, absent, kinds = Subjects(), 0, set[str]()
    sound = _resumed(resume, log, trust)
    if sound:
        report.verified.append(f"the first {sound} statements, in an earlier run ({resume})")
    signers: dict[str, int] = {}
    stated: list[tuple[int, Entry, bytes]] = []
    """By people, and what was published."""
    collecting = holdings.objects is not None or holdings.delivered is not None
    for done, (at, entry) in enumerate(log.entries, 1):
        data = holdings.envelope(entry.envelope)
        if data is None and holdings.selection is not None and entry.envelope not in holdings.selection:
            absent += 1
            continue
        try:
            envelope, statement = logged_statement(data, entry)
            kind, decided = kind_of(statement), decisions.kind_of(statement)
            if at >= sound:
                for signer in verify(envelope, trust, entry.logged, _roles(kind, trust)):
                    signers[signer.name] = signers.get(signer.name, 0) + 1
            kinds.add(kind)
            if data is not None and (decided is not None or is_publication(statement)):
                stated.append((at, entry, data))
            if collecting and decided in (None, *decisions.ON_EPISODES):
                subjects.add(statement, kind == BUILD_TYPE)
        except EvidenceError as error:
            report.failures.append(_placed(error, at))
        progress("statements", done, len(log.entries))
        if resume is not None and done % SAVED_EVERY == 0 and not report.failed:
            _save(resume, log, trust, at + 1)
    if resume is not None and not report.failed:
        _save(resume, log, trust, len(log.leaves))
    verify_times(holdings.get, log, stated, trust, report)
    verify_policy(holdings, _decisions(stated, trust), report)
    for name, count in signers.items():
        told = "statement" if count == 1 else "statements"
        report.verified.append(f"{count} {told} signed by {name}, whose key was valid when they were logged")
    if absent:
        report.not_verified.append(f"{absent} of {len(log.entries)} statements are not part of this copy")
    if unknown := sorted(kind for kind in kinds if not _is_known(kind)):
        report.not_verified.append(f"what statements of these kinds say: {', '.join(unknown)}")
    verify_objects(holdings, subjects, report, progress)
    published = published_record(holdings, subjects.named, subjects.names, report)
    if published is None:
        verify_files(holdings, subjects, report, progress)
    else:
        verify_published(holdings, published, subjects.named, log.entries, trust, report, progress)
    unlogged = holdings.results() - {entry.statement for _, entry in log.entries}
    if unlogged:
        report.not_verified.append(f"{len(unlogged)} results whose statements are not in the log: they wait to be"
                                   f" logged, or stem from before there was a log")


def _decisions(stated: Iterable[tuple[int, Entry, bytes]], trust: TrustRoot) -> Iterator[decisions.Decision]:
    """What people decided, in order; what is wrong with a statement was told before."""
    for _, entry, data in stated:
        with suppress(EvidenceError):
            found = decisions.decision_of(data, entry, trust)
            if found is not None:
                yield found


def logged_statement(data: bytes | None, entry: Entry) -> tuple[Envelope, dict[str, Any]]:
    """Envelope and statement of an entry, as logged and understood, its signatures unverified. Raises EvidenceError."""
    if data is None:
        raise StatementMissing("its statement is not here", entry.statement)
    if sha256_hex(data) != entry.envelope:
        raise _tampered(data, entry)
    envelope = open_envelope(data)
    if sha256_hex(envelope.payload) != entry.statement:
        raise StatementTampered("the envelope holds another statement than the entry names", entry.statement)
    try:
        statement = json.loads(envelope.payload)
    except ValueError as error:
        raise StatementMalformed(f"the payload is no JSON ({error})", entry.statement) from error
    _require_known(statement, entry.statement)
    return envelope, statement


def _tampered(data: bytes, entry: Entry) -> EvidenceError:
    try:
        if sha256_hex(open_envelope(data).payload) == entry.statement:
            return SignatureTampered("the statement is the one logged, the envelope around it is not", entry.statement)
    except EvidenceError:
        pass
    return StatementTampered("its bytes are not those that were logged", entry.statement)


def _roles(kind: str, trust: TrustRoot) -> Collection[str]:
    if kind == BUILD_TYPE:
        return {BUILDER}
    return {role for key in trust.keys for role in key.roles} - {LOG, WITNESS}


def _require_known(statement: Any, where: str) -> None:
    try:
        kind = kind_of(statement)
        if statement["_type"] != STATEMENT_TYPE:
            raise UnknownVersion(f"it is a {statement['_type']!r}, this program knows {STATEMENT_TYPE}", where)
        matched = OURS.fullmatch(kind)
        if matched and matched[1] in KNOWN_VERSIONS and int(matched[2]) != KNOWN_VERSIONS[matched[1]]:
            raise UnknownVersion(f"it is a {kind!r}, this program knows version {KNOWN_VERSIONS[matched[1]]}", where,
                                 "Verify with a newer version of this program")
        for subject in statement["subject"]:
            if not (isinstance(subject["name"], str) and DIGEST.fullmatch(subject["digest"]["sha256"])):
                raise TypeError("a subject without name or SHA-256")
        if kind == BUILD_TYPE and not DIGEST.fullmatch(action_of(statement)):
            raise TypeError("an action without a digest")
    except (KeyError, TypeError, AttributeError) as error:
        raise StatementMalformed(f"this is no in-toto statement ({type(error).__name__}: {error})", where) from error


def kind_of(statement: dict[str, Any]) -> str:
    predicate: Any = statement.get("predicate")
    definition: Any = cast(dict[str, Any], predicate).get("buildDefinition") if isinstance(predicate, dict) else None
    kind: Any = cast(dict[str, Any], definition).get("buildType") if isinstance(definition, dict) else None
    return str(kind if kind is not None else statement["predicateType"])


def _is_known(kind: str) -> bool:
    matched = OURS.fullmatch(kind)
    return matched is not None and matched[1] in KNOWN_VERSIONS


def _placed(error: EvidenceError, at: int) -> EvidenceError:
    """The same error, saying which entry it is about."""
    return type(error)(error.what, f"entry {at}" if error.where is None else f"entry {at}, {error.where}", error.remedy)


def _resumed(resume: Path | None, log: SoundLog, trust: TrustRoot) -> int:
    """How many entries an earlier run verified, where log and trust root are those of that run."""
    if resume is None or not resume.is_file():
        return 0
    try:
        state: dict[str, Any] = json.loads(resume.read_bytes())
        count = int(state["entries"])
        same = state["trust"] == trust.fingerprint and 0 <= count <= len(log.leaves)
        return count if same and state["root"] == root_of(log.leaves[:count]).hex() else 0
    except (ValueError, KeyError, TypeError):
        return 0


def _save(resume: Path, log: SoundLog, trust: TrustRoot, count: int) -> None:
    state = {"trust": trust.fingerprint, "entries": count, "root": root_of(log.leaves[:count]).hex()}
    part = resume.with_name(f"{resume.name}.part")
    part.write_text(json.dumps(state), encoding="utf-8")
    part.replace(resume)
