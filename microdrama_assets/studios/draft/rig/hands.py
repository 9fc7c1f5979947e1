"""Raised arms and hands, and what a hand holds: drawn over body and face, by the joints that `posture.py` names."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import skia

from microdrama_assets.schemas.manifest import Prop
from microdrama_assets.studios.draft.ink import (
    Colour,
    Sheet,
    as_image,
    content,
    fill,
    ink,
    linear,
    mix,
    path,
    rgb,
    smooth,
    stroke,
)
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.cloth import CUFF_Y, Sides
from microdrama_assets.studios.draft.rig.head_painter import RIM_WIDTH, Plate
from microdrama_assets.studios.draft.rig.light import Light, add_rims, add_shade, rims_of, shade_of
from microdrama_assets.studios.draft.rig.posture import Arm, Hold, Point, arms
from microdrama_assets.studios.draft.rig.seams import seam_of

LAID_DEG = 34.0
"""How far a forearm that lays something down is turned from straight ahead."""
HAND = 1.0
"""Rig units per unit that hands are drawn in: a hand is some 150 long, three quarters of a face's width."""
PropPainter = Callable[[skia.Canvas, Colour], None]
HELD: Mapping[Prop, tuple[float, Point, float]] = {
    "locket": (0.30, (0.0, -40.0), 0.0),
    "phone": (0.30, (0.0, -90.0), -8.0),
    "letter": (0.34, (0.0, -110.0), 6.0),
    "cup": (0.34, (0.0, -70.0), 0.0),
    "key": (0.26, (0.0, -110.0), -60.0),
    "ring": (0.20, (0.0, -130.0), 0.0),
    "photograph": (0.30, (0.0, -110.0), 4.0),
    "knife": (0.42, (128.0, -190.0), -20.0),
    "gun": (0.46, (72.0, -196.0), 8.0),
}
"""Of each prop: its size, where its middle lies from the wrist (fingers up), and its turn in degrees."""
GRIPPED = ("knife", "gun")
"""Their handles lie in the fist; other things stand behind the fingers."""


@dataclass(frozen=True)
class Raised:
    """Arms that do not hang: the upper ones, sewn to the body, and over them each forearm with its hand, the farther
    first, by the side that it is on."""

    upper: Plate
    forearms: dict[int, Plate]

    @property
    def plates(self) -> tuple[Plate, ...]:
        """All of them from far to near."""
        return self.upper, *self.forearms.values()


def draw_raised(
    a: Anatomy,
    hold: Hold,
    light: Light,
    scale: float,
    painters: Mapping[Prop, PropPainter],
    lamp: Colour,
    clothes: Plate,
) -> Raised | None:
    """The plates of raised arms; None where both hang. `lamp` is the room's light on what is held; `clothes` is the
    body at the same scale, which a sleeve is sewn to."""
    raised = arms(a, hold)
    if not raised:
        return None
    left, top, right, bottom = _bounds(a, raised, hold)
    size, corner = (round((right - left) * scale), round((bottom - top) * scale)), (left, top)
    upper = Sheet(*size, scale, corner)
    forearms = {arm.side: Sheet(*size, scale, corner) for arm in raised}
    shape = np.zeros(size[::-1], np.uint8)
    for arm in raised:
        sleeve, seam = _sleeve(a, arm), seam_of(a, arm, clothes, size, corner, scale)
        cv2.max(shape, seam, dst=shape)
        _draw_upper(upper.canvas, a, arm, sleeve, seam)
        _draw_lower(forearms[arm.side].canvas, a, arm, sleeve)
        prop = hold.prop if arm.hand == "grip" else None
        _draw_hand(forearms[arm.side].canvas, a, arm, painters, prop, lamp)
    sheets = [upper, *forearms.values()]
    for sheet in sheets:
        cv2.add(shape, cv2.extractChannel(sheet.pixels, 3), dst=shape)  # no light comes between body and sleeve
    shade, rims = shade_of(light, size), rims_of(shape, RIM_WIDTH * scale)
    for sheet in sheets:
        add_shade(sheet.pixels, shade)
        add_rims(sheet.pixels, rims, light)
    cut = [_cut(sheet, corner, scale) for sheet in sheets]
    return Raised(cut[0], dict(zip(forearms, cut[1:], strict=True)))


def _cut(sheet: Sheet, corner: Point, scale: float) -> Plate:
    """What is drawn on a sheet, and a pixel around it."""
    x, y, width, height = content(sheet.pixels, 1)
    return Plate(sheet.pixels[y : y + height, x : x + width].copy(), corner[0] + x / scale, corner[1] + y / scale)


