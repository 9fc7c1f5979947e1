"""A back alley: a strip of sky, house walls running away, wet ground, pipes close to the lens."""

from __future__ import annotations

import random

import skia

from microdrama_assets.studios.draft.ink import fill, glow, ink, linear, mix, path, rect, stroke
from microdrama_assets.studios.draft.sets.stage import (
    HEIGHT,
    OVERSCAN,
    WIDTH,
    Plane,
    Scenery,
    Stage,
    dim,
    draw_bokeh,
    draw_neon,
    draw_sky,
    draw_skyline,
    everything,
)

HORIZON = 1060.0


def _draw_far(canvas: skia.Canvas, stage: Stage) -> None:
    draw_sky(canvas, stage, everything(), seed=4)
    draw_skyline(canvas, stage, rect(240, 420, 600, HORIZON - 410), seed=21, tall=0.95)
    haze = mix(stage.lamp, (255, 255, 255), 0.2)
    glow(canvas, 540, HORIZON - 60, 520, haze, 0.30 + 0.35 * stage.dark)
    draw_bokeh(canvas, stage, rect(330, 760, 420, 320), seed=8, count=26)
    ground = dim(stage, (112, 112, 126), 0.34)
    canvas.drawRect(
        rect(-OVERSCAN, HORIZON, WIDTH + 2 * OVERSCAN, HEIGHT),
        linear(
            (0, HORIZON),
            (0, HEIGHT),
            [ink(mix(ground, haze, 0.45)), ink(ground), ink(mix(ground, (4, 4, 12), 0.7))],
            [0, 0.25, 1],
        ),
    )
    # the street light's path on wet stones
    canvas.drawPath(
        path(f"M 470 {HORIZON} L 610 {HORIZON} L 860 {HEIGHT + 60} L 240 {HEIGHT + 60} Z"),
        linear((0, HORIZON), (0, HEIGHT), [ink(haze, 0.50), ink(haze, 0.06)], blur=26, blend=skia.BlendMode.kScreen),
    )
    dice = random.Random(12)
    for _ in range(60):
        y = HORIZON + 26 + 700 * dice.random() ** 1.6
        wide = 20 + (y - HORIZON) * 0.28
        x = dice.uniform(-60, WIDTH + 60)
        canvas.drawOval(
            rect(x, y, wide, 4 + wide * 0.07),
            fill(
                haze if dice.random() < 0.5 else (120, 190, 255),
                0.05 + 0.13 * stage.dark,
                blur=2,
                blend=skia.BlendMode.kScreen,
            ),
        )


def _wall(canvas: skia.Canvas, stage: Stage, side: int) -> None:
    """One wall in perspective; `side` -1 left, 1 right. Drawn for the left and mirrored."""
    canvas.save()
    canvas.translate(WIDTH / 2, 0)
    canvas.scale(-side, 1)
    brick = dim(
        stage, mix(stage.accent if side < 0 else mix(stage.accent, stage.base, 0.45), (120, 92, 86), 0.45), 0.42
    )
    near, end = -WIDTH / 2 - OVERSCAN - 80, -205.0
    shape = path(f"M {near} -{OVERSCAN + 400} L {end} 250 L {end} {HORIZON + 34} L {near} {HEIGHT + 40} Z")
    canvas.drawPath(
        shape,
        linear(
            (near, 0),
            (end, 0),
            [ink(mix(brick, (6, 4, 14), 0.62)), ink(brick), ink(mix(brick, stage.lamp, 0.30))],
            [0, 0.7, 1],
        ),
    )
    canvas.save()
    canvas.clipPath(shape, True)
    for i in range(46):  # courses of brick run to the vanishing point
        y = -900 + i * 76
        canvas.drawLine(near, y, end, HORIZON - 60 + (y - HORIZON + 60) * 0.42, stroke((0, 0, 0), 2.2, 0.26))
    dice = random.Random(30 + side)
    for _ in range(120):
        u = dice.random() ** 0.7
        x = end + (near - end) * u
        y = HORIZON - 60 + (dice.uniform(-800, 1800) - HORIZON) * (0.42 + 0.58 * u)
        canvas.drawRect(
            rect(x, y, 18 + 40 * u, 8 + 20 * u),
            fill(mix(brick, (255, 220, 190) if dice.random() < 0.4 else (0, 0, 0), 0.35), 0.22),
        )
    for u, y in ((0.16, 470), (0.16, 740), (0.52, 330), (0.52, 740)):
        x, k = end + (near - end) * u, 0.42 + 0.58 * u
        w, h = 96 * k + 30 * u, 210 * k
        yy = HORIZON - 60 + (y - HORIZON + 60) * k / 0.55
        lit = (
            stage.dark > 0.2
            and "windows" in stage.design.practicals
            and (u, y) in ((0.16, 740), (0.52, 330))
            and side < 0
        )
        canvas.drawRect(rect(x - w, yy, w, h), fill((12, 10, 18), 0.85))
        pane = mix(stage.lamp, (255, 240, 200), 0.3) if lit else dim(stage, (140, 170, 196), 0.3)
        canvas.drawRect(
            rect(x - w + 8, yy + 8, w - 16, h - 16),
            linear((x - w, yy), (x, yy + h), [ink(pane), ink(mix(pane, (30, 20, 50), 0.45))]),
        )
        canvas.drawLine(x - w / 2, yy + 6, x - w / 2, yy + h - 6, stroke((12, 10, 18), 6))
        canvas.drawLine(x - w + 6, yy + h * 0.45, x - 6, yy + h * 0.45, stroke((12, 10, 18), 6))
        if lit:
            glow(canvas, x - w / 2, yy + h / 2, 210 * k + 60, stage.lamp, 0.35)
    canvas.restore()
    canvas.drawLine(
        end, 250, end, HORIZON + 34, stroke(mix(stage.lamp, (255, 255, 255), 0.2), 5, 0.25 + 0.3 * stage.dark, blur=2)
    )
    canvas.restore()


