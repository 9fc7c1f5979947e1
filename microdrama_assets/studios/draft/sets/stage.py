"""What every set shares: its planes, the sky of the hour, and painters for things that recur."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import skia

from microdrama_assets.schemas.series import Practical, SetDesign, TimeOfDay, Weather
from microdrama_assets.studios.draft.ink import (
    Colour,
    fill,
    glow,
    ink,
    linear,
    mix,
    path,
    radial,
    rect,
    rgb,
    softly,
    stroke,
)
from microdrama_assets.studios.fonts import typeface

OVERSCAN = 110
"""Frame pixels drawn beyond each edge, for the camera to move in."""
WIDTH, HEIGHT = 1080, 1920


@dataclass(frozen=True)
class Stage:
    """A set at an hour, in a weather. `dark`: 0 by day .. 1 at night."""

    design: SetDesign
    time: TimeOfDay
    weather: Weather
    dark: float
    base: Colour
    accent: Colour
    lamp: Colour
    font: Path | None

    def shine(self, practical: Practical = "lamps") -> float:
        """How strongly a light of the set shines, 0..1: not at all where it is switched off, little by day."""
        return 0.25 + 0.75 * self.dark if practical in self.design.practicals else 0.0


@dataclass(frozen=True)
class Plane:
    """One depth plane. `painter` draws in set coordinates (1080x1920 plus overscan), from `top` down. Planes that lie
    `outdoors` stand in the weather."""

    name: str
    depth: float
    parallax: float
    painter: Callable[[skia.Canvas, Stage], None]
    outdoors: bool = False
    top: int = -OVERSCAN


@dataclass(frozen=True)
class Scenery:
    """A kind of set: its planes, far to near; where candles may stand and a string of lights may hang; the colour of
    its tables, and how far it outweighs the palette's middle colour."""

    planes: tuple[Plane, ...]
    candles: tuple[float, float] = (870.0, 1290.0)
    lights_y: float = 330.0
    table: tuple[Colour, float] = ((86, 52, 36), 0.6)


_DARK: dict[TimeOfDay, float] = {"day": 0.0, "dawn": 0.45, "dusk": 0.65, "night": 1.0}
SKIES: dict[TimeOfDay, tuple[str, str, str]] = {
    "day": ("#6fb4e8", "#b5dcf3", "#eef5ee"),
    "dawn": ("#4d5b93", "#d99aa5", "#ffd8a8"),
    "dusk": ("#2f2a5c", "#b0506e", "#ff9d54"),
    "night": ("#070c20", "#14204a", "#3a2a5e"),
}


_GLOOM: dict[Weather, float] = {"clear": 0.0, "rain": 0.30, "snow": 0.12, "fog": 0.16}
"""How much of the day's light a weather takes."""


def stage_of(design: SetDesign, time: TimeOfDay, weather: Weather, font: Path | None) -> Stage:
    base, accent, lamp = (rgb(colour) for colour in design.palette)
    dark = _DARK[time] + (1 - _DARK[time]) * _GLOOM[weather]
    return Stage(design, time, weather, dark, base, accent, lamp, font)


def sky_of(stage: Stage) -> tuple[Colour, Colour, Colour]:
    """Top, middle and horizon of the sky; under clouds its colours meet."""
    top, middle, low = (rgb(colour) for colour in SKIES[stage.time])
    if stage.weather == "clear":
        return top, middle, low
    grey, deep_share = {"rain": (0.8, 0.45), "snow": (0.6, 0.08), "fog": (0.55, 0.05)}[stage.weather]
    cloud = mix(mix(middle, low, 0.5), (146, 152, 164), grey * (1 - 0.8 * _DARK[stage.time]))
    cover = {"rain": 0.80, "snow": 0.66, "fog": 0.85}[stage.weather]
    deep = mix(cloud, (24, 28, 42), deep_share)
    return mix(top, deep, cover), mix(middle, cloud, cover), mix(low, cloud, cover)


def haze_of(stage: Stage) -> tuple[Colour, float]:
    """The air's colour, and how much of it a thing at the horizon takes on."""
    _, middle, low = sky_of(stage)
    air = mix(middle, low, 0.6)
    thick = {"clear": 0.10, "rain": 0.30, "snow": 0.36, "fog": 0.5}[stage.weather]
    return mix(air, (214, 220, 230), 0.30 * (1 - stage.dark) if stage.weather in ("fog", "snow") else 0.0), thick


def everything() -> skia.Rect:
    return rect(-OVERSCAN, -OVERSCAN, WIDTH + 2 * OVERSCAN, HEIGHT + 2 * OVERSCAN)


