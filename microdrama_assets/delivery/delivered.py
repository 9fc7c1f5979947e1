"""An episode laid out as files that any player opens, and its earlier versions beside it.

A delivery replaces one file at a time, each whole, and those that name others last. So a viewer meets the version
before or the version after. What lies below `segments/` and `versions/` is never replaced by anything else, only
collected when it has been superseded for long enough.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from audit.canonical import sha256_hex
from microdrama_assets.delivery.package import DOWNLOAD, MASTER, POSTER, delivery_order
from resources.disk import explained, locked
from resources.home import Home

_VERSION = re.compile(r"versions/([0-9a-f]{12})/")
_SEGMENT = re.compile(r"\.\./\.\./(segments/[0-9a-f]{2}/[0-9a-f]{32}\.[a-z0-9]+)")


@dataclass(frozen=True)
class Version:
    """One version of an episode: the files it needs, relative to the episode's folder, and since when (Unix time, s)
    another stands in its place (None: it is the current one)."""

    name: str
    files: frozenset[str]
    superseded_s: float | None


def deliver(home: Home, folder: Path, files: Mapping[str, str]) -> None:
    """Lays out a package, `files` being digests of objects by path. What is there already is left as it is."""
    with being_changed(home, folder):
        entry = next(name for name in files if name.startswith("versions/") and name.endswith(f"/{MASTER}"))
        supersedes = not _is(folder / MASTER, files[MASTER])
        for name in sorted(files, key=delivery_order):
            if name == MASTER and supersedes:
                os.utime(folder / entry)  # it became the current version now
            if name in (DOWNLOAD, POSTER) and _link(folder / entry.replace(MASTER, name), folder / name, home):
                continue
            if not _is(folder / name, files[name]):
                home.objects.export(files[name], folder / name)


@contextmanager
def being_changed(home: Home, folder: Path) -> Iterator[None]:
    """One process at a time lays out or cleans up an episode's folder."""
    name = sha256_hex(folder.relative_to(home.root).as_posix().encode())[:2]
    with locked(home.root / "tmp" / f"deliver-{name}.lock"):
        yield


def versions(folder: Path) -> list[Version]:
    """Every version in an episode's folder. One whose entry is missing was delivered halfway: it needs nothing."""
    entries = {entry.parent.name: entry for entry in sorted(folder.glob(f"versions/*/{MASTER}"))}
    master = folder / MASTER
    current = _VERSION.search(master.read_text(encoding="utf-8", errors="replace")) if master.is_file() else None
    delivered_s = {name: entry.stat().st_mtime for name, entry in entries.items()}
    times_s = [*delivered_s.values(), *([master.stat().st_mtime] if current else [])]
    found = []
    for name, entry in entries.items():
        is_current = current is not None and current.group(1) == name
        later = [time_s for time_s in times_s if time_s > delivered_s[name]]
        since_s = None if is_current else min(later, default=delivered_s[name])
        found.append(Version(name, _needed(folder, entry.parent), since_s))
    return found


def _needed(folder: Path, version: Path) -> frozenset[str]:
    own = [path for path in version.iterdir() if path.is_file()]
    named = {name for path in own if path.suffix in (".m3u8", ".json")
             for name in _SEGMENT.findall(path.read_text(encoding="utf-8", errors="replace"))}
    return frozenset({path.relative_to(folder).as_posix() for path in own} | named)


def _is(place: Path, digest: str) -> bool:
    try:
        return sha256_hex(place.read_bytes()) == digest
    except FileNotFoundError:
        return False


def _link(source: Path, target: Path, home: Home) -> bool:
    """Makes `target` another name of `source`; False where the file system knows no such thing."""
    if target.exists() and os.path.samefile(source, target):
        return True
    temporary = home.root / "tmp" / f"{secrets.token_hex(8)}.part"
    with explained(target):
        try:
            os.link(source, temporary)
        except OSError:
            return False
        os.replace(temporary, target)
    return True
