"""Paints a character's reference sheet, cell by cell, each held to the first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from audit.canonical import digest, encode
from microdrama_assets.casting.cells import SHEET, head_and_shoulders
from microdrama_assets.graph.computing import computing
from microdrama_assets.graph.fidelity import models_of
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.final import SheetSettings
from microdrama_assets.schemas.manifest import CastLook
from microdrama_assets.studios.draft.character_sheet import CELL
from microdrama_assets.studios.draft.pixels import encode_png
from microdrama_assets.studios.final.choosing import best
from microdrama_assets.studios.final.diffusion import paint
from microdrama_assets.studios.final.orders import PictureOrder
from microdrama_assets.studios.final.running import device_of
from microdrama_assets.studios.final.sheet import cell_prompt, cells, laid_side_by_side, posed
from microdrama_assets.studios.pictures import decoded


def paint_sheet(work: Work) -> None:
    running = models_of(work.desk, work.key.series).running
    told: list[dict[str, Any]] = []
    pictures: list[np.ndarray] = []
    with computing(work, running):
        for picture, about in _painted(work):
            pictures.append(picture)
            told.append(about)
            work.add(f"cells/{about['name']}.png", encode_png(picture))
    work.add(SHEET, encode({"cells": told}))
    work.add("sheet.jpg", laid_side_by_side(pictures, max(2, len(work.action.params["sheet"]["emotions"]))))
    work.note(device=device_of(running), pictures=len(pictures))


def _painted(work: Work) -> Iterator[tuple[np.ndarray, dict[str, Any]]]:
    """Every cell and its record. The first is held to the character's own picture, or else to the drawn head; the
    others to the first."""
    named, look = models_of(work.desk, work.key.series), work.load("look.json", CastLook)
    own = work.names("own/")
    reference = decoded(work.read(own[0])) if own else decoded(work.read("drawn.png"))[: CELL[1], : CELL[0]]
    wanted = list(cells(SheetSettings.model_validate(work.action.params["sheet"])))
    for number, cell in enumerate(wanted):
        at, words = posed(look, cell), cell_prompt(look, cell)
        seed = int(digest("cell", {"character": look.slug, "cell": cell.name})[:8], 16)
        painted = paint(PictureOrder(words, seed, at.pose, at.depth, reference), named.keyframe, named.running,
                        work.toolbox.models_folder)
        picture = painted.candidates[best(painted.candidates)].picture
        if number == 0:
            face = head_and_shoulders(picture, at.face)
            reference = picture if face is None else face
        yield picture, {"name": cell.name, "view": cell.view, "emotion": cell.emotion, "prompt": words, "seed": seed,
                        "face": at.face.model_dump(mode="json")}
        work.progress((number + 1) / (len(wanted) + 1))
