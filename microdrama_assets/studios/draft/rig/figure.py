"""One character on plates: a body, a head, raised arms, and the small patches that make the head blink and speak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import cv2
import numpy as np
import skia

from microdrama_assets.schemas.manifest import Prop
from microdrama_assets.schemas.sound import Viseme
from microdrama_assets.studios.draft.ink import Colour, Sheet, around, as_image, content
from microdrama_assets.studios.draft.layout import EyeState
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.behind import draw_head_behind
from microdrama_assets.studios.draft.rig.cloth import Sides, arm_outline
from microdrama_assets.studios.draft.rig.expression import Expression
from microdrama_assets.studios.draft.rig.eyes import LIDS
from microdrama_assets.studios.draft.rig.hair import draw_hair_behind
from microdrama_assets.studios.draft.rig.hands import PropPainter, Raised, draw_hanging_hands, draw_raised
from microdrama_assets.studios.draft.rig.head_painter import (
    MARGIN,
    RIM_WIDTH,
    HeadPainter,
    PatchPixels,
    Plate,
    alpha_at,
)
from microdrama_assets.studios.draft.rig.legs import cut_legs
from microdrama_assets.studios.draft.rig.light import Light, add_rims, add_shade, rims_of, shade_of
from microdrama_assets.studios.draft.rig.posture import Hold, arms
from microdrama_assets.studios.draft.rig.profile import ProfileHead
from microdrama_assets.studios.draft.rig.three_quarter import ThreeQuarterHead, draw_turned_mass
from microdrama_assets.studios.draft.rig.turning import body_warp
from microdrama_assets.studios.draft.rig.wardrobe import draw_body, draw_body_behind, draw_chair, draw_lap

VISEMES: tuple[Viseme, ...] = get_args(Viseme)
EYE_STATES: tuple[EyeState, ...] = get_args(EyeState)
LAMP: Colour = (255, 213, 138)
SHRUG = 20.0
"""Rig units by which shoulders rise at full fear."""
LIFTED = (215.0, 760.0)
"""Rows that move with the shoulders, in rig units."""
WIDEST_SLEEVE = 110.0
"""Looser than any garment's or its cap, in rig units."""
SHADOW: Colour = (20, 14, 30)
"""What is left of a person seen against the light."""


@dataclass(frozen=True)
class Figure:
    body: Plate
    head: Plate
    raised: Raised | None
    """Arms that do not hang."""
    swinging: dict[int, Plate]
    """Hanging arms of somebody who walks, by the side that one sees them on; of others they are part of the body."""
    legs: tuple[Plate, Plate] | None
    """Left and right as one sees them; None where they are part of the body."""
    mouths: dict[Viseme, PatchPixels]
    blinks: dict[EyeState, PatchPixels]


def draw_figure(
    a: Anatomy,
    e: Expression,
    gaze: float,
    light: Light,
    scale: float,
    bottom: float,
    patches: bool = True,
    hold: Hold | None = None,
    painters: Mapping[Prop, PropPainter] | None = None,
    lamp: Colour = LAMP,
    silhouette: bool = False,
    walks: bool = False,
) -> Figure:
    """All plates at `scale` pixels per rig unit; the body reaches down to `bottom` rig units.

    `painters` draw what `hold` has in its hand. Whoever `walks` has legs of their own. A head seen from behind and a
    silhouette have no patches.
    """
    hold = hold or Hold()
    hanging = _hanging(a, hold)
    swings = hanging if walks and hold.posture == "stand" and hold.gesture != "pockets" else ()
    clothes = _draw_clothes(a, e, hold, scale, bottom, tuple(side for side in hanging if side not in swings))
    raised = draw_raised(a, hold, light, scale, painters or {}, lamp, clothes)
    swinging = {side: _draw_swinging(a, e, hold, scale, bottom, side) for side in swings}
    body, swinging = _draw_body_plate(a, hold, light, scale, bottom, clothes, raised, swinging)
    mouths: dict[Viseme, PatchPixels] = {}
    blinks: dict[EyeState, PatchPixels] = {}
    if hold.facing == "back":
        plate = draw_head_behind(a, e, light, scale)
    else:
        head = _head(a, e, gaze, light, scale, hold)
        plate = head.plate()
        if patches and not silhouette:
            mouths = {viseme: head.patch(head.mouth_box(), viseme=viseme) for viseme in VISEMES}
            blinks = {state: head.patch(head.eye_box(), lids=LIDS[state]) for state in EYE_STATES}
    if silhouette:
        for drawn in (body, plate, *(raised.plates if raised else ()), *swinging.values()):
            _darken(drawn.pixels, light)
    body, legs = cut_legs(body, a, scale) if walks else (body, None)
    return Figure(body=body, head=plate, raised=raised, swinging=swinging, legs=legs, mouths=mouths, blinks=blinks)


