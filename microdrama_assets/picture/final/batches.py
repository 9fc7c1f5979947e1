"""Several shots' pictures by one call of the model, where `running.batch` holds the candidates of more than one.

Which shots are painted together follows from what is missing, so it is no part of a recipe: an edit of one shot makes
no other stale. `batch` is, and each statement names the pictures that were painted beside its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import groupby

from microdrama_assets.graph.action import Action
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import models_of
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.perform import perform
from microdrama_assets.graph.work import Work
from microdrama_assets.picture.final.keyframe import picture_action
from microdrama_assets.picture.final.painting import controls_of, hand_in, order_of
from microdrama_assets.schemas.final import FinalModels
from microdrama_assets.studios.final.diffusion import paint_together
from microdrama_assets.studios.final.running import accelerator, device_of


def paint_batches(desk: Desk, keys: Sequence[Key], go_on: Callable[[float], None]) -> None:
    """Paints what is missing of these shots of one series, as many at once as the batch holds. What fails is left to be
    painted alone, which says why."""
    named = models_of(desk, keys[0].series)
    most = named.running.batch // named.keyframe.candidates
    for _, alike in groupby(sorted(_missing(desk, keys), key=_learnt), key=lambda one: _learnt(one)[0]):
        shots = list(alike)
        for first in range(0, len(shots), most):
            if len(batch := shots[first : first + most]) > 1:
                with suppress(Exception):
                    _Batch(desk, named, go_on).perform(batch)


def _missing(desk: Desk, keys: Sequence[Key]) -> list[tuple[Key, Action]]:
    found: list[tuple[Key, Action]] = []
    for key in keys:
        with suppress(Exception):
            action = picture_action(desk, key, desk.action("keyframe", key))
            if "anew" not in action.params and desk.made(action.digest) is None:
                found.append((key, action))
    return found


def _learnt(one: tuple[Key, Action]) -> tuple[str, str]:
    """The LoRA that a shot asks for, and the shot's place among those that ask for the same."""
    key, action = one
    loras = {name: entry.blob.digest for name, entry in action.inputs.items() if name.startswith("loras/")}
    return f"{action.params['keyframe']['likenesses']} {loras}", str(key)


class _Batch:
    """Actions that hold their leases together, in one order everywhere, while they are painted."""

    def __init__(self, desk: Desk, named: FinalModels, go_on: Callable[[float], None]) -> None:
        self.desk, self.named, self.go_on = desk, named, go_on
        self.works: list[Work] = []

    def perform(self, rest: Sequence[tuple[Key, Action]]) -> None:
        """One within the other; painted where the last one begins, without those that another process has made."""
        if not rest:
            return self._paint()
        (key, action), more = rest[0], rest[1:]

        def make(work: Work) -> None:
            self.works.append(work)
            self.perform(more)

        _, hit = perform(self.desk, key, action, make, self.go_on)
        if hit:
            self.perform(more)

    def _paint(self) -> None:
        if not self.works:
            return
        began, running, models = time.perf_counter(), self.named.running, self.named.keyframe
        controls = [controls_of(work) for work in self.works]
        likenesses = {one: models.likenesses[one] for one in self.works[0].action.params["keyframe"]["likenesses"]}
        orders = [order_of(work, likenesses, one) for work, one in zip(self.works, controls, strict=True)]
        with accelerator(self.desk.home.root / "tmp") as timer:
            painted = paint_together(orders, models, running, self.works[0].toolbox.models_folder)
        for work, order, drawn, one in zip(self.works, orders, controls, painted, strict=True):
            hand_in(work, order, drawn, one)
            work.note(device=device_of(running), reduced=one.size != (models.width, models.height), painted_with=[
                other.action.digest for other in self.works if other is not work])
            if device_of(running) != "cpu":
                work.spent(gpu_seconds=round(timer.seconds / len(self.works), 4))
        for work in self.works:
            work.took_s = (time.perf_counter() - began) / len(self.works)
