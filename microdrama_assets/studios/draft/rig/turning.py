"""Turns a head drawn straight on by about 36 degrees: what lies on a round face moves sideways with its depth.

So a three-quarter face is the same drawing as the straight one, brow by brow; only what cannot be seen from the front
(the back of the head, the near ear, the nose from the side) is drawn anew in `three_quarter.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from microdrama_assets.studios.draft.rig.anatomy import Anatomy

FACE_DEPTH = 0.60
"""How far the face's middle stands before its edges, as a share of the temple's half-width."""
HAIR_DEPTH = 0.46
REACH = 1.15
"""Where the round of a face ends, as a share of its half-width."""


@dataclass(frozen=True)
class Warp:
    """`x` and `y` of the flat drawing for every pixel of the turned one: float32, height x width each."""

    x: np.ndarray
    y: np.ndarray

    def apply(self, flat: np.ndarray, box: tuple[int, int, int, int], top: int = 0) -> np.ndarray:
        """The turned pixels inside `box` (x, y, width, height). Row 0 of `flat` is row `top` of the whole sheet."""
        x, y, width, height = box
        turned = np.zeros((height, width, 4), np.uint8)
        _, first, _, drawn = cv2.boundingRect(cv2.extractChannel(flat, 3))  # rows stay rows: elsewhere nothing comes
        low, high = max(y, top + first), min(y + height, top + first + drawn)
        if low < high:
            part = slice(low, high), slice(x, x + width)
            moved = cv2.remap(flat, self.x[part], self.y[part] - top, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT)
            alpha = cv2.extractChannel(moved, 3)
            cv2.min(moved, cv2.merge([alpha] * 4), dst=turned[low - y : high - y])  # a cubic overshoots its alpha
        return turned


def turned_x(x: float, edge: float, depth: float, yaw_deg: float) -> float:
    """Where a point at `x` on a face of half-width `edge` comes to lie; `depth` in the same units."""
    turn = math.radians(yaw_deg)
    return x * math.cos(turn) + depth * math.sqrt(max(0.0, 1 - (x / (REACH * edge)) ** 2)) * math.sin(turn)


def face_warp(a: Anatomy, yaw_deg: float, left: float, top: float, scale: float, size: tuple[int, int]) -> Warp:
    """For skin, features and glasses. `left` and `top` are the sheet's corner in rig units, `size` (width, height)."""
    return _warp(a.temple, FACE_DEPTH * a.temple, yaw_deg, (left, top), scale, size, _contour(a))


def hair_warp(a: Anatomy, yaw_deg: float, left: float, top: float, scale: float, size: tuple[int, int]) -> Warp:
    """For hair in front of the face, which is wider and flatter than the face."""
    return _warp(max(a.temple * 1.1, a.reach * 0.94), HAIR_DEPTH * a.temple, yaw_deg, (left, top), scale, size, None)


def body_warp(a: Anatomy, turned: float, left: float, scale: float, size: tuple[int, int]) -> Warp:
    """For the body, which follows a head turned by `turned` (-1 profile left .. 1 profile right) about half the way."""
    yaw = math.radians(46.0 * turned)
    width, height = size
    flat = np.linspace(-1.5 * a.shoulder, 1.5 * a.shoulder, 700)
    bulge = np.sqrt(np.maximum(0.0, 1 - (flat / (1.5 * a.shoulder)) ** 2))
    depth = 0.26 * a.shoulder
    seen_at = left + (np.arange(width) + 0.5) / scale
    moved = flat * math.cos(yaw) + depth * (bulge - bulge[np.abs(flat).argmin()] * 0.7) * math.sin(yaw)
    row = (_inverse(flat, moved, yaw, seen_at) - left) * scale - 0.5
    x = np.repeat(row.astype(np.float32)[None], height, axis=0)
    return Warp(x, np.repeat(np.arange(height, dtype=np.float32)[:, None], width, axis=1))


def _warp(
    edge: float,
    depth: float,
    yaw_deg: float,
    corner: tuple[float, float],
    scale: float,
    size: tuple[int, int],
    contour: tuple[list[float], list[float]] | None,
) -> Warp:
    width, height = size
    flat = np.linspace(-1.7 * edge, 1.7 * edge, 700)
    turn = math.radians(yaw_deg)
    bulge = np.sqrt(np.maximum(0.0, 1 - (flat / (REACH * edge)) ** 2))
    seen_at = corner[0] + (np.arange(width) + 0.5) / scale
    rows = corner[1] + (np.arange(height) + 0.5) / scale
    deeper = np.ones(height) if contour is None else np.interp(rows, *contour)
    found = np.empty((height, width), np.float32)
    known: dict[float, np.ndarray] = {}
    for row, share in enumerate(np.round(deeper, 3)):
        if share not in known:
            known[share] = _inverse(flat, flat * math.cos(turn) + share * depth * bulge * math.sin(turn), turn, seen_at)
        found[row] = known[share]
    y = np.repeat(np.arange(height, dtype=np.float32)[:, None], width, axis=1)
    return Warp(((found - corner[0]) * scale - 0.5).astype(np.float32), y)


def _inverse(flat: np.ndarray, turned: np.ndarray, turn: float, seen_at: np.ndarray) -> np.ndarray:
    """Of every column seen, the column of the flat drawing; what has turned out of sight is skipped."""
    rising = np.maximum.accumulate(turned) if turn >= 0 else np.minimum.accumulate(turned[::-1])[::-1]
    return np.interp(seen_at, rising, flat)


def _contour(a: Anatomy) -> tuple[list[float], list[float]]:
    """Rows and how far the face stands out there: brow, socket, cheekbone, mouth and chin make the far outline."""
    return (
        [a.brow_y - 60, a.brow_y - 8, a.eye_y + 10, a.eye_y + 62, a.mouth_y - 8, a.mouth_y + 34, a.chin_y],
        [1.0, 1.04, 0.90, 1.02, 0.97, 0.95, 1.03],
    )
