"""How the plates of one keyframe lie on top of each other, so that the compositor needs no knowledge of drawing.

Frame coordinates are pixels at 1080x1920, origin top left. A plate's pixel (u, v) lies at
`(x + u / scale, y + v / scale)` in the frame before the camera moves. Layers are listed from far to near.
"""

from __future__ import annotations

import json
from typing import Literal

from microdrama_assets.schemas.frozen import Frozen
from microdrama_assets.schemas.manifest import Staged
from microdrama_assets.schemas.sound import Viseme

FRAME_WIDTH, FRAME_HEIGHT = 1080, 1920

SAFE_TOP = 220
"""Rows at the top that vertical players cover with their own controls."""
TITLE_BOTTOM = 580
"""First row below a title card of two rows of large type and two of small."""
SAFE_BOTTOM = 1580
"""First row of the bottom band (340 px) that players cover."""
SAFE_RIGHT = 960
"""First column of the right band (120 px) that players cover with buttons."""
CAPTION_TOP = 1330
CAPTION_BOTTOM = 1560

Part = Literal[
    "body", "head", "left_leg", "right_leg", "left_arm", "right_arm", "upper_arms", "left_forearm", "right_forearm"
]
"""Left and right as one sees them. Legs and arms are apart from the body where somebody walks, forearms where a gesture
raises them."""
EyeState = Literal["half", "closed"]


class Box(Frozen):
    """Pixels; `x`, `y` is the upper left corner."""

    x: int
    y: int
    width: int
    height: int


class Patch(Frozen):
    """A small plate that replaces the pixels of its character's head plate from (`x`, `y`) in plate pixels."""

    plate: str
    x: int
    y: int


class Loop(Frozen):
    """How a layer moves by itself. A sheet that drifts repeats at its edges and lies before the lens, whatever the
    camera does; `cells` stand below each other in the plate and are shown in turn."""

    drift: tuple[int, int] | None = None
    """Frame pixels per frame, right and down."""
    cells: int = 1
    hold: int = 1
    """Frames for which each cell stays."""
    glows: bool = False
    """Adds its light to what lies behind instead of covering it."""


class Layer(Frozen):
    """One plate. `depth` 0 (far) to 1 (near); `parallax` is the share of the camera's move it follows."""

    name: str
    plate: str
    depth: float
    parallax: float
    x: float
    y: float
    scale: float
    """Plate pixels per frame pixel: 0.5 for plates that are out of focus anyway."""
    covers: bool = False
    """Opaque and wider than the frame: the camera must never show its edge."""
    loop: Loop | None = None
    character: str | None = None
    part: Part | None = None


class Face(Frozen):
    """One staged character. Pivots in frame pixels: the head turns about the neck, the body breathes from the hips."""

    character: str
    head_layer: str
    head_pivot: tuple[float, float]
    body_pivot: tuple[float, float]
    tilt_deg: float
    face_box: Box
    head_box: Box
    eyes: tuple[tuple[float, float], tuple[float, float]]
    unit: float
    """Frame pixels per rig unit."""
    stillness: float = 0.0
    """0 breathes as usual, 1 stands rigid."""
    haste: float = 1.0
    """Breaths and blinks as a share of somebody's at rest: fear and anger hurry them."""
    staged: Staged
    """How the shot asks for them: what was drawn by."""
    half_width: float
    """Of the figure, in frame pixels."""
    joints: dict[Part, tuple[float, float]]
    """About which legs, arms and forearms with plates of their own turn."""
    mouths: dict[Viseme, Patch]
    blinks: dict[EyeState, Patch]


class SafeArea(Frozen):
    top: int = SAFE_TOP
    bottom: int = SAFE_BOTTOM
    right: int = SAFE_RIGHT
    caption_top: int = CAPTION_TOP
    caption_bottom: int = CAPTION_BOTTOM


class Layout(Frozen):
    """What `draw_keyframe` hands on beside its plates."""

    width: int = FRAME_WIDTH
    height: int = FRAME_HEIGHT
    focus: tuple[float, float]
    """The point in the frame that a push closes in on."""
    layers: tuple[Layer, ...]
    faces: tuple[Face, ...]
    safe: SafeArea = SafeArea()


def canonical_json(model: Frozen) -> bytes:
    """Sorted keys, no spaces, one final newline: the same record is always the same bytes."""
    text = json.dumps(model.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode() + b"\n"
