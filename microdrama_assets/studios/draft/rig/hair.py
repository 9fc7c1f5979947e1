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


def _lock(canvas: skia.Canvas, a: Anatomy, root: Point, bend: Point, tip: Point, width: float, tone: float = 0.0) -> None:
    """One lock; `tone` -1 in shadow .. 1 in light."""
    lit = mix(a.hair.base, a.hair.light, 0.45 + 0.4 * tone) if tone >= 0 else mix(a.hair.base, a.hair.shade, -tone)
    shape = blade(root, bend, tip, width)
    canvas.drawPath(shape, linear(root, tip, [ink(mix(a.hair.shade, lit, 0.55)), ink(lit), ink(mix(a.hair.base, a.hair.shade, 0.6)), ink(a.hair.shade)], [0, 0.32, 0.7, 1]))
    canvas.drawPath(shape, stroke(a.hair.deep, 1.8, 0.42))


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
    """One ringlet: a ball of hair with a lit crescent."""
    tone = min(1.0, max(0.0, 0.55 - x / 420 - y / 700 + dice.uniform(-0.2, 0.2)))
    body = mix(a.hair.shade, mix(a.hair.base, a.hair.light, 0.35), tone)
    canvas.drawCircle(x, y, r, radial((x - r * 0.3, y - r * 0.35), r * 1.25, [ink(mix(body, a.hair.light, 0.25)), ink(body), ink(a.hair.deep)], [0, 0.5, 1]))
    turn = dice.uniform(0, 360)
    for share, alpha in ((0.72, 0.5), (0.42, 0.35)):
        canvas.drawArc(rect(x - r * share, y - r * share, 2 * r * share, 2 * r * share), turn, 200, False, stroke(a.hair.light if share > 0.5 else a.hair.deep, 2.6, alpha))


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
    t, fem = a.temple, a.feminine
    part = -34.0
    shape = path(_cap(a, 12, 4) + f" L {t - 4} {24 + 14 * fem} C {t - 13} -10 {t - 14} -70 {t * 0.84} -98 C {t * 0.5} -146 {part + 70} -150 {part} -136 C {-t * 0.5} -128 {-t * 0.8} -110 {-t * 0.86} -84 C {-t + 14} -40 {-t + 12} -4 {-t + 4} {24 + 14 * fem} Z")
    _mass(canvas, a, shape)
    _strands(canvas, a, shape, lambda u: ((part + (u - 0.5) * 60, a.top_y + 10), (-t + 2 * t * u, a.top_y + 46 + 80 * abs(u - 0.4)), ((-t - 8) + (2 * t + 16) * u, -60 - 60 * (1 - abs(2 * u - 1)))), 34, 3)
    _gloss(canvas, a, shape, a.top_y + 44, 30, 0.50)
    # a swept fringe: locks from the parting to the right temple, short ones to the left
    for i in range(8):
        u = i / 7
        root = (part + 6 + 20 * u, a.top_y + 40 + 24 * u)
        tip = (part + 34 + u * (t * 0.98 - part - 34), -98 + 22 * math.sin(u * 5.0) - 6 * u + (18 if i == 7 else 0))
        _lock(canvas, a, root, (root[0] + 34 + 62 * u, root[1] + 6 + 34 * u), tip, 38 - 10 * u, 0.35 - 0.8 * u)
    for i in range(4):
        u = i / 3
        _lock(canvas, a, (part - 8 - 10 * u, a.top_y + 40), (part - 44 - 34 * u, a.top_y + 58), (part - 42 - u * (t * 0.84 + part - 42) * 0.92, -112 + 22 * u), 34, 0.6 - 0.4 * u)
    for x, lean, height in ((-78, -16, 14), (-30, -10, 20), (16, 12, 22), (62, 18, 16)):
        y = a.top_y + 20 + abs(x) * 0.20
        _lock(canvas, a, (x, y + 34), (x + lean * 0.2, y), (x + lean, y - height - 4), 42, 0.25)


def _bob_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    shape = path(_cap(a, 26, 20) + f" C {t + 44} 90 {t + 40} 170 {t + 4} 214 C {t * 0.4} 236 {-t * 0.4} 236 {-t - 4} 214 C {-t - 40} 170 {-t - 44} 90 {-t - 26} 20 Z")
    _mass(canvas, a, shape)
    _inner_shadow(canvas, a, shape, 60, 250)


