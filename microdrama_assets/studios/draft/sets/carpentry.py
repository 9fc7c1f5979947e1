"""What rooms are built of: walls, floors, windows, doors, panels, tables. Everything is lit from the upper left."""

from __future__ import annotations

import random

import skia

from microdrama_assets.studios.draft.ink import BLACK, WHITE, Colour, fill, ink, linear, mix, path, rect, rgb, stroke
from microdrama_assets.studios.draft.sets.stage import HEIGHT, OVERSCAN, SKIES, WIDTH, Stage, dim, everything

SHADOW: Colour = (6.0, 4.0, 14.0)


def board(
    canvas: skia.Canvas,
    stage: Stage,
    x: float,
    y: float,
    w: float,
    h: float,
    colour: Colour,
    *,
    corner: float = 0.0,
    upright: bool = False,
    gloss: float = 0.22,
) -> None:
    """A solid thing with one lit and one dark side: lit from the left if `upright`, else from above."""
    end = (x + w, y) if upright else (x, y + h)
    paint = linear(
        (x, y), end, [ink(mix(colour, stage.lamp, gloss)), ink(colour), ink(mix(colour, SHADOW, 0.5))], [0, 0.4, 1]
    )
    canvas.drawRoundRect(rect(x, y, w, h), corner, corner, paint)
    canvas.drawLine(x + corner, y + 1.5, x + w - corner, y + 1.5, stroke(mix(colour, stage.lamp, 0.6), 3, 0.55))


def shadow_under(canvas: skia.Canvas, x: float, y: float, w: float, h: float = 46.0, strength: float = 0.5) -> None:
    """The soft dark that stands a thing on its floor."""
    canvas.drawOval(rect(x, y - h / 2, w, h), fill(BLACK, strength, blur=h * 0.36))


def wall(canvas: skia.Canvas, stage: Stage, colour: Colour, floor_y: float = 1300.0, floor_of: float = 0.42) -> Colour:
    """The back wall, brighter where lamps hang, with its skirting board. Returns its colour at this hour."""
    tone = dim(stage, colour, floor_of)
    shades = [ink(mix(tone, SHADOW, 0.30)), ink(mix(tone, stage.lamp, 0.10)), ink(tone), ink(mix(tone, SHADOW, 0.42))]
    canvas.drawRect(everything(), linear((0, -OVERSCAN), (180, floor_y), shades, [0, 0.34, 0.7, 1]))
    board(canvas, stage, -OVERSCAN, floor_y - 30, WIDTH + 2 * OVERSCAN, 34, mix(tone, SHADOW, 0.25))
    return tone


def floor(canvas: skia.Canvas, stage: Stage, y: float, colour: Colour, kind: str = "boards") -> None:
    """A floor running away to the back wall at `y`: `boards`, `tiles` or `plain`, with the window's sheen on it."""
    tone = dim(stage, colour, 0.42)
    sky = rgb(SKIES[stage.time][2])
    canvas.drawRect(
        rect(-OVERSCAN, y, WIDTH + 2 * OVERSCAN, HEIGHT),
        linear((0, y), (0, HEIGHT), [ink(mix(tone, sky, 0.20)), ink(tone), ink(mix(tone, SHADOW, 0.62))], [0, 0.3, 1]),
    )
    if kind == "plain":
        return
    for i in range(-9, 10):
        canvas.drawLine(540 + i * 84, y, 540 + i * 330, HEIGHT + OVERSCAN, stroke(BLACK, 3.5, 0.22))
    if kind == "tiles":
        for i in range(7):
            at = y + (HEIGHT + OVERSCAN - y) * (i / 7) ** 1.7
            canvas.drawLine(-OVERSCAN, at, WIDTH + OVERSCAN, at, stroke(BLACK, 2 + i * 0.7, 0.20))


def panelling(
    canvas: skia.Canvas,
    stage: Stage,
    x: float,
    y: float,
    w: float,
    h: float,
    colour: Colour,
    columns: int,
    rows: int = 1,
) -> None:
    """A wainscot of raised panels."""
    tone = dim(stage, colour, 0.46)
    board(canvas, stage, x, y, w, h, tone, gloss=0.12)
    cell_w, cell_h = w / columns, h / rows
    for i in range(columns):
        for j in range(rows):
            left, top = x + i * cell_w + cell_w * 0.10, y + j * cell_h + cell_h * 0.10
            area = rect(left, top, cell_w * 0.80, cell_h * 0.80)
            canvas.drawRect(
                area,
                linear(
                    (left, top),
                    (left, top + cell_h * 0.8),
                    [ink(mix(tone, SHADOW, 0.34)), ink(mix(tone, stage.lamp, 0.10))],
                ),
            )
            canvas.drawRect(area, stroke(mix(tone, SHADOW, 0.6), 4, 0.8))
            canvas.drawLine(
                left,
                top + cell_h * 0.8,
                left + cell_w * 0.8,
                top + cell_h * 0.8,
                stroke(mix(tone, stage.lamp, 0.5), 3, 0.5),
            )


