"""Panels and boards: what they say fits, is told literally, and is the same every time."""

from __future__ import annotations

import re
from typing import get_args

import cv2
import numpy as np
import pytest
import skia

from microdrama_assets.boards.camera_mark import marked
from microdrama_assets.boards.lettering import Lettering
from microdrama_assets.boards.page import board_html
from microdrama_assets.boards.panel import HEIGHT, STILL_HEIGHT, WIDTH, Panel, PanelLine, draw_panel
from microdrama_assets.boards.sheets import Board, board_pdf, opened
from microdrama_assets.schemas.manifest import CameraMove
from microdrama_assets.studios.draft.ink import Sheet
from microdrama_assets.studios.fonts import Fonts
from microdrama_assets.studios.pictures import jpeg

MOVES = get_args(CameraMove.model_fields["kind"].annotation)
GREY = jpeg(np.full((960, 540, 3), 90, np.uint8))
SHORT = Panel(shot="sh010", coverage="two_shot", place="Cafe, night", duration_frames=45, fps=30,
              camera=CameraMove(kind="hold"), focus=(0.5, 0.4), action="She waits.", why="Two people", take=1,
              lines=(PanelLine(name="Ana", text="Stay.", off_screen=False),))


def picture(panel: Panel, fonts: Fonts) -> np.ndarray:
    """A panel with as much room below it again, to see what runs over."""
    sheet = Sheet(round(WIDTH), round(2 * HEIGHT))
    draw_panel(sheet.canvas, panel, opened(GREY), Lettering(fonts))
    return sheet.pixels


@pytest.mark.parametrize(("label", "panel", "said"), [
    ("as it is", SHORT, "two-shot · 1.5 s · static"),
    ("a move in percent", SHORT.model_copy(update={"camera": CameraMove(kind="pan_left", amount=0.125)}), "two-shot · 1.5 s · pan left 12.5 %"),
    ("a length that rounds", SHORT.model_copy(update={"duration_frames": 31}), "two-shot · 1.0 s · static"),
])
def test_headings(label: str, panel: Panel, said: str) -> None:
    """Coverage, length and move stand over every panel."""
    assert panel.heading == said, label


def test_text_of_any_length_stays_in_its_panel(fonts: Fonts) -> None:
    """Long speeches are set smaller, and what still does not fit is left out from the end; nothing runs over."""
    speech = PanelLine(name="Ana", text="I never said that to anybody, not once. " * 4, off_screen=True)
    for count in (1, 3, 40):
        pixels = picture(SHORT.model_copy(update={"lines": (speech,) * count}), fonts)
        assert pixels[round(STILL_HEIGHT) + 8:round(HEIGHT), :, 3].max() == 255
        assert pixels[round(HEIGHT) + 1:].max() == 0, count


def test_every_move_is_drawn_on_the_still() -> None:
    """Each camera move leaves a mark of its own on the picture; a still camera leaves the picture as it is."""
    still = np.full((320, 180, 3), 90, np.uint8)
    seen = {kind: marked(still, CameraMove.model_validate({"kind": kind}), (0.5, 0.4)).tobytes() for kind in MOVES}
    assert seen["hold"] == still.tobytes() and len(set(seen.values())) == len(MOVES)


def board(title: str, count: int) -> Board:
    return Board("Tiny", "e001", title, [(SHORT.model_copy(update={"shot": f"sh{10 * i + 10:03d}"}), GREY) for i in range(count)])


def test_the_page_asks_nobody_and_runs_nothing() -> None:
    """Whatever a screenplay says shows as text; pictures are inside; nothing on the page leads or loads elsewhere."""
    hostile = '"><script>alert(1)</script><img src=http://x.example/a>'
    panel = SHORT.model_copy(update={"action": hostile, "why": hostile, "place": hostile,
                                     "lines": (PanelLine(name=hostile, text=hostile, off_screen=False),)})
    page = board_html(Board("Tiny", "e001", hostile, [(panel, GREY)])).decode()
    assert "<script" not in page and "default-src 'none'" in page
    assert page.count("&lt;script&gt;") == 7
    assert re.findall(r'<img[^>]*src="([a-z]+:)', page) == ["data:"]


def test_the_pdf_has_four_panels_to_a_page_and_is_always_the_same(fonts: Fonts) -> None:
    """Five shots take two pages; the same board gives the same bytes, without a date."""
    data = board_pdf(board("One", 5), Lettering(fonts))
    assert data.startswith(b"%PDF-") and len(re.findall(rb"/Type /Page\b", data)) == 2
    assert data == board_pdf(board("One", 5), Lettering(fonts)) and b"CreationDate" not in data
    assert data != board_pdf(board("Two", 5), Lettering(fonts))


def test_panels_open_as_pictures(fonts: Fonts) -> None:
    """A still that is no picture is told, not drawn as nothing."""
    with pytest.raises(Exception, match="not a picture"):
        opened(b"nothing")
    image = opened(GREY)
    assert isinstance(image, skia.Image) and (image.width(), image.height()) == (540, 960)
    assert cv2.imdecode(np.frombuffer(GREY, np.uint8), 1).shape == (960, 540, 3)
