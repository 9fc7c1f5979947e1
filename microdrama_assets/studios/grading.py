"""The series' look over every frame: a colour grade, a vignette, and film grain.

Two passes over a frame (one colour matrix, one 8-bit multiplication) and a third where there is grain, so that a
graded frame at 1080x1920 stays cheap beside its encoding.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import cv2
import numpy as np

from microdrama_assets.schemas.series import Look


@dataclass(frozen=True)
class Grade:
    """Per channel in the order blue, green, red: what mid grey is pushed around (`slope`) and to (`offset`, 8-bit)."""

    slope: tuple[float, float, float]
    offset: tuple[float, float, float]
    saturation: float
    vignette: float


GRADES: dict[str, Grade] = {
    "none": Grade((1.0, 1.0, 1.0), (0.0, 0.0, 0.0), 1.0, 0.0),
    "warm": Grade((0.97, 1.04, 1.08), (-1.0, -4.0, -3.0), 1.06, 0.34),
    "cold": Grade((1.09, 1.03, 0.96), (0.0, -4.0, -6.0), 0.92, 0.36),
    "noir": Grade((1.24, 1.24, 1.24), (-24.0, -25.0, -24.0), 0.12, 0.55),
}
_LUMA = np.array([0.0722, 0.7152, 0.2126])
"""Rec. 709, blue first."""
GRAIN_SIGMA = 14.0
"""Standard deviation in 8-bit steps at grain 1."""


class Grader:
    """Applies one `Look` to frames of one size, (width, height)."""

    def __init__(self, look: Look, size: tuple[int, int]) -> None:
        self._grade, self._grain = look.grade, look.grain
        self._matrix = grade_matrix(GRADES[look.grade])
        self._vignette = vignette(GRADES[look.grade].vignette, size)
        self._size = size
        self._noise = _noise(size) if look.grain > 0 else None

    def apply(self, frame: np.ndarray, index: int = 0) -> np.ndarray:
        """Grades uint8 BGR `frame` in place and returns it. `index` picks the grain: same frame number, same grain."""
        if self._grade != "none":
            cv2.transform(frame, self._matrix, dst=frame)
            cv2.multiply(frame, self._vignette, dst=frame, scale=1 / 255)
        if self._noise is not None:
            cv2.addWeighted(frame, 1.0, self._grain_of(index), self._grain, -128 * self._grain, dst=frame)
        return frame

    def _grain_of(self, index: int) -> np.ndarray:
        """A window into one sheet of noise, elsewhere in every frame."""
        assert self._noise is not None
        digest = hashlib.sha256(f"grain/{index}".encode()).digest()
        x, y = digest[0] % 64, digest[1] % 64
        return self._noise[y : y + self._size[1], x : x + self._size[0]]


def grade_matrix(grade: Grade) -> np.ndarray:
    """3 x 4 float32 for `cv2.transform`: saturation about luma, then slope and offset per channel."""
    saturation = grade.saturation * np.eye(3) + (1 - grade.saturation) * np.tile(_LUMA, (3, 1))
    return np.column_stack([np.diag(grade.slope) @ saturation, grade.offset]).astype(np.float32)


def vignette(strength: float, size: tuple[int, int]) -> np.ndarray:
    """height x width x 3 multipliers, 255 in the middle; darkens the corners by `strength`."""
    width, height = size
    x = (np.arange(width) + 0.5) / width - 0.5
    y = (np.arange(height) + 0.5) / height - 0.44
    reach = np.hypot(x[None, :] * 1.25, y[:, None] * 1.05)
    fall = np.clip((reach - 0.30) / 0.50, 0, 1)
    mask = np.rint(255 * (1 - strength * fall * fall * (3 - 2 * fall))).astype(np.uint8)
    return cv2.merge([mask, mask, mask])


def _noise(size: tuple[int, int]) -> np.ndarray:
    generator = np.random.Generator(np.random.PCG64(20))
    grey = generator.normal(128, GRAIN_SIGMA, (size[1] + 64, size[0] + 64))
    return cv2.merge([np.clip(grey, 0, 255).astype(np.uint8)] * 3)
