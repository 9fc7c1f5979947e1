"""An insert: one prop, large and lit, on a table, with the set far out of focus behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import get_args

import numpy as np
import skia

from microdrama_assets.schemas.manifest import FrameFacet, Prop, PropState
from microdrama_assets.studios.draft.ink import (
    Colour,
    Sheet,
    blade,
    fill,
    ink,
    linear,
    mix,
    path,
    radial,
    rect,
    rgb,
    stroke,
)
from microdrama_assets.studios.draft.layout import FRAME_HEIGHT, FRAME_WIDTH
from microdrama_assets.studios.draft.props.jewellery import LONG, draw_key, draw_locket, draw_open_locket, draw_ring
from microdrama_assets.studios.draft.props.objects import draw_cup, draw_gun, draw_knife, draw_phone
from microdrama_assets.studios.draft.props.paper import (
    draw_letter,
    draw_photograph,
    draw_portrait_of,
    draw_sealed_letter,
)
from microdrama_assets.studios.draft.rig.light import Light
from microdrama_assets.studios.draft.sets.backdrop import PlanePixels
from microdrama_assets.studios.draft.sets.scenery import SCENERIES
from microdrama_assets.studios.draft.sets.stage import OVERSCAN, Plane, Stage, dim, stage_of

Painter = Callable[[skia.Canvas, Colour], None]
PROPS: tuple[Prop, ...] = get_args(Prop)
CENTRE = (520.0, 840.0)
"""Where the prop's middle lies: above the captions, clear of the player's buttons."""
PROP, HAND = "prop", "hand"
"""The layers that a hand moves."""
HAND_UNIT = 2.6
"""Frame pixels per rig unit of the hand that lays the prop down."""
FINGERS, ON_IT = (596.0, 640.0), 80.0
"""Columns of its fingertips, and how far from the prop's lower edge they lie on it."""
FROM_FINGERS = (250.0, 360.0)
"""The wrist, right and down from the fingertips."""
COMES_FROM = (90.0, 760.0)
"""How far from there, right and down, hand and prop come into the frame."""
SIZE = 1.08
TABLE_TOP = 600.0
PAINTERS: dict[Prop, Painter] = {
    "locket": draw_locket,
    "phone": draw_phone,
    "letter": draw_letter,
    "cup": draw_cup,
    "key": draw_key,
    "ring": draw_ring,
    "photograph": draw_photograph,
    "knife": draw_knife,
    "gun": draw_gun,
}
STATES: dict[tuple[Prop, PropState], Painter] = {
    ("locket", "open"): draw_open_locket,
    ("letter", "closed"): draw_sealed_letter,
    ("photograph", "woman"): draw_portrait_of("woman"),
    ("photograph", "man"): draw_portrait_of("man"),
}
"""Where a state is drawn otherwise than the prop is."""
LONG_CHAINED: Mapping[Painter, Painter] = {
    draw_locket: partial(draw_locket, links=LONG), draw_open_locket: partial(draw_open_locket, links=LONG)}
"""Where a hand brings it into the frame from below, a locket's chain has to reach up to the edge all the same."""


def draw_insert(frame: FrameFacet, light: Light, detail: float = 1.0) -> list[PlanePixels]:
    """The table, and on it the prop; the table alone where the shot names none. `detail` as for `draw_planes`."""
    stage = stage_of(frame.set, frame.time_of_day, frame.weather, None)
    planes = [_plane(Plane("table", 0.45, 0.80, _draw_table), stage, TABLE_TOP - 90, min(0.5, detail))]
    if frame.prop is not None:
        painter = PAINTERS[frame.prop]
        if frame.prop_state is not None:
            painter = STATES.get((frame.prop, frame.prop_state), painter)
        if frame.hand is not None:
            painter = LONG_CHAINED.get(painter, painter)
        plane = Plane(PROP, 0.75, 1.0, lambda canvas, drawn: _draw_prop(canvas, painter, drawn))
        planes.append(_plane(plane, stage, -COMES_FROM[1] if frame.hand else 0.0, detail))
    return planes


