"""The gate before publication: a list of conditions that grows, each a function from facts to what it lacks.

Pure: what is true of an episode in a market at an instant is gathered in `release/publishing.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from audit.approvals import Standing, Subject, approvals_for
from audit.decided import Decided
from audit.decisions import Decision
from audit.policy import REQUIRED, Policy
from audit.publications import Publication
from audit.rights import consent_missing, licence_missing, rights_used
from microdrama_assets.release.published import CONDITION_NAMES

MORE = 3
"""Statements that a reason names; the rest are counted."""
UNSIGNED = "UNSIGNED: published without Content Credentials, as the policy allows"


@dataclass(frozen=True)
class Signing:
    """What Content Credentials can be made with: a certificate, by SHA-256, or the reason why there is none.

    `broken`: certificates are there and cannot be used, which no policy lets pass.
    """

    certificate: str | None
    problem: str = ""
    broken: bool = False


@dataclass(frozen=True)
class Facts:
    """Everything that the conditions look at."""

    subject: Subject
    review: Mapping[str, Any]
    """See `review_report`."""
    decided: Decided
    policy: Policy
    models: Sequence[Mapping[str, Any]]
    """Every model, voice, font and dictionary of every action below the packages, as statements identify them."""
    consents: Mapping[str, str]
    """Reference of the consent, by character, where a card names one."""
    statements: Sequence[str]
    """Of every action below the packages and the review."""
    dangling: Sequence[str]
    """What was used and cannot be accounted for."""
    unmarked: Sequence[str]
    """Files that should say that they are synthetic and do not."""
    signing: Signing
    last: Publication | None = None
    """The newest publication of the episode in this market, by the log."""

    @cached_property
    def standing(self) -> Standing:
        return approvals_for(self.subject, self.decided.decisions, self.policy)

    def considered(self) -> list[str]:
        """Statements of the decisions that the answer rests on, sorted. Having been taken down is among them, so that
        publishing the same bytes again is another publication."""
        standing = self.standing
        rights = rights_used(self.models, list(self.consents.values()), self.decided.decisions)
        words: tuple[Decision, ...] = (*standing.approvals, *standing.rejections, *standing.overrides,
                                       *standing.unpublications, *rights)
        return sorted({one.statement for one in words})


@dataclass(frozen=True)
class Condition:
    """One condition as it stands; `reasons` is empty where it is met."""

    name: str
    reasons: tuple[str, ...]
    marks: tuple[str, ...] = ()
    """What must not go unseen although the condition is met."""

    @property
    def met(self) -> bool:
        return not self.reasons


def conditions(facts: Facts) -> tuple[Condition, ...]:
    """Every condition, in the order in which people look at them."""
    return tuple(Condition(name, tuple(reasons(facts)), tuple(MARKS.get(name, _no_marks)(facts)))
                 for name, reasons in CONDITIONS.items())


def unmet(facts: Facts) -> tuple[Condition, ...]:
    return tuple(condition for condition in conditions(facts) if not condition.met)


def measured(value: Mapping[str, Any]) -> str:
    """A measurement's value as an override names it: `0.8 s`."""
    return f"{value['value']} {value['unit']}".strip()


def _quality(facts: Facts) -> Iterator[str]:
    overridden = {(one.told["check"], one.told["language"], one.told["value"]) for one in facts.standing.overrides}
    if not facts.review["languages"]:
        yield "nothing was measured"
    for language in facts.review["languages"]:
        if not language["measurements"]:
            yield f"nothing was measured in {language['language']}"
        for one in language["measurements"]:
            if not one["passed"] and (one["name"], language["language"], measured(one)) not in overridden:
                yield f"{one['name']} is {measured(one)} in {language['language']}, limit {one['limit']}"


def _approvals(facts: Facts) -> Iterator[str]:
    if not facts.standing.approved:
        yield from facts.standing.reasons()


def _licences(facts: Facts) -> Iterator[str]:
    at, market = facts.subject.at, facts.subject.market
    for model in facts.models:
        reason = licence_missing(model, facts.decided.decisions, facts.policy, market, at)
        if reason is not None:
            yield reason


def _consents(facts: Facts) -> Iterator[str]:
    at, market = facts.subject.at, facts.subject.market
    for character, reference in sorted(facts.consents.items()):
        reason = consent_missing(reference, facts.decided.decisions, facts.policy, market, at)
        if reason is not None:
            yield f"{character}: {reason}"


def _evidence(facts: Facts) -> Iterator[str]:
    unlogged = [digest[:16] for digest in facts.statements if digest not in facts.decided.logged]
    if unlogged:
        rest = f" and {len(unlogged) - MORE} more" if len(unlogged) > MORE else ""
        yield f"not in the log: statements {', '.join(unlogged[:MORE])}{rest} (microdrama audit log signs them anew)"
    yield from facts.dangling


def _synthetic_mark(facts: Facts) -> Iterator[str]:
    for name in facts.unmarked:
        yield f"{name} does not say that it is synthetic"


def _credentials(facts: Facts) -> Iterator[str]:
    if facts.signing.certificate is None and (facts.signing.broken or facts.policy.credentials == REQUIRED):
        yield facts.signing.problem


def _fidelity(facts: Facts) -> Iterator[str]:
    if not facts.policy.mixed_fidelity:
        yield from mixed(facts.review)


def _mixed(facts: Facts) -> Iterator[str]:
    if facts.policy.mixed_fidelity:
        yield from mixed(facts.review)


def mixed(review: Mapping[str, Any]) -> Iterator[str]:
    """What is told of an episode in progress: which of its shots are still drafts beside finals."""
    drafts, finals = ([shot["id"] for shot in review.get("shots", []) if shot.get("fidelity", "draft") == fidelity]
                      for fidelity in ("draft", "final"))
    if drafts and finals:
        yield f"{len(finals)} of {len(drafts) + len(finals)} shots are final, drafts are {', '.join(drafts)}"


def _unsigned(facts: Facts) -> Iterator[str]:
    if facts.signing.certificate is None and not any(_credentials(facts)):
        yield UNSIGNED


def _no_marks(facts: Facts) -> Iterator[str]:
    yield from ()


CONDITIONS: Mapping[str, Callable[[Facts], Iterator[str]]] = dict(zip(
    CONDITION_NAMES, (_quality, _approvals, _licences, _consents, _evidence, _synthetic_mark, _credentials, _fidelity),
    strict=True))
MARKS: Mapping[str, Callable[[Facts], Iterator[str]]] = {"credentials": _unsigned, "fidelity": _mixed}
