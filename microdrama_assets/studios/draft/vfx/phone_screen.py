"""A phone held to the lens, with a message on it that reads at the size of a thumb."""

from __future__ import annotations

import numpy as np
import skia

from microdrama_assets.studios.draft.ink import BLACK, WHITE, Sheet, fill, ink, linear, path, rect, stroke
from microdrama_assets.studios.draft.layout import CAPTION_TOP, Layer
from microdrama_assets.studios.draft.vfx.lettering import LINE, draw_rows, fitting
from microdrama_assets.studios.fonts import Fonts
from microdrama_assets.studios.typesetting import check_glyphs

LEFT, TOP, WIDTH, HEIGHT = 170.0, 240.0, 700.0, CAPTION_TOP - 240.0 - 30
TEXT_PX = 76.0
"""25 pixels high where the frame is 360 wide."""
ORIGIN = (LEFT - 60, TOP - 60)


def draw_phone_screen(text: str, fonts: Fonts, detail: float = 1.0) -> tuple[Layer, np.ndarray]:
    """The phone as one layer. Raises `MicrodramaError` for letters that no font can show."""
    check_glyphs(text, "phone screen", fonts)
    sheet = Sheet(round((WIDTH + 120) * detail), round((HEIGHT + 140) * detail), detail, ORIGIN)
    canvas = sheet.canvas
    canvas.drawRoundRect(rect(LEFT + 16, TOP + 34, WIDTH, HEIGHT), 84, 84, fill(BLACK, 0.6, blur=26))
    canvas.drawRoundRect(
        rect(LEFT, TOP, WIDTH, HEIGHT),
        84,
        84,
        linear(
            (LEFT, 0),
            (LEFT + WIDTH, 0),
            [ink((110, 114, 124)), ink((40, 42, 50)), ink((26, 27, 34)), ink((84, 88, 98))],
            [0, 0.05, 0.94, 1],
        ),
    )
    canvas.drawRoundRect(rect(LEFT + 16, TOP + 16, WIDTH - 32, HEIGHT - 32), 70, 70, fill((8, 9, 14)))
    screen = rect(LEFT + 30, TOP + 30, WIDTH - 60, HEIGHT - 60)
    canvas.save()
    canvas.clipRRect(skia.RRect.MakeRectXY(screen, 58, 58), True)
    canvas.drawRect(
        screen,
        linear((LEFT, TOP), (LEFT + WIDTH, TOP + HEIGHT), [ink((34, 44, 78)), ink((20, 24, 46)), ink((44, 26, 58))]),
    )
    canvas.drawRoundRect(rect(LEFT + WIDTH / 2 - 90, TOP + 46, 180, 44), 22, 22, fill((4, 4, 8)))
    for i in range(3):
        canvas.drawRect(rect(LEFT + WIDTH - 150 + i * 26, TOP + 84 - i * 9, 15, 10 + i * 9), fill(WHITE, 0.85))
    _draw_message(canvas, text, fonts)
    canvas.drawPath(
        path(
            f"M {LEFT} {TOP} L {LEFT + WIDTH * 0.62} {TOP} L {LEFT + WIDTH * 0.18} {TOP + HEIGHT}"
            f" L {LEFT} {TOP + HEIGHT} Z"
        ),
        fill(WHITE, 0.04),
    )
    canvas.restore()
    canvas.drawRoundRect(rect(LEFT + 3, TOP + 3, WIDTH - 6, HEIGHT - 6), 82, 82, stroke(WHITE, 3, 0.25))
    layer = Layer(
        name="prop", plate="plates/phone_screen.png", depth=0.75, parallax=1.0, x=ORIGIN[0], y=ORIGIN[1], scale=detail
    )
    return layer, sheet.pixels


def _draw_message(canvas: skia.Canvas, text: str, fonts: Fonts) -> None:
    """One bubble; the sender is a silhouette, for who wrote is the story's to tell."""
    width = WIDTH - 60 - 150
    rows, size = fitting(text, TEXT_PX, width, HEIGHT - 420, fonts)
    high = len(rows) * size * LINE + 66
    x, top = LEFT + 66.0, TOP + 150.0
    canvas.drawCircle(x + 50, top + 40, 50, fill((120, 132, 170)))
    canvas.drawCircle(x + 50, top + 28, 18, fill((34, 40, 66)))
    canvas.drawOval(rect(x + 18, top + 50, 64, 36), fill((34, 40, 66)))
    canvas.drawRoundRect(rect(x + 120, top + 26, 190, 22), 11, 11, fill(WHITE, 0.55))
    canvas.drawRoundRect(rect(x, top + 124, width + 80, high), 46, 46, fill((236, 240, 250)))
    canvas.drawPath(
        path(f"M {x + 30} {top + 124} L {x + 10} {top + 96} L {x + 90} {top + 124} Z"), fill((236, 240, 250))
    )
    draw_rows(canvas, rows, size, x + 40, top + 150, fonts, (18, 20, 34), centred=False)
    canvas.drawRoundRect(rect(x, TOP + HEIGHT - 150, width + 80, 76), 38, 38, fill(WHITE, 0.12))
    canvas.drawRoundRect(rect(LEFT + WIDTH / 2 - 110, TOP + HEIGHT - 54, 220, 9), 5, 5, fill(WHITE, 0.6))
