"""Makes what a bundle consists of: the sheet's pictures, the vectors of their faces, and the LoRA that learns them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import Any

import numpy as np

from audit.canonical import digest, encode
from microdrama_assets.graph.computing import computing
from microdrama_assets.graph.fidelity import models_of
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.film import FaceBox
from microdrama_assets.schemas.final import CharacterModels, SheetSettings
from microdrama_assets.schemas.manifest import CastLook
from microdrama_assets.studios.draft.character_sheet import CELL
from microdrama_assets.studios.draft.pixels import encode_png
from microdrama_assets.studios.final.diffusion import PictureOrder, best, paint
from microdrama_assets.studios.final.identity import WIDER, face_of, vectors
from microdrama_assets.studios.final.running import device_of
from microdrama_assets.studios.final.sheet import cell_prompt, cells, laid_side_by_side, posed
from microdrama_assets.studios.final.training import Example, train
from microdrama_assets.studios.pictures import decoded

SHEET, EMBEDDING, LORA, TRAINING = "sheet.json", "embedding.json", "lora.safetensors", "training.json"
ROOM = 2.2
"""Side of the square that a LoRA is shown, as a share of the face's longer side: head and shoulders."""


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


def embed(work: Work) -> None:
    """`vectors` by cell, and `likeness`: how close each is to the mean of the others."""
    named, characters = models_of(work.desk, work.key.series), _characters(work)
    faces: dict[str, np.ndarray] = {}
    for cell in _cells(work):
        face = face_of(_picture(work, cell), FaceBox.model_validate(cell["face"]))
        if face is not None and cell["view"] != "back":
            faces[cell["name"]] = face
    with computing(work, named.running):
        found = vectors(list(faces.values()), characters.encoder, named.running, work.toolbox.models_folder)
    told = {name: [round(float(value), 6) for value in vector] for name, vector in zip(faces, found, strict=True)}
    likeness = {name: to_others(found, number) for number, name in enumerate(faces)}
    work.add(EMBEDDING, encode({"vectors": told, "likeness": likeness}))


def to_others(found: np.ndarray, number: int) -> float:
    """Cosine of one unit vector to the mean of the others; 1 where it is alone."""
    others = np.delete(found, number, axis=0)
    if not len(others):
        return 1.0
    mean = others.mean(axis=0)
    return round(float(found[number] @ mean / max(float(np.linalg.norm(mean)), 1e-9)), 4)


def train_lora(work: Work) -> None:
    """Goes on where training of this very recipe was stopped, if it was."""
    named, settings, examples = models_of(work.desk, work.key.series), _characters(work).training, _examples(work)
    kept = work.desk.home.root / "tmp" / f"training-{work.action.digest[:24]}"
    with computing(work, named.running):
        learnt = train(examples, named.keyframe.base, settings, named.running, kept, work.toolbox.models_folder,
                       lambda step, loss: work.progress(step / (settings.steps + 1)))
    weights, params = work.add(LORA, learnt.weights), work.action.params
    work.add(TRAINING, encode({
        "trained": True, "sha256": weights.digest, "architecture": learnt.architecture, "pictures": len(examples),
        "base": f"{named.keyframe.base.repo}@{named.keyframe.base.revision}", "word": params["word"],
        "loss_before": learnt.before, "loss_after": learnt.after, "losses": list(learnt.losses),
        "licence": params["licence"], "consent": params["consent"]}))
    work.note(device=device_of(named.running), resumed_at=learnt.resumed_at, loss_before=learnt.before,
              loss_after=learnt.after)
    shutil.rmtree(kept, ignore_errors=True)


def _examples(work: Work) -> list[Example]:
    """Head and shoulders of every cell, with what the cell says, and the character's own pictures whole."""
    word, found = str(work.action.params["word"]), list[Example]()
    for cell in _cells(work):
        shown = head_and_shoulders(_picture(work, cell), FaceBox.model_validate(cell["face"]))
        if shown is not None:
            found.append(Example(shown, f"photo of {word}, {cell['emotion']} expression, plain grey background"))
    return found + [Example(decoded(work.read(name)), f"photo of {word}") for name in work.names("own/")]


def head_and_shoulders(picture: np.ndarray, face: FaceBox) -> np.ndarray | None:
    """The square around a face in which the whole head is; None where hardly any of it is in the picture."""
    share = ROOM / WIDER
    return face_of(picture, FaceBox(x=face.x - face.width * (share - 1) / 2, y=face.y - face.height * (share - 1) / 2,
                                    width=face.width * share, height=face.height * share))


def _characters(work: Work) -> CharacterModels:
    found = models_of(work.desk, work.key.series).characters
    assert found is not None  # the recipe saw them
    return found


def _cells(work: Work) -> list[dict[str, Any]]:
    return json.loads(work.read(SHEET))["cells"]


def _picture(work: Work, cell: dict[str, Any]) -> np.ndarray:
    return decoded(work.read(f"cells/{cell['name']}.png"))
