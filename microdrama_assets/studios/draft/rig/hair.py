"""Nine hair styles: a mass behind the head, and a cap with fringe and locks in front of it.

A style is a silhouette plus flow: locks and strands follow the way that hair falls, and one band of gloss crosses them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import skia

from microdrama_assets.studios.draft.ink import blade, fill, ink, linear, mix, path, radial, rect, smooth, stroke
from microdrama_assets.studios.draft.rig.anatomy import Anatomy

Point = tuple[float, float]
Painter = Callable[[skia.Canvas, Anatomy], None]


def draw_hair_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    """What lies behind neck and shoulders."""
    painter = _BEHIND.get(a.look.hair.style)
    if painter is not None:
        painter(canvas, a)


def draw_hair_in_front(canvas: skia.Canvas, a: Anatomy) -> None:
    """Cap, fringe and side locks, over the face."""
    painter = _IN_FRONT.get(a.look.hair.style)
    if painter is not None:
        painter(canvas, a)


def draw_fringe_shadow(canvas: skia.Canvas, a: Anatomy, face: skia.Path) -> None:
    """The soft shadow that hair casts on the forehead; drawn on the face before the eyes."""
    low = _FRINGE_SHADOW.get(a.look.hair.style)
    if low is None:
        return
    canvas.save()
    canvas.clipPath(face, True)
    t = a.temple
    canvas.drawPath(path(f"M {-t - 30} {low + 80} C {-t + 26} {low + 10} {-t * 0.5} {low - 6} 0 {low} C {t * 0.5} {low - 6} {t - 26} {low + 10} {t + 30} {low + 80}"
                         f" L {t + 30} -300 L {-t - 30} -300 Z"), fill(a.skin.deep, 0.42, blur=13))
    canvas.restore()


_FRINGE_SHADOW = {"short": -112.0, "bob": -88.0, "long": -104.0, "bun": -138.0, "ponytail": -106.0, "curly": -98.0, "afro": -126.0, "buzz": -150.0}


# -- brushes ----------------------------------------------------------------------------------------------------------


def _cap(a: Anatomy, out: float, low: float = 8.0, top: float | None = None) -> str:
    """The outer edge from the left ear over the crown to the right ear."""
    t, top = a.temple + out, a.top_y if top is None else top
    return f"M {-t} {low} C {-t - 10} {top * 0.72} {-t * 0.62} {top} 0 {top} C {t * 0.62} {top} {t + 10} {top * 0.72} {t} {low}"


def _mass(canvas: skia.Canvas, a: Anatomy, shape: skia.Path) -> None:
    canvas.drawPath(shape, linear((-a.reach, a.top_y), (a.reach, 60),
                                  [ink(mix(a.hair.base, a.hair.light, 0.35)), ink(a.hair.base), ink(a.hair.shade), ink(a.hair.deep)], [0, 0.35, 0.72, 1]))


def _lock(canvas: skia.Canvas, a: Anatomy, root: Point, bend: Point, tip: Point, width: float, tone: float = 0.0, edge: float = 0.42) -> None:
    """One lock; `tone` -1 in shadow .. 1 in light, `edge` the strength of its outline."""
    lit = mix(a.hair.base, a.hair.light, 0.45 + 0.4 * tone) if tone >= 0 else mix(a.hair.base, a.hair.shade, -tone)
    shape = blade(root, bend, tip, width)
    canvas.drawPath(shape, linear(root, tip, [ink(mix(a.hair.shade, lit, 0.55)), ink(lit), ink(mix(a.hair.base, a.hair.shade, 0.6)), ink(a.hair.shade)], [0, 0.32, 0.7, 1]))
    canvas.drawPath(shape, stroke(a.hair.deep, 1.8, edge))


def _strands(canvas: skia.Canvas, a: Anatomy, clip: skia.Path, flow: Callable[[float], tuple[Point, Point, Point]], count: int, seed: int) -> None:
    """Fine hairs along a flow of 0..1, clipped to a shape."""
    dice = random.Random(seed)
    canvas.save()
    canvas.clipPath(clip, True)
    for i in range(count):
        root, bend, tip = flow((i + dice.uniform(-0.3, 0.3)) / count)
        light = dice.random() < 0.45
        canvas.drawPath(blade(root, (bend[0] + dice.uniform(-5, 5), bend[1]), (tip[0] + dice.uniform(-7, 7), tip[1] + dice.uniform(-10, 10)), dice.uniform(2.5, 7)),
                        fill(a.hair.light if light else a.hair.deep, dice.uniform(0.16, 0.42)))
    canvas.restore()


def _gloss(canvas: skia.Canvas, a: Anatomy, clip: skia.Path, y: float, bow: float = 40.0, strength: float = 0.5) -> None:
    """The band of light across the top of the head, torn into strands."""
    dice = random.Random(23)
    t = a.temple
    canvas.save()
    canvas.clipPath(clip, True)
    canvas.drawPath(path(f"M {-t * 0.86} {y + bow} Q {-t * 0.3} {y - bow * 0.4} {t * 0.45} {y - 2} L {t * 0.42} {y + 18} Q {-t * 0.3} {y + bow * 0.35} {-t * 0.84} {y + bow + 30} Z"), fill(a.hair.light, strength * 0.62, blur=9))
    for i in range(26):
        u = i / 25
        x = -t * 0.86 + u * t * 1.35
        yy = y + bow * (1 - u) ** 2 * 1.05 - 6 * math.sin(u * math.pi)
        canvas.drawPath(blade((x * 0.97, yy - dice.uniform(6, 16)), (x, yy + 6), (x * 1.05, yy + dice.uniform(18, 44)), dice.uniform(3, 8)),
                        fill(mix(a.hair.light, (255, 255, 255), 0.25), strength * dice.uniform(0.2, 0.75)))
    canvas.restore()


def _curl(canvas: skia.Canvas, a: Anatomy, x: float, y: float, r: float, dice: random.Random) -> None:
    """One ringlet: a few nested arcs on a soft ball, lit from the upper left."""
    tone = min(1.0, max(0.0, 0.50 - x / 460 - (y + 120) / 520 + dice.uniform(-0.12, 0.12)))
    body = mix(a.hair.shade, mix(a.hair.base, a.hair.light, 0.30), tone)
    canvas.drawCircle(x, y, r, radial((x, y), r, [ink(body), ink(body), ink(mix(body, a.hair.deep, 0.55), 0.9), ink(a.hair.deep, 0)], [0, 0.55, 0.86, 1]))
    turn = dice.uniform(150, 260)
    for share, light, alpha in ((0.78, True, 0.55), (0.60, False, 0.55), (0.44, True, 0.40), (0.24, False, 0.5)):
        spread = r * share
        canvas.drawArc(rect(x - spread, y - spread, 2 * spread, 2 * spread), turn + 90 * share, 170, False,
                       stroke(mix(a.hair.light, body, 0.35 * (1 - tone)) if light else a.hair.deep, r * 0.11, alpha * (0.45 + 0.55 * tone if light else 0.8)))


def _inner_shadow(canvas: skia.Canvas, a: Anatomy, shape: skia.Path, top: float, low: float) -> None:
    """Hair behind the neck lies in the head's shadow."""
    t = a.temple
    canvas.save()
    canvas.clipPath(shape, True)
    canvas.drawRect(rect(-t, top, 2 * t, low - top), fill(a.hair.deep, 0.8, blur=20))
    canvas.restore()


