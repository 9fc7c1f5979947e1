"""A cafe: street behind a big window, shelves and lamps, a counter with a cup in front."""

from __future__ import annotations

import random

import skia

from microdrama_assets.studios.draft.ink import blade, fill, glow, ink, linear, mix, path, radial, rect, stroke
from microdrama_assets.studios.draft.sets.stage import (
    HEIGHT,
    OVERSCAN,
    WIDTH,
    Plane,
    Scenery,
    Stage,
    dim,
    draw_bokeh,
    draw_ceiling_shade,
    draw_neon,
    draw_pendant,
    draw_sky,
    draw_skyline,
    everything,
)

WINDOW = (96.0, 250.0, 700.0, 830.0)


def _draw_far(canvas: skia.Canvas, stage: Stage) -> None:
    x, y, w, h = WINDOW
    street = rect(x - 180, y - 150, w + 360, h + 220)
    draw_sky(canvas, stage, everything())
    draw_skyline(canvas, stage, street, seed=5, tall=0.62)
    draw_bokeh(canvas, stage, street, seed=3)


def _draw_wall(canvas: skia.Canvas, stage: Stage) -> None:
    wall = dim(stage, mix(stage.base, stage.accent, 0.42), 0.62)
    canvas.drawRect(
        everything(),
        linear(
            (0, 0), (WIDTH, HEIGHT), [ink(mix(wall, stage.lamp, 0.16)), ink(wall), ink(mix(wall, (10, 6, 16), 0.45))]
        ),
    )
    x, y, w, h = WINDOW
    canvas.drawRect(rect(x, y, w, h), skia.Paint(BlendMode=skia.BlendMode.kClear))
    canvas.drawPath(
        path(f"M {x + 60} {y} L {x + 230} {y} L {x + 20} {y + h} L {x} {y + h} L {x} {y + 330} Z"),
        fill((255, 255, 255), 0.05),
    )
    if stage.design.sign:
        draw_neon(
            canvas, stage, stage.design.sign, x + w / 2, y + 210, w * 0.72, 118, mix(stage.accent, (255, 70, 130), 0.55)
        )
    wood = dim(stage, mix(stage.accent, (70, 38, 26), 0.6), 0.6)
    for bar in (x - 16, x + w * 0.5 - 9, x + w - 4):
        canvas.drawRect(
            rect(bar, y - 16, 20, h + 32),
            linear(
                (bar, 0),
                (bar + 20, 0),
                [ink(mix(wood, (0, 0, 0), 0.5)), ink(mix(wood, stage.lamp, 0.2)), ink(mix(wood, (0, 0, 0), 0.6))],
            ),
        )
    for bar in (y - 18, y + h * 0.36, y + h):
        canvas.drawRect(
            rect(x - 16, bar, w + 32, 20),
            linear((0, bar), (0, bar + 20), [ink(mix(wood, stage.lamp, 0.25)), ink(mix(wood, (0, 0, 0), 0.6))]),
        )
    # wainscot under the window
    canvas.drawRect(
        rect(-OVERSCAN, 1130, WIDTH + 2 * OVERSCAN, 900),
        linear((0, 1130), (0, 1700), [ink(mix(wood, (0, 0, 0), 0.15)), ink(mix(wood, (8, 4, 12), 0.65))]),
    )
    for i in range(9):
        canvas.drawLine(-90 + i * 152, 1140, -90 + i * 152, HEIGHT, stroke((0, 0, 0), 5, 0.35))
    canvas.drawLine(-OVERSCAN, 1130, WIDTH + OVERSCAN, 1130, stroke(mix(wood, stage.lamp, 0.5), 5, 0.7))
    glow(canvas, WIDTH * 0.9, 620, 620, stage.lamp, 0.10 + 0.22 * stage.dark)
    draw_ceiling_shade(canvas, strength=0.45 + 0.2 * stage.dark)


