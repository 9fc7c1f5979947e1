"""Jacket, coat and suit: panels over a shirt, with lapels."""

from __future__ import annotations

import skia

from microdrama_assets.studios.draft.ink import Colour, fill, ink, linear, luma, mix, path, rect, stroke
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.cloth import (
    HEM_Y,
    Sides,
    cloth,
    flank,
    hip_of,
    sleeves,
    torso_outline,
    trousers,
)
from microdrama_assets.studios.draft.rig.tops import draw_tee


def draw_jacket(canvas: skia.Canvas, a: Anatomy, main: Colour, accent: Colour, hanging: Sides) -> None:
    s, n = a.shoulder, a.neck
    draw_tee(canvas, a, accent)
    trousers(canvas, a, (38, 40, 56))
    dark, lit = mix(main, (6, 4, 14), 0.55), mix(main, (255, 244, 226), 0.30)
    for side in (-1, 1):
        half = path(
            f"M {side * n * 1.16} 226 {flank(a, side, 20)} L {side * s * 0.40} 1050"
            f" C {side * s * 0.34} 760 {side * s * 0.24} 520 {side * n * 1.16} 226 Z"
        )
        cloth(canvas, a, half, main)
        lapel = path(
            f"M {side * n * 1.10} 212 C {side * n * 1.7} 262 {side * n * 2.1} 330 {side * s * 0.62} 400"
            f" L {side * s * 0.46} 430 L {side * s * 0.52} 462"
            f" C {side * s * 0.42} 560 {side * s * 0.36} 640 {side * s * 0.345} 700"
            f" C {side * s * 0.30} 560 {side * s * 0.22} 400 {side * n * 1.10} 212 Z"
        )
        canvas.drawPath(lapel, fill((4, 2, 8), 0.42, blur=8))
        canvas.drawPath(
            lapel,
            linear(
                (side * n, 220),
                (side * s * 0.4, 640),
                [ink(lit if side < 0 else mix(main, lit, 0.4)), ink(main), ink(dark)],
            ),
        )
        canvas.drawPath(lapel, stroke(dark, 3, 0.8))
        canvas.drawPath(
            path(f"M {side * s * 0.34} 700 C {side * s * 0.36} 800 {side * s * 0.38} 920 {side * s * 0.40} 1050"),
            stroke((190, 190, 200), 5, 0.75),
        )
    sleeves(canvas, a, main, hanging, loose=8)


def draw_coat(canvas: skia.Canvas, a: Anatomy, main: Colour, accent: Colour, hanging: Sides) -> None:
    s, n = a.shoulder, a.neck
    cloth(canvas, a, torso_outline(a, collar=-8), accent)
    dark, lit = mix(main, (6, 4, 14), 0.5), mix(main, (255, 244, 226), 0.22)
    canvas.drawPath(
        path(f"M {-n * 1.02} 256 Q 0 340 {n * 1.02} 256 L {n * 1.1} 296 Q 0 372 {-n * 1.1} 296 Z"),
        fill(mix(accent, (10, 6, 20), 0.25)),
    )
    for side in (1, -1):
        panel = path(
            f"M {side * n * 1.2} 214 {flank(a, side, 32)} L {side * hip_of(a) * 1.16} {HEM_Y}"
            f" L {-side * s * 0.12} {HEM_Y} L {-side * s * 0.10} 700"
            f" C {side * s * 0.10} 560 {side * s * 0.22} 400 {side * n * 1.2} 214 Z"
        )
        cloth(canvas, a, panel, main)
        collar = path(
            f"M {side * n * 1.06} 178 C {side * n * 1.75} 196 {side * n * 2.5} 280 {side * s * 0.80} 402"
            f" L {side * s * 0.50} 470 L {side * s * 0.50} 520"
            f" C {side * s * 0.30} 600 {side * s * 0.04} 680 {-side * s * 0.06} 706"
            f" C {side * s * 0.08} 540 {side * n * 1.0} 380 {side * n * 1.06} 178 Z"
        )
        canvas.drawPath(collar, fill((4, 2, 8), 0.45, blur=10))
        canvas.drawPath(
            collar,
            linear(
                (side * n, 190),
                (side * s * 0.3, 660),
                [ink(lit if side < 0 else mix(main, lit, 0.3)), ink(main), ink(dark)],
            ),
        )
        canvas.drawPath(collar, stroke(dark, 3, 0.7))
    for y in (790, 930, 1080):
        for x in (-0.30, 0.26):
            canvas.drawCircle(x * s, y, 15, fill(mix(dark, (0, 0, 0), 0.3)))
            canvas.drawArc(rect(x * s - 11, y - 11, 22, 22), 180, 110, False, stroke(lit, 3, 0.7))
    sleeves(canvas, a, main, hanging, loose=14)


