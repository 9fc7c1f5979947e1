"""Motion by a video model of Wan's class: the frames between a first and a last one that are known.

A shot longer than the model's longest clip is made in pieces that begin where the one before ended. The model's own
rate and size are kept here; frames between are interpolated and pictures enlarged afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from audit.canonical import digest
from microdrama_assets.schemas.final import MotionModels, Running
from microdrama_assets.studios.final.errors import ClipRefused
from microdrama_assets.studios.final.fitting import fit
from microdrama_assets.studios.final.libraries import need
from microdrama_assets.studios.final.pictures import checked, fitted
from microdrama_assets.studios.final.running import dtype_of, loading, placed, warm, within_memory
from resources.hub.cache import snapshot

PACKED = 4
"""Frames that the video codec packs into one latent, after the first."""


@dataclass(frozen=True)
class Piece:
    """Part of a shot: its first and last frame in shot time (frames at the cut's rate), and frames to be made."""

    first: int
    last: int
    frames: int


def pieces(frames: int, fps: int, models: MotionModels) -> tuple[Piece, ...]:
    """How a shot of `frames` at `fps` is divided: as few pieces as the longest clip allows, each of 4n + 1 frames."""
    needed = max(1, math.ceil((frames - 1) * models.fps / fps))
    count = max(1, math.ceil(needed / (models.most_frames - 1)))
    edges = [round(number * (frames - 1) / count) for number in range(count + 1)]
    return tuple(
        Piece(first, last, min(models.most_frames, _packed(max(1, math.ceil((last - first) * models.fps / fps)))))
        for first, last in pairwise(edges)
    )


def _packed(steps: int) -> int:
    return -(-steps // PACKED) * PACKED + 1


def film_between(first: np.ndarray, last: np.ndarray, frames: int, prompt: str, seed: int, models: MotionModels,
                 running: Running, folder: Path | None = None) -> tuple[Sequence[np.ndarray], tuple[int, int]]:
    """`frames` (4n + 1) pictures from `first` to `last`, uint8 BGR, and the size they were made at.

    Raises HubError, ModelUnfit, OutOfMemory, PictureRefused, or ClipRefused for another number or size of frames.
    """
    pipeline = ready(models, running, folder)

    def make(width: int, height: int) -> list[np.ndarray]:
        made = _run(pipeline, first, last, frames, (width, height), prompt, seed, models)
        return judged(made, frames, width, height)

    return within_memory(make, models.width, models.height, 16, running)


def ready(models: MotionModels, running: Running, folder: Path | None = None) -> Any:
    """The pipeline, loaded unless it is. Raises as `film_between` does for models."""
    named = {"model": models.model.model_dump(mode="json"), "running": loading(running), "folder": str(folder)}
    return warm(digest("video", named), lambda: _loaded(models, running, folder))


def judged(made: np.ndarray, frames: int, width: int, height: int) -> list[np.ndarray]:
    """A model's float RGB in 0..1, frames x height x width x 3, as pictures. Raises ClipRefused or PictureRefused."""
    if made.ndim != 4 or made.shape[0] != frames:
        raise ClipRefused(f"the model gave {made.shape[0]} frames, and {frames} were asked for", "motion",
                          "Check that the model takes 4n + 1 frames, as Wan does")
    if made.shape[1:3] != (height, width):
        raise ClipRefused(f"the model gave frames of {made.shape[2]}x{made.shape[1]}, and {width}x{height} were asked "
                          "for", "motion", "Ask for a size that the model knows")
    return [checked(frame, f"frame {number}") for number, frame in enumerate(made)]


def _loaded(models: MotionModels, running: Running, folder: Path | None) -> Any:
    diffusers, place = need("diffusers"), snapshot(models.model.hub, folder)
    with fit(models.model):
        pipeline = diffusers.WanImageToVideoPipeline.from_pretrained(
            place, dtype=dtype_of(running), local_files_only=True, use_safetensors=True)
    return placed(pipeline, "transformer", running)


def _run(pipeline: Any, first: np.ndarray, last: np.ndarray, frames: int, size: tuple[int, int], prompt: str, seed: int,
         models: MotionModels) -> np.ndarray:
    torch, image = need("torch"), need("PIL.Image")
    ends = [image.fromarray(np.ascontiguousarray(fitted(one, *size)[..., ::-1])) for one in (first, last)]
    with torch.no_grad(), fit(models.model):
        made = pipeline(
            image=ends[0], last_image=ends[1], prompt=prompt, negative_prompt=models.negative, width=size[0],
            height=size[1], num_frames=frames, num_inference_steps=models.steps, guidance_scale=models.guidance,
            generator=torch.Generator("cpu").manual_seed(seed), output_type="np").frames[0]
    return np.asarray(made, np.float32)
