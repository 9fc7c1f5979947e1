"""Whose face or voice is this, and was consent valid when it was rendered and when it was published?

Asked of a consent's reference or of a character, whose card names one. Rendered is told as the first and the last
moment at which anything of the publication was made from the character's bundle; consent must hold at both.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from audit import instants
from audit.approvals import withdrawals
from audit.casebook import PACKAGE, Casebook
from audit.decisions import Decision, Kind
from audit.provenance import ActionStatement
from audit.publications import Publication
from audit.questions.answer import Answer, BadQuestion, answered, day_of
from audit.rights import consent_missing
from audit.touched import BUNDLE, CARD

ERASED = "somebody erased, or left out of this copy"
MOMENTS = {"at_render": "when it was rendered", "at_publish": "when it was published", "now": "now"}


@dataclass(frozen=True)
class Cast:
    """A character of a publication, as the card said then."""

    character: str
    reference: str | None
    first: str
    """Instants between which anything was made from the character's bundle."""
    last: str


def person(casebook: Casebook, name: str, now: str) -> Answer:
    """`name`: what a card names as its consent, or the slug of a character. `now`: an instant. Raises BadQuestion where
    neither a consent nor a card knows it."""
    casts = {packages: list(_cast(casebook, packages)) for packages in {one.packages for one in casebook.publications}}
    cast = [(one, found) for one in casebook.publications for found in casts[one.packages]
            if name in (found.character, found.reference)]
    waiting = [found for found in _unpublished(casebook) if name in (found.character, found.reference)]
    references = {name, *(found.reference for found in (*waiting, *(found for _, found in cast)) if found.reference)}
    consents = [one for one in casebook.decisions if one.kind is Kind.CONSENT and one.told["reference"] in references]
    if not (cast or waiting or consents):
        raise BadQuestion("no consent and no character is called so", name,
                          "Name a consent's reference, or a character by the name of its file")
    people = [_person(casebook, one) for one in consents]
    rows = [_row(casebook, one, found, now) for one, found in cast]
    lines = [f"{name}: consents {len(people)}, publications {len(rows)}", *map(_consent_line, people),
             *map(_row_line, rows)]
    if waiting and not any(found.reference for found in waiting) and not rows:
        lines.append("The card names no consent: no person stands behind this character")
    problems = [f"{row['series']}.{row['episode']} in {row['market']}, {words}: {row[moment]}"
                for row in rows for moment, words in MOMENTS.items() if row[moment]]
    return answered(casebook, lines, {"name": name, "consents": people, "publications": rows}, problems)


def _unpublished(casebook: Casebook) -> Iterator[Cast]:
    published = {digest for one in casebook.publications for digest in one.packages}
    for one in casebook.actions(PACKAGE):
        if one.asset == PACKAGE and one.digest not in published:
            yield from _cast(casebook, [one.digest])


def _cast(casebook: Casebook, packages: Iterable[str]) -> Iterator[Cast]:
    statements = casebook.below(packages)
    for bundle in statements.values():
        card = next((entry.sha256 for entry in bundle.dependencies if entry.name == CARD), None)
        if bundle.asset != BUNDLE or card is None:
            continue
        told: Mapping[str, Any] = json.loads(casebook.read(card))
        began = sorted(instants.parse_instant(made.began) for made in _made_from(statements, bundle.digest))
        if began:
            yield Cast(str(told["slug"]), told["consent"], began[0], began[-1])


def _made_from(statements: Mapping[str, ActionStatement], source: str) -> list[ActionStatement]:
    """Every action above another."""
    above = {source}
    while True:
        more = {digest for digest, one in statements.items() if digest not in above
                and any(entry.origin is not None and entry.origin.statement in above for entry in one.dependencies)}
        if not more:
            return [statements[digest] for digest in above - {source}]
        above |= more


def _person(casebook: Casebook, one: Decision) -> dict[str, Any]:
    by = withdrawals(casebook.decisions, casebook.policy()).get(one.statement)
    held = casebook.person(one.subjects["person"])
    return {"statement": one.statement, "reference": one.told["reference"], "covers": one.told["covers"],
            "logged": one.logged, "recorded_by": one.names, **one.validity.record(),
            "withdrawn": None if by is None else by.logged, "person": one.subjects["person"],
            "who": None if held is None else dict(held),
            "problem": None if one.problem is None else one.problem.code}


def _row(casebook: Casebook, one: Publication, cast: Cast, now: str) -> dict[str, Any]:
    """What was missing at each moment, None where nothing was."""
    policy = casebook.policy(one.series)

    def missing(*moments: str) -> str | None:
        if cast.reference is None:
            return None
        told = (consent_missing(cast.reference, casebook.decisions, policy, one.market, at) for at in moments)
        return next((why for why in told if why is not None), None)

    return {**one.to_json(), "character": cast.character, "consent": cast.reference, "rendered": cast.last,
            "rendered_from": cast.first, "at_render": missing(cast.first, cast.last), "at_publish": missing(one.since),
            "now": missing(now) if one.published else None}


def _consent_line(one: Mapping[str, Any]) -> str:
    who = ERASED if one["who"] is None else str(one["who"].get("name") or "somebody whose name is not recorded")
    until = "without end" if one["validUntil"] is None else f"until {day_of(one['validUntil'])}"
    gone = f", withdrawn {day_of(one['withdrawn'])}" if one["withdrawn"] else ""
    return (f"  consent {one['reference']} to {' and '.join(one['covers'])} of {who}: from {day_of(one['validFrom'])}"
            f" {until}, for {', '.join(one['territories'])}; recorded {day_of(one['logged'])} by {one['recorded_by']}"
            f"{gone}")


def _row_line(row: Mapping[str, Any]) -> str:
    place = f"  {row['series']}.{row['episode']} in {row['market']} as {row['character']}"
    if row["consent"] is None:
        return f"{place}: no consent is asked for, the card names no person"
    told = [f"{word} {day_of(row[moment])}: {row[key] or 'valid'}" for word, moment, key in
            (("rendered", "rendered", "at_render"), ("published", "since", "at_publish"))]
    return f"{place}: {'; '.join(told)}" + (f"; now: {row['now'] or 'valid'}" if row["until"] is None else
                                            f"; {row['ended']} {day_of(row['until'])}")
