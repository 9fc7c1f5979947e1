"""Eyes, lids, lashes, brows and glasses. Lids close over the same eyeball, so a blink never changes who it is."""

from __future__ import annotations

import random

import skia

from microdrama_assets.studios.draft.ink import (
    BLACK,
    WHITE,
    Colour,
    blade,
    fill,
    ink,
    linear,
    mix,
    path,
    rect,
    stroke,
)
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.expression import Expression

LIDS = {"open": 1.0, "half": 0.42, "closed": 0.0}
"""Share of the lids' opening in each state of a blink."""
GAZE_REACH = 13.0


def draw_eyes(canvas: skia.Canvas, a: Anatomy, e: Expression, gaze: float, lids: float) -> None:
    """Both eyes at `lids` 0 (closed) .. 1 (open); `gaze` -1 screen left .. 1 screen right."""
    for side in (-1, 1):
        canvas.save()
        canvas.translate(side * a.eye_x, a.eye_y)
        canvas.scale(side, 1)
        if lids < 0.08:
            _draw_closed(canvas, a, e)
        else:
            _draw_open(canvas, a, e, gaze * side, lids)
        canvas.restore()


def _draw_open(canvas: skia.Canvas, a: Anatomy, e: Expression, gaze: float, lids: float) -> None:
    """One eye, outer corner toward +x."""
    w = a.eye_w
    up = a.eye_h * e.lid_open * (0.10 + 0.90 * lids) * 1.06
    down = a.eye_h * 0.62 - e.lower_lid * 0.75
    slant, fem = e.lid_slant, a.feminine
    inner, outer = (-w, 7.0), (w, -3.0 - 4 * fem + 3 * a.old)
    lift = 1 - lids
    top = -up + lift * 10
    upper = (
        f"C {-w * 0.62} {top + 3 + slant} {w * 0.12} {top - 7 - slant * 0.2} {w * 0.62} {top + 9 - slant * 0.5}"
        f" Q {w * 0.9} {top * 0.45 - 2} {outer[0]} {outer[1]}"
    )
    lower = f"C {w * 0.66} {down + 1} {-w * 0.35} {down + 5} {inner[0]} {inner[1]}"
    opening = path(f"M {inner[0]} {inner[1]} {upper} {lower} Z")
    canvas.drawPath(
        opening,
        linear((0, top), (0, down), [ink((214, 208, 216)), ink((252, 248, 246)), ink((236, 226, 226))], [0, 0.5, 1]),
    )
    canvas.save()
    canvas.clipPath(opening, True)
    _draw_iris(canvas, a, e, gaze)
    canvas.drawPath(
        path(f"M {-w - 8} {inner[1] - 30} L {inner[0]} {inner[1]} {upper} L {w + 8} -70 L {-w - 8} -70 Z"),
        fill((46, 20, 34), 0.55, blur=5.5),
    )
    canvas.drawCircle(-w + 3, 8, 6, fill(mix(a.skin.blush, WHITE, 0.25), 0.9, blur=1.4))
    canvas.restore()
    if e.tears > 0:
        canvas.drawPath(
            path(f"M {inner[0] + 6} {inner[1]} Q {-w * 0.1} {down + 9} {w * 0.7} {down * 0.72}"),
            stroke((226, 244, 255), 5, 0.75 * min(1, e.tears), blur=1.2),
        )
    line = _lash_colour(a)
    thick = 6.5 + 3.5 * fem + 1.5 * a.child
    canvas.drawPath(
        path(
            f"M {inner[0] - 2} {inner[1] + 2} {upper}"
            f" Q {w * 0.9} {top * 0.45 - 2 - thick} {w * 0.6} {top + 6 - slant * 0.5 - thick * 0.55}"
            f" C {w * 0.1} {top - 7 - slant * 0.2 - thick * 0.9}"
            f" {-w * 0.62} {top + slant} {inner[0] - 2} {inner[1] + 2}"
            " Z"
        ),
        fill(line, 0.96),
    )
    _draw_lashes(canvas, a, outer, top, line)
    crease = top - 12 - 4 * fem
    canvas.drawPath(
        path(
            f"M {-w * 0.78} {crease * 0.62 + slant}"
            f" C {-w * 0.4} {crease - 2 + slant * 0.7} {w * 0.3} {crease - 6} {w * 0.98} {crease * 0.35 - 4}"
        ),
        stroke(a.skin.deep, 3.2, 0.62, blur=0.9),
    )
    canvas.drawPath(
        path(
            f"M {w * 0.95} {outer[1] + 3}"
            f" C {w * 0.62} {down + 2.5} {-w * 0.2} {down + 5.5} {-w * 0.6} {down * 0.78 + 3}"
        ),
        stroke(line, 2.2, 0.50, blur=0.5),
    )


