"""A recall in a home: what it would take down, what is to be made anew, and what that costs by its own history.

It reads the log, the statements below publications and the heads, and changes nothing but that what waits is logged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from functools import cached_property
from typing import Any

from audit.casebook import Casebook
from audit.decisions import Decision, Kind
from audit.kinds import VOICE
from audit.policy import Policy
from audit.publications import TAKEN_DOWN, Publication
from audit.recall import Affected, Recall, Remade, Standing, recall
from audit.touched import CONSENT, FACE, MODEL, STATEMENT, NoTarget, Search, Target
from microdrama_assets.graph.key import Key
from microdrama_assets.release.published import folder_for, places, published_files
from microdrama_assets.request import Request, keys_of
from microdrama_assets.steps import STEPS
from partitions.keys import Selection
from partitions.registry import load
from resources.evidence import Evidence
from resources.home import Home
from resources.policies import policy_of
from resources.rates import Rates, load_rates
from resources.records_place import holdings_of


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

    def places(self, publication: Publication) -> list[str]:
        """Where it is offered: the home's folder, then the folders and buckets that it was published to."""
        key = key_of(publication)
        return [str(folder_for(self.home, key)), *places(self.home, key)]

    def to_json(self) -> dict[str, Any]:
        """Documented in the reviewer's guide."""
        return {
            "revoke": str(self.recall.target), "market": self.market,
            "files": [{name: model[name] for name in ("name", "revision", "sha256", "licence")}
                      for model in self.recall.files],
            "consents": list(self.recall.consents),
            "takedown": [{**one.to_json(), "places": self.places(one.publication)} for one in self.takedown],
            "earlier": [one.to_json() for one in self.earlier],
            "remade": [{**asdict(one.standing), "statement": one.statement.digest, **asdict(price)}
                       for one, price in zip(self.recall.remade, self.prices, strict=True)],
            "actions": len(self.recall.statements), **asdict(self.total),
        }

    def policies(self) -> tuple[Policy, ...]:
        """Of every series concerned: a recall must hold under each of them."""
        series = {one.publication.series for one in self.recall.affected} | {
            one.standing.series for one in self.recall.remade}
        return tuple(policy_of(self.home, self.case.decisions, slug) for slug in sorted(series))

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
    case = Casebook.of(holdings_of(home.root))
    if market is not None and market not in (every := markets_of(home, case)):
        raise NoTarget(f"no series is meant for market {market!r}", remedy=f"The home's markets: {', '.join(every)}")
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


def markets_of(home: Home, case: Casebook) -> tuple[str, ...]:
    """Every market that a series of the home is meant for or was published in, sorted."""
    registries = [found[0] for slug in home.series() if (found := load(home.refs, slug)) is not None]
    return tuple(sorted({one.market for one in case.publications}.union(*(one.live_markets for one in registries))))


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
