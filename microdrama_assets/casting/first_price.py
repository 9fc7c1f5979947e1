"""What a first sheet or a first training may take, where none was made before: from the pictures that the same series
has had painted, by how often the model is asked and for how many pixels. An estimate, and told as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

from microdrama_assets.graph.action import Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import models_named, picture_settings
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.step import Guess
from microdrama_assets.schemas.final import SheetSettings

SAMPLE = 9
PASSES, PASSES_CHECKPOINTED = 2, 3
"""What a step of training is worth in runs of the model: forward, and back through weights that are not learnt; where
activations are computed twice, once more forward (Chen et al., 2016)."""


def sheet_guess(desk: Desk, key: Key) -> Guess | None:
    """Every cell, at what one picture took."""
    named = models_named(desk, key.series)
    if named is None or named.characters is None:
        return None
    sheet = named.characters.sheet.model_dump(mode="json")
    return _guess(desk, key, _pixels_run({"keyframe": picture_settings(named.keyframe), "sheet": sheet}))


def training_guess(desk: Desk, key: Key) -> Guess | None:
    """Every step, at what a step of a picture took."""
    from microdrama_assets.studios.final.training import CHECKPOINTED_PX  # brings libraries that no plan waits for

    named = models_named(desk, key.series)
    if named is None or named.characters is None:
        return None
    training = named.characters.training
    passes = PASSES_CHECKPOINTED if training.resolution >= CHECKPOINTED_PX else PASSES
    return _guess(desk, key, training.steps * passes * training.resolution**2)


def _guess(desk: Desk, key: Key, pixels: float) -> Guess | None:
    painted = [(one, _pixels_run(one.recipe["params"])) for one in _painted(desk, key.series)]
    if not painted:
        return None
    seconds, gpu = (median(told) * pixels for told in (
        [one.seconds / run for one, run in painted], [one.gpu_seconds / run for one, run in painted]))
    return Guess(round(seconds, 1), round(gpu, 1))


def _painted(desk: Desk, series: str) -> Iterator[Result]:
    for asset in ("reference_sheet", "keyframe"):
        for head in desk.home.cache.heads(series, asset, SAMPLE):
            found = desk.made(head)
            if found is not None and "keyframe" in found.recipe["params"]:
                yield found


def _pixels_run(params: Mapping[str, Any]) -> float:
    """Pixels of every run of the model: with guidance it runs twice a step, with the words and without."""
    settings = params["keyframe"]
    sheet = SheetSettings.model_validate(params["sheet"]) if "sheet" in params else None
    pictures = settings["candidates"] * (1 if sheet is None else len(sheet.views) * len(sheet.emotions))
    runs = settings["steps"] * (2 if settings["guidance"] > 1 else 1) * pictures
    return float(runs * settings["width"] * settings["height"])
