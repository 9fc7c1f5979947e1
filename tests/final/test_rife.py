"""Frames between a video model's own come from the model that is named for them, or there is an error."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from microdrama_assets.schemas.final import InterpolationModel
from microdrama_assets.studios.final.errors import FinalStudioError, ModelUnfit, PictureRefused
from microdrama_assets.studios.final.interpolation import retimed
from microdrama_assets.studios.final.rife import Rife
from tests.final.tiny_models import Shelf


def ends(width: int = 70, height: int = 90) -> list[np.ndarray]:
    """Two pictures of noise, the second brighter by 80 levels; no side is a multiple of what the model needs."""
    dark = np.random.default_rng(1).integers(0, 100, (height, width, 3)).astype(np.uint8)
    return [dark, dark + 80]


FRAME = (1, 3, "height", "width")
FORMS = {
    "frames and one number": {"img0": FRAME, "img1": FRAME, "timestep": (1,)},
    "a number in four dimensions": {"img0": FRAME, "img1": FRAME, "timestep": (1, 1, 1, 1)},
    "a plane of it": {"frame_0": FRAME, "frame_1": FRAME, "t": ("batch", 1, "height", "width")},
    "fixed to a larger size": {"a": (1, 3, 256, 128), "b": (1, 3, 256, 128), "t": (1, 1, 256, 128)},
    "all in seven channels": {"input": ("batch", 7, "height", "width")},
}


@pytest.mark.parametrize(("label", "half"), [*((label, False) for label in FORMS), ("all in seven channels", True)])
def test_a_named_model_makes_every_frame_between(label: str, half: bool, shelf: Shelf) -> None:
    """In each form that published exports have, whatever their inputs are called: each frame is asked for at its share of
    the way and comes back at its size; the ends stay as they are."""
    named = shelf.rife(f"rife_{label.replace(' ', '_')}_{half}", inputs=FORMS[label], half=half)
    model = Rife(InterpolationModel.model_validate(named), shelf.root)
    first, last = ends()
    frames = list(retimed([first, last], 5, model))
    assert [int((frame.astype(int) - first).min()) for frame in frames] == [0, 20, 40, 60, 80]
    assert all((frame - first == frame[0, 0, 0] - first[0, 0, 0]).all() and frame.shape == (90, 70, 3) for frame in frames)
    assert frames[0] is first and frames[-1] is last


@pytest.mark.parametrize(("label", "changes", "error", "says"), [
    ("no time: the middle alone", {"inputs": {"img0": FRAME, "img1": FRAME, "scale": FRAME}}, ModelUnfit,
     r"its inputs are img0 \(1 x 3 x \? x \?\), img1 .*; two frames .* and a time"),
    ("vs-mlrt's first form", {"inputs": {"input": (1, 11, "height", "width")}}, ModelUnfit, r"input \(1 x 11 x \? x \?\); two frames"),
    ("fixed to a smaller size", {"inputs": {"a": (1, 3, 64, 64), "b": (1, 3, 64, 64), "t": (1,)}}, ModelUnfit,
     "it is fixed to frames of 64x64, and these are of 70x90"),
    ("a frame of another size", {"last_step": ("GlobalAveragePool", {})}, ModelUnfit, r"it gives \(1, 3, 1, 1\), not frames of 128x128"),
    ("a share of another form", {"inputs": {"img0": FRAME, "img1": FRAME, "t": (1, 1, 1, 7)}}, ModelUnfit, "it does not take frames of 128x128"),
    ("values that are no numbers", {"last_step": ("Acosh", {})}, ModelUnfit, "it gives values that are no numbers"),
    ("black", {"last_step": ("Floor", {})}, PictureRefused, "it is black"),
])
def test_a_model_that_gives_no_frame_between_is_an_error(label: str, changes: dict[str, Any], error: type[FinalStudioError],
                                                         says: str, shelf: Shelf) -> None:
    """Another model, a frame of another size and what is no picture are told; optical flow never steps in unasked."""
    named = InterpolationModel.model_validate(shelf.rife(f"rife_{sum(map(ord, label))}", **changes))
    with pytest.raises(error, match=says):
        list(retimed(ends(), 3, Rife(named, shelf.root)))
