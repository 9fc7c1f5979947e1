"""What still stands between a reviewed episode and its publication in a market: one function per condition.

An approval is bound to the digests of the packages that were approved: change one byte, and it no longer applies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

APPROVERS = ("producer", "compliance")

Approval = Mapping[str, Any]
"""`role`, `market`, and `packages`: digest by language, as in the review that was approved."""
Condition = Callable[[Mapping[str, Any], Sequence[Approval], str], Iterator[str]]


def missing_conditions(review: Mapping[str, Any], approvals: Sequence[Approval], market: str) -> tuple[str, ...]:
    """A sentence for each condition that `review` (see `review_report`) does not meet in `market`; none means go."""
    return tuple(sentence for condition in CONDITIONS for sentence in condition(review, approvals, market))


def missing_approvals(review: Mapping[str, Any], approvals: Sequence[Approval], market: str) -> tuple[str, ...]:
    """The roles whose approval of exactly these packages for `market` is missing."""
    given = {approval.get("role") for approval in approvals
             if approval.get("market") == market and approval.get("packages") == review["packages"]}
    return tuple(role for role in APPROVERS if role not in given)


def _quality(review: Mapping[str, Any], approvals: Sequence[Approval], market: str) -> Iterator[str]:
    if not review["languages"]:
        yield "quality control has measured no language"
    for language in review["languages"]:
        failed = [measured["name"] for measured in language["measurements"] if not measured["passed"]]
        if failed or not language["measurements"]:
            yield f"quality control failed in {language['language']}: {', '.join(failed) or 'nothing was measured'}"


def _approved(review: Mapping[str, Any], approvals: Sequence[Approval], market: str) -> Iterator[str]:
    for role in missing_approvals(review, approvals, market):
        yield f"the approval by {role} for market {market} is missing"


CONDITIONS: tuple[Condition, ...] = (_quality, _approved)