def dim(stage: Stage, colour: Colour, floor: float = 0.42) -> Colour:
    """A surface colour as the hour leaves it: towards a night blue or the dusk's red."""
    night = tuple(value * floor for value in mix(colour, (70, 80, 150), 0.25))
    hour = mix(colour, night, stage.dark)  # type: ignore[arg-type]
    glow_of = {"dusk": (255, 140, 90), "dawn": (255, 180, 170)}.get(stage.time)
    hour = hour if glow_of is None else mix(hour, glow_of, 0.12)
    return tuple(value * 0.72 for value in hour) if stage.design.lighting == "dim" else hour  # type: ignore[return-value]


def draw_sky(canvas: skia.Canvas, stage: Stage, area: skia.Rect, seed: int = 7) -> None:
    """Sky with sun or moon, soft clouds or stars, clipped to `area`."""
    top, middle, low = sky_of(stage)
    dice = random.Random(seed)
    canvas.save()
    canvas.clipRect(area)
    x, y, w, h = area.left(), area.top(), area.width(), area.height()

    def air(soft: skia.Canvas) -> None:
        soft.drawPaint(linear((x, y), (x, y + h), [ink(top), ink(middle), ink(low)], [0, 0.6, 1]))
        if stage.weather != "clear":
            _draw_cloud_cover(soft, stage, area, dice)
        elif stage.time != "night":
            _draw_sun(soft, stage, area, dice)

    softly(canvas, air)
    if stage.weather == "clear" and stage.time == "night":
        for _ in range(40):
            canvas.drawCircle(
                x + dice.random() * w,
                y + dice.random() * h * 0.6,
                dice.uniform(0.8, 2.4),
                fill((230, 236, 255), dice.uniform(0.3, 0.9)),
            )
    canvas.restore()


def _draw_sun(canvas: skia.Canvas, stage: Stage, area: skia.Rect, dice: random.Random) -> None:
    low = sky_of(stage)[2]
    x, y, w, h = area.left(), area.top(), area.width(), area.height()
    sun = {"day": (0.78, 0.10), "dawn": (0.22, 0.80), "dusk": (0.74, 0.82)}[stage.time]
    glow(
        canvas,
        x + w * sun[0],
        y + h * sun[1],
        w * 0.75,
        rgb({"day": "#fffbe8", "dawn": "#ffd9a0", "dusk": "#ffb060"}[stage.time]),
        0.85,
    )
    for _ in range(7):
        cx, cy, r = x + dice.random() * w, y + dice.uniform(0.08, 0.62) * h, dice.uniform(60, 150)
        canvas.drawOval(
            rect(cx - r, cy - r * 0.16, 2 * r, r * 0.32), fill(mix(low, (255, 255, 255), 0.5), 0.35, blur=18)
        )


def _draw_cloud_cover(canvas: skia.Canvas, stage: Stage, area: skia.Rect, dice: random.Random) -> None:
    top, middle, low = sky_of(stage)
    x, y, w, h = area.left(), area.top(), area.width(), area.height()
    for i in range(16):
        cx, cy, r = x + dice.random() * w, y + h * (0.02 + 0.55 * i / 16), dice.uniform(0.16, 0.36) * w
        tone = mix(mix(top, middle, i / 16), (255, 255, 255) if i % 2 else (8, 8, 20), 0.10)
        canvas.drawOval(rect(cx - r, cy - r * 0.20, 2 * r, r * 0.40), fill(tone, 0.45, blur=r * 0.12))
    canvas.drawPaint(linear((x, y + h * 0.5), (x, y + h), [ink(low, 0.0), ink(low, 0.35)]))


