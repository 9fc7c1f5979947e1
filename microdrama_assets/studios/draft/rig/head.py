"""Ears, face, nose, cheeks, age and marks: all of the head that neither blinks nor speaks."""

from __future__ import annotations

import random

import skia

from microdrama_assets.studios.draft.ink import blade, fill, ink, linear, mix, path, radial, rect, smooth, stroke
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.expression import Expression


def face_outline(a: Anatomy) -> skia.Path:
    """Cranium, cheeks, jaw and chin."""
    t, j, c, y = a.temple, a.jaw, a.chin, a.chin_y
    cheek = t - 5 + (4 if a.look.build == "heavy" else 0) + 4 * a.child
    crown = a.crown_y
    return path(
        f"M {-t} -50 C {-t - 2} 0 {-cheek - 2} 44 {-cheek + 5} 84 C {-cheek + 10} 118 {-j - 10} 142 {-j + 14} 166"
        f" C {-j + 36} 187 {-c - 22} {y - 6} {-c * 0.5} {y - 1} Q 0 {y + 3} {c * 0.5} {y - 1}"
        f" C {c + 22} {y - 6} {j - 36} 187 {j - 14} 166 C {j + 10} 142 {cheek - 10} 118 {cheek - 5} 84"
        f" C {cheek + 2} 44 {t + 2} 0 {t} -50 C {t + 2} -150 {t * 0.60} {crown} 0 {crown}"
        f" C {-t * 0.60} {crown} {-t - 2} -150 {-t} -50 Z"
    )


def draw_head(canvas: skia.Canvas, a: Anatomy, e: Expression, front: bool = True) -> None:
    """The bare head; hair, eyes and mouth go on top. Not `front`: without ears and nose, which a turn changes."""
    outline = face_outline(a)
    for side in (-1, 1) if front else ():
        draw_ear(canvas, a, side)
    canvas.drawPath(
        outline,
        linear(
            (-a.temple, -160),
            (a.temple, 190),
            [ink(a.skin.light), ink(a.skin.base), ink(a.skin.base), ink(a.skin.shade)],
            [0, 0.34, 0.62, 1],
        ),
    )
    canvas.save()
    canvas.clipPath(outline, True)
    _draw_shading(canvas, a, e)
    _draw_age(canvas, a, e)
    _draw_mark(canvas, a)
    if e.sneer > 0:
        _draw_sneer(canvas, a, e.sneer)
    canvas.restore()
    if front:
        _draw_nose(canvas, a)


def draw_ear(canvas: skia.Canvas, a: Anatomy, side: int) -> None:
    canvas.save()
    canvas.scale(side, 1)
    x = a.temple - 8
    outer = path(
        f"M {x} -28 C {x + 12} -48 {x + 36} -40 {x + 34} -6 C {x + 32} 28 {x + 18} 58 {x + 2} 62"
        f" C {x - 8} 60 {x - 8} 0 {x} -28 Z"
    )
    canvas.drawPath(
        outer, linear((x, -40), (x + 30, 60), [ink(a.skin.base), ink(mix(a.skin.shade, a.skin.blush, 0.3))])
    )
    canvas.drawPath(
        path(f"M {x + 8} -18 C {x + 24} -30 {x + 28} -4 {x + 20} 14 C {x + 14} 22 {x + 14} 32 {x + 10} 40"),
        stroke(a.skin.deep, 3.5, 0.55, blur=1),
    )
    canvas.restore()


