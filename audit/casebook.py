"""One place to ask from: a home or a copy of one, read by digest, its log verified once and its statements remembered.

In a home, whose own trust root is believed, envelopes that its gate has read are not all read again
(`audit/remembered.py`); whoever gives a trust root of their own has every one of them read.

Whatever a copy lacks is looked for in the next place: objects of a home, statements in the log's envelopes, files of a
delivery. So questions about statements can be asked of `evidence/` alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from audit import personal
from audit.adoption import InForce, in_force
from audit.canonical import sha256_hex
from audit.closed_world import World, walk
from audit.decided import Decided, logged_envelope
from audit.decisions import Decision
from audit.envelopes import payload_of, spelled
from audit.errors import EvidenceError
from audit.holdings import Holdings, look_at, sha256_of
from audit.log import Entry
from audit.policy import Policy, parse_policy
from audit.provenance import ActionStatement, StatementError, load_statement
from audit.publications import History, Publication, history
from audit.remembered import PLACE, Memory, opened
from audit.remembered import history as remembered
from audit.trust import TrustRoot

PUBLISHED = "published.json"
PACKAGE = "episode_package"


class NotHeld(EvidenceError):
    """Bytes that this home or copy does not have."""


@dataclass
class Casebook:
    """What can be read in a folder, and under which keys it is believed."""

    holdings: Holdings
    trust: TrustRoot
    memory: Memory | None = None
    _statements: dict[str, ActionStatement] = field(default_factory=dict[str, ActionStatement])

    @classmethod
    def open(cls, folder: Path, trust: TrustRoot | None = None) -> Casebook:
        """A home, a copy of one, an export or an `evidence/` folder. `trust`: the trust root that the reader holds;
        None takes the folder's own. Raises Unusable where there is no evidence."""
        return cls.of(look_at(folder), trust)

    @classmethod
    def of(cls, holdings: Holdings, trust: TrustRoot | None = None) -> Casebook:
        """The same, of what is held wherever it is."""
        if trust is not None or holdings.objects is None:
            return cls(holdings, trust or holdings.own_trust())
        own, place = holdings.own_trust(), holdings.folder / PLACE
        return cls(holdings, own, opened(place.read_bytes() if place.is_file() else None, own))

    @cached_property
    def history(self) -> History:
        """The verified log. Raises the first EvidenceError of a log that does not hold."""
        if self.holdings.objects is not None:
            return remembered(self.holdings.get, self.trust, self.memory)[0]
        return history(self.holdings.get, self.trust, self.holdings.selection)

    @property
    def decided(self) -> Decided:
        return self.history.decided

    @property
    def decisions(self) -> tuple[Decision, ...]:
        return self.history.decided.decisions

    @property
    def publications(self) -> tuple[Publication, ...]:
        """Every publication in the order of the log."""
        return self.history.publications

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """Entries of the log that are here, by SHA-256 of their statements, in order."""
        return {entry.statement: entry for entry in self.history.entries}

    def policy(self, series: str | None = None) -> Policy:
        """As it holds for a series, or for any: the policy that a publication holds, else the one in force by the log.
        Raises PolicyInvalid."""
        published = self.holdings.folder / PUBLISHED
        if published.is_file():
            return parse_policy(json.loads(published.read_bytes()).get("policy_record"), str(published), series)
        return self._in_force.policy(series)

    @cached_property
    def _in_force(self) -> InForce:
        return in_force(self.decisions)

    def read(self, digest: str) -> bytes:
        """Bytes by SHA-256, verified. Raises NotHeld, or StatementTampered for a damaged envelope."""
        for data in self._found(digest):
            if data is not None and sha256_hex(data) == digest:
                return data
        raise NotHeld("these bytes are not in this home or copy, or were altered", digest, "Ask a copy that has them")

    def statement(self, digest: str) -> ActionStatement:
        """The statement of an action. Raises NotHeld or StatementError."""
        if digest not in self._statements:
            self._statements[digest] = load_statement(self.read, digest)
        return self._statements[digest]

    def below(self, roots: Iterable[str]) -> dict[str, ActionStatement]:
        """The statements of some actions and of all that they stand on. Raises NotHeld where one is missing: whoever
        knows a part cannot answer for the whole."""
        waiting, found = list(roots), dict[str, ActionStatement]()
        while waiting:
            digest = waiting.pop()
            if digest not in found:
                found[digest] = self.statement(digest)
                waiting += [entry.origin.statement for entry in found[digest].dependencies if entry.origin is not None]
        return found

    def world(self, roots: Iterable[str]) -> World:
        """Everything below some statements, with what cannot be accounted for by name."""
        return walk(self.read, roots)

    def actions(self, naming: str | None = None) -> Iterator[ActionStatement]:
        """The statement of every executed action in the log, in its order; of those alone whose text holds a word."""
        wanted = None if naming is None else spelled(naming)
        for digest, entry in self.entries.items():
            if wanted is not None and not wanted(logged_envelope(self.holdings.get, entry)):
                continue
            try:
                yield self.statement(digest)
            except StatementError:  # what people decided
                continue

    def making(self, sha256: str) -> list[ActionStatement]:
        """The actions that have an output with these bytes, in the order of the log."""
        return [one for one in self.actions(sha256) if sha256 in one.subjects.values()]

    def packages(self, series: str, episode: str) -> dict[str, str]:
        """The package that each language of an episode stands on now: statement by language. Raises NotHeld."""
        found = {partition.partition("@")[2]: statement for partition, statement
                 in self.standing(series, PACKAGE).items() if partition.partition("@")[0] == episode}
        if not found:
            raise NotHeld("nothing of it has been packaged here", f"{series}.{episode}",
                          f"Render it first: microdrama render {series}.{episode}")
        return dict(sorted(found.items()))

    def standing(self, series: str, asset: str) -> dict[str, str]:
        """The statement that each partition of an asset stands on: by the home's heads, else the newest in the log."""
        folder = self.holdings.folder / "refs"
        found: dict[str, str] = {}
        for head in sorted((folder / "heads" / series / asset).glob("*")):
            action = head.read_text(encoding="utf-8")
            record = folder / "actions" / action[:2] / action
            if record.is_file():
                told: Mapping[str, Any] = json.loads(record.read_bytes())
                found[head.name] = str(told["statement"])
        if found:
            return found
        return {one.partition: one.digest for one in self.actions(asset) if (one.series, one.asset) == (series, asset)}

    def person(self, digest: str) -> Mapping[str, str] | None:
        """Who a consent's person is, None where they were erased or this copy was made without. Raises
        StatementMalformed where the record is not what the consent was made with."""
        record = self.holdings.person(digest)
        return None if record is None else personal.opened(record, digest)

    def _found(self, digest: str) -> Iterator[bytes | None]:
        """The same bytes from every place where they may be, the cheapest first."""
        place = self.holdings.object_file(digest)
        if place is not None and place.is_file():
            yield place.read_bytes()
        entry = self.entries.get(digest)
        if entry is not None:
            yield payload_of(logged_envelope(self.holdings.get, entry))
        delivered = self._delivered.get(digest)
        if delivered is not None:
            yield delivered.read_bytes()

    @cached_property
    def _delivered(self) -> Mapping[str, Path]:
        return {sha256_of(path): path for path in self.holdings.files() if not path.is_symlink()}
