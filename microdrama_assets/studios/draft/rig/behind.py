"""A head from behind, as a camera over somebody's shoulder sees it: hair, nape, ears. It neither blinks nor speaks."""

from __future__ import annotations

import math
import random

import skia

from microdrama_assets.studios.draft.ink import Sheet, blade, fill, ink, linear, mix, path, radial, rect, stroke
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.expression import Expression
from microdrama_assets.studios.draft.rig.hair import draw_hair_behind
from microdrama_assets.studios.draft.rig.hair_brushes import cap_edge, curl, gloss, lock, mass, strands
from microdrama_assets.studios.draft.rig.hair_tied import draw_bun_behind
from microdrama_assets.studios.draft.rig.head import draw_ear, face_outline
from microdrama_assets.studios.draft.rig.head_painter import MARGIN, RIM_WIDTH, Plate
from microdrama_assets.studios.draft.rig.light import Light, add_rims, add_shade, rims_of, shade_of

EARS_COVERED = ("bob", "long", "curly", "afro")


def draw_head_behind(a: Anatomy, e: Expression, light: Light, scale: float) -> Plate:
    """The head's plate, seen from behind."""
    half, top = a.reach + MARGIN, a.top_y - MARGIN
    low = 470.0 if a.look.hair.style == "long" else 360.0 if a.look.hair.style == "ponytail" else a.chin_y + 40
    sheet = Sheet(round(2 * half * scale), round((low - top) * scale), scale, (-half, top))
    canvas = sheet.canvas
    _draw_skull(canvas, a)
    _draw_hair(canvas, a)
    add_shade(sheet.pixels, shade_of(light, sheet.size))
    add_rims(sheet.pixels, rims_of(sheet.pixels[..., 3].copy(), RIM_WIDTH * scale), light)
    return Plate(sheet.pixels, -half, top)


def _draw_skull(canvas: skia.Canvas, a: Anatomy) -> None:
    if a.look.hair.style not in EARS_COVERED:
        for side in (-1, 1):
            draw_ear(canvas, a, side)
    n, t = a.neck, a.temple
    nape = path(f"M {-n * 1.02} 60 L {-n * 1.02} {a.chin_y + 60} L {n * 1.02} {a.chin_y + 60} L {n * 1.02} 60 Z")
    canvas.drawPath(nape, linear((-n, 0), (n, 0), [ink(a.skin.base), ink(a.skin.shade)]))
    canvas.save()
    jaw = path(f"M {-2 * t} -400 L {2 * t} -400 L {2 * t} 20 C {t * 1.05} 60 {t * 0.82} 104 {n} 128 L {-n} 128"
               f" C {-t * 0.82} 104 {-t * 1.05} 60 {-2 * t} 20 Z")
    canvas.clipPath(jaw, True)
    canvas.drawPath(
        face_outline(a), linear((-t, -160), (t, 190), [ink(a.skin.light), ink(a.skin.base), ink(a.skin.shade)])
    )
    canvas.restore()
    canvas.drawOval(rect(-t * 0.8, 80, t * 1.6, 60), fill(a.skin.deep, 0.25, blur=14))


def _draw_hair(canvas: skia.Canvas, a: Anatomy) -> None:
    style, t = a.look.hair.style, a.temple
    if style == "bald":
        canvas.drawOval(rect(-t * 0.6, -170, t * 0.8, 90), fill(a.skin.light, 0.4, blur=24))
        return
    if style in ("afro", "curly"):
        draw_hair_behind(canvas, a)
        _draw_curls(canvas, a, style == "afro")
        return
    low = {"bob": 214.0, "long": 430.0, "buzz": 70.0}.get(style, 96.0)
    out = {"bob": 30.0, "long": 34.0, "buzz": 3.0}.get(style, 9.0)
    top = a.crown_y - 30 if style in ("bun", "ponytail") else a.top_y
    wide = t + out + (8 if low > 200 else -22)
    shape = path(
        cap_edge(a, out, 10, top) + f" C {wide + 14} {low * 0.55} {wide} {low - 20} {wide * 0.80} {low}"
        f" Q 0 {low + 26} {-wide * 0.80} {low} C {-wide} {low - 20} {-wide - 14} {low * 0.55} {-t - out} 10 Z"
    )
    mass(canvas, a, shape)
    if style in ("bun", "ponytail"):
        strands(
            canvas,
            a,
            shape,
            lambda u: (
                (math.cos(math.pi * 2 * u) * t, -70 + 150 * math.sin(math.pi * 2 * u)),
                (math.cos(math.pi * 2 * u) * t * 0.5, -110),
                (0, -150),
            ),
            60,
            4,
        )
    else:
        strands(
            canvas, a, shape, lambda u: ((0, top + 10), ((u - 0.5) * 2.0 * t, -120), ((u - 0.5) * 2 * wide, low)), 60, 8
        )
    gloss(canvas, a, shape, top + 60, 34, 0.45)
    if style == "bun":
        canvas.save()
        canvas.translate(0, 34)  # nearer than the crown, and so a little lower than from the front
        draw_bun_behind(canvas, a)
        canvas.restore()
    elif style == "ponytail":
        mass(canvas, a, path("M -26 -140 C -96 40 -88 180 -48 266 L 0 330 L 48 266 C 88 180 96 40 26 -140 Z"))
        for i in range(9):
            x = (i - 4) * 11.0
            lock(
                canvas,
                a,
                (x * 0.4, -140),
                (x * 2.0, 60),
                (x * 1.1, 330 - abs(x) * 1.5),
                34,
                0.4 - abs(x) / 70,
                edge=0.3,
            )
        canvas.drawRoundRect(rect(-26, -158, 52, 26), 10, 10, fill(mix(a.hair.deep, (0, 0, 0), 0.3)))
    elif low > 200:
        for i in range(13):
            u = i / 12 - 0.5
            lock(
                canvas,
                a,
                (u * t, -150),
                (u * 2.4 * t, low * 0.4),
                (u * 2 * wide * 0.9, low + 8 - 30 * u * u),
                36,
                0.35 - u,
                edge=0.26,
            )


def _draw_curls(canvas: skia.Canvas, a: Anatomy, afro: bool) -> None:
    dice, t = random.Random(12), a.temple
    r, low = (a.reach - 24, 70.0) if afro else (t + 40, 110.0 + 90 * a.feminine)
    top = a.top_y + 24
    middle = (top + low) / 2
    canvas.drawOval(
        rect(-r * 0.9, top, r * 1.8, low - top),
        radial(
            (-60, middle - 60), r * 1.6, [ink(mix(a.hair.base, a.hair.light, 0.2)), ink(a.hair.base), ink(a.hair.shade)]
        ),
    )
    for _ in range(240 if afro else 90):
        angle, reach = dice.uniform(0, 2 * math.pi), math.sqrt(dice.random())
        curl(
            canvas,
            a,
            r * 0.92 * reach * math.cos(angle),
            middle + (low - top) * 0.48 * reach * math.sin(angle),
            dice.uniform(12, 18) if afro else dice.uniform(24, 31),
            dice,
        )
    canvas.drawPath(blade((-t * 0.3, low - 6), (0, low + 4), (t * 0.3, low - 6), 8), stroke(a.hair.deep, 2, 0.2))
