"""What stands under the sky: ground in every weather, trees, house fronts, railings."""

from __future__ import annotations

import random

import skia

from microdrama_assets.studios.draft.ink import BLACK, WHITE, Colour, fill, glow, ink, linear, mix, path, rect, stroke
from microdrama_assets.studios.draft.sets.carpentry import SHADOW, board
from microdrama_assets.studios.draft.sets.stage import HEIGHT, OVERSCAN, WIDTH, Stage, dim, haze_of, sky_of

SNOW: Colour = (226.0, 234.0, 248.0)
LEFT, SPAN = -OVERSCAN, WIDTH + 2 * OVERSCAN


def snowed(stage: Stage, colour: Colour, share: float = 0.8) -> Colour:
    """A surface that faces the sky: white where it snows."""
    return mix(colour, dim(stage, SNOW, 0.60), share) if stage.weather == "snow" else colour


def snow_cap(canvas: skia.Canvas, stage: Stage, x: float, y: float, w: float, high: float = 16.0) -> None:
    """Snow lying on a ledge that ends at `y`; nothing in other weathers."""
    if stage.weather == "snow":
        canvas.drawRoundRect(rect(x - 4, y - high * 0.7, w + 8, high), high / 2, high / 2, fill(dim(stage, SNOW, 0.66)))


def ground(canvas: skia.Canvas, stage: Stage, y: float, colour: Colour, *, wet: bool | None = None) -> None:
    """Ground from the horizon at `y` to the lens, taking on the sky far away. Wet ground mirrors the lights."""
    tone = snowed(stage, dim(stage, colour, 0.36))
    air, _ = haze_of(stage)
    shades = [ink(mix(tone, air, 0.5)), ink(tone), ink(mix(tone, SHADOW, 0.55))]
    canvas.drawRect(rect(LEFT, y, SPAN, HEIGHT + OVERSCAN - y + 40), linear((0, y), (0, HEIGHT), shades, [0, 0.3, 1]))
    if stage.weather == "rain" if wet is None else wet:
        shine = mix(stage.lamp, sky_of(stage)[2], 0.5)
        dice = random.Random(17)
        for _ in range(70):
            at = y + 16 + (HEIGHT - y) * dice.random() ** 1.5
            wide = 24 + (at - y) * 0.34
            canvas.drawOval(
                rect(dice.uniform(-90, WIDTH + 60), at, wide, 4 + wide * 0.06),
                fill(shine, 0.07 + 0.13 * stage.dark, blur=2.5, blend=skia.BlendMode.kScreen),
            )


def mirror(
    canvas: skia.Canvas, stage: Stage, x: float, y: float, w: float, h: float, colour: Colour, strength: float = 0.3
) -> None:
    """A light's long path over wet ground or water."""
    canvas.drawPath(
        path(f"M {x - w * 0.3} {y} L {x + w * 0.3} {y} L {x + w} {y + h} L {x - w} {y + h} Z"),
        linear((x, y), (x, y + h), [ink(colour, strength), ink(colour, 0.0)], blur=18, blend=skia.BlendMode.kScreen),
    )


def tree(
    canvas: skia.Canvas, stage: Stage, x: float, foot: float, high: float, seed: int, hue: Colour = (62, 104, 66)
) -> None:
    """A broad tree: trunk, dark underside, leaves in clumps that catch the light from the left."""
    dice = random.Random(seed)
    bark = dim(stage, (78, 58, 48), 0.4)
    w = high * 0.045
    canvas.drawPath(
        path(
            f"M {x - w} {foot} C {x - w * 0.6} {foot - high * 0.3} {x - w * 0.7} {foot - high * 0.5}"
            f" {x - w * 0.2} {foot - high * 0.7} L {x + w * 0.5} {foot - high * 0.7}"
            f" C {x + w * 0.6} {foot - high * 0.4} {x + w * 0.9} {foot - high * 0.2} {x + w * 1.4} {foot}"
            " Z"
        ),
        linear((x - w, 0), (x + w, 0), [ink(mix(bark, stage.lamp, 0.2)), ink(mix(bark, SHADOW, 0.5))]),
    )
    leaf = snowed(stage, dim(stage, hue, 0.36), 0.55)
    for layer, (share, tone) in enumerate(
        ((1.0, mix(leaf, SHADOW, 0.5)), (0.86, leaf), (0.6, mix(leaf, mix(stage.lamp, (255, 255, 220), 0.4), 0.24)))
    ):
        for _ in range(15):
            r = high * dice.uniform(0.07, 0.15) * (1.1 - layer * 0.2)
            cx = x + dice.uniform(-0.30, 0.30) * high * share - layer * high * 0.025
            cy = foot - high * (0.74 + dice.uniform(-0.20, 0.20) * share) - layer * high * 0.03
            canvas.drawOval(rect(cx - r, cy - r * 0.8, 2 * r, r * 1.6), fill(tone, 0.92, blur=3))


