"""Who may decide what: the roles that must approve in each market, and those that may override, consent and license.

A policy is data with a digest, so a publication can say under which policy it was allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from audit import canonical
from audit.decisions import EVERYWHERE, ON_EPISODES, Kind
from audit.errors import PolicyInvalid

FORMAT = 1
DEFAULT: Mapping[str, Any] = {
    "format": FORMAT,
    "markets": {EVERYWHERE: {"approvals": [{"role": "producer", "signatures": 1},
                                           {"role": "compliance", "signatures": 1}],
                             "override": ["compliance"]}},
    "consent": ["compliance"], "licence": ["compliance"],
    "licences": ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "OFL-1.1"],
}
"""One producer and one compliance reviewer, everywhere. `licences` (SPDX) allow commercial use, everywhere and without
end; every pinned file of the draft studio is under one of them."""


@dataclass(frozen=True)
class Needed:
    """So many different people of a role must approve."""

    role: str
    signatures: int


@dataclass(frozen=True)
class MarketRules:
    approvals: tuple[Needed, ...]
    override: frozenset[str]
    """Roles that may let a failed check pass."""


@dataclass(frozen=True)
class Policy:
    markets: Mapping[str, MarketRules]
    consent: frozenset[str]
    licence: frozenset[str]
    licences: frozenset[str]
    digest: str

    def rules(self, market: str) -> MarketRules:
        """A market's own rules, else those of all markets."""
        return self.markets.get(market, self.markets[EVERYWHERE])

    def roles(self, kind: Kind, market: str) -> frozenset[str]:
        """Roles whose decision of a kind counts. Whoever may approve may reject; anybody may note."""
        if kind is Kind.CONSENT:
            return self.consent
        if kind is Kind.LICENCE:
            return self.licence
        rules = self.rules(market)
        return rules.override if kind is Kind.OVERRIDE else frozenset(needed.role for needed in rules.approvals)

    def may_withdraw(self, kind: Kind) -> frozenset[str]:
        """Roles that may withdraw what others recorded: nobody takes back another's word on an episode."""
        return frozenset() if kind in ON_EPISODES else self.roles(kind, EVERYWHERE)


def parse_policy(record: Any, where: str) -> Policy:
    """A policy from the content of its file. Raises PolicyInvalid, naming the field."""
    try:
        if record["format"] != FORMAT:
            raise ValueError(f"format is {record['format']!r}, not {FORMAT}")
        known = set(DEFAULT)
        if unknown := sorted(set(record) - known):
            raise ValueError(f"{unknown[0]} is no field; known: {', '.join(sorted(known))}")
        if EVERYWHERE not in record["markets"]:
            raise ValueError(f'markets has no "{EVERYWHERE}", for markets that are not named')
        markets = {str(market): _rules(str(market), rules) for market, rules in record["markets"].items()}
        return Policy(markets, _words(record, "consent"), _words(record, "licence"), _words(record, "licences"),
                      canonical.digest("policy", record))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        told = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise PolicyInvalid(f"this is no policy: {told}", where, "See the reviewer's guide for an example") from error


def _rules(market: str, record: Mapping[str, Any]) -> MarketRules:
    needed = tuple(Needed(str(one["role"]), one["signatures"]) for one in record["approvals"])
    if not needed or any(isinstance(one.signatures, bool) or one.signatures < 1 for one in needed):
        raise ValueError(f"market {market} needs at least one signature of at least one role")
    return MarketRules(needed, _words(record, "override"))


def _words(record: Mapping[str, Any], name: str) -> frozenset[str]:
    value = record[name]
    if not isinstance(value, list) or not all(isinstance(word, str) for word in cast(list[Any], value)):
        raise TypeError(f"{name} is no list of words")
    return frozenset(cast(list[str], value))
