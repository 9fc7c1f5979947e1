"""`microdrama gc`: what a home no longer needs, told by kind and size, and deleted unless it is only to be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from microdrama_assets.delivery.superseded import KIND, collect_deliveries, superseded_deliveries
from microdrama_assets.schemas.errors import MicrodramaError
from resources.garbage import Ages, Collection, Garbage, alone
from resources.home import Home
from resources.needed import Progress as Told

GRACE_DAYS = 14.0


@dataclass(frozen=True)
class Collected:
    """What was deleted or, on a dry run, would be."""

    dry_run: bool
    garbage: tuple[Garbage, ...]

    def to_json(self) -> dict[str, Any]:
        return {"dry_run": self.dry_run, "bytes": sum(one.size for one in self.garbage),
                "garbage": [asdict(one) for one in self.garbage]}

    def print(self, out: Console, summary: Console) -> None:
        """Each path on a dry run; sums by kind in any case."""
        if self.dry_run:
            for one in self.garbage:
                out.print(one.path, markup=False, soft_wrap=True)
        counts, sizes = Counter(one.kind for one in self.garbage), Counter[str]()
        for one in self.garbage:
            sizes[one.kind] += one.size
        for kind in sorted(counts):
            summary.print(f"{counts[kind]:8} x {kind}, {decimal(sizes[kind])}")
        done = "would be freed" if self.dry_run else "freed"
        summary.print(f"{decimal(sum(sizes.values()))} {done}" if counts else "Nothing to collect.")


def collect(home: Home, console: Console, *, dry_run: bool = False, grace_days: float = GRACE_DAYS,
            superseded_days: float | None = None) -> Collected:
    """Deletes what nothing needs and nobody used in the grace period. With `superseded_days` also results that nothing
    names and nobody used for so long. Raises MicrodramaError for a negative number of days, ResourceError where
    something stored cannot be read (then nothing was deleted) or another collection is under way."""
    if grace_days < 0 or (superseded_days is not None and superseded_days < 0):
        raise MicrodramaError("a number of days cannot be negative", remedy="Give 0 or more")
    ages = Ages.of(grace_days, superseded_days)
    with nullcontext() if dry_run else alone(home), _bar(console) as told:
        stores = Collection(home, ages, told)
        garbage = [*superseded_deliveries(home, ages.garbage_s), *stores.garbage()]
        if dry_run:
            return Collected(True, tuple(garbage))
        delivered = [one for one in garbage if one.kind == KIND]
        stored = [one for one in garbage if one.kind != KIND]
        deleted = [*_counted(collect_deliveries(home, delivered, ages.garbage_s), len(delivered), told),
                   *_counted(stores.collect(stored), len(stored), told)]
    return Collected(False, tuple(deleted))


def _counted(garbage: Iterable[Garbage], total: int, told: Told) -> Iterator[Garbage]:
    for done, one in enumerate(garbage, start=1):
        told("deleting", done, total)
        yield one


@contextmanager
def _bar(console: Console) -> Iterator[Told]:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"),
               TextColumn("ETA"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("records", total=None)

        def told(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total)

        yield told
