"""A hospital room: a window with slats, a bed with rails, a monitor's green trace, the curtain half drawn."""

from __future__ import annotations

import skia

from microdrama_assets.studios.draft.ink import WHITE, fill, glow, ink, linear, mix, path, rect, stroke
from microdrama_assets.studios.draft.sets.carpentry import (
    SHADOW,
    blinds,
    board,
    curtain,
    floor,
    shadow_under,
    wall,
    window,
    window_light,
)
from microdrama_assets.studios.draft.sets.lamps import ceiling_panel, pulse
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

WINDOW = (90.0, 330.0, 400.0, 560.0)


def _draw_far(canvas: skia.Canvas, stage: Stage) -> None:
    draw_sky(canvas, stage, everything(), seed=72)
    draw_skyline(canvas, stage, rect(-40, 560, 660, 420), seed=75, tall=0.6)


def _draw_wall(canvas: skia.Canvas, stage: Stage) -> None:
    tone = wall(canvas, stage, mix((176, 206, 204), stage.base, 0.22), 1320)
    low = dim(stage, mix((104, 160, 162), stage.accent, 0.25), 0.42)
    canvas.drawRect(
        rect(-OVERSCAN, 1010, WIDTH + 2 * OVERSCAN, 280),
        linear((0, 1010), (0, 1290), [ink(low), ink(mix(low, SHADOW, 0.3))]),
    )
    board(canvas, stage, -OVERSCAN, 985, WIDTH + 2 * OVERSCAN, 34, mix(tone, WHITE, 0.25), corner=10)
    window(canvas, stage, *WINDOW, (222, 228, 230), columns=2, rows=1)
    blinds(canvas, stage, *WINDOW, (214, 222, 224), drop=0.5)
    x, y, w, h = WINDOW
    window_light(canvas, stage, x + 20, y + 250, w - 40, h - 250, 240)
    floor(canvas, stage, 1320, mix((150, 170, 172), stage.base, 0.25), "tiles")
    # the panel over the bed: lights, sockets
    board(canvas, stage, 560, 640, 560, 110, mix(tone, WHITE, 0.30), corner=12)
    for i in range(5):
        canvas.drawCircle(610 + i * 66, 706, 15, fill(mix(tone, SHADOW, 0.45)))
    shine = stage.shine()
    canvas.drawRoundRect(
        rect(590, 618, 420, 26), 12, 12, fill(mix(tone, mix(stage.lamp, WHITE, 0.6), 0.2 + 0.8 * shine))
    )
    if shine:
        glow(canvas, 800, 610, 520, mix(stage.lamp, (235, 250, 255), 0.5), 0.40 * shine)
    draw_ceiling_shade(canvas, strength=0.34 + 0.3 * stage.dark)
    ceiling_panel(canvas, stage, 330, -20, 420, 130, cool=0.8)


def _draw_middle(canvas: skia.Canvas, stage: Stage) -> None:
    steel, linen = dim(stage, (170, 178, 186), 0.5), dim(stage, (232, 240, 244), 0.54)
    # the monitor on its arm, and a drip
    board(canvas, stage, 1010, 560, 22, 900, steel, upright=True)
    canvas.drawRoundRect(rect(820, 780, 236, 180), 16, 16, fill((20, 24, 30)))
    canvas.drawRect(rect(836, 796, 204, 148), fill((4, 22, 20)))
    pulse(canvas, 842, 868, 192, 46, (70, 255, 150))
    canvas.drawLine(850, 922, 940, 922, stroke((255, 220, 90), 8, 0.8))
    glow(canvas, 940, 868, 230, (60, 255, 150), 0.20 + 0.26 * stage.dark)
    board(canvas, stage, 566, 470, 14, 960, steel, upright=True)
    canvas.drawLine(528, 474, 618, 474, stroke(steel, 10))
    canvas.drawRoundRect(
        rect(534, 484, 84, 150),
        22,
        22,
        linear((534, 0), (618, 0), [ink((220, 236, 240), 0.85), ink((150, 180, 190), 0.75)]),
    )
    canvas.drawPath(path("M 576 634 C 574 800 640 900 660 1180"), stroke((220, 236, 240), 4, 0.7))
    # the bed
    shadow_under(canvas, 420, 1700, 800)
    board(canvas, stage, 1080, 1010, 60, 520, steel, corner=20, upright=True)
    canvas.drawRoundRect(
        rect(640, 1080, 470, 220),
        90,
        90,
        linear(
            (640, 1080), (760, 1300), [ink(mix(linen, WHITE, 0.4)), ink(linen), ink(mix(linen, (60, 80, 120), 0.35))]
        ),
    )
    blanket = dim(stage, mix((120, 176, 190), stage.accent, 0.25), 0.5)
    canvas.drawPath(
        path("M 380 1330 C 520 1270 900 1260 1240 1290 L 1240 1560 L 380 1560 Z"),
        linear(
            (380, 1270), (600, 1560), [ink(mix(linen, WHITE, 0.2)), ink(linen), ink(mix(linen, (50, 70, 110), 0.45))]
        ),
    )
    canvas.drawPath(
        path("M 370 1380 C 540 1330 900 1320 1240 1350 L 1240 1620 L 370 1620 Z"),
        linear(
            (370, 1340), (560, 1620), [ink(mix(blanket, stage.lamp, 0.3)), ink(blanket), ink(mix(blanket, SHADOW, 0.5))]
        ),
    )
    for y in (1360, 1450):
        board(canvas, stage, 420, y, 620, 17, mix(steel, WHITE, 0.2), corner=8)
    for x in (430, 620, 820, 1010):
        board(canvas, stage, x, 1360, 15, 150, steel, upright=True, corner=6)
    for x in (420, 1090):
        board(canvas, stage, x, 1600, 30, 110, steel, upright=True)
    # the curtain on its rail
    board(canvas, stage, -OVERSCAN, 196, WIDTH + 2 * OVERSCAN, 16, steel)
    curtain(canvas, stage, -OVERSCAN - 20, 208, 190, 1340, mix((150, 204, 206), stage.accent, 0.18))


def _draw_near(canvas: skia.Canvas, stage: Stage) -> None:
    steel = dim(stage, (180, 188, 196), 0.5)
    for y in (1690, 1830):
        board(canvas, stage, -OVERSCAN - 60, y, WIDTH + 2 * OVERSCAN + 120, 44, mix(steel, WHITE, 0.1), corner=20)
    for x in (60, 400, 740, 1080):
        board(canvas, stage, x, 1690, 34, 400, steel, upright=True, corner=12)


SCENERY = Scenery(
    (
        Plane("far", 0.05, 0.28, _draw_far, outdoors=True),
        Plane("wall", 0.22, 0.42, _draw_wall),
        Plane("middle", 0.38, 0.66, _draw_middle),
        Plane("near", 0.95, 1.26, _draw_near, top=1640),
    ),
    candles=(180.0, 1330.0),
    table=((176, 190, 194), 0.85),
)
