"""A courtroom: tall windows, panelled walls, the judge's bench under a seal, the rail of the gallery close by."""

from __future__ import annotations

import math

import skia

from microdrama_assets.studios.draft.ink import WHITE, fill, glow, ink, linear, mix, path, rect, stroke
from microdrama_assets.studios.draft.sets.carpentry import (
    SHADOW,
    board,
    curtain,
    floor,
    panelling,
    wall,
    window,
    window_light,
)
from microdrama_assets.studios.draft.sets.lamps import sconce, table_lamp
from microdrama_assets.studios.draft.sets.stage import (
    OVERSCAN,
    WIDTH,
    Plane,
    Scenery,
    Stage,
    dim,
    draw_ceiling_shade,
    draw_neon,
    draw_sky,
    draw_skyline,
    everything,
)

WINDOWS = ((40.0, 200.0, 210.0, 560.0), (830.0, 200.0, 210.0, 560.0))


def _draw_far(canvas: skia.Canvas, stage: Stage) -> None:
    draw_sky(canvas, stage, everything(), seed=111)
    draw_skyline(canvas, stage, rect(-110, 520, 1300, 300), seed=112, tall=0.8)


def _draw_wall(canvas: skia.Canvas, stage: Stage) -> None:
    wall(canvas, stage, mix((206, 192, 168), stage.base, 0.20), 1360)
    for x, y, w, h in WINDOWS:
        window(canvas, stage, x, y, w, h, (150, 120, 90), columns=2, rows=3)
        curtain(canvas, stage, x - 50, y - 30, 66, h + 90, mix(stage.accent, (150, 40, 50), 0.5))
        curtain(canvas, stage, x + w - 16, y - 30, 66, h + 90, mix(stage.accent, (150, 40, 50), 0.5))
        window_light(canvas, stage, x + 20, y + 30, w - 40, h, 190 if x < 500 else -190)
    wood = mix(stage.accent, (104, 66, 42), 0.65)
    panelling(canvas, stage, -OVERSCAN, 880, WIDTH + 2 * OVERSCAN, 480, wood, 9)
    for x in (316, 690):
        board(canvas, stage, x, 120, 74, 1240, dim(stage, wood, 0.5), upright=True)
        sconce(canvas, stage, x + 37, 560, 46)
    # the seal
    gold = mix(dim(stage, (214, 172, 92), 0.55), stage.lamp, 0.2)
    glow(canvas, 540, 420, 330, stage.lamp, 0.22 * stage.shine())
    canvas.drawCircle(
        540, 420, 112, linear((440, 320), (640, 520), [ink(mix(gold, WHITE, 0.35)), ink(mix(gold, SHADOW, 0.4))])
    )
    canvas.drawCircle(540, 420, 88, stroke(mix(gold, SHADOW, 0.5), 6))
    for i in range(24):
        a = i * math.tau / 24
        canvas.drawLine(
            540 + 94 * math.cos(a),
            420 + 94 * math.sin(a),
            540 + 106 * math.cos(a),
            420 + 106 * math.sin(a),
            stroke(mix(gold, SHADOW, 0.5), 5),
        )
    canvas.drawPath(
        path("M 540 360 L 540 480 M 480 386 L 600 386 M 508 482 L 572 482"), stroke(mix(gold, SHADOW, 0.6), 9)
    )
    for x in (480, 600):
        canvas.drawPath(path(f"M {x} 386 L {x - 26} 440 Q {x} 468 {x + 26} 440 Z"), fill(mix(gold, SHADOW, 0.6)))
    if stage.design.sign:
        draw_neon(canvas, stage, stage.design.sign, 540, 610, 300, 52, gold)
    floor(canvas, stage, 1360, mix((120, 96, 80), stage.base, 0.3))
    draw_ceiling_shade(canvas, strength=0.36 + 0.28 * stage.dark)


def _draw_middle(canvas: skia.Canvas, stage: Stage) -> None:
    wood = mix(stage.accent, (92, 54, 34), 0.66)
    tone = dim(stage, wood, 0.52)
    board(canvas, stage, 440, 760, 200, 240, dim(stage, (90, 34, 36), 0.5), corner=50)
    panelling(canvas, stage, 150, 1010, 780, 330, wood, 6)
    board(canvas, stage, 110, 970, 860, 48, mix(tone, stage.lamp, 0.12), gloss=0.4)
    table_lamp(canvas, stage, 250, 970, 72)
    board(canvas, stage, 740, 944, 120, 20, dim(stage, (110, 60, 40), 0.55), corner=9)
    board(canvas, stage, 776, 918, 52, 56, dim(stage, (130, 76, 46), 0.55), corner=8, upright=True)
    panelling(canvas, stage, -OVERSCAN, 1240, 420, 420, wood, 3)
    panelling(canvas, stage, 760, 1240, 440, 420, wood, 3)
    for x, w in ((-OVERSCAN, 430), (750, 460)):
        board(canvas, stage, x, 1206, w, 42, mix(tone, stage.lamp, 0.10), gloss=0.4)
    for x, hue in ((70, (170, 40, 50)), (1000, (40, 70, 140))):
        canvas.drawLine(x, 700, x, 1240, stroke(dim(stage, (190, 150, 80), 0.6), 10))
        curtain(canvas, stage, x + 4, 720, 84, 330, hue)
        canvas.drawCircle(x, 694, 14, fill(dim(stage, (220, 180, 90), 0.6)))


def _draw_near(canvas: skia.Canvas, stage: Stage) -> None:
    tone = dim(stage, mix(stage.accent, (92, 54, 34), 0.66), 0.42)
    board(
        canvas,
        stage,
        -OVERSCAN - 60,
        1716,
        WIDTH + 2 * OVERSCAN + 120,
        60,
        mix(tone, stage.lamp, 0.18),
        corner=20,
        gloss=0.5,
    )
    for i in range(12):
        x = -140 + i * 118
        canvas.drawPath(
            path(f"M {x} 1776 C {x - 26} 1830 {x + 26} 1880 {x} 1930 C {x - 30} 1980 {x + 26} 2010 {x} 2060"),
            stroke(mix(tone, SHADOW, 0.25), 34),
        )


SCENERY = Scenery(
    (
        Plane("far", 0.05, 0.28, _draw_far, outdoors=True),
        Plane("wall", 0.22, 0.42, _draw_wall),
        Plane("middle", 0.38, 0.64, _draw_middle),
        Plane("near", 0.95, 1.26, _draw_near, top=1640),
    ),
    candles=(130.0, 1206.0),
)
