"""The plan: for every partition, whether it stands on the current sources, and if not, why and at what price.

It asks the desk for exactly the actions that rendering would perform, so a plan of a fresh build is empty.
Content-stale: something that people wrote changed. Recipe-drifted: a model, tool, parameter or code version changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from microdrama_assets.graph.action import Action, Result
from microdrama_assets.graph.causes import Causes
from microdrama_assets.graph.desk import Desk, NotReady
from microdrama_assets.graph.differences import differences
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.verdict import Entry, Verdict, fresh
from microdrama_assets.schemas.errors import MicrodramaError
from partitions.errors import PartitionError
from resources.errors import ResourceError
from resources.rates import Rates

__all__ = ["Entry", "Planner", "Price", "Verdict"]
SAMPLE = 9
"""How many partitions of an asset are looked at for the price of one that was never made."""


@dataclass(frozen=True)
class Price:
    """What making a partition is expected to take; None where nothing is known."""

    seconds: float | None = 0.0
    gpu_seconds: float | None = 0.0
    usd: float | None = 0.0
    estimated: bool = False


UNKNOWN = Price(None, None, None)
NOTHING = Price()


def verdicts_over(desk: Desk) -> Planner:
    """The one planner, without prices, that a desk's renderer and worker ask why something is to be made."""
    return desk.remember("verdicts", lambda: Planner(desk, priced=False))


class Planner:
    """Verdicts over one desk; without prices where nobody asks for them."""

    def __init__(self, desk: Desk, rates: Rates | None = None, priced: bool = True) -> None:
        self.desk = desk
        self.priced = priced
        self.rates = rates or Rates()
        self.causes = Causes(desk)
        self._entries: dict[tuple[str, Key], Entry] = {}
        self._typical: dict[tuple[str, str], Price] = {}
        self._promised: set[str] = set()
        """Actions that partitions judged so far are to be made by: a twin (a silent shot's other language) costs
        nothing more."""

    def plan(self, wanted: Iterable[tuple[str, Key]]) -> list[Entry]:
        """One entry for each asset and key, in the order given."""
        return [self.entry(asset, key) for asset, key in wanted]

    def entry(self, asset: str, key: Key) -> Entry:
        """The verdict on one partition."""
        found = self._entries.get((asset, key))
        if found is None:
            found = self._entries[asset, key] = self._judge(asset, key)
        return found

    def _judge(self, asset: str, key: Key) -> Entry:
        try:
            if key.shot is not None and self.desk.decisions(key).pin(asset, key):
                return self._locked(asset, key)
            head = self.desk.home.cache.head(key.series, asset, key.partition)
            try:
                action = self.desk.action(asset, key)
                if self.desk.find(asset, key) is not None and head == action.digest:
                    return fresh(asset, key)
            except NotReady as upstream:
                return self._waiting(asset, key, upstream)
            return self._changed(asset, key, action, head)
        except (MicrodramaError, ResourceError, PartitionError) as error:
            return self._entry(asset, key, Verdict.BLOCKED, str(error), price=UNKNOWN)

    def _locked(self, asset: str, key: Key) -> Entry:
        self.desk.find(asset, key)
        return Entry(asset, key, Verdict.FRESH, f"locked: {key.in_shot()} stays as it is", locked=True)

    def _waiting(self, asset: str, key: Key, upstream: NotReady) -> Entry:
        """Something upstream is to be made first: what becomes of it becomes of this."""
        above, last = self.entry(upstream.asset, upstream.key), self.desk.last(asset, key)
        verdict = above.verdict
        if verdict is not Verdict.BLOCKED and last is None:
            verdict = Verdict.MISSING
        elif verdict is Verdict.MISSING:
            verdict = Verdict.STALE
        here = f"{upstream.asset} {upstream.key.partition}"
        price = UNKNOWN if verdict is Verdict.BLOCKED else self._price(asset, key, last)
        return self._entry(asset, key, verdict, above.cause, (here, *above.chain), price=price)

    def _changed(self, asset: str, key: Key, action: Action, head: str | None) -> Entry:
        made, last = self.desk.made(action.digest), self.desk.last(asset, key)
        cached = made is not None or action.digest in self._promised
        self._promised.add(action.digest)
        price = NOTHING if cached else self._price(asset, key, last)
        if last is None:
            cause = ("made already, not yet recorded here" if made else
                     "never made" if head is None else "its last result is gone")
            return self._entry(asset, key, Verdict.MISSING, cause, cached=cached, price=price)
        cause = self.causes.of(asset, key, last, action)
        content, recipe = differences(last.recipe, action)
        drifted = not cause.content or (bool(recipe) and not content)
        verdict = Verdict.DRIFTED if drifted else Verdict.STALE
        return self._entry(asset, key, verdict, cause.text or "its last result is gone", cause.chain,
                           cached, price)

    def _entry(self, asset: str, key: Key, verdict: Verdict, cause: str, chain: tuple[str, ...] = (),
               cached: bool = False, price: Price = NOTHING) -> Entry:
        return Entry(asset, key, verdict, cause, chain, cached, price.seconds, price.gpu_seconds, price.usd,
                     estimated=price.estimated)

    def _price(self, asset: str, key: Key, last: Result | None) -> Price:
        if not self.priced:
            return UNKNOWN
        expected = self.desk.expected_seconds.get((asset, key))
        if expected is not None:
            return Price(round(expected, 4), 0.0, self.rates.usd(expected))
        return self._priced(last) if last is not None else self._sibling_price(asset, key)

    def _priced(self, result: Result) -> Price:
        usd = self.rates.usd(result.seconds, result.gpu_seconds, result.charges_usd)
        return Price(result.seconds, result.gpu_seconds, usd)

    def _sibling_price(self, asset: str, key: Key) -> Price:
        """The median of up to SAMPLE partitions of the asset that were made in this series."""
        name = (key.series, asset)
        if name not in self._typical:
            cache = self.desk.home.cache
            results = [result for head in cache.heads(key.series, asset, SAMPLE) if (result := self.desk.made(head))]
            prices = [self._priced(result) for result in results]
            self._typical[name] = Price(
                round(median(price.seconds or 0.0 for price in prices), 4),
                round(median(price.gpu_seconds or 0.0 for price in prices), 4),
                round(median(price.usd or 0.0 for price in prices), 8),
            ) if prices else self._guessed(asset, key)
        return self._typical[name]

    def _guessed(self, asset: str, key: Key) -> Price:
        guess = self.desk.steps[asset].guess
        told = None if guess is None else guess(self.desk, key)
        if told is None:
            return Price(None, None, 0.0 if self.rates.free else None)
        return Price(told.seconds, told.gpu_seconds, self.rates.usd(told.seconds, told.gpu_seconds), estimated=True)
