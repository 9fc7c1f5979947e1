"""An office high up: the city behind blinds, panels of light, screens left on, a desk's edge close by."""

from __future__ import annotations

import skia

from microdrama_assets.studios.draft.ink import WHITE, fill, ink, linear, mix, path, rect, stroke
from microdrama_assets.studios.draft.sets.carpentry import (
    SHADOW,
    blinds,
    board,
    books,
    door,
    floor,
    near_edge,
    shadow_under,
    wall,
    window,
    window_light,
)
from microdrama_assets.studios.draft.sets.lamps import ceiling_panel, monitor
from microdrama_assets.studios.draft.sets.stage import (
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

WINDOW = (60.0, 430.0, 640.0, 560.0)


def _draw_far(canvas: skia.Canvas, stage: Stage) -> None:
    draw_sky(canvas, stage, everything(), seed=52)
    draw_skyline(canvas, stage, rect(-60, 480, 900, 640), seed=55, tall=0.9)
    draw_bokeh(canvas, stage, rect(0, 700, 800, 340), seed=56, count=18)


def _draw_wall(canvas: skia.Canvas, stage: Stage) -> None:
    wall(canvas, stage, mix(mix(stage.base, (178, 186, 196), 0.62), stage.accent, 0.10), 1320)
    ceiling = dim(stage, (196, 200, 204), 0.36)
    canvas.drawPath(
        path(f"M {-OVERSCAN} {-OVERSCAN} L 1190 {-OVERSCAN} L 1190 120 L 900 330 L 180 330 L {-OVERSCAN} 120 Z"),
        linear((0, -OVERSCAN), (0, 330), [ink(mix(ceiling, SHADOW, 0.5)), ink(ceiling)]),
    )
    for x, y, w, h in ((180, -60, 300, 110), (600, -60, 300, 110), (268, 140, 210, 70), (590, 140, 210, 70)):
        ceiling_panel(canvas, stage, x, y, w, h)
    window(canvas, stage, *WINDOW, (120, 124, 130), columns=3, rows=1)
    x, y, w, h = WINDOW
    blinds(canvas, stage, x, y, w, h, (196, 196, 192), drop=0.36)
    window_light(canvas, stage, x + 40, y + 60, w - 80, h, 260)
    floor(canvas, stage, 1320, mix(stage.base, (110, 116, 128), 0.6), "tiles")
    door(canvas, stage, 800, 560, 230, 760, (150, 140, 128), glazed=True)
    if stage.design.sign:
        draw_neon(canvas, stage, stage.design.sign, 915, 520, 250, 46, mix(stage.lamp, (200, 230, 255), 0.5))


def _draw_middle(canvas: skia.Canvas, stage: Stage) -> None:
    steel, wood = dim(stage, (122, 128, 138), 0.5), dim(stage, mix(stage.accent, (120, 92, 70), 0.6), 0.5)
    for i, y in enumerate((1120, 1260, 1400)):
        books(canvas, stage, 905, y, 270, 118, 60 + i, ((190, 70, 60), (60, 80, 110), (210, 210, 200), (90, 100, 110)))
    # the desk with two screens, and the chair behind it
    canvas.drawRoundRect(
        rect(400, 1030, 240, 330),
        70,
        70,
        linear((400, 0), (640, 0), [ink(mix(steel, stage.lamp, 0.15)), ink(mix(steel, SHADOW, 0.55))]),
    )
    shadow_under(canvas, 0, 1700, 900)
    board(canvas, stage, 40, 1300, 40, 400, steel, upright=True)
    board(canvas, stage, 800, 1300, 40, 400, steel, upright=True)
    board(canvas, stage, -20, 1262, 890, 44, wood, corner=8)
    for mx, my, mw, mh in ((70, 1010, 300, 190), (610, 1040, 230, 160)):
        board(canvas, stage, mx + mw / 2 - 16, my + mh, 32, 1262 - my - mh, steel, upright=True)
        monitor(canvas, stage, mx, my, mw, mh, mix((70, 140, 220), stage.accent, 0.15))
    for i in range(4):
        board(canvas, stage, 430 + i * 3, 1246 - i * 13, 150, 13, mix((236, 232, 222), steel, 0.2 + 0.1 * i))
    canvas.drawRect(
        rect(60, 1330, 740, 190),
        linear((0, 1330), (0, 1520), [ink(mix(wood, SHADOW, 0.35)), ink(mix(wood, SHADOW, 0.75))]),
    )


def _draw_near(canvas: skia.Canvas, stage: Stage) -> None:
    near_edge(canvas, stage, 1726, mix(stage.accent, (120, 92, 70), 0.6))
    mug = dim(stage, mix(stage.accent, (220, 226, 232), 0.7), 0.6)
    board(canvas, stage, 150, 1610, 120, 150, mug, corner=16, upright=True)
    canvas.drawPath(path("M 150 1640 C 90 1640 96 1730 152 1722"), stroke(mix(mug, SHADOW, 0.2), 15))
    for i, hue in enumerate(((210, 80, 60), (240, 200, 80), (80, 130, 200))):
        canvas.drawLine(930 + i * 22, 1730, 916 + i * 40, 1560, stroke(dim(stage, hue, 0.6), 13))
    board(canvas, stage, 900, 1640, 120, 130, dim(stage, (60, 64, 74), 0.6), corner=10, upright=True)
    canvas.drawRect(rect(900, 1640, 120, 6), fill(WHITE, 0.3))


SCENERY = Scenery(
    (
        Plane("far", 0.05, 0.28, _draw_far, outdoors=True),
        Plane("wall", 0.22, 0.42, _draw_wall),
        Plane("middle", 0.38, 0.66, _draw_middle),
        Plane("near", 0.95, 1.26, _draw_near, top=1520),
    ),
    candles=(480.0, 1262.0),
    table=((120, 92, 70), 0.7),
)
