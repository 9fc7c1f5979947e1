"""A studio: one process's warm models and one snapshot of the sources, rendering partitions side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from microdrama_assets.graph.action import Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.perform import perform
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.toolbox import Toolbox
from microdrama_assets.schemas.errors import MicrodramaError
from partitions.errors import PartitionError
from resources.errors import ResourceError
from resources.home import Home

WORKERS = 2
"""Partitions made side by side in one process. Encoders and models run one thread each, so this is a core each."""

USER_ERRORS = (MicrodramaError, ResourceError, PartitionError)


@dataclass(frozen=True)
class Rendered:
    """A partition that stands on the current sources, and whether its bytes were there already."""

    key: Key
    result: Result
    hit: bool


@dataclass(frozen=True)
class RenderFailure:
    key: Key
    error: Exception


@dataclass(frozen=True)
class Outcome:
    done: list[Rendered]
    failures: list[RenderFailure]


class Studio:
    """Renders steps. `on_progress(asset, key, share)` is told of progress on long actions."""

    def __init__(self, home: Home, steps: Mapping[str, Step], toolbox: Toolbox | None = None,
                 on_progress: Callable[[str, Key, float], None] | None = None, workers: int = WORKERS) -> None:
        self.home = home
        self.steps = steps
        self.toolbox = toolbox or Toolbox()
        self.on_progress = on_progress
        self.workers = workers
        self.failures: list[RenderFailure] = []
        """What failed since somebody last emptied the list."""
        self._desk: Desk | None = None

    @property
    def desk(self) -> Desk:
        """The current snapshot of the sources, taken when first needed."""
        if self._desk is None:
            self._desk = Desk(self.home, self.steps, self.toolbox)
        return self._desk

    def refresh(self) -> None:
        """Forgets the snapshot: the next use reads the sources again."""
        self._desk = None

    def render(self, step: Step, keys: Sequence[Key], log: Callable[[str], object] = print) -> Outcome:
        """Makes or finds every key's artifact. One failing does not stop the others."""
        desk, outcome = self.desk, Outcome([], [])
        workers = min(self.workers, len(keys)) if step.parallel else 1
        with ThreadPoolExecutor(max(workers, 1), thread_name_prefix=step.name) as pool:
            queue = sorted(keys, key=lambda key: -_weight(desk, step, key))
            futures: dict[Future[Rendered], Key] = {pool.submit(self._one, desk, step, key): key for key in queue}
            try:
                for future in as_completed(futures):
                    self._settle(future, futures[future], outcome, log)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        order = {key: index for index, key in enumerate(keys)}
        outcome.done.sort(key=lambda rendered: order[rendered.key])
        return outcome

    def _settle(self, future: Future[Rendered], key: Key, outcome: Outcome, log: Callable[[str], object]) -> None:
        try:
            rendered = future.result()
        except USER_ERRORS as error:
            outcome.failures.append(RenderFailure(key, error))
            self.failures.append(outcome.failures[-1])
            return
        outcome.done.append(rendered)
        log(f"{rendered.result.asset} {key}: {'found' if rendered.hit else f'made in {rendered.result.seconds:.2f} s'}")

    def _one(self, desk: Desk, step: Step, key: Key) -> Rendered:
        action = desk.action(step.name, key)

        def progress(share: float) -> None:
            if self.on_progress is not None:
                self.on_progress(step.name, key, share)

        result, hit = perform(desk, key, action, step.make, progress)
        desk.recorded(step.name, key, result)
        if step.after is not None:
            step.after(desk, key, result)
        self.home.cache.set_head(key.series, step.name, key.partition, action.digest)
        progress(1.0)
        return Rendered(key, result, hit)


def _weight(desk: Desk, step: Step, key: Key) -> float:
    """0 where nothing can be told: the work itself then says why."""
    if step.weight is None:
        return 0.0
    try:
        return step.weight(desk.action(step.name, key))
    except USER_ERRORS:
        return 0.0
