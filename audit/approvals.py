"""Which approvals hold for exactly these bytes, which do not and why: pure functions over decisions as logged.

A person's last word on the same bytes counts, whichever of their keys signed it. A rejection in force stands against
any number of approvals, until its author approves the same bytes or it is withdrawn. Bytes are never approved in part.
A person is who the trust root names: keys of one name are one person's, however the name is written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from audit.decisions import ON_EPISODES, Decision, Kind
from audit.policy import Policy

MORE = 5
"""Changed files that a sentence names; the rest are counted."""


@dataclass(frozen=True)
class Subject:
    """What is asked about: an episode's bytes in a market at an instant. `digests`: SHA-256 by name of file."""

    series: str
    episode: str
    digests: Mapping[str, str]
    market: str
    at: str


@dataclass(frozen=True)
class Lapsed:
    """A decision that does not count, by a code that keeps its meaning, and why in words.

    Codes: `changed`, `replayed`, `unauthorised`, `withdrawn`, `replaced`, or the name of an `EvidenceError`.
    """

    decision: Decision
    code: str
    why: str
    changed: tuple[str, ...] = ()
    """Names of files that changed since, were added or removed."""


@dataclass(frozen=True)
class Standing:
    """How an episode stands in a market."""

    approvals: tuple[Decision, ...]
    rejections: tuple[Decision, ...]
    overrides: tuple[Decision, ...]
    notes: tuple[Decision, ...]
    unpublications: tuple[Decision, ...]
    """Of these very bytes."""
    lapsed: tuple[Lapsed, ...]
    missing: tuple[str, ...]
    """A sentence for each signature that the policy demands and nobody gave."""

    @property
    def approved(self) -> bool:
        return not self.missing and not self.rejections

    def reasons(self) -> list[str]:
        """Why it is not approved: rejections, then what is missing, each with the approvals that no longer count."""
        told = [f"rejected by {one.names} on {one.logged}: {one.told['comment']}" for one in self.rejections]
        gone = [f"{one.decision.kind} by {one.decision.names} of {one.decision.logged}: {one.why}"
                for one in self.lapsed if one.decision.kind is Kind.APPROVAL and one.code != "replaced"]
        return [*told, *self.missing, *(gone if self.missing else ())]


def approvals_for(subject: Subject, decisions: Iterable[Decision], policy: Policy) -> Standing:
    """How the subject stands, by decisions logged up to its instant."""
    known = [one for one in decisions if one.logged <= subject.at]
    withdrawn = withdrawals(known, policy)
    lapsed: list[Lapsed] = []
    counting: list[Decision] = []
    for one in known:
        if one.kind not in ON_EPISODES or not _concerns(one, subject):
            continue
        reason = _lapsed(one, subject, policy, withdrawn)
        if reason is None:
            counting.append(one)
        else:
            lapsed.append(reason)
    last, replaced = _last_words(counting)
    approvals = tuple(one for one in last if one.kind is Kind.APPROVAL)
    return Standing(
        approvals=approvals, rejections=tuple(one for one in last if one.kind is Kind.REJECTION),
        overrides=tuple(one for one in counting if one.kind is Kind.OVERRIDE),
        notes=tuple(one for one in counting if one.kind is Kind.NOTE),
        unpublications=tuple(one for one in counting if one.kind is Kind.UNPUBLICATION),
        lapsed=(*lapsed, *replaced), missing=tuple(_missing(approvals, subject, policy)),
    )


def withdrawals(decisions: Iterable[Decision], policy: Policy) -> dict[str, Decision]:
    """Who withdrew which statement: its own signer, or for rights a role that may record them."""
    known = {one.statement: one for one in decisions}
    found: dict[str, Decision] = {}
    for one in known.values():
        target = known.get(one.subjects.get("statement", "")) if one.kind is Kind.WITHDRAWAL else None
        if target is None or not one.signers:
            continue
        own = {key.keyid for key in one.signers} & {key.keyid for key in target.signers}
        if own or one.roles() & policy.may_withdraw(target.kind):
            found.setdefault(target.statement, one)
    return found


