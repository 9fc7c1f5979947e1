"""What is there for a few frames only: a shot's muzzle flash, a stroke of lightning, and the light they throw."""

from __future__ import annotations

import math
import random

import numpy as np
import skia

from microdrama_assets.schemas.manifest import FrameFacet
from microdrama_assets.studios.draft.ink import Colour, Sheet, glow, ink, path, radial, rect, stroke
from microdrama_assets.studios.draft.layout import Layer, Loop
from microdrama_assets.studios.draft.props.insert import CENTRE
from microdrama_assets.studios.draft.sets.stage import OVERSCAN, WIDTH
from microdrama_assets.studios.draft.vfx.weather import as_light

LIGHT_SCALE = 0.0625
STAR = 300
"""Half the size of a muzzle flash, in frame pixels."""
BEAT, BEAT_SCALE = 640, 0.125
"""Half the size of a heartbeat's light, in frame pixels, and its plate's pixels per frame pixel."""


def muzzle_flash(frame: FrameFacet) -> list[tuple[Layer, np.ndarray]]:
    """A star of fire on the free side of who the shot is about, and its light on everything."""
    about = next((one for one in frame.staged if one.character == frame.focus), None)
    side = "left" if about is not None and about.position == "right" else "right"
    x, y = (300.0 if side == "left" else 760.0), (900.0 if frame.coverage in ("wide", "two_shot") else 1060.0)
    sheet = Sheet(STAR, STAR, 0.5, (x - STAR, y - STAR))
    canvas, dice = sheet.canvas, random.Random(7)
    glow(canvas, x, y, STAR, (255, 150, 50), 0.9)
    for i in range(13):
        turn, reach = math.tau * i / 13 + dice.uniform(-0.15, 0.15), STAR * dice.uniform(0.42, 0.96)
        dx, dy = math.cos(turn), math.sin(turn)
        canvas.drawPath(
            path(
                f"M {x - dy * 34:.1f} {y + dx * 34:.1f} L {x + dx * reach:.1f} {y + dy * reach:.1f}"
                f" L {x + dy * 34:.1f} {y - dx * 34:.1f} Z"
            ),
            _hot(x, y),
        )
    glow(canvas, x, y, STAR * 0.5, (255, 252, 230), 1.0)
    star = Layer(
        name="muzzle_flash",
        plate="plates/muzzle_flash.png",
        depth=0.85,
        parallax=1.0,
        x=x - STAR,
        y=y - STAR,
        scale=0.5,
        loop=Loop(glows=True),
    )
    return [(star, as_light(sheet.pixels)), _light("muzzle_flash", (x, y), (255, 190, 110), 0.75)]


def heartbeat() -> tuple[Layer, np.ndarray]:
    """Light from within what an insert shows."""
    x, y = CENTRE
    sheet = Sheet(round(2 * BEAT * BEAT_SCALE), round(2 * BEAT * BEAT_SCALE), BEAT_SCALE, (x - BEAT, y - BEAT))
    tones = [ink((255, 214, 190), 0.62), ink((255, 96, 84), 0.34), ink((255, 60, 70), 0.10), ink((255, 60, 70), 0.0)]
    sheet.canvas.drawRect(rect(x - BEAT, y - BEAT, 2 * BEAT, 2 * BEAT), radial(CENTRE, BEAT, tones, [0, 0.32, 0.66, 1]))
    layer = Layer(name="heartbeat", plate="plates/heartbeat.png", depth=0.85, parallax=1.0, x=x - BEAT, y=y - BEAT,
                  scale=BEAT_SCALE, loop=Loop(glows=True))
    return layer, as_light(sheet.pixels)


def lightning_light() -> tuple[Layer, np.ndarray]:
    """The sky's flash over everything, strongest from above."""
    return _light("lightning", (420.0, -100.0), (190, 210, 255), 0.72)


def lightning_bolt() -> tuple[Layer, np.ndarray]:
    """The stroke itself, in the sky: what stands before the sky hides it."""
    top, height = -OVERSCAN, 1200
    sheet = Sheet((WIDTH + 2 * OVERSCAN) // 2, height // 2, 0.5, (-OVERSCAN, top))
    dice = random.Random(23)
    for start, reach in ((380.0, height), (480.0, height * 0.55)):
        x, y, line = start, float(top), f"M {start} {top}"
        while y < top + reach:
            x, y = x + dice.uniform(-74, 78), y + dice.uniform(44, 96)
            line += f" L {x:.1f} {y:.1f}"
        for width, alpha, blur in ((26, 0.4, 14), (10, 0.8, 4), (4.5, 1.0, 0)):
            sheet.canvas.drawPath(path(line), stroke((214, 226, 255), width, alpha, blur=blur))
    layer = Layer(
        name="lightning",
        plate="plates/lightning.png",
        depth=0.06,
        parallax=0.2,
        x=-OVERSCAN,
        y=top,
        scale=0.5,
        loop=Loop(glows=True),
    )
    return layer, as_light(sheet.pixels)


def _hot(x: float, y: float) -> skia.Paint:
    return radial(
        (x, y), STAR, [ink((255, 255, 240)), ink((255, 214, 110), 0.95), ink((255, 120, 30), 0.0)], [0, 0.3, 1]
    )


def _light(name: str, at: tuple[float, float], colour: Colour, strength: float) -> tuple[Layer, np.ndarray]:
    width, height = WIDTH + 2 * OVERSCAN, 1920 + 2 * OVERSCAN
    sheet = Sheet(round(width * LIGHT_SCALE), round(height * LIGHT_SCALE), LIGHT_SCALE, (-OVERSCAN, -OVERSCAN))
    sheet.canvas.drawRect(
        rect(-OVERSCAN, -OVERSCAN, width, height),
        radial(
            at, 1900, [ink(colour, strength), ink(colour, strength * 0.45), ink(colour, strength * 0.16)], [0, 0.45, 1]
        ),
    )
    layer = Layer(
        name=f"{name}_light",
        plate=f"plates/{name}_light.png",
        depth=0.99,
        parallax=0.0,
        x=-OVERSCAN,
        y=-OVERSCAN,
        scale=LIGHT_SCALE,
        loop=Loop(glows=True),
    )
    return layer, as_light(sheet.pixels)
