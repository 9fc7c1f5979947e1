"""Letter and photograph, lying at a slight angle, drawn about the origin."""

from __future__ import annotations

import random

import skia

from microdrama_assets.studios.draft.ink import Colour, blade, fill, ink, linear, mix, path, radial, rect, stroke

INK: Colour = (44, 34, 62)


def draw_letter(canvas: skia.Canvas, lamp: Colour) -> None:
    """A handwritten page on its envelope, with a broken seal. The hand is no language's."""
    canvas.save()
    canvas.rotate(9)
    canvas.drawRect(rect(-350, -60, 700, 450), fill((0, 0, 0), 0.5, blur=26))
    canvas.drawRect(
        rect(-360, -80, 700, 450), linear((-360, -80), (340, 370), [ink((214, 188, 146)), ink((168, 136, 98))])
    )
    canvas.drawPath(path("M -360 370 L -10 110 L 340 370"), stroke((110, 82, 56), 4, 0.6))
    canvas.restore()
    canvas.save()
    canvas.rotate(-5)
    canvas.drawRect(rect(-268, -420, 560, 780), fill((0, 0, 0), 0.45, blur=20))
    page = path("M -280 -430 C -100 -440 100 -424 280 -432 L 284 340 C 180 352 -120 338 -276 348 Z")
    canvas.drawPath(
        page,
        linear(
            (-280, -430), (280, 340), [ink((255, 250, 234)), ink((246, 234, 208)), ink((220, 200, 166))], [0, 0.55, 1]
        ),
    )
    canvas.save()
    canvas.clipPath(page, True)
    for y in (-170, 88):
        canvas.drawRect(
            rect(-290, y - 16, 580, 16), linear((0, y - 16), (0, y), [ink((0, 0, 0), 0), ink((90, 60, 30), 0.20)])
        )
        canvas.drawRect(
            rect(-290, y, 580, 12), linear((0, y), (0, y + 12), [ink((255, 255, 255), 0.65), ink((255, 255, 255), 0)])
        )
    dice = random.Random(5)
    for row in range(12):
        y = -360 + row * 52
        x = -220.0 + (0 if row else 10)
        end = 210 - dice.uniform(0, 50) if row not in (0, 6, 11) else dice.uniform(-60, 60)
        while x < end:
            _draw_word(canvas, x, y, dice.uniform(44, 104), dice)
            x += dice.uniform(66, 122)
    _draw_word(canvas, 70, 288, 140, dice, 1.7)
    canvas.drawCircle(
        -190,
        262,
        54,
        radial(
            (-190, 262), 54, [ink((120, 70, 40), 0.0), ink((120, 70, 40), 0.30), ink((120, 70, 40), 0.0)], [0.7, 0.9, 1]
        ),
    )
    canvas.restore()
    canvas.restore()
    wax = (150, 22, 34)
    canvas.drawPath(
        path("M 150 300 C 160 240 250 226 284 272 C 326 300 318 380 266 392 C 206 412 140 372 150 300 Z"),
        fill((0, 0, 0), 0.45, blur=10),
    )
    canvas.drawPath(
        path("M 146 290 C 156 230 246 216 280 262 C 322 290 314 370 262 382 C 202 402 136 362 146 290 Z"),
        radial((196, 268), 150, [ink((236, 90, 92)), ink(wax), ink((76, 6, 18))], [0, 0.5, 1]),
    )
    canvas.drawCircle(226, 306, 48, stroke((92, 8, 22), 6, 0.8))
    canvas.drawPath(path("M 206 306 L 226 276 L 246 306 L 226 338 Z"), stroke((240, 120, 120), 5, 0.7))
    canvas.drawPath(path("M 180 248 L 214 292 L 200 330 L 240 376"), stroke((60, 2, 12), 5, 0.8))


def _draw_word(canvas: skia.Canvas, x: float, y: float, width: float, dice: random.Random, size: float = 1.0) -> None:
    pen = stroke(INK, 3.2 * size, 0.86)
    word = skia.Path()
    word.moveTo(x, y)
    step = 13 * size
    while width > 0:
        rise = dice.choice((10, 10, 10, 26)) * size
        word.cubicTo(
            x + step * 0.2, y - rise, x + step * 0.9, y - rise, x + step * 0.6, y + dice.choice((0, 0, 0, 15)) * size
        )
        x += step
        width -= step
        word.lineTo(x, y - 2 * dice.random())
    canvas.drawPath(word, pen)


