"""The look over every frame: colour, contrast, spilling light, dots, a vignette, and film grain.

Each pass runs over 8-bit pixels and only where the look has it, so that a graded frame at 1080x1920 stays cheap beside
its encoding.
"""

from __future__ import annotations

import hashlib
from functools import cache

import cv2
import numpy as np

from microdrama_assets.schemas.series import Look
from microdrama_assets.studios.looks import GRADES, Grade
from resources.pixels import COLOUR_ONE, bend

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
        self._grade, self._size = grade, size
        self._colours = None if grade_matrix(grade) == grade_matrix(GRADES["none"]) else added_colours(grade)
        self._bent = bool(grade.contrast or grade.steps)
        self._curve = tone_curve(grade)
        self._spilling = spilling(grade.bloom)
        self._edge = vignette(grade.vignette, size) if grade.vignette else None
        self._dots = print_dots(size) if grade.dots else None
        self._grain = grain(look.grain, size) if look.grain > 0 else None

    def apply(self, frame: np.ndarray, index: int = 0) -> np.ndarray:
        """Grades uint8 BGRA `frame` in place and returns it. `index` picks the grain: same frame number, same grain."""
        grain = None if self._grain is None else self._grain_of(self._grain, index)
        if not (self._grade.bloom or self._bent or self._grade.dots):
            bend(frame, self._colours, self._edge, grain)
            return frame
        bend(frame, self._colours)
        if self._grade.bloom:
            self._spill(frame)
        if self._bent:
            self._bend_tones(frame)
        bend(frame, None, self._shade_of(frame), grain)
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
        luma_first = cv2.cvtColor(frame, cv2.COLOR_BGR2YCrCb)
        cv2.LUT(luma_first, cv2.merge([self._curve[None], _AS_IT_IS[None], _AS_IT_IS[None]]), dst=luma_first)
        cv2.cvtColor(luma_first, cv2.COLOR_YCrCb2BGR, dst=frame, dstCn=4)

    def _shade_of(self, frame: np.ndarray) -> np.ndarray | None:
        """The vignette, and dots where the picture is dark: the darker, the larger they are."""
        if self._dots is None:
            return self._edge
        inked = cv2.compare(self._dots, cv2.extractChannel(frame, 1), cv2.CMP_GT)
        shade = cv2.convertScaleAbs(inked, alpha=-self._grade.dots, beta=255)
        return shade if self._edge is None else cv2.multiply(shade, self._edge, scale=1 / 255)

    def _grain_of(self, sheet: np.ndarray, index: int) -> np.ndarray:
        """A window into one sheet of noise, elsewhere in every frame."""
        digest = hashlib.sha256(f"grain/{index}".encode()).digest()
        x, y = digest[0] % 64, digest[1] % 64
        return sheet[y : y + self._size[1], x : x + self._size[0]]


def grade_matrix(grade: Grade) -> list[list[float]]:
    """3 x 4, rows and columns blue, green, red: saturation about luma, then slope and, in the last column, offset."""
    saturation = grade.saturation * np.eye(3) + (1 - grade.saturation) * np.tile(_LUMA, (3, 1))
    return np.column_stack([np.diag(grade.slope) @ saturation, grade.offset]).tolist()


def added_colours(grade: Grade) -> np.ndarray:
    """The same as `bend` wants it: what is added to each channel, in 128ths. What it does to greys is rounded first,
    and green gives way: else greys would take on a hue."""
    added = (np.array(grade_matrix(grade)) - np.eye(3, 4)) * COLOUR_ONE
    fixed = np.rint(added).astype(np.int16)
    fixed[:, 1] = np.rint(added[:, :3].sum(1)) - fixed[:, 0] - fixed[:, 2]
    return fixed


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


@cache
def vignette(strength: float, size: tuple[int, int]) -> np.ndarray:
    """height x width: how much of the light remains, of 255; all in the middle, `strength` less in the corners."""
    width, height = size
    x = (np.arange(width) + 0.5) / width - 0.5
    y = (np.arange(height) + 0.5) / height - 0.44
    reach = np.hypot(x[None, :] * 1.25, y[:, None] * 1.05)
    fall = np.clip((reach - 0.30) / 0.50, 0, 1)
    return np.rint(255 * (1 - strength * fall * fall * (3 - 2 * fall))).astype(np.uint8)


def print_dots(size: tuple[int, int]) -> np.ndarray:
    """height x width: below which tone each pixel is inked, as a slanted raster of round dots; no light tone is."""
    step = max(3.0, DOT_PX * size[0] / 1080)
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    u, v = (x + y) * np.pi / step / np.sqrt(2), (x - y) * np.pi / step / np.sqrt(2)
    return np.rint((np.cos(u) * np.cos(v) + 1) / 2 * 96).astype(np.uint8)


@cache
def grain(strength: float, size: tuple[int, int]) -> np.ndarray:
    """int8, larger than a frame of `size` by 64 pixels either way: what is added to every channel."""
    generator = np.random.Generator(np.random.PCG64(20))
    grey = generator.normal(0, GRAIN_SIGMA * strength, (size[1] + 64, size[0] + 64))
    return np.rint(np.clip(grey, -128, 127)).astype(np.int8)
