"""Garbage collection of a home: what nothing needs, listed first and deleted exactly as listed.

Deleting is safe beside renders and safe to kill. A file is deleted under the lock under which its use is noted, and
only if nobody used it in the grace period, never one of the last two hours, so work in flight keeps what it has stored
and what it has found. Results go before the objects that only they needed: what a killed collection leaves behind is
garbage to the next. Nothing outside the home is deleted, and no link is followed.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from resources.disk import USED_LATELY_S
from resources.errors import ResourceError
from resources.home import Home
from resources.needed import HEX, Marker, Progress

DAY_S = 86_400.0
YOUNGEST_S = 2 * USED_LATELY_S
"""Nothing younger is deleted, whatever the grace period: uses are noted to an hour, and an action may take another."""
LEASE = "garbage-collection"
RESULT, DEAD_LEASE, TEMPORARY = "superseded result", "dead lease", "temporary file"
ARTIFACTS = ("orphaned artifact", "superseded artifact")


@dataclass(frozen=True, order=True)
class Garbage:
    """One thing to delete: `kind` for people, `path` relative to the home, `size` in bytes on disk."""

    kind: str
    path: str
    size: int


@dataclass(frozen=True)
class Ages:
    """Moments (Unix time, s) before which something must have been left alone: any garbage at all, and results that
    nothing names (None: those are kept)."""

    garbage_s: float
    superseded_s: float | None = None

    @classmethod
    def of(cls, grace_days: float, superseded_days: float | None, now_s: float | None = None) -> Ages:
        """`grace_days` and `superseded_days` count back from now; both are at least two hours."""
        now = time.time() if now_s is None else now_s

        def before(days: float) -> float:
            return now - max(days * DAY_S, YOUNGEST_S)

        return cls(before(grace_days), None if superseded_days is None else before(superseded_days))


class Collection:
    """What there is to collect in the stores of a home. Reading is all it does until `collect`."""

    def __init__(self, home: Home, ages: Ages, progress: Progress) -> None:
        self.home = home
        self.ages = ages
        self.marker = Marker(home, progress)
        self.needed = self.marker.needed(ages.superseded_s)

    def garbage(self) -> list[Garbage]:
        """Everything to delete, in the order of deletion."""
        found = (self._results(), self._objects(), self._leases(), self._temporary())
        root = os.path.realpath(self.home.root)
        return [one for some in found for one in sorted(some) if _is_inside(root, self.home.root / one.path)]

    def collect(self, garbage: list[Garbage]) -> Iterator[Garbage]:
        """Deletes what was listed and yields what is gone; what was used meanwhile stays."""
        used = []
        for one in garbage:
            if one.kind == RESULT:
                if self._remove_result(one):
                    yield one
                else:
                    used.append(Path(one.path).name)
        objects = (self.marker.needed(self.ages.superseded_s, used) if used else self.needed).objects
        for one in garbage:
            needed = one.kind == RESULT or (one.kind in ARTIFACTS and Path(one.path).name in objects)
            if not needed and self._remove(one):
                yield one

    def _results(self) -> Iterator[Garbage]:
        for action in self.needed.superseded:
            yield from self._listed(RESULT, self.home.root / "refs" / "actions" / action[:2] / action)

    def _objects(self) -> Iterator[Garbage]:
        superseded = {digest for action in self.needed.superseded for digest in self.marker.records[action].outputs}
        for place in _entries(self.home.root / "objects", depth=2):
            if HEX.fullmatch(place.name.encode()) and place.name not in self.needed.objects and self._is_old(place):
                yield from self._listed(ARTIFACTS[place.name in superseded], place)

    def _leases(self) -> Iterator[Garbage]:
        for name in self.home.leases.dead():
            yield from self._listed(DEAD_LEASE, self.home.root / "refs" / "leases" / name)

    def _temporary(self) -> Iterator[Garbage]:
        at_work = tuple(name[:24] for name in self.home.leases.alive())
        for place in _entries(self.home.root / "tmp", depth=1):
            if place.suffix != ".lock" and not place.name.startswith(at_work) and self._is_old(place):
                yield from self._listed(TEMPORARY, place)

    def _listed(self, kind: str, place: Path) -> Iterator[Garbage]:
        """Nothing where it has just gone."""
        with suppress(FileNotFoundError):
            size = sum(path.lstat().st_size for path in _below(place))
            yield Garbage(kind, place.relative_to(self.home.root).as_posix(), size)

    def _is_old(self, place: Path) -> bool:
        try:
            return max(path.lstat().st_mtime for path in _below(place)) < self.ages.garbage_s
        except FileNotFoundError:
            return False

    def _remove_result(self, one: Garbage) -> bool:
        assert self.ages.superseded_s is not None
        return self.home.refs.remove_unused(one.path.removeprefix("refs/"), self.ages.superseded_s)

    def _remove(self, one: Garbage) -> bool:
        place = self.home.root / one.path
        if one.kind in ARTIFACTS:
            return self.home.objects.remove_unused(place.name, self.ages.garbage_s)
        if one.kind == DEAD_LEASE:
            return self.home.leases.remove_dead(one.path.removeprefix("refs/leases/"))
        if not self._is_old(place):
            return False
        with suppress(FileNotFoundError):  # its owner was quicker
            shutil.rmtree(place) if place.is_dir() and not place.is_symlink() else place.unlink()
            return True
        return False


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Keeps a second collection out. Raises ResourceError where one is under way."""
    with home.leases.held(LEASE) as mine:
        if not mine:
            raise ResourceError("another garbage collection is under way", str(home.root), "Wait for it to end")
        yield


def _is_inside(root: str, place: Path) -> bool:
    return os.path.commonpath((root, os.path.realpath(place.parent))) == root


def _entries(root: Path, depth: int) -> Iterator[Path]:
    """Entries `depth` folders below `root`, links never entered, sorted."""
    for entry in sorted(os.scandir(root), key=lambda entry: entry.name):
        if depth == 1:
            yield Path(entry.path)
        elif entry.is_dir(follow_symlinks=False):
            yield from _entries(Path(entry.path), depth - 1)


def _below(place: Path) -> Iterator[Path]:
    """The entry and everything below it, links not followed."""
    yield place
    for folder, folders, files in os.walk(place):
        yield from (Path(folder) / name for name in (*folders, *files))
