"""The look over every frame: colour, contrast, spilling light, dots, a vignette, and film grain.

Each pass runs over 8-bit pixels and only where the look has it, so that a graded frame at 1080x1920 stays cheap beside
its encoding.
"""

from __future__ import annotations

import hashlib

import cv2
import numpy as np

from microdrama_assets.schemas.series import Look
from microdrama_assets.studios.looks import GRADES, Grade

_LUMA = np.array([0.0722, 0.7152, 0.2126])
"""Rec. 709, blue first."""
_AS_IT_IS = np.arange(256, dtype=np.uint8)
GRAIN_SIGMA = 14.0
"""Standard deviation in 8-bit steps at grain 1."""
BLOOM_SHRINK = 8
BLOOM_FROM = 168
"""Light spills from what is brighter than this."""
DOT_PX = 9
"""Distance of printed dots at a frame width of 1080."""


class Grader:
    """Applies one `Look` to frames of one size, (width, height)."""

    def __init__(self, look: Look, size: tuple[int, int]) -> None:
        grade = GRADES[look.grade]
        self._grade, self._grain, self._size = grade, look.grain, size
        self._matrix = grade_matrix(grade)
        self._bends = not np.array_equal(self._matrix, grade_matrix(GRADES["none"]))
        self._bent = bool(grade.contrast or grade.steps)
        self._curve = tone_curve(grade)
        self._spilling = spilling(grade.bloom)
        self._edge = vignette(grade.vignette, size) if grade.vignette else None
        self._dots = print_dots(size) if grade.dots else None
        self._noise = _noise(size) if look.grain > 0 else None

    def apply(self, frame: np.ndarray, index: int = 0) -> np.ndarray:
        """Grades uint8 BGR `frame` in place and returns it. `index` picks the grain: same frame number, same grain."""
        if self._bends:
            cv2.transform(frame, self._matrix, dst=frame)
        if self._grade.bloom:
            self._spill(frame)
        if self._bent:
            self._bend_tones(frame)
        if self._dots is not None:
            self._print(frame)
        if self._edge is not None:
            cv2.multiply(frame, self._edge, dst=frame, scale=1 / 255)
        if self._noise is not None:
            cv2.addWeighted(frame, 1.0, self._grain_of(index), self._grain, -128 * self._grain, dst=frame)
        return frame

    def _spill(self, frame: np.ndarray) -> None:
        """Highlights, softened on a small picture, are added to the frame."""
        width, height = self._size
        small = cv2.resize(frame, (width // BLOOM_SHRINK, height // BLOOM_SHRINK), interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(cv2.LUT(small, self._spilling), (0, 0), width / BLOOM_SHRINK / 26)
        cv2.add(frame, cv2.resize(soft, self._size, interpolation=cv2.INTER_LINEAR), dst=frame)

    def _bend_tones(self, frame: np.ndarray) -> None:
        """Contrast bends every channel; steps are cut in luma alone, or else each hue would have its own edges."""
        if not self._grade.steps:
            cv2.LUT(frame, self._curve, dst=frame)
            return
        cv2.cvtColor(frame, cv2.COLOR_BGR2YCrCb, dst=frame)
        cv2.LUT(frame, cv2.merge([self._curve[None], _AS_IT_IS[None], _AS_IT_IS[None]]), dst=frame)
        cv2.cvtColor(frame, cv2.COLOR_YCrCb2BGR, dst=frame)

    def _print(self, frame: np.ndarray) -> None:
        """Darkens dots where the picture is dark: the darker, the larger they are."""
        assert self._dots is not None
        inked = cv2.compare(self._dots, cv2.extractChannel(frame, 1), cv2.CMP_GT)
        shade = cv2.convertScaleAbs(inked, alpha=-self._grade.dots, beta=255)
        cv2.multiply(frame, cv2.merge([shade] * 3), dst=frame, scale=1 / 255)

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


def tone_curve(grade: Grade) -> np.ndarray:
    """256 tones: an S-curve by the grade's contrast, then its steps, each a little softened at its edge."""
    x = np.arange(256) / 255
    tones = x + grade.contrast * (x * x * (3 - 2 * x) - x)
    if grade.steps:
        level = tones * (grade.steps - 1)
        edge = np.clip((level - np.floor(level) - 0.5) * 5 + 0.5, 0, 1)
        tones = (np.floor(level) + edge) / (grade.steps - 1)
    return np.rint(np.clip(tones, 0, 1) * 255).astype(np.uint8)


def spilling(bloom: float) -> np.ndarray:
    """256 tones: how much light each spills over."""
    share = np.clip(np.arange(256) - BLOOM_FROM, 0, None) / (255 - BLOOM_FROM)
    return np.rint(255 * bloom * share).astype(np.uint8)


def vignette(strength: float, size: tuple[int, int]) -> np.ndarray:
    """height x width x 3 multipliers, 255 in the middle; darkens the corners by `strength`."""
    width, height = size
    x = (np.arange(width) + 0.5) / width - 0.5
    y = (np.arange(height) + 0.5) / height - 0.44
    reach = np.hypot(x[None, :] * 1.25, y[:, None] * 1.05)
    fall = np.clip((reach - 0.30) / 0.50, 0, 1)
    mask = np.rint(255 * (1 - strength * fall * fall * (3 - 2 * fall))).astype(np.uint8)
    return cv2.merge([mask, mask, mask])


def print_dots(size: tuple[int, int]) -> np.ndarray:
    """height x width: below which tone each pixel is inked, as a slanted raster of round dots; no light tone is."""
    step = max(3.0, DOT_PX * size[0] / 1080)
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    u, v = (x + y) * np.pi / step / np.sqrt(2), (x - y) * np.pi / step / np.sqrt(2)
    return np.rint((np.cos(u) * np.cos(v) + 1) / 2 * 96).astype(np.uint8)


def _noise(size: tuple[int, int]) -> np.ndarray:
    generator = np.random.Generator(np.random.PCG64(20))
    grey = generator.normal(128, GRAIN_SIGMA, (size[1] + 64, size[0] + 64))
    return cv2.merge([np.clip(grey, 0, 255).astype(np.uint8)] * 3)
