"""What people decided about an episode, which of it counts for the bytes at hand, and which versions were approved.

A version is one list of digests that somebody decided about. It was approved in a market where, for its own bytes, the
policy's approvals hold now and nobody's rejection does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from audit.approvals import Standing, Subject, approvals_for, withdrawals
from audit.canonical import digest
from audit.decisions import EVERYWHERE, ON_EPISODES, Decision, Kind
from audit.policy import Policy

COUNTS = "counts"


@dataclass(frozen=True)
class Word:
    """One decision as a row: who, when, on which bytes, and whether it counts."""

    decision: Decision
    version: str
    current: bool
    """Whether it is about the bytes at hand."""
    verdicts: tuple[tuple[str, str], ...]
    """`("us, mx", "counts")`: of markets that it is for, and whether it counts there or why it does not."""
    revoked: str

    @property
    def counts(self) -> bool:
        return any(verdict == COUNTS for _, verdict in self.verdicts)

    @property
    def markets(self) -> str:
        told = self.decision.told["markets"]
        return "every market" if EVERYWHERE in told else ", ".join(told)


@dataclass(frozen=True)
class Version:
    """One list of digests that was approved by somebody who may. `markets`: where it is approved in full."""

    name: str
    digests: Mapping[str, str]
    approvals: tuple[Decision, ...]
    markets: tuple[str, ...]
    current: bool

    @property
    def since(self) -> str:
        """When it was last approved."""
        return max(one.logged for one in self.approvals)


def version_name(digests: Mapping[str, str]) -> str:
    """A short name of exactly these bytes."""
    return digest("version", digests)[:12]


def words(subject: Subject, decisions: Sequence[Decision], policy: Policy, markets: Sequence[str]) -> tuple[Word, ...]:
    """Every decision about this episode, the newest first; `subject` in any market."""
    standings = {market: approvals_for(replace(subject, market=market), decisions, policy) for market in markets}
    gone = withdrawals(decisions, policy)
    found = []
    for one in decisions:
        if one.kind in ON_EPISODES and _is_about(one, subject):
            by = gone.get(one.statement)
            found.append(Word(
                one, version_name(one.subjects), dict(one.subjects) == dict(subject.digests),
                tuple(_verdicts(one, standings)),
                "" if by is None else f"taken back by {by.names} on {by.logged}: {by.told['because']}"))
    return tuple(reversed(found))


def versions(subject: Subject, decisions: Sequence[Decision], policy: Policy,
             markets: Sequence[str]) -> tuple[Version, ...]:
    """Every version that anybody who may approve approved and did not take back, the newest first."""
    approved: dict[str, Mapping[str, str]] = {
        version_name(one.subjects): one.subjects for one in decisions
        if one.kind is Kind.APPROVAL and _is_about(one, subject)}
    found = []
    for name, digests in approved.items():
        standings = {market: approvals_for(replace(subject, market=market, digests=digests), decisions, policy)
                     for market in markets}
        approvals = {one.statement: one for standing in standings.values() for one in standing.approvals}
        if approvals:
            found.append(Version(name, digests, tuple(approvals.values()),
                                 tuple(market for market, standing in standings.items() if standing.approved),
                                 dict(digests) == dict(subject.digests)))
    return tuple(sorted(found, key=lambda one: one.since, reverse=True))


def last_approved(known: Sequence[Version]) -> Version | None:
    """What the bytes at hand are to be compared with: of other versions the last that was approved in full somewhere,
    else the last that anybody approved."""
    others = [one for one in known if not one.current]
    return next((one for one in others if one.markets), others[0] if others else None)


def _is_about(one: Decision, subject: Subject) -> bool:
    return (one.told["series"], one.told["episode"]) == (subject.series, subject.episode)


def _verdicts(one: Decision, standings: Mapping[str, Standing]) -> Iterator[tuple[str, str]]:
    by_verdict: dict[str, list[str]] = {}
    for market, standing in standings.items():
        if one.is_for(market):
            by_verdict.setdefault(_verdict(one, standing), []).append(market)
    yield from ((", ".join(markets), verdict) for verdict, markets in by_verdict.items())


def _verdict(one: Decision, standing: Standing) -> str:
    held = (*standing.approvals, *standing.rejections, *standing.overrides, *standing.notes, *standing.unpublications)
    if any(other.statement == one.statement for other in held):
        return COUNTS
    lapse = next((lapse for lapse in standing.lapsed if lapse.decision.statement == one.statement), None)
    if lapse is None:
        return "is not known"
    return f"{len(lapse.changed)} files changed since" if lapse.changed else lapse.why
