"""What a picture model is asked for, and what it gives: the same for every family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from microdrama_assets.schemas.final import Likeness


@dataclass(frozen=True)
class PictureOrder:
    """One picture to be made. `pose` (BGR) and `depth` (uint16) are 1080x1920; `reference` is a face, BGR.

    `likenesses` are the LoRA of characters in frame, `trained` the files of those that were trained here. `before`: the
    take that it begins from (BGR), of which `strength` (0..1) is made anew.
    """

    prompt: str
    seed: int
    pose: np.ndarray | None = None
    depth: np.ndarray | None = None
    reference: np.ndarray | None = None
    likenesses: Mapping[str, Likeness] = field(default_factory=dict[str, Likeness])
    trained: Mapping[str, Path] = field(default_factory=dict[str, Path])
    before: np.ndarray | None = None
    strength: float = 1.0

    def share_anew(self, steps: int) -> float:
        """`strength`, but never less than one of so many steps."""
        return max(self.strength, 1 / steps)


@dataclass(frozen=True)
class Candidate:
    """`picture`: uint8 BGR. `alignment`, `identity`: cosines to the words and to the face, where models tell them."""

    seed: int
    picture: np.ndarray
    alignment: float | None
    identity: float | None


@dataclass(frozen=True)
class Painted:
    candidates: tuple[Candidate, ...]
    size: tuple[int, int]
    """Width and height that they were made at."""
