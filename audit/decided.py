"""Every decision in a log, for whoever acts on them: nothing is told of a log that is not whole.

A rejection that was taken out of the log must not open a gate, so the log is verified first, and an envelope that is
missing or altered is an error, whoever signed it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from audit.canonical import sha256_hex
from audit.decisions import NOT_PEOPLE, Decision, decision_of
from audit.errors import StatementMissing, StatementTampered
from audit.log import Entry
from audit.records import CHECKPOINT, envelope_name
from audit.report import Report, silent
from audit.tiles import Get
from audit.trust import TrustRoot
from audit.verify_log import SoundLog, verify_log


@dataclass(frozen=True)
class Decided:
    """Decisions in the order of the log, and every statement (SHA-256) that the log holds."""

    decisions: tuple[Decision, ...]
    logged: Collection[str]


def decided(get: Get, trust: TrustRoot) -> Decided:
    """Reads every envelope once. Raises the first EvidenceError of a log that does not hold."""
    entries, signed_by_people = sound_entries(get, trust), by_people(trust)
    found = (decision_of(data, entry, trust) for entry in entries
             if signed_by_people(data := logged_envelope(get, entry)))
    return Decided(tuple(one for one in found if one is not None), frozenset(entry.statement for entry in entries))


def sound_entries(get: Get, trust: TrustRoot) -> tuple[Entry, ...]:
    """The entries of a log, in order. Raises the first EvidenceError of a log that does not hold."""
    log = sound_log(get, trust)
    return () if log is None else tuple(entry for _, entry in log.entries)


def sound_log(get: Get, trust: TrustRoot) -> SoundLog | None:
    """A log with every entry in its place, None where there is none. Raises the first EvidenceError of one that does
    not hold."""
    if get(CHECKPOINT) is None:
        return None
    while True:
        checkpoint, report = get(CHECKPOINT), Report("log")
        log = verify_log(get, trust, (), report, silent)
        if log is not None and not report.failures:
            return log
        if get(CHECKPOINT) == checkpoint:  # else it was read half before, half after entries were appended
            raise report.failures[0]


def logged_envelope(get: Get, entry: Entry) -> bytes:
    """The envelope of an entry, exactly as it was logged. Raises StatementMissing or StatementTampered."""
    data = get(envelope_name(entry.envelope))
    if data is None:
        raise StatementMissing("its statement is not here", entry.statement, "Restore evidence/ from a copy")
    if sha256_hex(data) != entry.envelope:
        raise StatementTampered("its bytes are not those that were logged", entry.statement,
                                "Restore evidence/ from a copy")
    return data


def by_people(trust: TrustRoot) -> Callable[[bytes], bool]:
    """Whether a person's key is named in an envelope: of the thousands that renderers sign none is parsed."""
    people = [key.keyid.encode() for key in trust.keys if not set(key.roles) <= NOT_PEOPLE]
    return lambda data: any(keyid in data for keyid in people)
