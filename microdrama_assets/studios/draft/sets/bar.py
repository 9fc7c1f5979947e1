"""A bar or restaurant at night: bottles lit from behind, a neon name, pendants over a polished counter."""

from __future__ import annotations

import random

import skia

from microdrama_assets.studios.draft.ink import BLACK, WHITE, Colour, fill, glow, ink, linear, mix, path, rect, stroke
from microdrama_assets.studios.draft.sets.carpentry import SHADOW, board, near_edge, panelling, wall
from microdrama_assets.studios.draft.sets.stage import (
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
)

GLASS: tuple[Colour, ...] = (
    (226, 150, 60),
    (120, 60, 40),
    (70, 130, 80),
    (190, 210, 220),
    (160, 40, 50),
    (230, 190, 90),
)


def _draw_far(canvas: skia.Canvas, stage: Stage) -> None:
    wall(canvas, stage, mix(mix(stage.base, stage.accent, 0.36), (70, 40, 44), 0.3), 1340, floor_of=0.55)
    brick = dim(stage, mix(mix(stage.base, stage.accent, 0.25), (122, 96, 98), 0.6), 0.42)
    for j in range(26):
        for i in range(9):
            x, y = -OVERSCAN - 70 + i * 148 + (74 if j % 2 else 0), -80 + j * 54
            canvas.drawRect(rect(x, y, 140, 47), fill(mix(brick, SHADOW, 0.25 + 0.12 * ((i * 7 + j * 3) % 4)), 0.75))
    # booths and lamps at the other end of the room
    draw_bokeh(canvas, stage, rect(-60, 520, 520, 640), seed=91, count=22)
    panelling(canvas, stage, -OVERSCAN, 1020, 620, 330, mix(stage.accent, (70, 34, 30), 0.5), 5)
    leather = dim(stage, mix((150, 40, 50), stage.accent, 0.3), 0.55)
    board(canvas, stage, -OVERSCAN, 900, 460, 230, leather, corner=40)
    for i in range(5):
        canvas.drawCircle(-60 + i * 86, 990, 8, fill(mix(leather, SHADOW, 0.5)))
    draw_ceiling_shade(canvas, strength=0.6)


def _draw_bottle(canvas: skia.Canvas, stage: Stage, x: float, y: float, w: float, h: float, hue: Colour) -> None:
    shape = path(
        f"M {x} {y} L {x} {y - h * 0.58} C {x} {y - h * 0.72} {x + w * 0.32} {y - h * 0.70} {x + w * 0.34} {y - h}"
        f" L {x + w * 0.66} {y - h} C {x + w * 0.68} {y - h * 0.70} {x + w} {y - h * 0.72} {x + w} {y - h * 0.58}"
        f" L {x + w} {y} Z"
    )
    shine = 0.30 + 0.5 * stage.shine()
    canvas.drawPath(
        shape,
        linear(
            (x, 0),
            (x + w, 0),
            [ink(mix(hue, BLACK, 0.45)), ink(mix(hue, stage.lamp, shine)), ink(hue), ink(mix(hue, BLACK, 0.6))],
            [0, 0.3, 0.6, 1],
        ),
    )
    canvas.drawRect(rect(x + w * 0.12, y - h * 0.42, w * 0.76, h * 0.20), fill((236, 222, 196), 0.75))
    canvas.drawLine(x + w * 0.22, y - h * 0.52, x + w * 0.22, y - 8, stroke(WHITE, 2.5, 0.45, blur=1))


