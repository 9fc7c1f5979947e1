"""One character on plates: a body, a head, and the small patches that make the head blink and speak."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

import numpy as np
import skia

from microdrama_assets.schemas.sound import Viseme
from microdrama_assets.studios.draft.ink import BLACK, Sheet, fill, rect
from microdrama_assets.studios.draft.layout import EyeState
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.expression import Expression
from microdrama_assets.studios.draft.rig.eyes import LIDS, draw_brows, draw_eyes, draw_glasses, draw_tears
from microdrama_assets.studios.draft.rig.facial_hair import draw_above_mouth, draw_beneath_mouth
from microdrama_assets.studios.draft.rig.hair import draw_fringe_shadow, draw_hair_behind, draw_hair_in_front
from microdrama_assets.studios.draft.rig.head import draw_head, face_outline
from microdrama_assets.studios.draft.rig.light import Light, Rims, add_rims, rims_of, tint_sheet
from microdrama_assets.studios.draft.rig.mouth import draw_mouth
from microdrama_assets.studios.draft.rig.wardrobe import draw_body

VISEMES: tuple[Viseme, ...] = get_args(Viseme)
EYE_STATES: tuple[EyeState, ...] = get_args(EyeState)
MARGIN = 26.0
RIM_WIDTH = 10.0


@dataclass(frozen=True)
class Plate:
    """Premultiplied BGRA pixels; `x`, `y` is the upper left corner in rig units."""

    pixels: np.ndarray
    x: float
    y: float


@dataclass(frozen=True)
class PatchPixels:
    """Replaces the head plate's pixels from (`x`, `y`) on, in plate pixels."""

    pixels: np.ndarray
    x: int
    y: int


@dataclass(frozen=True)
class Figure:
    body: Plate
    head: Plate
    mouths: dict[Viseme, PatchPixels]
    blinks: dict[EyeState, PatchPixels]


def draw_figure(
    a: Anatomy, e: Expression, gaze: float, light: Light, scale: float, bottom: float, patches: bool = True
) -> Figure:
    """All plates at `scale` pixels per rig unit; the body reaches down to `bottom` rig units."""
    head = HeadPainter(a, e, gaze, light, scale)
    mouths: dict[Viseme, PatchPixels] = {}
    blinks: dict[EyeState, PatchPixels] = {}
    if patches:
        mouths = {viseme: head.patch(head.mouth_box(), viseme=viseme) for viseme in VISEMES}
        blinks = {state: head.patch(head.eye_box(), lids=LIDS[state]) for state in EYE_STATES}
    return Figure(body=_draw_body_plate(a, light, scale, bottom), head=head.plate(), mouths=mouths, blinks=blinks)


