"""A head in three-quarter view: the straight face turned as one piece, over the back of the head, under a new nose."""

from __future__ import annotations

import math
import random

import numpy as np
import skia

from microdrama_assets.schemas.sound import Viseme
from microdrama_assets.studios.draft.ink import Sheet, as_image, blade, fill, ink, linear, mix, path, rect
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.expression import Expression
from microdrama_assets.studios.draft.rig.eyes import draw_brows, draw_glasses, draw_tears
from microdrama_assets.studios.draft.rig.facial_hair import draw_above_mouth
from microdrama_assets.studios.draft.rig.hair import draw_hair_behind, draw_hair_in_front
from microdrama_assets.studios.draft.rig.hair_brushes import curl
from microdrama_assets.studios.draft.rig.head import draw_ear
from microdrama_assets.studios.draft.rig.head_painter import Box, HeadPainter, on_the_head
from microdrama_assets.studios.draft.rig.light import Light
from microdrama_assets.studios.draft.rig.turning import FACE_DEPTH, face_warp, hair_warp, turned_x

EARS_COVERED = ("bob", "long", "afro")
HANGING = ("bob", "long")
"""The hair hides the nape."""
COMBED = ("short", "bun", "ponytail")


class ThreeQuarterHead(HeadPainter):
    """`yaw_deg` is positive toward screen right."""

    def __init__(self, a: Anatomy, e: Expression, gaze: float, light: Light, scale: float, yaw_deg: float) -> None:
        self.yaw_deg = yaw_deg
        self.way = 1 if yaw_deg > 0 else -1
        super().__init__(a, e, gaze, light, scale)

    def half_width(self) -> float:
        return super().half_width() + 0.24 * self.a.temple

    def prepare(self) -> None:
        place = (self.left, self.top, self.scale, (self.width, self.height))
        self._face = face_warp(self.a, self.yaw_deg, *place)
        self._hair = hair_warp(self.a, self.yaw_deg, *place)

    def turned(self, x: float) -> float:
        return turned_x(x, self.a.temple, FACE_DEPTH * self.a.temple, self.yaw_deg)

    def mouth_box(self) -> Box:
        a, reach = self.a, self.a.mouth_w * 1.5 + 14
        return self.box(self.turned(-reach) - 6, a.mouth_y - 42, self.turned(reach) + 6, a.mouth_y + 72)

    def eye_box(self) -> Box:
        a, reach = self.a, self.a.eye_x + self.a.eye_w + 34
        return self.box(self.turned(-reach) - 6, a.eye_y - 66, self.turned(reach) + 6, a.eye_y + 38)

    def under(self) -> skia.Image:
        sheet = Sheet(self.width, self.height)
        self.to_units(sheet.canvas)
        draw_back_of_head(sheet.canvas, self.a, self.way)
        sheet.canvas.resetMatrix()
        flat = self.painted(lambda canvas: self.draw_under(canvas, front=False))
        sheet.canvas.drawImage(as_image(self._face.apply(flat, (0, 0, self.width, self.height))), 0, 0)
        if self.a.look.hair.style not in EARS_COVERED:
            self.to_units(sheet.canvas)
            draw_near_ear(sheet.canvas, self.a, self.way)
        return as_image(sheet.pixels)

    def draw_features(self, canvas: skia.Canvas, box: Box, viseme: Viseme, lids: float) -> None:
        sheet = Sheet(self.width, box[3])
        sheet.canvas.translate(0, -box[1])
        self.to_units(sheet.canvas)
        self.draw_flat_features(sheet.canvas, viseme, lids)
        turned = as_image(self._face.apply(sheet.pixels, box, box[1]))
        canvas.drawImage(turned, box[0], box[1], skia.SamplingOptions(), on_the_head())

    def over(self) -> skia.Image:
        sheet = Sheet(self.width, self.height)
        whole = (0, 0, self.width, self.height)
        self.to_units(sheet.canvas)
        draw_turned_nose(sheet.canvas, self.a, self.way, self.turned(0.0))
        sheet.canvas.resetMatrix()
        for draw, warp in ((self._draw_low, self._face), (self._draw_hair, self._hair), (self._draw_high, self._face)):
            flat: np.ndarray = self.painted(draw)
            sheet.canvas.drawImage(as_image(warp.apply(flat, whole)), 0, 0)
            if warp is self._hair and self.a.look.hair.style in COMBED:
                self.to_units(sheet.canvas)
                draw_combed_back(sheet.canvas, self.a, self.way)
                sheet.canvas.resetMatrix()
        return as_image(sheet.pixels)

    def draw_hair_mass(self, canvas: skia.Canvas) -> None:
        draw_turned_mass(canvas, self.a, self.way, 0.5)

    def _draw_low(self, canvas: skia.Canvas) -> None:
        draw_above_mouth(canvas, self.a)
        draw_tears(canvas, self.a, self.e)

    def _draw_hair(self, canvas: skia.Canvas) -> None:
        draw_hair_in_front(canvas, self.a)

    def _draw_high(self, canvas: skia.Canvas) -> None:
        draw_brows(canvas, self.a, self.e)
        if self.a.look.glasses:
            draw_glasses(canvas, self.a)