def _draw_iris(canvas: skia.Canvas, a: Anatomy, e: Expression, gaze: float) -> None:
    r = (25.0 + 3.5 * a.feminine + 4.5 * a.child) * e.iris
    x, y = gaze * GAZE_REACH, -4.0 + 13.0 * e.look_down
    dark, bright = mix(a.iris, BLACK, 0.66), mix(a.iris, (255, 236, 200), 0.42)
    canvas.drawCircle(x, y, r, fill(mix(a.iris, BLACK, 0.78)))
    canvas.drawCircle(
        x, y, r - 2.2, linear((x, y - r), (x, y + r), [ink(dark), ink(a.iris), ink(bright)], [0.05, 0.5, 1])
    )
    dice = random.Random(5)
    canvas.save()
    canvas.translate(x, y)
    for _ in range(22):
        canvas.rotate(360 / 22)
        canvas.drawLine(0, r * 0.45, 0, r * dice.uniform(0.72, 0.90), stroke(bright, 1.6, dice.uniform(0.12, 0.42)))
    canvas.restore()
    canvas.drawCircle(x, y, r * 0.44, fill((14, 8, 14)))
    canvas.drawOval(rect(x - r * 0.62, y + r * 0.30, r * 1.24, r * 0.5), fill(bright, 0.45, blur=3))
    canvas.drawOval(rect(x - r * 0.56 * 1.0 - gaze * 0, y - r * 0.66, r * 0.52, r * 0.56), fill(WHITE, 0.96, blur=0.5))
    canvas.drawCircle(x + r * 0.40, y + r * 0.40, r * 0.15, fill(WHITE, 0.75))


def _draw_lashes(canvas: skia.Canvas, a: Anatomy, outer: tuple[float, float], top: float, line: Colour) -> None:
    fem = a.feminine
    if fem < 0.25:
        return
    x, y = outer
    reach = 6 + 11 * fem
    canvas.drawPath(
        blade((x - 6, y + 1), (x + reach * 0.5, y - 1), (x + reach, y - 5 - 7 * fem), 7 + 2 * fem), fill(line, 0.95)
    )
    if fem > 0.7:
        for back, rise in ((14, 9), (25, 7)):
            root = (x - back, y - 5 - back * 0.42 + (top + 30) * 0.2)
            canvas.drawPath(
                blade(root, (root[0] + 6, root[1] - rise * 0.5), (root[0] + 12, root[1] - rise - 3), 5),
                fill(line, 0.85),
            )


def _draw_closed(canvas: skia.Canvas, a: Anatomy, e: Expression) -> None:
    w, line = a.eye_w, _lash_colour(a)
    sag = a.eye_h * 0.42 - e.lower_lid * 0.5
    canvas.drawOval(
        rect(-w * 0.9, -a.eye_h * 0.9, w * 1.8, a.eye_h * 1.3), fill(mix(a.skin.base, a.skin.shade, 0.45), 0.85, blur=5)
    )
    lid = f"C {-w * 0.5} {sag + 9} {w * 0.45} {sag + 8} {w} 0"
    canvas.drawPath(
        path(f"M {-w} 8 {lid} C {w * 0.45} {sag + 1 - 3 * a.feminine} {-w * 0.5} {sag + 3 - 3 * a.feminine} {-w} 8 Z"),
        fill(line, 0.95),
    )
    canvas.drawPath(path(f"M {-w} 8 {lid}"), stroke(line, 3.6, 0.9))
    _draw_lashes(canvas, a, (w, 0), -4, line)
    canvas.drawPath(
        path(f"M {-w * 0.7} {-a.eye_h * 0.5} Q 0 {-a.eye_h * 0.9} {w * 0.9} {-a.eye_h * 0.45}"),
        stroke(a.skin.deep, 3, 0.5, blur=1),
    )


def _lash_colour(a: Anatomy) -> Colour:
    return mix(mix(a.hair.deep, (24, 10, 16), 0.72), (74, 58, 58), 0.4 * a.old)


