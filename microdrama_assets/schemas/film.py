"""A final clip: frames of a size in a video that loses nothing one can see, and where each face is in each of them."""

from __future__ import annotations

from microdrama_assets.schemas.frozen import Frozen
from microdrama_assets.schemas.series import Grade


class FaceBox(Frozen):
    """Where a face is in one frame: corner and size as shares of the frame's width and height."""

    x: float
    y: float
    width: float
    height: float


class FaceTrack(Frozen):
    character: str
    boxes: tuple[FaceBox, ...]
    """One per frame."""


class Film(Frozen):
    """`frames.mp4` holds exactly `frames` frames of this size at `fps`, in RGB."""

    fps: int
    frames: int
    width: int
    height: int
    method: str
    """`first_last` by a video model, or `layers` by depth."""
    grade: Grade | None = None
    """None: the series' own."""
    faces: tuple[FaceTrack, ...] = ()
