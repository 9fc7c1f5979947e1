"""Where a plate's pixels land: placing, idle motion and camera as 3x3 matrices of frame coordinates."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from microdrama_assets.studios.draft.clip import BodySample, CameraSample
from microdrama_assets.studios.draft.layout import Face, Layer

ARM_SWING = 0.8
"""Of a leg's: arms swing against the legs."""


def plate_matrix(layer: Layer, scale: float) -> np.ndarray:
    """From plate pixels (at `scale` plate pixels per frame pixel) to the frame at rest."""
    return np.array([[1 / scale, 0.0, layer.x], [0.0, 1 / scale, layer.y], [0.0, 0.0, 1.0]])


def part_matrix(layer: Layer, face: Face | None, sample: BodySample) -> np.ndarray:
    """Idle motion: a head turns about its neck, a body breathes from the hips, legs and hanging arms swing in a walk,
    raised forearms turn about their elbows; other layers rest."""
    if face is None or layer.part is None:
        return np.eye(3)
    pivot = face.body_pivot[1]
    if layer.part == "head":
        turn = turn_about(face.head_pivot, face.tilt_deg + sample.head_deg)
        turn[0, 2] += sample.head_x + sample.x + sample.lean * (pivot - face.head_pivot[1])
        turn[1, 2] += sample.head_y + sample.y
        return turn
    joint, side = face.joints.get(layer.part), -1 if layer.part.startswith("left") else 1
    if joint is not None and layer.part.endswith("leg"):
        swing = turn_about(joint, -side * sample.stride_deg)
        swing[:2, 2] += sample.x, sample.y
        return swing
    rise = 1 + sample.breath / 1000
    body = np.array([[1.0, -sample.lean, sample.x + sample.lean * pivot],
                     [0.0, rise, pivot - rise * pivot + sample.y], [0.0, 0.0, 1.0]])
    if joint is None:
        return body
    forearm = layer.part.endswith("forearm")
    return body @ turn_about(joint, side * (-sample.arm_deg if forearm else ARM_SWING * sample.stride_deg))


def moved_by(way: Sequence[tuple[float, float]], index: int) -> np.ndarray:
    """A layer that travels: where it is in frame `index` of its way, or at the end of it."""
    moved = np.eye(3)
    moved[:2, 2] = way[min(index, len(way) - 1)]
    return moved


def camera_matrix(camera: CameraSample, parallax: float, focus: tuple[float, float]) -> np.ndarray:
    """The camera's move as a layer of this parallax follows it: zoom and roll about the focus, then the shift."""
    zoom = 1 + (camera.zoom - 1) * parallax
    matrix = turn_about(focus, camera.roll_deg, zoom)
    matrix[0, 2] -= camera.x * parallax
    matrix[1, 2] -= camera.y * parallax
    return matrix


def turn_about(pivot: tuple[float, float], degrees: float, scale: float = 1.0) -> np.ndarray:
    """Rotation (clockwise on screen) and scaling about a point."""
    cos, sin = scale * math.cos(math.radians(degrees)), scale * math.sin(math.radians(degrees))
    x, y = pivot
    return np.array([[cos, -sin, x - cos * x + sin * y], [sin, cos, y - sin * x - cos * y], [0.0, 0.0, 1.0]])
