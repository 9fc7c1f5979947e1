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


@pytest.mark.parametrize(("label", "changes"), [
    ("the share of the way as four dimensions", {}), ("as one", {"share": (1,)}),
])
def test_a_named_model_makes_every_frame_between(label: str, changes: dict[str, Any], shelf: Shelf) -> None:
    """Each frame is asked for at its share of the way and comes back at its size; the ends stay as they are."""
    model = Rife(InterpolationModel.model_validate(shelf.rife(f"rife_{len(changes)}", **changes)), shelf.root)
    first, last = ends()
    frames = list(retimed([first, last], 5, model))
    assert [int((frame.astype(int) - first).min()) for frame in frames] == [0, 20, 40, 60, 80]
    assert all((frame - first == frame[0, 0, 0] - first[0, 0, 0]).all() and frame.shape == (90, 70, 3) for frame in frames)
    assert frames[0] is first and frames[-1] is last


@pytest.mark.parametrize(("label", "changes", "error", "says"), [
    ("other inputs", {"first": "left"}, ModelUnfit, "its inputs are img1, left, timestep, not img0 and img1 and timestep"),
    ("a frame of another size", {"last_step": ("GlobalAveragePool", {})}, ModelUnfit, r"it gives \(1, 3, 1, 1\), not frames of 128x128"),
    ("a share of another form", {"share": (1, 1, 1, 7)}, ModelUnfit, "it does not take frames of 128x128"),
    ("values that are no numbers", {"last_step": ("Acosh", {})}, ModelUnfit, "it gives values that are no numbers"),
    ("black", {"last_step": ("Floor", {})}, PictureRefused, "it is black"),
])
def test_a_model_that_gives_no_frame_between_is_an_error(label: str, changes: dict[str, Any], error: type[FinalStudioError],
                                                         says: str, shelf: Shelf) -> None:
    """Another model, a frame of another size and what is no picture are told; optical flow never steps in unasked."""
    named = InterpolationModel.model_validate(shelf.rife(f"rife_{label.replace(' ', '_')}", **changes))
    with pytest.raises(error, match=says):
        list(retimed(ends(), 3, Rife(named, shelf.root)))
