"""A sea front: the sun's or the moon's path on the water, a pier, a railing, dune grass close by."""

from __future__ import annotations

import random

import skia

from microdrama_assets.studios.draft.ink import WHITE, Colour, fill, glow, ink, linear, mix, path, rect, rgb, stroke
from microdrama_assets.studios.draft.sets.carpentry import SHADOW, board
from microdrama_assets.studios.draft.sets.lamps import street_lamp
from microdrama_assets.studios.draft.sets.outdoors import ground, mirror, railing, snowed
from microdrama_assets.studios.draft.sets.stage import (
    OVERSCAN,
    SKIES,
    WIDTH,
    Plane,
    Scenery,
    Stage,
    dim,
    draw_sky,
    everything,
    haze_of,
    sky_of,
)

SEA = 980.0
SHORE = 1330.0


def _sun(stage: Stage) -> tuple[float, float, Colour]:
    """Where sun or moon stands, and its colour."""
    return {
        "day": (520.0, 420.0, (255, 250, 230)),
        "dawn": (330.0, 900.0, (255, 214, 160)),
        "dusk": (620.0, 900.0, (255, 170, 90)),
        "night": (470.0, 430.0, (226, 236, 255)),
    }[stage.time]


def _draw_far(canvas: skia.Canvas, stage: Stage) -> None:
    draw_sky(canvas, stage, everything(), seed=221)
    x, y, colour = _sun(stage)
    clear = stage.weather == "clear"
    if clear:
        glow(canvas, x, y, 420, colour, 0.75)
        canvas.drawCircle(x, y, 66 if stage.time == "night" else 82, fill(mix(colour, WHITE, 0.5), blur=3))
    top, middle, low = sky_of(stage)
    air, _ = haze_of(stage)
    deep = mix(dim(stage, mix((40, 110, 140), stage.base, 0.25), 0.30), top, 0.25)
    canvas.drawRect(
        rect(-OVERSCAN, SEA, WIDTH + 2 * OVERSCAN, 1100),
        linear(
            (0, SEA), (0, SHORE + 120), [ink(mix(low, air, 0.4)), ink(mix(deep, middle, 0.5)), ink(deep)], [0, 0.12, 1]
        ),
    )
    dice = random.Random(223)
    for _ in range(150):
        at = SEA + 6 + (SHORE - SEA + 60) * dice.random() ** 1.3
        wide = 20 + (at - SEA) * dice.uniform(0.2, 0.6)
        canvas.drawOval(
            rect(dice.uniform(-150, WIDTH + 90), at, wide, 3 + (at - SEA) * 0.018),
            fill(mix(low, WHITE, 0.3) if dice.random() < 0.6 else mix(deep, SHADOW, 0.5), 0.34),
        )
    if clear:
        mirror(canvas, stage, x, SEA, 150, SHORE - SEA, colour, 0.75)
        for _ in range(60):
            at = SEA + 8 + (SHORE - SEA - 20) * dice.random()
            reach = 26 + (at - SEA) * 0.34
            canvas.drawOval(
                rect(x + dice.uniform(-reach, reach), at, 18 + (at - SEA) * 0.12, 4), fill(mix(colour, WHITE, 0.4), 0.8)
            )
    # a headland with a lighthouse
    land = mix(dim(stage, (70, 84, 92), 0.3), air, 0.45)
    canvas.drawPath(
        path(f"M -{OVERSCAN} {SEA + 4} L -{OVERSCAN} 860 C 40 850 130 900 210 930 C 280 950 320 970 380 {SEA + 4} Z"),
        fill(land),
    )
    tower = mix(dim(stage, (230, 226, 220), 0.4), air, 0.3)
    canvas.drawPath(
        path("M 84 890 L 94 700 L 130 700 L 142 890 Z"),
        linear((84, 0), (142, 0), [ink(mix(tower, WHITE, 0.2)), ink(mix(tower, SHADOW, 0.35))]),
    )
    canvas.drawRect(rect(90, 760, 46, 36), fill(mix((190, 50, 50), land, 0.35)))
    canvas.drawRect(rect(96, 668, 32, 32), fill(mix(rgb(SKIES["night"][0]), stage.lamp, stage.shine())))
    if stage.shine():
        glow(canvas, 112, 684, 240, stage.lamp, 0.75 * stage.shine() * stage.dark)


