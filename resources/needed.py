"""What a home still needs: the mark phase of its garbage collection.

Results are kept for what names them: a partition's head, a lock or any other record, a lease, a use not long ago, and
the statement of a kept result, which names the actions that its inputs came from. Objects are kept for kept results and
for evidence: statements, envelopes and what people wrote stay for ever, also when the bytes that a statement speaks of
are gone. Whatever cannot be read stops the collection: it might have named something.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from resources.home import Home

HEX = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
STATEMENT = "https://in-toto.io/Statement/"
Progress = Callable[[str, int, int], None]
"""Told what is being read, how many of it are done, and how many there are."""


@dataclass(frozen=True)
class Needed:
    """`actions`: results to keep; `superseded`: results that nothing names; `objects`: digests to keep."""

    actions: frozenset[str]
    superseded: frozenset[str]
    objects: frozenset[str]


@dataclass(frozen=True)
class _Record:
    statement: str
    outputs: frozenset[str]
    digests: frozenset[str]
    """Everything in it that may name an object."""


@dataclass(frozen=True)
class _Evidence:
    """What a statement says of where things came from: its action, the statements of its inputs, its sources."""

    action: str | None = None
    inputs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Marker:
    """Reads a home's records once; then answers what is needed, also again with more results kept."""

    def __init__(self, home: Home, progress: Progress) -> None:
        self.home = home
        self.progress = progress
        self.mentioned = _mentioned(home)
        self.records = {str(record["action"]): _record(record) for record in home.cache.all()}
        self._known: dict[str, _Evidence | None] = {}

    def needed(self, used_since_s: float | None = None, more: Iterable[str] = ()) -> Needed:
        """Everything to keep. With `used_since_s` (Unix time) results that nothing names and nobody used since are
        superseded; without, none is. `more` are results to keep in any case."""
        kept = set(self.records)
        if used_since_s is not None:
            recent = {action for action in self.records if self._used_s(action) >= used_since_s}
            kept = self._with_inputs({*recent, *more, *self.mentioned})
        objects = self._mentioned_in_lists()
        for action in kept:
            objects |= self.records[action].digests
        self._add_evidence(objects, set[str]().union(*(self.records[action].outputs for action in kept)))
        return Needed(frozenset(kept), frozenset(self.records) - kept, frozenset(objects))

    def _used_s(self, action: str) -> float:
        return self.home.refs.used_s(f"actions/{action[:2]}/{action}")

    def _with_inputs(self, actions: set[str]) -> set[str]:
        """These results, and those that their inputs came from, as their statements tell."""
        kept: set[str] = set()
        left = list(actions)
        while left:
            action = left.pop()
            if action in kept or action not in self.records:
                continue
            kept.add(action)
            self.progress("results", len(kept), len(self.records))
            above = self._evidence(self.records[action].statement) or _Evidence()
            left += [found.action for digest in above.inputs if (found := self._evidence(digest)) and found.action]
        return kept

    def _mentioned_in_lists(self) -> set[str]:
        """What records other than results name; such an object may be a list that names more."""
        objects, left = set(self.mentioned), list(self.mentioned)
        while left:
            digest = left.pop()
            if self._evidence(digest) is None and self.home.objects.begins(digest) in (b"{", b"["):
                named = digests_in(self.home.objects.get(digest)) - objects
                objects |= named
                left += named
        return objects

    def _add_evidence(self, objects: set[str], outputs: set[str]) -> None:
        """Every statement there is, and the sources it names. Outputs of kept results are no statements."""
        candidates = sorted(set(self.home.objects.digests()) - outputs)
        for done, digest in enumerate(candidates):
            self.progress("objects", done, len(candidates))
            evidence = self._evidence(digest)
            if evidence is not None:
                objects |= {digest, *evidence.sources}

    def _evidence(self, digest: str) -> _Evidence | None:
        """What an object attests; None for other objects and for what is gone."""
        if digest not in self._known:
            is_json = self.home.objects.begins(digest) == b"{"
            statement = statement_in(self.home.objects.get(digest)) if is_json else None
            self._known[digest] = None if statement is None else _from_statement(statement)
        return self._known[digest]


def digests_in(data: bytes) -> set[str]:
    """Everything in a record that may be the digest of an object or an action."""
    return {found.decode() for found in HEX.findall(data)}


def _mentioned(home: Home) -> frozenset[str]:
    """Every digest in the names and contents of records other than results, those of another kind than today's too."""
    found: set[str] = set()
    dead = {f"leases/{name}" for name in home.leases.dead()}
    for name in home.refs.names(""):
        if not name.startswith("actions/") and name not in dead:
            record = home.refs.read(name)
            found |= digests_in(name.encode() + b"\n" + (record[0] if record else b""))
    return frozenset(found)


def _record(record: Mapping[str, Any]) -> _Record:
    outputs = frozenset(str(blob["digest"]) for blob in record["outputs"].values())
    return _Record(str(record["statement"]), outputs, frozenset(digests_in(json.dumps(record).encode())))


def statement_in(data: bytes) -> Mapping[str, Any] | None:
    """The in-toto statement that some bytes are, or that their DSSE envelope holds; nothing is verified.

    An envelope around something else gives an empty mapping, anything else None.
    """
    if b'"_type"' not in data and b'"payloadType"' not in data:
        return None
    enveloped = False
    try:
        record = json.loads(data)
        enveloped = "payloadType" in record and "payload" in record
        if enveloped:
            record = json.loads(base64.b64decode(record["payload"]))
        if str(record.get("_type", "")).startswith(STATEMENT):
            return record
    except (ValueError, TypeError, AttributeError):
        pass  # JSON of another kind
    return {} if enveloped else None


def _from_statement(statement: Mapping[str, Any]) -> _Evidence:
    """Statements about something else than an action have no inputs and no sources."""
    definition = statement.get("predicate", {}).get("buildDefinition", {})
    inputs, sources = [], []
    for entry in definition.get("resolvedDependencies", []):
        producer = entry.get("annotations", {}).get("statement")
        (sources if producer is None else inputs).append(str(producer or entry.get("digest", {}).get("sha256")))
    return _Evidence(definition.get("internalParameters", {}).get("actionDigest"), tuple(inputs), tuple(sources))
