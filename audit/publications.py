"""What was published where, since when and until when, out of the signed log alone.

A publication is the statement of a `published_episode`: its inputs are the files, its instant of logging the beginning.
It ends when another version of the episode is published in that market, or when a person who may reject it there says
that these bytes were taken down. A rejection alone ends nothing: it bars the next publication, and files stay.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from audit.adoption import in_force
from audit.decided import Decided, by_people, logged_envelope, sound_entries
from audit.decisions import Decision, Kind, decision_of
from audit.envelopes import open_envelope, spelled, statement_of, verify
from audit.errors import EvidenceError, StatementMalformed, UnknownVersion
from audit.log import Entry
from audit.proofs import PROOFS, verify_proofs
from audit.provenance import ActionStatement, parse_statement
from audit.report import Report
from audit.statements import BUILD_TYPE
from audit.tiles import Get
from audit.trust import BUILDER, TrustRoot

ASSET = "published_episode"
REPLACED, TAKEN_DOWN = "replaced", "taken down"
"""Ways in which a publication ends."""


@dataclass(frozen=True)
class Publication:
    """An episode's files in a market, from an instant until another."""

    series: str
    episode: str
    market: str
    files: Mapping[str, str]
    """SHA-256 by name (`en/episode.mp4`) of everything that was approved and published."""
    since: str
    """When the log took it in."""
    statement: str
    """SHA-256 of the statement of the publication."""
    packages: tuple[str, ...]
    """SHA-256 of the statements that made the files, sorted."""
    decisions: tuple[str, ...]
    """SHA-256 of the decisions that it stands on."""
    policy: str
    """Digest of the policy under which it was allowed."""
    until: str | None = None
    """When it ended; None while it is published."""
    ended: str | None = None
    """How: `replaced` or `taken down`."""
    ended_by: str | None = None
    """SHA-256 of the statement that ended it."""
    problem: EvidenceError | None = None
    """Why the signature of its statement does not hold."""
    action: str = ""
    """Digest of the action."""
    after: str | None = None
    """SHA-256 of the statement of what was published before it, or took that down; None for a first publication."""

    @property
    def published(self) -> bool:
        return self.until is None

    @property
    def partition(self) -> str:
        return f"{self.episode}@{self.market}"

    @property
    def place(self) -> str:
        """`locket.e001 in us`."""
        return f"{self.series}.{self.episode} in {self.market}"

    def to_json(self) -> dict[str, Any]:
        return {"series": self.series, "episode": self.episode, "market": self.market, "since": self.since,
                "until": self.until, "ended": self.ended, "ended_by": self.ended_by, "statement": self.statement,
                "problem": None if self.problem is None else self.problem.code}


@dataclass(frozen=True)
class History:
    """Everything in a log that people decided or that was published, and the entries that are here, in order."""

    decided: Decided
    publications: tuple[Publication, ...]
    entries: tuple[Entry, ...]
    absent: int = 0
    """Entries whose statements this copy was made without."""


def publications(get: Get, trust: TrustRoot) -> tuple[Publication, ...]:
    """Every publication in the order of the log. Raises the first EvidenceError of a log that does not hold."""
    return history(get, trust).publications


def history(get: Get, trust: TrustRoot, selection: Collection[str] | None = None) -> History:
    """Reads every envelope of a log once; of a copy that was made with some, those of its `selection` (SHA-256), and of
    an extract those that it proves.

    Raises the first EvidenceError of a log that does not hold.
    """
    size, entries = _entries(get, trust)
    signed_by_people = by_people(trust)
    here = [entry for entry in entries if selection is None or entry.envelope in selection]
    publishes = spelled(ASSET)
    decisions: list[Decision] = []
    found: list[Publication] = []
    for entry in here:
        data = logged_envelope(get, entry)
        if signed_by_people(data) and (decision := decision_of(data, entry, trust)) is not None:
            decisions.append(decision)
        elif publishes(data) and (publication := publication_of(data, entry, trust)) is not None:
            found.append(publication)
    logged = frozenset(entry.statement for entry in entries)
    return History(Decided(tuple(decisions), logged), ended(found, decisions), tuple(here), size - len(here))


