"""A head on a plate: its still parts are drawn once, then any number of eyes and mouths between them.

This one looks straight at us; `three_quarter.py`, `profile.py` and `behind.py` draw the same head turned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import skia

from microdrama_assets.schemas.sound import Viseme
from microdrama_assets.studios.draft.ink import BLACK, Sheet, as_image, fill, rect
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.expression import Expression
from microdrama_assets.studios.draft.rig.eyes import draw_brows, draw_eyes, draw_glasses, draw_tears
from microdrama_assets.studios.draft.rig.facial_hair import draw_above_mouth, draw_beneath_mouth
from microdrama_assets.studios.draft.rig.hair import draw_fringe_shadow, draw_hair_behind, draw_hair_in_front
from microdrama_assets.studios.draft.rig.head import draw_head, face_outline
from microdrama_assets.studios.draft.rig.light import Box, Light, Rims, add_rims, add_shade, rims_of, shade_of
from microdrama_assets.studios.draft.rig.mouth import draw_mouth

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


class HeadPainter:
    """A head seen straight on. Subclasses draw `_under`, features and `_over` for another turn."""

    def __init__(self, a: Anatomy, e: Expression, gaze: float, light: Light, scale: float) -> None:
        self.a, self.e, self.gaze, self.light, self.scale = a, e, gaze, light, scale
        self.outline = face_outline(a)
        self.left = -self.half_width()
        self.top = a.top_y - MARGIN
        low = 400.0 if a.look.hair.style == "long" else a.chin_y + (58 if a.look.facial_hair == "beard" else MARGIN)
        self.width = round(-2 * self.left * scale)
        self.height = round((low - self.top) * scale)
        self.prepare()
        self._under = self.under()
        self._over = self.over()
        sides = (-a.temple - 40 - self.left) * scale, (a.temple + 60 - self.left) * scale
        self._shade = shade_of(light, (self.width, self.height), sides)
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

    def patch(self, box: Box, viseme: Viseme = "rest", lids: float = 1.0) -> PatchPixels:
        """The head's pixels inside `box` with another mouth or other lids."""
        pixels = self._compose(box, viseme, lids)
        if self._rims is not None:
            add_rims(pixels, self._rims, self.light, (box[0], box[1]))
        return PatchPixels(pixels, box[0], box[1])

    # -- what a turn changes ------------------------------------------------------------------------------------------

    def half_width(self) -> float:
        """Of the plate, in rig units."""
        return self.a.reach + MARGIN

    def prepare(self) -> None:
        """Called once the plate's size is known."""

    def mouth_box(self) -> Box:
        reach = self.a.mouth_w * 1.5 + 14
        return self.box(-reach, self.a.mouth_y - 42, reach, self.a.mouth_y + 72)

    def eye_box(self) -> Box:
        reach = self.a.eye_x + self.a.eye_w + 34
        return self.box(-reach, self.a.eye_y - 66, reach, self.a.eye_y + 38)

    def under(self) -> skia.Image:
        """Beneath eyes and mouth."""
        return self.still_part(self.draw_under)

    def over(self) -> skia.Image:
        """Above eyes and mouth."""
        return self.still_part(self._draw_over)

    def draw_features(self, canvas: skia.Canvas, box: Box, viseme: Viseme, lids: float) -> None:
        """Eyes and mouth, in plate pixels."""
        canvas.save()
        self.to_units(canvas)
        self.draw_flat_features(canvas, viseme, lids)
        canvas.restore()

    def draw_hair_mass(self, canvas: skia.Canvas) -> None:
        """Hair that hangs behind the head, on the body's plate: no light comes through it."""
        draw_hair_behind(canvas, self.a)

    # -- tools of all turns -------------------------------------------------------------------------------------------

    def box(self, left: float, top: float, right: float, bottom: float) -> Box:
        """Rig units as a box of plate pixels, cut to the plate."""
        x, y = max(0, int((left - self.left) * self.scale)), max(0, int((top - self.top) * self.scale))
        return (
            x,
            y,
            min(self.width, int((right - self.left) * self.scale)) - x,
            min(self.height, int((bottom - self.top) * self.scale)) - y,
        )

    def painted(self, draw: Callable[[skia.Canvas], None]) -> np.ndarray:
        """What `draw` draws in rig units, on a whole plate."""
        sheet = Sheet(self.width, self.height)
        self.to_units(sheet.canvas)
        draw(sheet.canvas)
        return sheet.pixels

    def still_part(self, draw: Callable[[skia.Canvas], None]) -> skia.Image:
        return as_image(self.painted(draw))

    def to_units(self, canvas: skia.Canvas) -> None:
        canvas.scale(self.scale, self.scale)
        canvas.translate(-self.left, -self.top)

    def draw_under(self, canvas: skia.Canvas, front: bool = True) -> None:
        draw_head(canvas, self.a, self.e, front)
        draw_fringe_shadow(canvas, self.a, self.outline)
        draw_beneath_mouth(canvas, self.a, self.outline)

    def draw_flat_features(self, canvas: skia.Canvas, viseme: Viseme, lids: float) -> None:
        draw_eyes(canvas, self.a, self.e, self.gaze, lids)
        canvas.clipPath(self.outline, True)
        draw_mouth(canvas, self.a, self.e, viseme)

    def _draw_over(self, canvas: skia.Canvas) -> None:
        draw_above_mouth(canvas, self.a)
        draw_tears(canvas, self.a, self.e)
        draw_hair_in_front(canvas, self.a)
        draw_brows(canvas, self.a, self.e)
        if self.a.look.glasses:
            draw_glasses(canvas, self.a)

    def _compose(self, box: Box, viseme: Viseme, lids: float) -> np.ndarray:
        x, y, width, height = box
        sheet = Sheet(width, height)
        canvas = sheet.canvas
        canvas.translate(-x, -y)
        canvas.drawImage(self._under, 0, 0)
        self.draw_features(canvas, box, viseme, lids)
        canvas.drawImage(self._over, 0, 0)
        add_shade(sheet.pixels, self._shade[y : y + height, x : x + width])
        return sheet.pixels

    def _silhouette(self) -> np.ndarray:
        """Where light can come past the head: not through the hair and neck behind it."""
        behind = Sheet(self.width, self.height)
        self.to_units(behind.canvas)
        self.draw_hair_mass(behind.canvas)
        behind.canvas.drawRect(rect(-self.a.jaw * 0.9, 60, self.a.jaw * 1.8, 600), fill(BLACK))
        return np.maximum(self._whole[..., 3], behind.pixels[..., 3])


def alpha_at(plate: Plate, size: tuple[int, int], corner: tuple[float, float], scale: float) -> np.ndarray:
    """The plate's alpha on another one of `size` pixels, from `corner` in rig units on; both at `scale`."""
    move = np.array([[1.0, 0.0, (plate.x - corner[0]) * scale], [0.0, 1.0, (plate.y - corner[1]) * scale]])
    return cv2.warpAffine(cv2.extractChannel(plate.pixels, 3), move, size)


def soften(plate: Plate, sigma: float) -> Plate:
    """The plate out of focus, its edges fading out within it."""
    pixels = plate.pixels.copy()
    return Plate(cv2.GaussianBlur(pixels, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), plate.x, plate.y)


def on_the_head() -> skia.Paint:
    """Lays features on what is there without changing its outline."""
    return skia.Paint(BlendMode=skia.BlendMode.kSrcATop)
