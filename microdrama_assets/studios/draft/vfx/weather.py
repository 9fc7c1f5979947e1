"""Rain, snow and fog as sheets of light that repeat at their edges: one behind people, one before the lens."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import numpy as np
import skia

from microdrama_assets.schemas.series import Weather
from microdrama_assets.studios.draft.ink import WHITE, Colour, Sheet, fill, mix, radial, stroke
from microdrama_assets.studios.draft.ink import ink as tone
from microdrama_assets.studios.draft.layout import Layer, Loop
from microdrama_assets.studios.draft.sets.stage import Stage, haze_of

Painter = Callable[[skia.Canvas, random.Random], None]
RAIN: Colour = (196.0, 214.0, 240.0)


def weather_sheets(stage: Stage, *, behind: bool) -> list[tuple[Layer, np.ndarray]]:
    """The layers of the stage's weather, none where it is clear. `behind`: those that fall beyond the people."""
    made = {"rain": _rain, "snow": _snow, "fog": _fog}.get(stage.weather)
    return [] if made is None else [made(stage, behind)]


def _rain(stage: Stage, behind: bool) -> tuple[Layer, np.ndarray]:
    light = 0.55 + 0.45 * stage.dark
    count, length, width, alpha = (300, 64, 2.0, 0.34) if behind else (46, 190, 3.6, 0.30)
    drift = (-7, 61) if behind else (-14, 118)

    def draw(canvas: skia.Canvas, dice: random.Random) -> None:
        slope = drift[0] / drift[1]
        for _ in range(count):
            x, y, long = dice.random() * 720, dice.random() * 960, length * dice.uniform(0.6, 1.3)
            pen = stroke(
                RAIN,
                width * dice.uniform(0.7, 1.3),
                alpha * light * dice.uniform(0.5, 1.0),
                blur=0.0 if behind else 1.4,
            )
            for dx, dy in _around(720, 960):
                canvas.drawLine(x + dx, y + dy, x + dx + slope * long, y + dy + long, pen)

    return _sheet("rain", behind, (720, 960), 1.0, drift, draw)


def _snow(stage: Stage, behind: bool) -> tuple[Layer, np.ndarray]:
    count, least, most, alpha = (130, 2.0, 4.6, 0.75) if behind else (26, 6.0, 13.0, 0.62)
    drift = (-2, 5) if behind else (-4, 10)

    def draw(canvas: skia.Canvas, dice: random.Random) -> None:
        for _ in range(count):
            x, y, r = dice.random() * 720, dice.random() * 960, dice.uniform(least, most)
            paint = fill(mix(WHITE, (190, 206, 255), 0.3 * stage.dark), alpha * dice.uniform(0.4, 1.0), blur=r * 0.3)
            for dx, dy in _around(720, 960):
                canvas.drawCircle(x + dx, y + dy, r, paint)

    return _sheet("snow", behind, (720, 960), 0.5 if not behind else 1.0, drift, draw)


def _fog(stage: Stage, behind: bool) -> tuple[Layer, np.ndarray]:
    air, _ = haze_of(stage)
    strength = 0.15 if behind else 0.11

    def draw(canvas: skia.Canvas, dice: random.Random) -> None:
        for _ in range(26):
            x, y = dice.random() * 1440, 1920 * (0.25 + 0.72 * math.sqrt(dice.random()))
            r, share = dice.uniform(200, 420), strength * dice.uniform(0.3, 1.0)
            for dx in (-1440, 0, 1440):
                canvas.save()
                canvas.translate(x + dx, y)
                canvas.scale(1.0, 0.42)
                canvas.drawCircle(
                    0,
                    0,
                    r,
                    radial(
                        (0, 0),
                        r,
                        [tone(air, share), tone(air, share * 0.4), tone(air, 0)],
                        [0, 0.5, 1],
                        blend=skia.BlendMode.kPlus,
                    ),
                )
                canvas.restore()

    return _sheet("fog", behind, (1440, 1920), 0.125, (2, 0) if behind else (-3, 0), draw)


def _around(width: int, height: int) -> list[tuple[int, int]]:
    """Where a mark is drawn again, so that the sheet continues at its edges."""
    return [(dx, dy) for dx in (-width, 0, width) for dy in (-height, 0, height)]


def _sheet(
    kind: Weather, behind: bool, size: tuple[int, int], scale: float, drift: tuple[int, int], draw: Painter
) -> tuple[Layer, np.ndarray]:
    return drifting(f"{kind}_{'behind' if behind else 'front'}", 0.30 if behind else 0.98, size, scale, drift, draw)


def drifting(
    name: str, depth: float, size: tuple[int, int], scale: float, drift: tuple[int, int], draw: Painter
) -> tuple[Layer, np.ndarray]:
    """A sheet of `size` frame pixels, drawn at `scale`, that drifts by `drift` pixels in every frame."""
    sheet = Sheet(round(size[0] * scale), round(size[1] * scale), scale)
    draw(sheet.canvas, random.Random(name))
    layer = Layer(
        name=name,
        plate=f"plates/{name}.png",
        depth=depth,
        parallax=0.0,
        x=0.0,
        y=0.0,
        scale=scale,
        loop=Loop(drift=drift, glows=True),
    )
    return layer, as_light(sheet.pixels)


def as_light(pixels: np.ndarray) -> np.ndarray:
    """Light on black: what a plate of light is stored as, since its alpha means nothing."""
    light = pixels.copy()
    light[..., 3] = 255
    return light
