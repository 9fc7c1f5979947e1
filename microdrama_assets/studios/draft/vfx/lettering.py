"""Rows of text on a plate, for cards and screens: shaped like captions, so that they read in every script of theirs."""

from __future__ import annotations

import skia

from microdrama_assets.studios.draft.ink import BLACK, Colour, ink
from microdrama_assets.studios.fonts import Fonts
from microdrama_assets.studios.typesetting import paragraph

LINE = 1.22


def wrapped(text: str, size: float, width: float, fonts: Fonts) -> list[tuple[str, ...]]:
    """Words in rows no wider than `width`; a single long word has a row of its own."""
    rows: list[tuple[str, ...]] = []
    for word in text.split():
        if rows and _wide((*rows[-1], word), size, fonts) <= width:
            rows[-1] = (*rows[-1], word)
        else:
            rows.append((word,))
    return rows


def fitting(text: str, size: float, width: float, height: float, fonts: Fonts) -> tuple[list[tuple[str, ...]], float]:
    """Rows and the type size, `size` at most, at which they fit the box."""
    while True:
        rows = wrapped(text, size, width, fonts)
        if size <= 24 or (len(rows) * size * LINE <= height and all(_wide(row, size, fonts) <= width for row in rows)):
            return rows, size
        size *= 0.94


def draw_rows(
    canvas: skia.Canvas,
    rows: list[tuple[str, ...]],
    size: float,
    x: float,
    top: float,
    fonts: Fonts,
    colour: Colour,
    *,
    centred: bool = True,
    shadow: float = 0.0,
) -> float:
    """Sets the rows from `top` down, centred on `x` or beginning there. Returns the y below the last."""
    for number, row in enumerate(rows):
        for blur, alpha, paint_colour in ((shadow, 0.85, BLACK), (0.0, 1.0, colour)):
            if blur or paint_colour is colour:
                paint = skia.Paint(AntiAlias=True, Color=ink(paint_colour, alpha))
                if blur:
                    paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
                shaped = paragraph(row, size, fonts, {}, paint)
                left = x - shaped.LongestLine / 2 if centred else x
                shaped.paint(canvas, left, top + number * size * LINE + size - shaped.AlphabeticBaseline)
    return top + len(rows) * size * LINE


def _wide(row: tuple[str, ...], size: float, fonts: Fonts) -> float:
    return paragraph(row, size, fonts, {}, skia.Paint()).LongestLine
