"""Small named records that may change: read with a version, swapped only if nobody else did in between.

The version is the SHA-256 of the content, as an ETag is for an object store; `None` stands for "not there".
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from audit.canonical import sha256_hex
from resources.disk import explained, locked, mark_used, remove_unused, used_lately, write_atomically
from resources.errors import Conflict, ResourceError

NAME = re.compile(r"[A-Za-z0-9_@=\-]+(\.[A-Za-z0-9_@=\-]+)*(/[A-Za-z0-9_@=\-]+(\.[A-Za-z0-9_@=\-]+)*)*")


ATTEMPTS = 32
"""How often a change is made anew because somebody else was faster. Whoever is faster has made theirs, so that this
many others would have to change the same record at once."""


class Swapped(Protocol):
    """What `change` needs of a store."""

    def read(self, name: str) -> tuple[bytes, str] | None: ...
    def swap(self, name: str, data: bytes, expected: str | None) -> str: ...


def change(store: Swapped, name: str, wanted: Callable[[bytes | None], bytes | None]) -> None:
    """Replaces a record's content (None: not there) by what `wanted` makes of it; None leaves it as it is.

    Where somebody else changed it in between, `wanted` is asked again, of what they wrote. Raises Conflict if that
    happened `ATTEMPTS` times.
    """
    for _ in range(ATTEMPTS):
        found = store.read(name)
        data = wanted(found[0] if found else None)
        if data is None:
            return
        with suppress(Conflict):
            store.swap(name, data, found[1] if found else None)
            return
    raise Conflict(name)


class RefStore(Protocol):
    """Named records with compare-and-swap."""

    def read(self, name: str) -> tuple[bytes, str] | None: ...
    def swap(self, name: str, data: bytes, expected: str | None) -> str: ...
    def remove(self, name: str, expected: str) -> None: ...
    def names(self, prefix: str) -> Iterator[str]: ...
    def stamps(self, prefix: str) -> Iterator[tuple[str, str]]: ...
    def stamp(self, name: str) -> str | None: ...
    def mark_used(self, name: str) -> bool: ...


class LocalRefs:
    """One file per name under `root`; writers hold a kernel lock that dies with them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.scratch = root.parent / "tmp"

    def read(self, name: str) -> tuple[bytes, str] | None:
        """Content and version, or None."""
        try:
            data = self._place(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return data, sha256_hex(data)

    def swap(self, name: str, data: bytes, expected: str | None) -> str:
        """Writes `data` if the current version is `expected`; returns the new version. Raises Conflict."""
        with locked(self._lock(name)):
            current = self.read(name)
            if (current[1] if current else None) != expected:
                raise Conflict(name)
            write_atomically(self._place(name), data, self._scratch())
        return sha256_hex(data)

    def remove(self, name: str, expected: str) -> None:
        """Removes the record if its version is `expected`. Raises Conflict."""
        with locked(self._lock(name)):
            current = self.read(name)
            if current is None or current[1] != expected:
                raise Conflict(name)
            self._place(name).unlink()

    def names(self, prefix: str) -> Iterator[str]:
        """Names under a folder-like prefix, sorted."""
        base = self.root / prefix
        if base.is_dir():
            for folder, folders, files in os.walk(base):
                folders.sort()
                for file in sorted(files):
                    yield (Path(folder) / file).relative_to(self.root).as_posix()

    def stamps(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Every name under a prefix with a stamp that differs whenever its content was swapped. Reads no content."""
        waiting = [(self.root / prefix, prefix)]
        while waiting:
            folder, name = waiting.pop()
            with suppress(FileNotFoundError), os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((Path(entry.path), f"{name}/{entry.name}"))
                    else:
                        found = entry.stat()
                        yield f"{name}/{entry.name}", f"{found.st_mtime_ns} {found.st_size} {found.st_ino}"

    def stamp(self, name: str) -> str | None:
        """A stamp of a record that is written once: the same however often it was used since. None: it is gone."""
        try:
            found = os.stat(f"{self.root}/{name}")
        except (FileNotFoundError, NotADirectoryError):
            return None
        return f"{found.st_size} {found.st_ino}"

    def mark_used(self, name: str) -> bool:
        """Notes that the record is used now. False: it is gone."""
        place = self._place(name)
        return used_lately(place) or mark_used(place, self._lock(name))

    def used_s(self, name: str) -> float:
        """When the record was last used or written, to about an hour (Unix time); 0 where it is gone."""
        try:
            return self._place(name).stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def remove_unused(self, name: str, unused_since_s: float) -> bool:
        """Removes the record unless it was used after a moment (Unix time)."""
        return remove_unused(self._place(name), self._lock(name), unused_since_s)

    def _place(self, name: str) -> Path:
        if not NAME.fullmatch(name) or ".." in name:
            raise ResourceError(f"{name!r} is no name for a record")
        return self.root / name

    def _scratch(self) -> Path:
        with explained(self.scratch):
            self.scratch.mkdir(parents=True, exist_ok=True)
        return self.scratch

    def _lock(self, name: str) -> Path:
        return self._scratch() / f"swap-{sha256_hex(name.encode())[:2]}.lock"