def _head(a: Anatomy, e: Expression, gaze: float, light: Light, scale: float, hold: Hold) -> HeadPainter:
    if hold.turned == 0:
        return HeadPainter(a, e, gaze, light, scale)
    if hold.turned < 1:
        return ThreeQuarterHead(a, e, gaze * 0.5, light, scale, hold.yaw_deg)
    return ProfileHead(a, e, gaze, light, scale, hold.side)


def _body_sheet(a: Anatomy, scale: float, bottom: float) -> tuple[Sheet, float, float]:
    """An empty one, and its upper left corner in rig units."""
    reach = max(a.shoulder * 1.34, a.reach + 0.34 * a.temple) + MARGIN
    top = a.top_y - MARGIN
    size = round(2 * reach * scale), max(1, round((bottom - top) * scale))
    return Sheet(*size, scale, (-reach, top)), -reach, top


def _hanging(a: Anatomy, hold: Hold) -> Sides:
    """Arms that no gesture raises; of a back seen from behind, none that are drawn for themselves."""
    raised = {arm.side for arm in arms(a, hold)}
    return () if hold.facing == "back" else tuple(side for side in (-1, 1) if side not in raised)


def _draw_clothes(a: Anatomy, e: Expression, hold: Hold, scale: float, bottom: float, hanging: Sides) -> Plate:
    """From the neck down, before any light falls on it, with the arms on the `hanging` sides."""
    clothes, left, top = _body_sheet(a, scale, bottom)
    if hold.facing == "back":
        draw_body_behind(clothes.canvas, a)
    else:
        draw_body(clothes.canvas, a, hanging)
        if hold.posture == "sit":
            draw_lap(clothes.canvas, a)
        if hold.gesture != "pockets":
            draw_hanging_hands(clothes.canvas, a, hanging, sits=hold.posture == "sit")
    return _worn(clothes, a, e, hold, scale, left, top)


def _draw_swinging(a: Anatomy, e: Expression, hold: Hold, scale: float, bottom: float, side: int) -> Plate:
    """One hanging arm and its hand, as `_draw_clothes` has it."""
    sheet, left, top = _body_sheet(a, scale, bottom)
    sheet.canvas.save()
    sheet.canvas.clipPath(arm_outline(a, side, WIDEST_SLEEVE), True)
    draw_body(sheet.canvas, a, (side,))
    sheet.canvas.restore()
    draw_hanging_hands(sheet.canvas, a, (side,), sits=False)
    return _worn(sheet, a, e, hold, scale, left, top)


def _worn(sheet: Sheet, a: Anatomy, e: Expression, hold: Hold, scale: float, left: float, top: float) -> Plate:
    """What is drawn on a body's sheet, with shoulders as the feeling has them, turned as the body is."""
    _lift(sheet, e, scale, top)
    _, above, _, height = content(sheet.pixels)
    pixels = sheet.pixels[above : above + height]
    if hold.turned:
        place = (sheet.size[0], height)
        pixels = body_warp(a, hold.side * hold.turned, left, scale, place).apply(pixels, (0, 0, *place))
    return Plate(pixels, left, top + above / scale)


