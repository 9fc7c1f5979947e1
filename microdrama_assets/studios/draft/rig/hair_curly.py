"""Curls and afro, built from ringlets from the back to the front."""

from __future__ import annotations

import math
import random

import skia

from microdrama_assets.studios.draft.ink import fill, ink, linear, mix, path, radial, rect, smooth
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.hair_brushes import curl, lock


def _ring(
    a: Anatomy, rx: float, ry: float, cy: float, start: float, end: float, count: int, r: float
) -> list[tuple[float, float, float]]:
    turns = [math.radians(start + (end - start) * i / (count - 1)) for i in range(count)]
    return [(rx * math.cos(turn), cy + ry * math.sin(turn), r) for turn in turns]


def draw_curly_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    low = 36 + 170 * a.feminine
    canvas.drawPath(
        smooth(
            [
                (-t - 34, -100),
                (-t - 40, low * 0.5),
                (-t + 16, low + 16),
                (0, low - 20),
                (t - 16, low + 16),
                (t + 40, low * 0.5),
                (t + 34, -100),
                (t * 0.9, -230),
                (0, a.top_y + 20),
                (-t * 0.9, -230),
            ]
        ),
        fill(a.hair.deep),
    )
    dice = random.Random(41)
    rows = int(4 + 4 * a.feminine)
    for row in range(rows):
        y = -90 + (low + 96) * row / (rows - 1)
        for side in (-1, 1):
            for column in range(3):
                curl(
                    canvas,
                    a,
                    side * (t + 30 - 26 * column) + dice.uniform(-7, 7),
                    y + 12 * (column % 2) + dice.uniform(-6, 6),
                    dice.uniform(24, 31),
                    dice,
                )


def draw_curly(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    canvas.drawPath(
        path(
            f"M {-t - 16} -40 C {-t - 30} -170 {-t * 0.7} {a.top_y + 14} 0 {a.top_y + 14}"
            f" C {t * 0.7} {a.top_y + 14} {t + 30} -170 {t + 16} -40 C {t - 8} -70 {t * 0.8} -110 {t * 0.5} -126"
            f" C {t * 0.2} -140 {-t * 0.2} -140 {-t * 0.5} -126 C {-t * 0.8} -110 {-t + 8} -70 {-t - 16} -40 Z"
        ),
        fill(a.hair.shade),
    )
    dice = random.Random(7)
    spots = []
    for band, (rx, ry, r, count) in enumerate(
        ((t + 18, 128, 29, 17), (t - 8, 102, 30, 15), (t - 40, 74, 30, 12), (t - 76, 46, 29, 8), (26, 18, 28, 4))
    ):
        spots += _ring(a, rx, ry, -124 + 2 * band, 178, 362, count, r)
    spots += [(side * (t + 6 - 3 * i), -92 + 30 * i, 23) for side in (-1, 1) for i in range(4)]
    spots += [
        (-t * 0.84 + i * t * 1.68 / 10, -104 - 24 * math.sin(math.pi * i / 10) + (8 if i % 3 == 1 else 0), 26)
        for i in range(11)
    ]
    for x, y, r in sorted(spots, key=lambda spot: spot[1] + dice.uniform(-26, 26)):
        curl(canvas, a, x + dice.uniform(-7, 7), y + dice.uniform(-7, 7), r * dice.uniform(0.85, 1.15), dice)
    for side in (-1, 1):
        lock(canvas, a, (side * 30, -120), (side * 52, -92), (side * 24, -74), 13, 0.4, edge=0.3)


def draw_afro_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    cy, r = -96.0, a.reach - 18
    canvas.drawOval(
        rect(-r, cy - 192, 2 * r, 372),
        radial(
            (-70, cy - 110),
            r * 1.7,
            [ink(mix(a.hair.base, a.hair.light, 0.45)), ink(a.hair.base), ink(a.hair.shade), ink(a.hair.deep)],
            [0, 0.3, 0.65, 1],
        ),
    )
    dice = random.Random(3)
    for _ in range(150):
        angle, reach = dice.uniform(0, 2 * math.pi), dice.uniform(0.80, 1.0)
        curl(canvas, a, r * reach * math.cos(angle), cy - 6 + 188 * reach * math.sin(angle), dice.uniform(11, 17), dice)


def draw_afro(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    canvas.drawPath(
        path(
            f"M {-t - 22} -50 C {-t - 44} -190 {-t * 0.7} -272 0 -272 C {t * 0.7} -272 {t + 44} -190 {t + 22} -50"
            f" L {t - 4} -56 C {t * 0.78} -136 {-t * 0.78} -136 {-t + 4} -56 Z"
        ),
        linear((-t, -280), (t, -60), [ink(mix(a.hair.base, a.hair.light, 0.25)), ink(a.hair.base), ink(a.hair.shade)]),
    )
    dice = random.Random(6)
    for _ in range(230):
        angle, reach = dice.uniform(math.pi * 0.97, math.pi * 2.03), dice.uniform(0.0, 1.0) ** 0.6
        x = (t * 0.80 + 50 * reach) * math.cos(angle) * (0.35 + 0.65 * reach)
        y = -122 + 20 * (abs(x) / t) ** 2 + (30 + 124 * reach) * math.sin(angle)
        curl(canvas, a, x, y, dice.uniform(12, 18), dice)
    for i in range(17):
        x = -t * 0.92 + i * t * 1.84 / 16
        curl(canvas, a, x, -124 + 62 * (abs(x) / t) ** 2.4, dice.uniform(11, 14), dice)
    for side in (-1, 1):
        for i in range(3):
            curl(canvas, a, side * (t + 4 + 3 * i), -66 + 15 * i, 13 - 2 * i, dice)