# -- styles -----------------------------------------------------------------------------------------------------------


def _buzz(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    shape = path(_cap(a, 3, -14) + f" L {t - 10} -20 C {t - 16} -70 {t * 0.80} -96 {t * 0.66} -142 C {t * 0.4} -164 {-t * 0.4} -164 {-t * 0.66} -142 C {-t * 0.80} -96 {-t + 16} -70 {-t + 10} -20 Z")
    canvas.drawPath(shape, linear((0, a.top_y), (0, -20), [ink(mix(a.hair.base, a.skin.shade, 0.12), 0.96), ink(mix(a.hair.base, a.skin.shade, 0.22), 0.94), ink(mix(a.hair.base, a.skin.shade, 0.42), 0.70)], blur=2.2))
    dice = random.Random(9)
    canvas.save()
    canvas.clipPath(shape, True)
    for _ in range(420):
        x, y = dice.uniform(-t, t), dice.uniform(a.top_y, -30)
        canvas.drawLine(x, y, x * 1.02 + dice.uniform(-1, 1), y + dice.uniform(4, 8), stroke(a.hair.light if dice.random() < 0.4 else a.hair.deep, 1.6, dice.uniform(0.2, 0.5)))
    canvas.drawOval(rect(-t * 0.6, a.top_y + 18, t * 0.9, 46), fill(a.hair.light, 0.28, blur=14))
    canvas.restore()


def _short(canvas: skia.Canvas, a: Anatomy) -> None:
    t, fem, top = a.temple, a.feminine, a.top_y
    part, low = -46.0, 22 + 18 * fem
    shape = path(f"M {-t - 7} {low - 8} C {-t - 16} -60 {-t - 14} -150 {-t * 0.80} -206 C {-t * 0.56} {top + 4} {-t * 0.20} {top - 6} 0 {top - 2} C {t * 0.40} {top - 8} {t * 0.78} {top + 14} {t * 0.92} -196 C {t + 16} -150 {t + 15} -60 {t + 7} {low - 8}"
                 f" L {t - 5} {low} C {t - 12} -10 {t - 12} -50 {t * 0.86} -84 C {t * 0.6} -122 {part + 60} -134 {part} -140 C {-t * 0.62} -128 {-t * 0.80} -108 {-t * 0.86} -80 C {-t + 12} -46 {-t + 12} -8 {-t + 5} {low} Z")
    _mass(canvas, a, shape)
    _strands(canvas, a, shape, lambda u: ((part + (u - 0.5) * 40, -196), ((-t + 2 * t * u) * 0.98, top + 20 + 110 * abs(u - 0.42)), ((-t - 4) + (2 * t + 8) * u, -20 - 120 * (1 - abs(2 * u - 1)))), 40, 3)
    for i in range(7):  # the side away from the parting
        u = i / 6
        root = (part - 4, -176 - 4 * u)
        _lock(canvas, a, root, (part - 40 - 34 * u, -214 + 40 * u), (-t * 0.60 - 44 * u, -132 + 78 * u), 30 - 9 * u, 0.55 - 0.25 * u, edge=0.22)
    for i in range(11):  # a swept quiff: each lock rises from the parting and falls to the right
        u = 1 - i / 10
        root = (part + 2 + 10 * u, -176 - 14 * u)
        bend = (part + 52 + 90 * u, -150 - 112 * u)
        tip = (part + 66 + (t * 0.94 - part - 66) * (0.30 + 0.70 * u), -116 + 6 * math.sin(u * 7) + 40 * u * u)
        _lock(canvas, a, root, bend, tip, 40 - 8 * u, 0.62 - 0.95 * u, edge=0.25)
    _gloss(canvas, a, shape, -206, 24, 0.42)


def _bob_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    shape = path(_cap(a, 26, 20) + f" C {t + 44} 90 {t + 40} 170 {t + 4} 214 C {t * 0.4} 236 {-t * 0.4} 236 {-t - 4} 214 C {-t - 40} 170 {-t - 44} 90 {-t - 26} 20 Z")
    _mass(canvas, a, shape)
    _inner_shadow(canvas, a, shape, 60, 250)


def _bob(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    shape = path(_cap(a, 24, 20) + f" C {t + 36} 90 {t + 34} 150 {t + 8} 206 C {t - 16} 196 {t - 26} 150 {t - 16} 90 C {t - 6} 30 {t - 6} -30 {t * 0.86} -74"
                 f" C {t * 0.4} -64 {-t * 0.4} -64 {-t * 0.86} -74 C {-t + 6} -30 {-t + 6} 30 {-t + 16} 90 C {-t + 26} 150 {-t + 16} 196 {-t - 8} 206 C {-t - 34} 150 {-t - 36} 90 {-t - 24} 20 Z")
    _mass(canvas, a, shape)
    _strands(canvas, a, shape, lambda u: (((u - 0.5) * 50, a.top_y + 4), ((u - 0.5) * 2 * t * 0.95, a.top_y + 66), ((u - 0.5) * 2.3 * t, 150 if abs(u - 0.5) > 0.38 else -70)), 44, 8)
    for side in (-1, 1):
        for i in range(5):
            u = i / 4
            _lock(canvas, a, (side * (t * 0.70 + 22 * u), -150 + 30 * u), (side * (t + 30 - 22 * (1 - u)), -10), (side * (t - 18 + 30 * u), 150 + 56 * u), 32 - 6 * u, (0.45 if side < 0 else -0.25) - 0.15 * u, edge=0.3)
    for i in range(12):
        x = (i / 11 - 0.5) * 2
        root = (x * t * 0.34, a.top_y + 34 + 30 * abs(x))
        _lock(canvas, a, root, (x * t * 0.80, -160 + 10 * abs(x)), (x * t * 0.86 + 2, -62 - 12 * (1 - abs(x)) + 5 * math.sin(i * 2.2)), 40, 0.50 - 0.40 * (x + 1), edge=0.3)
    _gloss(canvas, a, shape, a.top_y + 58, 40, 0.58)


def _long_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    shape = path(_cap(a, 28, 20) + f" C {t + 54} 130 {t + 62} 260 {t + 34} 420 C {t * 0.5} 456 {-t * 0.5} 456 {-t - 34} 420 C {-t - 62} 260 {-t - 54} 130 {-t - 28} 20 Z")
    _mass(canvas, a, shape)
    _inner_shadow(canvas, a, shape, 40, 470)
    _strands(canvas, a, shape, lambda u: ((-t + 2 * t * u, -20), ((-t - 50) + (2 * t + 100) * u, 200), ((-t - 24) + (2 * t + 48) * u, 440)), 34, 14)


def _long(canvas: skia.Canvas, a: Anatomy) -> None:
    t, part, top = a.temple, -24.0, a.top_y
    for side in (-1, 1):
        reach = side * t - part
        edge = path(f"M {part} {top} C {side * t * 0.62} {top} {side * (t + 38)} {top * 0.72} {side * (t + 28)} 20 C {side * (t + 50)} 130 {side * (t + 58)} 260 {side * (t + 26)} 384"
                    f" C {side * (t - 12)} 340 {side * (t - 2)} 240 {side * (t - 2)} 150 C {side * (t - 4)} 60 {side * (t - 8)} 10 {side * (t - 14)} -40 C {part + reach * 0.72} -112 {part + reach * 0.30} -150 {part} -164 Z")
        _mass(canvas, a, edge)
        _strands(canvas, a, edge, lambda u, r=reach, s=side: ((part + r * 0.03, top + 6 + 30 * u), (part + r * (0.55 + 0.4 * u), -190 + 40 * u), (s * (t - 4 + 46 * u), 60 + 300 * u)), 30, 5 + side)
        for i in range(8):
            u = i / 7
            _lock(canvas, a, (part + reach * 0.02, top + 14 + 26 * (1 - u)), (part + reach * (0.62 + 0.30 * u), -150 - 40 * u), (side * (t - 10 + 34 * u), -30 + 260 * u), 30 - 4 * u, (0.55 if side < 0 else -0.1) - 0.35 * u, edge=0.28)
        for i in range(5):
            u = i / 4
            _lock(canvas, a, (side * (t + 2 + 14 * u), -40 + 20 * u), (side * (t + 40 - 8 * u), 170), (side * (t + 26 - 34 * u), 384 - 26 * u), 30, (0.35 if side < 0 else -0.35) - 0.1 * u, edge=0.3)
        _gloss(canvas, a, edge, top + 54, 46, 0.52)
    canvas.drawPath(blade((part, top + 2), (part + 2, top + 20), (part, -168), 4), fill(a.hair.deep, 0.7))


def _pulled_back(canvas: skia.Canvas, a: Anatomy) -> skia.Path:
    t = a.temple
    shape = path(_cap(a, 9, 0, -238.0) + f" L {t - 6} 16 C {t - 14} -30 {t - 16} -70 {t * 0.78} -112 C {t * 0.4} -164 {-t * 0.1} -172 {-t * 0.30} -166 C {-t * 0.6} -150 {-t * 0.78} -124 {-t * 0.84} -96 C {-t + 16} -60 {-t + 14} -30 {-t + 6} 16 Z")
    _mass(canvas, a, shape)
    _strands(canvas, a, shape, lambda u: ((-t + 2 * t * u, -70 - 100 * math.sin(math.pi * u)), ((-t * 0.9) + 1.8 * t * u, -200), ((u - 0.5) * 90, -244)), 46, 4)
    _gloss(canvas, a, shape, -204, 38, 0.60)
    return shape


def _wisps(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    for side in (-1, 1):
        _lock(canvas, a, (side * (t - 14), -104), (side * (t + 8), -20), (side * (t - 20), 92), 15, 0.2 if side < 0 else -0.2)
        _lock(canvas, a, (side * (t - 8), -70), (side * (t + 16), 0), (side * (t + 2), 60), 10, 0.2)


def _bun_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    y = a.top_y + 64
    canvas.drawOval(rect(-76, y - 62, 152, 128), radial((-22, y - 26), 116, [ink(mix(a.hair.base, a.hair.light, 0.6)), ink(a.hair.base), ink(a.hair.shade), ink(a.hair.deep)], [0, 0.4, 0.75, 1]))
    for i in range(9):
        u = i / 8 - 0.5
        canvas.drawPath(blade((u * 130, y + 52), (u * 190 + 16, y - 20), (u * 40 + 24, y - 58), 9), fill(a.hair.light if i % 2 else a.hair.deep, 0.30))
    canvas.drawArc(rect(-52, y - 44, 100, 92), 200, 130, False, stroke(a.hair.light, 7, 0.35, blur=3))


def _bun(canvas: skia.Canvas, a: Anatomy) -> None:
    _pulled_back(canvas, a)
    canvas.drawOval(rect(-60, -278, 120, 30), fill(a.hair.deep, 0.55, blur=7))
    _wisps(canvas, a)


def _ponytail_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    shape = path(f"M {t * 0.30} -236 C {t + 30} -250 {t + 92} -120 {t + 78} 30 C {t + 74} 140 {t + 96} 220 {t + 34} 330 C {t + 40} 230 {t - 10} 200 {t - 10} 60 C {t} -60 {t - 30} -150 {t * 0.30} -200 Z")
    _mass(canvas, a, shape)
    _strands(canvas, a, shape, lambda u: ((t * 0.5, -236 + 30 * u), (t + 84 - 80 * u, -60), (t + 66 - 40 * u, 310)), 22, 6)


def _ponytail(canvas: skia.Canvas, a: Anatomy) -> None:
    _pulled_back(canvas, a)
    t = a.temple
    for i in range(6):
        u = i / 5
        _lock(canvas, a, (-30 + 10 * u, -212 + 16 * u), (10 + 62 * u, -186 + 18 * u), (0 + t * 0.93 * u, -112 - 16 * math.sin(u * 3) + 46 * u * u), 34 - 10 * u, 0.3 - 0.5 * u, edge=0.25)
    _lock(canvas, a, (-36, -210), (-92, -184), (-t + 14, -62), 36, 0.5, edge=0.25)
    _wisps(canvas, a)


def _ring(a: Anatomy, rx: float, ry: float, cy: float, start: float, end: float, count: int, r: float) -> list[tuple[float, float, float]]:
    turns = [math.radians(start + (end - start) * i / (count - 1)) for i in range(count)]
    return [(rx * math.cos(turn), cy + ry * math.sin(turn), r) for turn in turns]


def _curly_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    low = 36 + 170 * a.feminine
    canvas.drawPath(smooth([(-t - 34, -100), (-t - 40, low * 0.5), (-t + 16, low + 16), (0, low - 20), (t - 16, low + 16), (t + 40, low * 0.5), (t + 34, -100), (t * 0.9, -230), (0, a.top_y + 20), (-t * 0.9, -230)]), fill(a.hair.deep))
    dice = random.Random(41)
    rows = int(4 + 4 * a.feminine)
    for row in range(rows):
        y = -90 + (low + 96) * row / (rows - 1)
        for side in (-1, 1):
            for column in range(3):
                _curl(canvas, a, side * (t + 30 - 26 * column) + dice.uniform(-7, 7), y + 12 * (column % 2) + dice.uniform(-6, 6), dice.uniform(24, 31), dice)


def _curly(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    canvas.drawPath(path(f"M {-t - 16} -40 C {-t - 30} -170 {-t * 0.7} {a.top_y + 14} 0 {a.top_y + 14} C {t * 0.7} {a.top_y + 14} {t + 30} -170 {t + 16} -40 C {t - 8} -70 {t * 0.8} -110 {t * 0.5} -126 C {t * 0.2} -140 {-t * 0.2} -140 {-t * 0.5} -126 C {-t * 0.8} -110 {-t + 8} -70 {-t - 16} -40 Z"), fill(a.hair.shade))
    dice = random.Random(7)
    spots = []
    for band, (rx, ry, r, count) in enumerate(((t + 18, 128, 29, 17), (t - 8, 102, 30, 15), (t - 40, 74, 30, 12), (t - 76, 46, 29, 8), (26, 18, 28, 4))):
        spots += _ring(a, rx, ry, -124 + 2 * band, 178, 362, count, r)
    spots += [(side * (t + 6 - 3 * i), -92 + 30 * i, 23) for side in (-1, 1) for i in range(4)]
    spots += [(-t * 0.84 + i * t * 1.68 / 10, -104 - 24 * math.sin(math.pi * i / 10) + (8 if i % 3 == 1 else 0), 26) for i in range(11)]
    for x, y, r in sorted(spots, key=lambda spot: spot[1] + dice.uniform(-26, 26)):
        _curl(canvas, a, x + dice.uniform(-7, 7), y + dice.uniform(-7, 7), r * dice.uniform(0.85, 1.15), dice)
    for side in (-1, 1):
        _lock(canvas, a, (side * 30, -120), (side * 52, -92), (side * 24, -74), 13, 0.4, edge=0.3)


def _afro_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    cy, r = -96.0, a.reach - 18
    canvas.drawOval(rect(-r, cy - 192, 2 * r, 372), radial((-70, cy - 110), r * 1.7, [ink(mix(a.hair.base, a.hair.light, 0.45)), ink(a.hair.base), ink(a.hair.shade), ink(a.hair.deep)], [0, 0.3, 0.65, 1]))
    dice = random.Random(3)
    for _ in range(150):
        angle, reach = dice.uniform(0, 2 * math.pi), dice.uniform(0.80, 1.0)
        _curl(canvas, a, r * reach * math.cos(angle), cy - 6 + 188 * reach * math.sin(angle), dice.uniform(11, 17), dice)


def _afro(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    canvas.drawPath(path(f"M {-t - 22} -50 C {-t - 44} -190 {-t * 0.7} -272 0 -272 C {t * 0.7} -272 {t + 44} -190 {t + 22} -50 L {t - 4} -56 C {t * 0.78} -136 {-t * 0.78} -136 {-t + 4} -56 Z"), linear((-t, -280), (t, -60), [ink(mix(a.hair.base, a.hair.light, 0.25)), ink(a.hair.base), ink(a.hair.shade)]))
    dice = random.Random(6)
    for _ in range(230):
        angle, reach = dice.uniform(math.pi * 0.97, math.pi * 2.03), dice.uniform(0.0, 1.0) ** 0.6
        x = (t * 0.80 + 50 * reach) * math.cos(angle) * (0.35 + 0.65 * reach)
        y = -122 + 20 * (abs(x) / t) ** 2 + (30 + 124 * reach) * math.sin(angle)
        _curl(canvas, a, x, y, dice.uniform(12, 18), dice)
    for i in range(17):
        x = -t * 0.92 + i * t * 1.84 / 16
        _curl(canvas, a, x, -124 + 62 * (abs(x) / t) ** 2.4, dice.uniform(11, 14), dice)
    for side in (-1, 1):
        for i in range(3):
            _curl(canvas, a, side * (t + 4 + 3 * i), -66 + 15 * i, 13 - 2 * i, dice)


_BEHIND: dict[str, Painter] = {"bob": _bob_behind, "long": _long_behind, "bun": _bun_behind, "ponytail": _ponytail_behind, "curly": _curly_behind, "afro": _afro_behind}
_IN_FRONT: dict[str, Painter] = {"buzz": _buzz, "short": _short, "bob": _bob, "long": _long, "bun": _bun, "ponytail": _ponytail, "curly": _curly, "afro": _afro}