def _draw_shading(canvas: skia.Canvas, a: Anatomy, e: Expression) -> None:
    t = a.temple
    # the side turned from the light, and the plane under cheekbone and jaw
    canvas.drawPath(
        path(
            f"M {t + 40} -240 L {t * 0.86} -120 C {t * 0.70} -40 {t * 0.86} 30 {t * 0.66} 92"
            f" C {t * 0.54} 140 {t * 0.34} 176 {t * 0.1} {a.chin_y + 30} L {t + 40} {a.chin_y + 30} Z"
        ),
        fill(a.skin.shade, 0.62, blur=17),
    )
    canvas.drawPath(
        path(f"M {-t - 30} 40 C {-t * 0.8} 120 {-a.jaw * 0.7} 168 {-a.chin} {a.chin_y + 6} L {-t - 30} {a.chin_y} Z"),
        fill(a.skin.shade, 0.50, blur=12),
    )
    canvas.drawOval(rect(-a.jaw * 0.62, a.chin_y - 13, a.jaw * 1.24, 44), fill(a.skin.deep, 0.34, blur=11))
    for side in (-1, 1):
        x, y = side * a.eye_x, a.eye_y
        canvas.drawOval(rect(x - 46, y - 44, 92, 50), fill(a.skin.shade, 0.40, blur=11))
        canvas.drawOval(rect(side * 24 - 12, y - 30, 24, 44), fill(a.skin.shade, 0.34, blur=8))
        cheek = (side * 96, 70 - 6 * a.child)
        canvas.drawCircle(
            *cheek, 58, radial(cheek, 58, [ink(a.skin.blush, 0.18 + 0.42 * e.blush), ink(a.skin.blush, 0)])
        )
    canvas.drawCircle(-86, 52, 40, radial((-86, 52), 40, [ink(a.skin.light, 0.55), ink(a.skin.light, 0)]))
    canvas.drawOval(rect(-74, -150, 110, 70), fill(a.skin.light, 0.35, blur=20))
    canvas.drawOval(rect(-18, a.chin_y - 34, 32, 18), fill(a.skin.light, 0.42, blur=7))
    if e.pallor > 0:
        canvas.drawRect(
            rect(-t - 10, -260, 2 * t + 20, 500),
            linear((0, -60), (0, 120), [ink((150, 176, 214), 0.20 * e.pallor), ink((150, 176, 214), 0.05 * e.pallor)]),
        )


def _draw_sneer(canvas: skia.Canvas, a: Anatomy, strength: float) -> None:
    """Skin gathered beside and over the nose."""
    for side in (-1, 1):
        canvas.drawPath(
            blade((side * (a.nose_w - 4), a.nose_y - 20), (side * (a.nose_w + 24), a.nose_y + 4),
                  (side * (a.mouth_w + 10), a.mouth_y - 6), 8),
            fill(a.skin.deep, 0.70 * strength, blur=1.8),
        )
        for rise in (-30, -14):
            canvas.drawPath(
                blade((side * 5, rise), (side * 16, rise - 1), (side * 25, rise - 9), 5),
                fill(a.skin.deep, 0.62 * strength, blur=1.2),
            )


def _draw_nose(canvas: skia.Canvas, a: Anatomy) -> None:
    y, w = a.nose_y, a.nose_w
    canvas.drawPath(
        path(f"M 8 -8 C 20 30 24 50 {w} {y - 12} C {w + 4} {y + 2} {w - 6} {y + 8} 4 {y + 6} C 14 {y - 22} 8 30 4 0 Z"),
        fill(a.skin.shade, 0.42 + 0.25 * (1 - a.feminine) * (1 - a.child), blur=6),
    )
    canvas.drawPath(
        path(f"M {-w * 0.8} {y + 4} Q 0 {y + 20} {w * 0.8} {y + 4} Q 0 {y + 10} {-w * 0.8} {y + 4} Z"),
        fill(a.skin.deep, 0.45, blur=3),
    )
    for side in (-1, 1):
        canvas.drawPath(
            blade((side * 4, y + 5), (side * w * 0.55, y - 1), (side * w * 0.92, y + 3), 5.5),
            fill(a.skin.line, 0.62, blur=0.8),
        )
        canvas.drawPath(
            blade((side * w * 0.98, y + 2), (side * (w + 5), y - 9), (side * (w - 1), y - 17), 4.5),
            fill(a.skin.deep, 0.42 if side > 0 else 0.24, blur=1.2),
        )
    canvas.drawOval(rect(-10, y - 22, 13, 17), fill(a.skin.light, 0.80, blur=4))
    canvas.drawPath(blade((-4, -20), (-7, 30), (-5, y - 24), 9), fill(a.skin.light, 0.40, blur=4))
    canvas.drawPath(blade((-5, y + 18), (-6, y + 26), (-3, a.mouth_y - 20), 7), fill(a.skin.shade, 0.5, blur=2))


