"""Which result each action had: an append-only table of small records, digest to outputs and statement.

A record is written last, after every object it names, so a crash leaves either a whole result or none. Anything that
can be read but not understood is reported as damaged, never taken for absent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from resources.errors import Conflict, ResourceError
from resources.refs import RefStore, change

FORMAT = 1


class DamagedRecord(ResourceError):
    """A cache record that cannot be understood."""


class ActionCache:
    """Action digest to result record, and the latest action recorded for each partition ("head")."""

    def __init__(self, refs: RefStore) -> None:
        self.refs = refs

    def get(self, action: str) -> Mapping[str, Any] | None:
        """The result recorded for an action digest, which counts as used now, or None. Raises DamagedRecord."""
        name = record_name(action)
        found = self.refs.read(name)
        return _parse(found[0], action) if found is not None and self.refs.mark_used(name) else None

    def put(self, action: str, record: bytes) -> bool:
        """Records a result. The first writer wins: False means that another result of the same action stands."""
        try:
            self.refs.swap(record_name(action), record, None)
        except Conflict:
            return False
        return True

    def all(self) -> Iterator[Mapping[str, Any]]:
        """Every result."""
        for name in self.refs.names("actions"):
            found = self.refs.read(name)
            if found is not None:
                yield _parse(found[0], name.rsplit("/", 1)[1])

    def head(self, series: str, asset: str, partition: str) -> str | None:
        """The action digest last recorded for a partition, or None if it never was."""
        found = self.refs.read(_head_name(series, asset, partition))
        return None if found is None else found[0].decode()

    def standing(self, series: str, asset: str, partition: str) -> Mapping[str, Any] | None:
        """The result that a partition was last recorded with, as `get` gives it, or None. Raises DamagedRecord."""
        head = self.head(series, asset, partition)
        return None if head is None else self.get(head)

    def heads(self, series: str, asset: str, most: int) -> list[str]:
        """The action digests that up to `most` partitions of an asset were last recorded with."""
        names = islice(self.refs.names(f"heads/{series}/{asset}"), most)
        return [found[0].decode() for name in names if (found := self.refs.read(name)) is not None]

    def set_head(self, series: str, asset: str, partition: str, action: str) -> None:
        """Notes that a partition now stands on this action's result."""
        before: str | None = None

        def standing_on(current: bytes | None) -> bytes | None:
            nonlocal before
            before = current.decode() if current is not None else None
            return None if before == action else action.encode()

        change(self.refs, _head_name(series, asset, partition), standing_on)
        if before not in (None, action):
            self.refs.mark_used(record_name(before))  # until now


def record_name(action: str) -> str:
    """The name under which an action's result is recorded."""
    return f"actions/{action[:2]}/{action}"


def _head_name(series: str, asset: str, partition: str) -> str:
    return f"heads/{series}/{asset}/{partition}"


def _parse(data: bytes, action: str) -> Mapping[str, Any]:
    try:
        record = json.loads(data)
    except ValueError as error:
        raise DamagedRecord(f"the record of action {action} is not JSON ({error})",
                            remedy="Delete it to have the artifact made anew") from error
    if not isinstance(record, dict) or record.get("format") != FORMAT or record.get("action") != action:
        raise DamagedRecord(f"the record of action {action} has another format or belongs to another action",
                            remedy="Use the version of microdrama that wrote it, or delete it")
    return record