def hedge(canvas: skia.Canvas, stage: Stage, y: float, high: float, seed: int, hue: Colour = (58, 92, 64)) -> None:
    """A bank of bushes from side to side, its tops about `y`."""
    dice = random.Random(seed)
    leaf = snowed(stage, dim(stage, hue, 0.34), 0.5)
    canvas.drawRect(rect(LEFT, y + high * 0.3, SPAN, high * 0.7), fill(mix(leaf, SHADOW, 0.45)))
    for tone, lift in ((mix(leaf, SHADOW, 0.3), 0.0), (leaf, 8.0)):
        at = float(LEFT)
        while at < WIDTH + OVERSCAN:
            r = dice.uniform(0.4, 0.75) * high
            canvas.drawOval(rect(at - r, y + lift, 2 * r, high * 1.2), fill(tone, blur=2))
            at += r * dice.uniform(0.7, 1.2)


def railing(canvas: skia.Canvas, stage: Stage, y: float, foot: float, colour: Colour, gap: float = 92.0) -> None:
    """An iron railing from side to side."""
    iron = dim(stage, colour, 0.42)
    for i in range(int(SPAN / gap) + 2):
        x = LEFT + i * gap
        canvas.drawLine(x, y, x, foot, stroke(iron, 9))
        canvas.drawLine(x - 2, y, x - 2, foot, stroke(mix(iron, stage.lamp, 0.4), 2.5, 0.7))
    for at in (y, y + (foot - y) * 0.5):
        board(canvas, stage, LEFT, at - 9, SPAN, 18, iron)
    snow_cap(canvas, stage, LEFT, y - 8, SPAN, 14)


