"""A park: trees in depth, a path with lamps, a bench, leaves hanging into the lens."""

from __future__ import annotations

import random

import skia

from microdrama_assets.studios.draft.ink import BLACK, fill, glow, ink, linear, mix, path, rect, stroke
from microdrama_assets.studios.draft.sets.carpentry import SHADOW, board, shadow_under
from microdrama_assets.studios.draft.sets.lamps import street_lamp
from microdrama_assets.studios.draft.sets.outdoors import ground, hedge, snow_cap, snowed, tree
from microdrama_assets.studios.draft.sets.stage import (
    HEIGHT,
    OVERSCAN,
    WIDTH,
    Plane,
    Scenery,
    Stage,
    dim,
    draw_sky,
    draw_skyline,
    everything,
    haze_of,
)

HORIZON = 1060.0


def _draw_far(canvas: skia.Canvas, stage: Stage) -> None:
    draw_sky(canvas, stage, everything(), seed=191)
    draw_skyline(canvas, stage, rect(-OVERSCAN, 700, WIDTH + 2 * OVERSCAN, 340), seed=193, tall=0.7)
    air, _ = haze_of(stage)
    dice = random.Random(195)
    far = mix(dim(stage, (74, 108, 88), 0.34), air, 0.55)
    for i in range(22):
        x, r = -OVERSCAN + i * 62, dice.uniform(60, 120)
        canvas.drawOval(rect(x - r, HORIZON - r * 1.7, 2 * r, r * 2.4), fill(far, blur=4))
    ground(canvas, stage, HORIZON, (86, 124, 76), wet=False)
    walk = snowed(stage, dim(stage, (176, 158, 132), 0.40), 0.5)
    canvas.drawPath(
        path(
            f"M 500 {HORIZON} C 470 1160 620 1260 520 1420 C 440 1560 240 1700 60 {HEIGHT + 120}"
            f" L 1040 {HEIGHT + 120} C 900 1700 700 1560 690 1420 C 690 1280 540 1170 540 {HORIZON} Z"
        ),
        linear((0, HORIZON), (0, HEIGHT), [ink(mix(walk, air, 0.4)), ink(walk), ink(mix(walk, SHADOW, 0.4))]),
    )


def _draw_trees(canvas: skia.Canvas, stage: Stage) -> None:
    hedge(canvas, stage, HORIZON - 40, 120, 197)
    hue = mix((70, 112, 66), stage.accent, 0.22)
    tree(canvas, stage, 870, HORIZON + 120, 820, 201, hue)
    tree(canvas, stage, 250, HORIZON + 60, 640, 203, mix(hue, (150, 130, 60), 0.25))


def _draw_middle(canvas: skia.Canvas, stage: Stage) -> None:
    street_lamp(canvas, stage, 800, 560, 1330, -90)
    tree(canvas, stage, -10, 1520, 1400, 207, mix((58, 100, 62), stage.accent, 0.18))
    wood = snowed(stage, dim(stage, mix((140, 92, 58), stage.accent, 0.2), 0.46), 0.35)
    shadow_under(canvas, 640, 1580, 520)
    for x in (700, 1060):
        board(canvas, stage, x, 1330, 26, 250, dim(stage, (50, 52, 58), 0.4), upright=True)
    for y in (1270, 1325, 1430, 1470):
        board(canvas, stage, 650, y, 560, 38, wood, corner=8)
    snow_cap(canvas, stage, 650, 1434, 560, 26)
    snow_cap(canvas, stage, 650, 1272, 560, 20)
    dice = random.Random(209)
    blade_of = snowed(stage, dim(stage, (96, 132, 78), 0.36), 0.6)
    for _ in range(150):
        x, y = dice.uniform(-OVERSCAN, WIDTH + OVERSCAN), dice.uniform(1560, 2000)
        if abs(x - 520) > 240 + (y - 1400) * 0.7:
            canvas.drawLine(x, y, x + dice.uniform(-9, 9), y - dice.uniform(18, 40), stroke(blade_of, 4, 0.7))


def _draw_near(canvas: skia.Canvas, stage: Stage) -> None:
    dice = random.Random(211)
    leaf = snowed(stage, dim(stage, mix((70, 112, 66), stage.accent, 0.2), 0.30), 0.4)
    canvas.drawPath(path(f"M {WIDTH + OVERSCAN + 60} 40 C 1000 60 860 40 700 120"), stroke(mix(leaf, BLACK, 0.6), 17))
    for _ in range(64):
        x = dice.uniform(640, WIDTH + OVERSCAN + 40)
        y = dice.uniform(-150, 200) - (WIDTH - x) * 0.06
        canvas.save()
        canvas.translate(x, y)
        canvas.rotate(dice.uniform(0, 360))
        canvas.drawOval(rect(-40, -15, 80, 30), fill(mix(leaf, stage.lamp if dice.random() < 0.2 else SHADOW, 0.25)))
        canvas.restore()
    for _ in range(90):
        x = dice.uniform(-OVERSCAN - 40, WIDTH + OVERSCAN + 40)
        high = dice.uniform(60, 190) * (0.4 + abs(x - 540) / 700)
        canvas.drawPath(
            path(
                f"M {x - 12} 2070 Q {x} {2000 - high} {x + dice.uniform(-70, 70):.1f} {1960 - high}"
                f" Q {x + 10} {2000 - high} {x + 12} 2070 Z"
            ),
            fill(mix(leaf, SHADOW, 0.3)),
        )
    glow(canvas, 900, 0, 420, stage.lamp, 0.08)


SCENERY = Scenery(
    (
        Plane("far", 0.05, 0.24, _draw_far, outdoors=True),
        Plane("trees", 0.20, 0.42, _draw_trees, outdoors=True),
        Plane("middle", 0.38, 0.66, _draw_middle, outdoors=True),
        Plane("near", 0.95, 1.30, _draw_near, outdoors=True),
    ),
    candles=(900.0, 1430.0),
    lights_y=420.0,
    table=((130, 88, 58), 0.8),
)
