"""A studio: one process's warm models and one snapshot of the sources, rendering partitions side by side.

Whatever ends one partition, its siblings go on; whatever ends the batch, what was finished is told.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field

from microdrama_assets.graph.action import Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.perform import perform
from microdrama_assets.graph.plan import verdicts_over
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.toolbox import Toolbox
from microdrama_assets.graph.verdict import NOTHING_CHANGED, Verdict
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.user_errors import USER_ERRORS
from resources.evidence import SequencerBusy
from resources.home import Home

WORKERS = 2
"""Partitions made side by side in one process. Encoders and models run one thread each, so this is a core each."""


@dataclass(frozen=True)
class Rendered:
    """A partition that stands on the current sources, whether its bytes were there already, and why it was made."""

    key: Key
    result: Result
    hit: bool
    verdict: str = Verdict.FRESH.value
    """What the plan said of it before."""
    cause: str = NOTHING_CHANGED


class Stopped(MicrodramaError):
    """Somebody stopped the studio before this partition was made."""

    def __init__(self) -> None:
        super().__init__("stopped before it was made", remedy="Render again to go on; finished work is kept")


@dataclass(frozen=True)
class RenderFailure:
    key: Key
    error: Exception

    @property
    def reason(self) -> str:
        """What went wrong, for the person who asked for the partition."""
        if isinstance(self.error, USER_ERRORS):
            return str(self.error)
        return f"a defect, or the machine: {type(self.error).__name__}: {self.error} (the run's log has the traceback)"


@dataclass
class Outcome:
    """What became of a batch."""

    done: list[Rendered] = field(default_factory=list)
    failures: list[RenderFailure] = field(default_factory=list)
    interrupt: BaseException | None = None
    """Ctrl-C, or Dagster's word that the run is cancelled: to be raised again once `done` is recorded."""


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
        self.spent_usd = 0.0
        """What was spent since somebody last set it to zero."""
        self._spending = threading.Lock()
        self._stop = threading.Event()
        self._keep_drifted = False
        self._desk: Desk | None = None
        self.on_made: Callable[[Step, Key], object] = lambda step, key: None
        """Told, in the thread that made it, of each partition that is there."""
        self._prepared = set[str]()
        """Actions that this studio performs before they are asked for, until somebody is told of them as made."""

    @property
    def desk(self) -> Desk:
        """The current snapshot of the sources, taken when first needed."""
        if self._desk is None:
            self._desk = Desk(self.home, self.steps, self.toolbox, self._keep_drifted)
        return self._desk

    def refresh(self, keep_drifted: bool = False) -> None:
        """Forgets the snapshot and any stop: the next use reads the sources again.

        With `keep_drifted`, partitions whose recipe alone has changed keep their last results.
        """
        self._desk, self._keep_drifted, self._prepared = None, keep_drifted, set()
        self._stop.clear()

    def stop(self) -> None:
        """Ends what is being rendered, from any thread: nothing new starts, and long actions end where they tell
        progress. Holds until `refresh`."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def render(self, step: Step, keys: Sequence[Key], log: Callable[[str], object] = print) -> Outcome:
        """Makes or finds every key's artifact and notes that its partition stands on it."""
        outcome = self.make(step, keys, log)
        self.stand(step, outcome.done)
        if outcome.interrupt is not None:
            raise outcome.interrupt
        return outcome

    def prepare(self, step: Step, keys: Sequence[Key], wants: Callable[[Step], bool]) -> None:
        """Begins partitions beside other work; then performs what steps below can have done already."""
        for key in keys:
            self.begin(step, key)
        for later in self.steps.values():
            if later.ahead is not None and later.ahead[0] == step.name and wants(later):
                self.go_ahead(later, keys)

    def begin(self, step: Step, key: Key) -> bool:
        """Performs a partition's action before `make` is asked for it, and notes nothing: `make` finds the result and
        tells of it as made. False where it cannot be yet, or failed: then it fails there."""
        try:
            action = self.desk.action(step.name, key)
            if step.flows is not None and not step.flows(action):
                return False
            if self.desk.settled(step.name, key) is not None or self.desk.made(action.digest) is not None:
                return True
            self._prepared.add(action.digest)  # before it is there, so that whoever finds it knows whose it is
            if perform(self.desk, key, action, step.make, self._unless_stopped)[1]:
                self._prepared.discard(action.digest)
        except Exception:
            return False
        return True

    def go_ahead(self, step: Step, keys: Sequence[Key]) -> None:
        """Performs what `make` will ask for and find. What fails here fails there."""
        assert step.ahead is not None
        for key in keys:
            with suppress(Exception):
                self._unless_stopped(0.0)
                self._spend(step.ahead[1](self.desk, key, self._unless_stopped))

    def _spend(self, usd: float) -> None:
        with self._spending:
            self.spent_usd += usd

    def _told_first(self, action: str) -> bool:
        """Whether this studio performed an action beforehand and this is the first partition that finds it."""
        with self._spending:
            begun = action in self._prepared
            self._prepared.discard(action)
            return begun

    def _unless_stopped(self, share: float) -> None:
        if self.stopping:
            raise Stopped

    def make(self, step: Step, keys: Sequence[Key], log: Callable[[str], object] = print) -> Outcome:
        """Makes or finds every key's artifact. One failing does not stop the others. The caller records what was done,
        then calls `stand`; in this order, or a kill in between would hide from Dagster what the plan calls fresh."""
        desk, outcome = self.desk, Outcome()
        workers = min(self.workers, len(keys)) if step.parallel else 1
        if step.together is not None:
            step.together(desk, keys, self._unless_stopped)
        queue = sorted(keys, key=lambda key: -_weight(desk, step, key))
        with ThreadPoolExecutor(max(workers, 1), thread_name_prefix=step.name) as pool:
            running = {pool.submit(self._one, desk, step, key): key for key in queue}
            try:
                for future in as_completed(dict(running)):
                    self._settle(future, running.pop(future), outcome, log)
            except BaseException as interrupt:
                self.stop()
                outcome.interrupt = interrupt
        for future, key in running.items():
            self._settle(future, key, outcome, log)
        order = {key: index for index, key in enumerate(keys)}
        outcome.done.sort(key=lambda rendered: order[rendered.key])
        return outcome

    def stand(self, step: Step, done: Sequence[Rendered]) -> None:
        """Notes which actions these partitions stand on."""
        for rendered in done:
            key = rendered.key
            self.home.cache.set_head(key.series, step.name, key.partition, rendered.result.action)

    def log_evidence(self) -> None:
        """Appends the statements that wait to the log, unless another process is at it."""
        evidence = self.desk.evidence
        if evidence.pending():
            with suppress(SequencerBusy):
                evidence.sequence(wait_s=0.0)

    def _settle(self, future: Future[Rendered], key: Key, outcome: Outcome, log: Callable[[str], object]) -> None:
        try:
            rendered = future.result()
        except Exception as error:
            outcome.failures.append(RenderFailure(key, error))
            self.failures.append(outcome.failures[-1])
            if not isinstance(error, USER_ERRORS):
                log("".join(traceback.format_exception(error)))
            return
        outcome.done.append(rendered)
        self._spend(0.0 if rendered.hit else rendered.result.usd)
        log(f"{rendered.result.asset} {key}: {'found' if rendered.hit else f'made in {rendered.result.seconds:.2f} s'}")

    def _one(self, desk: Desk, step: Step, key: Key) -> Rendered:
        def progress(share: float) -> None:
            self._unless_stopped(share)
            if self.on_progress is not None:
                self.on_progress(step.name, key, share)

        progress(0.0)
        told = verdicts_over(desk).entry(step.name, key)
        settled = desk.settled(step.name, key)
        result, hit = (settled, True) if settled is not None else (
            perform(desk, key, desk.action(step.name, key), step.make, progress))
        hit = hit and not self._told_first(result.action)
        desk.recorded(step.name, key, result)
        if step.after is not None:
            step.after(desk, key, result)
        self.on_made(step, key)
        if self.on_progress is not None:
            self.on_progress(step.name, key, 1.0)
        return Rendered(key, result, hit, told.verdict.value, told.cause)


def _weight(desk: Desk, step: Step, key: Key) -> float:
    """0 where nothing can be told: the work itself then says why."""
    if step.weight is None:
        return 0.0
    try:
        return step.weight(desk.action(step.name, key))
    except USER_ERRORS:
        return 0.0
