"""What a home holds, looked at from outside: records, damage, and what must not be there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from resources.processes import Process, is_gone


def records(home: Path) -> dict[str, Any]:
    """The result record of every action."""
    return {path.name: json.loads(path.read_bytes()) for path in (home / "refs" / "actions").rglob("*") if path.is_file()}


def _essence(home: Path) -> Mapping[str, Mapping[str, str]]:
    """For every action, the digest of each of its outputs."""
    return {action: {name: blob["digest"] for name, blob in record["outputs"].items()}
            for action, record in records(home).items()}


def apart(home: Path, other: Path) -> list[str]:
    """What the results of two homes differ in, told so that its cause can be found; nothing where all is the same."""
    ours, theirs = _essence(home), _essence(other)
    alone = [f"only in {place}: {action}" for place, here, there in ((home, ours, theirs), (other, theirs, ours))
             for action in sorted(here.keys() - there.keys())]
    return [*(line for action in sorted(ours.keys() & theirs.keys())
              for line in _outputs_apart(home, other, action, ours[action], theirs[action])), *alone]


def _outputs_apart(home: Path, other: Path, action: str, ours: Mapping[str, str],
                   theirs: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(ours.keys() | theirs.keys()):
        if ours.get(name) == theirs.get(name):
            continue
        pair = [place / "objects" / digest[:2] / digest if digest else None
                for place, digest in ((home, ours.get(name)), (other, theirs.get(name)))]
        yield f"{action} {name}: {_bytes_apart(*(path.read_bytes() if path else b'' for path in pair))}"


def _bytes_apart(one: bytes, another: bytes) -> str:
    first = next((at for at, (a, b) in enumerate(zip(one, another, strict=False)) if a != b), min(len(one), len(another)))
    told = f"{len(one)} and {len(another)} bytes, apart from byte {first} on"
    if not (one.startswith(b"\x89PNG") and another.startswith(b"\x89PNG")):
        return told
    ours, theirs = _pixels(one), _pixels(another)
    if ours.shape != theirs.shape:
        return f"{told}; {ours.shape} and {theirs.shape}"
    away = np.abs(ours - theirs).reshape(*ours.shape[:2], -1).max(axis=2)
    rows, columns = np.nonzero(away)
    if not rows.size:
        return f"{told}; the same pixels"
    return (f"{told}; {rows.size} pixels by at most {away.max()}, in rows {rows.min()}..{rows.max()}, "
            f"columns {columns.min()}..{columns.max()}")


def _pixels(png: bytes) -> np.ndarray:
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels is not None
    return pixels.astype(int)


def leases(home: Path) -> dict[str, Any]:
    """The record of every lease, by its name: that of an action is its digest."""
    found, folder = {}, home / "refs" / "leases"
    for path in folder.rglob("*"):
        try:
            found[path.relative_to(folder).as_posix()] = json.loads(path.read_bytes())
        except (FileNotFoundError, IsADirectoryError):
            continue
    return found


def partial_files(home: Path) -> list[str]:
    """Files that are not whole, where readers look."""
    return [str(path) for part in ("objects", "refs", "deliveries") for path in (home / part).rglob("*.part*")]


def delivered(home: Path) -> dict[str, bytes]:
    """Every delivered file; of a review page, which tells when it was drawn, whether it is whole."""
    folder = home / "deliveries"
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: data[-8:] if name.endswith("/review.html") else data for name, data in found.items()}


def scratch_folders(home: Path) -> list[str]:
    return [path.name for path in (home / "tmp").iterdir() if path.is_dir()]


@dataclass
class Inspector:
    """Looks at a home between two attempts, each time only at what is new."""

    home: Path
    finished: dict[str, Any] = field(default_factory=dict)
    objects: set[str] = field(default_factory=set)

    def look(self, begun: set[str]) -> None:
        """Fails where an attempt that began these actions left something broken or did something twice."""
        now = records(self.home)
        assert {action: now.get(action) for action in self.finished} == self.finished, "a record changed"
        assert not begun & self.finished.keys(), "a finished action was begun again"
        for path in (self.home / "objects").rglob("*"):
            if path.is_file() and path.name not in self.objects:
                assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
                self.objects.add(path.name)
        for record in (now[action] for action in now.keys() - self.finished.keys()):
            needed = {record["statement"], *(blob["digest"] for blob in record["outputs"].values())}
            assert needed <= self.objects, "a record names objects that are not there"
        assert partial_files(self.home) == []
        for lease in leases(self.home).values():
            assert is_gone(Process(lease["host"], lease["process"], lease["started"])), "a lease outlives its owner"
        self.finished = now
