"""A recall in a home: what it would take, and taking it.

Rights go first, so that whatever ends a recall midway leaves nothing that could be published again, then publications,
one by one. Doing it again goes on where it ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from functools import cached_property
from typing import Any

from audit import decisions, instants
from audit.approvals import withdrawals
from audit.casebook import Casebook
from audit.decisions import EVERYWHERE, Decision, Kind, Validity
from audit.errors import RoleMissing
from audit.publications import TAKEN_DOWN, Publication
from audit.recall import Affected, Recall, Remade, Standing, recall
from audit.rights import licence_missing
from audit.signers import load_signer
from audit.touched import CONSENT, FACE, MODEL, STATEMENT, VOICE, NoTarget, Search, Target
from audit.trust import TrustedKey
from deployment.deciding import state
from microdrama_assets.graph.key import Key
from microdrama_assets.release.published import folder_for, published_files, take_down
from microdrama_assets.request import Request, keys_of
from microdrama_assets.steps import STEPS
from partitions.keys import Selection
from partitions.registry import load
from resources.evidence import Evidence
from resources.home import Home
from resources.policies import policy_of
from resources.rates import Rates, load_rates


@dataclass(frozen=True)
class Price:
    """What a partition took when it was made, at the rates of today; nothing where another one's action makes it."""

    seconds: float = 0.0
    gpu_seconds: float = 0.0
    usd: float = 0.0


@dataclass(frozen=True)
class Drill:
    """A recall in one home, and what it would cost and take down there."""

    home: Home
    case: Casebook
    recall: Recall
    market: str | None

    @cached_property
    def takedown(self) -> tuple[Affected, ...]:
        """What is published, and what a person took down while its files are still there."""
        return tuple(one for one in self.recall.affected if one.publication.published or (
            one.publication.ended == TAKEN_DOWN and self._is_last(one.publication) and self.laid_out(one.publication)))

    @property
    def earlier(self) -> tuple[Affected, ...]:
        """Publications that ended before: viewers saw it, nothing is to be done."""
        return tuple(one for one in self.recall.affected if one not in self.takedown)

    @cached_property
    def prices(self) -> tuple[Price, ...]:
        """Of each partition to be made anew."""
        rates = load_rates(self.home.root)
        return tuple(Price() if one.again else self._price(one, rates) for one in self.recall.remade)

    @property
    def total(self) -> Price:
        columns = zip(*(astuple(one) for one in (Price(), *self.prices)), strict=True)
        return Price(*(round(sum(column), 6) for column in columns))

    def laid_out(self, publication: Publication) -> bool:
        """Whether the home still offers something of the episode in the market."""
        return published_files(self.home, key_of(publication)) is not None

    def to_json(self) -> dict[str, Any]:
        """Documented in the reviewer's guide."""
        return {
            "revoke": str(self.recall.target), "market": self.market,
            "files": [{name: model[name] for name in ("name", "revision", "sha256", "licence")}
                      for model in self.recall.files],
            "consents": list(self.recall.consents),
            "takedown": [{**one.to_json(), "folder": str(folder_for(self.home, key_of(one.publication)))}
                         for one in self.takedown],
            "earlier": [one.to_json() for one in self.earlier],
            "remade": [{**asdict(one.standing), "statement": one.statement.digest, **asdict(price)}
                       for one, price in zip(self.recall.remade, self.prices, strict=True)],
            "actions": len(self.recall.statements), **asdict(self.total),
        }

    def _is_last(self, publication: Publication) -> bool:
        mine = [one for one in self.case.publications if key_of(one) == key_of(publication)]
        return mine[-1].statement == publication.statement

    def _price(self, one: Remade, rates: Rates) -> Price:
        told = one.statement
        charges = 0.0
        if told.usd:  # else no service charged for it either
            charges = float((self.home.cache.get(told.action) or {}).get("charges_usd", 0.0))
        return Price(told.seconds, told.gpu_seconds, rates.usd(told.seconds, told.gpu_seconds, charges))


def drill(home: Home, target: Target, market: str | None) -> Drill:
    """What a recall comes to; changes nothing but that whatever waits is logged. Raises NoTarget where nothing was made
    with it, and EvidenceError of a log or a statement that does not hold."""
    evidence = Evidence(home)
    if evidence.pending():
        evidence.sequence()
    case = Casebook.open(home.root)
    target = _decided(target, case.decisions)
    search = Search(target, case.read, case.statement, _covered(target, case.decisions))
    shown = [one for one in case.publications if market in (None, one.market)]
    found = recall(search, shown, standing(home), lambda action: _statement_of(home, action))
    if found.unknown:
        raise NoTarget(f"nothing that was published or stands rendered was made with {target}",
                       remedy="Names are those of: microdrama audit bom EPISODE, and of models list")
    return Drill(home, case, found, market)


def standing(home: Home) -> Iterator[Standing]:
    """Every partition of a home that a render covers and that was made, series by series."""
    for slug in home.series():
        found = load(home.refs, slug)
        if found is None:
            continue
        for step in STEPS.values():
            for key in keys_of(step, found[0], Request(Selection(slug))):
                action = home.cache.head(slug, step.name, key.partition)
                if action is not None:
                    yield Standing(slug, step.name, key.partition, action)