def draw_turned_mass(canvas: skia.Canvas, a: Anatomy, way: int, turned: float) -> None:
    """The hair behind a head turned `way`: it hangs at the back, away from where the face looks."""
    style = a.look.hair.style
    canvas.save()
    if style == "ponytail":
        canvas.translate(way * 14 * turned, 0)
        canvas.scale(-way, 1)
    elif style == "bun":
        canvas.translate(-way * 150 * turned * turned, 60 * turned * turned)
    else:
        canvas.translate(-way * (26 if style == "curly" else 64) * turned, 0)
    draw_hair_behind(canvas, a)
    canvas.restore()


def skull_outline(a: Anatomy) -> skia.Path:
    """The back of the head with its hair, of somebody turned to the right."""
    t, (crown, back) = a.temple, _back_of(a)
    return path(
        f"M {t * 0.5} {crown + 20} C {t * 0.2} {crown - 4} {-t * 0.66} {crown} {-back} -110"
        f" C {-back - 16} -40 {-back * 0.98} 36 {-t * 0.74} 84 L {-t * 0.52} 92 L {-t * 0.40} -20 L {t * 0.5} -60 Z"
    )


def _back_of(a: Anatomy) -> tuple[float, float]:
    """Row of the crown and how far the hair reaches back."""
    rise = {"short": 30, "bun": 22, "ponytail": 22, "buzz": 5, "bald": 0}.get(a.look.hair.style, 26)
    return a.crown_y - rise, a.temple * (1.04 + 0.04 * (rise > 6))


def draw_back_of_head(canvas: skia.Canvas, a: Anatomy, way: int) -> None:
    """Skull and hair behind the near ear, which a straight face hides."""
    t, style = a.temple, a.look.hair.style
    crown, back = _back_of(a)
    canvas.save()
    canvas.scale(way, 1)
    if style not in HANGING:
        neck = path(f"M {-t * 0.86} -40 C {-t * 0.98} 40 {-t * 0.86} 100 {-t * 0.60} 128 L {-t * 0.1} 150 L 0 -40 Z")
        canvas.drawPath(neck, linear((-t, 0), (0, 60), [ink(a.skin.shade), ink(a.skin.base)]))
    skull = skull_outline(a)
    if style in ("bald", "buzz"):  # the side toward the light goes on as light as the face's edge
        edge, inner = (a.skin.base, a.skin.light) if way > 0 else (a.skin.shade, mix(a.skin.shade, a.skin.base, 0.4))
        canvas.drawPath(skull, linear((-back, 0), (-back * 0.5, -60), [ink(edge), ink(inner)]))
    if style != "bald":
        tone = mix(a.hair.base, a.skin.shade, 0.3) if style == "buzz" else a.hair.base
        colours = [ink(mix(tone, a.hair.light, 0.18)), ink(tone), ink(mix(tone, a.hair.shade, 0.8)), ink(a.hair.deep)]
        canvas.drawPath(skull, linear((-t * 0.3, crown), (-back * 0.7, 90), colours, [0, 0.3, 0.7, 1]))
        canvas.save()
        canvas.clipPath(skull, True)
        for i in range(18):
            u = i / 17
            canvas.drawPath(
                blade(
                    (t * (0.3 - 0.5 * u), crown + 26 + 40 * u),
                    (-back * (0.7 + 0.3 * u), -150 + 120 * u),
                    (-back * (1.02 - 0.30 * u), -10 + 110 * u),
                    9,
                ),
                fill(a.hair.light if i % 3 == 0 else a.hair.deep, 0.26 if style != "buzz" else 0.12),
            )
        canvas.restore()
    if style == "curly":
        dice = random.Random(19)
        for _ in range(46):
            x, y = -back * dice.uniform(0.30, 1.10), crown + 30 + dice.uniform(0, 250)
            if y < crown + 110 and x < -back * 0.85:
                continue
            curl(canvas, a, x, y, dice.uniform(23, 31), dice)
    canvas.restore()


