"""How cloth hangs on a build: outlines of torso and arms, shading, sleeves, trousers."""

from __future__ import annotations

import skia

from microdrama_assets.studios.draft.ink import Colour, blade, fill, ink, linear, mix, path, rect, stroke, tint
from microdrama_assets.studios.draft.rig.anatomy import Anatomy

HEM_Y = 2700.0
CUFF_Y = 1052.0
"""Row where the sleeve of a hanging arm ends."""
Sides = tuple[int, ...]
"""-1 for screen left, 1 for the right."""


def torso_outline(a: Anatomy, collar: float = 0.0) -> skia.Path:
    """Shoulders, waist, hips and legs without the arms. `collar` raises the neckline."""
    n = a.neck
    left, hip = flank(a, -1, collar), hip_of(a)
    return path(
        f"M {-n * 1.02} {246 - collar} {left} C {-hip * 1.02} 1300 {-hip} 1800 {-hip * 0.94} {HEM_Y}"
        f" L {hip * 0.94} {HEM_Y} C {hip} 1800 {hip * 1.02} 1300 {hip} 1060 {_flank_up(a, collar)}"
        f" Q 0 {316 - collar} {-n * 1.02} {246 - collar} Z"
    )


def hip_of(a: Anatomy) -> float:
    return a.shoulder * (0.70 + 0.07 * a.feminine) + (44 if a.look.build == "heavy" else 0)


def waist_of(a: Anatomy) -> float:
    return a.shoulder * (0.69 - 0.09 * a.feminine) + (64 if a.look.build == "heavy" else 0)


def flank(a: Anatomy, side: int, collar: float = 0.0) -> str:
    """From the neck over the shoulder and down one side to the hip (y 1060)."""
    s, n, waist, hip = a.shoulder * side, a.neck * side, waist_of(a) * side, hip_of(a) * side
    return (
        f"C {n * 1.25} {272 - collar * 0.5} {s * 0.56} 278 {s * 0.80} 304"
        f" C {s * 0.94} 320 {s * 0.92} 420 {s * 0.84} 480"
        f" C {s * 0.80} 580 {waist} 680 {waist} 770 C {waist} 870 {hip} 940 {hip} 1060"
    )


def _flank_up(a: Anatomy, collar: float = 0.0) -> str:
    """The right flank from the hip back up to the neck."""
    s, n, waist, hip = a.shoulder, a.neck, waist_of(a), hip_of(a)
    return (
        f"C {hip} 940 {waist} 870 {waist} 770 C {waist} 680 {s * 0.80} 580 {s * 0.84} 480"
        f" C {s * 0.92} 420 {s * 0.94} 320 {s * 0.80} 304"
        f" C {s * 0.56} 278 {n * 1.25} {272 - collar * 0.5} {n * 1.02} {246 - collar}"
    )


def arm_outline(a: Anatomy, side: int, loose: float = 0.0) -> skia.Path:
    """An arm that hangs down to its cuff, which `joints.py` calls the wrist. `loose` widens the sleeve."""
    s, w = a.shoulder * side, side * (12 * (a.look.build in ("broad", "heavy")) + loose)
    return path(
        f"M {s * 0.62} 292 C {s * 0.86} 290 {s * 0.99 + w * 0.4} 322 {s * 1.03 + w * 0.8} 412"
        f" C {s * 1.07 + w} 540 {s * 1.10 + w} 640 {s * 1.09 + w} 740"
        f" C {s * 1.08 + w} 860 {s * 1.03 + w * 0.6} 960 {s * 1.00 + w * 0.4} {CUFF_Y}"
        f" L {s * 0.79} {CUFF_Y} C {s * 0.81} 940 {s * 0.85} 840 {s * 0.84} 750"
        f" C {s * 0.85} 640 {s * 0.83} 540 {s * 0.74} 450 Z"
    )