def _draw_body_plate(
    a: Anatomy, hold: Hold, light: Light, scale: float, bottom: float, clothes: Plate, raised: Raised | None,
    swinging: dict[int, Plate],
) -> tuple[Plate, dict[int, Plate]]:
    """`clothes` over what is behind them, and the `swinging` arms in the same light; where arms of their own plates lie
    over the body's edge no light catches it."""
    sheet, left, top = _body_sheet(a, scale, bottom)
    if hold.facing != "back":
        if hold.posture == "sit" and hold.chair:
            draw_chair(sheet.canvas, a)
        _draw_mass(sheet.canvas, a, hold)
    sheet.canvas.resetMatrix()
    rows = {side: round((arm.y - top) * scale) for side, arm in swinging.items()}
    sheet.canvas.drawImage(as_image(clothes.pixels), 0, round((clothes.y - top) * scale))
    whole = cv2.extractChannel(sheet.pixels, 3)
    for side, arm in swinging.items():
        seen = whole[rows[side] : rows[side] + len(arm.pixels)]
        cv2.max(seen, cv2.extractChannel(arm.pixels, 3), dst=seen)
    x, y, width, height = box = around(whole, round(MARGIN * scale))
    shade, shape = shade_of(light, sheet.size, box=box), whole[y : y + height, x : x + width].copy()
    corner = left + x / scale, top + y / scale
    for arm in raised.plates if raised else ():
        shape = np.maximum(shape, alpha_at(arm, (width, height), corner, scale))
    rims = rims_of(shape, RIM_WIDTH * 1.3 * scale)

    def lit(pixels: np.ndarray, row: int) -> Plate:
        add_shade(pixels, shade[row : row + len(pixels)])
        add_rims(pixels, rims, light, at=(0, row))
        return Plate(pixels, corner[0], corner[1] + row / scale)

    columns = slice(x, x + width)
    arms_lit = {side: lit(arm.pixels[:, columns].copy(), rows[side] - y) for side, arm in swinging.items()}
    return lit(sheet.pixels[y : y + height, columns].copy(), 0), arms_lit


def _draw_mass(canvas: skia.Canvas, a: Anatomy, hold: Hold) -> None:
    if hold.turned:
        draw_turned_mass(canvas, a, hold.side, hold.turned)
    else:
        draw_hair_behind(canvas, a)


def _lift(sheet: Sheet, e: Expression, scale: float, top: float) -> None:
    """Shoulders that rise in fear and drop in grief: rows below the throat move, eased into the neck and the waist."""
    if not e.shrug:
        return
    height, width = sheet.pixels.shape[:2]
    first, last = (max(0, min(height, round((row - top) * scale))) for row in LIFTED)
    rows = (np.arange(first, last, dtype=np.float32) + 0.5) / scale + top
    share = np.clip((rows - LIFTED[0]) / 90, 0, 1) * np.clip((LIFTED[1] - rows) / 380, 0, 1)
    source = (rows + SHRUG * e.shrug * share - top) * scale - 0.5
    across = np.repeat(np.arange(width, dtype=np.float32)[None], last - first, axis=0)
    down = np.repeat(source.astype(np.float32)[:, None], width, axis=1)
    sheet.pixels[first:last] = cv2.remap(
        sheet.pixels.copy(), across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def _darken(pixels: np.ndarray, light: Light) -> None:
    """Leaves the outline and a breath of the rims."""
    tone = np.array(SHADOW[::-1], np.float32)
    alpha = pixels[..., 3:].astype(np.float32) / 255
    pixels[..., :3] = (pixels[..., :3].astype(np.float32) * 0.10 + tone * alpha * 0.9).astype(np.uint8)
    shape = np.ascontiguousarray(pixels[..., 3])
    add_rims(pixels, rims_of(shape, 7.0), light)
