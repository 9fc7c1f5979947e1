"""Where the sleeve of a raised arm is sewn to the body: there it has no edge of its own."""

from __future__ import annotations

import cv2
import numpy as np

from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.head_painter import Plate, alpha_at
from microdrama_assets.studios.draft.rig.posture import Arm, Point

WHOLE, NONE = 0.24, 0.75
"""How far from the shoulder a sleeve is one with the body, and from where on it stands for itself, in shoulders."""
HEM = 8.0
"""Half of how far inside the body's outline a sleeve has all given way, in rig units."""


def seam_of(a: Anatomy, arm: Arm, clothes: Plate, size: tuple[int, int], corner: Point, scale: float) -> np.ndarray:
    """How far the body's cloth shows in the sleeve's stead: 0..255 on the arms' plate of `size` from `corner` on.

    `clothes` is the body at the same scale.
    """
    body = cv2.GaussianBlur(alpha_at(clothes, size, corner, scale), (0, 0), HEM * scale)
    inside = body.astype(np.float32) / 127.5 - 1
    columns = (np.arange(size[0], dtype=np.float32) + 0.5) / scale + corner[0] - arm.shoulder[0]
    rows = (np.arange(size[1], dtype=np.float32) + 0.5) / scale + corner[1] - arm.shoulder[1]
    away = np.hypot(columns[None], rows[:, None]) / a.shoulder
    near = np.clip((NONE - away) / (NONE - WHOLE), 0, 1)
    return np.rint(np.clip(inside, 0, 1) * near * near * (3 - 2 * near) * 255).astype(np.uint8)
