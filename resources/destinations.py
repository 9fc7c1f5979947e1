"""Where publications go: a folder or a bucket, written file by file so that each appears whole.

The order in which files appear is `release/published.py`'s. Names hold their content's hash or they do not: caches keep
the former for ever and ask again for the latter soon.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Protocol

from resources.buckets import S3, BucketPrefix, BucketRefused
from resources.disk import explained, write_atomically
from resources.errors import ResourceError

FOR_EVER, SOON = "public, max-age=31536000, immutable", "public, max-age=30"
CONTENT_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl", ".m4s": "video/iso.segment", ".mp4": "video/mp4", ".vtt": "text/vtt",
    ".json": "application/json", ".jpg": "image/jpeg", ".html": "text/html; charset=utf-8",
}
UNKNOWN_TYPE = "application/octet-stream"
PART = ".part"
Content = Path | bytes
"""A file to copy, or bytes."""


class DestinationUnusable(ResourceError):
    """A place that cannot be published to."""


class Destination(Protocol):
    """One publication's files, by name relative to it (`en/master.m3u8`)."""

    where: str

    def put(self, name: str, content: Content, immutable: bool) -> None: ...
    def remove(self, name: str) -> None: ...
    def names(self) -> Iterator[str]: ...


class Folder:
    """A folder. A file is written beside its place under another name, then renamed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.where = str(root)

    def put(self, name: str, content: Content, immutable: bool) -> None:
        target = self.root / name
        with explained(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                write_atomically(target, content, target.parent)
                return
            if immutable and target.is_file() and _sha256(target) == _sha256(content):
                return
            temporary = target.with_name(f".{secrets.token_hex(8)}{PART}")
            try:
                shutil.copyfile(content, temporary)
                os.replace(temporary, target)
            finally:
                temporary.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        place = self.root / name
        place.unlink(missing_ok=True)
        with suppress(OSError):  # ends at the first folder that still holds something
            for folder in place.parents:
                if folder == self.root:
                    break
                folder.rmdir()

    def names(self) -> Iterator[str]:
        """Also of what a killed run left half-written, so that it is removed."""
        if self.root.is_dir():
            yield from sorted(path.relative_to(self.root).as_posix() for path in self.root.rglob("*")
                              if path.is_symlink() or not path.is_dir())


class Bucket:
    """A prefix of an S3 bucket. A PUT is seen whole or not at all."""

    def __init__(self, where: str) -> None:
        self.bucket = BucketPrefix(where)
        self.where = self.bucket.where

    def put(self, name: str, content: Content, immutable: bool) -> None:
        digest = hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else _sha256(content)
        if immutable and self._held(name) == digest:
            return
        told = {"ContentType": CONTENT_TYPES.get(PurePosixPath(name).suffix, UNKNOWN_TYPE),
                "CacheControl": FOR_EVER if immutable else SOON, "Metadata": {"sha256": digest}}
        body = content if isinstance(content, bytes) else content.read_bytes()
        self.bucket.put(name, body, **told)

    def remove(self, name: str) -> None:
        self.bucket.remove(name)

    def names(self) -> Iterator[str]:
        return self.bucket.names()

    def _held(self, name: str) -> str | None:
        """SHA-256 of the object as it was put, None where there is none."""
        try:
            return self.bucket.ask("head_object", Key=self.bucket.prefix + name)["Metadata"].get("sha256")
        except BucketRefused:
            return None


def destination(where: str) -> Destination:
    """The destination that a folder's path or `s3://bucket/prefix` names. Raises DestinationUnusable for any other
    address, and ResourceError for one that names no bucket."""
    if not where.startswith(S3):
        if "://" in where:
            raise DestinationUnusable("this is neither a folder nor s3://bucket/prefix", where)
        return Folder(Path(where))
    return Bucket(where)


def within(where: str, *parts: str) -> str:
    """A place below a destination: an absolute path, or an address."""
    if where.startswith(S3):
        return "/".join([where.rstrip("/"), *parts])
    return str(Path(where).resolve().joinpath(*parts)) if "://" not in where else where


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