def _draw_middle(canvas: skia.Canvas, stage: Stage) -> None:
    wood = dim(stage, mix(stage.accent, (60, 30, 24), 0.6), 0.55)
    board(canvas, stage, 430, 330, 820, 900, mix(wood, SHADOW, 0.55), corner=8, gloss=0.05)
    dice = random.Random(93)
    for y in (560, 780, 1000):
        canvas.drawRect(
            rect(452, y - 190, 790, 190),
            linear(
                (0, y - 190),
                (0, y),
                [ink(mix(wood, SHADOW, 0.7)), ink(mix(wood, stage.lamp, 0.18 + 0.34 * stage.shine()))],
            ),
        )
        at = 470.0
        while at < 1210:
            w, h = dice.uniform(30, 46), dice.uniform(104, 168)
            _draw_bottle(canvas, stage, at, y, w, h, mix(dice.choice(GLASS), stage.accent, 0.12))
            at += w + dice.uniform(5, 20)
        board(canvas, stage, 440, y, 810, 18, mix(wood, stage.lamp, 0.12))
        if stage.shine():
            canvas.drawRect(
                rect(452, y - 12, 790, 12), fill(stage.lamp, 0.5 * stage.shine(), blur=7, blend=skia.BlendMode.kScreen)
            )
    if stage.design.sign:
        draw_neon(canvas, stage, stage.design.sign, 790, 320, 520, 116, mix(stage.accent, (255, 60, 110), 0.6))
        glow(canvas, 790, 290, 460, (255, 70, 120), 0.14 * ("sign" in stage.design.practicals))
    # the counter
    panelling(canvas, stage, -OVERSCAN, 1330, WIDTH + 2 * OVERSCAN, 420, mix(stage.accent, (70, 36, 28), 0.55), 7)
    board(canvas, stage, -OVERSCAN, 1290, WIDTH + 2 * OVERSCAN, 48, mix(wood, stage.lamp, 0.20), gloss=0.5)
    for x in (120, 330, 900):
        canvas.drawOval(rect(x - 66, 1300, 132, 24), fill(stage.lamp, 0.30 * stage.shine(), blur=6))
    for x, w in ((700, 60), (790, 60), (880, 60)):
        canvas.drawPath(
            path(
                f"M {x} 1180 L {x + w} 1180 C {x + w} 1240 {x + w * 0.6} 1250 {x + w * 0.55} 1256"
                f" L {x + w * 0.55} 1286 L {x + w * 0.8} 1292 L {x + w * 0.2} 1292 L {x + w * 0.45} 1286"
                f" L {x + w * 0.45} 1256 C {x + w * 0.4} 1250 {x} 1240 {x} 1180 Z"
            ),
            fill(WHITE, 0.24),
        )
    for x, y, size in ((110, 420, 56), (330, 330, 50)):
        draw_pendant(canvas, stage, x, y, size)


def _draw_near(canvas: skia.Canvas, stage: Stage) -> None:
    top = 1706
    near_edge(canvas, stage, top, mix(stage.accent, (70, 34, 24), 0.55))
    x, whisky = 820.0, mix((230, 140, 40), stage.lamp, 0.2)
    canvas.drawOval(rect(x - 130, top + 20, 260, 46), fill(BLACK, 0.45, blur=14))
    canvas.drawPath(
        path(f"M {x - 92} {top - 150} L {x + 92} {top - 150} L {x + 78} {top + 42} L {x - 78} {top + 42} Z"),
        fill(WHITE, 0.16),
    )
    canvas.drawPath(
        path(f"M {x - 84} {top - 60} L {x + 84} {top - 60} L {x + 76} {top + 34} L {x - 76} {top + 34} Z"),
        linear(
            (x - 84, 0),
            (x + 84, 0),
            [ink(mix(whisky, BLACK, 0.4)), ink(mix(whisky, WHITE, 0.3)), ink(mix(whisky, BLACK, 0.3))],
        ),
    )
    canvas.drawOval(rect(x - 92, top - 168, 184, 36), stroke(WHITE, 5, 0.55))
    canvas.drawLine(x - 62, top - 130, x - 54, top + 20, stroke(WHITE, 9, 0.4, blur=3))


SCENERY = Scenery(
    (
        Plane("far", 0.05, 0.36, _draw_far),
        Plane("middle", 0.34, 0.62, _draw_middle),
        Plane("near", 0.95, 1.28, _draw_near, top=1480),
    ),
    candles=(1000.0, 1300.0),
    table=((70, 34, 24), 0.6),
)
