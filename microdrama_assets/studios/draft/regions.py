"""Cuts the frame into rectangles by which layers matter there over the whole clip.

A layer counts as solid in a tile only if it is opaque there in every frame, and as absent only if it is empty there
in every frame; anything else is blended. Wrong guesses can thus cost time, never a pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

TILES_ACROSS = 18
SMALLEST_TILE = 60
"""Pixels: below this, small frames would cost more calls than blending."""
BLOCK = 8
"""Plate pixels per cell of the coarse alpha maps."""
SAMPLE_EVERY = 5
"""Frames between the frames looked at; what lies between two of them is covered by the hull of both, and a margin."""
MARGIN_PX = 6.0
_OPAQUE_ROW = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
EMPTY, MIXED, SOLID = 0, 1, 2
Stack = tuple[int | None, tuple[int, ...]]
"""Of a tile: the solid sheet at its ground, and those to blend over it."""

Hides = Literal["all", "by alpha", "nothing"]
"""What a layer hides of those behind it: all of them everywhere; where it is opaque; nothing, for it is light, comes
and goes, or changes."""


@dataclass(frozen=True)
class Sheet:
    """A layer as the plan sees it. `path` is frames x 2 x 3 from output pixels to plate pixels; None for a sheet that
    lies before the lens everywhere. `spread` is by how many plate pixels its edges may soften."""

    alpha: np.ndarray
    hides: Hides
    path: np.ndarray | None
    spread: float = 0.0


@dataclass(frozen=True)
class Region:
    """A rectangle of output pixels: the solid layer at its ground, and those to blend over it, far to near."""

    x: int
    y: int
    width: int
    height: int
    ground: int | None
    over: tuple[int, ...]


class Planner(Protocol):
    """Cuts a frame of `size` into rectangles, as `plan_regions` does."""

    def __call__(self, sheets: Sequence[Sheet], size: tuple[int, int], below: int | None) -> list[Region]: ...


def plan_regions(sheets: Sequence[Sheet], size: tuple[int, int], below: int | None) -> list[Region]:
    """Rectangles that tile a frame of `size` (width, height). `sheets` are listed from far to near.

    With `below`, only that many of the farthest sheets are composed, and nothing where the others hide them.
    """
    tile = max(SMALLEST_TILE, size[0] // TILES_ACROSS)
    columns, rows = -(-size[0] // tile), -(-size[1] // tile)
    kinds = [classify(sheet, tile, rows, columns) for sheet in sheets]
    return merge_tiles(_stacks(kinds, rows, columns, len(sheets) if below is None else below), tile, size)


def classify(sheet: Sheet, tile: int, rows: int, columns: int) -> np.ndarray:
    """EMPTY, MIXED or SOLID for each tile over all frames."""
    if sheet.hides == "all" or sheet.path is None:
        return np.full((rows, columns), SOLID if sheet.hides == "all" else MIXED)
    some, gaps = _coarse(sheet.alpha)
    corners, margin = _corners(tile, rows, columns), MARGIN_PX + sheet.spread
    frames = sorted({*range(0, len(sheet.path), SAMPLE_EVERY), len(sheet.path) - 1})
    empty, solid = np.ones((rows, columns), bool), np.full((rows, columns), sheet.hides != "nothing")
    seen = [corners @ sheet.path[index][:, :2].T + sheet.path[index][:, 2] for index in frames]
    for before, after in zip(seen, seen[1:] or seen, strict=False):
        low = np.minimum(before.min(axis=2), after.min(axis=2)) - margin
        high = np.maximum(before.max(axis=2), after.max(axis=2)) + margin
        inside = (low >= 0).all(-1) & (high[..., 0] < sheet.alpha.shape[1]) & (high[..., 1] < sheet.alpha.shape[0])
        empty &= _count(some, low, high) == 0
        solid &= inside & (_count(gaps, low, high) == 0)
    return np.where(empty, EMPTY, np.where(solid, SOLID, MIXED))


def merge_tiles(
    stacks: list[list[Stack | None]], tile: int, size: tuple[int, int]
) -> list[Region]:
    """Greedy rectangles of equal tiles: each row's runs, joined with equal runs of the row above. None is left out."""
    regions: list[Region] = []
    open_runs: dict[tuple, list[int]] = {}
    for row in range(len(stacks) + 1):
        runs = _runs(stacks[row]) if row < len(stacks) else []
        for run in [run for run in open_runs if run not in runs]:
            start, end = open_runs.pop(run)
            regions.append(_region(run, start, end, tile, size))
        for run in runs:
            open_runs.setdefault(run, [row, row])[1] = row
    return regions


def _region(run: tuple, start: int, end: int, tile: int, size: tuple[int, int]) -> Region:
    first, last, (ground, over) = run
    x, y = first * tile, start * tile
    return Region(
        x=x,
        y=y,
        width=min(size[0], (last + 1) * tile) - x,
        height=min(size[1], (end + 1) * tile) - y,
        ground=ground,
        over=over,
    )


def _runs(row: list[Stack | None]) -> list[tuple]:
    runs, first = [], 0
    for column in range(1, len(row) + 1):
        if column == len(row) or row[column] != row[first]:
            if row[first] is not None:
                runs.append((first, column - 1, row[first]))
            first = column
    return runs


def _stacks(classes: list[np.ndarray], rows: int, columns: int, below: int) -> list[list[Stack | None]]:
    stacks = []
    for row in range(rows):
        line: list[Stack | None] = []
        for column in range(columns):
            here = [int(layer[row, column]) for layer in classes]
            ground = max((number for number, kind in enumerate(here) if kind == SOLID), default=None)
            start = -1 if ground is None else ground
            over = tuple(number for number in range(start + 1, below) if here[number] == MIXED)
            line.append(None if start >= below else (ground, over))
        stacks.append(line)
    return stacks


def _coarse(alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Summed maps of blocks that hold anything, and of blocks that are not fully opaque."""
    high, wide = -(-alpha.shape[0] // BLOCK), -(-alpha.shape[1] // BLOCK)
    padded = np.zeros((high * BLOCK, wide * BLOCK), np.uint8)
    padded[: alpha.shape[0], : alpha.shape[1]] = alpha
    rows = padded.view(np.uint64).reshape(high, BLOCK, wide)  # a block's row of eight pixels is one number
    return _summed(np.bitwise_or.reduce(rows, axis=1) != 0), _summed(np.bitwise_and.reduce(rows, axis=1) != _OPAQUE_ROW)


def _summed(flags: np.ndarray) -> np.ndarray:
    table = np.zeros((flags.shape[0] + 1, flags.shape[1] + 1), np.int64)
    table[1:, 1:] = flags.cumsum(0).cumsum(1)
    return table


def _count(table: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    x0, x1 = (
        np.clip(np.floor(value / BLOCK), 0, table.shape[1] - 1).astype(int)
        for value in (low[..., 0], high[..., 0] + BLOCK)
    )
    y0, y1 = (
        np.clip(np.floor(value / BLOCK), 0, table.shape[0] - 1).astype(int)
        for value in (low[..., 1], high[..., 1] + BLOCK)
    )
    return table[y1, x1] - table[y0, x1] - table[y1, x0] + table[y0, x0]


def _corners(tile: int, rows: int, columns: int) -> np.ndarray:
    """rows x columns x 4 x 2 output pixels."""
    y, x = np.mgrid[0:rows, 0:columns] * tile
    return np.stack([np.stack([x + dx, y + dy], -1) for dx in (0, tile) for dy in (0, tile)], axis=2).astype(np.float64)
