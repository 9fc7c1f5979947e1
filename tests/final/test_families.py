"""Newer families of picture models take the same orders, and what they cannot take is refused where it is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from microdrama_assets.schemas.final import KeyframeModels
from microdrama_assets.studios.final.diffusion import paint
from microdrama_assets.studios.final.errors import ModelUnfit
from tests.final import newer_families
from tests.final.test_models import CPU, ORDER
from tests.final.tiny_models import HEIGHT, WIDTH, Shelf

BEFORE = np.random.default_rng(1).integers(0, 255, (HEIGHT, WIDTH, 3)).astype(np.uint8)
SETTINGS = {"steps": 2, "width": WIDTH, "height": HEIGHT, "guidance": 1.0}


@pytest.fixture(scope="module")
def z_image(shelf: Shelf) -> KeyframeModels:
    newer_families.z_image(shelf)
    return KeyframeModels.model_validate({**SETTINGS, "family": "z_image", "base": shelf.entry("z_image"), "pose": shelf.entry("z_image_pose")})


@pytest.fixture(scope="module")
def flux2_klein(shelf: Shelf) -> KeyframeModels:
    newer_families.flux2_klein(shelf)
    return KeyframeModels.model_validate({**SETTINGS, "family": "flux2_klein", "base": shelf.entry("flux2_klein")})


@pytest.fixture(scope="module")
def qwen_image_edit(shelf: Shelf) -> KeyframeModels:
    newer_families.qwen_image_edit(shelf)
    sized = {**SETTINGS, "height": 128, "steps": 1}
    return KeyframeModels.model_validate({**sized, "family": "qwen_image_edit", "base": shelf.entry("qwen_image_edit")})


@pytest.mark.parametrize(("family", "heard", "deaf"), [
    ("z_image", {"words", "pose", "seed", "take before"}, {"face"}),
    ("flux2_klein", {"words", "pose", "face", "seed", "take before"}, set()),
    ("qwen_image_edit", {"words", "face"}, set()),
])
def test_an_order_is_painted_the_same_every_time(family: str, heard: set[str], deaf: set[str], folder: Path,
                                                 request: pytest.FixtureRequest) -> None:
    """Poses, words and, where the family takes them, faces and the take before decide the picture, and nothing else."""
    models: KeyframeModels = request.getfixturevalue(family)
    first, again = (paint(ORDER, models, CPU, folder).candidates[0].picture for _ in range(2))
    assert first.shape == (models.height, WIDTH, 3) and np.array_equal(first, again)
    others = {"words": replace(ORDER, prompt="an alley at night"), "pose": replace(ORDER, pose=None),
              "face": replace(ORDER, reference=None), "seed": replace(ORDER, seed=8),
              "take before": replace(ORDER, before=BEFORE, strength=0.5)}
    changed = {label for label, order in others.items()
               if label in heard | deaf and not np.array_equal(paint(order, models, CPU, folder).candidates[0].picture, first)}
    assert changed == heard and not changed & deaf and models.holds_faces == ("face" in heard)


def test_sdxl_begins_from_the_take_before(shelf: Shelf, folder: Path) -> None:
    """With little strength the picture stays near it, with all of it hardly anything is left; with maps and without."""
    for left_out in ({}, {"pose": None, "depth": None}):
        models = KeyframeModels.model_validate({**shelf.keyframe(steps=5), **left_out})
        little, much = (paint(replace(ORDER, before=BEFORE, strength=strength), models, CPU, folder).candidates[0].picture
                        for strength in (0.2, 1.0))
        assert little.shape == (HEIGHT, WIDTH, 3) and not np.array_equal(little, much)


def test_a_model_of_another_family_is_refused(flux2_klein: KeyframeModels, folder: Path) -> None:
    """A folder says what it is; it is not loaded as something else."""
    with pytest.raises(ModelUnfit, match="local/flux2_klein is for Flux2KleinPipeline, and keyframe.family asks for ZImagePipeline"):
        paint(ORDER, flux2_klein.model_copy(update={"family": "z_image"}), CPU, folder)


@pytest.mark.parametrize(("label", "changes", "says"), [
    ("LoRA", {"likenesses": {"ana": {"trained": True}}}, "the family z_image takes no likenesses"),
    ("IP-Adapter and depth", {"identity": "same", "depth": "same"}, "takes no depth and no identity"),
    ("a size of detail", {"detail": {"width": 1080}}, "makes pictures in multiples of 16 pixels"),
    ("another size", {"width": 72}, "makes pictures in multiples of 16 pixels"),
])
def test_what_a_family_cannot_take_is_told(label: str, changes: dict[str, object], says: str) -> None:
    """`models.yaml` is judged before anything is loaded."""
    entry = {"repo": "local/z", "revision": "a" * 40, "licence": "Apache-2.0", "files": {"a.json": "0" * 64}}
    written = {name: entry if value == "same" else value for name, value in changes.items()}
    with pytest.raises(ValueError, match=says):
        KeyframeModels.model_validate({**SETTINGS, "family": "z_image", "base": entry, **written})
