"""Taking a recall: rights go first, so that whatever ends it midway leaves nothing that could be published again, then
publications, one by one. Doing it again goes on where it ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from audit import decisions, instants
from audit.approvals import withdrawals
from audit.decisions import EVERYWHERE, Decision, Kind, Validity
from audit.errors import RoleMissing
from audit.publications import TAKEN_DOWN
from audit.rights import licence_missing
from audit.signers import load_signer
from audit.trust import TrustedKey
from deployment.deciding import bar, state
from deployment.recall import Drill, key_of, markets_of
from microdrama_assets.graph.studio import Studio
from microdrama_assets.release.page.writing import keep_in_step
from microdrama_assets.release.published import take_down
from microdrama_assets.steps import STEPS
from resources.evidence import Evidence


def execute(drill: Drill, source: str, because: str) -> list[str]:
    """Revokes, then takes down; returns what was done, in sentences. What was done before is not done again.

    Raises RoleMissing, UnknownSigner and the like before anything is done.
    """
    told = f"recall of {drill.recall.target}: {because}"
    _require_roles(drill, source)
    done = [f"revoked: {state(drill.home, statement, source)}" for statement in _revocations(drill, told)]
    for one in drill.takedown:
        publication = one.publication
        statement = publication.ended_by if publication.ended == TAKEN_DOWN else bar(
            drill.home, key_of(publication), publication.files, told, source)
        if drill.laid_out(publication):
            take_down(drill.home, key_of(publication), {
                "series": publication.series, "episode": publication.episode, "market": publication.market,
                "taken_down": instants.now(), "because": told, "statement": statement})
        done.append(f"taken down: {publication.place}")
    desk = Studio(drill.home, STEPS).desk
    for key in dict.fromkeys(key_of(one.publication).in_episode() for one in drill.takedown):
        keep_in_step(desk, key)
    return done


def _require_roles(drill: Drill, source: str) -> None:
    trust = Evidence(drill.home).trust
    held = trust.find(load_signer(source, lambda keyid: trust.find(keyid).key).public_key.keyid)
    rights = {Kind.LICENCE: drill.recall.files, Kind.CONSENT: drill.recall.consents}
    needed = [(kind, EVERYWHERE) for kind, meant in rights.items() if meant]
    needed += [(Kind.REJECTION, one.publication.market) for one in drill.takedown]
    for policy in drill.policies():
        for kind, market in needed:
            _require_role(held, kind, market, policy.roles(kind, market))


def _require_role(held: TrustedKey, kind: Kind, market: str, allowed: frozenset[str]) -> None:
    if not set(held.roles) & allowed:
        where = "" if market == EVERYWHERE else f" for market {market}"
        raise RoleMissing(f"{held.name} may not record a {kind}{where}: {' or '.join(sorted(allowed)) or 'nobody'} may",
                          held.keyid, "Nothing was done. Have somebody of that role sign")


def _revocations(drill: Drill, told: str) -> Iterator[Mapping[str, Any]]:
    """What is left to be stated so that the gate is closed to what is recalled: everywhere, or in one market while what
    holds in the others is stated anew for them."""
    policies, known, at = drill.policies(), drill.case.decisions, instants.now()
    every = markets_of(drill.home, drill.case)
    markets = (drill.market,) if drill.market else every
    others = tuple(market for market in every if market not in markets)
    gone = withdrawals(known, policies[0])
    in_force = [one for one in known if one.signers and one.statement not in gone]
    for model in drill.recall.files:
        name, sha256 = str(model["name"]), str(model["sha256"])
        records = [one for one in in_force if one.kind is Kind.LICENCE and one.told["commercial"]
                   and sha256 in one.subjects.values()]
        allowed = any(licence_missing(model, known, policy, market, at) is None
                      for policy in policies for market in markets)
        if allowed and not records:  # by the policy
            terms, territories = (str(model["licence"]), others) if others else (told, (EVERYWHERE,))
            yield decisions.licence(name, sha256, terms, bool(others), Validity(at, None, territories))
        for one, left in _holding(records, markets, others, at):
            if left is not None:
                yield decisions.licence(name, sha256, one.told["licence"], True, left)
            yield decisions.withdrawal(one.statement, told)
    for reference in drill.recall.consents:
        records = [one for one in in_force if one.kind is Kind.CONSENT and one.told["reference"] == reference]
        for one, left in _holding(records, markets, others, at):
            if left is not None:
                yield decisions.consent(one.subjects["person"], reference, one.told["covers"], left)
            yield decisions.withdrawal(one.statement, told)


def _holding(records: Sequence[Decision], markets: Sequence[str], others: Sequence[str],
             at: str) -> Iterator[tuple[Decision, Validity | None]]:
    """Records that hold in one of these markets, now or later, each with what is left of it in the others."""
    for one in records:
        when = max(at, one.validity.valid_from)
        if any(one.validity.missing(market, when) is None for market in markets):
            left = tuple(market for market in others if one.validity.missing(market, when) is None)
            yield one, replace(one.validity, territories=left) if left else None
