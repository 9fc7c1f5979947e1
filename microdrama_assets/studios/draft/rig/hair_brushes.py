"""The strokes that hair is made of: masses, locks, strands, gloss and ringlets."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import skia

from microdrama_assets.studios.draft.ink import blade, fill, ink, linear, mix, path, radial, rect, stroke
from microdrama_assets.studios.draft.rig.anatomy import Anatomy

Point = tuple[float, float]


def cap_edge(a: Anatomy, out: float, low: float = 8.0, top: float | None = None) -> str:
    """The outer edge from the left ear over the crown to the right ear."""
    t, top = a.temple + out, a.top_y if top is None else top
    return (
        f"M {-t} {low} C {-t - 10} {top * 0.72} {-t * 0.62} {top} 0 {top}"
        f" C {t * 0.62} {top} {t + 10} {top * 0.72} {t} {low}"
    )


def mass(canvas: skia.Canvas, a: Anatomy, shape: skia.Path) -> None:
    canvas.drawPath(
        shape,
        linear(
            (-a.reach, a.top_y),
            (a.reach, 60),
            [ink(mix(a.hair.base, a.hair.light, 0.35)), ink(a.hair.base), ink(a.hair.shade), ink(a.hair.deep)],
            [0, 0.35, 0.72, 1],
        ),
    )


def lock(
    canvas: skia.Canvas,
    a: Anatomy,
    root: Point,
    bend: Point,
    tip: Point,
    width: float,
    tone: float = 0.0,
    edge: float = 0.42,
) -> None:
    """One lock; `tone` -1 in shadow .. 1 in light, `edge` the strength of its outline."""
    lit = mix(a.hair.base, a.hair.light, 0.45 + 0.4 * tone) if tone >= 0 else mix(a.hair.base, a.hair.shade, -tone)
    shape = blade(root, bend, tip, width)
    canvas.drawPath(
        shape,
        linear(
            root,
            tip,
            [ink(mix(a.hair.shade, lit, 0.55)), ink(lit), ink(mix(a.hair.base, a.hair.shade, 0.6)), ink(a.hair.shade)],
            [0, 0.32, 0.7, 1],
        ),
    )
    canvas.drawPath(shape, stroke(a.hair.deep, 1.8, edge))


def strands(
    canvas: skia.Canvas,
    a: Anatomy,
    clip: skia.Path,
    flow: Callable[[float], tuple[Point, Point, Point]],
    count: int,
    seed: int,
) -> None:
    """Fine hairs along a flow of 0..1, clipped to a shape."""
    dice = random.Random(seed)
    canvas.save()
    canvas.clipPath(clip, True)
    for i in range(count):
        root, bend, tip = flow((i + dice.uniform(-0.3, 0.3)) / count)
        light = dice.random() < 0.45
        canvas.drawPath(
            blade(
                root,
                (bend[0] + dice.uniform(-5, 5), bend[1]),
                (tip[0] + dice.uniform(-7, 7), tip[1] + dice.uniform(-10, 10)),
                dice.uniform(2.5, 7),
            ),
            fill(a.hair.light if light else a.hair.deep, dice.uniform(0.16, 0.42)),
        )
    canvas.restore()


def gloss(canvas: skia.Canvas, a: Anatomy, clip: skia.Path, y: float, bow: float = 40.0, strength: float = 0.5) -> None:
    """The band of light across the top of the head, torn into strands."""
    dice = random.Random(23)
    t = a.temple
    canvas.save()
    canvas.clipPath(clip, True)
    canvas.drawPath(
        path(
            f"M {-t * 0.86} {y + bow} Q {-t * 0.3} {y - bow * 0.4} {t * 0.45} {y - 2} L {t * 0.42} {y + 18}"
            f" Q {-t * 0.3} {y + bow * 0.35} {-t * 0.84} {y + bow + 30} Z"
        ),
        fill(a.hair.light, strength * 0.62, blur=9),
    )
    for i in range(26):
        u = i / 25
        x = -t * 0.86 + u * t * 1.35
        yy = y + bow * (1 - u) ** 2 * 1.05 - 6 * math.sin(u * math.pi)
        canvas.drawPath(
            blade(
                (x * 0.97, yy - dice.uniform(6, 16)),
                (x, yy + 6),
                (x * 1.05, yy + dice.uniform(18, 44)),
                dice.uniform(3, 8),
            ),
            fill(mix(a.hair.light, (255, 255, 255), 0.25), strength * dice.uniform(0.2, 0.75)),
        )
    canvas.restore()


def curl(canvas: skia.Canvas, a: Anatomy, x: float, y: float, r: float, dice: random.Random) -> None:
    """One ringlet: a few nested arcs on a soft ball, lit from the upper left."""
    tone = min(1.0, max(0.0, 0.50 - x / 460 - (y + 120) / 520 + dice.uniform(-0.12, 0.12)))
    body = mix(a.hair.shade, mix(a.hair.base, a.hair.light, 0.30), tone)
    canvas.drawCircle(
        x,
        y,
        r,
        radial(
            (x, y),
            r,
            [ink(body), ink(body), ink(mix(body, a.hair.deep, 0.55), 0.9), ink(a.hair.deep, 0)],
            [0, 0.55, 0.86, 1],
        ),
    )
    turn = dice.uniform(150, 260)
    for share, light, alpha in ((0.78, True, 0.55), (0.60, False, 0.55), (0.44, True, 0.40), (0.24, False, 0.5)):
        spread = r * share
        canvas.drawArc(
            rect(x - spread, y - spread, 2 * spread, 2 * spread),
            turn + 90 * share,
            170,
            False,
            stroke(
                mix(a.hair.light, body, 0.35 * (1 - tone)) if light else a.hair.deep,
                r * 0.11,
                alpha * (0.45 + 0.55 * tone if light else 0.8),
            ),
        )


def inner_shadow(canvas: skia.Canvas, a: Anatomy, shape: skia.Path, top: float, low: float) -> None:
    """Hair behind the neck lies in the head's shadow."""
    t = a.temple
    canvas.save()
    canvas.clipPath(shape, True)
    canvas.drawRect(rect(-t, top, 2 * t, low - top), fill(a.hair.deep, 0.8, blur=20))
    canvas.restore()
