"""A city street: lit shops on both sides, a skyline at its end, lamps, a parked car, a post close by."""

from __future__ import annotations

import skia

from microdrama_assets.studios.draft.ink import WHITE, fill, glow, ink, linear, mix, path, rect, stroke
from microdrama_assets.studios.draft.sets.carpentry import SHADOW, board
from microdrama_assets.studios.draft.sets.lamps import street_lamp
from microdrama_assets.studios.draft.sets.outdoors import car_body, front, ground, mirror, snow_cap
from microdrama_assets.studios.draft.sets.stage import (
    HEIGHT,
    OVERSCAN,
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

HORIZON = 1010.0


def _draw_far(canvas: skia.Canvas, stage: Stage) -> None:
    draw_sky(canvas, stage, everything(), seed=151)
    draw_skyline(canvas, stage, rect(180, 420, 720, HORIZON - 420), seed=153, tall=0.95)
    glow(canvas, 540, HORIZON - 30, 420, mix(stage.lamp, WHITE, 0.2), 0.26 + 0.32 * stage.dark)
    draw_bokeh(canvas, stage, rect(330, 760, 420, 280), seed=155, count=30)
    ground(canvas, stage, HORIZON, (92, 94, 104))
    mirror(canvas, stage, 540, HORIZON, 200, HEIGHT - HORIZON, mix(stage.lamp, WHITE, 0.2), 0.10 + 0.28 * stage.dark)
    for i in range(6):  # a crossing
        x = 150 + i * 140
        canvas.drawPath(
            path(f"M {x} 1500 L {x + 76} 1500 L {x + 96 + (x - 500) * 0.25} 1660 L {x + (x - 500) * 0.25} 1660 Z"),
            fill(dim(stage, (226, 226, 220), 0.5), 0.42),
        )


def _draw_fronts(canvas: skia.Canvas, stage: Stage) -> None:
    front(canvas, stage, -1, mix(stage.accent, (140, 112, 100), 0.5), 161, HORIZON, shop=(255, 180, 120))
    front(canvas, stage, 1, mix(stage.base, (120, 112, 124), 0.55), 167, HORIZON, shop=(120, 210, 255))
    kerb = dim(stage, (150, 148, 150), 0.42)
    for side in (-1, 1):
        canvas.drawPath(
            path(
                f"M {540 + side * 150} {HORIZON + 10} L {540 + side * 190} {HORIZON + 10}"
                f" L {540 + side * 760} {HEIGHT + 60} L {540 + side * 560} {HEIGHT + 60} Z"
            ),
            linear((0, HORIZON), (0, HEIGHT), [ink(mix(kerb, stage.lamp, 0.2)), ink(mix(kerb, SHADOW, 0.4))]),
        )
    if stage.design.sign:
        colour = mix(stage.accent, (255, 70, 120), 0.6) if stage.design.lighting != "neon" else (64, 224, 255)
        canvas.drawRoundRect(rect(742, 470, 260, 120), 10, 10, fill((14, 10, 20), 0.85))
        draw_neon(canvas, stage, stage.design.sign, 872, 552, 220, 64, colour)
        glow(canvas, 872, 530, 300, colour, (0.12 + 0.22 * stage.dark) * ("sign" in stage.design.practicals))


def _draw_middle(canvas: skia.Canvas, stage: Stage) -> None:
    street_lamp(canvas, stage, 838, 690, 1270, -96)
    street_lamp(canvas, stage, 212, 340, 1480, 150)
    car_body(canvas, stage, 690, 1510, 350, mix(stage.accent, (150, 40, 46), 0.5))
    snow_cap(canvas, stage, 780, 1262, 170, 20)


def _draw_near(canvas: skia.Canvas, stage: Stage) -> None:
    iron = dim(stage, (50, 56, 66), 0.36)
    board(canvas, stage, -76, -OVERSCAN - 60, 84, HEIGHT + 2 * OVERSCAN + 120, iron, upright=True)
    board(canvas, stage, -100, 1560, 132, 600, mix(iron, SHADOW, 0.2), upright=True, corner=10)
    for x in (930,):
        board(canvas, stage, x, 1690, 96, 420, mix(iron, stage.lamp, 0.05), corner=40, upright=True)
        canvas.drawRect(rect(x, 1770, 96, 22), fill((230, 200, 90), 0.7))
        snow_cap(canvas, stage, x, 1692, 96, 30)
    canvas.drawLine(-20, 300, -20, 1500, stroke(stage.lamp, 4, 0.25))


SCENERY = Scenery(
    (
        Plane("far", 0.05, 0.26, _draw_far, outdoors=True),
        Plane("fronts", 0.20, 0.44, _draw_fronts, outdoors=True),
        Plane("middle", 0.36, 0.66, _draw_middle, outdoors=True),
        Plane("near", 0.95, 1.30, _draw_near, outdoors=True),
    ),
    candles=(150.0, 1500.0),
    lights_y=250.0,
    table=((98, 96, 100), 1.0),
)
