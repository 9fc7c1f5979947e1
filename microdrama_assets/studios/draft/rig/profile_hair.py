"""Nine hair styles and facial hair from the side, toward screen right."""

from __future__ import annotations

import math
import random

import skia

from microdrama_assets.studios.draft.ink import blade, fill, ink, linear, mix, path, rect
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.hair_brushes import curl, lock, strands


def draw_profile_hair(canvas: skia.Canvas, a: Anatomy) -> None:
    """Cap, sides and fringe over a head in profile; what is gathered behind hangs on the body's plate."""
    style = a.look.hair.style
    if style == "bald":
        return
    if style in ("curly", "afro"):
        _draw_curls(canvas, a, style == "afro")
        return
    shape = _shape(a)
    tone = mix(a.hair.base, a.skin.shade, 0.25) if style == "buzz" else a.hair.base
    colours = [ink(mix(tone, a.hair.light, 0.35)), ink(tone), ink(mix(tone, a.hair.shade, 0.8)), ink(a.hair.deep)]
    canvas.drawPath(shape, linear((60, a.top_y), (-a.temple, _low(a)), colours, [0, 0.34, 0.80, 1], blur=1.6))
    back = a.temple * 1.12
    if style in ("bun", "ponytail"):
        strands(
            canvas,
            a,
            shape,
            lambda u: ((112 - 60 * u, -150 + 90 * u), (0, -190 + 120 * u), (-back, -130 + 60 * u)),
            34,
            4,
        )
    elif style in ("bob", "long"):
        strands(
            canvas, a, shape, lambda u: ((30 - 40 * u, a.top_y + 8), (70 - 230 * u, -120), (50 - 230 * u, 210)), 40, 8
        )
        _draw_side_locks(canvas, a, 196 if style == "bob" else 388)
    else:
        strands(
            canvas,
            a,
            shape,
            lambda u: ((44 - 90 * u, a.top_y + 14 + 30 * u), (-20 - 90 * u, -176 + 70 * u),
                       (-back * (0.50 + 0.5 * u), -60 + 110 * u)),
            22 if style == "short" else 1,
            3,
        )
    if style == "short":
        for i in range(8):
            u = i / 7
            lock(
                canvas,
                a,
                (40 - 60 * u, -196 - 10 * u),
                (100 - 50 * u, a.top_y - 4 + 14 * u),
                (126 - 66 * u, -128 + 20 * math.sin(i * 2.0)),
                36,
                0.5 - 0.5 * u,
                edge=0.25,
            )
    if style != "buzz":
        canvas.save()
        canvas.clipPath(shape, True)
        canvas.translate(-20, a.top_y + 62)
        canvas.rotate(-14)
        canvas.drawOval(rect(-84, -20, 160, 40), fill(a.hair.light, 0.42, blur=13))
        canvas.restore()


def _low(a: Anatomy) -> float:
    """Row down to which hair falls."""
    return {"bob": 230.0, "long": 440.0}.get(a.look.hair.style, 130.0)


def _shape(a: Anatomy) -> skia.Path:
    style, back, top = a.look.hair.style, a.temple * 1.12, a.top_y
    if style in ("bun", "ponytail"):
        top = a.crown_y - 30
    out = {"buzz": 3, "short": 4, "bob": 34, "long": 36}.get(style, 10)
    crown = f"C {-back * 0.4} {top - 4} {-back - out} -196 {-back - out} -96"
    if style in ("bob", "long"):
        low = 206 if style == "bob" else 384
        return path(
            f"M 122 -96 C 128 -170 70 {top} 0 {top} {crown} C {-back - out - 8} 30 {-back - out + 6} {low - 60}"
            f" {-back + 6} {low} C {-back * 0.5} {low + 16} {-20} {low + 10} 8 {low - 6} C 30 {low * 0.5} 34 40 52 -30"
            f" C 62 -66 96 -84 122 -96 Z"
        )
    nape = 70 if style != "buzz" else 56
    return path(
        f"M 114 -128 C 118 -178 72 {top} 4 {top} {crown} C {-back - out - 4} -20 {-back - 2} 20 {-back * 0.80} {nape}"
        f" C {-back * 0.6} {nape + 14} -96 50 -76 10 C -70 -30 -60 -52 -38 -56 C -22 -54 -14 -20 -10 16 L 12 14"
        f" C 14 -30 24 -62 46 -90 C 66 -112 94 -118 114 -128 Z"
    )


