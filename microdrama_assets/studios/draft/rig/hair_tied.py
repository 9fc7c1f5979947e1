"""Hair drawn back: bun and ponytail."""

from __future__ import annotations

import math

import skia

from microdrama_assets.studios.draft.ink import blade, fill, ink, mix, path, radial, rect, stroke
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.hair_brushes import cap_edge, gloss, lock, mass, strands


def _pulled_back(canvas: skia.Canvas, a: Anatomy) -> skia.Path:
    t = a.temple
    shape = path(
        cap_edge(a, 9, 0, -238.0)
        + (
            f" L {t - 6} 16 C {t - 14} -30 {t - 16} -70 {t * 0.78} -112"
            f" C {t * 0.4} -164 {-t * 0.1} -172 {-t * 0.30} -166"
            f" C {-t * 0.6} -150 {-t * 0.78} -124 {-t * 0.84} -96 C {-t + 16} -60 {-t + 14} -30 {-t + 6} 16 Z"
        )
    )
    mass(canvas, a, shape)
    strands(
        canvas,
        a,
        shape,
        lambda u: (
            (-t + 2 * t * u, -70 - 100 * math.sin(math.pi * u)),
            ((-t * 0.9) + 1.8 * t * u, -200),
            ((u - 0.5) * 90, -244),
        ),
        46,
        4,
    )
    gloss(canvas, a, shape, -204, 38, 0.60)
    return shape


def _wisps(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    for side in (-1, 1):
        lock(
            canvas,
            a,
            (side * (t - 14), -104),
            (side * (t + 8), -20),
            (side * (t - 20), 92),
            15,
            0.2 if side < 0 else -0.2,
        )
        lock(canvas, a, (side * (t - 8), -70), (side * (t + 16), 0), (side * (t + 2), 60), 10, 0.2)


def draw_bun_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    y = a.top_y + 64
    bun = skia.Path()
    bun.addOval(rect(-76, y - 62, 152, 128))
    canvas.drawPath(
        bun,
        radial(
            (-22, y - 26),
            116,
            [ink(mix(a.hair.base, a.hair.light, 0.6)), ink(a.hair.base), ink(a.hair.shade), ink(a.hair.deep)],
            [0, 0.4, 0.75, 1],
        ),
    )
    canvas.save()
    canvas.clipPath(bun, True)
    for i in range(9):
        u = i / 8 - 0.5
        canvas.drawPath(
            blade((u * 130, y + 52), (u * 190 + 16, y - 20), (u * 40 + 24, y - 58), 9),
            fill(a.hair.light if i % 2 else a.hair.deep, 0.30),
        )
    canvas.drawArc(rect(-52, y - 44, 100, 92), 200, 130, False, stroke(a.hair.light, 7, 0.35, blur=3))
    canvas.restore()


def draw_bun(canvas: skia.Canvas, a: Anatomy) -> None:
    cap = _pulled_back(canvas, a)
    canvas.save()
    canvas.clipPath(cap, True)
    canvas.drawOval(rect(-60, -278, 120, 40), fill(a.hair.deep, 0.55, blur=7))
    canvas.restore()
    _wisps(canvas, a)


def draw_ponytail_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    shape = path(
        f"M {t * 0.30} -236 C {t + 30} -250 {t + 92} -120 {t + 78} 30 C {t + 74} 140 {t + 96} 220 {t + 34} 330"
        f" C {t + 40} 230 {t - 10} 200 {t - 10} 60 C {t} -60 {t - 30} -150 {t * 0.30} -200 Z"
    )
    mass(canvas, a, shape)
    strands(
        canvas, a, shape, lambda u: ((t * 0.5, -236 + 30 * u), (t + 84 - 80 * u, -60), (t + 66 - 40 * u, 310)), 22, 6
    )


def draw_ponytail(canvas: skia.Canvas, a: Anatomy) -> None:
    _pulled_back(canvas, a)
    t = a.temple
    for i in range(6):
        u = i / 5
        lock(
            canvas,
            a,
            (-30 + 10 * u, -212 + 16 * u),
            (10 + 62 * u, -186 + 18 * u),
            (0 + t * 0.93 * u, -112 - 16 * math.sin(u * 3) + 46 * u * u),
            34 - 10 * u,
            0.3 - 0.5 * u,
            edge=0.25,
        )
    lock(canvas, a, (-36, -210), (-92, -184), (-t + 14, -62), 36, 0.5, edge=0.25)
    _wisps(canvas, a)
