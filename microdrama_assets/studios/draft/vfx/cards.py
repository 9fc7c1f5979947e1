"""Cards: the title over a shot, what happened before, the question an episode ends with. They keep clear of the
player's controls and of the captions; what was said before stands in their place."""

from __future__ import annotations

import numpy as np

from microdrama_assets.schemas.manifest import Card, FrameFacet
from microdrama_assets.studios.draft.ink import BLACK, WHITE, Colour, Sheet, fill, ink, linear, mix, rect
from microdrama_assets.studios.draft.layout import (
    CAPTION_BOTTOM,
    CAPTION_TOP,
    FRAME_HEIGHT,
    FRAME_WIDTH,
    SAFE_RIGHT,
    SAFE_TOP,
    Layer,
)
from microdrama_assets.studios.draft.pixels import encode_plate
from microdrama_assets.studios.draft.sets.stage import stage_of
from microdrama_assets.studios.draft.vfx.lettering import draw_rows, fitting
from microdrama_assets.studios.draft.vfx.timing import CARD
from microdrama_assets.studios.fonts import Fonts
from microdrama_assets.studios.typesetting import check_glyphs

CENTRE = 510.0
"""Centred in what lies left of the player's buttons."""
TITLE_HEIGHT = 190
"""One row of large type, two of smaller."""
WIDTH = 2 * (SAFE_RIGHT - CENTRE) - 60


def letter_card(frame: FrameFacet, fonts: Fonts) -> dict[str, bytes]:
    """The card's plate alone, by its name, for a keyframe drawn from `frame` with another card.

    Raises `MicrodramaError` for letters that no font can show.
    """
    if frame.card is None:
        return {}
    lamp = stage_of(frame.set, frame.time_of_day, frame.weather, None).lamp
    layer, pixels = draw_card(frame.card, lamp, fonts)
    return {layer.plate: encode_plate(pixels)}


def draw_card(card: Card, lamp: Colour, fonts: Fonts, detail: float = 1.0) -> tuple[Layer, np.ndarray]:
    """The card as one layer over the whole frame. Raises `MicrodramaError` for letters that no font can show."""
    for text in (card.text, card.small, card.quote):
        check_glyphs(text, f"{card.kind} card", fonts)
    sheet = Sheet(round(FRAME_WIDTH * detail), round(FRAME_HEIGHT * detail), detail)
    {"title": _title, "previously": _previously, "end": _end}[card.kind](sheet, card, mix(lamp, WHITE, 0.25), fonts)
    layer = Layer(name=CARD, plate=f"plates/{CARD}.png", depth=1.0, parallax=0.0, x=0.0, y=0.0, scale=detail)
    return layer, sheet.pixels


def _title(sheet: Sheet, card: Card, accent: Colour, fonts: Fonts) -> None:
    canvas = sheet.canvas
    canvas.drawRect(
        rect(0, 0, FRAME_WIDTH, 900),
        linear((0, 0), (0, 900), [ink(BLACK, 0.62), ink(BLACK, 0.40), ink(BLACK, 0.0)], [0, 0.5, 1]),
    )
    rows, size = fitting(card.text.upper(), 128.0, WIDTH, TITLE_HEIGHT, fonts)
    top = SAFE_TOP + 60.0
    if card.small:
        small, small_size = fitting(card.small.upper(), 42.0, WIDTH, 60, fonts)
        top = draw_rows(canvas, small, small_size, CENTRE, top, fonts, accent, shadow=6) + 14
    bottom = draw_rows(canvas, rows, size, CENTRE, top, fonts, WHITE, shadow=14)
    canvas.drawRect(rect(CENTRE - 90, bottom + 26, 180, 7), fill(accent))


def _previously(sheet: Sheet, card: Card, accent: Colour, fonts: Fonts) -> None:
    canvas = sheet.canvas
    canvas.drawRect(rect(0, 0, FRAME_WIDTH, FRAME_HEIGHT), fill((10, 10, 18), 0.26))
    canvas.drawRect(rect(0, 0, FRAME_WIDTH, 640), linear((0, 0), (0, 640), [ink(BLACK, 0.66), ink(BLACK, 0.0)]))
    rows, size = fitting(card.text.upper(), 62.0, WIDTH, 160, fonts)
    bottom = draw_rows(canvas, rows, size, CENTRE, SAFE_TOP + 50.0, fonts, accent, shadow=8)
    if card.small:
        rows, size = fitting(card.small, 74.0, WIDTH, 190, fonts)
        draw_rows(canvas, rows, size, CENTRE, bottom + 8, fonts, WHITE, shadow=10)
    if card.quote:
        rows, size = fitting(card.quote, 66.0, WIDTH, CAPTION_BOTTOM - CAPTION_TOP, fonts)
        draw_rows(canvas, rows, size, CENTRE, CAPTION_TOP, fonts, WHITE, shadow=12)


def _end(sheet: Sheet, card: Card, accent: Colour, fonts: Fonts) -> None:
    canvas = sheet.canvas
    canvas.drawRect(
        rect(0, 0, FRAME_WIDTH, FRAME_HEIGHT),
        linear(
            (0, 0),
            (0, FRAME_HEIGHT),
            [ink((4, 4, 10), 0.55), ink((4, 4, 10), 0.74), ink((4, 4, 10), 0.84)],
            [0, 0.45, 1],
        ),
    )
    rows, size = fitting(card.text, 104.0, WIDTH, 640, fonts)
    top = 760.0 - len(rows) * size * 0.61
    canvas.drawRect(rect(CENTRE - 60, top - 60, 120, 7), fill(accent))
    bottom = draw_rows(canvas, rows, size, CENTRE, top, fonts, WHITE, shadow=12)
    if card.small:
        rows, size = fitting(card.small.upper(), 44.0, WIDTH, 120, fonts)
        draw_rows(canvas, rows, size, CENTRE, bottom + 50, fonts, accent)