def draw_laying_hand(a: Anatomy, light: Light, scale: float) -> Plate:
    """A hand flat on what it lays down, its forearm from the right below. The wrist is the plate's origin."""
    lean = math.radians(LAID_DEG)
    arm = Arm(1, (0.0, 0.0), (560 * math.sin(lean), 560 * math.cos(lean)), (0.0, 0.0), "flat", -LAID_DEG)
    left, top, right, bottom = -230.0, -240.0, arm.elbow[0] + 120.0, arm.elbow[1] + 120.0
    sheet = Sheet(round((right - left) * scale), round((bottom - top) * scale), scale, (left, top))
    _draw_lower(sheet.canvas, a, arm, _sleeve(a, arm))
    _draw_hand(sheet.canvas, a, arm, {}, None, (0, 0, 0))
    add_shade(sheet.pixels, shade_of(light, sheet.size))
    add_rims(sheet.pixels, rims_of(cv2.extractChannel(sheet.pixels, 3), RIM_WIDTH * scale), light)
    return _cut(sheet, (left, top), scale)


def draw_hanging_hands(canvas: skia.Canvas, a: Anatomy, sides: Sides, sits: bool) -> None:
    """The hands of arms that hang, from under their cuffs: relaxed, on the thighs of somebody who sits."""
    size = HAND * (0.90 + 0.08 * (1 - a.feminine)) * (1 - 0.22 * a.child)
    for side in sides:
        canvas.save()
        canvas.translate(side * a.shoulder * (0.895 if not sits else 0.86), CUFF_Y - 4)
        canvas.rotate(180 + side * (4 if not sits else 30))
        canvas.scale(size * 0.82 * side, size)  # thumbs point to the body's middle
        _draw_relaxed(canvas, a)
        canvas.restore()


def _bounds(a: Anatomy, raised: tuple[Arm, ...], hold: Hold) -> tuple[float, float, float, float]:
    points = [point for arm in raised for point in (arm.shoulder, arm.elbow, arm.wrist)]
    room, above = 0.34 * a.shoulder, 330.0 if hold.prop else 215.0
    aside = 330.0 if hold.prop in GRIPPED else 215.0
    xs = [x for x, _ in points] + [arm.wrist[0] + side * aside for arm in raised for side in (-1, 1)]
    ys = [y for _, y in points]
    top = min(min(ys) - room, *(arm.wrist[1] - above for arm in raised))
    return min(xs) - room, top - 20, max(xs) + room, max(ys) + room + 40


@dataclass(frozen=True)
class _Sleeve:
    """What an arm wears: `wide` is half its width at the shoulder, in rig units; `bare` is skin below a short cap."""

    colour: Colour
    dark: Colour
    lit: Colour
    wide: float
    bare: bool
    upper: skia.Path
    lower: skia.Path


def _sleeve(a: Anatomy, arm: Arm) -> _Sleeve:
    bare, colour = a.look.wardrobe.garment == "dress", _sleeve_colour(a)
    wide = a.shoulder * (0.21 if not bare else 0.18) + 10 * (a.look.build in ("broad", "heavy"))
    dark, lit = (mix(colour, (10, 6, 20), 0.55), mix(colour, (255, 246, 230), 0.16)) if not bare else (
        a.skin.shade, mix(a.skin.base, a.skin.light, 0.4))
    return _Sleeve(
        colour, dark, lit, wide, bare,
        upper=_limb(arm.shoulder, arm.elbow, wide, wide * 0.86),
        lower=_limb(arm.elbow, arm.wrist, wide * 0.88, wide * (0.62 if not bare else 0.58)),
    )


def _draw_piece(canvas: skia.Canvas, sleeve: _Sleeve, shape: skia.Path, start: Point, end: Point) -> None:
    (nx, ny), wide = _normal(start, end), sleeve.wide
    tones = [ink(sleeve.dark), ink(sleeve.colour), ink(sleeve.lit)]
    if not sleeve.bare:
        canvas.drawPath(shape, fill((4, 2, 8), 0.34, blur=11))
    canvas.drawPath(
        shape,
        linear(
            (start[0] - nx * wide, start[1] - ny * wide),
            (start[0] + nx * wide, start[1] + ny * wide),
            tones if nx * -1 + ny * -1 > 0 else tones[::-1],
        ),
    )
    if not sleeve.bare:
        canvas.drawPath(shape, stroke(sleeve.dark, 3, 0.55))


def _draw_upper(canvas: skia.Canvas, a: Anatomy, arm: Arm, sleeve: _Sleeve, seam: np.ndarray) -> None:
    """From the shoulder to the elbow; where `seam` says so, it gives way to the body beneath."""
    canvas.saveLayer()
    if sleeve.bare:
        canvas.drawPath(sleeve.upper, stroke(a.skin.line, 6, 0.5))
    _draw_piece(canvas, sleeve, sleeve.upper, arm.shoulder, arm.elbow)
    if sleeve.bare:
        _draw_cap(canvas, a, arm, sleeve.wide)
    canvas.resetMatrix()
    canvas.drawImage(as_image(cv2.merge([seam] * 4)), 0, 0, skia.SamplingOptions(),
                     skia.Paint(BlendMode=skia.BlendMode.kDstOut))
    canvas.restore()


