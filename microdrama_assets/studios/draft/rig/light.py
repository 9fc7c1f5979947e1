"""The light of a place as it falls on people: a tint over all, a key from one side, rims along the silhouette."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from microdrama_assets.schemas.series import SetDesign, TimeOfDay
from microdrama_assets.studios.draft.ink import Colour, mix, rgb


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

STEP = 8
"""Pixels per side for which a shade is worked out once."""
FALLS_FROM = 0.38
"""Where along its way across a plate the key light begins to fall off."""
Box = tuple[int, int, int, int]
"""x, y, width, height in plate pixels."""
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


def shade_of(
    light: Light, size: tuple[int, int], sides: tuple[float, float] | None = None, box: Box | None = None
) -> np.ndarray:
    """What the ambient light leaves of each pixel: uint8 BGRA factors of 255, falling off to the right.

    `size` (width, height) is the plate's, `box` the part asked for. Beyond `sides`, columns from and to which the
    light falls, it leaves everything. Worked out at an eighth of the size, since it changes slowly.
    """
    x, y, width, height = box or (0, 0, *size)
    left, right = sides or (0.0, float(size[0]))
    run, fall = right - left, 0.35 * size[1]
    columns = x + (np.arange(-(-width // STEP)) + 0.5) * STEP - left
    rows = y + (np.arange(-(-height // STEP)) + 0.5) * STEP
    along = (columns[None, :, None] * run + rows[:, None, None] * fall) / (run * run + fall * fall)
    ends = light.ambient, mix(light.ambient, light.shadow, 0.75)
    near, far = (np.array([*reversed(colour), 255.0]) for colour in ends)
    coarse = np.rint(near + (far - near) * np.clip((along - FALLS_FROM) / (1 - FALLS_FROM), 0, 1)).astype(np.uint8)
    factors = cv2.resize(coarse, None, fx=STEP, fy=STEP, interpolation=cv2.INTER_LINEAR)[:height, :width]
    factors[:, : max(0, round(left) - x)] = 255
    factors[:, max(0, round(right) - x) :] = 255
    return factors


def add_shade(pixels: np.ndarray, factors: np.ndarray) -> None:
    """Multiplies premultiplied BGRA by `shade_of` in place; alpha stays."""
    cv2.multiply(pixels, factors, dst=pixels, scale=1 / 255)


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
    alpha = cv2.merge([cv2.extractChannel(pixels, 3)] * 4)
    for mask, colour, strength in (
        (rims.left, light.rim_left, light.rim_left_strength),
        (rims.right, light.rim_right, light.rim_right_strength),
    ):
        part = mask[y : y + height, x : x + width]
        gains = [cv2.multiply(part, np.array([value * strength / 255 * 1.15]).item()) for value in colour[::-1]]
        gain = cv2.merge([*gains, part])  # of alpha no room is left
        cv2.add(pixels, cv2.multiply(cv2.subtract(alpha, pixels), gain, scale=1 / 255), dst=pixels)
