"""Stubble, moustache and beard. The part over the lips is drawn after the mouth, so that speech shows through."""

from __future__ import annotations

import math
import random

import skia

from microdrama_assets.studios.draft.ink import blade, fill, ink, linear, mix, path
from microdrama_assets.studios.draft.rig.anatomy import Anatomy


def draw_beneath_mouth(canvas: skia.Canvas, a: Anatomy, face: skia.Path) -> None:
    """Cheeks, chin and jaw."""
    kind = a.look.facial_hair
    if kind == "stubble":
        _draw_stubble(canvas, a, face)
    elif kind == "beard":
        _draw_beard(canvas, a)


def draw_above_mouth(canvas: skia.Canvas, a: Anatomy) -> None:
    """The moustache, hanging over the upper lip."""
    if a.look.facial_hair not in ("moustache", "beard"):
        return
    y = a.mouth_y - 15
    w = a.mouth_w + (13 if a.look.facial_hair == "moustache" else 8)
    colour = mix(a.hair.base, a.hair.deep, 0.25)
    for side in (-1, 1):
        shape = path(
            f"M 0 {y - 11} C {side * 18} {y - 20} {side * w * 0.7} {y - 10} {side * w} {y + 15}"
            f" C {side * w * 0.7} {y + 9} {side * 20} {y + 10} 0 {y + 3} Z"
        )
        canvas.drawPath(
            shape,
            linear(
                (0, y - 16), (side * w, y + 16), [ink(mix(colour, a.hair.light, 0.3)), ink(colour), ink(a.hair.shade)]
            ),
        )
        for i in range(11):
            x = side * (3 + i * w / 12)
            canvas.drawPath(
                blade((x, y - 12 + i * 1.2), (x + side * 6, y), (x + side * 11, y + 8 + i * 0.4), 3.2),
                fill(a.hair.light if i % 3 == 0 else a.hair.deep, 0.36),
            )


def _draw_stubble(canvas: skia.Canvas, a: Anatomy, face: skia.Path) -> None:
    dice = random.Random(17)
    canvas.save()
    canvas.clipPath(face, True)
    shade = mix(a.hair.base, a.skin.deep, 0.45)
    j, t = a.jaw, a.temple
    canvas.drawPath(
        path(
            f"M {-t} 70 C {-j * 0.9} 104 {-a.mouth_w - 24} 100 {-a.mouth_w} {a.mouth_y - 24}"
            f" Q 0 {a.mouth_y - 34} {a.mouth_w} {a.mouth_y - 24} C {a.mouth_w + 24} 100 {j * 0.9} 104 {t} 70"
            f" L {t} 240 L {-t} 240 Z"
        ),
        fill(shade, 0.32, blur=12),
    )
    for _ in range(520):
        angle, reach = dice.uniform(0.05, math.pi - 0.05), dice.uniform(0.66, 1.0)
        x, y = math.cos(angle) * j * 1.12 * reach, 88 + math.sin(angle) * (a.chin_y - 84) * reach
        if abs(x) < a.mouth_w + 4 and abs(y - a.mouth_y) < 14:
            continue
        canvas.drawCircle(
            x, y, dice.uniform(0.9, 1.7), fill(mix(a.hair.deep, a.skin.deep, 0.3), dice.uniform(0.3, 0.6))
        )
    canvas.restore()


def _draw_beard(canvas: skia.Canvas, a: Anatomy) -> None:
    j, t, m, y = a.jaw, a.temple, a.mouth_w, a.chin_y
    shape = path(
        f"M {-t + 4} 4 C {-t - 4} 70 {-j - 18} 150 {-j * 0.72} {y - 4}"
        f" C {-j * 0.4} {y + 42} {j * 0.4} {y + 42} {j * 0.72} {y - 4} C {j + 18} 150 {t + 4} 70 {t - 4} 4"
        f" C {t - 20} 60 {j * 0.86} 96 {m + 24} {a.mouth_y - 18}"
        f" C {m + 8} {a.mouth_y - 28} {m} {a.mouth_y - 30} 0 {a.mouth_y - 32}"
        f" C {-m} {a.mouth_y - 30} {-m - 8} {a.mouth_y - 28} {-m - 24} {a.mouth_y - 18}"
        f" C {-j * 0.86} 96 {-t + 20} 60 {-t + 4} 4 Z"
    )
    colour = mix(a.hair.base, a.hair.deep, 0.18)
    canvas.drawPath(
        shape,
        linear(
            (-t, 20),
            (t * 0.7, y + 30),
            [ink(mix(colour, a.hair.light, 0.35), 0.97), ink(colour, 0.98), ink(a.hair.shade), ink(a.hair.deep)],
            [0, 0.3, 0.7, 1],
            blur=2.0,
        ),
    )
    dice = random.Random(31)
    canvas.save()
    canvas.clipPath(shape, True)
    for _ in range(150):
        x = dice.uniform(-t, t)
        top = 20 + (a.mouth_y - 10) * (1 - abs(x) / t) ** 0.6
        yy = dice.uniform(top, y + 20)
        canvas.drawPath(
            blade((x, yy), (x * 1.02, yy + 12), (x * 0.94, yy + dice.uniform(20, 34)), dice.uniform(2.5, 5)),
            fill(a.hair.light if dice.random() < 0.4 else a.hair.deep, dice.uniform(0.18, 0.42)),
        )
    canvas.restore()
    canvas.drawOval(
        skia.Rect.MakeXYWH(-m * 0.5, a.mouth_y + 12, m, 20), fill(mix(a.skin.shade, colour, 0.45), 0.75, blur=7)
    )