def _draw_side_locks(canvas: skia.Canvas, a: Anatomy, low: float) -> None:
    for i in range(9):
        u = i / 8
        lock(
            canvas,
            a,
            (56 - 120 * u, -150 - 20 * u),
            (60 - 190 * u, -20),
            (26 - 190 * u, low + 20 * math.sin(i)),
            36,
            0.5 - 0.8 * u,
            edge=0.3,
        )
    for i in range(5):
        u = i / 4
        lock(
            canvas,
            a,
            (20 + 8 * u, a.top_y + 30),
            (96 + 10 * u, -190 + 30 * u),
            (118 - 22 * u, -92 + 16 * u),
            34,
            0.5 - 0.3 * u,
            edge=0.3,
        )


def _draw_curls(canvas: skia.Canvas, a: Anatomy, afro: bool) -> None:
    """Ringlets over cap and back."""
    dice = random.Random(6 if afro else 7)
    back = a.temple * 1.12
    base = path(
        f"M 110 -120 C 120 -190 60 {a.top_y + 30} -10 {a.top_y + 30}"
        f" C -90 {a.top_y + 30} {-back - 24} -190 {-back - 20} -80"
        f" C {-back - 16} 0 {-back * 0.9} 60 {-back * 0.6} 74 C -80 70 -50 20 -30 -40 C 0 -92 60 -100 110 -120 Z"
    )
    canvas.drawPath(base, fill(a.hair.shade))
    rise = (a.crown_y - a.top_y) + 20
    for _ in range(300 if afro else 96):
        angle, reach = dice.uniform(math.pi * 0.80, math.pi * 1.93), dice.uniform(0.25, 1.0) ** 0.7
        x = -26 + (back + (34 if afro else 14)) * reach * math.cos(angle)
        y = -76 + (128 + rise * 0.72) * reach * math.sin(angle)
        if (x > 60 and y > -118) or (x > -20 and y > -60):
            continue
        curl(canvas, a, x, y, dice.uniform(12, 18) if afro else dice.uniform(22, 31), dice)
    if not afro:
        for _ in range(60):  # the nape, as low as curls hang there
            x, y = -back * dice.uniform(0.42, 1.22), dice.uniform(-40, 50 + 150 * a.feminine)
            curl(canvas, a, x, y, dice.uniform(22, 30), dice)
    for i in range(6):
        curl(canvas, a, 108 - 26 * i, -126 + 12 * abs(i - 2), 13 if afro else 24, dice)


def draw_profile_beard(canvas: skia.Canvas, a: Anatomy, face: skia.Path) -> None:
    """Stubble, beard or moustache, cut to the face but for a beard's own length."""
    kind, m, c = a.look.facial_hair, a.mouth_y, a.chin_y
    if kind == "none":
        return
    colour = mix(a.hair.base, a.hair.deep, 0.2)
    jaw = path(
        f"M -34 10 C -14 60 10 {m - 34} 60 {m - 30} C 90 {m - 34} 110 {m - 26} 132 {m - 22} L 136 {m - 4} L 84 {m + 2}"
        f" L 92 {m + 14} L 132 {m + 22} C 134 {c} 110 {c + 34} 76 {c + 32} C 30 {c + 26} -20 {c - 20} -44 130"
        f" C -50 80 -44 40 -34 10 Z"
    )
    if kind == "stubble":
        canvas.save()
        canvas.clipPath(face, True)
        canvas.drawPath(jaw, fill(mix(a.hair.base, a.skin.deep, 0.45), 0.42, blur=9))
        canvas.restore()
    elif kind == "beard":
        canvas.drawPath(
            jaw,
            linear((120, m), (-40, c), [ink(mix(colour, a.hair.light, 0.25)), ink(colour), ink(a.hair.deep)], blur=2),
        )
        dice = random.Random(31)
        canvas.save()
        canvas.clipPath(jaw, True)
        for _ in range(80):
            x, y = dice.uniform(-40, 130), dice.uniform(30, c + 24)
            canvas.drawPath(
                blade((x, y), (x + 3, y + 14), (x - 4, y + dice.uniform(20, 34)), dice.uniform(2.5, 5)),
                fill(a.hair.light if dice.random() < 0.4 else a.hair.deep, dice.uniform(0.18, 0.42)),
            )
        canvas.restore()
    if kind in ("moustache", "beard"):
        canvas.drawPath(
            path(f"M 136 {m - 26} C 120 {m - 34} 96 {m - 24} 74 {m + 6}"
                 f" C 96 {m - 4} 122 {m - 6} 138 {m - 10} Z"),
            linear((138, m - 24), (76, m), [ink(mix(colour, a.hair.light, 0.3)), ink(a.hair.shade)]),
        )
