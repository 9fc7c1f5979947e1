"""Content-addressed storage: an object's name is the SHA-256 of its bytes, and reading proves it.

`ObjectStore` is what the graph needs; `LocalObjects` keeps it on a file system. Objects are immutable and written
once; a reader that finds other bytes under a name gets CorruptObject, never those bytes.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from resources.disk import explained, mark_used, remove_unused, sync_folder, used_lately
from resources.errors import CorruptObject, MissingObject

CHUNK = 1 << 20


class ObjectStore(Protocol):
    """Immutable bytes by digest (hex SHA-256)."""

    def put(self, data: bytes) -> str: ...
    def put_file(self, path: Path) -> tuple[str, int]: ...
    def get(self, digest: str) -> bytes: ...
    def path(self, digest: str) -> Path: ...
    def has(self, digest: str) -> bool: ...


class LocalObjects:
    """Objects under `<root>/<first two hex digits>/<digest>`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.scratch = root.parent / "tmp"
        self._verified: dict[str, tuple[int, int]] = {}

    def put(self, data: bytes) -> str:
        """Stores bytes; returns their digest. Storing what is there already writes nothing."""
        digest = hashlib.sha256(data).hexdigest()
        if not self._keep(digest):
            temporary = self._temporary()
            with explained(temporary):
                try:
                    with open(temporary, "wb") as file:
                        file.write(data)
                        file.flush()
                        os.fsync(file.fileno())
                    self._adopt(temporary, digest)
                finally:
                    temporary.unlink(missing_ok=True)
        return digest

    def put_file(self, path: Path) -> tuple[str, int]:
        """Stores a copy of a file; returns digest and size in bytes."""
        temporary = self._temporary()
        hasher, size = hashlib.sha256(), 0
        with explained(temporary):
            try:
                with open(path, "rb") as source, open(temporary, "wb") as target:
                    while chunk := source.read(CHUNK):
                        hasher.update(chunk)
                        target.write(chunk)
                        size += len(chunk)
                    target.flush()
                    os.fsync(target.fileno())
                digest = hasher.hexdigest()
                if not self._keep(digest):
                    self._adopt(temporary, digest)
            finally:
                temporary.unlink(missing_ok=True)
        return digest, size

    def get(self, digest: str) -> bytes:
        """The bytes of an object, verified. Raises MissingObject or CorruptObject."""
        try:
            data = self._place(digest).read_bytes()
        except FileNotFoundError:
            raise MissingObject(digest) from None
        found = hashlib.sha256(data).hexdigest()
        if found != digest:
            raise CorruptObject(digest, found)
        return data

    def path(self, digest: str) -> Path:
        """A verified local file holding the object, to read and never to write."""
        place = self._place(digest)
        try:
            state = place.stat()
        except FileNotFoundError:
            raise MissingObject(digest) from None
        stamp = (state.st_size, state.st_mtime_ns)
        if self._verified.get(digest) != stamp:
            with open(place, "rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != digest:
                raise CorruptObject(digest, found)
            self._verified[digest] = stamp
        return place

    def has(self, digest: str) -> bool:
        return self._place(digest).exists()

    def begins(self, digest: str) -> bytes:
        """The first byte of an object, not verified; empty where there is none."""
        try:
            with open(self._place(digest), "rb") as file:
                return file.read(1)
        except FileNotFoundError:
            return b""

    def digests(self) -> Iterator[str]:
        """Every object's digest, in no order."""
        for fan in self.root.iterdir():
            yield from (entry.name for entry in fan.iterdir())

    def export(self, digest: str, target: Path) -> None:
        """Puts a verified copy at `target`, on the same file system: whole, or not at all."""
        source, temporary = self.path(digest), self._temporary()
        with explained(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(source, temporary)
                os.replace(temporary, target)
            finally:
                temporary.unlink(missing_ok=True)

    def remove_unused(self, digest: str, unused_since_s: float) -> bool:
        """Deletes an object unless it was stored, also once more, after a moment (Unix time)."""
        return remove_unused(self._place(digest), self._lock(digest), unused_since_s)

    def _keep(self, digest: str) -> bool:
        """Whether the object is there; if so, it is in use from now on."""
        place = self._place(digest)
        return used_lately(place) or mark_used(place, self._lock(digest))

    def _lock(self, digest: str) -> Path:
        return self.scratch / f"object-{digest[:2]}.lock"

    def _place(self, digest: str) -> Path:
        return self.root / digest[:2] / digest

    def _temporary(self) -> Path:
        with explained(self.scratch):
            self.scratch.mkdir(parents=True, exist_ok=True)
        return self.scratch / f"{secrets.token_hex(8)}.part"

    def _adopt(self, temporary: Path, digest: str) -> None:
        place = self._place(digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.chmod(temporary, 0o444)
        os.replace(temporary, place)
        sync_folder(place.parent)
