"""Fire, smoke and embers: cells that end where they begin, so that they burn for ever."""

from __future__ import annotations

import math
import random

import numpy as np
import skia

from microdrama_assets.studios.draft.ink import Colour, Sheet, fill, ink, linear, path, radial, rect
from microdrama_assets.studios.draft.layout import Layer, Loop
from microdrama_assets.studios.draft.sets.stage import OVERSCAN, WIDTH
from microdrama_assets.studios.draft.vfx.weather import as_light, drifting

FLAME_CELLS, FLAME_HOLD = 24, 2
SMOKE_CELLS, SMOKE_HOLD = 40, 2
FLAME_TOP, FLAME_FOOT = 760, 1790
SMOKE_TOP, SMOKE_FOOT = 260, 1700
LEFT, SPAN = -OVERSCAN, WIDTH + 2 * OVERSCAN
_COATS: tuple[tuple[Colour, float, float, float], ...] = (
    ((255, 60, 10), 1.0, 26.0, 0.42),
    ((255, 120, 20), 0.78, 12.0, 0.55),
    ((255, 190, 60), 0.52, 7.0, 0.62),
    ((255, 246, 190), 0.26, 5.0, 0.70),
)
"""Colour, height, softness and strength, from the outermost flame to its core."""


def fire(depth: float) -> tuple[Layer, np.ndarray]:
    """A row of flames across the set, as light."""
    scale, height = 0.25, FLAME_FOOT - FLAME_TOP
    cells = [_flames(cell / FLAME_CELLS, scale, height) for cell in range(FLAME_CELLS)]
    loop = Loop(cells=FLAME_CELLS, hold=FLAME_HOLD, glows=True)
    layer = Layer(
        name="fire", plate="plates/fire.png", depth=depth, parallax=0.7, x=LEFT, y=FLAME_TOP, scale=scale, loop=loop
    )
    return layer, as_light(np.concatenate(cells))


def _flames(phase: float, scale: float, height: float) -> np.ndarray:
    sheet = Sheet(round(SPAN * scale), round(height * scale), scale, (LEFT, FLAME_TOP))
    canvas = sheet.canvas
    canvas.drawRect(
        rect(LEFT, FLAME_TOP, SPAN, height),
        linear((0, FLAME_TOP), (0, FLAME_FOOT), [ink((255, 90, 20), 0.0), ink((255, 90, 20), 0.26)]),
    )
    for colour, share, blur, strength in _COATS:
        dice = random.Random(5)
        for i in range(17):
            x = LEFT + 30 + i * 80 + dice.uniform(-22, 22)
            tall = height * dice.uniform(0.46, 0.80) * share * (0.72 + 0.28 * abs(x - 540) / 560)
            wide = dice.uniform(58, 96) * (0.5 + 0.5 * share)
            turns, offset = dice.choice((1, 2)), dice.random()
            beat = math.sin(math.tau * (turns * phase + offset))
            sway = 34 * math.sin(math.tau * (phase + 2 * offset)) * share
            tip = FLAME_FOOT - tall * (1 + 0.22 * beat)
            canvas.drawPath(
                path(
                    f"M {x - wide:.1f} {FLAME_FOOT} C {x - wide * 1.1:.1f} {FLAME_FOOT - tall * 0.5:.1f}"
                    f" {x - wide * 0.1 + sway * 0.4:.1f} {FLAME_FOOT - tall * 0.6:.1f} {x + sway:.1f} {tip:.1f}"
                    f" C {x + wide * 0.3 + sway * 0.5:.1f} {FLAME_FOOT - tall * 0.62:.1f} {x + wide * 1.1:.1f}"
                    f" {FLAME_FOOT - tall * 0.45:.1f} {x + wide:.1f} {FLAME_FOOT} Z"
                ),
                fill(colour, strength, blur=blur, blend=skia.BlendMode.kScreen),
            )
    return sheet.pixels


def embers() -> tuple[Layer, np.ndarray]:
    """Sparks that rise before the lens."""

    def draw(canvas: skia.Canvas, dice: random.Random) -> None:
        for _ in range(34):
            x, y, r = dice.uniform(20, 700), dice.uniform(20, 940), dice.uniform(2.0, 5.5)
            canvas.drawCircle(x, y, r * 3, fill((255, 110, 30), 0.30, blur=r * 1.6))
            canvas.drawCircle(x, y, r, fill((255, 206, 120), dice.uniform(0.6, 1.0), blur=1.2))

    return drifting("embers", 0.98, (720, 960), 0.5, (1, -6), draw)


def smoke(*, behind: bool) -> tuple[Layer, np.ndarray]:
    """Smoke that rises and thins; it covers, as smoke does by day."""
    scale = 0.125
    name = "smoke_behind" if behind else "smoke_front"
    cells = [_puffs(cell / SMOKE_CELLS, scale, 0.85 if behind else 0.42, name) for cell in range(SMOKE_CELLS)]
    layer = Layer(
        name=name,
        plate=f"plates/{name}.png",
        depth=0.45 if behind else 0.97,
        parallax=0.7,
        x=LEFT,
        y=SMOKE_TOP,
        scale=scale,
        loop=Loop(cells=SMOKE_CELLS, hold=SMOKE_HOLD),
    )
    return layer, np.concatenate(cells)


def _puffs(phase: float, scale: float, strength: float, name: str) -> np.ndarray:
    height = SMOKE_FOOT - SMOKE_TOP
    sheet = Sheet(round(SPAN * scale), round(height * scale), scale, (LEFT, SMOKE_TOP))
    dice = random.Random(name)
    for _ in range(26):
        age, x0, grey = dice.random(), dice.uniform(LEFT, LEFT + SPAN), dice.uniform(84, 160)
        r0, lean = dice.uniform(110, 200), dice.uniform(-90, 130)
        age = (age + phase) % 1.0
        x, y, r = x0 + lean * age, SMOKE_FOOT - 40 - (height - 260) * age, r0 * (0.7 + 1.0 * age)
        share = strength * math.sin(math.pi * age) ** 0.8 * (1 - 0.45 * age)
        tone: Colour = (grey, grey, grey + 8)
        sheet.canvas.drawCircle(
            x, y, r, radial((x, y), r, [ink(tone, share), ink(tone, share * 0.5), ink(tone, 0)], [0, 0.45, 1])
        )
    return sheet.pixels
