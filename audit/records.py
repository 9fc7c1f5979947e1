"""Where a log is kept: named records with compare-and-swap, as a file system and an object store both offer.

`Records` is what the sequencer writes to: `resources/log_files.py` on a disk, `resources/log_bucket.py` in S3. Reading,
proving and verifying need `Get` alone, so they work on a copied folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from audit.canonical import sha256_hex
from audit.tiles import Get

CHECKPOINT = "checkpoint"
WITNESSED = "witnessed"
"""The last checkpoint that a witness cosigned."""
PLAN = "plan"
TRUST_ROOT = "trust-root.json"
ELSEWHERE = "records.yaml"
"""In a home: the address of its records, where they are not in it."""
INBOX, REFUSED, ENVELOPES = "inbox", "refused", "envelopes"


class Records(Protocol):
    """Named bytes. A version stands for the content; `swap` raises where it is not the expected one. `discard` removes
    what nobody writes any more, in the order given.

    Every process sees a write at once; that all writes so far survive a power cut is certain after `flush`.
    """

    def read(self, name: str) -> tuple[bytes, str] | None: ...
    def read_all(self, names: Iterable[str]) -> Iterator[tuple[bytes, str] | None]: ...
    def swap(self, name: str, data: bytes, expected: str | None) -> str: ...
    def discard(self, names: Iterable[str]) -> None: ...
    def names(self, prefix: str) -> Iterator[str]: ...
    def flush(self) -> None: ...


def envelope_name(digest: str) -> str:
    return f"{ENVELOPES}/{digest[:2]}/{digest}"


def getter(records: Records) -> Get:
    """Reading by name alone."""
    def get(name: str) -> bytes | None:
        found = records.read(name)
        return None if found is None else found[0]

    return get


def folder_getter(folder: Path) -> Get:
    """Reading a copy of a log from a folder. Names are ours, never a user's."""
    base = str(folder)  # a hundred thousand names: no Path for each

    def get(name: str) -> bytes | None:
        try:
            with open(f"{base}/{name}", "rb", buffering=0) as file:  # read whole: a buffer costs two more calls
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None

    return get


def put(records: Records, name: str, data: bytes) -> None:
    """Writes a record that everyone would write alike, whatever a crash left under its name."""
    current = records.read(name)
    if current is None or current[0] != data:
        records.swap(name, data, current[1] if current else None)


def version_of(data: bytes) -> str:
    return sha256_hex(data)
