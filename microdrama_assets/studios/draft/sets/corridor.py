"""A corridor running away from the lens: panels of light, doors on both sides, a lit pane at its end."""

from __future__ import annotations

import skia

from microdrama_assets.studios.draft.ink import BLACK, Colour, fill, glow, ink, linear, mix, path, rect, stroke
from microdrama_assets.studios.draft.sets.carpentry import SHADOW, board
from microdrama_assets.studios.draft.sets.lamps import ceiling_panel
from microdrama_assets.studios.draft.sets.outdoors import mirror
from microdrama_assets.studios.draft.sets.stage import (
    HEIGHT,
    OVERSCAN,
    WIDTH,
    Plane,
    Scenery,
    Stage,
    dim,
    draw_neon,
    everything,
)

EYE = (540.0, 760.0)
"""The vanishing point."""
END = (390.0, 560.0, 300.0, 480.0)
"""The far wall."""


def _slice(share: float) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the corridor's section: 0 at the far wall, 1 at the lens."""
    x, y, w, h = END
    reach = share**1.6
    left, top = x + (-OVERSCAN - 60 - x) * reach, y + (-OVERSCAN - 300 - y) * reach
    right, bottom = x + w + (WIDTH + OVERSCAN + 60 - x - w) * reach, y + h + (HEIGHT + OVERSCAN + 60 - y - h) * reach
    return left, top, right, bottom


def _quad(canvas: skia.Canvas, points: list[tuple[float, float]], paint: skia.Paint) -> None:
    canvas.drawPath(path("M " + " L ".join(f"{x:.1f} {y:.1f}" for x, y in points) + " Z"), paint)


def _draw_far(canvas: skia.Canvas, stage: Stage) -> None:
    tone = dim(stage, mix((176, 182, 184), stage.base, 0.32), 0.40)
    canvas.drawRect(everything(), fill(tone))
    x, y, w, h = END
    canvas.drawRect(rect(x, y, w, h), linear((x, y), (x, y + h), [ink(mix(tone, stage.lamp, 0.35)), ink(tone)]))
    door = dim(stage, mix(stage.accent, (90, 100, 110), 0.4), 0.45)
    board(canvas, stage, x + 50, y + 110, 96, h - 110, door, upright=True)
    board(canvas, stage, x + 154, y + 110, 96, h - 110, door, upright=True)
    pane = mix(stage.lamp, (230, 244, 255), 0.5)
    for left in (x + 68, x + 172):
        canvas.drawRect(rect(left, y + 160, 60, 110), fill(pane, 0.92))
    glow(canvas, x + w / 2, y + 220, 330, pane, 0.42)
    left, top, right, bottom = _slice(1.0)
    ceiling, floor = mix(tone, SHADOW, 0.25), dim(stage, mix((120, 128, 132), stage.base, 0.3), 0.36)
    light, dark = mix(tone, stage.lamp, 0.16), mix(tone, SHADOW, 0.55)
    _quad(
        canvas,
        [(x, y), (x + w, y), (right, top), (left, top)],
        linear((0, y), (0, top), [ink(mix(ceiling, stage.lamp, 0.2)), ink(mix(ceiling, SHADOW, 0.5))]),
    )
    _quad(
        canvas,
        [(x, y + h), (x + w, y + h), (right, bottom), (left, bottom)],
        linear(
            (0, y + h),
            (0, HEIGHT),
            [ink(mix(floor, stage.lamp, 0.35)), ink(floor), ink(mix(floor, SHADOW, 0.6))],
            [0, 0.3, 1],
        ),
    )
    _quad(
        canvas,
        [(x, y), (x, y + h), (left, bottom), (left, top)],
        linear((x, 0), (left, 0), [ink(light), ink(tone), ink(dark)], [0, 0.4, 1]),
    )
    _quad(
        canvas,
        [(x + w, y), (x + w, y + h), (right, bottom), (right, top)],
        linear(
            (x + w, 0),
            (right, 0),
            [ink(mix(light, SHADOW, 0.12)), ink(mix(tone, SHADOW, 0.18)), ink(dark)],
            [0, 0.4, 1],
        ),
    )
    for i in range(1, 9):
        s = _slice(i / 8.5)
        canvas.drawLine(s[0], s[3], s[2], s[3], stroke(BLACK, 2 + i * 0.4, 0.18))
    for i in range(-2, 3):
        canvas.drawLine(540 + i * 62, y + h, 540 + i * 420, HEIGHT + OVERSCAN, stroke(BLACK, 3, 0.16))
    mirror(canvas, stage, 540, y + h, 230, HEIGHT - y - h, mix(stage.lamp, (255, 255, 255), 0.4), 0.34)


