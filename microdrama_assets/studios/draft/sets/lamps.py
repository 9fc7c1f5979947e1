"""Practical lights: lamps that stand in the set and are seen to shine. Each can be switched off in the set's card."""

from __future__ import annotations

import math
import random

import skia

from microdrama_assets.studios.draft.ink import BLACK, WHITE, Colour, fill, glow, ink, linear, mix, path, rect, stroke
from microdrama_assets.studios.draft.sets.stage import OVERSCAN, WIDTH, Stage, dim


def cone(
    canvas: skia.Canvas, stage: Stage, x: float, y: float, half: float, length: float, spread: float, strength: float
) -> None:
    """Light falling from a shade `half` wide at its rim."""
    canvas.drawPath(
        path(
            f"M {x - half} {y} L {x + half} {y} L {x + half + spread} {y + length} L {x - half - spread} {y + length} Z"
        ),
        linear(
            (x, y),
            (x, y + length),
            [ink(stage.lamp, strength), ink(stage.lamp, 0)],
            blur=max(half * 0.3, 8),
            blend=skia.BlendMode.kScreen,
        ),
    )


def table_lamp(canvas: skia.Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A shaded lamp whose foot stands at (x, y)."""
    shine = stage.shine()
    brass = dim(stage, (150, 116, 70), 0.6)
    canvas.drawLine(x, y, x, y - size * 1.3, stroke(brass, size * 0.10))
    canvas.drawOval(rect(x - size * 0.42, y - size * 0.12, size * 0.84, size * 0.2), fill(brass))
    shade = mix(stage.lamp, (130, 90, 60), 0.4)
    canvas.drawPath(
        path(
            f"M {x - size * 0.74} {y - size * 1.1} L {x - size * 0.44} {y - size * 2.1} L {x + size * 0.44}"
            f" {y - size * 2.1} L {x + size * 0.74} {y - size * 1.1} Z"
        ),
        linear(
            (x - size * 0.7, 0),
            (x + size * 0.7, 0),
            [ink(mix(shade, BLACK, 0.35)), ink(mix(shade, WHITE, 0.55 * shine)), ink(mix(shade, BLACK, 0.45))],
            [0, 0.42, 1],
        ),
    )
    if shine:
        glow(canvas, x, y - size * 1.5, size * 4.6, stage.lamp, 0.55 * shine)
        cone(canvas, stage, x, y - size * 1.1, size * 0.74, size * 2.4, size * 0.9, 0.24 * shine)


def sconce(canvas: skia.Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A wall lamp throwing light up and down."""
    shine = stage.shine()
    if shine:
        glow(canvas, x, y, size * 5.5, stage.lamp, 0.42 * shine)
        for way in (-1, 1):
            canvas.drawPath(
                path(
                    f"M {x - size * 0.4} {y} L {x + size * 0.4} {y} L {x + size * 1.5} {y + way * size * 4.4}"
                    f" L {x - size * 1.5} {y + way * size * 4.4} Z"
                ),
                linear(
                    (x, y),
                    (x, y + way * size * 4.4),
                    [ink(stage.lamp, 0.34 * shine), ink(stage.lamp, 0)],
                    blur=size * 0.3,
                    blend=skia.BlendMode.kScreen,
                ),
            )
    shade = mix(stage.lamp, (140, 110, 80), 0.4)
    canvas.drawRoundRect(
        rect(x - size * 0.42, y - size * 0.8, size * 0.84, size * 1.6),
        size * 0.2,
        size * 0.2,
        linear(
            (x - size * 0.4, 0),
            (x + size * 0.4, 0),
            [ink(mix(shade, BLACK, 0.3)), ink(mix(shade, WHITE, 0.7 * shine)), ink(mix(shade, BLACK, 0.4))],
            [0, 0.45, 1],
        ),
    )


def ceiling_panel(canvas: skia.Canvas, stage: Stage, x: float, y: float, w: float, h: float, cool: float = 0.5) -> None:
    """An office's square of light in the ceiling, seen from below."""
    shine = stage.shine()
    light = mix(stage.lamp, (232, 244, 255), cool)
    inset = w * 0.08
    shape = path(f"M {x + inset} {y} L {x + w - inset} {y} L {x + w} {y + h} L {x} {y + h} Z")
    canvas.drawPath(shape, fill(mix(dim(stage, (150, 156, 160)), light, min(1.0, 0.35 + shine) if shine else 0.05)))
    if shine:
        canvas.drawPath(shape, fill(light, 0.8 * shine, blur=24, blend=skia.BlendMode.kScreen))
        glow(canvas, x + w / 2, y + h / 2, w * 1.5, light, 0.30 * shine)


def street_lamp(canvas: skia.Canvas, stage: Stage, x: float, top: float, foot: float, arm: float) -> None:
    """A lamp post; `arm` is how far its head reaches sideways."""
    iron = dim(stage, (54, 56, 66), 0.4)
    shine = stage.shine()
    canvas.drawLine(x, foot, x, top, stroke(iron, 15))
    canvas.drawLine(x - 2, foot, x - 2, top, stroke(mix(iron, stage.lamp, 0.35), 4))
    canvas.drawPath(
        path(f"M {x} {top + 4} C {x} {top - 70} {x + arm * 0.6} {top - 74} {x + arm} {top - 40}"), stroke(iron, 11)
    )
    head_x, head_y = x + arm, top - 34
    if shine:
        cone(canvas, stage, head_x, head_y + 20, 34, min(foot - top, 900) * 0.9, 190, 0.20 * shine)
        glow(canvas, head_x, head_y + 14, 330, stage.lamp, 0.62 * shine)
    canvas.drawPath(
        path(
            f"M {head_x - 46} {head_y + 12} C {head_x - 40} {head_y - 30} {head_x + 40} {head_y - 30}"
            f" {head_x + 46} {head_y + 12} Z"
        ),
        fill(iron),
    )
    canvas.drawOval(rect(head_x - 36, head_y + 2, 72, 22), fill(mix(stage.lamp, WHITE, 0.5), 0.35 + 0.65 * shine))


def candles(canvas: skia.Canvas, stage: Stage, x: float, y: float) -> None:
    """Three candles on a dish at (x, y); they burn at any hour."""
    canvas.drawOval(rect(x - 96, y - 16, 192, 40), fill(dim(stage, (120, 90, 60), 0.6)))
    flame: Colour = (255, 208, 120)
    glow(canvas, x, y - 130, 420, flame, 0.34 + 0.26 * stage.dark)
    for dx, high in ((-46, 84), (0, 132), (44, 62)):
        cx = x + dx
        canvas.drawRoundRect(
            rect(cx - 17, y - high, 34, high),
            6,
            6,
            linear(
                (cx - 17, 0),
                (cx + 17, 0),
                [ink((196, 170, 140)), ink((255, 240, 214)), ink((150, 124, 110))],
                [0, 0.45, 1],
            ),
        )
        canvas.drawPath(
            path(
                f"M {cx} {y - high - 58} C {cx + 22} {y - high - 20} {cx + 15} {y - high - 4} {cx}"
                f" {y - high - 4} C {cx - 15} {y - high - 4} {cx - 20} {y - high - 22} {cx}"
                f" {y - high - 58} Z"
            ),
            fill((255, 236, 170), 0.98, blur=2),
        )
        glow(canvas, cx, y - high - 26, 96, flame, 0.9)


def string_lights(canvas: skia.Canvas, stage: Stage, y: float) -> None:
    """Bulbs on a slack cable, from side to side."""
    dice = random.Random(41)
    for first, last, sag in ((-OVERSCAN - 40, WIDTH * 0.52, 120), (WIDTH * 0.52, WIDTH + OVERSCAN + 40, 150)):
        rise = -40 if first < 0 else 40
        canvas.drawPath(
            path(f"M {first} {y + rise} Q {(first + last) / 2} {y + sag * 2} {last} {y - rise}"),
            stroke((20, 16, 22), 4, 0.9),
        )
        for i in range(1, 10):
            t = i / 10
            bx = first + (last - first) * t
            by = (1 - t) ** 2 * (y + rise) + 2 * t * (1 - t) * (y + sag * 2) + t * t * (y - rise)
            warm = mix(stage.lamp, dice.choice([(255, 190, 110), (255, 232, 190)]), 0.5)
            canvas.drawLine(bx, by, bx, by + 16, stroke((20, 16, 22), 4))
            canvas.drawCircle(bx, by + 28, 13, fill(mix(warm, WHITE, 0.55)))
            glow(canvas, bx, by + 28, 80 + 40 * stage.dark, warm, 0.5 + 0.35 * stage.dark)


def monitor(canvas: skia.Canvas, stage: Stage, x: float, y: float, w: float, h: float, colour: Colour) -> None:
    """A screen with lines of light on it, seen from the front."""
    canvas.drawRoundRect(rect(x - 12, y - 12, w + 24, h + 24), 12, 12, fill((16, 16, 22)))
    canvas.drawRect(
        rect(x, y, w, h),
        linear(
            (x, y), (x + w, y + h), [ink(mix(colour, WHITE, 0.28)), ink(colour), ink(mix(colour, (6, 10, 30), 0.5))]
        ),
    )
    dice = random.Random(round(x + y))
    for i in range(int(h // 26) - 1):
        canvas.drawLine(
            x + 18, y + 24 + i * 26, x + 18 + (w - 40) * dice.uniform(0.3, 1.0), y + 24 + i * 26, stroke(WHITE, 7, 0.34)
        )
    glow(canvas, x + w / 2, y + h / 2, w * 1.2, colour, 0.20 + 0.30 * stage.dark)


def pulse(canvas: skia.Canvas, x: float, y: float, w: float, high: float, colour: Colour) -> None:
    """A heart's trace, the same beat twice."""
    points = []
    for i in range(121):
        t = (i / 60) % 1.0
        beat = 1.3 * math.exp(-(((t - 0.42) / 0.022) ** 2)) - 0.5 * math.exp(-(((t - 0.48) / 0.026) ** 2))
        wave = 0.22 * math.exp(-(((t - 0.26) / 0.05) ** 2)) + 0.28 * math.exp(-(((t - 0.72) / 0.07) ** 2))
        points.append((x + w * i / 120, y - high * (beat + wave)))
    line = "M " + " L ".join(f"{px:.1f} {py:.1f}" for px, py in points)
    canvas.drawPath(path(line), stroke(colour, 11, 0.5, blur=5))
    canvas.drawPath(path(line), stroke(mix(colour, WHITE, 0.4), 4.5))
