"""A storyboard as PDF: landscape A4, four panels to a page, with letters that can be searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import skia

from microdrama_assets.boards.lettering import Lettering
from microdrama_assets.boards.panel import INK, QUIET, WIDTH, Panel, draw_panel
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.series_folder.names import full_title

PAGE = (842.0, 595.0)
"""A4 landscape, in points."""
MARGIN, GAP, TOP = 26.0, 10.0, 70.0
ACROSS = 4


@dataclass(frozen=True)
class Board:
    """A storyboard: titles, and its panels in the order of the cut, each with its still as JPEG or PNG."""

    series: str
    episode: str
    title: str
    panels: Sequence[tuple[Panel, bytes]]

    @property
    def seconds(self) -> float:
        return sum(panel.seconds for panel, _ in self.panels)

    @property
    def name(self) -> str:
        return full_title(self.series, self.title)

    @property
    def summary(self) -> str:
        return f"Storyboard of {self.episode} · {len(self.panels)} shots · {self.seconds:.1f} s"


def board_pdf(board: Board, lettering: Lettering) -> bytes:
    """The board as a PDF. Same board, same bytes."""
    stream = skia.DynamicMemoryWStream()
    metadata = skia.PDF.Metadata()
    metadata.fTitle, metadata.fSubject = board.name, board.summary
    pages = [board.panels[first:first + ACROSS] for first in range(0, len(board.panels), ACROSS)]
    with skia.PDF.MakeDocument(stream, metadata) as document:
        for number, panels in enumerate(pages, start=1):
            with document.page(*PAGE) as canvas:
                _draw_page(canvas, board, panels, f"{number} / {len(pages)}", lettering)
    return stream.detachAsData().bytes()


def opened(picture: bytes) -> skia.Image:
    """A JPEG or PNG as an image. Raises MicrodramaError for anything else."""
    image = skia.Image.MakeFromEncoded(skia.Data(picture))
    if image is None:
        raise MicrodramaError("a panel's still is not a picture", remedy="Render the board again")
    return image


def _draw_page(
    canvas: skia.Canvas, board: Board, panels: Sequence[tuple[Panel, bytes]], page: str, lettering: Lettering
) -> None:
    width = PAGE[0] - 2 * MARGIN
    heading = lettering.paragraph([(board.name, True, INK)], 15, width - 60)
    heading.paint(canvas, MARGIN, 22)
    lettering.paragraph([(board.summary, False, QUIET)], 9, width).paint(canvas, MARGIN, 44)
    number = lettering.paragraph([(page, False, QUIET)], 9, 60)
    number.paint(canvas, PAGE[0] - MARGIN - number.LongestLine, 28)
    for place, (panel, still) in enumerate(panels):
        canvas.save()
        canvas.translate(MARGIN + place * (WIDTH + GAP), TOP)
        draw_panel(canvas, panel, opened(still), lettering)
        canvas.restore()
