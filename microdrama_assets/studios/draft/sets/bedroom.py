"""A bedroom: a window by the bed, a lamp on the night table, the foot of the bed close by."""

from __future__ import annotations

import skia

from microdrama_assets.studios.draft.ink import BLACK, WHITE, fill, ink, linear, mix, path, rect, stroke
from microdrama_assets.studios.draft.sets.carpentry import (
    SHADOW,
    board,
    curtain,
    floor,
    picture,
    shadow_under,
    wall,
    window,
    window_light,
)
from microdrama_assets.studios.draft.sets.lamps import table_lamp
from microdrama_assets.studios.draft.sets.stage import (
    OVERSCAN,
    WIDTH,
    Plane,
    Scenery,
    Stage,
    dim,
    draw_ceiling_shade,
    draw_sky,
    draw_skyline,
    everything,
)

WINDOW = (620.0, 250.0, 380.0, 690.0)


def _draw_far(canvas: skia.Canvas, stage: Stage) -> None:
    draw_sky(canvas, stage, everything(), seed=31)
    draw_skyline(canvas, stage, rect(480, 500, 700, 520), seed=33, tall=0.6)


def _draw_wall(canvas: skia.Canvas, stage: Stage) -> None:
    wall(canvas, stage, mix(mix(stage.base, (170, 160, 190), 0.5), stage.accent, 0.22), 1310)
    for i in range(13):
        x = -OVERSCAN + i * 108
        for j in range(12):
            y = -40 + j * 112 + (56 if i % 2 else 0)
            canvas.drawPath(
                path(f"M {x} {y} L {x + 15} {y + 22} L {x} {y + 44} L {x - 15} {y + 22} Z"), fill(WHITE, 0.028)
            )
    window(canvas, stage, *WINDOW, (230, 224, 216))
    x, y, w, h = WINDOW
    cloth = mix(stage.accent, (230, 200, 190), 0.35)
    canvas.drawLine(x - 110, y - 50, x + w + 110, y - 50, stroke(dim(stage, (120, 96, 70), 0.5), 13))
    curtain(canvas, stage, x - 96, y - 46, 150, h + 230, cloth)
    curtain(canvas, stage, x + w - 40, y - 46, 160, h + 230, cloth)
    floor(canvas, stage, 1310, mix(stage.accent, (96, 64, 48), 0.6))
    window_light(canvas, stage, x + 10, y + 30, w - 40, h, -330)
    for px, py, pw, ph, hue in ((110, 420, 200, 260, (150, 110, 120)), (350, 470, 130, 170, (90, 120, 150))):
        picture(canvas, stage, px, py, pw, ph, hue)
    draw_ceiling_shade(canvas, strength=0.40 + 0.25 * stage.dark)


def _draw_middle(canvas: skia.Canvas, stage: Stage) -> None:
    wood = dim(stage, mix(stage.accent, (84, 54, 40), 0.6), 0.5)
    # the head of the bed, pillows, the cover
    board(canvas, stage, 330, 930, 860, 420, wood, corner=60)
    for i in range(5):
        canvas.drawRoundRect(
            rect(370 + i * 158, 980, 138, 330),
            36,
            36,
            linear((0, 980), (0, 1310), [ink(mix(wood, stage.lamp, 0.22)), ink(mix(wood, SHADOW, 0.3))]),
        )
    linen = dim(stage, (226, 222, 226), 0.52)
    for x in (380, 770):
        canvas.drawRoundRect(
            rect(x, 1120, 350, 200),
            84,
            84,
            linear(
                (x, 1120),
                (x + 120, 1320),
                [ink(mix(linen, WHITE, 0.2)), ink(linen), ink(mix(linen, (40, 40, 80), 0.4))],
            ),
        )
    cover = dim(stage, mix(stage.base, (120, 130, 170), 0.55), 0.52)
    canvas.drawPath(
        path(
            "M 300 1330 C 360 1270 420 1290 560 1276 C 800 1262 1000 1262 1240 1290 L 1260 2040 L 250 2040"
            " C 262 1800 270 1500 300 1330 Z"
        ),
        linear(
            (300, 1270),
            (700, 1800),
            [ink(mix(cover, stage.lamp, 0.36)), ink(cover), ink(mix(cover, SHADOW, 0.5))],
            [0, 0.35, 1],
        ),
    )
    for sx, ex in ((420, 380), (620, 640), (860, 930), (1060, 1170)):
        canvas.drawPath(path(f"M {sx} 1300 C {sx + 20} 1480 {ex - 30} 1700 {ex} 2030"), stroke(BLACK, 16, 0.14, blur=9))
    canvas.drawPath(path("M 292 1350 C 420 1310 900 1300 1250 1330"), stroke(mix(cover, WHITE, 0.35), 9, 0.5, blur=3))
    # night table
    shadow_under(canvas, 30, 1640, 270)
    board(canvas, stage, 50, 1300, 240, 340, wood, corner=10)
    board(canvas, stage, 30, 1280, 280, 32, mix(wood, stage.lamp, 0.1), corner=8)
    canvas.drawRect(rect(72, 1350, 196, 100), stroke(mix(wood, SHADOW, 0.6), 5))
    canvas.drawCircle(170, 1400, 9, fill((220, 190, 130)))
    table_lamp(canvas, stage, 170, 1282, 118)


def _draw_near(canvas: skia.Canvas, stage: Stage) -> None:
    wood = dim(stage, mix(stage.accent, (84, 54, 40), 0.6), 0.40)
    board(canvas, stage, -OVERSCAN - 60, 1740, WIDTH + 2 * OVERSCAN + 120, 420, wood, corner=20)
    for i in range(9):
        canvas.drawCircle(-40 + i * 150, 1740, 26, fill(mix(wood, stage.lamp, 0.30)))


SCENERY = Scenery(
    (
        Plane("far", 0.05, 0.28, _draw_far, outdoors=True),
        Plane("wall", 0.22, 0.42, _draw_wall),
        Plane("middle", 0.38, 0.66, _draw_middle),
        Plane("near", 0.95, 1.26, _draw_near, top=1640),
    ),
    candles=(230.0, 1280.0),
)