def cloth(canvas: skia.Canvas, a: Anatomy, shape: skia.Path, colour: Colour) -> None:
    """Cloth with its light from the upper left, arms set off, and folds."""
    s = a.shoulder
    dark = mix(tint(colour, (128, 112, 140)), (14, 8, 24), 0.28)
    canvas.drawPath(
        shape,
        linear(
            (-s, 290),
            (s * 1.1, 900),
            [ink(mix(colour, (255, 246, 230), 0.14)), ink(colour), ink(mix(colour, dark, 0.55)), ink(dark)],
            [0, 0.30, 0.68, 1],
        ),
    )
    canvas.save()
    canvas.clipPath(shape, True)
    for side in (-1, 1):
        canvas.drawPath(
            blade((side * s * 0.80, 440), (side * s * 0.60, 500), (side * s * 0.40, 530), 22), fill(dark, 0.26, blur=10)
        )
        canvas.drawPath(
            blade((side * s * 0.66, 640), (side * s * 0.42, 720), (side * s * 0.20, 736), 20), fill(dark, 0.22, blur=10)
        )
        canvas.drawPath(
            blade((side * s * 0.70, 820), (side * s * 0.40, 860), (side * s * 0.20, 850), 20), fill(dark, 0.30, blur=9)
        )
        canvas.drawPath(
            blade((side * s * 0.72, 960), (side * s * 0.50, 900), (side * s * 0.18, 930), 22), fill(dark, 0.32, blur=9)
        )
    canvas.drawPath(
        blade((-s * 0.86, 330), (-s * 0.60, 316), (-s * 0.30, 308), 14), fill((255, 246, 230), 0.20, blur=7)
    )
    canvas.drawPath(blade((0, 420), (14, 700), (0, 1000), 40), fill(dark, 0.22, blur=16))
    canvas.drawRect(
        rect(-s * 1.3, 1000, s * 2.6, HEM_Y - 1000), linear((0, 1000), (0, 1200), [ink(dark, 0), ink(dark, 0.55)])
    )
    canvas.restore()


def sleeves(canvas: skia.Canvas, a: Anatomy, colour: Colour, hanging: Sides, loose: float = 0.0) -> None:
    """The arms that hang, over the torso: light on their outer edge, dark where they meet the body."""
    dark = mix(tint(colour, (128, 112, 140)), (14, 8, 24), 0.30)
    torso = torso_outline(a)
    for side in hanging:
        s, shape = a.shoulder * side, arm_outline(a, side, loose)
        canvas.save()
        canvas.clipPath(torso, True)
        canvas.drawPath(shape, fill(dark, 0.42, blur=12))
        canvas.restore()
        lit = [ink(mix(colour, (255, 246, 230), 0.16)), ink(colour), ink(mix(colour, dark, 0.8))]
        shade = [ink(mix(colour, dark, 0.15)), ink(mix(colour, dark, 0.55)), ink(dark)]
        canvas.drawPath(shape, linear((s * 1.15, 300), (s * 0.70, 900), lit if side < 0 else shade))
        canvas.save()
        canvas.clipPath(shape, True)
        for y, bend, reach in ((716, 20, 1.06), (760, -12, 1.04), (900, 18, 1.00)):
            canvas.drawPath(
                blade((s * 0.84, y), (s * 0.96, y + bend), (s * reach, y - 10), 14), fill(dark, 0.34, blur=6)
            )
        canvas.drawPath(blade((s * 0.70, 330), (s * 0.82, 420), (s * 0.82, 540), 16), fill(dark, 0.38, blur=10))
        canvas.drawPath(
            blade((s * 0.99, 350), (s * 1.05, 520), (s * 1.06, 720), 16),
            fill((255, 246, 230), 0.14 if side < 0 else 0.05, blur=7),
        )
        canvas.drawLine(s * 0.70, CUFF_Y - 7, s * 1.2, CUFF_Y - 7, stroke(dark, 12, 0.5, blur=2))
        canvas.restore()


def trousers(canvas: skia.Canvas, a: Anatomy, colour: Colour) -> None:
    s = a.shoulder
    canvas.save()
    canvas.clipPath(torso_outline(a), True)
    canvas.drawRect(
        rect(-s * 0.92, 1010, s * 1.84, HEM_Y),
        linear(
            (-s, 0), (s, 0), [ink(mix(colour, (255, 255, 255), 0.08)), ink(colour), ink(mix(colour, (0, 0, 0), 0.5))]
        ),
    )
    canvas.drawPath(blade((0, 1120), (4, 1400), (0, HEM_Y), 30), fill((8, 6, 12), 0.75, blur=6))
    canvas.drawRect(rect(-s, 1000, s * 2, 26), fill((0, 0, 0), 0.45, blur=8))
    canvas.restore()