def draw_skyline(canvas: skia.Canvas, stage: Stage, area: skia.Rect, seed: int, tall: float = 0.75) -> None:
    """Two rows of houses; windows are lit as the hour darkens."""
    dice = random.Random(seed)
    canvas.save()
    canvas.clipRect(area)
    x, y, w, h = area.left(), area.top(), area.width(), area.height()
    low = sky_of(stage)[2]
    for row, (share, haze) in enumerate(((tall, 0.55), (tall * 0.72, 0.25))):
        at = x - 30
        while at < x + w + 20:
            wide, high = dice.uniform(70, 150), h * share * dice.uniform(0.45, 1.0)
            wall = mix(dim(stage, mix((92, 96, 124), stage.base, 0.3), 0.30), low, haze)
            canvas.drawRect(
                rect(at, y + h - high, wide, high),
                linear((at, y + h - high), (at, y + h), [ink(wall), ink(mix(wall, low, 0.3))]),
            )
            for wy in range(int(high // 46)):
                for wx in range(int(wide // 30)):
                    lit = dice.random() < 0.12 + 0.34 * stage.dark and "windows" in stage.design.practicals
                    pane = (
                        mix(stage.lamp, (255, 250, 230), dice.random() * 0.5) if lit else mix(wall, (20, 24, 50), 0.3)
                    )
                    canvas.drawRect(
                        rect(at + 10 + wx * 30, y + h - high + 14 + wy * 46, 12, 20),
                        fill(pane, 0.85 * (0.35 + 0.65 * stage.dark) if lit else 0.45),
                    )
            at += wide + dice.uniform(-6, 12)
        low = mix(low, dim(stage, stage.base), 0.3 * row)
    canvas.restore()


def draw_bokeh(canvas: skia.Canvas, stage: Stage, area: skia.Rect, seed: int, count: int = 34) -> None:
    """Out-of-focus street lights; more of them, and brighter, the darker it is."""
    dice = random.Random(seed)
    colours = [stage.lamp, mix(stage.accent, (255, 200, 140), 0.3), (110, 200, 255), (255, 120, 130), (255, 226, 170)]
    canvas.save()
    canvas.clipRect(area)
    for _ in range(round(count * (0.25 + 0.75 * stage.dark))):
        x, y = area.left() + dice.random() * area.width(), area.top() + area.height() * dice.uniform(0.45, 1.0)
        r, colour = dice.uniform(13, 46), dice.choice(colours)
        shine = (0.10 + 0.26 * stage.dark) * dice.uniform(0.5, 1.2)
        canvas.drawCircle(
            x,
            y,
            r,
            radial(
                (x, y),
                r,
                [ink(colour, shine * 0.7), ink(colour, shine), ink(colour, shine * 0.9), ink(colour, 0)],
                [0, 0.8, 0.94, 1],
                blend=skia.BlendMode.kScreen,
            ),
        )
    canvas.restore()


def draw_neon(
    canvas: skia.Canvas, stage: Stage, text: str, x: float, y: float, width: float, size: float, colour: Colour
) -> None:
    """A lit sign centred on `x`, shrunk to `width`; by day its tubes are paler. Needs the stage's font."""
    if stage.font is None:
        return
    font = skia.Font(typeface(stage.font), size)
    font.setSize(size * min(1.0, width / max(font.measureText(text), 1.0)))
    left = x - font.measureText(text) / 2
    power = (0.45 + 0.55 * stage.dark) if "sign" in stage.design.practicals else 0.0
    for blur, alpha in ((30, 0.75 * power), (11, 0.9 * power)):
        canvas.drawString(text, left, y, font, fill(colour, alpha, blur=blur))
    if power == 0:  # switched off: grey tubes
        colour = mix(dim(stage, (120, 120, 130), 0.5), colour, 0.15)
        canvas.drawString(text, left, y, font, stroke(mix(colour, (0, 0, 0), 0.5), 4, 0.8))
        canvas.drawString(text, left, y, font, fill(colour))
        return
    canvas.drawString(text, left, y, font, stroke(colour, 5, 0.95))
    canvas.drawString(text, left, y, font, fill(mix(colour, (255, 255, 255), 0.55 + 0.3 * stage.dark)))


def draw_pendant(canvas: skia.Canvas, stage: Stage, x: float, y: float, size: float) -> None:
    """A hanging lamp with its cone of light; `y` is the rim of the shade."""
    shade = mix(stage.accent, (20, 10, 16), 0.25)
    canvas.drawLine(x, -OVERSCAN, x, y - size, stroke((16, 10, 14), 5))
    shine = stage.shine()
    canvas.drawPath(
        path(
            f"M {x - size} {y} L {x - size * 4.2} {y + size * 11} L {x + size * 4.2} {y + size * 11} L {x + size} {y} Z"
        ),
        linear(
            (x, y),
            (x, y + size * 11),
            [ink(stage.lamp, 0.26 * shine), ink(stage.lamp, 0)],
            blur=size * 0.3,
            blend=skia.BlendMode.kScreen,
        ),
    )
    canvas.drawPath(
        path(
            f"M {x - size} {y}"
            f" C {x - size * 0.9} {y - size * 1.2} {x - size * 0.25} {y - size * 1.25} {x} {y - size * 1.3}"
            f" C {x + size * 0.25} {y - size * 1.25} {x + size * 0.9} {y - size * 1.2} {x + size} {y} Z"
        ),
        linear(
            (x - size, 0),
            (x + size, 0),
            [ink(mix(shade, (0, 0, 0), 0.4)), ink(mix(shade, stage.lamp, 0.45)), ink(mix(shade, (0, 0, 0), 0.5))],
            [0, 0.38, 1],
        ),
    )
    canvas.drawOval(
        rect(x - size * 0.97, y - size * 0.16, size * 1.94, size * 0.32),
        fill(mix(stage.lamp, (255, 255, 255), 0.5), 0.4 + 0.6 * shine, blur=3),
    )
    glow(canvas, x, y + size * 0.1, size * 3.0, stage.lamp, 0.55 * shine)


def draw_ceiling_shade(canvas: skia.Canvas, depth: float = 520.0, strength: float = 0.6) -> None:
    """Rooms get darker toward the ceiling: quiet ground for the player's own controls."""
    canvas.drawRect(
        rect(-OVERSCAN, -OVERSCAN, WIDTH + 2 * OVERSCAN, depth + OVERSCAN),
        linear((0, -OVERSCAN), (0, depth), [ink((6, 4, 12), strength), ink((6, 4, 12), 0)]),
    )