def draw_photograph(canvas: skia.Canvas, lamp: Colour) -> None:
    """An instant picture of two people by the sea, one of them scratched out."""
    canvas.save()
    canvas.rotate(-6)
    canvas.drawRect(rect(-310, -390, 650, 800), fill((0, 0, 0), 0.5, blur=26))
    canvas.drawRoundRect(
        rect(-325, -410, 650, 800),
        10,
        10,
        linear(
            (-325, -410), (325, 390), [ink((255, 252, 244)), ink((240, 232, 216)), ink((214, 202, 182))], [0, 0.6, 1]
        ),
    )
    view = rect(-275, -360, 550, 560)
    canvas.save()
    canvas.clipRect(view)
    canvas.drawRect(
        view,
        linear(
            (0, -360),
            (0, 200),
            [ink((120, 168, 190)), ink((246, 206, 160)), ink((236, 160, 110)), ink((60, 92, 110)), ink((36, 62, 84))],
            [0, 0.42, 0.58, 0.6, 1],
        ),
    )
    canvas.drawCircle(90, -38, 44, fill((255, 240, 200), 0.95, blur=4))
    for i in range(12):
        canvas.drawLine(60 - i * 6, 10 + i * 15, 130 + i * 8, 10 + i * 15, stroke((255, 226, 180), 4, 0.4 - 0.025 * i))
    for x, tall, cloth, hair in ((-96, 0, (150, 62, 66), (56, 32, 30)), (92, -34, (52, 66, 92), (38, 28, 26))):
        canvas.drawPath(
            path(
                f"M {x - 112} 210 C {x - 108} {90 + tall} {x - 60} {62 + tall} {x} {60 + tall}"
                f" C {x + 60} {62 + tall} {x + 108} {90 + tall} {x + 112} 210 Z"
            ),
            linear(
                (x - 100, 0),
                (x + 100, 200),
                [ink(mix(cloth, (255, 220, 180), 0.3)), ink(cloth), ink(mix(cloth, (0, 0, 0), 0.4))],
            ),
        )
        canvas.drawRect(rect(x - 20, 20 + tall, 40, 50), fill((176, 124, 94)))
        canvas.drawOval(
            rect(x - 56, -84 + tall, 112, 138),
            linear((x - 50, 0), (x + 50, 0), [ink((238, 190, 150)), ink((180, 126, 96))]),
        )
        canvas.drawPath(
            path(
                f"M {x - 60} {-10 + tall} C {x - 74} {-120 + tall} {x + 74} {-120 + tall} {x + 60} {-10 + tall}"
                f" C {x + 44} {-50 + tall} {x} {-62 + tall} {x - 60} {-10 + tall} Z"
            ),
            fill(hair),
        )
        for side in (-1, 1):
            canvas.drawCircle(x + side * 22, -8 + tall, 5, fill((50, 30, 28)))
        canvas.drawPath(blade((x - 18, 24 + tall), (x, 36 + tall), (x + 18, 23 + tall), 6), fill((150, 70, 66)))
    dice = random.Random(8)
    for _ in range(26):
        x, y = 92 + dice.uniform(-58, 58), -50 + dice.uniform(-58, 58)
        canvas.drawLine(
            x,
            y,
            x + dice.uniform(-70, 70),
            y + dice.uniform(-46, 46),
            stroke((248, 242, 232), dice.uniform(2.5, 6), 0.9),
        )
    canvas.drawPath(path("M -275 -360 L -60 -360 L -220 200 L -275 200 Z"), fill((255, 255, 255), 0.10))
    canvas.restore()
    canvas.drawRect(view, stroke((0, 0, 0), 3, 0.25))
    for i, width in enumerate((170, 120)):
        _draw_word(canvas, -200 + i * 210, 318, width, dice, 1.7)
    canvas.restore()