def _draw_shore(canvas: skia.Canvas, stage: Stage) -> None:
    ground(canvas, stage, SHORE, mix((206, 182, 142), stage.accent, 0.12), wet=False)
    foam = dim(stage, (244, 250, 252), 0.5)
    dice = random.Random(227)
    for row, y in enumerate((SHORE - 46, SHORE - 14, SHORE + 20)):
        line, x = f"M {-OVERSCAN} {y}", float(-OVERSCAN)
        while x < WIDTH + OVERSCAN:
            x += dice.uniform(90, 190)
            line += f" Q {x - 60:.1f} {y + dice.uniform(-22, 22):.1f} {x:.1f} {y + dice.uniform(-9, 9):.1f}"
        canvas.drawPath(path(line), stroke(foam, 9 + row * 6, 0.34 + row * 0.16, blur=2 + row))
    # a pier on piles
    wood = snowed(stage, dim(stage, mix((112, 84, 66), stage.accent, 0.15), 0.38), 0.5)
    for i in range(6):
        x = 690 + i * 92
        canvas.drawLine(x, 1090 + i * 10, x + 6, 1230 + i * 34, stroke(mix(wood, SHADOW, 0.5), 12 + i * 2.4))
    canvas.drawPath(
        path("M 620 1072 L 1260 1120 L 1260 1170 L 620 1088 Z"),
        linear((0, 1072), (0, 1170), [ink(mix(wood, stage.lamp, 0.25)), ink(mix(wood, SHADOW, 0.4))]),
    )


def _draw_middle(canvas: skia.Canvas, stage: Stage) -> None:
    stone = snowed(stage, dim(stage, (168, 158, 148), 0.40), 0.6)
    board(canvas, stage, -OVERSCAN, 1560, WIDTH + 2 * OVERSCAN, 560, stone)
    for i in range(7):
        canvas.drawLine(-60 + i * 190, 1600, -130 + i * 215, 2030, stroke(SHADOW, 5, 0.25))
    street_lamp(canvas, stage, 936, 500, 1570, -120)
    railing(canvas, stage, 1330, 1570, (206, 214, 218))


def _draw_near(canvas: skia.Canvas, stage: Stage) -> None:
    dice = random.Random(229)
    grass = snowed(stage, dim(stage, mix((156, 148, 92), stage.accent, 0.12), 0.34), 0.4)
    for i in range(110):
        x = dice.uniform(-OVERSCAN - 40, WIDTH + OVERSCAN + 40)
        high = dice.uniform(50, 210) * (0.25 + abs(x - 560) / 620)
        lean = dice.uniform(-30, 90)
        canvas.drawPath(
            path(
                f"M {x - 9} 2070 Q {x} {2000 - high} {x + lean:.1f} {1960 - high} Q {x + 8} {2000 - high}"
                f" {x + 9} 2070 Z"
            ),
            fill(mix(grass, stage.lamp if i % 5 == 0 else SHADOW, 0.28)),
        )


SCENERY = Scenery(
    (
        Plane("far", 0.05, 0.20, _draw_far, outdoors=True),
        Plane("shore", 0.22, 0.44, _draw_shore, outdoors=True),
        Plane("middle", 0.40, 0.68, _draw_middle, outdoors=True),
        Plane("near", 0.95, 1.30, _draw_near, outdoors=True, top=1560),
    ),
    candles=(300.0, 1560.0),
    lights_y=420.0,
    table=((150, 120, 90), 0.9),
)