def window(
    canvas: skia.Canvas,
    stage: Stage,
    x: float,
    y: float,
    w: float,
    h: float,
    colour: Colour,
    columns: int = 2,
    rows: int = 2,
) -> None:
    """Cuts a hole through the wall drawn so far, so that the plane outside shows, and frames it."""
    clear = skia.Paint(BlendMode=skia.BlendMode.kClear)
    canvas.drawRect(rect(x, y, w, h), clear)
    canvas.drawPath(
        path(f"M {x + w * 0.1} {y} L {x + w * 0.34} {y} L {x + w * 0.02} {y + h} L {x} {y + h} L {x} {y + h * 0.42} Z"),
        fill(WHITE, 0.06),
    )
    tone = dim(stage, colour, 0.46)
    for i in range(columns + 1):
        board(canvas, stage, x + w * i / columns - 9, y - 14, 18, h + 28, tone, upright=True)
    for j in range(rows + 1):
        board(canvas, stage, x - 14, y + h * j / rows - 9, w + 28, 18, tone)
    board(canvas, stage, x - 40, y + h + 10, w + 80, 28, tone)
    canvas.drawRect(
        rect(x - 40, y + h + 38, w + 80, 40),
        linear((0, y + h + 38), (0, y + h + 78), [ink(BLACK, 0.34), ink(BLACK, 0)]),
    )


def window_light(canvas: skia.Canvas, stage: Stage, x: float, y: float, w: float, h: float, reach: float) -> None:
    """The shaft that falls from a window into the room; by night hardly any."""
    sky = rgb(SKIES[stage.time][2])
    strength = 0.20 * (1 - 0.75 * stage.dark)
    canvas.drawPath(
        path(f"M {x} {y} L {x + w} {y} L {x + w + reach} {y + h + abs(reach)} L {x + reach} {y + h + abs(reach)} Z"),
        linear(
            (x, y),
            (x + reach, y + h + abs(reach)),
            [ink(sky, strength), ink(sky, 0.02)],
            blur=30,
            blend=skia.BlendMode.kScreen,
        ),
    )


def blinds(
    canvas: skia.Canvas, stage: Stage, x: float, y: float, w: float, h: float, colour: Colour, drop: float = 1.0
) -> None:
    """Slats over a window, let down by a share of its height."""
    tone = dim(stage, colour, 0.5)
    count = round(h * drop / 30)
    for i in range(count):
        top = y + i * 30
        canvas.drawRect(
            rect(x, top, w, 17),
            linear((0, top), (0, top + 17), [ink(mix(tone, WHITE, 0.25), 0.95), ink(mix(tone, SHADOW, 0.4), 0.95)]),
        )
    for share in (0.2, 0.8):
        canvas.drawLine(x + w * share, y, x + w * share, y + h * drop, stroke(mix(tone, SHADOW, 0.5), 3, 0.7))


def curtain(canvas: skia.Canvas, stage: Stage, x: float, y: float, w: float, h: float, colour: Colour) -> None:
    """Hanging folds."""
    tone = dim(stage, colour, 0.44)
    folds = max(3, round(w / 30))
    step = w / folds
    for i in range(folds):
        left = x + i * step
        sway = 9 * (-1) ** i
        canvas.drawPath(
            path(
                f"M {left} {y} C {left + 5} {y + h * 0.35} {left - 4 + sway} {y + h * 0.7} {left + sway} {y + h}"
                f" L {left + step + 4 + sway} {y + h}"
                f" C {left + step + 8 + sway} {y + h * 0.7} {left + step - 4} {y + h * 0.35} {left + step + 2} {y} Z"
            ),
            linear(
                (left, 0),
                (left + step, 0),
                [ink(mix(tone, SHADOW, 0.42)), ink(mix(tone, stage.lamp, 0.22)), ink(mix(tone, SHADOW, 0.34))],
                [0, 0.45, 1],
            ),
        )


