"""Inside a car, seen from the windscreen: the street behind its panes, seats and belts, the top of the wheel."""

from __future__ import annotations

import skia

from microdrama_assets.studios.draft.ink import WHITE, fill, glow, ink, linear, mix, path, rect, stroke
from microdrama_assets.studios.draft.sets.carpentry import SHADOW, board
from microdrama_assets.studios.draft.sets.outdoors import ground, mirror
from microdrama_assets.studios.draft.sets.stage import (
    HEIGHT,
    OVERSCAN,
    WIDTH,
    Plane,
    Scenery,
    Stage,
    dim,
    draw_bokeh,
    draw_sky,
    draw_skyline,
    everything,
)

REAR = "M 250 470 Q 540 420 830 470 L 900 850 Q 540 880 180 850 Z"
SIDES = (
    f"M -{OVERSCAN + 80} 380 L 60 470 L 96 900 L -{OVERSCAN + 80} 1010 Z",
    f"M {WIDTH + OVERSCAN + 80} 380 L 1020 470 L 984 900 L {WIDTH + OVERSCAN + 80} 1010 Z",
)


def _draw_far(canvas: skia.Canvas, stage: Stage) -> None:
    draw_sky(canvas, stage, everything(), seed=131)
    draw_skyline(canvas, stage, rect(-110, 330, 1300, 480), seed=133, tall=0.9)
    ground(canvas, stage, 800, (84, 86, 96))
    glow(canvas, 540, 760, 420, mix(stage.lamp, WHITE, 0.2), 0.24 + 0.3 * stage.dark)
    draw_bokeh(canvas, stage, rect(-110, 460, 1300, 420), seed=135, count=44)
    for x in (330, 470, 640, 760):
        for dx in (-17, 17):
            glow(canvas, x + dx, 800, 46, (255, 240, 210), 0.55 + 0.4 * stage.dark)
        mirror(canvas, stage, x, 806, 34, 130, stage.lamp, 0.25 + 0.3 * stage.dark)


def _draw_cabin(canvas: skia.Canvas, stage: Stage) -> None:
    lining = dim(stage, mix((112, 106, 108), stage.base, 0.35), 0.32)
    canvas.drawRect(
        everything(),
        linear(
            (0, -OVERSCAN),
            (0, HEIGHT),
            [ink(mix(lining, SHADOW, 0.5)), ink(lining), ink(mix(lining, SHADOW, 0.55)), ink(mix(lining, SHADOW, 0.8))],
            [0, 0.25, 0.55, 1],
        ),
    )
    canvas.drawPath(path(f"M -{OVERSCAN} 250 Q 540 170 {WIDTH + OVERSCAN} 250"), stroke(mix(lining, SHADOW, 0.5), 10))
    canvas.drawRoundRect(
        rect(450, 96, 180, 60), 26, 26, fill(mix(lining, mix(stage.lamp, WHITE, 0.4), 0.15 + 0.7 * stage.shine()))
    )
    if stage.shine():
        glow(canvas, 540, 130, 520, stage.lamp, 0.30 * stage.shine())
    clear = skia.Paint(AntiAlias=True, BlendMode=skia.BlendMode.kClear)
    for pane in (REAR, *SIDES):
        canvas.drawPath(path(pane), clear)
        canvas.drawPath(path(pane), stroke(mix(lining, SHADOW, 0.7), 17))
        canvas.drawPath(path(pane), stroke(mix(lining, stage.lamp, 0.28), 4, 0.6))
    for i in range(9):
        y = 520 + i * 38
        canvas.drawLine(236 - i * 6, y, 844 + i * 6, y - 2, stroke((150, 90, 60), 2, 0.32))
    shelf = mix(lining, SHADOW, 0.25)
    canvas.drawPath(
        path("M 150 860 Q 540 900 930 860 L 1010 980 Q 540 1010 70 980 Z"),
        linear((0, 860), (0, 990), [ink(mix(shelf, stage.lamp, 0.25)), ink(mix(shelf, SHADOW, 0.4))]),
    )


def _draw_seats(canvas: skia.Canvas, stage: Stage) -> None:
    leather = dim(stage, mix((92, 74, 70), stage.accent, 0.35), 0.42)
    for left in (10, 590):
        canvas.drawRoundRect(
            rect(left + 110, 880, 260, 190),
            70,
            70,
            linear(
                (left + 110, 880),
                (left + 330, 1070),
                [ink(mix(leather, stage.lamp, 0.25)), ink(leather), ink(mix(leather, SHADOW, 0.5))],
            ),
        )
        for dx in (190, 280):
            canvas.drawLine(left + dx, 1060, left + dx, 1130, stroke((150, 152, 160), 13))
        canvas.drawPath(
            path(
                f"M {left + 30} 1180 C {left + 60} 1090 {left + 420} 1090 {left + 450} 1180 L {left + 520} 2040"
                f" L {left - 40} 2040 Z"
            ),
            linear(
                (left, 1100),
                (left + 480, 1300),
                [ink(mix(leather, stage.lamp, 0.22)), ink(leather), ink(mix(leather, SHADOW, 0.55))],
                [0, 0.4, 1],
            ),
        )
        for share in (0.30, 0.70):
            x = left + 30 + 420 * share
            canvas.drawLine(x, 1120, x + (share - 0.5) * 120, 2040, stroke(mix(leather, SHADOW, 0.6), 7, 0.8))
    for x, lean in ((70, 150), (1010, -150)):
        canvas.drawPath(
            path(f"M {x} 900 C {x + lean * 0.4} 1200 {x + lean} 1500 {x + lean * 1.5} 2040"),
            stroke(mix(leather, SHADOW, 0.75), 34),
        )


def _draw_near(canvas: skia.Canvas, stage: Stage) -> None:
    black = dim(stage, mix((58, 56, 62), stage.base, 0.3), 0.4)
    canvas.drawPath(
        path(
            f"M -{OVERSCAN + 60} 1790 Q 540 1690 {WIDTH + OVERSCAN + 60} 1790 L {WIDTH + OVERSCAN + 60} 2140"
            f" L -{OVERSCAN + 60} 2140 Z"
        ),
        linear((0, 1720), (0, 1990), [ink(mix(black, stage.lamp, 0.28)), ink(black), ink((6, 4, 10))], [0, 0.2, 1]),
    )
    canvas.drawPath(path("M 600 2010 C 640 1610 980 1610 1030 2010"), stroke(mix(black, SHADOW, 0.3), 54))
    canvas.drawPath(path("M 610 1980 C 650 1600 970 1600 1016 1960"), stroke(mix(black, stage.lamp, 0.4), 7, 0.7))
    board(canvas, stage, 230, 1810, 220, 74, (16, 20, 28), corner=16)
    canvas.drawRect(rect(250, 1826, 180, 42), fill(mix((70, 190, 220), stage.lamp, 0.2), 0.30 + 0.5 * stage.dark))


SCENERY = Scenery(
    (
        Plane("far", 0.05, 0.22, _draw_far, outdoors=True),
        Plane("wall", 0.24, 0.50, _draw_cabin),
        Plane("middle", 0.40, 0.70, _draw_seats),
        Plane("near", 0.95, 1.22, _draw_near, top=1560),
    ),
    candles=(540.0, 900.0),
    lights_y=230.0,
    table=((44, 42, 48), 1.0),
)