def _draw_cap(canvas: skia.Canvas, a: Anatomy, arm: Arm, wide: float) -> None:
    """The short sleeve of a dress."""
    colour = rgb(a.look.wardrobe.colour)
    cap = _limb(arm.shoulder, _between(arm.shoulder, arm.elbow, 0.36), wide * 1.12, wide * 1.16)
    tones = [ink(mix(colour, (255, 246, 230), 0.14)), ink(colour), ink(mix(colour, (6, 4, 14), 0.5))]
    canvas.drawPath(cap, linear((arm.shoulder[0] - wide, 300), (arm.shoulder[0] + wide, 560), tones))


def _draw_lower(canvas: skia.Canvas, a: Anatomy, arm: Arm, sleeve: _Sleeve) -> None:
    """From the elbow to the wrist, which a cuff ends."""
    wide = sleeve.wide
    if sleeve.bare:  # one skin: no outline where the upper arm goes on
        canvas.save()
        canvas.clipPath(skia.Path.Circle(*arm.elbow, wide), skia.ClipOp.kDifference, True)
        canvas.drawPath(sleeve.lower, stroke(a.skin.line, 6, 0.5))
        canvas.restore()
    _draw_piece(canvas, sleeve, sleeve.lower, arm.elbow, arm.wrist)
    nx, ny = _normal(arm.elbow, arm.wrist)
    for share in (0.22, 0.5):  # folds in the crook of the arm
        x, y = _between(arm.elbow, arm.wrist, share * 0.5)
        canvas.drawLine(
            x - nx * wide * 0.7,
            y - ny * wide * 0.7,
            x + nx * wide * 0.2,
            y + ny * wide * 0.5,
            stroke(sleeve.dark, 9, 0.28, blur=4),
        )
    if not sleeve.bare:
        cuff = _limb(_between(arm.elbow, arm.wrist, 0.90), arm.wrist, wide * 0.66, wide * 0.66)
        canvas.drawPath(cuff, fill(mix(sleeve.colour, sleeve.dark, 0.35)))
        canvas.drawPath(cuff, stroke(sleeve.dark, 3, 0.6))


def _sleeve_colour(a: Anatomy) -> Colour:
    wardrobe = a.look.wardrobe
    return {"apron": rgb(wardrobe.accent), "dress": a.skin.base}.get(wardrobe.garment, rgb(wardrobe.colour))


def _draw_hand(
    canvas: skia.Canvas, a: Anatomy, arm: Arm, painters: Mapping[Prop, PropPainter], prop: Prop | None, lamp: Colour
) -> None:
    canvas.save()
    canvas.translate(*arm.wrist)
    canvas.rotate(arm.hand_deg)
    size = HAND * (0.86 + 0.10 * (1 - a.feminine)) * (1 - 0.22 * a.child)
    canvas.scale(size * -arm.side, size)  # thumbs point to the body's middle
    if prop is not None and prop not in GRIPPED:
        _draw_palm(canvas, a)
        _draw_prop(canvas, prop, painters, lamp, arm, size)
        _draw_curled(canvas, a, narrow=True)
    elif prop is not None:
        _draw_prop(canvas, prop, painters, lamp, arm, size)
        _draw_palm(canvas, a)
        _draw_curled(canvas, a, narrow=False)
        if prop == "gun":  # along the guard, not on the trigger
            _finger(canvas, a, (-34, -108), (66, -122), 25)
    else:
        {"open": _draw_open, "flat": _draw_flat, "fist": _draw_fist, "point": _draw_point, "grip": _draw_fist}[
            arm.hand
        ](canvas, a)
    canvas.restore()


def _draw_prop(
    canvas: skia.Canvas, prop: Prop, painters: Mapping[Prop, PropPainter], lamp: Colour, arm: Arm, size: float
) -> None:
    """The prop of an insert, small, upright in the hand and never mirrored."""
    scale, (x, y), turn = HELD[prop]
    canvas.save()
    canvas.translate(x, y)
    canvas.scale(-arm.side / size, 1 / size)
    canvas.rotate(turn - arm.hand_deg * 0.6)
    if prop in GRIPPED and arm.side > 0:
        canvas.scale(-1, 1)
    canvas.scale(scale, scale)
    painters[prop](canvas, lamp)
    canvas.restore()


