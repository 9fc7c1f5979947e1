"""What an episode was made with, and by what right: models, voices, fonts, and the people behind faces and voices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from audit.decisions import Decision
from audit.kinds import kind_of
from audit.provenance import ActionStatement
from audit.rights import consent_missing, licence_missing, rights_used
from microdrama_assets.release.gate import Facts

Missing = Callable[[str], str | None]
"""Why something may not be used in a market."""


@dataclass(frozen=True)
class Right:
    """By what something may be used in the markets: the licence or consent records, and what is missing where."""

    records: tuple[Decision, ...]
    problems: tuple[tuple[str, str], ...]
    """`("us, mx", "the licence of ... ended on ...")`; empty where it may be used everywhere."""


@dataclass(frozen=True)
class Model:
    name: str
    kind: str
    """`model`, `font` or `data`."""
    revision: str
    sha256: str
    licence: str
    used_by: tuple[str, ...]
    right: Right


@dataclass(frozen=True)
class Consent:
    character: str
    reference: str
    right: Right


def models(facts: Facts, statements: Iterable[ActionStatement], markets: Sequence[str]) -> tuple[Model, ...]:
    """Every model, font and dictionary below the packages, trained models first."""
    users: dict[str, set[str]] = {}
    for one in statements:
        for model in one.models:
            users.setdefault(str(model["sha256"]), set()).add(one.asset)
    found = [Model(str(model["name"]), kind_of(model), str(model["revision"]), str(model["sha256"]),
                   str(model.get("licence") or "none"), tuple(sorted(users.get(str(model["sha256"]), ()))),
                   _licensed(facts, model, markets)) for model in facts.models]
    return tuple(sorted(found, key=lambda one: (("model", "font", "data").index(one.kind), one.name)))


def consents(facts: Facts, markets: Sequence[str]) -> tuple[Consent, ...]:
    """Every consent that a character's card names."""
    known, at = facts.decided.decisions, facts.subject.at
    return tuple(Consent(character, reference, Right(
        rights_used((), [reference], known),
        _problems(markets, lambda market, name=reference: consent_missing(name, known, facts.policy, market, at))))
        for character, reference in sorted(facts.consents.items()))


def _licensed(facts: Facts, model: Mapping[str, object], markets: Sequence[str]) -> Right:
    known, at = facts.decided.decisions, facts.subject.at
    return Right(rights_used([model], (), known), _problems(
        markets, lambda market: licence_missing(model, known, facts.policy, market, at)))


def _problems(markets: Sequence[str], missing: Missing) -> tuple[tuple[str, str], ...]:
    by_reason: dict[str, list[str]] = {}
    for market in markets:
        reason = missing(market)
        if reason is not None:
            by_reason.setdefault(reason, []).append(market)
    return tuple((", ".join(names), reason) for reason, names in by_reason.items())