def draw_suit(canvas: skia.Canvas, a: Anatomy, main: Colour, accent: Colour, hanging: Sides) -> None:
    s, n = a.shoulder, a.neck
    cloth(canvas, a, torso_outline(a), accent)
    trousers(canvas, a, mix(main, (0, 0, 0), 0.25))
    tie = mix(main, (150, 20, 40), 0.6) if luma(main) < 0.6 else mix(main, (40, 20, 40), 0.7)
    for side in (-1, 1):
        flap = path(
            f"M {side * n * 1.04} 222 C {side * n * 1.2} 262 {side * n * 1.2} 310 {side * n * 0.95} 350"
            f" L {side * 4} 300 C {side * n * 0.6} 290 {side * n * 0.9} 260 {side * n * 1.04} 222 Z"
        )
        canvas.drawPath(flap, fill((8, 4, 14), 0.35, blur=6))
        canvas.drawPath(
            flap,
            linear(
                (side * n, 222),
                (0, 350),
                [ink(mix(accent, (255, 255, 255), 0.3)), ink(mix(accent, (80, 70, 90), 0.22))],
            ),
        )
    canvas.drawPath(
        path("M -24 296 Q 0 286 24 296 L 17 342 L 40 640 L 0 700 L -40 640 L -17 342 Z"),
        linear((-40, 300), (40, 640), [ink(mix(tie, (255, 230, 220), 0.22)), ink(tie), ink(mix(tie, (0, 0, 0), 0.45))]),
    )
    canvas.drawPath(path("M -17 342 Q 0 352 17 342"), stroke((0, 0, 0), 4, 0.45))
    dark, lit = mix(main, (4, 2, 10), 0.5), mix(main, (255, 246, 232), 0.20)
    for side in (1, -1):
        half = path(
            f"M {side * n * 1.22} 232 {flank(a, side, 14)} L {-side * s * 0.02} 1070 L 0 780"
            f" C {side * s * 0.20} 600 {side * s * 0.30} 420 {side * n * 1.22} 232 Z"
        )
        cloth(canvas, a, half, main)
        lapel = path(
            f"M {side * n * 1.10} 214 C {side * n * 1.7} 262 {side * n * 2.0} 320 {side * s * 0.60} 396"
            f" L {side * s * 0.44} 440 L {side * s * 0.56} 470 C {side * s * 0.40} 600 {side * s * 0.16} 720 0 790"
            f" C {side * s * 0.10} 600 {side * s * 0.20} 420 {side * n * 1.10} 214 Z"
        )
        canvas.drawPath(lapel, fill((4, 2, 8), 0.45, blur=8))
        canvas.drawPath(
            lapel,
            linear(
                (side * n, 220),
                (side * s * 0.2, 760),
                [ink(lit if side < 0 else mix(main, lit, 0.35)), ink(main), ink(dark)],
            ),
        )
        canvas.drawPath(lapel, stroke(dark, 3, 0.8))
    canvas.drawPath(
        path(f"M {-s * 0.66} 560 L {-s * 0.42} 548 L {-s * 0.46} 500 L {-s * 0.54} 512 L {-s * 0.60} 488 Z"),
        fill(mix(accent, (255, 255, 255), 0.25)),
    )
    canvas.drawCircle(-2, 830, 13, fill(mix(dark, (0, 0, 0), 0.3)))
    sleeves(canvas, a, main, hanging, loose=4)