def _draw_middle(canvas: skia.Canvas, stage: Stage) -> None:
    rail = dim(stage, mix(stage.accent, (120, 110, 104), 0.45), 0.45)
    for side in (0, 1):
        for near, far in ((0.62, 0.50), (0.90, 0.72)):
            _side_door(canvas, stage, side, near, far, rail)
        a, b = _slice(0.18), _slice(1.0)
        ax, bx = (a[0], b[0]) if side == 0 else (a[2], b[2])
        for share in (0.60, 0.63):
            ay, by = a[1] + (a[3] - a[1]) * share, b[1] + (b[3] - b[1]) * share
            canvas.drawLine(ax, ay, bx, by, stroke(mix(rail, stage.lamp, 0.3), 9))
    for near, far in ((0.30, 0.20), (0.55, 0.42), (0.86, 0.70)):
        a, b = _slice(far), _slice(near)
        top, height = b[1] + (a[1] - b[1]) * 0.0, a[1] - b[1]
        wide = (b[2] - b[0]) * 0.36
        ceiling_panel(canvas, stage, 540 - wide / 2, top, wide, height, cool=0.75)
    if stage.design.sign:
        canvas.drawRoundRect(rect(430, 470, 220, 76), 8, 8, fill((12, 22, 18), 0.92))
        draw_neon(canvas, stage, stage.design.sign, 540, 526, 190, 48, (70, 255, 150))


def _side_door(canvas: skia.Canvas, stage: Stage, side: int, near: float, far: float, colour: Colour) -> None:
    a, b = _slice(far), _slice(near)
    ax, bx = (a[0], b[0]) if side == 0 else (a[2], b[2])

    def at(section: tuple[float, float, float, float], share: float) -> float:
        return section[1] + (section[3] - section[1]) * share

    points = [(ax, at(a, 0.30)), (ax, at(a, 0.985)), (bx, at(b, 0.985)), (bx, at(b, 0.30))]
    shade = mix(colour, SHADOW, 0.12 + 0.25 * side)
    _quad(canvas, points, linear((ax, 0), (bx, 0), [ink(mix(shade, stage.lamp, 0.22)), ink(mix(shade, SHADOW, 0.4))]))
    _quad(canvas, points, stroke(mix(shade, SHADOW, 0.6), 9))
    mid, inner = ax + (bx - ax) * 0.30, ax + (bx - ax) * 0.66
    m, n = _slice(far + (near - far) * 0.30), _slice(far + (near - far) * 0.66)
    pane = [(mid, at(m, 0.38)), (mid, at(m, 0.56)), (inner, at(n, 0.56)), (inner, at(n, 0.38))]
    lit = mix(mix(shade, stage.lamp, 0.35 + 0.4 * stage.shine("windows")), (220, 236, 245), 0.25)
    _quad(canvas, pane, fill(lit))


def _draw_near(canvas: skia.Canvas, stage: Stage) -> None:
    steel = dim(stage, mix(stage.accent, (120, 124, 130), 0.6), 0.36)
    board(
        canvas,
        stage,
        -OVERSCAN - 60,
        -OVERSCAN - 60,
        176,
        HEIGHT + 2 * OVERSCAN + 120,
        mix(steel, SHADOW, 0.5),
        upright=True,
    )
    board(
        canvas,
        stage,
        WIDTH - 10,
        -OVERSCAN - 60,
        190,
        HEIGHT + 2 * OVERSCAN + 120,
        mix(steel, SHADOW, 0.6),
        upright=True,
    )


SCENERY = Scenery(
    (
        Plane("far", 0.05, 0.40, _draw_far),
        Plane("middle", 0.34, 0.62, _draw_middle),
        Plane("near", 0.95, 1.28, _draw_near, top=-OVERSCAN),
    ),
    candles=(900.0, 1500.0),
    lights_y=250.0,
    table=((130, 138, 144), 0.85),
)