def _draw_age(canvas: skia.Canvas, a: Anatomy, e: Expression) -> None:
    young = 1 - a.child
    fold = 0.07 * young * (1 - a.feminine) + 0.62 * a.old + max(0.0, e.corner - 4) * 0.012 * young
    for side in (-1, 1):
        canvas.drawPath(
            blade(
                (side * (a.nose_w + 5), a.nose_y - 6),
                (side * (a.nose_w + 26), a.nose_y + 16),
                (side * (a.mouth_w + 18), a.mouth_y + 2 + 8 * a.old),
                5 + 4 * a.old,
            ),
            fill(a.skin.deep, min(0.75, fold), blur=2),
        )
        bag = (0.05 * (1 - a.feminine) + 0.55 * a.old) * (1 - a.child)
        canvas.drawPath(
            blade(
                (side * (a.eye_x - 32), a.eye_y + 31),
                (side * a.eye_x, a.eye_y + 47),
                (side * (a.eye_x + 34), a.eye_y + 29),
                5,
            ),
            fill(a.skin.deep, bag, blur=2),
        )
        if a.old > 0:
            x = side * (a.eye_x + a.eye_w + 6)
            for rise in (-12, 0, 12):
                canvas.drawPath(
                    blade(
                        (x, a.eye_y + rise * 0.3),
                        (x + side * 10, a.eye_y + rise * 0.7),
                        (x + side * 22, a.eye_y + rise),
                        4,
                    ),
                    fill(a.skin.deep, 0.6 * a.old, blur=1),
                )
            canvas.drawPath(
                blade(
                    (side * (a.mouth_w + 12), a.mouth_y + 12),
                    (side * (a.mouth_w + 20), a.mouth_y + 30),
                    (side * (a.mouth_w + 8), a.mouth_y + 48),
                    5,
                ),
                fill(a.skin.deep, 0.45 * a.old, blur=2),
            )
            canvas.drawOval(rect(side * 98 - 30, 92, 60, 46), fill(a.skin.shade, 0.6 * a.old, blur=12))
    if a.old > 0:
        for row, half in ((-92, 62), (-112, 74), (-132, 58)):
            canvas.drawPath(
                smooth([(-half, row + 4), (-half / 2, row - 4), (half / 3, row - 5), (half, row + 3)], closed=False),
                stroke(a.skin.deep, 3, 0.42 * a.old, blur=1.4),
            )


def _draw_mark(canvas: skia.Canvas, a: Anatomy) -> None:
    mark = a.look.mark
    if mark == "freckles":
        dice = random.Random(11)
        for _ in range(46):
            x, y = dice.gauss(0, 62), dice.gauss(62, 15)
            canvas.drawCircle(
                x,
                y,
                dice.uniform(2.0, 4.2),
                fill(mix(a.skin.deep, a.skin.blush, 0.35), dice.uniform(0.35, 0.7), blur=0.7),
            )
    elif mark == "mole":
        canvas.drawCircle(58, a.mouth_y - 26, 6.5, fill(mix(a.skin.line, (40, 16, 12), 0.5), 0.95, blur=0.8))
        canvas.drawCircle(56, a.mouth_y - 28, 2, fill(a.skin.light, 0.4))
    elif mark == "scar":
        canvas.drawPath(
            blade((-122, -84), (-104, 10), (-84, 92), 13), fill(mix(a.skin.blush, a.skin.deep, 0.30), 0.80, blur=1.6)
        )
        canvas.drawPath(
            blade((-124, -80), (-107, 10), (-87, 88), 5), fill(mix(a.skin.light, (255, 228, 220), 0.6), 0.95, blur=0.8)
        )
        for at in (-52, 30, 62):
            x = -116 + (at + 84) * 0.19
            canvas.drawPath(blade((x - 10, at + 2), (x, at), (x + 11, at - 3), 4), fill(a.skin.blush, 0.6, blur=0.8))