def changes(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Names of files that differ between two lists of digests, sorted."""
    return tuple(sorted(name for name in {*then, *now} if then.get(name) != now.get(name)))


def _concerns(one: Decision, subject: Subject) -> bool:
    """About this episode in this market, or about these very bytes whatever episode it names."""
    ours = (one.told["series"], one.told["episode"]) == (subject.series, subject.episode)
    return one.is_for(subject.market) and (ours or dict(one.subjects) == dict(subject.digests))


def _lapsed(one: Decision, subject: Subject, policy: Policy, withdrawn: Mapping[str, Decision]) -> Lapsed | None:
    if one.problem is not None:
        return Lapsed(one, one.problem.code, one.problem.what)
    if one.statement in withdrawn:
        by = withdrawn[one.statement]
        return Lapsed(one, "withdrawn", f"withdrawn by {by.names} on {by.logged}: {by.told['because']}")
    about = f"{one.told['series']}.{one.told['episode']}"
    if about != f"{subject.series}.{subject.episode}":
        return Lapsed(one, "replayed", f"it is about {about}, not about {subject.series}.{subject.episode}")
    allowed = policy.roles(one.kind, subject.market)
    if one.kind is not Kind.NOTE and not one.roles() & allowed:
        told = f"{' or '.join(sorted(allowed)) or 'nobody'} may, and {one.names} is {', '.join(sorted(one.roles()))}"
        return Lapsed(one, "unauthorised", told)
    differing = changes(one.subjects, subject.digests)
    if differing:
        rest = f" and {len(differing) - MORE} more" if len(differing) > MORE else ""
        return Lapsed(one, "changed", f"changed since: {', '.join(differing[:MORE])}{rest}", differing)
    return None


def _last_words(counting: Sequence[Decision]) -> tuple[list[Decision], list[Lapsed]]:
    """What each person last said on these bytes, and what that replaced. One who has several keys may approve with
    each of them; a rejection with any takes back all of that."""
    words: dict[str, list[Decision]] = {}
    replaced: list[Lapsed] = []
    for one in (one for one in counting if one.kind in (Kind.APPROVAL, Kind.REJECTION)):
        kept: list[Decision] = []
        for before in words.get(_person(one.names), ()):
            if one.kind is Kind.APPROVAL and before.kind is Kind.APPROVAL and _keys(before) != _keys(one):
                kept.append(before)
            else:
                replaced.append(Lapsed(before, "replaced", f"replaced by {one.kind} of {one.logged}"))
        words[_person(one.names)] = [*kept, one]
    return [one for said in words.values() for one in said], replaced


def _missing(approvals: Sequence[Decision], subject: Subject, policy: Policy) -> Iterator[str]:
    """What the policy demands and nobody gave; with `four_eyes`, each signature by another person."""
    roles: dict[str, set[str]] = {}
    for one in approvals:
        for key in one.signers:
            roles.setdefault(_person(key.name), set()).update(key.roles)
    wanted = policy.rules(subject.market).approvals
    short = False
    for needed in wanted:
        given = sum(needed.role in held for held in roles.values())
        if given < needed.signatures:
            short = True
            yield (f"{needed.signatures} approval{'s' * (needed.signatures > 1)} by {needed.role} needed for market"
                   f" {subject.market}, {given} given")
    slots = [needed.role for needed in wanted for _ in range(needed.signatures)]
    if not short and policy.four_eyes and (people := _filled(slots, roles)) < len(slots):
        yield (f"{len(slots)} different people must approve for market {subject.market} (four_eyes), {people} did: one"
               " person counts once, whatever roles and keys they have")


def _filled(slots: Sequence[str], roles: Mapping[str, set[str]]) -> int:
    """How many signatures different people can fill (a maximum bipartite matching, by augmenting paths)."""
    filled: dict[str, int] = {}

    def place(slot: int, tried: set[str]) -> bool:
        for person, held in roles.items():
            if slots[slot] in held and person not in tried:
                tried.add(person)
                if person not in filled or place(filled[person], tried):
                    filled[person] = slot
                    return True
        return False

    return sum(place(slot, set()) for slot in range(len(slots)))


def _person(name: str) -> str:
    """A name however it is written: one person with two keys must not count as two by a space or a capital."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _keys(one: Decision) -> set[str]:
    return {key.keyid for key in one.signers}