def door(
    canvas: skia.Canvas, stage: Stage, x: float, y: float, w: float, h: float, colour: Colour, *, glazed: bool = False
) -> None:
    """A door in its frame."""
    tone = dim(stage, colour, 0.46)
    board(canvas, stage, x - 22, y - 22, w + 44, h + 22, mix(tone, SHADOW, 0.35), upright=True)
    board(canvas, stage, x, y, w, h, tone, upright=True)
    for top, high in ((0.07, 0.38), (0.52, 0.40)):
        area = rect(x + w * 0.14, y + h * top, w * 0.72, h * high)
        if glazed and top < 0.5:
            pane = mix(stage.lamp, (220, 236, 240), 0.6)
            canvas.drawRect(area, fill(mix(tone, pane, 0.55 + 0.25 * stage.dark)))
            canvas.drawPath(
                path(
                    f"M {x + w * 0.2} {y + h * 0.4} L {x + w * 0.5} {y + h * 0.08} L {x + w * 0.62}"
                    f" {y + h * 0.08} L {x + w * 0.3} {y + h * 0.44} Z"
                ),
                fill(WHITE, 0.22),
            )
        else:
            canvas.drawRect(area, fill(mix(tone, SHADOW, 0.18)))
        canvas.drawRect(area, stroke(mix(tone, SHADOW, 0.55), 4, 0.8))
    canvas.drawCircle(x + w * 0.88, y + h * 0.5, 10, fill(mix((214, 190, 130), stage.lamp, 0.3)))


def picture(canvas: skia.Canvas, stage: Stage, x: float, y: float, w: float, h: float, hue: Colour) -> None:
    """A framed landscape."""
    canvas.drawRect(rect(x + 7, y + 10, w, h), fill(BLACK, 0.35, blur=9))
    canvas.drawRect(rect(x, y, w, h), fill(dim(stage, (46, 34, 32), 0.6)))
    art = dim(stage, mix(hue, stage.accent, 0.3), 0.5)
    canvas.drawRect(
        rect(x + 13, y + 13, w - 26, h - 26),
        linear((x, y), (x + w, y + h), [ink(mix(art, (255, 246, 230), 0.45)), ink(art)]),
    )
    canvas.drawPath(
        path(
            f"M {x + 13} {y + h * 0.72} C {x + w * 0.35} {y + h * 0.45} {x + w * 0.6} {y + h * 0.8} {x + w - 13}"
            f" {y + h * 0.52} L {x + w - 13} {y + h - 13} L {x + 13} {y + h - 13} Z"
        ),
        fill(mix(art, (30, 30, 60), 0.45), 0.8),
    )


def books(
    canvas: skia.Canvas,
    stage: Stage,
    x: float,
    y: float,
    w: float,
    h: float,
    seed: int,
    hues: tuple[Colour, ...] = ((170, 70, 60), (60, 90, 120), (210, 180, 120), (70, 110, 90), (130, 90, 130)),
) -> None:
    """One board of a bookcase, `y` its foot, filled with spines."""
    dice = random.Random(seed)
    canvas.drawRect(rect(x, y - h, w, h), fill(SHADOW, 0.55))
    at = x + 5
    while at < x + w - 12:
        wide, high = min(dice.uniform(15, 32), x + w - 4 - at), h * dice.uniform(0.62, 0.93)
        hue = dim(stage, mix(dice.choice(hues), stage.accent, 0.15), 0.5)
        canvas.drawRect(
            rect(at, y - high, wide, high),
            linear((at, 0), (at + wide, 0), [ink(mix(hue, stage.lamp, 0.25)), ink(mix(hue, BLACK, 0.35))]),
        )
        canvas.drawLine(at + 3, y - high * 0.8, at + wide - 3, y - high * 0.8, stroke(stage.lamp, 2.5, 0.25))
        at += wide + 2
    board(canvas, stage, x - 6, y, w + 12, 14, dim(stage, mix(stage.accent, (74, 46, 34), 0.65), 0.5))


def near_edge(canvas: skia.Canvas, stage: Stage, top: float, colour: Colour) -> None:
    """The edge of a table or counter right before the lens, from side to side."""
    tone = dim(stage, colour, 0.46)
    left, width = -OVERSCAN - 60, WIDTH + 2 * OVERSCAN + 120
    canvas.drawRect(
        rect(left, top, width, 460),
        linear(
            (0, top),
            (0, top + 300),
            [ink(mix(tone, stage.lamp, 0.28)), ink(tone), ink(mix(tone, SHADOW, 0.82))],
            [0, 0.15, 1],
        ),
    )
    canvas.drawRect(rect(left, top, width, 8), fill(mix(stage.lamp, WHITE, 0.3), 0.6, blur=2.5))