def _draw_palm(canvas: skia.Canvas, a: Anatomy) -> None:
    palm = path("M -34 6 C -46 -30 -52 -66 -46 -92 C -20 -112 24 -112 46 -92 C 54 -60 44 -24 32 6 Z")
    _skin(canvas, a, palm, (-40, -90), (44, 0))


def _draw_curled(canvas: skia.Canvas, a: Anatomy, narrow: bool) -> None:
    """Four fingers over what is held, and the thumb."""
    reach = 50 if narrow else 44
    for i in range(4):
        y = -96 + i * 25
        _finger(canvas, a, (-46, y), (-46 + reach - 4 * abs(i - 1), y + 5), 25)
    _finger(canvas, a, (40, -34), (30, -98 if narrow else -84), 27)


def _draw_fist(canvas: skia.Canvas, a: Anatomy) -> None:
    _draw_palm(canvas, a)
    for i in range(4):
        x = -40 + i * 25
        _finger(canvas, a, (x, -100), (x + 2, -52), 27)
    _finger(canvas, a, (46, -44), (-8, -50), 27)


def _draw_open(canvas: skia.Canvas, a: Anatomy) -> None:
    _draw_palm(canvas, a)
    for x, lean, length in ((-36, -13, 74), (-12, -4, 92), (12, 4, 88), (35, 13, 68)):
        _finger(canvas, a, (x, -88), (x + lean, -88 - length), 24)
    _finger(canvas, a, (38, -32), (88, -88), 26)


def _draw_flat(canvas: skia.Canvas, a: Anatomy) -> None:
    """The back of a hand, fingers together."""
    _draw_palm(canvas, a)
    for x, length in ((-33, 64), (-11, 82), (11, 80), (32, 62)):
        _finger(canvas, a, (x, -84), (x * 1.02, -84 - length), 25)
    _finger(canvas, a, (40, -36), (62, -96), 25)


def _draw_relaxed(canvas: skia.Canvas, a: Anatomy) -> None:
    """The back of a hand that hangs, fingers a little bent."""
    _finger(canvas, a, (30, -30), (30, -92), 25)
    _draw_palm(canvas, a)
    for x, length in ((33, 44), (12, 60), (-11, 62), (-32, 48)):
        _finger(canvas, a, (x, -82), (x * 0.86 + 5, -82 - length), 25)


def _draw_point(canvas: skia.Canvas, a: Anatomy) -> None:
    _draw_palm(canvas, a)
    _finger(canvas, a, (24, -88), (30, -184), 24)
    for i in range(3):
        x = -40 + i * 22
        _finger(canvas, a, (x, -98), (x + 2, -56), 25)
    _finger(canvas, a, (44, -40), (4, -62), 26)


def _finger(canvas: skia.Canvas, a: Anatomy, root: Point, tip: Point, width: float) -> None:
    shape = _limb(root, tip, width / 2, width * 0.43)
    _skin(canvas, a, shape, root, tip)
    nx, ny = _normal(root, tip)
    canvas.drawLine(
        tip[0] - nx * 4,
        tip[1] - ny * 4,
        tip[0] + nx * 4,
        tip[1] + ny * 4,
        stroke(mix(a.skin.light, (255, 236, 230), 0.4), 9, 0.55, blur=1.5),
    )


def _skin(canvas: skia.Canvas, a: Anatomy, shape: skia.Path, start: Point, end: Point) -> None:
    canvas.drawPath(
        shape,
        linear(
            start,
            (end[0] + 20, end[1] + 12),
            [ink(a.skin.shade), ink(a.skin.base), ink(mix(a.skin.base, a.skin.light, 0.6))],
        ),
    )
    canvas.drawPath(shape, stroke(a.skin.line, 2.6, 0.62))


def _limb(start: Point, end: Point, first: float, last: float) -> skia.Path:
    """A rounded, tapering piece between two joints; `first` and `last` are half-widths."""
    nx, ny = _normal(start, end)
    dx, dy = ny, -nx

    def at(centre: Point, across: float, along: float) -> Point:
        return centre[0] + nx * across + dx * along, centre[1] + ny * across + dy * along

    middle, wide = _between(start, end, 0.5), (first + last) * 0.52
    return smooth([
        at(start, first, 0), at(start, first * 0.78, -first * 0.62), at(start, 0, -first * 0.98),
        at(start, -first * 0.78, -first * 0.62), at(start, -first, 0), at(middle, -wide, 0), at(end, -last, 0),
        at(end, -last * 0.78, last * 0.62), at(end, 0, last * 0.98), at(end, last * 0.78, last * 0.62),
        at(end, last, 0), at(middle, wide, 0),
    ])


def _normal(start: Point, end: Point) -> Point:
    length = math.hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    return -(end[1] - start[1]) / length, (end[0] - start[0]) / length


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