def execute(drill: Drill, source: str, because: str) -> list[str]:
    """Revokes, then takes down; returns what was done, in sentences. What was done before is not done again.

    Raises RoleMissing, UnknownSigner and the like before anything is done.
    """
    told = f"recall of {drill.recall.target}: {because}"
    _require_roles(drill, source)
    done = [f"revoked: {state(drill.home, statement, source)}" for statement in _revocations(drill, told)]
    for one in drill.takedown:
        publication = one.publication
        statement = publication.ended_by if publication.ended == TAKEN_DOWN else state(
            drill.home, decisions.on_episode(Kind.REJECTION, publication.series, publication.episode, publication.files,
                                             [publication.market], told), source)
        if drill.laid_out(publication):
            take_down(drill.home, key_of(publication), {
                "series": publication.series, "episode": publication.episode, "market": publication.market,
                "taken_down": instants.now(), "because": told, "statement": statement})
        done.append(f"taken down: {publication.place}")
    return done


def key_of(publication: Publication) -> Key:
    return Key(publication.series, publication.episode, market=publication.market)


def _decided(target: Target, known: Sequence[Decision]) -> Target:
    """What a decision is about, where its statement is to be recalled."""
    said = next((one for one in known if target == Target(STATEMENT, one.statement)), None)
    if said is None:
        return target
    if said.kind is Kind.CONSENT:
        return Target(CONSENT, said.told["reference"])
    if said.kind is Kind.LICENCE:
        return Target(MODEL, next(iter(said.subjects.values())))
    raise NoTarget(f"{target} is a person's {said.kind}, and nothing is made with one",
                   remedy=f"Its author takes it back: microdrama revoke {said.statement}")


def _covered(target: Target, known: Sequence[Decision]) -> tuple[str, ...]:
    """What of a person is recalled: of a face the face, of a consent what it covers, both where nobody recorded it."""
    if target.kind == FACE:
        return (FACE,)
    covered = {one for said in known if said.kind is Kind.CONSENT and target == Target(CONSENT, said.told["reference"])
               for one in said.told["covers"]}
    return tuple(sorted(covered)) or (FACE, VOICE)


def _statement_of(home: Home, action: str) -> str:
    record = home.cache.get(action)
    if record is None:
        raise NoTarget(f"the result of action {action} is gone, so nobody can tell what came of what",
                       remedy="Render the series once more, then ask again")
    return str(record["statement"])


def _require_roles(drill: Drill, source: str) -> None:
    trust = Evidence(drill.home).trust
    held = trust.find(load_signer(source, lambda keyid: trust.find(keyid).key).public_key.keyid)
    policy = policy_of(drill.home)
    needed = [(Kind.LICENCE, EVERYWHERE)] * bool(drill.recall.files) + [(Kind.CONSENT, EVERYWHERE)] * bool(
        drill.recall.consents) + [(Kind.REJECTION, one.publication.market) for one in drill.takedown]
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
    policy, known, at = policy_of(drill.home), drill.case.decisions, instants.now()
    every = _markets(drill)
    markets = (drill.market,) if drill.market else every
    others = tuple(market for market in every if market not in markets)
    gone = withdrawals(known, policy)
    in_force = [one for one in known if one.signers and one.statement not in gone]
    for model in drill.recall.files:
        if any(licence_missing(model, known, policy, market, at) is None for market in markets):
            name, sha256 = str(model["name"]), str(model["sha256"])
            records = [one for one in in_force if one.kind is Kind.LICENCE and sha256 in one.subjects.values()]
            if not records and not others:
                yield decisions.licence(name, sha256, told, False, Validity(at, None, (EVERYWHERE,)))
            elif not records:  # it was the policy that allowed it
                yield decisions.licence(name, sha256, str(model["licence"]), True, Validity(at, None, others))
            for one, left in _holding(records, markets, others, at):
                if left is not None:
                    yield decisions.licence(name, sha256, one.told["licence"], one.told["commercial"], left)
                yield decisions.withdrawal(one.statement, told)
    for reference in drill.recall.consents:
        records = [one for one in in_force if one.kind is Kind.CONSENT and one.told["reference"] == reference]
        for one, left in _holding(records, markets, others, at):
            if left is not None:
                yield decisions.consent(one.subjects["person"], reference, one.told["covers"], left)
            yield decisions.withdrawal(one.statement, told)


def _holding(records: Sequence[Decision], markets: Sequence[str], others: Sequence[str],
             at: str) -> Iterator[tuple[Decision, Validity | None]]:
    """Records that hold in one of these markets, each with what is left of it in the others."""
    for one in records:
        if any(one.validity.missing(market, at) is None for market in markets):
            left = tuple(market for market in others if one.validity.missing(market, at) is None)
            yield one, replace(one.validity, territories=left) if left else None


def _markets(drill: Drill) -> tuple[str, ...]:
    """Every market that a series of the home is meant for or was published in."""
    found = {one.market for one in drill.case.publications}
    for slug in drill.home.series():
        registry = load(drill.home.refs, slug)
        found |= set(registry[0].live_markets) if registry is not None else set()
    return tuple(sorted(found))
