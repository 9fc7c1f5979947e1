"""A set's planes as plates for one coverage: enlarged behind close framing, and out of focus there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from microdrama_assets.schemas.manifest import Coverage
from microdrama_assets.schemas.series import SetDesign, SetKind, TimeOfDay
from microdrama_assets.studios.draft.ink import Sheet
from microdrama_assets.studios.draft.layout import FRAME_HEIGHT, FRAME_WIDTH
from microdrama_assets.studios.draft.sets import alley, apartment, cafe
from microdrama_assets.studios.draft.sets.stage import OVERSCAN, Plane, Stage, stage_of
from microdrama_assets.studios.draft.staging import FOCUS_BLUR, SET_ZOOM

PLANES: dict[SetKind, tuple[Plane, ...]] = {"cafe": cafe.PLANES, "alley": alley.PLANES, "apartment": apartment.PLANES}
ANCHOR = (500.0, 760.0)
"""The point of a set that close framing keeps in view; it comes to lie at `HELD_AT` in the frame."""
HELD_AT = (540.0, 700.0)
SOFT_SCALE = 0.5
"""Plate pixels per frame pixel where the plane is out of focus."""


@dataclass(frozen=True)
class PlanePixels:
    """Premultiplied BGRA; `x`, `y`, `scale` as in `Layer`."""

    plane: Plane
    pixels: np.ndarray
    x: float
    y: float
    scale: float


def draw_planes(
    design: SetDesign, time: TimeOfDay, coverage: Coverage, font: Path | None, detail: float = 1.0
) -> list[PlanePixels]:
    """The planes visible in this coverage, far to near, with at most `detail` plate pixels per frame pixel."""
    stage = stage_of(design, time, font)
    close = coverage in ("close", "reaction", "insert")
    return [
        _draw_plane(plane, stage, coverage, detail)
        for plane in PLANES[design.kind]
        if not (close and plane.name == "near")
    ]


def _draw_plane(plane: Plane, stage: Stage, coverage: Coverage, detail: float) -> PlanePixels:
    near = plane.name == "near"
    zoom = 1.0 if near else 1 + (SET_ZOOM[coverage] - 1) * (0.7 if plane.name == "far" else 1.0)
    blur = 3.0 if near else FOCUS_BLUR[coverage] * (1.25 if plane.name == "far" else 1.0)
    scale = min(SOFT_SCALE if blur >= 3.0 else 1.0, detail)
    top = 1240 if near and stage.design.kind != "alley" else -OVERSCAN
    width, height = FRAME_WIDTH + 2 * OVERSCAN, FRAME_HEIGHT + OVERSCAN - top
    sheet = Sheet(round(width * scale), round(height * scale), scale)
    canvas = sheet.canvas
    canvas.translate(OVERSCAN, -top)
    if not near:
        canvas.translate(*HELD_AT)
        canvas.scale(zoom, zoom)
        canvas.translate(-ANCHOR[0], -ANCHOR[1] if zoom > 1.01 else -HELD_AT[1])
        if zoom <= 1.01:
            canvas.translate(ANCHOR[0] - HELD_AT[0], 0)
    plane.painter(canvas, stage)
    pixels = (
        sheet.pixels
        if blur <= 0
        else cv2.GaussianBlur(sheet.pixels, (0, 0), blur * scale, borderType=cv2.BORDER_REPLICATE)
    )
    return PlanePixels(plane, pixels, -float(OVERSCAN), float(top), scale)
