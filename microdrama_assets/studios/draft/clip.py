"""A draft clip is a composition, not pixels: where camera, heads and lids are in each frame of the shot.

The plates it moves were drawn once for the keyframe, so a clip costs kilobytes and frames come fast.
"""

from __future__ import annotations

from typing import Literal

from microdrama_assets.schemas.frozen import Frozen
from microdrama_assets.schemas.series import Grade
from microdrama_assets.studios.draft.layout import canonical_json

LidState = Literal["open", "half", "closed"]


class CameraSample(Frozen):
    """Where the camera is in one frame: an offset in frame pixels, a magnification, a roll in degrees."""

    x: float
    y: float
    zoom: float
    roll_deg: float
    slide: float = 0.0
    """Pixels by which a whip throws the whole picture aside; it is mirrored beyond its edges."""
    focus: float | None = None
    """The depth in focus; None leaves every plate as it was drawn."""


class BodySample(Frozen):
    """One frame of idle motion: head offset in pixels and turn in degrees, and the chest's rise in 1/1000.

    `x` and `y` move the whole person, in pixels: weight shifted, steps taken. `lean` is how far the body leans to the
    right, in pixels per pixel of height. `stride_deg` is how far each leg of somebody who walks is swung out.
    `arm_deg` is how far raised forearms are turned about their elbows from where they were drawn: clockwise on the
    left, the other way on the right, so that hands held up go inward.
    """

    head_x: float
    head_y: float
    head_deg: float
    breath: float
    x: float = 0.0
    y: float = 0.0
    lean: float = 0.0
    stride_deg: float = 0.0
    arm_deg: float = 0.0


class LidKey(Frozen):
    """From `frame` on the lids are in this state, until the next key."""

    frame: int
    state: LidState


class Performance(Frozen):
    """One character's motion over a shot, without the mouth."""

    character: str
    body: tuple[BodySample, ...]
    lids: tuple[LidKey, ...]


class Show(Frozen):
    """How strongly a layer shows: `levels` 0..1, one per frame from `start` on; before and after it is not there."""

    layer: str
    start: int
    levels: tuple[float, ...]


class Travel(Frozen):
    """A layer's way: pixels right and down from where it was drawn, one pair per frame from the first on; after the
    last it stays."""

    layer: str
    path: tuple[tuple[float, float], ...]


class Clip(Frozen):
    """One sample per frame in `camera` and in each performance's `body`. Layers without a `Show` are always there."""

    fps: int
    frames: int
    camera: tuple[CameraSample, ...]
    performances: tuple[Performance, ...]
    shows: tuple[Show, ...] = ()
    travels: tuple[Travel, ...] = ()
    grade: Grade | None = None
    """None: the series' own."""

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return canonical_json(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> Clip:
        return cls.model_validate_json(data)