def _entries(get: Get, trust: TrustRoot) -> tuple[int, tuple[Entry, ...]]:
    """How many entries the log has, and those whose place in it is certain here."""
    if get(PROOFS) is None:
        entries = sound_entries(get, trust)
        return len(entries), entries
    report = Report("log")
    log = verify_proofs(get, trust, (), report)
    if report.failures or log is None:
        raise report.failures[0]
    return log.checkpoint.size, tuple(entry for _, entry in log.entries)


def ended(found: Sequence[Publication], decisions: Iterable[Decision]) -> tuple[Publication, ...]:
    """Publications in the order of the log, each with its end where it has one."""
    taken_down = _unpublications(list(decisions))
    return tuple(_ended(one, found[at + 1:], taken_down) for at, one in enumerate(found))


def _ended(one: Publication, later: Iterable[Publication], taken_down: Iterable[Decision]) -> Publication:
    place = (one.series, one.episode, one.market)
    ends = [(other.since, REPLACED, other.statement) for other in later
            if (other.series, other.episode, other.market) == place and other.problem is None]
    ends += [(end.logged, TAKEN_DOWN, end.statement) for end in taken_down
             if (end.told["series"], end.told["episode"]) == place[:2] and one.market in end.told["markets"]
             and end.logged >= one.since and one.files.items() <= end.subjects.items()]
    if not ends:
        return one
    until, how, by = min(ends)
    return replace(one, until=until, ended=how, ended_by=by)


def _unpublications(decisions: Sequence[Decision]) -> list[Decision]:
    """Those by somebody who might, under the policy in force then, in every market that they name."""
    adoptions = [one for one in decisions if one.kind is Kind.POLICY]
    return [one for one in decisions if one.kind is Kind.UNPUBLICATION and one.signers and _might(one, adoptions)]


def _might(one: Decision, adoptions: Sequence[Decision]) -> bool:
    policy = in_force(adoptions, one.logged).policy(one.told["series"])
    return all(one.roles() & policy.roles(one.kind, market) for market in one.told["markets"])


def is_publication(statement: Mapping[str, Any]) -> bool:
    """Whether a statement is of an action that published something."""
    try:
        return statement["predicate"]["buildDefinition"]["externalParameters"]["asset"] == ASSET
    except (KeyError, TypeError):
        return False


def publication_of(envelope: bytes, entry: Entry, trust: TrustRoot) -> Publication | None:
    """The publication that an envelope tells of, None where it tells of something else. Its end is not known here.

    Raises UnknownVersion for one by a newer program: a history with a gap is none.
    """
    told = _action(envelope, entry)
    if told is None or told.asset != ASSET:
        return None
    episode, _, market = told.partition.partition("@")
    problem: EvidenceError | None = None
    try:
        verify(open_envelope(envelope, entry.statement), trust, entry.logged, [BUILDER])
    except EvidenceError as error:
        problem = error
    made_by = {one.origin.statement for one in told.dependencies if one.origin is not None}
    return Publication(
        told.series, episode, market, {one.name: one.sha256 for one in told.dependencies}, entry.logged,
        entry.statement, tuple(sorted(made_by)), _texts(told.params.get("decisions")),
        str(told.params.get("policy", "")), problem=problem, action=told.action, after=told.params.get("after"))


def _action(envelope: bytes, entry: Entry) -> ActionStatement | None:
    try:
        statement = statement_of(envelope)
        kind = statement["predicate"]["buildDefinition"]["buildType"]
        if is_publication(statement) and kind != BUILD_TYPE:
            raise UnknownVersion(f"it is a {kind!r}, this program knows {BUILD_TYPE}", entry.statement,
                                 "Use a newer version of this program")
        return parse_statement(statement, entry.statement)
    except (StatementMalformed, ValueError, KeyError, TypeError, StopIteration):
        return None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in cast(list[Any], value)) if isinstance(value, list) else ()
