"""May these files, faces and voices be used in a market at an instant: by what was decided about them, else by policy.

A record in the log goes before the policy's list of licences: once a file has one, one of its records must hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from audit.approvals import withdrawals
from audit.decisions import Decision, Kind
from audit.policy import Policy


def licence_missing(model: Mapping[str, Any], decisions: Sequence[Decision], policy: Policy, market: str,
                    at: str) -> str | None:
    """Why a file may not be used, None where it may. `model`: its name, sha256 and licence as in statements."""
    records = [one for one in _logged(decisions, Kind.LICENCE, at) if model["sha256"] in one.subjects.values()]
    if not records:
        if model.get("licence") in policy.licences:
            return None
        return (f"{model['name']} is under {model.get('licence') or 'no licence'}, which the policy does not list, and"
                " no licence is recorded for it")
    problems: list[str] = []
    for one in records:
        problem = _problem(one, decisions, policy, market, at)
        if problem is None and not one.told["commercial"]:
            problem = f"allows no commercial use ({one.told['licence']})"
        if problem is None:
            return None
        problems.append(problem)
    return f"the licence of {model['name']} {problems[-1]}"


def consent_missing(reference: str, decisions: Sequence[Decision], policy: Policy, market: str,
                    at: str) -> str | None:
    """Why a consent does not hold, None where it does. `reference`: what a character's card names."""
    records = [one for one in _logged(decisions, Kind.CONSENT, at) if one.told["reference"] == reference]
    problems = [_problem(one, decisions, policy, market, at) for one in records]
    if not problems:
        return f"no consent {reference!r} is recorded"
    return None if None in problems else f"the consent {reference!r} {problems[-1]}"


def rights_used(models: Sequence[Mapping[str, Any]], references: Sequence[str],
                decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Every licence and consent record that was looked at for these, whatever it says."""
    digests = {str(model["sha256"]) for model in models}
    return tuple(one for one in decisions if (one.kind is Kind.LICENCE and digests & set(one.subjects.values()))
                 or (one.kind is Kind.CONSENT and one.told["reference"] in references))


def _logged(decisions: Sequence[Decision], kind: Kind, at: str) -> list[Decision]:
    return [one for one in decisions if one.kind is kind and one.logged <= at]


def _problem(one: Decision, decisions: Sequence[Decision], policy: Policy, market: str, at: str) -> str | None:
    """Why a consent or licence does not hold, as the end of a sentence."""
    if one.problem is not None:
        return f"is not validly signed: {one.problem.what}"
    if not one.roles() & policy.roles(one.kind, market):
        return f"was recorded by {one.names}, whose role may not"
    by = withdrawals([other for other in decisions if other.logged <= at], policy).get(one.statement)
    if by is not None:
        return f"was withdrawn by {by.names} on {by.logged}: {by.told['because']}"
    return one.validity.missing(market, at)
