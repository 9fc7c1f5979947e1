"""Which policy is in force: the last that somebody adopted who might, by the policy in force before; else the default.

Told by the signed log alone, which holds every adopted policy. A file is a proposal until then, and nothing is decided
by it; so a policy cannot be changed in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from audit import canonical
from audit.decisions import Decision, Kind
from audit.errors import PolicyInvalid, PolicyMissing, PolicyNotAdopted
from audit.policy import DEFAULT, Policy, content_digest, parse_policy

REMEDY = "Compare: microdrama policy show. Adopt it: microdrama policy adopt; or put back the policy that `show` prints"


@dataclass(frozen=True)
class InForce:
    """A policy as it holds for every series, and by whose word."""

    record: Mapping[str, Any]
    adoptions: tuple[Decision, ...] = ()
    """Those that counted, each judged by the policy before it; the last adopted this one. None: it is the default."""

    @property
    def digest(self) -> str:
        return content_digest(self.record)

    @property
    def by(self) -> Decision | None:
        return self.adoptions[-1] if self.adoptions else None

    @property
    def origin(self) -> str:
        """In words, for a report."""
        return "the default policy" if self.by is None else f"adopted by {self.by.names} on {self.by.logged}"

    def policy(self, series: str | None = None) -> Policy:
        """As it holds for a series."""
        return parse_policy(self.record, self.origin, series)

    def require_written(self, written: Mapping[str, Any] | None, where: str) -> None:
        """Raises PolicyNotAdopted for the content of a policy file that is not this one, and PolicyMissing where there
        is no file (None) although somebody adopted one."""
        if written is None and self.by is not None:
            raise PolicyMissing(f"the policy {self.origin} is not here", where,
                                "Put back what this prints: microdrama policy show")
        if written is not None and content_digest(written) != self.digest:
            raise PolicyNotAdopted(f"nobody adopted this policy; in force is {self.digest[:16]}, {self.origin}", where,
                                   REMEDY)

    def require(self, policy: Policy, series: str, where: str) -> None:
        """Raises PolicyNotAdopted for a policy of a series that is not this one."""
        if policy.digest != self.policy(series).digest:
            raise PolicyNotAdopted(f"the policy {policy.digest[:16]} was in force for nobody: {self.origin} was",
                                   where, "Ask its publisher who adopted it")


def in_force(decisions: Iterable[Decision], at: str | None = None) -> InForce:
    """The policy in force at an instant (None: now), by decisions in the order of the log."""
    found = InForce(DEFAULT)
    for one in decisions:
        if one.kind is Kind.POLICY and (at is None or one.logged <= at) and _counts(one, found):
            found = InForce(one.told["policy"], (*found.adoptions, one))
    return found


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What differs between two policies, a line for each field: `four_eyes: true -> false`."""
    before, after = dict(_fields(then)), dict(_fields(now))
    return [f"{name}: {before.get(name, 'not there')} -> {after.get(name, 'not there')}"
            for name in sorted({*before, *after}) if before.get(name) != after.get(name)]


def _fields(record: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in record.items():
        if isinstance(value, Mapping) and value:
            yield from _fields(cast(Mapping[str, Any], value), f"{above}{name}.")
        else:
            yield f"{above}{name}", canonical.encode(value).decode()


def _counts(one: Decision, before: InForce) -> bool:
    """Whoever has no valid key has no role. What is no policy was not adopted, whoever signed it."""
    if not one.roles() & before.policy().adopters:
        return False
    try:
        parse_policy(one.told["policy"], one.statement)
    except PolicyInvalid:
        return False
    return True