def wrist_on(prop: PlanePixels) -> tuple[float, float]:
    """Where the wrist of a hand is that has laid `prop` down, in frame pixels."""
    left, right = (round((column - prop.x) * prop.scale) for column in FINGERS)
    rows = np.flatnonzero((prop.pixels[:, left:right, 3] > 240).any(axis=1))
    low = prop.y + rows[-1] / prop.scale if len(rows) else CENTRE[1] + ON_IT
    return sum(FINGERS) / 2 + FROM_FINGERS[0], round(low - ON_IT + FROM_FINGERS[1])


def _plane(plane: Plane, stage: Stage, top: float, scale: float) -> PlanePixels:
    side = OVERSCAN if plane.name == "table" else 0
    bottom = FRAME_HEIGHT + OVERSCAN if plane.name == "table" else 1420
    sheet = Sheet(round((FRAME_WIDTH + 2 * side) * scale), round((bottom - top) * scale), scale, (-side, top))
    plane.painter(sheet.canvas, stage)
    return PlanePixels(plane, sheet.pixels, -float(side), top, scale)


def _draw_prop(canvas: skia.Canvas, painter: Painter, stage: Stage) -> None:
    canvas.save()
    canvas.translate(*CENTRE)
    canvas.scale(SIZE, SIZE)
    painter(canvas, stage.lamp)
    canvas.restore()


def _draw_table(canvas: skia.Canvas, stage: Stage) -> None:
    surface, share = SCENERIES[stage.design.kind].table
    wood = mix(stage.accent, surface, share)
    wood = dim(stage, wood, 0.55)
    left, width = -float(OVERSCAN), FRAME_WIDTH + 2 * OVERSCAN
    canvas.drawRect(
        rect(left, TABLE_TOP, width, 1600),
        linear(
            (0, TABLE_TOP),
            (0, FRAME_HEIGHT),
            [ink(mix(wood, stage.lamp, 0.35)), ink(wood), ink(mix(wood, (4, 2, 8), 0.72))],
            [0, 0.35, 1],
        ),
    )
    for i in range(9):  # boards run away from the lens
        x = -700 + i * 310
        canvas.drawLine(
            FRAME_WIDTH / 2 + (x - FRAME_WIDTH / 2) * 0.55,
            TABLE_TOP,
            x,
            FRAME_HEIGHT + 200,
            stroke((0, 0, 0), 5, 0.30, blur=1.5),
        )
        for j in range(4):
            bend = x + 40 + 60 * j
            canvas.drawPath(
                blade(
                    (FRAME_WIDTH / 2 + (bend - FRAME_WIDTH / 2) * 0.56, TABLE_TOP + 6),
                    (bend * 0.9 + 60, 1100),
                    (bend, FRAME_HEIGHT + 200),
                    9,
                ),
                fill((0, 0, 0), 0.09, blur=3),
            )
    canvas.drawRect(rect(left, TABLE_TOP - 3, width, 9), fill(mix(stage.lamp, (255, 255, 255), 0.35), 0.60, blur=3))
    pool = rgb("#fff2d8")
    canvas.save()
    canvas.clipRect(rect(left, TABLE_TOP, width, 1600))
    canvas.translate(CENTRE[0] - 40, CENTRE[1] + 90)
    canvas.scale(1.0, 0.78)
    canvas.drawCircle(
        0,
        0,
        640,
        radial(
            (0, 0),
            640,
            [ink(mix(pool, stage.lamp, 0.5), 0.46), ink(stage.lamp, 0.16), ink(stage.lamp, 0)],
            [0, 0.5, 1],
            blend=skia.BlendMode.kScreen,
        ),
    )
    canvas.restore()
    canvas.drawPath(
        path(f"M {left} 1500 L {left + width} 1500 L {left + width} 2100 L {left} 2100 Z"),
        linear((0, 1500), (0, 1900), [ink((4, 2, 8), 0), ink((4, 2, 8), 0.5)]),
    )
