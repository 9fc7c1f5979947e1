"""Who may decide what: the roles that must approve in each market, and those that may override, consent,
license and adopt another policy.

A policy is data with a digest, so a publication can say under which policy it was allowed. A series may replace any of
its fields; what the series then has is its policy, so that a change for one series concerns no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from audit import canonical
from audit.decisions import EVERYWHERE, FINAL, ON_EPISODES, Kind
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
REQUIRED, OPTIONAL = "required", "optional"
OPTIONS: Mapping[str, Any] = {"credentials": REQUIRED, "four_eyes": True, "mixed_fidelity": False,
                              "policy": ["compliance"], "timestamp_authority": None}
"""Fields that a policy may leave out, and what holds then."""
SERIES = "series"
"""The section with what holds for one series alone."""


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
    to: str | None = None
    """Where publications go besides the home: a folder or `s3://bucket/prefix`."""


@dataclass(frozen=True)
class Policy:
    markets: Mapping[str, MarketRules]
    consent: frozenset[str]
    licence: frozenset[str]
    licences: frozenset[str]
    digest: str
    record: Mapping[str, Any]
    """What was parsed: a publication carries it, so that others can judge by it."""
    credentials: str = REQUIRED
    """`required`: nothing is published without Content Credentials; `optional`: it is then marked as unsigned."""
    four_eyes: bool = True
    """Whether each signature must be another person's, whatever roles and keys one person has."""
    mixed_fidelity: bool = False
    """Whether an episode may be published of which some shots are drafts and others finals."""
    adopters: frozenset[str] = frozenset(OPTIONS["policy"])
    """Roles that may adopt another policy in place of this one."""
    timestamp_authority: str | None = None
    """Address of an RFC 3161 authority that attests when decisions and checkpoints were signed."""

    def rules(self, market: str) -> MarketRules:
        """A market's own rules, else those of all markets."""
        return self.markets.get(market, self.markets[EVERYWHERE])

    def roles(self, kind: Kind, market: str) -> frozenset[str]:
        """Roles whose decision of a kind counts. Whoever may approve may reject; anybody may note."""
        if kind is Kind.CONSENT:
            return self.consent
        if kind is Kind.LICENCE:
            return self.licence
        if kind is Kind.POLICY:
            return self.adopters
        rules = self.rules(market)
        return rules.override if kind is Kind.OVERRIDE else frozenset(needed.role for needed in rules.approvals)

    def may_withdraw(self, kind: Kind) -> frozenset[str]:
        """Roles that may withdraw what others recorded: nobody takes back another's word on an episode."""
        return frozenset() if kind in ON_EPISODES | FINAL else self.roles(kind, EVERYWHERE)


def parse_policy(record: Any, where: str, series: str | None = None) -> Policy:
    """A policy from the content of its file, as it holds for a series. Raises PolicyInvalid, naming the field."""
    try:
        content_digest(record)  # what has none could not be adopted
        effective = _effective(record, series)
        for name in effective.get(SERIES, {}):  # a mistake in one series' section is told before its first publication
            _policy(_effective(record, str(name)))
        return _policy({name: value for name, value in effective.items() if name != SERIES})
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        told = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise PolicyInvalid(f"this is no policy: {told}", where, "See the reviewer's guide for an example") from error


def content_digest(record: Mapping[str, Any]) -> str:
    """The digest of a policy's content, however its file is laid out. Raises TypeError and ValueError."""
    return canonical.digest("policy", dict(record))


def _effective(record: Mapping[str, Any], series: str | None) -> dict[str, Any]:
    own: dict[str, Any] = record.get(SERIES, {}).get(series, {}) if series is not None else {}
    if houses := sorted({SERIES, "format", "policy"} & own.keys()):
        raise ValueError(f"series {series} cannot have a field {houses[0]!r} of its own")
    return {**{name: value for name, value in record.items() if series is None or name != SERIES}, **own}


def _policy(record: Mapping[str, Any]) -> Policy:
    if record["format"] != FORMAT:
        raise ValueError(f"format is {record['format']!r}, not {FORMAT}")
    known = {*DEFAULT, *OPTIONS}
    if unknown := sorted(set(record) - known):
        raise ValueError(f"{unknown[0]} is no field; known: {', '.join(sorted({*known, SERIES}))}")
    if EVERYWHERE not in record["markets"]:
        raise ValueError(f'markets has no "{EVERYWHERE}", for markets that are not named')
    markets = {str(market): _rules(str(market), rules) for market, rules in record["markets"].items()}
    options = {**OPTIONS, **{name: record[name] for name in OPTIONS if name in record}}
    if options["credentials"] not in (REQUIRED, OPTIONAL):
        raise ValueError(f"credentials is {options['credentials']!r}, not {REQUIRED} or {OPTIONAL}")
    for name in ("four_eyes", "mixed_fidelity"):
        if not isinstance(options[name], bool):
            raise TypeError(f"{name} is neither true nor false")
    if not isinstance(options["timestamp_authority"], str | None):
        raise TypeError("timestamp_authority is no address")
    if not (adopters := _words(options, "policy")):
        raise ValueError("policy names nobody who may adopt another")
    del options["policy"]
    return Policy(markets, _words(record, "consent"), _words(record, "licence"), _words(record, "licences"),
                  content_digest(record), record, adopters=adopters, **options)


def _rules(market: str, record: Mapping[str, Any]) -> MarketRules:
    if unknown := sorted(set(record) - {"approvals", "override", "to"}):
        raise ValueError(f"{unknown[0]} is no field of market {market}; known: approvals, override, to")
    needed = tuple(Needed(str(one["role"]), one["signatures"]) for one in record["approvals"])
    if not needed or any(isinstance(one.signatures, bool) or one.signatures < 1 for one in needed):
        raise ValueError(f"market {market} needs at least one signature of at least one role")
    if not isinstance(record.get("to"), str | None):
        raise TypeError(f"to of market {market} is no folder or address")
    return MarketRules(needed, _words(record, "override"), record.get("to"))


def _words(record: Mapping[str, Any], name: str) -> frozenset[str]:
    value = record[name]
    if not isinstance(value, list) or not all(isinstance(word, str) for word in cast(list[Any], value)):
        raise TypeError(f"{name} is no list of words")
    return frozenset(cast(list[str], value))
