"""The log as its readers see it: entries, their places, and proofs, from named bytes alone.

An entry names a statement by digest, the envelope that carries it, and when the sequencer logged it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from audit import canonical, merkle
from audit.errors import EntryMalformed, UnknownVersion
from audit.instants import is_instant
from audit.notes import Checkpoint, parse_checkpoint
from audit.records import CHECKPOINT
from audit.tiles import WIDTH, Get, Tiles

ENTRY_VERSION = 1
DIGEST = re.compile(r"[0-9a-f]{64}")
ENCODED = re.compile(rb'\{"envelope":"([0-9a-f]{64})","logged":"([0-9TZ:.-]{24})","statement":"([0-9a-f]{64})","v":1\}')
"""The canonical JSON of an entry has one spelling, so a pattern reads it."""


@dataclass(frozen=True)
class Entry:
    """One leaf: SHA-256 of the statement, SHA-256 of its envelope, and the instant of logging."""

    statement: str
    envelope: str
    logged: str

    def encode(self) -> bytes:
        return canonical.encode({"envelope": self.envelope, "logged": self.logged, "statement": self.statement,
                                 "v": ENTRY_VERSION})


_START = Entry("s" * 64, "e" * 64, "l" * 24).encode().index(b"s" * 64)
STATEMENT = slice(_START, _START + 64)
"""Where the statement's digest is in an encoded entry: all entries of this version are alike in length."""


def decode_entry(data: bytes, index: int) -> Entry:
    """Raises UnknownVersion, or EntryMalformed for anything but the one encoding of an entry."""
    matched = ENCODED.fullmatch(data)
    if matched:
        envelope, logged, statement = matched[1].decode(), matched[2].decode(), matched[3].decode()
        if is_instant(logged):
            return Entry(statement, envelope, logged)
    where = f"entry {index}"
    try:
        record: Any = json.loads(data)
        version = record["v"]
    except (ValueError, KeyError, TypeError) as error:
        raise EntryMalformed("this is no entry of a log", where) from error
    if version != ENTRY_VERSION:
        raise UnknownVersion(f"the entry is in version {version!r}, this program knows {ENTRY_VERSION}", where,
                             "Verify with a newer version of this program")
    raise EntryMalformed("this is no entry of a log", where)


@dataclass(frozen=True)
class Inclusion:
    """A proof that an entry is in a log: it holds against the checkpoint with nothing else at hand."""

    index: int
    entry: Entry
    checkpoint: Checkpoint
    path: tuple[bytes, ...]

    def verify(self) -> None:
        """Raises merkle.ProofError. The checkpoint's signature is another question."""
        leaf = merkle.leaf_hash(self.entry.encode())
        merkle.verify_inclusion(leaf, self.index, self.checkpoint.size, self.path, self.checkpoint.root)


class Log:
    """The log at its newest checkpoint."""

    def __init__(self, get: Get) -> None:
        self.get = get
        self._positions: dict[bytes, int] = {}
        self._known = 0

    def checkpoint(self) -> Checkpoint | None:
        """The newest checkpoint, unverified; None before the first entry. Raises CheckpointTampered."""
        data = self.get(CHECKPOINT)
        return None if data is None else parse_checkpoint(data)

    def tiles(self) -> Tiles:
        checkpoint = self.checkpoint()
        return Tiles(self.get, checkpoint.size if checkpoint else 0)

    def entries(self, start: int = 0) -> Iterator[tuple[int, Entry]]:
        """Entries with their positions, in order."""
        tiles = self.tiles()
        for bundle in range(start // WIDTH, -(-tiles.size // WIDTH)):
            for at, data in enumerate(tiles.bundle(bundle), bundle * WIDTH):
                if at >= start:
                    yield at, decode_entry(data, at)

    def position(self, statement: str) -> int | None:
        """Where a statement is in the log, None where it is not. The first question reads every bundle once."""
        tiles = self.tiles()
        for bundle in range(self._known // WIDTH, -(-tiles.size // WIDTH)):
            for at, data in enumerate(tiles.bundle(bundle), bundle * WIDTH):
                self._positions.setdefault(data[STATEMENT], at)
        self._known = tiles.size
        at = self._positions.get(statement.encode())
        return at if at is not None and at < tiles.size else None

    def inclusion(self, statement: str) -> Inclusion | None:
        """A proof that a statement is in the log as the newest checkpoint has it, None where it is not."""
        checkpoint, at = self.checkpoint(), self.position(statement)
        if checkpoint is None or at is None:
            return None
        tiles = Tiles(self.get, checkpoint.size)
        path = merkle.inclusion_proof(tiles.subtree, at, checkpoint.size)
        return Inclusion(at, decode_entry(tiles.entry(at), at), checkpoint, tuple(path))

    def consistency(self, old: int) -> list[bytes]:
        """A proof that the newest checkpoint's log begins with its first `old` entries."""
        tiles = self.tiles()
        return merkle.consistency_proof(tiles.subtree, old, tiles.size)
