"""The camera's move as storyboards draw it on a still: arrows, and for a push or pull the framing it leads to or comes
from."""

from __future__ import annotations

import math

import cv2
import numpy as np
import skia

from microdrama_assets.schemas.manifest import CameraMove
from microdrama_assets.studios.draft.ink import Sheet, fill, stroke

LIT, SHADOW = (255, 214, 64), (10, 10, 14)
DIRECTIONS = {"pan_left": (-1, 0), "pan_right": (1, 0), "tilt_up": (0, -1), "tilt_down": (0, 1)}
SMALLEST_INSET = 0.09
"""A move of a few percent is drawn as at least this share of the frame, so that it can be seen."""
Point = tuple[float, float]


def marked(still: np.ndarray, camera: CameraMove, focus: tuple[float, float]) -> np.ndarray:
    """The still (uint8 BGR) with its mark; as it is where the camera holds. `focus` in shares of width and height."""
    height, width = still.shape[:2]
    sheet = Sheet(width, height)
    sheet.pixels[:] = cv2.cvtColor(still, cv2.COLOR_BGR2BGRA)
    draw_camera_mark(sheet.canvas, camera, focus, width, height)
    return np.ascontiguousarray(sheet.pixels[..., :3])


def draw_camera_mark(
    canvas: skia.Canvas, camera: CameraMove, focus: tuple[float, float], width: float, height: float
) -> None:
    """Draws the mark over a still of `width` x `height`; nothing where the camera holds. `focus` in shares of both."""
    unit = width / 190
    if camera.kind in ("push", "pull"):
        _draw_zoom(canvas, camera, focus, width, height, unit)
    elif camera.kind in DIRECTIONS:
        _draw_travel(canvas, DIRECTIONS[camera.kind], 1, width, height, unit)
    elif camera.kind == "whip":
        _draw_travel(canvas, (1, 0), 2, width, height, unit)
    elif camera.kind in ("handheld", "shake"):
        _draw_unrest(canvas, 3 if camera.kind == "shake" else 2, width, height, unit)
    elif camera.kind == "rack":
        _draw_rack(canvas, width, height, unit)


def _draw_zoom(
    canvas: skia.Canvas, camera: CameraMove, focus: tuple[float, float], width: float, height: float, unit: float
) -> None:
    inset = max(camera.amount, SMALLEST_INSET)
    left, top = width * inset * 2 * focus[0], height * inset * 2 * focus[1]
    right, bottom = width - width * inset * 2 * (1 - focus[0]), height - height * inset * 2 * (1 - focus[1])
    for pen in (stroke(SHADOW, 2.6 * unit, 0.5), stroke(LIT, 1.3 * unit)):
        canvas.drawRect(skia.Rect.MakeLTRB(left, top, right, bottom), pen)
    edge = 3 * unit
    corners = (((edge, edge), (left, top)), ((width - edge, edge), (right, top)),
               ((edge, height - edge), (left, bottom)), ((width - edge, height - edge), (right, bottom)))
    for outer, inner in corners:
        start, end = (outer, inner) if camera.kind == "push" else (inner, outer)
        _draw_arrow(canvas, start, end, 2.0 * unit)


def _draw_travel(
    canvas: skia.Canvas, way: tuple[int, int], count: int, width: float, height: float, unit: float
) -> None:
    length = 0.42 * width
    for number in range(count):
        x, y = width / 2, height * 0.86 + number * 12 * unit
        if way[1]:
            x, y = width * 0.88, height / 2
        _draw_arrow(canvas, (x - way[0] * length / 2, y - way[1] * length / 2),
                    (x + way[0] * length / 2, y + way[1] * length / 2), 3.4 * unit)


def _draw_unrest(canvas: skia.Canvas, waves: int, width: float, height: float, unit: float) -> None:
    drawn = skia.Path()
    left, middle, reach = width * 0.34, height * 0.87, width * 0.32
    drawn.moveTo(left, middle)
    for step in range(1, 41):
        share = step / 40
        drawn.lineTo(left + reach * share, middle + 5 * unit * math.sin(2 * math.pi * waves * share))
    for pen in (stroke(SHADOW, 4.4 * unit, 0.5), stroke(LIT, 2.4 * unit)):
        canvas.drawPath(drawn, pen)


def _draw_rack(canvas: skia.Canvas, width: float, height: float, unit: float) -> None:
    y = height * 0.87
    for x, size in ((width * 0.36, 5.0), (width * 0.64, 9.0)):
        for pen in (stroke(SHADOW, 3.4 * unit, 0.5), stroke(LIT, 1.8 * unit)):
            canvas.drawCircle(x, y, size * unit, pen)
    _draw_arrow(canvas, (width * 0.42, y), (width * 0.57, y), 2.0 * unit)


def _draw_arrow(canvas: skia.Canvas, start: Point, end: Point, thick: float) -> None:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1.0
    ux, uy = dx / length, dy / length
    head = min(3.2 * thick, length * 0.6)
    neck = end[0] - ux * head, end[1] - uy * head
    tip = skia.Path()
    tip.moveTo(*end)
    tip.lineTo(neck[0] - uy * head * 0.62, neck[1] + ux * head * 0.62)
    tip.lineTo(neck[0] + uy * head * 0.62, neck[1] - ux * head * 0.62)
    tip.close()
    canvas.drawLine(*start, *neck, stroke(SHADOW, thick * 1.8, 0.5))
    canvas.drawPath(tip, stroke(SHADOW, thick * 0.9, 0.5))
    canvas.drawLine(*start, *neck, stroke(LIT, thick))
    canvas.drawPath(tip, fill(LIT))
