"""A claim on one piece of work that ends by itself: two processes do it once, and a killed one blocks nobody.

A lease is a named record holding its owner and an expiry; the owner renews it from a thread while it works. A lease
may be taken over once it has expired, or at once where its owner ran on this host and is gone.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from resources.errors import Conflict
from resources.processes import Process, is_gone, this_process

LEASE_SECONDS = 30.0
"""How long a lease outlives its last renewal. Renewed every third of it."""


class LeaseStore(Protocol):
    """Named records with compare-and-swap, as every RefStore offers them."""

    def read(self, name: str) -> tuple[bytes, str] | None: ...
    def swap(self, name: str, data: bytes, expected: str | None) -> str: ...
    def remove(self, name: str, expected: str) -> None: ...
    def names(self, prefix: str) -> Iterator[str]: ...


class Leases:
    """Leases kept in a RefStore under `leases/`."""

    def __init__(self, refs: LeaseStore, seconds: float = LEASE_SECONDS) -> None:
        self.refs = refs
        self.seconds = seconds

    @contextmanager
    def held(self, name: str) -> Iterator[bool]:
        """Yields True while this process holds the lease on `name`, False at once if another one does."""
        owner = secrets.token_hex(8)
        version = self._take(name, owner)
        if version is None:
            yield False
            return
        done = threading.Event()
        renewal = _Renewal(self, name, owner, version, done)
        renewal.start()
        try:
            yield True
        finally:
            done.set()
            renewal.join()
            self._release(name, renewal.version)

    def alive(self) -> Iterator[str]:
        """Names of the leases that somebody holds."""
        return (name for name, lease in self._all() if _is_alive(lease))

    def dead(self) -> Iterator[str]:
        """Names of leases that nobody holds any more and nobody took over."""
        return (name for name, lease in self._all() if not _is_alive(lease))

    def remove_dead(self, name: str) -> bool:
        """Removes the record of a dead lease. False: somebody holds it now, or it is gone."""
        current = self.refs.read(f"leases/{name}")
        if current is None or _is_alive(json.loads(current[0])):
            return False
        with suppress(Conflict):
            self.refs.remove(f"leases/{name}", current[1])
            return True
        return False

    def _all(self) -> Iterator[tuple[str, dict[str, object]]]:
        for name in self.refs.names("leases"):
            current = self.refs.read(name)
            if current is not None:
                yield name.removeprefix("leases/"), json.loads(current[0])

    def _take(self, name: str, owner: str) -> str | None:
        ref = f"leases/{name}"
        current = self.refs.read(ref)
        if current is not None and _is_alive(json.loads(current[0])):
            return None
        try:
            return self.refs.swap(ref, self._record(owner), current[1] if current else None)
        except Conflict:
            return None

    def _record(self, owner: str) -> bytes:
        here = this_process()
        return json.dumps({"owner": owner, "host": here.host, "process": here.id, "started": here.started,
                           "expires": time.time() + self.seconds}).encode()

    def _release(self, name: str, version: str) -> None:
        with suppress(Conflict):  # it expired and somebody took it over: theirs now
            self.refs.remove(f"leases/{name}", version)


class _Renewal(threading.Thread):
    def __init__(self, leases: Leases, name: str, owner: str, version: str, done: threading.Event) -> None:
        super().__init__(daemon=True, name=f"lease {name}")
        self.leases, self.ref, self.owner, self.version, self.done = leases, f"leases/{name}", owner, version, done

    def run(self) -> None:
        while not self.done.wait(self.leases.seconds / 3):
            try:
                self.version = self.leases.refs.swap(self.ref, self.leases._record(self.owner), self.version)
            except Conflict:
                return


def _is_alive(lease: dict[str, object]) -> bool:
    if float(str(lease["expires"])) < time.time():
        return False
    return not is_gone(Process(str(lease["host"]), int(str(lease["process"])), str(lease["started"])))
