"""The flow: single shots go on to the steps that follow while their siblings are still being made.

A wave ends with its slowest partition and with what Dagster writes of it; an edited shot would wait for that at every
step on its way to delivery.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from queue import PriorityQueue
from types import TracebackType

from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.studio import Studio
from microdrama_assets.request import Request

Task = tuple[int, int, Step | None, Key]
"""How deep its step lies (deepest first), when it came, the step, the partition. No step: the end."""


class Flow:
    """A thread that begins what a finished partition makes possible, the step nearest to delivery first.

    Waves come after it and find what it made; what they have come to (`passed`) it leaves to them.
    """

    def __init__(self, studio: Studio, request: Request) -> None:
        self.studio, self.request = studio, request
        self._depths = {name: -depth for depth, name in enumerate(studio.steps)}
        self._order = itertools.count()
        self._tasks: PriorityQueue[Task] = PriorityQueue()
        self._passed = set[str]()
        self._thread = threading.Thread(target=self._run, name="flow")

    def __enter__(self) -> Flow:
        self.studio.on_made = self.reached
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.studio.on_made = lambda step, key: None
        self._tasks.put((-len(self._depths), next(self._order), None, Key("")))
        self._thread.join()

    def passed(self, step: Step) -> None:
        """The step's own wave begins: nothing more of it is begun here."""
        self._passed.add(step.name)

    def reached(self, step: Step, key: Key) -> None:
        """A partition is there: what stands on it may begin."""
        for later in self.studio.steps.values():
            if later.flows is None or step.name not in later.upstream or not self.request.wants(later):
                continue
            if later.name not in self._passed:
                for one in self._below(later, key):
                    self._tasks.put((self._depths[later.name], next(self._order), later, one))

    def _below(self, later: Step, key: Key) -> Iterator[Key]:
        """The partitions of a later step that belong to the same shot, in the same language or in all wanted ones."""
        if key.shot is None:
            return
        if later.scope is Scope.SHOT:
            yield key.in_shot()
        elif later.scope is Scope.SHOT_LANGUAGE:
            spoken = self.studio.desk.registry(key.series).live_languages
            for language in (key.language,) if key.language else self.request.languages or spoken:
                yield Key(key.series, key.episode, key.shot, language=language)

    def _run(self) -> None:
        while True:
            _, _, step, key = self._tasks.get()
            if step is None:
                return
            if step.name not in self._passed and not self.studio.stopping and self.studio.begin(step, key):
                self.reached(step, key)
