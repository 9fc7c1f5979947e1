"""Curves over powers of ten as an SVG drawing: both axes logarithmic, so that linear growth is a straight diagonal."""

from __future__ import annotations

import math
from collections.abc import MutableSequence, Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH, HEIGHT, MARGIN, INSET = 640, 400, 56, 28
INKS = ("#c2410c", "#15803d", "#2563eb")
STYLE = ("text{font:13px sans-serif;fill:#444}.grid{stroke:#bbb;stroke-width:.6}path{fill:none;stroke-width:2.4}"
         "@media(prefers-color-scheme:dark){text{fill:#ccc}.grid{stroke:#555}}")


@dataclass(frozen=True)
class Curve:
    """Values above 0 at sizes that increase."""

    name: str
    sizes: Sequence[int]
    values: MutableSequence[float]

    @property
    def steepest(self) -> float:
        """The largest slope between neighbours on logarithmic axes: 1 is linear growth, 2 quadratic."""
        points = pairwise(zip(self.sizes, self.values, strict=True))
        return max((math.log(after / before) / math.log(larger / size)
                    for (size, before), (larger, after) in points), default=0.0)


def draw(curves: Sequence[Curve], axis: str) -> str:
    """One drawing of up to three curves over the same sizes, each point labelled with its value."""
    sizes = curves[0].sizes
    values = [value for curve in curves for value in curve.values]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))

    def at(size: float, value: float) -> tuple[float, float]:
        across = math.log(size / sizes[0]) / max(math.log(sizes[-1] / sizes[0]), 1e-9)
        up = (math.log10(value) - low) / max(high - low, 1)
        return MARGIN + INSET + across * (WIDTH - 2 * (MARGIN + INSET)), HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
             f'aria-label="Plan time and memory by number of {axis}"><style>{STYLE}</style>']
    for power in range(low, high + 1):
        left, (_, y), right = MARGIN, at(sizes[0], 10.0 ** power), WIDTH - MARGIN
        parts += [f'<line class="grid" x1="{left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>',
                  f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0 ** power:g}</text>']
    for size in sizes:
        x, _ = at(size, 10.0 ** low)
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - MARGIN + 22}" text-anchor="middle">{size:,}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 12}" text-anchor="middle">{axis}</text>')
    for curve, ink in zip(curves, INKS, strict=False):
        points = [at(size, value) for size, value in zip(curve.sizes, curve.values, strict=True)]
        parts.append(f'<path stroke="{ink}" d="M{" L".join(f"{x:.1f} {y:.1f}" for x, y in points)}"/>')
        for (x, y), value in zip(points, curve.values, strict=True):
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{ink}"/>',
                      f'<text x="{x:.1f}" y="{y - 10:.1f}" text-anchor="middle">{value:.3g}</text>']
        parts.append(f'<text x="{points[0][0] + 10:.1f}" y="{points[0][1] + 20:.1f}" style="fill:{ink}">{curve.name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