class HeadPainter:
    """Draws the still parts of a head once, then any number of eyes and mouths between them."""

    def __init__(self, a: Anatomy, e: Expression, gaze: float, light: Light, scale: float) -> None:
        self.a, self.e, self.gaze, self.light, self.scale = a, e, gaze, light, scale
        self._outline = face_outline(a)
        self.left = -(a.reach + MARGIN)
        self.top = a.top_y - MARGIN
        low = 400.0 if a.look.hair.style == "long" else a.chin_y + (58 if a.look.facial_hair == "beard" else MARGIN)
        self.width = round(-2 * self.left * scale)
        self.height = round((low - self.top) * scale)
        self._under = self._still_part(self._draw_under)
        self._over = self._still_part(self._draw_over)
        self._rims: Rims | None = None
        self._whole = self._compose((0, 0, self.width, self.height), "rest", 1.0)
        self._rims = rims_of(self._silhouette(), RIM_WIDTH * scale)
        add_rims(self._whole, self._rims, light)
        for rest in (self.patch(self.mouth_box()), self.patch(self.eye_box())):  # so that patches fit to the last bit
            height, width = rest.pixels.shape[:2]
            self._whole[rest.y : rest.y + height, rest.x : rest.x + width] = rest.pixels

    def plate(self) -> Plate:
        """The head at rest, eyes open."""
        return Plate(self._whole, self.left, self.top)

    def patch(self, box: tuple[int, int, int, int], viseme: Viseme = "rest", lids: float = 1.0) -> PatchPixels:
        """The head's pixels inside `box` (x, y, width, height in plate pixels) with another mouth or other lids."""
        pixels = self._compose(box, viseme, lids)
        if self._rims is not None:
            add_rims(pixels, self._rims, self.light, (box[0], box[1]))
        return PatchPixels(pixels, box[0], box[1])

    def mouth_box(self) -> tuple[int, int, int, int]:
        reach = self.a.mouth_w * 1.5 + 14
        return self._box(-reach, self.a.mouth_y - 42, reach, self.a.mouth_y + 72)

    def eye_box(self) -> tuple[int, int, int, int]:
        reach = self.a.eye_x + self.a.eye_w + 34
        return self._box(-reach, self.a.eye_y - 66, reach, self.a.eye_y + 38)

    def _box(self, left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
        x, y = max(0, int((left - self.left) * self.scale)), max(0, int((top - self.top) * self.scale))
        return (
            x,
            y,
            min(self.width, int((right - self.left) * self.scale)) - x,
            min(self.height, int((bottom - self.top) * self.scale)) - y,
        )

    def _compose(self, box: tuple[int, int, int, int], viseme: Viseme, lids: float) -> np.ndarray:
        x, y, width, height = box
        sheet = Sheet(width, height)
        canvas = sheet.canvas
        canvas.translate(-x, -y)
        canvas.drawImage(self._under, 0, 0)
        canvas.save()
        self._to_units(canvas)
        draw_eyes(canvas, self.a, self.e, self.gaze, lids)
        canvas.clipPath(self._outline, True)
        draw_mouth(canvas, self.a, self.e, viseme)
        canvas.restore()
        canvas.drawImage(self._over, 0, 0)
        self._to_units(canvas)
        tint_sheet(canvas, self.light, -self.a.temple - 40, self.a.temple + 60, self.top, self.height / self.scale)
        return sheet.pixels

    def _silhouette(self) -> np.ndarray:
        """Where light can come past the head: not through the hair and neck behind it."""
        behind = Sheet(self.width, self.height)
        self._to_units(behind.canvas)
        draw_hair_behind(behind.canvas, self.a)
        behind.canvas.drawRect(rect(-self.a.jaw * 0.9, 60, self.a.jaw * 1.8, 600), fill(BLACK))
        return np.maximum(self._whole[..., 3], behind.pixels[..., 3])

    def _still_part(self, draw: Callable[[skia.Canvas], None]) -> skia.Image:
        sheet = Sheet(self.width, self.height)
        self._to_units(sheet.canvas)
        draw(sheet.canvas)
        return skia.Image.fromarray(sheet.pixels, colorType=skia.kBGRA_8888_ColorType)

    def _to_units(self, canvas: skia.Canvas) -> None:
        canvas.scale(self.scale, self.scale)
        canvas.translate(-self.left, -self.top)

    def _draw_under(self, canvas: skia.Canvas) -> None:
        draw_head(canvas, self.a, self.e)
        draw_fringe_shadow(canvas, self.a, self._outline)
        draw_beneath_mouth(canvas, self.a, self._outline)

    def _draw_over(self, canvas: skia.Canvas) -> None:
        draw_above_mouth(canvas, self.a)
        draw_tears(canvas, self.a, self.e)
        draw_hair_in_front(canvas, self.a)
        draw_brows(canvas, self.a, self.e)
        if self.a.look.glasses:
            draw_glasses(canvas, self.a)


def _draw_body_plate(a: Anatomy, light: Light, scale: float, bottom: float) -> Plate:
    reach = max(a.shoulder * 1.34, a.reach) + MARGIN
    top = a.top_y - MARGIN
    sheet = Sheet(round(2 * reach * scale), max(1, round((bottom - top) * scale)), scale, (-reach, top))
    draw_hair_behind(sheet.canvas, a)
    draw_body(sheet.canvas, a)
    tint_sheet(sheet.canvas, light, -reach, reach, top, bottom - top)
    add_rims(sheet.pixels, rims_of(np.ascontiguousarray(sheet.pixels[..., 3]), RIM_WIDTH * 1.3 * scale), light)
    return Plate(sheet.pixels, -reach, top)
