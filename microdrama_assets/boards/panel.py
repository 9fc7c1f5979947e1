"""One panel of a storyboard: the marked still, and beneath it what the shot is and says.

The same drawing goes onto a picture and onto a page of a PDF, where letters stay letters.
"""

from __future__ import annotations

from collections.abc import Sequence

import skia

from microdrama_assets.boards.lettering import Lettering
from microdrama_assets.schemas.frozen import Frozen
from microdrama_assets.schemas.manifest import CameraMove, Coverage
from microdrama_assets.studios.draft.ink import fill, rect, stroke

WIDTH, HEIGHT = 190.0, 490.0
"""Points (1/72 inch), as all measures here: four panels side by side on a landscape page."""
STILL_HEIGHT = WIDTH * 16 / 9
SIZES = (8.5, 7.8, 7.0, 6.2, 5.5)
"""Of the text: the largest that fits."""
INK, QUIET, ACCENT = (24, 24, 30), (104, 104, 116), (176, 34, 52)


class PanelLine(Frozen):
    """One spoken line: who says what, and whether one sees them."""

    name: str
    text: str
    off_screen: bool


class Panel(Frozen):
    """What a panel says. `focus` is the point a push closes in on, as shares of the frame's width and height."""

    shot: str
    coverage: Coverage
    place: str
    duration_frames: int
    fps: int
    camera: CameraMove
    focus: tuple[float, float]
    lines: tuple[PanelLine, ...]
    action: str
    why: str
    take: int

    @property
    def seconds(self) -> float:
        return self.duration_frames / self.fps

    @property
    def camera_words(self) -> str:
        """The move as a director would note it: `push 6 %`."""
        if self.camera.kind == "hold":
            return "static"
        return f"{self.camera.kind.replace('_', ' ')} {self.camera.amount * 100:g} %"

    @property
    def heading(self) -> str:
        return f"{self.coverage.replace('_', '-')} · {self.seconds:.1f} s · {self.camera_words}"


def draw_panel(canvas: skia.Canvas, panel: Panel, still: skia.Image, lettering: Lettering) -> None:
    """Draws a panel into (0, 0) .. (WIDTH, HEIGHT) of the canvas."""
    frame = rect(0, 0, WIDTH, STILL_HEIGHT)
    canvas.save()
    canvas.clipRRect(skia.RRect.MakeRectXY(frame, 5, 5), True)
    canvas.drawImageRect(still, frame, skia.SamplingOptions(skia.CubicResampler.Mitchell()))
    canvas.restore()
    canvas.drawRRect(skia.RRect.MakeRectXY(frame, 5, 5), stroke((0, 0, 0), 0.7, 0.5))
    _draw_number(canvas, panel.shot, lettering)
    at = STILL_HEIGHT + 7
    for paragraph in _fitting(panel, lettering, HEIGHT - at):
        paragraph.paint(canvas, 0, at)
        at += paragraph.Height + 2.5


def _draw_number(canvas: skia.Canvas, shot: str, lettering: Lettering) -> None:
    text = lettering.paragraph([(shot, True, (255, 255, 255))], 10, WIDTH)
    canvas.drawRRect(skia.RRect.MakeRectXY(rect(6, 6, text.LongestLine + 12, text.Height + 5), 3, 3),
                     fill((12, 12, 18), 0.78))
    text.paint(canvas, 12, 8.5)


def _fitting(panel: Panel, lettering: Lettering, room: float) -> Sequence[skia.textlayout.Paragraph]:
    """The text at the largest size that fits; at the smallest, what comes last is left out."""
    for size in SIZES:
        found = _paragraphs(panel, lettering, size)
        if _height(found) <= room:
            return found
    found = _paragraphs(panel, lettering, SIZES[-1])
    while len(found) > 1 and _height(found) > room:
        found.pop()
    return found


def _height(paragraphs: Sequence[skia.textlayout.Paragraph]) -> float:
    return sum(paragraph.Height + 2.5 for paragraph in paragraphs)


def _paragraphs(panel: Panel, lettering: Lettering, size: float) -> list[skia.textlayout.Paragraph]:
    take = f" · take {panel.take}" if panel.take > 1 else ""
    told = [[(panel.heading + take, True, INK)], [(panel.place, False, QUIET)]]
    for line in panel.lines:
        who = f"{line.name} (off)" if line.off_screen else line.name
        told.append([(f"{who}: ", True, ACCENT), (line.text, False, INK)])
    told += [[(text, False, colour)] for text, colour in ((panel.action, INK), (panel.why, QUIET)) if text]
    return [lettering.paragraph(spans, size, WIDTH) for spans in told]