def _draw_shelf(canvas: skia.Canvas, stage: Stage, x: float, y: float, width: float, seed: int) -> None:
    dice = random.Random(seed)
    wood = dim(stage, mix(stage.accent, (80, 44, 30), 0.5), 0.6)
    at = x + 14
    while at < x + width - 34:
        kind, high, wide = dice.random(), dice.uniform(52, 118), dice.uniform(26, 44)
        hue = dim(
            stage,
            mix(
                dice.choice([(190, 210, 200), (220, 180, 120), (150, 90, 70), (240, 232, 220), (100, 130, 120)]),
                stage.accent,
                0.2,
            ),
            0.6,
        )
        if kind < 0.45:
            body = (
                f"M {at} {y} L {at} {y - high * 0.6}"
                f" C {at} {y - high * 0.75} {at + wide * 0.32} {y - high * 0.72} {at + wide * 0.34} {y - high}"
                f" L {at + wide * 0.66} {y - high}"
                f" C {at + wide * 0.68} {y - high * 0.72} {at + wide} {y - high * 0.75} {at + wide} {y - high * 0.6}"
                f" L {at + wide} {y} Z"
            )
        else:
            high *= 0.55
            body = f"M {at} {y - high} L {at + wide} {y - high} L {at + wide * 0.88} {y} L {at + wide * 0.12} {y} Z"
        canvas.drawPath(
            path(body),
            linear(
                (at, 0),
                (at + wide, 0),
                [ink(mix(hue, stage.lamp, 0.35)), ink(hue), ink(mix(hue, (0, 0, 0), 0.55))],
                [0, 0.3, 1],
            ),
        )
        canvas.drawLine(
            at + wide * 0.24, y - high * 0.5, at + wide * 0.24, y - 8, stroke((255, 255, 255), 3, 0.35, blur=1)
        )
        at += wide + dice.uniform(6, 22)
    canvas.drawRect(
        rect(x, y, width, 20),
        linear((0, y), (0, y + 20), [ink(mix(wood, stage.lamp, 0.4)), ink(mix(wood, (0, 0, 0), 0.5))]),
    )
    canvas.drawRect(
        rect(x, y + 20, width, 46), linear((0, y + 20), (0, y + 66), [ink((0, 0, 0), 0.40), ink((0, 0, 0), 0)])
    )


def _draw_middle(canvas: skia.Canvas, stage: Stage) -> None:
    for y, seed in ((430, 1), (640, 2), (850, 3)):
        _draw_shelf(canvas, stage, 838, y, 360, seed)
    # back counter with an espresso machine
    steel = dim(stage, (176, 180, 190), 0.55)
    canvas.drawRect(
        rect(700, 1010, 330, 190),
        linear(
            (700, 0),
            (1030, 0),
            [ink(mix(steel, (255, 255, 255), 0.35)), ink(steel), ink(mix(steel, (0, 0, 0), 0.5))],
            [0, 0.4, 1],
        ),
    )
    canvas.drawRect(
        rect(690, 985, 350, 40),
        linear((0, 985), (0, 1025), [ink(mix(steel, (255, 255, 255), 0.5)), ink(mix(steel, (0, 0, 0), 0.4))]),
    )
    canvas.drawRect(rect(730, 1120, 270, 80), fill((18, 14, 22), 0.85))
    for x in (780, 900):
        canvas.drawRect(rect(x, 1080, 56, 26), fill(mix(steel, (0, 0, 0), 0.5)))
        canvas.drawPath(
            path(f"M {x + 8} 1160 L {x + 48} 1160 L {x + 42} 1196 L {x + 14} 1196 Z"), fill((240, 232, 222), 0.9)
        )
    canvas.drawCircle(1000, 1060, 15, fill((255, 120, 70), 0.9, blur=3))
    wood = dim(stage, mix(stage.accent, (60, 32, 22), 0.65), 0.6)
    canvas.drawRect(
        rect(560, 1198, 700, 640), linear((0, 1198), (0, 1600), [ink(wood), ink(mix(wood, (6, 4, 10), 0.7))])
    )
    canvas.drawRect(
        rect(545, 1190, 720, 26),
        linear((0, 1190), (0, 1216), [ink(mix(wood, stage.lamp, 0.55)), ink(mix(wood, (0, 0, 0), 0.3))]),
    )
    # a plant by the window
    leaf = dim(stage, (70, 120, 78), 0.5)
    for i in range(13):
        lean = (i - 6) * 24
        canvas.drawPath(
            blade(
                (52, 1150),
                (52 + lean * 0.6, 990 - (i % 3) * 30),
                (52 + lean * 1.5, 930 + abs(lean) * 0.9 - (i % 4) * 38),
                40,
            ),
            linear((52, 1150), (52 + lean, 900), [ink(mix(leaf, (0, 0, 0), 0.5)), ink(mix(leaf, stage.lamp, 0.2))]),
        )
    canvas.drawPath(
        path("M -20 1140 L 124 1140 L 104 1300 L 0 1300 Z"),
        linear(
            (-20, 0),
            (124, 0),
            [ink(mix(stage.accent, (255, 220, 180), 0.15)), ink(mix(stage.accent, (10, 4, 10), 0.6))],
        ),
    )
    for x, y, size in ((236, 318, 70), (866, 262, 62)):
        draw_pendant(canvas, stage, x, y, size)


