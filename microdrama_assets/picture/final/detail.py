"""Paints lightly over the enlarged picture, so that what enlarging left soft has texture: the same model, words, poses
and faces, and so little noise that nothing moves. A step of its own: another strength paints no candidate anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from microdrama_assets.graph.computing import computing
from microdrama_assets.graph.work import Work
from microdrama_assets.picture.final.painting import controls_of, order_of
from microdrama_assets.schemas.final import DetailSettings, KeyframeModels, Likeness, Running
from microdrama_assets.studios.draft.pixels import encode_png
from microdrama_assets.studios.final.diffusion import paint
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
    with computing(work, running):
        painted = paint(order, sized, running, work.toolbox.models_folder)
    work.add("still.png", encode_png(fitted(painted.candidates[0].picture, WIDTH, HEIGHT)))
    work.note(width=painted.size[0], height=painted.size[1], device=device_of(running),
              reduced=painted.size != (settings.width, settings.height))