def draw_brows(canvas: skia.Canvas, a: Anatomy, e: Expression) -> None:
    colour = mix(a.hair.base, (38, 22, 22), 0.45 - 0.35 * a.old)
    if a.look.hair.style == "bald" and a.old == 0:
        colour = mix(a.hair.base, a.skin.line, 0.5)
    thick = a.brow_thick
    for side in (-1, 1):
        canvas.save()
        canvas.scale(side, 1)
        canvas.translate(0, side * e.brow_skew)
        x0, x1 = 30 - e.brow_pinch * 0.7, a.eye_x + a.eye_w + 8
        inner, outer, peak = (
            a.brow_y - 2 - e.brow_inner,
            a.brow_y + 9 - e.brow_outer,
            a.brow_y - 7 - 3 * a.feminine - e.brow_arch - (e.brow_inner + e.brow_outer) / 2,
        )
        xp = x0 + (x1 - x0) * 0.62
        brow = path(
            f"M {x0} {inner + thick * 0.55}"
            f" C {x0 - 3} {inner - thick * 0.1} {x0 + 4} {inner - thick * 0.5} {x0 + 8} {inner - thick * 0.42}"
            f" C {x0 + 30} {inner - thick * 0.6 - 4} {xp - 12} {peak - thick * 0.42} {xp} {peak - thick * 0.28}"
            f" Q {x1 - 14} {(peak + outer) / 2} {x1} {outer + 3}"
            f" Q {x1 - 22} {(peak + outer) / 2 + thick * 0.5} {xp} {peak + thick * 0.42}"
            f" C {xp - 24} {peak + thick * 0.62} {x0 + 26} {inner + thick * 0.5} {x0} {inner + thick * 0.55} Z"
        )
        canvas.drawPath(
            brow, linear((x0, 0), (x1, 0), [ink(colour, 0.72), ink(colour, 0.97), ink(colour, 0.88)], [0, 0.35, 1])
        )
        canvas.save()
        canvas.clipPath(brow, True)
        for i in range(9):
            x = x0 + i * (x1 - x0) / 9
            y = inner + (peak - inner) * min(1.0, i / 5.5)
            canvas.drawPath(
                blade((x, y + thick * 0.6), (x + 6, y), (x + 15, y - thick * 0.5), 3),
                fill(mix(colour, BLACK, 0.35), 0.35),
            )
        canvas.restore()
        if e.frown > 0:
            canvas.drawPath(
                blade((11, a.brow_y - 4), (7, a.brow_y + 14), (10, a.brow_y + 30), 6),
                fill(a.skin.deep, 0.62 * e.frown, blur=1.4),
            )
        canvas.restore()


def draw_tears(canvas: skia.Canvas, a: Anatomy, e: Expression) -> None:
    """Two tears on the cheeks from half intensity on; below the eye box, so a blink leaves them alone."""
    strength = min(1.0, max(0.0, e.tears - 0.45) / 0.4)
    if strength <= 0:
        return
    for side, drop in ((-1, 26), (1, 12)):
        x, y = side * (a.eye_x - 8), a.eye_y + 40
        canvas.drawPath(
            blade((x, y + drop + 12), (x - side * 2, y + 10), (x + side, y - 10), 9),
            fill((226, 242, 255), 0.42 * strength, blur=2),
        )
        canvas.drawOval(
            rect(x - 6.5, y + drop, 13, 19),
            linear(
                (0, y + drop), (0, y + drop + 19), [ink((170, 210, 240), 0.55 * strength), ink(WHITE, 0.95 * strength)]
            ),
        )
        canvas.drawCircle(x - 2, y + drop + 6, 2.4, fill(WHITE, strength))


def draw_glasses(canvas: skia.Canvas, a: Anatomy) -> None:
    frame = (38, 30, 40)
    for side in (-1, 1):
        canvas.save()
        canvas.scale(side, 1)
        x, y, w, h = a.eye_x, a.eye_y + 3, a.eye_w + 15, a.eye_h + 17
        lens = skia.RRect.MakeRectXY(rect(x - w, y - h, 2 * w, 2 * h), 26, 28)
        canvas.drawRRect(lens, fill((190, 220, 255), 0.07))
        canvas.save()
        canvas.clipRRect(lens, True)
        canvas.drawPath(
            path(
                f"M {x + w * 0.1} {y - h} L {x + w * 0.55} {y - h} L {x - w * 0.25} {y + h} L {x - w * 0.7} {y + h} Z"
            ),
            fill(WHITE, 0.10, blur=2),
        )
        canvas.restore()
        canvas.drawRRect(lens, stroke(frame, 7.5, 0.98))
        canvas.drawRRect(
            skia.RRect.MakeRectXY(rect(x - w - 1, y - h - 1.5, 2 * w + 2, 2 * h), 26, 28),
            stroke((150, 130, 140), 1.6, 0.55),
        )
        canvas.drawPath(
            path(f"M {x + w} {y - 12} Q {a.temple - 6} {y - 18} {a.temple + 8} {y - 14}"), stroke(frame, 7, 0.95)
        )
        canvas.restore()
    canvas.drawPath(
        path(f"M {-(a.eye_x - a.eye_w - 15)} {a.eye_y - 6} Q 0 {a.eye_y - 20} {a.eye_x - a.eye_w - 15} {a.eye_y - 6}"),
        stroke(frame, 7, 0.98),
    )
