"""Draws the asset graph as SVG from the steps themselves: `make graph`."""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

from microdrama_assets.steps import STEPS

WIDTH, HEIGHT, GAP_X, GAP_Y = 190, 46, 60, 22
COLOURS = {"story": "#c9d8f0", "casting": "#f0d8c9", "picture": "#d9f0c9", "sound": "#f0ecc9", "delivery": "#e2c9f0",
           "boards": "#c9f0ea", "bundles": "#f0c9b0", "previews": "#e6e6e6",
           "release": "#f0c9d4"}


def graph_svg() -> str:
    """Assets in columns by depth, an arrow from each to those that read it, coloured by group."""
    depth: dict[str, int] = {}
    for step in STEPS.values():
        depth[step.name] = max((depth[name] + 1 for name in step.upstream), default=0)
    columns: dict[int, list[str]] = {}
    for name, column in depth.items():
        columns.setdefault(column, []).append(name)
    places = {name: (20 + column * (WIDTH + GAP_X), 20 + row * (HEIGHT + GAP_Y) + 30 * (column % 2))
              for column, names in columns.items() for row, name in enumerate(names)}
    width = 40 + max(x for x, _ in places.values()) + WIDTH
    height = 40 + max(y for _, y in places.values()) + HEIGHT
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">',
             f'<rect width="{width}" height="{height}" fill="#ffffff"/>']
    for step in STEPS.values():
        for name in step.upstream:
            (x0, y0), (x1, y1) = places[name], places[step.name]
            start, end, bend = x0 + WIDTH, x1, (x1 - x0 - WIDTH) / 2
            above, below = y0 + HEIGHT / 2, y1 + HEIGHT / 2
            curve = f"M{start} {above} C{start + bend} {above} {end - bend} {below} {end} {below}"
            parts.append(f'<path d="{curve}" fill="none" stroke="#8a8a94" stroke-width="1.3"/>')
    for step in STEPS.values():
        x, y = places[step.name]
        parts.append(f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="8" fill="{COLOURS[step.group]}"/>'
                     f'<text x="{x + 12}" y="{y + 20}" font-size="14" font-weight="bold">{escape(step.name)}</text>'
                     f'<text x="{x + 12}" y="{y + 37}" font-size="11" fill="#444">{escape(step.group)} · '
                     f'{escape(step.scope.value.replace("_", " x "))}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(graph_svg(), encoding="utf-8")
