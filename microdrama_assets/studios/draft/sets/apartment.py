"""A living room: curtains and a tall window, a sofa, books and a lamp, a table edge with flowers close by."""

from __future__ import annotations

import random

import skia

from microdrama_assets.studios.draft.ink import blade, fill, glow, ink, linear, mix, path, rect, rgb, stroke
from microdrama_assets.studios.draft.sets.stage import (
    HEIGHT,
    OVERSCAN,
    SKIES,
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

WINDOW = (110.0, 220.0, 470.0, 820.0)


def _draw_far(canvas: skia.Canvas, stage: Stage) -> None:
    x, y, w, h = WINDOW
    draw_sky(canvas, stage, everything(), seed=9)
    draw_skyline(canvas, stage, rect(x - 180, y - 150, w + 360, h + 200), seed=14, tall=0.55)


def _draw_wall(canvas: skia.Canvas, stage: Stage) -> None:
    wall = dim(stage, mix(mix(stage.base, (214, 196, 180), 0.55), stage.accent, 0.18), 0.40)
    canvas.drawRect(
        everything(),
        linear(
            (0, 200),
            (WIDTH, 1300),
            [ink(mix(wall, (255, 240, 220), 0.10)), ink(wall), ink(mix(wall, (14, 8, 24), 0.38))],
        ),
    )
    for i in range(16):
        canvas.drawRect(rect(-OVERSCAN + i * 88, -OVERSCAN, 40, 1500), fill((255, 255, 255), 0.025))
    x, y, w, h = WINDOW
    canvas.drawRect(rect(x, y, w, h), skia.Paint(BlendMode=skia.BlendMode.kClear))
    canvas.drawPath(
        path(f"M {x + 40} {y} L {x + 170} {y} L {x} {y + 520} L {x} {y + 200} Z"), fill((255, 255, 255), 0.07)
    )
    frame = dim(stage, (236, 230, 222), 0.42)
    for bar in (x - 14, x + w / 2 - 8, x + w - 4):
        canvas.drawRect(
            rect(bar, y - 14, 18, h + 28),
            linear((bar, 0), (bar + 18, 0), [ink(frame), ink(mix(frame, (0, 0, 0), 0.35))]),
        )
    for bar in (y - 16, y + h * 0.4, y + h):
        canvas.drawRect(
            rect(x - 14, bar, w + 28, 18),
            linear((0, bar), (0, bar + 18), [ink(frame), ink(mix(frame, (0, 0, 0), 0.35))]),
        )
    canvas.drawRect(
        rect(x - 40, y + h + 16, w + 80, 26),
        linear((0, y + h), (0, y + h + 42), [ink(frame), ink(mix(frame, (0, 0, 0), 0.5))]),
    )
    _draw_curtains(canvas, stage)
    # the window's light on the floor and wall
    sky = rgb(SKIES[stage.time][2])
    canvas.drawPath(
        path(f"M {x + w} {y + 40} L {x + w + 330} {y + 260} L {x + w + 330} {y + h + 330} L {x + w} {y + h} Z"),
        fill(sky, 0.16 * (1 - 0.5 * stage.dark), blur=44, blend=skia.BlendMode.kScreen),
    )
    floor = dim(stage, mix(stage.accent, (92, 58, 40), 0.6), 0.42)
    canvas.drawRect(
        rect(-OVERSCAN, 1330, WIDTH + 2 * OVERSCAN, 800),
        linear((0, 1330), (0, HEIGHT), [ink(mix(floor, sky, 0.15)), ink(mix(floor, (8, 4, 12), 0.6))]),
    )
    canvas.drawRect(
        rect(-OVERSCAN, 1300, WIDTH + 2 * OVERSCAN, 34),
        linear((0, 1300), (0, 1334), [ink(frame), ink(mix(frame, (0, 0, 0), 0.45))]),
    )
    for px, py, pw, ph, hue in (
        (690, 420, 190, 250, (180, 120, 90)),
        (910, 470, 130, 170, (90, 130, 150)),
        (720, 720, 140, 110, (150, 150, 110)),
    ):
        canvas.drawRect(rect(px + 7, py + 10, pw, ph), fill((0, 0, 0), 0.35, blur=9))
        canvas.drawRect(rect(px, py, pw, ph), fill(dim(stage, (46, 34, 32), 0.6)))
        art = dim(stage, mix(hue, stage.accent, 0.3), 0.5)
        canvas.drawRect(
            rect(px + 14, py + 14, pw - 28, ph - 28),
            linear((px, py), (px + pw, py + ph), [ink(mix(art, (255, 246, 230), 0.45)), ink(art)]),
        )
        canvas.drawPath(
            path(
                f"M {px + 14} {py + ph * 0.72}"
                f" C {px + pw * 0.35} {py + ph * 0.45} {px + pw * 0.6} {py + ph * 0.8} {px + pw - 14} {py + ph * 0.52}"
                f" L {px + pw - 14} {py + ph - 14} L {px + 14} {py + ph - 14} Z"
            ),
            fill(mix(art, (30, 30, 60), 0.45), 0.8),
        )
    draw_ceiling_shade(canvas, strength=0.40 + 0.25 * stage.dark)


def _draw_curtains(canvas: skia.Canvas, stage: Stage) -> None:
    x, y, w, h = WINDOW
    cloth = dim(stage, mix(stage.accent, (220, 180, 160), 0.25), 0.42)
    canvas.drawLine(x - 110, y - 46, x + w + 110, y - 46, stroke(dim(stage, (120, 96, 70), 0.5), 13))
    for side, start in ((-1, x - 96), (1, x + w - 44)):
        for i in range(5):
            left = start + i * 28
            sway = 10 * side * (i - 2) / 2
            canvas.drawPath(
                path(
                    f"M {left} {y - 44}"
                    f" C {left + 6} {y + 300} {left - 6 + sway} {y + 600} {left + sway} {y + h + 150}"
                    f" L {left + 32 + sway} {y + h + 150}"
                    f" C {left + 38 + sway} {y + 600} {left + 24} {y + 300} {left + 30} {y - 44} Z"
                ),
                linear(
                    (left, 0),
                    (left + 32, 0),
                    [
                        ink(mix(cloth, (0, 0, 0), 0.40)),
                        ink(mix(cloth, (255, 236, 214), 0.18)),
                        ink(mix(cloth, (0, 0, 0), 0.30)),
                    ],
                    [0, 0.45, 1],
                ),
            )


def _draw_middle(canvas: skia.Canvas, stage: Stage) -> None:
    # bookcase on the right
    wood = dim(stage, mix(stage.accent, (74, 46, 34), 0.65), 0.5)
    canvas.drawRect(
        rect(880, 880, 330, 640),
        linear((880, 0), (1210, 0), [ink(mix(wood, stage.lamp, 0.2)), ink(mix(wood, (0, 0, 0), 0.45))]),
    )
    dice = random.Random(6)
    for y in (900, 1050, 1200, 1350):
        canvas.drawRect(rect(896, y, 300, 130), fill((10, 6, 14), 0.6))
        at = 902.0
        while at < 1180:
            wide, high = dice.uniform(15, 32), dice.uniform(78, 120)
            hue = dim(
                stage,
                mix(
                    dice.choice([(170, 70, 60), (60, 90, 120), (210, 180, 120), (70, 110, 90), (130, 90, 130)]),
                    stage.accent,
                    0.15,
                ),
                0.5,
            )
            canvas.drawRect(
                rect(at, y + 130 - high, wide, high),
                linear((at, 0), (at + wide, 0), [ink(mix(hue, stage.lamp, 0.25)), ink(mix(hue, (0, 0, 0), 0.35))]),
            )
            at += wide + 2
    # sofa
    cloth = dim(stage, mix(stage.base, (110, 120, 150), 0.55), 0.50)
    lit, dark = mix(cloth, stage.lamp, 0.28), mix(cloth, (6, 4, 14), 0.55)
    canvas.drawOval(rect(60, 1610, 860, 90), fill((0, 0, 0), 0.5, blur=20))
    canvas.drawPath(
        path("M 100 1240 C 100 1150 150 1130 230 1130 L 750 1130 C 830 1130 880 1150 880 1240 L 880 1500 L 100 1500 Z"),
        linear((0, 1130), (0, 1480), [ink(lit), ink(cloth), ink(dark)]),
    )
    canvas.drawLine(490, 1150, 490, 1400, stroke(dark, 6, 0.7, blur=2))
    for x in (150, 500):
        canvas.drawRoundRect(rect(x, 1390, 330, 120), 40, 40, linear((0, 1390), (0, 1510), [ink(lit), ink(dark)]))
    for x in (40, 830):
        canvas.drawRoundRect(
            rect(x, 1280, 120, 360), 54, 54, linear((x, 0), (x + 120, 0), [ink(lit), ink(cloth), ink(dark)])
        )
    canvas.drawRect(rect(90, 1500, 800, 130), linear((0, 1500), (0, 1630), [ink(cloth), ink(dark)]))
    canvas.drawPath(
        path(
            "M 190 1260 C 200 1220 330 1210 350 1250 C 370 1320 350 1400 330 1410 C 280 1424 220 1410 200 1390"
            " C 184 1350 184 1300 190 1260 Z"
        ),
        linear(
            (190, 1230),
            (350, 1410),
            [
                ink(mix(dim(stage, stage.accent, 0.6), (255, 240, 220), 0.25)),
                ink(mix(dim(stage, stage.accent, 0.6), (0, 0, 0), 0.35)),
            ],
        ),
    )
    # floor lamp
    shine = stage.shine()
    canvas.drawLine(770, 760, 770, 1560, stroke(dim(stage, (70, 56, 50), 0.6), 11))
    canvas.drawPath(
        path("M 690 790 L 720 610 L 820 610 L 850 790 Z"),
        linear(
            (690, 0),
            (850, 0),
            [
                ink(mix(stage.lamp, (120, 80, 50), 0.35)),
                ink(mix(stage.lamp, (255, 255, 255), 0.35 * shine)),
                ink(mix(stage.lamp, (120, 70, 40), 0.5)),
            ],
            [0, 0.45, 1],
        ),
    )
    glow(canvas, 770, 740, 470, stage.lamp, 0.62 * shine)
    canvas.drawPath(
        path("M 690 790 L 850 790 L 1030 1330 L 520 1330 Z"),
        linear(
            (0, 790),
            (0, 1330),
            [ink(stage.lamp, 0.26 * shine), ink(stage.lamp, 0)],
            blur=20,
            blend=skia.BlendMode.kScreen,
        ),
    )


def _draw_near(canvas: skia.Canvas, stage: Stage) -> None:
    wood = dim(stage, mix(stage.accent, (86, 52, 36), 0.6), 0.42)
    top = 1716
    canvas.drawRect(
        rect(-OVERSCAN - 60, top, WIDTH + 2 * OVERSCAN + 120, 420),
        linear(
            (0, top),
            (0, top + 280),
            [ink(mix(wood, stage.lamp, 0.3)), ink(wood), ink(mix(wood, (6, 2, 8), 0.8))],
            [0, 0.15, 1],
        ),
    )
    canvas.drawRect(
        rect(-OVERSCAN - 60, top, WIDTH + 2 * OVERSCAN + 120, 8),
        fill(mix(stage.lamp, (255, 255, 255), 0.3), 0.6, blur=2.5),
    )
    leaf, bloom = dim(stage, (92, 130, 84), 0.5), dim(stage, mix(stage.accent, (236, 150, 150), 0.5), 0.62)
    for i in range(9):
        lean = (i - 4) * 26
        tip = (120 + lean * 1.5, top - 330 + abs(lean) * 0.9 + (i % 3) * 26)
        canvas.drawPath(
            blade((120, top - 60), (120 + lean * 0.4, top - 200), tip, 20),
            fill(mix(leaf, (0, 0, 0), 0.2 if i % 2 else 0.4)),
        )
        if i % 2 == 0:
            for turn in range(5):
                canvas.save()
                canvas.translate(*tip)
                canvas.rotate(turn * 72 + i * 20)
                canvas.drawOval(
                    rect(-17, -44, 34, 44),
                    linear((0, -44), (0, 0), [ink(mix(bloom, (255, 246, 236), 0.45)), ink(bloom)]),
                )
                canvas.restore()
            canvas.drawCircle(*tip, 10, fill(mix(stage.lamp, bloom, 0.3)))
    canvas.drawPath(
        path(
            f"M 70 {top - 100} C 40 {top - 40} 36 {top + 40} 76 {top + 60} L 166 {top + 60}"
            f" C 204 {top + 40} 200 {top - 40} 170 {top - 100} Z"
        ),
        linear((40, 0), (200, 0), [ink((214, 226, 236), 0.92), ink((150, 176, 196), 0.85), ink((70, 86, 110), 0.95)]),
    )


SCENERY = Scenery(
    (
        Plane("far", 0.05, 0.28, _draw_far, outdoors=True),
        Plane("wall", 0.20, 0.40, _draw_wall),
        Plane("middle", 0.36, 0.66, _draw_middle),
        Plane("near", 0.95, 1.26, _draw_near, top=1240),
    ),
    candles=(1010.0, 880.0),
)
