"""The light of a place as it falls on people: a tint over all, a key from one side, rims along the silhouette."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import skia

from microdrama_assets.schemas.series import SetDesign, TimeOfDay
from microdrama_assets.studios.draft.ink import Colour, ink, linear, mix, rect, rgb


@dataclass(frozen=True)
class Light:
    """`ambient` multiplies; `shadow` multiplies the side away from the key; rims add along left and right edges."""

    ambient: Colour
    shadow: Colour
    rim_left: Colour
    rim_right: Colour
    rim_left_strength: float
    rim_right_strength: float
    darkness: float
    """0 bright day .. 1 deep night: how far lamps count."""


STUDIO = Light((255, 255, 255), (238, 230, 240), (255, 240, 220), (210, 230, 255), 0.25, 0.35, 0.0)
"""Even light for reference sheets."""

_AMBIENT: dict[TimeOfDay, Colour] = {
    "day": (255, 252, 246),
    "dawn": (255, 232, 224),
    "dusk": (250, 218, 206),
    "night": (226, 216, 236),
}
_SKY: dict[TimeOfDay, Colour] = {
    "day": (236, 246, 255),
    "dawn": (255, 190, 180),
    "dusk": (255, 150, 96),
    "night": (108, 164, 255),
}
_DARKNESS: dict[TimeOfDay, float] = {"day": 0.0, "dawn": 0.35, "dusk": 0.55, "night": 1.0}


def light_of(design: SetDesign, time: TimeOfDay) -> Light:
    """What a set's lighting and the hour make of a face."""
    sky, dark, lamp = _SKY[time], _DARKNESS[time], rgb(design.palette[2])
    ambient = _AMBIENT[time]
    if design.lighting == "neon":
        return Light(
            mix(ambient, (238, 206, 250), 0.6),
            (176, 150, 220),
            (255, 74, 170),
            (64, 224, 255),
            0.85,
            1.0,
            max(dark, 0.5),
        )
    if design.lighting == "cool":
        return Light(
            mix(ambient, (214, 230, 255), 0.55),
            (170, 180, 216),
            mix(sky, (170, 214, 255), 0.6),
            (196, 226, 255),
            0.45,
            0.8,
            dark,
        )
    if design.lighting == "dim":
        return Light(
            mix(ambient, (178, 168, 190), 0.75),
            (120, 112, 156),
            lamp,
            mix(sky, (120, 150, 210), 0.5),
            0.65,
            0.6,
            max(dark, 0.6),
        )
    return Light(
        mix(ambient, (255, 232, 204), 0.45),
        (206, 176, 190),
        mix(lamp, (255, 226, 180), 0.3),
        sky,
        0.50 + 0.2 * dark,
        0.55 + 0.35 * dark,
        dark,
    )


def tint_sheet(canvas: skia.Canvas, light: Light, left: float, right: float, top: float, height: float) -> None:
    """Multiplies what is drawn so far by the ambient light, falling off to the right; keeps its alpha."""
    shade = mix(light.ambient, light.shadow, 0.75)
    paint = linear(
        (left, top),
        (right, top + height * 0.35),
        [ink(light.ambient), ink(light.ambient), ink(shade)],
        [0, 0.38, 1],
        blend=skia.BlendMode.kModulate,
    )
    canvas.drawRect(rect(left, top, right - left, height), paint)


@dataclass(frozen=True)
class Rims:
    """8-bit masks of the plate's size: where light from either side catches the edge."""

    left: np.ndarray
    right: np.ndarray


def rims_of(alpha: np.ndarray, width_px: float) -> Rims:
    """Edges facing left and right, `width_px` deep. Worked out at a third of the size, since they are soft."""
    small = cv2.resize(alpha, None, fx=1 / 3, fy=1 / 3, interpolation=cv2.INTER_AREA)
    reach = max(1.0, width_px / 3)
    soft = cv2.GaussianBlur(small, (0, 0), reach * 0.55)
    masks = []
    for way in (-1, 1):
        move = np.array([[1.0, 0.0, -way * reach], [0.0, 1.0, 0.0]])
        beyond = cv2.warpAffine(soft, move, (small.shape[1], small.shape[0]), borderMode=cv2.BORDER_REPLICATE)
        edge = cv2.multiply(cv2.bitwise_not(beyond), small, scale=1 / 255)
        masks.append(cv2.resize(edge, (alpha.shape[1], alpha.shape[0]), interpolation=cv2.INTER_LINEAR))
    return Rims(left=masks[0], right=masks[1])


def add_rims(pixels: np.ndarray, rims: Rims, light: Light, at: tuple[int, int] = (0, 0)) -> None:
    """Screens the rims onto premultiplied BGRA `pixels` in place; `at` is where a patch lies in the masks' plate."""
    height, width = pixels.shape[:2]
    x, y = at
    alpha = pixels[..., 3]
    bgr = np.ascontiguousarray(pixels[..., :3])
    for mask, colour, strength in (
        (rims.left, light.rim_left, light.rim_left_strength),
        (rims.right, light.rim_right, light.rim_right_strength),
    ):
        part = mask[y : y + height, x : x + width]
        gain = cv2.merge(
            [cv2.multiply(part, np.array([value * strength / 255 * 1.15]).item()) for value in colour[::-1]]
        )
        room = cv2.subtract(cv2.merge([alpha] * 3), bgr)
        bgr = cv2.add(bgr, cv2.multiply(room, gain, scale=1 / 255))
    pixels[..., :3] = bgr
