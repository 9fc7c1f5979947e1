"""Where a home keeps its evidence and its personal data: in its own folder, or in a bucket that machines share.

`records.yaml` in the home says so, for every process of it. MICRODRAMA_RECORDS writes that file into a new home, and is
refused where the home says otherwise: two processes that disagreed would split one log in two.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from audit.records import CHECKPOINT, ELSEWHERE, PLAN, TRUST_ROOT, getter
from resources.buckets import BucketPrefix
from resources.disk import write_atomically
from resources.errors import ResourceError
from resources.log_bucket import LogBucket, require_conditions

if TYPE_CHECKING:  # brings cryptography along, which no plan waits for
    from audit.holdings import Holdings

FILE, VARIABLE = ELSEWHERE, "MICRODRAMA_RECORDS"
FIELD = "place"
EVIDENCE, PERSONAL, LEASES = "evidence", "personal", "refs"
"""Below the place: the log; personal data; and who is sequencing."""
CACHE = "cache"
"""In the home: copies of what never changes."""
MOVED = "evidence.moved"
LAST = (TRUST_ROOT, PLAN, CHECKPOINT)
"""So much of a log is moved after everything else, in this order."""
Told = Callable[[str], object]


class RecordsPlaceUnclear(ResourceError):
    """A home whose records are, or would be, in two places."""


def place_of(root: Path) -> str | None:
    """The address that a home's records are at (`s3://bucket/prefix`), None for its own folder.

    Raises RecordsPlaceUnclear, and what the store refuses where a new home is bound to it.
    """
    written, asked = _written(root), os.environ.get(VARIABLE)
    if asked is None or asked.rstrip("/") == written:
        return written
    if written is not None:
        raise RecordsPlaceUnclear(f"{VARIABLE} says {asked}, and this home's records are at {written}",
                                  str(root / FILE), "Unset the variable, or use another --home")
    if (root / EVIDENCE / TRUST_ROOT).exists():
        raise RecordsPlaceUnclear(f"{VARIABLE} says {asked}, and this home has records of its own",
                                  str(root / EVIDENCE), f"Move them: microdrama audit move {asked}")
    return bind(root, asked)


def bind(root: Path, place: str) -> str:
    """Has a home keep its records at an address from now on; returns it. Raises what the store refuses."""
    place = BucketPrefix(place).where
    require_conditions(place)
    write_atomically(root / FILE, yaml.safe_dump({FIELD: place}).encode(), root / "tmp")
    return place


def bucket_of(root: Path, part: str, cached: bool = True) -> LogBucket | None:
    """A part of a home's records where they are in a bucket: `evidence`, `personal` or `refs`."""
    place = place_of(root)
    return None if place is None else LogBucket(f"{place}/{part}", root / CACHE / part if cached else None)


def holdings_of(folder: Path, cached: bool = True) -> Holdings:
    """What a home, a copy or an export holds, wherever its records are. `cached`: whether local copies of what never
    changes will do. Raises Unusable where there is no evidence."""
    from audit.errors import Unusable
    from audit.holdings import Holdings, look_at

    bucket = bucket_of(folder, EVIDENCE, cached) if (folder / "objects").is_dir() else None
    if bucket is None:
        return look_at(folder)
    if bucket.read(CHECKPOINT) is None:
        raise Unusable("there is no checkpoint here", f"{bucket.where}/{CHECKPOINT}", "Render something first")
    return Holdings(folder, folder / EVIDENCE, folder / "objects", None, None, getter(bucket),
                    getter(LogBucket(f"{place_of(folder)}/{PERSONAL}")))


def move(root: Path, place: str, told: Told) -> int:
    """Moves a home's records to an empty address; returns how many. Nothing may be rendered or decided meanwhile; what
    lay in the home is kept as `evidence.moved`. Doing it again goes on where it was stopped. Raises
    RecordsPlaceUnclear."""
    if (held := _written(root)) is not None:
        raise RecordsPlaceUnclear(f"this home's records are at {held} already", str(root / FILE))
    own, place = root / EVIDENCE, BucketPrefix(place).where
    require_conditions(place)
    target, people = LogBucket(f"{place}/{EVIDENCE}"), LogBucket(f"{place}/{PERSONAL}")
    checkpoint = target.read(CHECKPOINT)
    if checkpoint is not None and checkpoint[0] != (own / CHECKPOINT).read_bytes():
        raise RecordsPlaceUnclear("another log is there", f"{place}/{EVIDENCE}", "Name an empty prefix")
    names = sorted((path.relative_to(own).as_posix() for path in own.rglob("*")
                    if path.is_file() and path.name[0] != "."),
                   key=lambda name: (LAST.index(name) if name in LAST else -1, name))
    for at, name in enumerate(names, 1):
        _put(target, name, (own / name).read_bytes())
        told(f"{at} of {len(names)} records")
    for path in sorted((root / PERSONAL).glob("*.json")):
        _put(people, path.name, path.read_bytes())
    bind(root, place)
    os.replace(own, root / MOVED)
    return len(names)


def _put(target: LogBucket, name: str, data: bytes) -> None:
    found = target.read(name)
    if found is None or found[0] != data:
        target.swap(name, data, found[1] if found else None)


def _written(root: Path) -> str | None:
    try:
        record: Any = yaml.safe_load((root / FILE).read_text(encoding="utf-8"))
        return str(record[FIELD]).rstrip("/")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise RecordsPlaceUnclear(f"this does not say where the records are ({error})", str(root / FILE),
                                  f"Write one line: {FIELD}: s3://bucket/prefix") from error