def front(
    canvas: skia.Canvas, stage: Stage, side: int, colour: Colour, seed: int, horizon: float, shop: Colour | None = None
) -> None:
    """One side of a street in perspective; `side` -1 left, 1 right. `shop` lights a row of shop windows."""
    dice = random.Random(seed)
    canvas.save()
    canvas.translate(WIDTH / 2, 0)
    canvas.scale(-side, 1)
    tone = dim(stage, colour, 0.40)
    near, end = -WIDTH / 2 - OVERSCAN - 90, -150.0
    air, thick = haze_of(stage)
    canvas.drawPath(
        path(f"M {near} -{OVERSCAN + 500} L {end} 380 L {end} {horizon + 12} L {near} {HEIGHT - 60} Z"),
        linear(
            (near, 0),
            (end, 0),
            [ink(mix(tone, SHADOW, 0.45)), ink(tone), ink(mix(tone, air, 0.35 + thick * 0.5))],
            [0, 0.6, 1],
        ),
    )

    def at(u: float, v: float) -> tuple[float, float]:
        """u: 0 near .. 1 far; v: 0 at the ground .. 1 at the eaves near the lens."""
        x = near + (end - near) * u
        k = 1 - u * (1 - 0.16)
        return x, horizon + (HEIGHT - 60 - horizon) * k - v * 2300 * k

    for u0, u1 in ((0.02, 0.20), (0.25, 0.41), (0.46, 0.59), (0.63, 0.74), (0.78, 0.87), (0.90, 0.97)):
        for v0, v1 in ((0.54, 0.69), (0.77, 0.92)):
            corners = (at(u0 + 0.03, v0), at(u1, v0), at(u1, v1), at(u0 + 0.03, v1))
            lit = dice.random() < 0.18 + 0.42 * stage.dark and "windows" in stage.design.practicals
            pane = mix(stage.lamp, (255, 240, 210), 0.3) if lit else mix(tone, sky_of(stage)[1], 0.35)
            shape = "M " + " L ".join(f"{x:.1f} {y:.1f}" for x, y in corners) + " Z"
            canvas.drawPath(path(shape), fill(pane, 0.30 + 0.6 * stage.dark if lit else 0.75))
            canvas.drawPath(path(shape), stroke(mix(tone, SHADOW, 0.5), 7 * (1.1 - u0)))
            (sx, sy), (ex, ey) = corners[0], corners[1]
            canvas.drawLine(sx, sy, ex, ey, stroke(mix(snowed(stage, tone), WHITE, 0.2), 9 * (1.1 - u0)))
        if shop is not None:
            corners = (at(u0, 0.05), at(u1 + 0.02, 0.05), at(u1 + 0.02, 0.36), at(u0, 0.36))
            shape = "M " + " L ".join(f"{x:.1f} {y:.1f}" for x, y in corners) + " Z"
            bright = stage.shine("windows")
            pane = mix(stage.lamp, shop, dice.uniform(0.1, 0.6))
            (lx, ly), (rx, ry) = corners[0], corners[2]
            canvas.drawPath(
                path(shape),
                linear(
                    (lx, ry),
                    (lx, ly),
                    [
                        ink(mix(tone, pane, 0.30 + 0.7 * bright)),
                        ink(mix(mix(tone, pane, 0.2 + 0.5 * bright), SHADOW, 0.3)),
                    ],
                ),
            )
            canvas.drawPath(path(shape), stroke(mix(tone, SHADOW, 0.65), 9 * (1.1 - u0)))
            glow(canvas, (lx + rx) / 2, (ly + ry) / 2, 250 * (1.2 - u0), pane, 0.34 * bright)
            awning = (at(u0 - 0.02, 0.355), at(u1 + 0.04, 0.355), at(u1 + 0.02, 0.43), at(u0, 0.43))
            shape = "M " + " L ".join(f"{x:.1f} {y:.1f}" for x, y in awning) + " Z"
            hue = dim(stage, mix(stage.accent, dice.choice([(170, 50, 60), (40, 90, 100), (210, 150, 70)]), 0.5), 0.45)
            canvas.drawPath(path(shape), fill(snowed(stage, hue, 0.6)))
    canvas.restore()


def car_body(canvas: skia.Canvas, stage: Stage, x: float, y: float, w: float, colour: Colour) -> None:
    """A parked car seen from behind, its wheels at `y`."""
    h = w * 0.72
    tone = dim(stage, colour, 0.42)
    canvas.drawOval(rect(x - w * 0.06, y - h * 0.08, w * 1.12, h * 0.16), fill(BLACK, 0.55, blur=14))
    for at in (0.10, 0.72):
        canvas.drawRoundRect(rect(x + w * at, y - h * 0.24, w * 0.18, h * 0.24), 10, 10, fill((14, 14, 18)))
    canvas.drawPath(
        path(
            f"M {x + w * 0.17} {y - h * 0.58} L {x + w * 0.26} {y - h * 0.95} Q {x + w * 0.5} {y - h * 1.03}"
            f" {x + w * 0.74} {y - h * 0.95} L {x + w * 0.83} {y - h * 0.58} Z"
        ),
        fill(snowed(stage, mix(tone, SHADOW, 0.2), 0.5)),
    )
    canvas.drawPath(
        path(
            f"M {x + w * 0.24} {y - h * 0.60} L {x + w * 0.31} {y - h * 0.88} L {x + w * 0.69}"
            f" {y - h * 0.88} L {x + w * 0.76} {y - h * 0.60} Z"
        ),
        linear((x, y - h), (x + w, y - h * 0.5), [ink(mix(sky_of(stage)[2], (20, 24, 40), 0.4)), ink((16, 18, 30))]),
    )
    board(canvas, stage, x, y - h * 0.60, w, h * 0.46, tone, corner=w * 0.10)
    for at in (0.04, 0.76):
        canvas.drawRoundRect(rect(x + w * at, y - h * 0.50, w * 0.20, h * 0.11), 8, 8, fill((226, 40, 44)))
        glow(canvas, x + w * (at + 0.10), y - h * 0.45, w * 0.4, (255, 50, 40), 0.45 * stage.dark)
    canvas.drawRect(rect(x + w * 0.37, y - h * 0.36, w * 0.26, h * 0.10), fill(mix(tone, (230, 230, 220), 0.7)))
