"""A set's planes as plates for one coverage: enlarged behind close framing, out of focus there, and in the weather."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from microdrama_assets.schemas.manifest import Coverage
from microdrama_assets.schemas.series import SetDesign, TimeOfDay, Weather
from microdrama_assets.studios.draft.ink import Colour, Sheet
from microdrama_assets.studios.draft.layout import FRAME_HEIGHT, FRAME_WIDTH
from microdrama_assets.studios.draft.sets.lamps import candles, string_lights
from microdrama_assets.studios.draft.sets.scenery import SCENERIES
from microdrama_assets.studios.draft.sets.stage import OVERSCAN, Plane, Scenery, Stage, haze_of, stage_of
from microdrama_assets.studios.draft.staging import FOCUS_BLUR, SET_ZOOM

ANCHOR = (500.0, 760.0)
"""The point of a set that close framing keeps in view; it comes to lie at `HELD_AT` in the frame."""
HELD_AT = (540.0, 700.0)
SOFT_SCALE = 0.5
"""Plate pixels per frame pixel where the plane is out of focus."""
SOFTEST = (9.6, 0.25)
"""From this sigma in frame pixels on, so many plate pixels per frame pixel hold all that is left: enlarged, they are
within a level of a plate of twice the size."""
NEAR = 0.9
"""From this depth on a plane stands before the people: never enlarged, always soft, left out of close framing."""
NEAR_BLUR = 3.0


@dataclass(frozen=True)
class PlanePixels:
    """Premultiplied BGRA; `x`, `y`, `scale` as in `Layer`."""

    plane: Plane
    pixels: np.ndarray
    x: float
    y: float
    scale: float


def draw_planes(
    design: SetDesign,
    time: TimeOfDay,
    coverage: Coverage,
    font: Path | None,
    detail: float = 1.0,
    *,
    weather: Weather = "clear",
    deep_focus: bool = False,
) -> list[PlanePixels]:
    """The planes visible in this coverage, far to near, with at most `detail` plate pixels per frame pixel.

    `deep_focus` leaves every plane sharp, for a camera that pulls its focus itself.
    """
    stage = stage_of(design, time, weather, font)
    scenery = SCENERIES[design.kind]
    close = coverage in ("close", "reaction", "insert")
    return [
        _draw_plane(plane, scenery, stage, coverage, detail, deep_focus)
        for plane in scenery.planes
        if not (close and plane.depth > NEAR)
    ]


def _draw_plane(
    plane: Plane, scenery: Scenery, stage: Stage, coverage: Coverage, detail: float, deep_focus: bool
) -> PlanePixels:
    near = plane.depth > NEAR
    zoom = 1.0 if near else 1 + (SET_ZOOM[coverage] - 1) * min(1.0, 0.65 + plane.depth)
    blur = 0.0 if deep_focus else NEAR_BLUR if near else FOCUS_BLUR[coverage] * max(1.0, 1.3 - 0.85 * plane.depth)
    scale = min(SOFTEST[1] if blur >= SOFTEST[0] else SOFT_SCALE if blur >= 3.0 else 1.0, detail)
    width, height = FRAME_WIDTH + 2 * OVERSCAN, FRAME_HEIGHT + OVERSCAN - plane.top
    sheet = Sheet(round(width * scale), round(height * scale), scale)
    canvas = sheet.canvas
    canvas.translate(OVERSCAN, -plane.top)
    if zoom > 1.01:
        canvas.translate(*HELD_AT)
        canvas.scale(zoom, zoom)
        canvas.translate(-ANCHOR[0], -ANCHOR[1])
    plane.painter(canvas, stage)
    if plane.name == "middle":
        if "string_lights" in stage.design.practicals:
            string_lights(canvas, stage, scenery.lights_y)
        if "candles" in stage.design.practicals:
            candles(canvas, stage, *scenery.candles)
    if plane.outdoors:
        air, thick = haze_of(stage)
        _fill_with_air(sheet.pixels, air, thick * (1 - plane.depth) ** 1.6)
    pixels = (
        sheet.pixels
        if blur <= 0
        else cv2.GaussianBlur(sheet.pixels, (0, 0), blur * scale, borderType=cv2.BORDER_REPLICATE)
    )
    return PlanePixels(plane, pixels, -float(OVERSCAN), float(plane.top), scale)


def _fill_with_air(pixels: np.ndarray, air: Colour, share: float) -> None:
    """Mixes the air's colour into what is drawn, in place; what is transparent stays so."""
    if share < 0.02:
        return
    alpha = pixels[..., 3]
    veil = cv2.merge([cv2.multiply(alpha, np.array([value / 255 * share]).item()) for value in (*air[::-1], 255.0)])
    cv2.addWeighted(pixels, 1 - share, veil, 1.0, 0.0, dst=pixels)
