"""A draft clip is a composition, not pixels: where camera, heads and lids are in each frame of the shot.

The plates it moves were drawn once for the keyframe, so a clip costs kilobytes and frames come fast.
"""

from __future__ import annotations

from typing import Literal

from microdrama_assets.schemas.frozen import Frozen
from microdrama_assets.studios.draft.layout import canonical_json

LidState = Literal["open", "half", "closed"]


class CameraSample(Frozen):
    """Where the camera is in one frame: an offset in frame pixels, a magnification, a roll in degrees."""

    x: float
    y: float
    zoom: float
    roll_deg: float


class BodySample(Frozen):
    """One frame of idle motion: head offset in pixels and turn in degrees, and the chest's rise in 1/1000."""

    head_x: float
    head_y: float
    head_deg: float
    breath: float


class LidKey(Frozen):
    """From `frame` on the lids are in this state, until the next key."""

    frame: int
    state: LidState


class Performance(Frozen):
    """One character's motion over a shot, without the mouth."""

    character: str
    body: tuple[BodySample, ...]
    lids: tuple[LidKey, ...]


class Clip(Frozen):
    """One sample per frame in `camera` and in each performance's `body`."""

    fps: int
    frames: int
    camera: tuple[CameraSample, ...]
    performances: tuple[Performance, ...]

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return canonical_json(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> Clip:
        return cls.model_validate_json(data)
