"""Paints lightly over the enlarged picture, so that what enlarging left soft has texture: the same model, words, poses
and faces, and so little noise that nothing moves. The whole picture, or each face by itself, larger than it is, laid
back with soft edges. A step of its own: another strength paints no candidate anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from microdrama_assets.graph.computing import computing
from microdrama_assets.graph.work import Work
from microdrama_assets.picture.final.likenesses import focus
from microdrama_assets.picture.final.painting import controls_of, order_of
from microdrama_assets.schemas.film import FaceBox
from microdrama_assets.schemas.final import DetailSettings, KeyframeModels, Likeness, Running
from microdrama_assets.schemas.manifest import FrameFacet
from microdrama_assets.studios.draft.pixels import encode_png
from microdrama_assets.studios.final.diffusion import paint
from microdrama_assets.studios.final.faces import around, laid_back
from microdrama_assets.studios.final.orders import PictureOrder
from microdrama_assets.studios.final.pictures import fitted
from microdrama_assets.studios.final.running import device_of
from microdrama_assets.studios.final.upscaling import HEIGHT, WIDTH
from microdrama_assets.studios.pictures import decoded

APART = 104_729
"""Between the seed of a picture and that of its detail: with one noise, the same grain would be laid on twice."""


def detail_seed(seed: int) -> int:
    return seed + APART


def paint_detail(work: Work, models: KeyframeModels, likenesses: Mapping[str, Likeness], running: Running) -> None:
    told = work.action.params["detail"]
    settings = DetailSettings.model_validate({name: told[name] for name in DetailSettings.model_fields})
    order = replace(order_of(work, likenesses, controls_of(work)), seed=told["seed"],
                    before=decoded(work.read("enlarged.png")), strength=settings.strength)
    sized = models.model_copy(update={"candidates": 1, "steps": settings.steps, "width": settings.width,
                                      "height": settings.height})
    sizes: list[tuple[int, int]] = []

    def painted(part: PictureOrder) -> np.ndarray:
        made = paint(part, sized, running, work.toolbox.models_folder)
        sizes.append(made.size)
        return made.candidates[0].picture

    assert order.before is not None
    picture = order.before
    with computing(work, running):
        if settings.only == "picture":
            picture = fitted(painted(order), WIDTH, HEIGHT)
        for number, (slug, box) in enumerate(sorted(work.action.params.get("faces", {}).items())):
            part = _of_face(work, replace(order, before=picture, seed=order.seed + number), slug, box, settings)
            picture = picture if part is None else laid_back(picture, painted(part[1]), part[0])
    work.add("still.png", encode_png(picture))
    work.note(painted=len(sizes), width=settings.width, height=settings.height, device=device_of(running),
              reduced=any(size != (settings.width, settings.height) for size in sizes))


def _of_face(work: Work, order: PictureOrder, slug: str, box: Mapping[str, Any],
             settings: DetailSettings) -> tuple[tuple[slice, slice], PictureOrder] | None:
    """Where a face is, and the order for it: everything cut alike; only whose face is held keeps it. None where it is
    too small, or out of the picture."""
    where = around(FaceBox.model_validate(box), WIDTH, HEIGHT, settings.width / settings.height)
    if where is None:
        return None
    held = focus(work.load("frame.json", FrameFacet)) == slug
    cut = {name: None if whole is None else np.ascontiguousarray(whole[where])
           for name in ("pose", "depth", "before") for whole in [getattr(order, name)]}
    return where, replace(order, **cut, reference=order.reference if held else None)
