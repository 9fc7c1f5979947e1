"""Letter and photograph, lying at a slight angle, drawn about the origin."""

from __future__ import annotations

import random
from collections.abc import Callable

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
    _draw_seal(canvas)
    canvas.drawPath(path("M 180 248 L 214 292 L 200 330 L 240 376"), stroke((60, 2, 12), 5, 0.8))


def _draw_seal(canvas: skia.Canvas) -> None:
    """Red wax with a lozenge pressed into it, its middle at (226, 306)."""
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


def draw_sealed_letter(canvas: skia.Canvas, lamp: Colour) -> None:
    """A closed envelope, its flap held by wax."""
    canvas.save()
    canvas.rotate(-7)
    canvas.drawRect(rect(-370, -220, 750, 520), fill((0, 0, 0), 0.5, blur=26))
    paper = [ink((250, 238, 210)), ink((232, 212, 174)), ink((196, 168, 124))]
    canvas.drawRect(rect(-380, -240, 740, 510), linear((-380, -240), (360, 270), paper, [0, 0.5, 1]))
    for side in (-1, 1):
        canvas.drawPath(path(f"M {-10 + side * 370} 270 L {-10 + side * 30} 40"), stroke((150, 118, 82), 5, 0.55))
    flap = path("M -380 -240 L -60 58 Q -10 92 40 58 L 360 -240 Z")
    canvas.drawPath(flap, fill((60, 36, 16), 0.45, blur=12))
    canvas.drawPath(flap, linear((0, -240), (0, 90), [ink((255, 246, 224)), ink((226, 204, 162))]))
    canvas.drawPath(flap, stroke((150, 118, 82), 4, 0.6))
    canvas.translate(-236, -242)
    _draw_seal(canvas)
    canvas.restore()


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


Sitter = tuple[float, float, Colour, Colour, bool]
"""Column, row, cloth, hair, whether it is long."""
SITTERS: dict[str, tuple[Sitter, ...]] = {
    "two": ((-96, 0, (150, 62, 66), (56, 32, 30), False), (92, -34, (52, 66, 92), (38, 28, 26), False)),
    "woman": ((0, -30, (40, 84, 92), (112, 104, 112), True),),
    "man": ((0, -34, (52, 66, 92), (38, 28, 26), False),),
}


def draw_photograph(canvas: skia.Canvas, lamp: Colour) -> None:
    """An instant picture of two people by the sea, one of them scratched out."""
    _draw_print(canvas, "two")


def draw_portrait_of(sitter: str) -> Callable[[skia.Canvas, Colour], None]:
    """A painter of an instant picture of one `woman` or `man` before the roofs of a city."""
    return lambda canvas, lamp: _draw_print(canvas, sitter)


def _draw_print(canvas: skia.Canvas, sitters: str) -> None:
    view = rect(-275, -360, 550, 560)
    canvas.save()
    canvas.rotate(-6)
    canvas.drawRect(rect(-310, -390, 650, 800), fill((0, 0, 0), 0.5, blur=26))
    paper = [ink((255, 252, 244)), ink((240, 232, 216)), ink((214, 202, 182))]
    canvas.drawRoundRect(rect(-325, -410, 650, 800), 10, 10, linear((-325, -410), (325, 390), paper, [0, 0.6, 1]))
    canvas.save()
    canvas.clipRect(view)
    sky = [ink((120, 168, 190)), ink((246, 206, 160)), ink((236, 160, 110)), ink((60, 92, 110)), ink((36, 62, 84))]
    canvas.drawRect(view, linear((0, -360), (0, 200), sky, [0, 0.42, 0.58, 0.6, 1]))
    if sitters == "two":
        _draw_sea(canvas)
    else:
        _draw_roofs(canvas)
    for sitter in SITTERS[sitters]:
        _draw_sitter(canvas, sitter)
    if sitters == "two":
        _scratch_out(canvas)
    canvas.drawPath(path("M -275 -360 L -60 -360 L -220 200 L -275 200 Z"), fill((255, 255, 255), 0.10))
    canvas.restore()
    canvas.drawRect(view, stroke((0, 0, 0), 3, 0.25))
    dice = random.Random(8)
    for i, width in enumerate((170, 120)):
        _draw_word(canvas, -200 + i * 210, 318, width, dice, 1.7)
    canvas.restore()


def _draw_sea(canvas: skia.Canvas) -> None:
    canvas.drawCircle(90, -38, 44, fill((255, 240, 200), 0.95, blur=4))
    for i in range(12):
        canvas.drawLine(60 - i * 6, 10 + i * 15, 130 + i * 8, 10 + i * 15, stroke((255, 226, 180), 4, 0.4 - 0.025 * i))


def _draw_roofs(canvas: skia.Canvas) -> None:
    """A skyline with lit windows, and a parapet before it."""
    dice = random.Random(11)
    for i in range(8):
        left, top = -290 + i * 74, -150 + dice.uniform(-60, 90)
        canvas.drawRect(rect(left, top, 70, 300), fill((74 + 5 * (i % 3), 70, 92)))
        for row in range(5):
            for column in range(3):
                if dice.random() < 0.5:
                    window = rect(left + 10 + column * 20, top + 14 + row * 34, 9, 15)
                    canvas.drawRect(window, fill((255, 214, 140), 0.8))
    canvas.drawRect(rect(-290, 96, 600, 120), linear((0, 96), (0, 200), [ink((150, 128, 124)), ink((84, 72, 80))]))
    canvas.drawRect(rect(-290, 90, 600, 18), fill((186, 160, 148)))


def _draw_sitter(canvas: skia.Canvas, sitter: Sitter) -> None:
    x, down, cloth, hair, long = sitter
    canvas.save()
    canvas.translate(x, down)
    if long:
        behind = path("M -66 -20 C -84 60 -84 120 -70 170 L 70 170 C 84 120 84 60 66 -20 Z")
        canvas.drawPath(behind, fill(mix(hair, (0, 0, 0), 0.35)))
    body = [ink(mix(cloth, (255, 220, 180), 0.3)), ink(cloth), ink(mix(cloth, (0, 0, 0), 0.4))]
    shoulders = path("M -112 260 C -108 90 -60 62 0 60 C 60 62 108 90 112 260 Z")
    canvas.drawPath(shoulders, linear((-100, 0), (100, 200), body))
    canvas.drawRect(rect(-20, 20, 40, 50), fill((176, 124, 94)))
    face = linear((-50, 0), (50, 0), [ink((238, 190, 150)), ink((180, 126, 96))])
    canvas.drawOval(rect(-56, -84, 112, 138), face)
    fringe = path(
        "M -66 96 C -84 -136 84 -136 66 96 C 52 20 46 -44 8 -66 C -40 -44 -52 20 -66 96 Z"
        if long
        else "M -60 -10 C -74 -120 74 -120 60 -10 C 44 -50 0 -62 -60 -10 Z"
    )
    canvas.drawPath(fringe, fill(hair))
    for side in (-1, 1):
        canvas.drawCircle(side * 22, -8, 5, fill((50, 30, 28)))
    canvas.drawPath(blade((-18, 24), (0, 36), (18, 23), 6), fill((150, 70, 66)))
    canvas.restore()


def _scratch_out(canvas: skia.Canvas) -> None:
    dice = random.Random(8)
    for _ in range(26):
        x, y = 92 + dice.uniform(-58, 58), -50 + dice.uniform(-58, 58)
        canvas.drawLine(x, y, x + dice.uniform(-70, 70), y + dice.uniform(-46, 46),
                        stroke((248, 242, 232), dice.uniform(2.5, 6), 0.9))