def draw_combed_back(canvas: skia.Canvas, a: Anatomy, way: int) -> None:
    """Locks from the front to the back of the head: no seam shows where the turned front ends."""
    t, (crown, back) = a.temple, _back_of(a)
    canvas.save()
    canvas.scale(way, 1)
    canvas.clipPath(skull_outline(a), True)
    for i in range(15):
        u = i / 14
        root = (-t * (0.02 + 0.42 * u), crown + 10 + 84 * u * u)
        tip = (-back * (1.0 - 0.12 * u), -130 + 100 * u)
        bend = ((root[0] + tip[0]) / 2 - 10, (root[1] + tip[1]) / 2 - 30 * (1 - u) - 8)
        tone = mix(a.hair.base, a.hair.light, 0.34) if i % 3 == 1 else mix(a.hair.base, a.hair.shade, 0.30 * u)
        ends = [ink(tone, 0.0), ink(tone, 0.9), ink(tone, 0.8), ink(tone, 0.0)]
        canvas.drawPath(blade(root, bend, tip, 30), linear(root, tip, ends, [0, 0.3, 0.75, 1]))
    canvas.restore()


def draw_near_ear(canvas: skia.Canvas, a: Anatomy, way: int) -> None:
    """The ear on the side toward us, at its place behind the cheek."""
    t = a.temple
    canvas.save()
    canvas.translate(-way * t * 0.74, 0)
    canvas.scale(-1.12 * way, 1.06)
    canvas.translate(-(t - 8), 0)
    draw_ear(canvas, a, 1)
    canvas.restore()
    x = -way * t * 0.60
    canvas.drawPath(blade((x, -30), (x + way * 3, 20), (x - way * 2, 62), 7), fill(a.skin.deep, 0.35, blur=4))


def draw_turned_nose(canvas: skia.Canvas, a: Anatomy, way: int, middle: float) -> None:
    """Bridge, tip and near nostril; the tip stands out past the face's middle at `middle`."""
    y, w = a.nose_y, a.nose_w
    out = 15 + w * 0.55
    canvas.save()
    canvas.translate(middle, 0)
    canvas.scale(way, 1)
    canvas.drawPath(  # the far side lies in shadow
        path(
            f"M -2 -26 C 10 4 10 30 {out} {y - 14} C {out + 6} {y + 2} {out - 8} {y + 12} {4} {y + 8}"
            f" C -4 {y - 20} -8 10 -2 -26 Z"
        ),
        linear((0, 0), (out, y), [ink(mix(a.skin.base, a.skin.light, 0.35)), ink(a.skin.base)], blur=2.5),
    )
    bridge = path(f"M -2 -8 C 6 10 10 34 {out} {y - 15} C {out + 7} {y - 6} {out + 6} {y + 5} {out - 5} {y + 8}")
    pen = linear((0, -6), (0, y), [ink(a.skin.line, 0), ink(a.skin.line, 0.62 + 0.16 * (1 - a.feminine))], blur=0.5)
    pen.setStyle(skia.Paint.kStroke_Style)
    pen.setStrokeWidth(3.4)
    canvas.drawPath(bridge, pen)
    canvas.drawPath(
        path(
            f"M {out - 4} {y + 8} C {out - 16} {y + 14} {-w * 0.5} {y + 13} {-w * 0.9} {y + 2}"
            f" C {-w * 0.6} {y + 20} {out - 12} {y + 20} {out - 4} {y + 8} Z"
        ),
        fill(a.skin.deep, 0.45, blur=2.4),
    )
    canvas.drawPath(blade((out - 14, y + 7), (2, y + 2), (-w * 0.42, y + 5), 6.5), fill(a.skin.line, 0.66, blur=0.8))
    canvas.drawPath(
        blade((-w * 0.62, y + 6), (-w - 5, y - 6), (-w * 0.66, y - 18), 5.5), fill(a.skin.deep, 0.55, blur=1.2)
    )
    canvas.drawOval(rect(out - 22, y - 22, 14, 16), fill(a.skin.light, 0.75, blur=4))
    canvas.drawPath(blade((-4, -14), (2, 30), (out - 20, y - 22), 9), fill(a.skin.light, 0.38, blur=4))
    turn = math.copysign(1.0, way)
    canvas.drawPath(blade((6 * turn, y + 20), (4, y + 27), (4, a.mouth_y - 20), 7), fill(a.skin.shade, 0.5, blur=2))
    canvas.restore()
