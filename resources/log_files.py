"""The log's records on a file system: one file per record, seen whole or not at all, durable where the log says so.

Signed statements are written with every action, so they are not synced one by one: `flush` makes all of them durable
before a checkpoint speaks of them. What a power cut takes before that is recorded again (`Evidence.ensure`).
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.canonical import sha256_hex
from resources.disk import explained
from resources.errors import Conflict
from resources.refs import LocalRefs

LOCK = ".lock"


class LogFiles(LocalRefs):
    """Records under `root`, written without a sync each; writers hold a kernel lock that dies with them."""

    def swap(self, name: str, data: bytes, expected: str | None) -> str:
        """Writes `data` if the current version is `expected`; returns the new version. Raises Conflict."""
        place = self._place(name)
        with self._exclusive():
            current = self.read(name)
            if (current[1] if current else None) != expected:
                raise Conflict(name)
            temporary = self._scratch() / f"{secrets.token_hex(8)}.part"
            with explained(place):
                try:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    temporary.write_bytes(data)
                    os.replace(temporary, place)
                finally:
                    temporary.unlink(missing_ok=True)
        return sha256_hex(data)

    def read_all(self, names: Iterable[str]) -> Iterator[tuple[bytes, str] | None]:
        """`read` of each."""
        return map(self.read, names)

    def discard(self, names: Iterable[str]) -> None:
        """Removes records that nobody writes any more, where they are there."""
        for name in names:
            self._place(name).unlink(missing_ok=True)

    def flush(self) -> None:
        """Everything written so far survives a power cut when this returns."""
        os.sync()

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        lock: Path = self.root / LOCK
        with explained(lock), open(lock, "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
