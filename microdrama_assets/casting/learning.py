"""Trains a character's LoRA as an action: what it is shown, where it goes on from, and what is recorded of it."""

from __future__ import annotations

import shutil

from audit.canonical import encode
from microdrama_assets.casting.cells import cells_of, characters_of, head_and_shoulders, picture_of
from microdrama_assets.graph.computing import computing
from microdrama_assets.graph.fidelity import models_of
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.film import FaceBox
from microdrama_assets.studios.final.running import device_of
from microdrama_assets.studios.final.training import Example, train
from microdrama_assets.studios.pictures import decoded

LORA, TRAINING = "lora.safetensors", "training.json"


def train_lora(work: Work) -> None:
    """Goes on where training of this very recipe was stopped, if it was."""
    named, settings, examples = models_of(work.desk, work.key.series), characters_of(work).training, _examples(work)
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
    for cell in cells_of(work):
        shown = head_and_shoulders(picture_of(work, cell), FaceBox.model_validate(cell["face"]))
        if shown is not None:
            found.append(Example(shown, f"photo of {word}, {cell['emotion']} expression, plain grey background"))
    return found + [Example(decoded(work.read(name)), f"photo of {word}") for name in work.names("own/")]
