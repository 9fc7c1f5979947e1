"""Every decision in a log, for whoever acts on them: nothing is told of a log that is not whole.

A rejection that was taken out of the log must not open a gate, so the log is verified first, and an envelope that is
missing or altered is an error, whoever signed it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from audit.canonical import sha256_hex
from audit.decisions import NOT_PEOPLE, Decision, decision_of
from audit.errors import StatementMissing, StatementTampered
from audit.log import Entry
from audit.records import CHECKPOINT, envelope_name
from audit.report import Report, silent
from audit.tiles import Get
from audit.trust import TrustRoot
from audit.verify_log import verify_log


@dataclass(frozen=True)
class Decided:
    """Decisions in the order of the log, and every statement (SHA-256) that the log holds."""

    decisions: tuple[Decision, ...]
    logged: Collection[str]


def decided(get: Get, trust: TrustRoot) -> Decided:
    """Reads every envelope once. Raises the first EvidenceError of a log that does not hold."""
    if get(CHECKPOINT) is None:
        return Decided((), frozenset())
    report = Report("log")
    log = verify_log(get, trust, (), report, silent)
    if report.failures or log is None:
        raise report.failures[0]
    people = [key.keyid.encode() for key in trust.keys if not set(key.roles) <= NOT_PEOPLE]
    found = (_decision(get, entry, people, trust) for _, entry in log.entries)
    return Decided(tuple(one for one in found if one is not None),
                   frozenset(entry.statement for _, entry in log.entries))


def _decision(get: Get, entry: Entry, people: Collection[bytes], trust: TrustRoot) -> Decision | None:
    data = get(envelope_name(entry.envelope))
    if data is None:
        raise StatementMissing("its statement is not here", entry.statement, "Restore evidence/ from a copy")
    if sha256_hex(data) != entry.envelope:
        raise StatementTampered("its bytes are not those that were logged", entry.statement,
                                "Restore evidence/ from a copy")
    if not any(keyid in data for keyid in people):  # of the thousands that renderers sign none is parsed
        return None
    return decision_of(data, entry, trust)
