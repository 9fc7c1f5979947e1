"""Straight hair worn down: bob and long."""

from __future__ import annotations

import math

import skia

from microdrama_assets.studios.draft.ink import blade, fill, path
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.hair_brushes import cap_edge, gloss, inner_shadow, lock, mass, strands


def draw_bob_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    shape = path(
        cap_edge(a, 26, 20)
        + (
            f" C {t + 44} 90 {t + 40} 170 {t + 4} 214 C {t * 0.4} 236 {-t * 0.4} 236 {-t - 4} 214"
            f" C {-t - 40} 170 {-t - 44} 90 {-t - 26} 20 Z"
        )
    )
    mass(canvas, a, shape)
    inner_shadow(canvas, a, shape, 60, 250)


def draw_bob(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    shape = path(
        cap_edge(a, 24, 20)
        + (
            f" C {t + 36} 90 {t + 34} 150 {t + 8} 206 C {t - 16} 196 {t - 26} 150 {t - 16} 90"
            f" C {t - 6} 30 {t - 6} -30 {t * 0.86} -74"
            f" C {t * 0.4} -64 {-t * 0.4} -64 {-t * 0.86} -74 C {-t + 6} -30 {-t + 6} 30 {-t + 16} 90"
            f" C {-t + 26} 150 {-t + 16} 196 {-t - 8} 206 C {-t - 34} 150 {-t - 36} 90 {-t - 24} 20 Z"
        )
    )
    mass(canvas, a, shape)
    strands(
        canvas,
        a,
        shape,
        lambda u: (
            ((u - 0.5) * 50, a.top_y + 4),
            ((u - 0.5) * 2 * t * 0.95, a.top_y + 66),
            ((u - 0.5) * 2.3 * t, 150 if abs(u - 0.5) > 0.38 else -70),
        ),
        44,
        8,
    )
    for side in (-1, 1):
        for i in range(5):
            u = i / 4
            lock(
                canvas,
                a,
                (side * (t * 0.70 + 22 * u), -150 + 30 * u),
                (side * (t + 30 - 22 * (1 - u)), -10),
                (side * (t - 18 + 30 * u), 150 + 56 * u),
                32 - 6 * u,
                (0.45 if side < 0 else -0.25) - 0.15 * u,
                edge=0.3,
            )
    for i in range(12):
        x = (i / 11 - 0.5) * 2
        root = (x * t * 0.34, a.top_y + 34 + 30 * abs(x))
        lock(
            canvas,
            a,
            root,
            (x * t * 0.80, -160 + 10 * abs(x)),
            (x * t * 0.86 + 2, -62 - 12 * (1 - abs(x)) + 5 * math.sin(i * 2.2)),
            40,
            0.50 - 0.40 * (x + 1),
            edge=0.3,
        )
    gloss(canvas, a, shape, a.top_y + 58, 40, 0.58)


def draw_long_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    shape = path(
        cap_edge(a, 28, 20)
        + (
            f" C {t + 54} 130 {t + 62} 260 {t + 34} 420 C {t * 0.5} 456 {-t * 0.5} 456 {-t - 34} 420"
            f" C {-t - 62} 260 {-t - 54} 130 {-t - 28} 20 Z"
        )
    )
    mass(canvas, a, shape)
    inner_shadow(canvas, a, shape, 40, 470)
    strands(
        canvas,
        a,
        shape,
        lambda u: ((-t + 2 * t * u, -20), ((-t - 50) + (2 * t + 100) * u, 200), ((-t - 24) + (2 * t + 48) * u, 440)),
        34,
        14,
    )


def draw_long(canvas: skia.Canvas, a: Anatomy) -> None:
    t, part, top = a.temple, -24.0, a.top_y
    for side in (-1, 1):
        reach = side * t - part
        edge = path(
            f"M {part} {top} C {side * t * 0.62} {top} {side * (t + 38)} {top * 0.72} {side * (t + 28)} 20"
            f" C {side * (t + 50)} 130 {side * (t + 58)} 260 {side * (t + 26)} 384"
            f" C {side * (t - 12)} 340 {side * (t - 2)} 240 {side * (t - 2)} 150"
            f" C {side * (t - 4)} 60 {side * (t - 8)} 10 {side * (t - 14)} -40"
            f" C {part + reach * 0.72} -112 {part + reach * 0.30} -150 {part} -164 Z"
        )
        mass(canvas, a, edge)
        strands(
            canvas,
            a,
            edge,
            lambda u, r=reach, s=side: (
                (part + r * 0.03, top + 6 + 30 * u),
                (part + r * (0.55 + 0.4 * u), -190 + 40 * u),
                (s * (t - 4 + 46 * u), 60 + 300 * u),
            ),
            30,
            5 + side,
        )
        for i in range(8):
            u = i / 7
            lock(
                canvas,
                a,
                (part + reach * 0.02, top + 14 + 26 * (1 - u)),
                (part + reach * (0.62 + 0.30 * u), -150 - 40 * u),
                (side * (t - 10 + 34 * u), -30 + 260 * u),
                30 - 4 * u,
                (0.55 if side < 0 else -0.1) - 0.35 * u,
                edge=0.28,
            )
        for i in range(5):
            u = i / 4
            lock(
                canvas,
                a,
                (side * (t + 2 + 14 * u), -40 + 20 * u),
                (side * (t + 40 - 8 * u), 170),
                (side * (t + 26 - 34 * u), 384 - 26 * u),
                30,
                (0.35 if side < 0 else -0.35) - 0.1 * u,
                edge=0.3,
            )
        gloss(canvas, a, edge, top + 54, 46, 0.52)
    canvas.drawPath(blade((part, top + 2), (part + 2, top + 20), (part, -168), 4), fill(a.hair.deep, 0.7))
