"""The looks a series can choose, as numbers: how colour, contrast, light and grain of every frame are bent.

A look is a colour matrix (saturation about luma, then slope and offset), a curve for contrast, light that spills from
what is bright, a darkened edge, and for flat comics steps of tone with dots in the shadows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from microdrama_assets.schemas.series import Grade as GradeName


@dataclass(frozen=True)
class Grade:
    """`slope` and `offset` per channel in the order blue, green, red; `offset` in 8-bit steps. All shares are 0..1."""

    slope: tuple[float, float, float] = (1.0, 1.0, 1.0)
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    saturation: float = 1.0
    vignette: float = 0.0
    contrast: float = 0.0
    """Share of an S-curve about middle grey."""
    bloom: float = 0.0
    """Share of the light that spills over from highlights."""
    steps: int = 0
    """Tones of luma; 0 leaves them continuous."""
    dots: float = 0.0
    """Strength of the printed dots in the shadows."""


GRADES: Mapping[GradeName, Grade] = {
    "none": Grade(),
    "warm": Grade((0.97, 1.04, 1.08), (-1.0, -4.0, -3.0), 1.06, 0.34),
    "cold": Grade((1.09, 1.03, 0.96), (0.0, -4.0, -6.0), 0.92, 0.36),
    "noir": Grade((1.16, 1.16, 1.16), (-14.0, -15.0, -14.0), 0.10, 0.55, contrast=0.45, bloom=0.30),
    "warm_romance": Grade((0.92, 1.00, 1.06), (10.0, 6.0, 9.0), 1.02, 0.22, contrast=0.10, bloom=0.42),
    "cold_thriller": Grade((1.12, 1.04, 0.86), (6.0, 0.0, -8.0), 0.74, 0.46, contrast=0.30, bloom=0.12),
    "flat_comic": Grade((1.02, 1.04, 1.06), (2.0, 2.0, 2.0), 1.34, 0.0, contrast=0.22, steps=9, dots=0.22),
}