def _draw_near(canvas: skia.Canvas, stage: Stage) -> None:
    wood = dim(stage, mix(stage.accent, (70, 36, 22), 0.5), 0.55)
    top = 1676
    canvas.drawRect(
        rect(-OVERSCAN - 60, top, WIDTH + 2 * OVERSCAN + 120, 460),
        linear(
            (0, top),
            (0, top + 330),
            [ink(mix(wood, stage.lamp, 0.22)), ink(wood), ink(mix(wood, (6, 2, 8), 0.8))],
            [0, 0.15, 1],
        ),
    )
    canvas.drawRect(
        rect(-OVERSCAN - 60, top, WIDTH + 2 * OVERSCAN + 120, 9),
        fill(mix(stage.lamp, (255, 255, 255), 0.3), 0.75, blur=2.5),
    )
    canvas.drawOval(rect(690, top + 42, 300, 60), fill((0, 0, 0), 0.45, blur=16))
    canvas.drawOval(
        rect(700, top + 18, 280, 62), linear((700, 0), (980, 0), [ink((246, 238, 228)), ink((150, 134, 130))])
    )
    canvas.drawPath(
        path(
            f"M 744 {top - 118} C 748 {top + 14} 770 {top + 46} 838 {top + 46}"
            f" C 906 {top + 46} 928 {top + 14} 932 {top - 118} Z"
        ),
        linear((744, 0), (932, 0), [ink((196, 182, 170)), ink((255, 248, 238)), ink((140, 124, 118))], [0, 0.35, 1]),
    )
    canvas.drawPath(
        path(f"M 926 {top - 84} C 1000 {top - 96} 996 {top + 6} 908 {top + 2}"), stroke((214, 200, 190), 17)
    )
    canvas.drawOval(rect(744, top - 138, 188, 42), fill((240, 230, 220)))
    canvas.drawOval(
        rect(757, top - 132, 162, 30), radial((820, top - 118), 90, [ink((120, 66, 38)), ink((46, 22, 14))])
    )
    for i in range(3):
        x = 790 + i * 46
        canvas.drawPath(
            path(f"M {x} {top - 150} C {x - 44} {top - 220} {x + 44} {top - 280} {x - 8} {top - 360}"),
            stroke((255, 255, 255), 18, 0.13, blur=13),
        )


SCENERY = Scenery(
    (
        Plane("far", 0.05, 0.28, _draw_far, outdoors=True),
        Plane("wall", 0.20, 0.40, _draw_wall),
        Plane("middle", 0.36, 0.62, _draw_middle),
        Plane("near", 0.95, 1.28, _draw_near, top=1240),
    ),
    candles=(640.0, 1198.0),
    table=((70, 36, 22), 0.5),
)
