"""One executed action as exports see it: its statement, and its outputs with size and type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from audit.provenance import ActionStatement, Read, load_statement

_PARTITION = re.compile(r"(?P<episode>e\d{3,4})(?:\.(?P<shot>sh\d{3,4}))?(?:@(?P<rest>.+))?")
_PER_MARKET = ("published_episode",)
"""Assets whose partitions end in a market; all others end in a language."""


@dataclass(frozen=True)
class Output:
    sha256: str
    size: int
    """Bytes."""
    media_type: str


@dataclass(frozen=True)
class Place:
    """What a partition's key says."""

    episode: str | None = None
    shot: str | None = None
    language: str | None = None
    market: str | None = None


@dataclass(frozen=True)
class Executed:
    """`current`: whether the partition stands on this action now, or has moved on to another."""

    statement: ActionStatement
    outputs: Mapping[str, Output]
    current: bool
    gpu_seconds: float = 0.0

    @property
    def began(self) -> datetime:
        return datetime.fromisoformat(self.statement.began)

    @property
    def ended(self) -> datetime:
        return self.began + timedelta(seconds=self.statement.seconds)

    @property
    def place(self) -> Place:
        found = _PARTITION.fullmatch(self.statement.partition)
        if found is None:
            return Place()
        rest = found["rest"]
        per_market = self.statement.asset in _PER_MARKET
        return Place(found["episode"], found["shot"], None if per_market else rest, rest if per_market else None)


def of_record(record: Mapping[str, Any], read: Read, current: bool) -> Executed:
    """From a record of the action cache: `outputs` (digest, size, media_type by name), `statement`, `gpu_seconds`.

    Raises KeyError or TypeError where it is no such record, StatementError where its statement is none.
    """
    outputs = {name: Output(blob["digest"], blob["size"], blob["media_type"])
               for name, blob in sorted(record["outputs"].items())}
    statement = load_statement(read, record["statement"])
    return Executed(statement, outputs, current, float(record.get("gpu_seconds", statement.gpu_seconds)))
