"""A roof over the city: towers to the horizon, a parapet, a water tank, a vent's shadow close by."""

from __future__ import annotations

import random

import skia

from microdrama_assets.studios.draft.ink import BLACK, WHITE, fill, glow, ink, linear, mix, path, rect, stroke
from microdrama_assets.studios.draft.sets.carpentry import SHADOW, board, shadow_under
from microdrama_assets.studios.draft.sets.outdoors import ground, snow_cap, snowed
from microdrama_assets.studios.draft.sets.stage import (
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
    haze_of,
)

EDGE = 1210.0
"""Where the parapet's top lies."""


def _draw_far(canvas: skia.Canvas, stage: Stage) -> None:
    draw_sky(canvas, stage, everything(), seed=171)
    air, _ = haze_of(stage)
    draw_skyline(canvas, stage, rect(-OVERSCAN, 640, WIDTH + 2 * OVERSCAN, 420), seed=172, tall=0.9)
    canvas.drawRect(
        rect(-OVERSCAN, 900, WIDTH + 2 * OVERSCAN, 400),
        linear((0, 900), (0, 1240), [ink(air, 0.0), ink(mix(air, stage.lamp, 0.25), 0.75)]),
    )
    glow(canvas, 620, 1120, 700, mix(stage.lamp, (255, 180, 120), 0.3), 0.16 + 0.24 * stage.dark)


def _draw_city(canvas: skia.Canvas, stage: Stage) -> None:
    """The nearer towers, their windows lit one by one."""
    dice = random.Random(175)
    for x, w, top in ((-130, 250, 560), (60, 150, 790), (160, 120, 900), (760, 180, 700), (900, 300, 470)):
        tone = dim(stage, mix((76, 82, 108), stage.base, 0.35), 0.30)
        canvas.drawRect(
            rect(x, top, w, 900),
            linear((x, 0), (x + w, 0), [ink(mix(tone, stage.lamp, 0.12)), ink(tone), ink(mix(tone, SHADOW, 0.35))]),
        )
        snow_cap(canvas, stage, x, top, w, 18)
        for wy in range(int((EDGE - top) // 52)):
            for wx in range(int((w - 16) // 36)):
                lit = dice.random() < 0.10 + 0.42 * stage.dark and "windows" in stage.design.practicals
                pane = (
                    mix(stage.lamp, (255, 246, 224), dice.random() * 0.6) if lit else mix(tone, (150, 176, 210), 0.22)
                )
                canvas.drawRect(rect(x + 14 + wx * 36, top + 22 + wy * 52, 20, 30), fill(pane, 0.92 if lit else 0.7))
    draw_bokeh(canvas, stage, rect(100, 980, 880, 250), seed=177, count=30)
    if stage.design.sign:
        colour = mix(stage.accent, (255, 60, 110), 0.6)
        for x in (830, 950):
            canvas.drawLine(x, 720, x, 610, stroke((20, 18, 26), 9))
        draw_neon(canvas, stage, stage.design.sign, 852, 640, 214, 66, colour)
        glow(canvas, 852, 620, 280, colour, (0.10 + 0.22 * stage.dark) * ("sign" in stage.design.practicals))


def _draw_middle(canvas: skia.Canvas, stage: Stage) -> None:
    stone = dim(stage, mix((150, 142, 138), stage.base, 0.3), 0.38)
    ground(canvas, stage, EDGE + 230, (120, 116, 118))
    board(canvas, stage, -OVERSCAN, EDGE + 30, WIDTH + 2 * OVERSCAN, 230, mix(stone, SHADOW, 0.25))
    for i in range(9):
        canvas.drawLine(-60 + i * 150, EDGE + 50, -60 + i * 150, EDGE + 255, stroke(BLACK, 4, 0.25))
    board(canvas, stage, -OVERSCAN, EDGE, WIDTH + 2 * OVERSCAN, 44, snowed(stage, stone))
    # the water tank
    wood = dim(stage, mix((122, 84, 62), stage.accent, 0.25), 0.40)
    for x in (36, 150, 260):
        canvas.drawLine(x, 980, x - 6 if x < 100 else x + 6, 1470, stroke(mix(wood, SHADOW, 0.5), 17))
    canvas.drawLine(30, 1380, 268, 1080, stroke(mix(wood, SHADOW, 0.5), 9))
    board(canvas, stage, 0, 640, 300, 360, wood, upright=True, corner=14)
    for i in range(1, 10):
        canvas.drawLine(i * 30, 644, i * 30, 998, stroke(BLACK, 3, 0.28))
    for y in (700, 800, 920):
        canvas.drawLine(2, y, 298, y, stroke(mix(wood, SHADOW, 0.6), 8))
    canvas.drawPath(
        path("M -20 646 L 150 520 L 320 646 Z"),
        linear((0, 520), (320, 646), [ink(mix(snowed(stage, wood), stage.lamp, 0.3)), ink(mix(wood, SHADOW, 0.5))]),
    )
    # a lamp over the stair door, and an air handler
    board(canvas, stage, 850, 1330, 300, 210, dim(stage, (136, 142, 150), 0.4), corner=8)
    shadow_under(canvas, 840, 1546, 330)
    for i in range(6):
        canvas.drawLine(880 + i * 42, 1360, 880 + i * 42, 1500, stroke(SHADOW, 11, 0.55))
    snow_cap(canvas, stage, 850, 1332, 300, 24)
    canvas.drawLine(1010, 1330, 1010, 840, stroke(dim(stage, (90, 94, 104), 0.4), 9))
    for y, w in ((860, 120), (930, 90), (1000, 60)):
        canvas.drawLine(1010 - w / 2, y, 1010 + w / 2, y, stroke(dim(stage, (90, 94, 104), 0.4), 6))
    glow(canvas, 1010, 838, 60, (255, 60, 60), 0.9 * stage.dark)


def _draw_near(canvas: skia.Canvas, stage: Stage) -> None:
    steel = dim(stage, (110, 114, 124), 0.36)
    board(canvas, stage, -OVERSCAN - 60, 1760, WIDTH + 2 * OVERSCAN + 120, 90, steel, corner=40)
    for x in (120, 900):
        board(canvas, stage, x, 1735, 60, 360, mix(steel, SHADOW, 0.2), corner=10, upright=True)
    snow_cap(canvas, stage, -OVERSCAN - 60, 1766, WIDTH + 2 * OVERSCAN + 120, 30)
    canvas.drawLine(-OVERSCAN, 1778, WIDTH + OVERSCAN, 1778, stroke(mix(stage.lamp, WHITE, 0.3), 7, 0.30, blur=3))


SCENERY = Scenery(
    (
        Plane("far", 0.05, 0.20, _draw_far, outdoors=True),
        Plane("city", 0.16, 0.36, _draw_city, outdoors=True),
        Plane("middle", 0.38, 0.66, _draw_middle, outdoors=True),
        Plane("near", 0.95, 1.30, _draw_near, outdoors=True, top=1660),
    ),
    candles=(640.0, 1210.0),
    lights_y=430.0,
    table=((110, 104, 104), 1.0),
)