def _draw_middle(canvas: skia.Canvas, stage: Stage) -> None:
    _wall(canvas, stage, -1)
    _wall(canvas, stage, 1)
    # fire escape on the left
    iron = dim(stage, (64, 60, 72), 0.4)
    for y, wide in ((520, 250), (830, 226)):
        canvas.drawPath(path(f"M -60 {y + 30} L {wide} {y} L {wide} {y + 16} L -60 {y + 50} Z"), fill(iron))
        for i in range(9):
            x = -50 + i * (wide + 50) / 8.5
            canvas.drawLine(x, y + 26 - i * 3, x, y - 74 + i * 1.5, stroke(iron, 5))
        canvas.drawLine(-60, y - 66, wide, y - 74, stroke(iron, 7))
    canvas.drawLine(150, 545, 226, 822, stroke(iron, 7))
    canvas.drawLine(112, 552, 188, 826, stroke(iron, 7))
    for i in range(8):
        canvas.drawLine(116 + i * 9.4, 562 + i * 33, 154 + i * 9.4, 556 + i * 33, stroke(iron, 5))
    # lamp over a door, sign
    glow(canvas, 900, 560, 420, stage.lamp, 0.75 * stage.shine())
    canvas.drawLine(1010, 470, 900, 480, stroke(iron, 9))
    canvas.drawPath(path("M 846 540 C 850 480 950 480 954 540 Z"), fill(iron))
    canvas.drawOval(
        rect(858, 528, 84, 26), fill(mix(stage.lamp, (255, 255, 255), 0.5), 0.3 + 0.7 * stage.shine(), blur=3)
    )
    if stage.design.sign:
        colour = (64, 224, 255) if stage.design.lighting == "neon" else mix(stage.accent, (255, 90, 120), 0.5)
        canvas.drawRoundRect(rect(700, 640, 300, 120), 12, 12, fill((14, 10, 20), 0.88))
        canvas.drawRoundRect(rect(708, 648, 284, 104), 9, 9, stroke(colour, 4, 0.9))
        draw_neon(canvas, stage, stage.design.sign, 850, 722, 250, 62, colour)
        glow(canvas, 850, 700, 300, colour, (0.16 + 0.24 * stage.dark) * ("sign" in stage.design.practicals))
    # crates and a bin against the right wall
    for x, y, w, h, hue in (
        (800, 1290, 210, 210, (58, 92, 84)),
        (930, 1180, 160, 130, (130, 92, 60)),
        (1000, 1400, 200, 190, (120, 84, 56)),
    ):
        body = dim(stage, hue, 0.42)
        canvas.drawRect(
            rect(x, y, w, h),
            linear(
                (x, y), (x + w, y + h), [ink(mix(body, stage.lamp, 0.22)), ink(body), ink(mix(body, (4, 2, 10), 0.6))]
            ),
        )
        canvas.drawRect(rect(x, y, w, 14), fill(mix(body, stage.lamp, 0.4), 0.8))
        for i in range(1, 4):
            canvas.drawLine(x, y + h * i / 4, x + w, y + h * i / 4, stroke((0, 0, 0), 4, 0.4))
        canvas.drawOval(rect(x - 26, y + h - 14, w + 40, 34), fill((0, 0, 0), 0.4, blur=9))


def _draw_near(canvas: skia.Canvas, stage: Stage) -> None:
    iron = dim(stage, (70, 66, 80), 0.35)
    for x, w in ((-120, 150), (36, 34)):
        canvas.drawRect(
            rect(x, -OVERSCAN - 60, w, HEIGHT + 2 * OVERSCAN + 120),
            linear(
                (x, 0),
                (x + w, 0),
                [ink(mix(iron, (0, 0, 0), 0.6)), ink(mix(iron, stage.lamp, 0.18)), ink(mix(iron, (0, 0, 0), 0.7))],
                [0, 0.72, 1],
            ),
        )
    for y in (330, 1010, 1540):
        canvas.drawRoundRect(rect(26, y, 54, 40), 8, 8, fill(mix(iron, (0, 0, 0), 0.35)))
    canvas.drawPath(
        path(
            f"M -{OVERSCAN + 60} 1800 C 200 1742 800 1754 {WIDTH + OVERSCAN + 60} 1792"
            f" L {WIDTH + OVERSCAN + 60} 2100 L -{OVERSCAN + 60} 2100 Z"
        ),
        linear((0, 1750), (0, 1960), [ink(mix(iron, stage.lamp, 0.12), 0.96), ink((6, 4, 10))], blur=5),
    )
    for x, y, w, h in ((330, 1836, 420, 46), (860, 1800, 240, 30)):
        canvas.drawOval(
            rect(x, y, w, h), linear((x, 0), (x + w, 0), [ink(stage.lamp, 0.35), ink((110, 200, 255), 0.30)], blur=4)
        )


SCENERY = Scenery(
    (
        Plane("far", 0.05, 0.30, _draw_far, outdoors=True),
        Plane("middle", 0.35, 0.66, _draw_middle, outdoors=True),
        Plane("near", 0.95, 1.30, _draw_near, outdoors=True),
    ),
    candles=(860.0, 1290.0),
    lights_y=300.0,
    table=((84, 84, 96), 1.0),
)
