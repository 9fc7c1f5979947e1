"""Cropped hair."""

from __future__ import annotations

import math
import random

import skia

from microdrama_assets.studios.draft.ink import fill, ink, linear, mix, path, rect, stroke
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.hair_brushes import cap_edge, gloss, lock, mass, strands


def draw_buzz(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    shape = path(
        cap_edge(a, 3, -14)
        + (
            f" L {t - 10} -20 C {t - 16} -70 {t * 0.80} -96 {t * 0.66} -142"
            f" C {t * 0.4} -164 {-t * 0.4} -164 {-t * 0.66} -142 C {-t * 0.80} -96 {-t + 16} -70 {-t + 10} -20"
            f" Z"
        )
    )
    canvas.drawPath(
        shape,
        linear(
            (0, a.top_y),
            (0, -20),
            [
                ink(mix(a.hair.base, a.skin.shade, 0.12), 0.96),
                ink(mix(a.hair.base, a.skin.shade, 0.22), 0.94),
                ink(mix(a.hair.base, a.skin.shade, 0.42), 0.70),
            ],
            blur=2.2,
        ),
    )
    dice = random.Random(9)
    canvas.save()
    canvas.clipPath(shape, True)
    for _ in range(420):
        x, y = dice.uniform(-t, t), dice.uniform(a.top_y, -30)
        canvas.drawLine(
            x,
            y,
            x * 1.02 + dice.uniform(-1, 1),
            y + dice.uniform(4, 8),
            stroke(a.hair.light if dice.random() < 0.4 else a.hair.deep, 1.6, dice.uniform(0.2, 0.5)),
        )
    canvas.drawOval(rect(-t * 0.6, a.top_y + 18, t * 0.9, 46), fill(a.hair.light, 0.28, blur=14))
    canvas.restore()


def draw_short(canvas: skia.Canvas, a: Anatomy) -> None:
    t, fem, top = a.temple, a.feminine, a.top_y
    part, low = -46.0, 22 + 18 * fem
    shape = path(
        f"M {-t - 7} {low - 8} C {-t - 16} -60 {-t - 14} -150 {-t * 0.80} -206"
        f" C {-t * 0.56} {top + 4} {-t * 0.20} {top - 6} 0 {top - 2}"
        f" C {t * 0.40} {top - 8} {t * 0.78} {top + 14} {t * 0.92} -196"
        f" C {t + 16} -150 {t + 15} -60 {t + 7} {low - 8}"
        f" L {t - 5} {low} C {t - 12} -10 {t - 12} -50 {t * 0.86} -84"
        f" C {t * 0.6} -122 {part + 60} -134 {part} -140 C {-t * 0.62} -128 {-t * 0.80} -108 {-t * 0.86} -80"
        f" C {-t + 12} -46 {-t + 12} -8 {-t + 5} {low} Z"
    )
    mass(canvas, a, shape)
    strands(
        canvas,
        a,
        shape,
        lambda u: (
            (part + (u - 0.5) * 40, -196),
            ((-t + 2 * t * u) * 0.98, top + 20 + 110 * abs(u - 0.42)),
            ((-t - 4) + (2 * t + 8) * u, -20 - 120 * (1 - abs(2 * u - 1))),
        ),
        40,
        3,
    )
    for i in range(7):  # the side away from the parting
        u = i / 6
        root = (part - 4, -176 - 4 * u)
        lock(
            canvas,
            a,
            root,
            (part - 40 - 34 * u, -214 + 40 * u),
            (-t * 0.60 - 44 * u, -132 + 78 * u),
            30 - 9 * u,
            0.55 - 0.25 * u,
            edge=0.22,
        )
    for i in range(11):  # a swept quiff: each lock rises from the parting and falls to the right
        u = 1 - i / 10
        root = (part + 2 + 10 * u, -176 - 14 * u)
        bend = (part + 52 + 90 * u, -150 - 112 * u)
        tip = (part + 66 + (t * 0.94 - part - 66) * (0.30 + 0.70 * u), -116 + 6 * math.sin(u * 7) + 40 * u * u)
        lock(canvas, a, root, bend, tip, 40 - 8 * u, 0.62 - 0.95 * u, edge=0.25)
    gloss(canvas, a, shape, -206, 24, 0.42)
