"""The series' look over every frame: a colour grade from a table, a vignette, and film grain.

Costs two to three milliseconds a frame at 1080x1920 without grain: one table look-up and one 8-bit multiplication.
"""

from __future__ import annotations

import hashlib

import cv2
import numpy as np

from microdrama_assets.schemas.series import Look

_LIFT_GAMMA_GAIN: dict[str, tuple[tuple[float, float, float], ...]] = {
    # blue, green, red: what black becomes, the exponent of the midtones, what white becomes (0..1)
    "none": ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (1.0, 1.0, 1.0)),
    "warm": ((0.020, 0.008, 0.012), (1.08, 1.00, 0.94), (0.93, 0.985, 1.0)),
    "cold": ((0.030, 0.014, 0.000), (0.92, 1.00, 1.07), (1.0, 0.99, 0.93)),
    "noir": ((0.012, 0.010, 0.012), (1.10, 1.10, 1.10), (1.0, 1.0, 1.0)),
}
_CONTRAST = {"none": 0.0, "warm": 0.12, "cold": 0.14, "noir": 0.30}
_SATURATION = {"none": 1.0, "warm": 1.0, "cold": 1.0, "noir": 0.16}
_VIGNETTE = {"none": 0.0, "warm": 0.34, "cold": 0.36, "noir": 0.55}
GRAIN_SIGMA = 14.0
"""Standard deviation in 8-bit steps at grain 1."""


class Grader:
    """Applies one `Look` to frames of one size, (width, height)."""

    def __init__(self, look: Look, size: tuple[int, int]) -> None:
        self._grade, self._grain = look.grade, look.grain
        self._table = grade_table(look.grade)
        self._vignette = vignette(_VIGNETTE[look.grade], size)
        self._size = size
        self._noise = _noise(size) if look.grain > 0 else None

    def apply(self, frame: np.ndarray, index: int = 0) -> np.ndarray:
        """Grades uint8 BGR `frame` in place and returns it. `index` picks the grain: same frame number, same grain."""
        if self._grade != "none":
            if _SATURATION[self._grade] < 1:
                grey = cv2.cvtColor(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
                cv2.addWeighted(frame, _SATURATION[self._grade], grey, 1 - _SATURATION[self._grade], 0, dst=frame)
            cv2.LUT(frame, self._table, dst=frame)
            cv2.multiply(frame, self._vignette, dst=frame, scale=1 / 255)
        if self._noise is not None:
            cv2.addWeighted(frame, 1.0, self._grain_of(index), self._grain, -128 * self._grain, dst=frame)
        return frame

    def _grain_of(self, index: int) -> np.ndarray:
        """A window into one sheet of noise, elsewhere in every frame."""
        assert self._noise is not None
        digest = hashlib.sha256(f"grain/{index}".encode()).digest()
        x, y = digest[0] % 64, digest[1] % 64
        return self._noise[y:y + self._size[1], x:x + self._size[0]]


def grade_table(grade: str) -> np.ndarray:
    """256 x 1 x 3 uint8: lift, gamma, gain, then an S-curve."""
    lift, gamma, gain = (np.array(values) for values in _LIFT_GAMMA_GAIN[grade])
    level = np.linspace(0, 1, 256)[:, None]
    graded = lift + (gain - lift) * level ** gamma
    curve = graded * graded * (3 - 2 * graded)
    mixed = graded + (curve - graded) * _CONTRAST[grade]
    return np.clip(np.rint(mixed * 255), 0, 255).astype(np.uint8)[:, None, :]


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
