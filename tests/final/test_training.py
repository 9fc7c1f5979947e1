"""A character's LoRA really learns, the same every time, and goes on where it was stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from microdrama_assets.schemas.final import KeyframeModels, Likeness, Running, TrainingSettings
from microdrama_assets.studios.final.diffusion import paint
from microdrama_assets.studios.final.errors import LoraMismatch
from microdrama_assets.studios.final.training import Example, Learnt, train
from tests.final.test_models import ORDER
from tests.final.tiny_models import Shelf

CPU = Running(device="cpu", precision="float32")
SETTINGS = TrainingSettings(rank=4, steps=40, learning_rate=0.02, resolution=32, seed=3, save_every=7)


@pytest.fixture(scope="module")
def keyframe(shelf: Shelf) -> KeyframeModels:
    return KeyframeModels.model_validate(shelf.keyframe())


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    pictures = np.random.default_rng(5).integers(0, 255, (2, 40, 40, 3)).astype(np.uint8)
    return [Example(picture, f"photo of ana {number}") for number, picture in enumerate(pictures)]


@pytest.fixture(scope="module")
def learnt(keyframe: KeyframeModels, examples: list[Example], shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Learnt:
    return train(examples, keyframe.base, SETTINGS, CPU, tmp_path_factory.mktemp("kept"), shelf.root)


def test_the_loss_falls_and_the_weights_change_pictures(learnt: Learnt, keyframe: KeyframeModels, folder: Path, tmp_path: Path) -> None:
    """What was learnt predicts the noise of its examples better than the base does, and paints other pictures."""
    assert learnt.after < 0.97 * learnt.before and len(learnt.losses) == 40  # by a margin that no rounding explains
    path = tmp_path / "ana.safetensors"
    path.write_bytes(learnt.weights)
    order = replace(ORDER, likenesses={"ana": Likeness(trained=True, synthetic=True)}, trained={"ana": path})
    plain = paint(ORDER, keyframe, CPU, folder).candidates[0].picture
    with_it = [paint(order, keyframe, CPU, folder).candidates[0].picture for _ in range(2)]
    assert np.array_equal(*with_it) and not np.array_equal(with_it[0], plain)


def test_training_that_was_stopped_goes_on(learnt: Learnt, keyframe: KeyframeModels, examples: list[Example], folder: Path,
                                           tmp_path: Path) -> None:
    """Stopped between two savings, it goes on from the last one and ends with the same bytes; a torn file begins anew."""
    def stop(step: int, loss: float) -> None:
        if step == 17:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(examples, keyframe.base, SETTINGS, CPU, tmp_path, folder, stop)
    again = train(examples, keyframe.base, SETTINGS, CPU, tmp_path, folder)
    assert again.resumed_at == 14 and again.weights == learnt.weights and again.losses == learnt.losses
    assert (again.before, again.after) == (learnt.before, learnt.after)
    (tmp_path / "kept.safetensors").write_bytes(b"torn")
    short = SETTINGS.model_copy(update={"steps": 1})
    assert train(examples, keyframe.base, short, CPU, tmp_path, folder).resumed_at == 0


def test_a_trained_lora_knows_its_architecture(learnt: Learnt, keyframe: KeyframeModels, folder: Path, tmp_path: Path) -> None:
    """Put to another model it is refused by what its file says, before any shape is compared."""
    path = tmp_path / "ana.safetensors"
    path.write_bytes(_other(learnt.weights))
    order = replace(ORDER, likenesses={"ana": Likeness(trained=True, synthetic=True)}, trained={"ana": path})
    with pytest.raises(LoraMismatch, match="the LoRA of ana .* is for another architecture: it was trained on local/sdxl@"):
        paint(order, keyframe, CPU, folder)


def _other(weights: bytes) -> bytes:
    """The same file, saying that it is for a model of other shapes."""
    at = weights.index(b'architecture\\": \\"') + len(b'architecture\\": \\"')
    return weights[:at] + (b"0" * 8) + weights[at + 8:]
