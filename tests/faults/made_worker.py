"""A warm worker over a small made graph: every step hands in one still, made from those of the steps above it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from microdrama_assets.factory import asset_key
from microdrama_assets.graph.action import Action
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.studio import WORKERS, Studio
from microdrama_assets.graph.work import Work
from microdrama_assets.worker import Worker
from partitions.registry import save
from resources.home import Home
from tests.partitions.locket import locket

Make = Callable[[Work], None]


def draw(work: Work) -> None:
    work.add("still.png", str(work.key).encode())


def step(name: str, make: Make, *upstream: str, version: str = "1", **more: object) -> Step:
    def recipe(desk: Desk, key: Key) -> Action:
        inputs = {above: desk.input(above, key, "still.png") for above in upstream}
        return Action(name, version, inputs=inputs or {"frame.json": desk.source(f"{name} {key}".encode())})

    return Step(name, "picture", Scope.SHOT, "1", name, recipe, make, upstream, **more)  # pyright: ignore[reportArgumentType]


def worker_of(root: Path, *steps: Step, workers: int = WORKERS) -> Worker:
    """A worker over the locket's shots, in a home of its own."""
    home = Home.open(root)
    if home.refs.read("registries/locket") is None:
        save(home.refs, locket(), None)
    return Worker(Studio(home, {one.name: one for one in steps}, workers=workers))


def recorded(worker: Worker) -> dict[str, list[str]]:
    """The partitions that Dagster has events of, by asset."""
    return {name: sorted(worker.instance.get_materialized_partitions(asset_key(one, "locket")))
            for name, one in worker.studio.steps.items()}


def told_made(worker: Worker, name: str) -> dict[str, object]:
    """What the last run over an asset says of when each partition was made: `now`, or `cache hit`."""
    events = worker.instance.fetch_materializations(asset_key(worker.studio.steps[name], "locket"), limit=100).records
    told = [(event.partition_key, event.asset_materialization.metadata.get("made")) for event in reversed(events)
            if event.asset_materialization is not None]
    return {str(partition): made.value for partition, made in told if made is not None}