def _bob(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    shape = path(_cap(a, 26, 20) + f" C {t + 40} 100 {t + 36} 160 {t + 2} 208 C {t - 22} 190 {t - 30} 150 {t - 20} 90 C {t - 10} 20 {t - 14} -40 {t * 0.74} -92"
                 f" C {t * 0.3} -78 {-t * 0.3} -78 {-t * 0.74} -92 C {-t + 14} -40 {-t + 10} 20 {-t + 20} 90 C {-t + 30} 150 {-t + 22} 190 {-t - 2} 208 C {-t - 36} 160 {-t - 40} 100 {-t - 26} 20 Z")
    _mass(canvas, a, shape)
    for side in (-1, 1):
        for i in range(4):
            x = side * (t + 22 - i * 13)
            _lock(canvas, a, (side * (t * 0.86 - i * 6), -96 + 6 * i), (side * (t + 40 - i * 13), 60), (x - side * 14, 212 - 9 * i), 34 - 3 * i, (0.4 if side < 0 else -0.35) - 0.1 * i)
    for i in range(11):
        u = i / 10
        x = (u - 0.5) * 2
        root = (x * t * 0.42, a.top_y + 42 + 24 * abs(x))
        _lock(canvas, a, root, (x * t * 0.72, -150 - 10 * (1 - abs(x))), (x * t * 0.80 + 3, -70 - 9 * (1 - abs(x)) + 6 * math.sin(i * 2.2)), 40, 0.45 - 0.42 * (x + 1))
    _strands(canvas, a, shape, lambda u: (((u - 0.5) * 50, a.top_y + 4), ((u - 0.5) * 2 * t * 0.9, a.top_y + 70), ((u - 0.5) * 2.3 * t, 120 if abs(u - 0.5) > 0.38 else -86)), 40, 8)
    _gloss(canvas, a, shape, a.top_y + 62, 44, 0.62)


def _long_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    shape = path(_cap(a, 28, 20) + f" C {t + 54} 130 {t + 62} 260 {t + 34} 420 C {t * 0.5} 456 {-t * 0.5} 456 {-t - 34} 420 C {-t - 62} 260 {-t - 54} 130 {-t - 28} 20 Z")
    _mass(canvas, a, shape)
    _inner_shadow(canvas, a, shape, 40, 470)
    _strands(canvas, a, shape, lambda u: ((-t + 2 * t * u, -20), ((-t - 50) + (2 * t + 100) * u, 200), ((-t - 24) + (2 * t + 48) * u, 440)), 34, 14)


def _long(canvas: skia.Canvas, a: Anatomy) -> None:
    t, part = a.temple, -28.0
    for side in (-1, 1):
        root = part + side * 8
        edge = path(f"M {root} {a.top_y} C {side * t * 0.72 + root * 0.2} {a.top_y} {side * (t + 34)} -130 {side * (t + 28)} 20 C {side * (t + 52)} 130 {side * (t + 56)} 240 {side * (t + 22)} 372"
                    f" C {side * (t - 14)} 330 {side * (t - 8)} 240 {side * (t - 8)} 150 C {side * (t - 10)} 60 {side * (t - 16)} -10 {side * t * 0.84} -74 C {side * t * 0.62} -128 {root + side * 36} -156 {root} -196 Z")
        _mass(canvas, a, edge)
        for i in range(6):
            u = i / 5
            _lock(canvas, a, (root + side * 6, a.top_y + 18 + 8 * u), (side * (t * 0.74 + 34 * u) + root * (1 - u), -170 + 60 * u),
                  (side * (t - 8 + 34 * u), 40 + 290 * u), 34 - 8 * u, (0.55 if side < 0 else -0.15) - 0.3 * u)
        for i in range(4):
            u = i / 3
            _lock(canvas, a, (side * (t + 4 + 16 * u), -30 + 20 * u), (side * (t + 44 - 10 * u), 150), (side * (t + 20 - 32 * u), 372 - 24 * u), 32, (0.3 if side < 0 else -0.4))
        _strands(canvas, a, edge, lambda u, s=side, r=root: ((r + s * 4, a.top_y + 4 + 10 * u), (s * (t * 0.5 + 80 * u), -150 + 60 * u), (s * (t - 16 + 60 * u), 60 + 300 * u)), 22, 5 + side)
        _gloss(canvas, a, edge, a.top_y + 56, 46, 0.58)
    canvas.drawPath(blade((part, a.top_y + 2), (part + 2, a.top_y + 20), (part, -190), 4), fill(a.hair.deep, 0.7))


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
        _lock(canvas, a, (-30 + 10 * u, -238 + 16 * u), (10 + 62 * u, -196 + 18 * u), (0 + t * 0.93 * u, -112 - 16 * math.sin(u * 3) + 46 * u * u), 36 - 10 * u, 0.3 - 0.5 * u)
    _lock(canvas, a, (-36, -236), (-92, -196), (-t + 14, -62), 40, 0.5)
    _wisps(canvas, a)


def _curls(canvas: skia.Canvas, a: Anatomy, spots: list[tuple[float, float, float]], seed: int) -> None:
    dice = random.Random(seed)
    for x, y, r in spots:
        _curl(canvas, a, x + dice.uniform(-6, 6), y + dice.uniform(-6, 6), r * dice.uniform(0.88, 1.12), dice)


def _ring(a: Anatomy, rx: float, ry: float, cy: float, start: float, end: float, count: int, r: float) -> list[tuple[float, float, float]]:
    turns = [math.radians(start + (end - start) * i / (count - 1)) for i in range(count)]
    return [(rx * math.cos(turn), cy + ry * math.sin(turn), r) for turn in turns]


def _curly_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    low = 150 + 70 * a.feminine
    canvas.drawPath(smooth([(-t - 44, -60), (-t - 50, 90), (-t + 10, low), (0, low - 30), (t - 10, low), (t + 50, 90), (t + 44, -60), (t, -230), (0, a.top_y + 6), (-t, -230)]), fill(a.hair.deep))
    for side in (-1, 1):
        _curls(canvas, a, [(side * (t + 24 - 12 * (i % 2)), -40 + (low + 20) / 6 * i, 32) for i in range(7)] + [(side * (t - 14), 40 + 34 * i, 28) for i in range(int(2 + 3 * a.feminine))], 40 + side)


def _curly(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    shape = path(_cap(a, 20, -30) + f" C {t - 6} -60 {t * 0.8} -100 {t * 0.6} -132 C {t * 0.2} -150 {-t * 0.2} -150 {-t * 0.6} -132 C {-t * 0.8} -100 {-t + 6} -60 {-t - 20} -30 Z")
    _mass(canvas, a, shape)
    spots = _ring(a, t + 22, 150, -120, 184, 356, 12, 36) + _ring(a, t - 10, 112, -132, 186, 354, 10, 35) + _ring(a, t - 48, 66, -142, 196, 344, 8, 33)
    fringe = [(-t * 0.86 + i * t * 1.72 / 8, -122 - 26 * math.sin(math.pi * i / 8), 28) for i in range(9)]
    sides = [(side * (t + 4), -70 + 36 * i, 26) for side in (-1, 1) for i in range(3)]
    _curls(canvas, a, spots + sides + fringe, 7)
    canvas.drawOval(rect(-t * 0.75, a.top_y + 26, t * 0.9, 60), fill(a.hair.light, 0.20, blur=22, blend=skia.BlendMode.kSrcATop))


def _afro_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    cx, cy, r = 0.0, -104.0, a.reach - 14
    canvas.drawOval(rect(cx - r, cy - 206, 2 * r, 394), radial((-70, cy - 110), r * 1.7, [ink(mix(a.hair.base, a.hair.light, 0.55)), ink(a.hair.base), ink(a.hair.shade), ink(a.hair.deep)], [0, 0.3, 0.65, 1]))
    _curls(canvas, a, _ring(a, r - 6, 206, cy, 140, 400, 34, 24), 3)
    _curls(canvas, a, _ring(a, r - 36, 172, cy, 150, 390, 26, 23), 4)


def _afro(canvas: skia.Canvas, a: Anatomy) -> None:
    t = a.temple
    spots: list[tuple[float, float, float]] = []
    for band in range(5):
        spread = t + 44 - band * 24
        spots += _ring(a, spread, 158 - band * 27, -140, 176, 364, 20 - 2 * band, 23)
    edge = [(side * (t - 2), -110 + 27 * i, 19) for side in (-1, 1) for i in range(4)] + [(-t * 0.8 + i * t * 1.6 / 10, -148 - 20 * math.sin(math.pi * i / 10), 21) for i in range(11)]
    canvas.drawPath(path(f"M {-t - 30} -60 C {-t - 40} -200 {-t * 0.6} -290 0 -290 C {t * 0.6} -290 {t + 40} -200 {t + 30} -60 L {t} -80 C {t * 0.7} -150 {-t * 0.7} -150 {-t} -80 Z"), fill(a.hair.shade))
    _curls(canvas, a, spots + edge, 6)


_BEHIND: dict[str, Painter] = {"bob": _bob_behind, "long": _long_behind, "bun": _bun_behind, "ponytail": _ponytail_behind, "curly": _curly_behind, "afro": _afro_behind}
_IN_FRONT: dict[str, Painter] = {"buzz": _buzz, "short": _short, "bob": _bob, "long": _long, "bun": _bun, "ponytail": _ponytail, "curly": _curly, "afro": _afro}
