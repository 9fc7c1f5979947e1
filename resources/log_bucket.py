"""The log's records in a bucket, which any number of machines may share: create once by `If-None-Match: *`, exchange by
`If-Match`, so the store itself lets one of two writers win.

What never changes under its name (envelopes, full tiles) is kept in a local cache, each file with its own digest; both
are checked again against the signed log by whoever reads them. Everything else is asked for each time.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from audit.canonical import sha256_hex
from audit.records import ENVELOPES
from resources.buckets import CHANGED, CONNECTIONS, GONE, BucketPrefix, BucketRefused
from resources.disk import explained
from resources.errors import Conflict, ResourceError

DIGEST_BYTES = 32
PROBE = "probe"


class LogBucket:
    """Records below a prefix; `cache` is a folder that may be deleted at any time, None keeps nothing."""

    def __init__(self, where: str, cache: Path | None = None) -> None:
        self.bucket = BucketPrefix(where)
        self.where = self.bucket.where
        self.cache = cache
        self._seen: dict[str, tuple[str, str]] = {}
        """Version and ETag of what was last read or written, by name."""

    def read(self, name: str) -> tuple[bytes, str] | None:
        """Content and version, or None."""
        kept = self._kept(name)
        if kept is not None:
            return kept, sha256_hex(kept)
        found = self.bucket.get(name)
        if found is None:
            self._seen.pop(name, None)
            return None
        data, etag = found
        self._note(name, data, etag)
        return data, sha256_hex(data)

    def read_all(self, names: Iterable[str]) -> Iterator[tuple[bytes, str] | None]:
        """`read` of each, many at once."""
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            yield from pool.map(self.read, names)

    def swap(self, name: str, data: bytes, expected: str | None) -> str:
        """Writes `data` if the current version is `expected`; returns the new version. Raises Conflict."""
        condition = {"IfNoneMatch": "*"} if expected is None else {"IfMatch": self._etag(name, expected)}
        try:
            self._note(name, data, self.bucket.put(name, data, **condition))
        except BucketRefused as error:
            if error.code not in (*CHANGED, *GONE):
                raise
            now = self.bucket.get(name)
            if now is None or now[0] != data:  # else it is this very write: its answer was lost, and it was tried again
                raise Conflict(name) from error
            self._note(name, *now)
        return sha256_hex(data)

    def remove(self, name: str, expected: str) -> None:
        """Removes the record if its version is `expected`. Raises Conflict."""
        try:
            self.bucket.remove(name, IfMatch=self._etag(name, expected))
        except BucketRefused as error:
            if error.code not in (*CHANGED, *GONE):
                raise
            raise Conflict(name) from error
        self._seen.pop(name, None)

    def discard(self, names: Iterable[str]) -> None:
        """Removes records that nobody writes any more, where they are there."""
        self.bucket.remove_all(gone := list(names))
        for name in gone:
            self._seen.pop(name, None)
            if self.cache is not None and _is_immutable(name):
                (self.cache / name).unlink(missing_ok=True)

    def names(self, prefix: str) -> Iterator[str]:
        """Names under a folder-like prefix, sorted."""
        return self.bucket.names(prefix)

    def flush(self) -> None:
        """Nothing: what the store has answered is durable."""

    def _etag(self, name: str, expected: str) -> str:
        """The ETag of a version. Raises Conflict where another is the current one."""
        if name not in self._seen or self._seen[name][0] != expected:
            found = self.bucket.get(name)
            if found is None or sha256_hex(found[0]) != expected:
                raise Conflict(name)
            self._note(name, *found)
        return self._seen[name][1]

    def _note(self, name: str, data: bytes, etag: str) -> None:
        if not _is_immutable(name):
            self._seen[name] = (sha256_hex(data), etag)
        elif self.cache is not None:
            place = self.cache / name
            part = self.cache / f"{secrets.token_hex(8)}.part"
            with explained(place):
                try:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    part.write_bytes(sha256(data).digest() + data)
                    os.replace(part, place)
                finally:
                    part.unlink(missing_ok=True)

    def _kept(self, name: str) -> bytes | None:
        if self.cache is None or not _is_immutable(name):
            return None
        with suppress(FileNotFoundError, NotADirectoryError):
            whole = (self.cache / name).read_bytes()
            if sha256(whole[DIGEST_BYTES:]).digest() == whole[:DIGEST_BYTES]:
                return whole[DIGEST_BYTES:]
        return None


def _is_immutable(name: str) -> bool:
    return name.startswith(f"{ENVELOPES}/") or (name.startswith("tile/") and ".p/" not in name)


def require_conditions(where: str) -> None:
    """Tries whether a store keeps the conditions of writes. Raises ResourceError for one that ignores them: two
    machines would fork the log there."""
    bucket, name = BucketPrefix(where), f"{PROBE}-{secrets.token_hex(8)}"
    try:
        bucket.put(name, b"first", IfNoneMatch="*")
        for condition in ({"IfNoneMatch": "*"}, {"IfMatch": '"' + "0" * 32 + '"'}):
            try:
                bucket.put(name, b"second", **condition)
            except BucketRefused as error:
                if error.code in CHANGED:
                    continue
                raise
            raise ResourceError("this store ignores conditions of writes, so two machines could fork the log", where,
                                "Use one that keeps If-None-Match and If-Match, as Amazon S3 does")
    finally:
        with suppress(ResourceError):
            bucket.remove(name)
