"""Beside the waves: what a render makes while it waits for something else. Imports no Dagster, so it begins before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType

from microdrama_assets.flow import Flow
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.plan import Planner
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.studio import Studio
from microdrama_assets.graph.verdict import settled
from microdrama_assets.planning import registry_of
from microdrama_assets.request import Request, keys_of


class Beside:
    """One render's other threads, over a fresh snapshot of the sources: one makes whole steps that nothing waits for
    yet, a `Flow` takes single shots on. Neither works under a cap, where everything has its price told in turn."""

    def __init__(self, studio: Studio, request: Request, max_usd: float | None = None) -> None:
        self.studio, self.request = studio, request
        self.capped = max_usd is not None
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="aside")
        self._flow = Flow(studio, request)
        self._open = ExitStack()

    def __enter__(self) -> Beside:
        self.studio.refresh(keep_drifted=not self.request.include_drifted)
        self.studio.spent_usd = 0.0
        starts = [] if self.capped else list(self._from_the_start())  # may raise: before there are threads to end
        self._open.enter_context(self._aside)
        if not self.capped:
            self._open.enter_context(self._flow)
        for step, keys in starts:
            self._aside.submit(self.studio.go_ahead, step, keys)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None:
            self.studio.stop()
        self._open.__exit__(kind, error, at)

    def takes(self, step: Step) -> bool:
        """Whether a step is made here while the waves go on."""
        return step.aside and not self.capped

    def prepare(self, step: Step, keys: Sequence[Key]) -> Future[None]:
        """Makes these partitions of a step, for its wave to find."""
        return self._aside.submit(self.studio.prepare, step, keys, self.request.wants)

    def passed(self, step: Step) -> None:
        """The step's own wave begins."""
        self._flow.passed(step)

    def _from_the_start(self) -> Iterator[tuple[Step, list[Key]]]:
        """Steps that can go ahead before anything is made, and their partitions that are to be made."""
        left_alone = settled(self.request.include_drifted)
        planner = Planner(self.studio.desk, priced=False)  # its own: the waves' planner is asked when inputs are there
        for step in self.studio.steps.values():
            if step.ahead is not None and step.ahead[0] is None:
                keys = keys_of(step, registry_of(self.studio, self.request), self.request)
                stale = [key for key in keys if planner.entry(step.name, key).verdict not in left_alone]
                if stale:
                    yield step, stale
