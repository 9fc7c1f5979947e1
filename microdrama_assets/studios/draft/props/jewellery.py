"""Locket, ring and key: metal with engraving, drawn about the origin, some 700 units across."""

from __future__ import annotations

import math

import skia

from microdrama_assets.studios.draft.ink import Colour, blade, fill, glow, ink, linear, mix, path, radial, rect, stroke

Metal = tuple[Colour, Colour, Colour, Colour]
GOLD: Metal = ((74, 44, 12), (168, 112, 34), (222, 168, 70), (255, 238, 178))
"""Deep, shade, base, light."""
SILVER: Metal = ((44, 48, 60), (118, 126, 142), (188, 196, 208), (250, 252, 255))
DANGER: Colour = (255, 64, 44)


LINKS, LONG = 26, 54
"""Links of a locket's chain up to the frame's edge, and of one that comes into the frame from below it."""


def draw_locket(canvas: skia.Canvas, lamp: Colour, links: int = LINKS) -> None:
    """Closed, of silver, a rose engraved on its lid; what is in it glows through the seam."""
    _draw_chain(canvas, SILVER, links)
    glow(canvas, 0, 70, 430, DANGER, 0.55)
    oval = rect(-206, -196, 412, 540)
    canvas.drawOval(rect(-196, -160, 420, 560), fill((0, 0, 0), 0.5, blur=26))
    canvas.drawOval(oval, linear((-206, -196), (206, 344), [ink(SILVER[tone]) for tone in (3, 2, 1, 2, 0)],
                                 [0, 0.25, 0.55, 0.75, 1]))
    canvas.drawOval(oval, stroke(SILVER[0], 5, 0.9))
    canvas.drawArc(rect(-214, -204, 428, 556), -62, 124, False, stroke(DANGER, 9, 0.85, blur=5))
    canvas.drawArc(rect(-208, -198, 416, 544), -58, 116, False, stroke((255, 210, 170), 3, 0.9))
    lid = rect(-166, -152, 332, 452)
    canvas.drawOval(lid, stroke(SILVER[0], 10, 0.7))
    canvas.drawOval(lid, stroke(SILVER[3], 3, 0.9))
    sheen = [ink(SILVER[3]), ink(SILVER[2]), ink(SILVER[1])]
    canvas.drawOval(lid, linear((-166, -152), (166, 300), sheen, [0, 0.4, 1]))
    _draw_rose(canvas)
    for y in (-22, 70, 162):  # the hinge
        canvas.drawRoundRect(rect(-226, y - 26, 26, 52), 11, 11, _metal(-226, -200, metal=SILVER))
        canvas.drawRoundRect(rect(-226, y - 26, 26, 52), 11, 11, stroke(SILVER[0], 3, 0.8))
    canvas.drawArc(rect(-190, -180, 380, 508), 195, 62, False, stroke((255, 255, 255), 10, 0.85, blur=3))
    _draw_sparkle(canvas, -130, -128, 74)
    _draw_sparkle(canvas, 150, 190, 34)


def _draw_rose(canvas: skia.Canvas) -> None:
    """Engraved lines: dark, with light along their lower edge."""
    lines = (
        "M 0 250 C -14 200 10 160 0 110",
        "M -4 200 C -60 200 -90 170 -100 130 C -54 128 -18 150 -4 200 Z",
        "M 4 226 C 56 220 86 194 96 154 C 52 156 20 180 4 226 Z",
        "M 0 110 C -74 110 -104 40 -84 -30 C -56 -4 -30 -8 0 -44 C 30 -8 56 -4 84 -30 C 104 40 74 110 0 110 Z",
        "M -52 40 C -40 -4 40 -4 52 40 C 36 78 -36 78 -52 40 Z",
        "M -26 40 C -16 16 20 18 26 42 C 14 58 -12 56 -20 40",
    )
    for line in lines:
        canvas.save()
        canvas.translate(0, 3)
        canvas.drawPath(path(line), stroke((255, 255, 255), 7, 0.7))
        canvas.restore()
        canvas.drawPath(path(line), stroke(SILVER[0], 7, 0.8))


def draw_open_locket(canvas: skia.Canvas, lamp: Colour, links: int = LINKS) -> None:
    """Open, a portrait in one half, an engraved sign glowing in the other."""
    _draw_chain(canvas, GOLD, links)
    glow(canvas, 176, 60, 470, DANGER, 0.60)
    for side in (-1, 1):
        canvas.save()
        canvas.translate(side * 182, 60)
        canvas.rotate(side * 7)
        _draw_half(canvas, side)
        canvas.restore()
    for y in (-70, 0, 70):  # the hinge
        canvas.drawRoundRect(rect(-15, 60 + y - 31, 30, 62), 13, 13, _metal(-15, 15))
        canvas.drawRoundRect(rect(-15, 60 + y - 31, 30, 62), 13, 13, stroke(GOLD[0], 3, 0.8))
    glow(canvas, 176, 60, 210, (255, 150, 90), 0.55)
    _draw_sparkle(canvas, -330, -110, 62)
    _draw_sparkle(canvas, 300, -170, 40)


def _draw_half(canvas: skia.Canvas, side: int) -> None:
    oval = rect(-170, -232, 340, 464)
    canvas.drawOval(rect(-160, -200, 340, 470), fill((0, 0, 0), 0.45, blur=22))
    canvas.drawOval(
        oval,
        linear(
            (-170, -232),
            (170, 232),
            [ink(GOLD[3]), ink(GOLD[2]), ink(GOLD[1]), ink(GOLD[2]), ink(GOLD[0])],
            [0, 0.25, 0.55, 0.75, 1],
        ),
    )
    canvas.drawOval(oval, stroke(GOLD[0], 4, 0.8))
    for i in range(44):  # beaded rim
        angle = i * 2 * math.pi / 44
        x, y = 156 * math.cos(angle), 218 * math.sin(angle)
        canvas.drawCircle(x, y, 9, radial((x - 3, y - 4), 12, [ink(GOLD[3]), ink(GOLD[2]), ink(GOLD[0])], [0, 0.5, 1]))
    canvas.drawOval(rect(-134, -194, 268, 388), stroke(GOLD[0], 12, 0.9))
    canvas.drawOval(rect(-134, -194, 268, 388), stroke(GOLD[3], 3, 0.8))
    canvas.save()
    inner = skia.Path.Oval(rect(-128, -188, 256, 376))
    canvas.clipPath(inner, True)
    if side < 0:
        _draw_portrait(canvas)
    else:
        _draw_sign(canvas)
    canvas.drawOval(rect(-150, -206, 300, 412), stroke((0, 0, 0), 40, 0.50, blur=14))
    canvas.restore()
    canvas.drawArc(rect(-162, -224, 324, 448), 195, 70, False, stroke((255, 252, 232), 8, 0.85, blur=2.5))


def _draw_portrait(canvas: skia.Canvas) -> None:
    canvas.drawRect(
        rect(-140, -200, 280, 400),
        radial((-20, -70), 330, [ink((238, 214, 170)), ink((190, 148, 100)), ink((92, 60, 40))], [0, 0.5, 1]),
    )
    shade, hair, skin = (70, 42, 30), (58, 34, 26), (206, 160, 122)
    canvas.drawPath(
        path("M -110 200 C -104 110 -60 84 0 84 C 60 84 104 110 110 200 Z"),
        linear((0, 84), (0, 200), [ink((120, 82, 66)), ink(shade)]),
    )
    canvas.drawPath(
        path("M -70 -20 C -84 -128 78 -136 74 -20 C 90 60 74 110 56 120 L -56 120 C -78 100 -86 50 -70 -20 Z"),
        fill(hair),
    )
    canvas.drawPath(path("M -22 40 L 22 40 L 28 96 L -28 96 Z"), fill(mix(skin, shade, 0.4)))
    canvas.drawPath(
        path("M -50 -34 C -52 34 -28 70 0 72 C 28 70 52 34 50 -34 C 46 -84 -46 -84 -50 -34 Z"),
        linear((-50, -60), (50, 60), [ink((232, 192, 152)), ink(skin), ink(mix(skin, shade, 0.4))]),
    )
    canvas.drawPath(
        path(
            "M -60 -10 C -58 -70 -30 -96 6 -92 C 40 -90 62 -60 58 -10 C 46 -40 24 -58 -6 -62"
            " C -30 -50 -48 -34 -60 -10 Z"
        ),
        fill(hair),
    )
    for side in (-1, 1):
        canvas.drawPath(blade((side * 10, -12), (side * 20, -19), (side * 33, -11), 6), fill(shade, 0.9))
        canvas.drawPath(blade((side * 8, -28), (side * 22, -36), (side * 36, -28), 5), fill(hair, 0.8))
    canvas.drawPath(blade((-13, 42), (0, 50), (15, 41), 7), fill((160, 82, 74), 0.9))
    canvas.drawPath(blade((3, 0), (8, 18), (0, 22), 5), fill(shade, 0.5, blur=1.5))
    for i in range(4):
        canvas.drawLine(-90 + i * 46, -190, -120 + i * 60, 190, stroke((255, 240, 210), 1.4, 0.14))


def _draw_sign(canvas: skia.Canvas) -> None:
    canvas.drawRect(
        rect(-140, -200, 280, 400),
        radial((0, 0), 250, [ink((255, 196, 120)), ink((226, 70, 40)), ink((84, 14, 20))], [0, 0.35, 1]),
    )
    for width, colour, alpha, blur in (
        (20, DANGER, 0.8, 9.0),
        (8, (255, 214, 150), 0.95, 1.5),
        (3.5, (255, 252, 236), 1.0, 0.0),
    ):
        pen = stroke(colour, width, alpha, blur=blur)
        canvas.drawPath(path("M -92 0 C -56 -62 56 -62 92 0 C 56 62 -56 62 -92 0 Z"), pen)
        canvas.drawCircle(0, 0, 30, pen)
        for turn in range(8):
            angle = turn * math.pi / 4 + math.pi / 8
            canvas.drawLine(
                74 * math.cos(angle), 92 * math.sin(angle), 98 * math.cos(angle), 138 * math.sin(angle), pen
            )
        for side in (-1, 1):
            canvas.drawPath(
                path(
                    f"M 0 {side * 150} C 40 {side * 140} 46 {side * 108} 18 {side * 108} M 0 {side * 150}"
                    f" C -40 {side * 140} -46 {side * 108} -18 {side * 108}"
                ),
                pen,
            )
    canvas.drawCircle(0, 0, 13, fill((255, 250, 226)))


def _draw_chain(canvas: skia.Canvas, metal: Metal, links: int) -> None:
    for side in (-1, 1):
        for i in range(links):
            u = i / 25
            x, y = side * (10 + 120 * u), -206 - 700 * u
            canvas.save()
            canvas.translate(x, y)
            canvas.rotate(side * 10)
            canvas.scale(0.45 if i % 2 else 1.0, 1.0)
            canvas.drawOval(rect(-9, -18, 18, 36), stroke(metal[0], 10))
            canvas.drawOval(rect(-9, -18, 18, 36), stroke(metal[2], 6))
            canvas.drawArc(rect(-9, -18, 18, 36), 170, 100, False, stroke(metal[3], 3))
            canvas.restore()
    canvas.drawCircle(0, -182, 30, stroke(metal[0], 17))
    canvas.drawCircle(0, -182, 30, stroke(metal[2], 11))
    canvas.drawArc(rect(-30, -212, 60, 60), 180, 110, False, stroke(metal[3], 5))


def draw_ring(canvas: skia.Canvas, lamp: Colour) -> None:
    """A cut stone on a gold band, lying in its own light."""
    canvas.drawOval(rect(-270, 190, 560, 120), fill((0, 0, 0), 0.5, blur=26))
    glow(canvas, 0, -120, 420, (150, 210, 255), 0.30)
    for width, colour in ((70, GOLD[0]), (60, GOLD[1]), (44, GOLD[2])):
        canvas.drawOval(rect(-230, -120, 460, 400), stroke(colour, width))
    canvas.drawArc(rect(-236, -124, 472, 408), 150, 95, False, stroke(GOLD[3], 12, 0.95, blur=2))
    canvas.drawArc(rect(-214, -104, 428, 368), 10, 70, False, stroke(GOLD[3], 9, 0.8, blur=2))
    canvas.drawArc(rect(-230, -120, 460, 400), 60, 60, False, stroke((255, 250, 230), 7, 0.6, blur=3))
    stone = [(-130, -190), (-76, -256), (76, -256), (130, -190), (0, -30)]
    canvas.drawPath(
        path("M -130 -190 L -76 -256 L 76 -256 L 130 -190 L 0 -30 Z"),
        linear(
            (-130, -256),
            (130, -30),
            [ink((236, 250, 255)), ink((130, 196, 240)), ink((44, 92, 170)), ink((190, 232, 255))],
            [0, 0.4, 0.75, 1],
        ),
    )
    for i, facet in enumerate(
        (
            "M -130 -190 L -50 -190 L -76 -256 Z",
            "M -50 -190 L 0 -256 L 50 -190 Z",
            "M 50 -190 L 76 -256 L 130 -190 Z",
            "M -50 -190 L 50 -190 L 0 -30 Z",
            "M -130 -190 L -50 -190 L 0 -30 Z",
        )
    ):
        canvas.drawPath(path(facet), fill((255, 255, 255), (0.55, 0.30, 0.14, 0.24, 0.06)[i]))
        canvas.drawPath(path(facet), stroke((226, 246, 255), 2.5, 0.7))
    for x in (-112, 0, 112):
        canvas.drawPath(
            path(f"M {x - 14} -120 L {x * 1.06 - 7} -206 L {x * 1.06 + 9} -206 L {x * 0.8 + 14} -96 Z"),
            linear((x - 14, 0), (x + 14, 0), [ink(GOLD[3]), ink(GOLD[1])]),
        )
    _draw_sparkle(canvas, *stone[1], 84)
    _draw_sparkle(canvas, 92, -120, 46)


def draw_key(canvas: skia.Canvas, lamp: Colour) -> None:
    """An old key with a clover bow and a tag."""
    canvas.save()
    canvas.rotate(-32)
    canvas.drawPath(path("M -330 30 L 300 30 L 300 110 L -330 110 Z"), fill((0, 0, 0), 0.40, blur=26))
    steel = ((60, 48, 40), (138, 112, 80), (190, 160, 112), (248, 228, 186))
    for x, y in ((-250, -78), (-250, 78), (-330, 0)):
        for width, colour in ((52, steel[0]), (42, steel[1]), (26, steel[2])):
            canvas.drawCircle(x, y, 66, stroke(colour, width))
        canvas.drawArc(rect(x - 68, y - 68, 136, 136), 190, 100, False, stroke(steel[3], 9, 0.9, blur=1.5))
    canvas.drawRoundRect(
        rect(-190, -27, 490, 54),
        22,
        22,
        linear((0, -27), (0, 27), [ink(steel[3]), ink(steel[2]), ink(steel[1]), ink(steel[0])], [0, 0.3, 0.65, 1]),
    )
    canvas.drawPath(
        path("M 190 20 L 190 128 L 226 128 L 226 92 L 250 92 L 250 138 L 290 138 L 290 20 Z"),
        linear((190, 20), (290, 138), [ink(steel[2]), ink(steel[1]), ink(steel[0])]),
    )
    canvas.drawPath(
        path("M 190 20 L 190 128 L 226 128 L 226 92 L 250 92 L 250 138 L 290 138 L 290 20"), stroke(steel[3], 3, 0.7)
    )
    for x in (-172, -140, 160):
        canvas.drawRoundRect(
            rect(x, -36, 20, 72), 9, 9, linear((0, -36), (0, 36), [ink(steel[3]), ink(steel[1]), ink(steel[0])])
        )
    canvas.restore()
    canvas.drawPath(path("M -300 196 C -330 250 -250 300 -210 330"), stroke((150, 60, 50), 9))
    canvas.drawPath(path("M -236 300 L -20 372 L -52 470 L -268 398 Z"), fill((0, 0, 0), 0.35, blur=14))
    canvas.drawPath(
        path("M -240 292 L -24 364 L -56 462 L -272 390 Z"),
        linear((-240, 300), (-56, 460), [ink((246, 232, 200)), ink((204, 178, 136))]),
    )
    canvas.drawCircle(-232, 342, 12, fill((90, 60, 40)))
    for i in range(3):
        canvas.drawLine(-196 + i * 3, 352 + i * 22, -76 - i * 22, 392 + i * 14, stroke((92, 66, 50), 5, 0.7))


def _draw_sparkle(canvas: skia.Canvas, x: float, y: float, size: float) -> None:
    for turn, share in ((0, 1.0), (90, 1.0), (45, 0.45), (135, 0.45)):
        canvas.save()
        canvas.translate(x, y)
        canvas.rotate(turn)
        for way in (-1, 1):
            canvas.drawPath(
                blade((0, 0), (way * size * share / 2, 0), (way * size * share, 0), size * 0.13),
                fill((255, 255, 246), 0.95),
            )
        canvas.restore()
    glow(canvas, x, y, size * 0.8, (255, 246, 220), 0.7)


def _metal(left: float, right: float, across: tuple[float, float] | None = None, metal: Metal = GOLD) -> skia.Paint:
    start, end = ((left, 0.0), (right, 0.0)) if across is None else ((0.0, across[0]), (0.0, across[1]))
    return linear(
        start, end, [ink(metal[tone]) for tone in (0, 2, 3, 1, 0)], [0, 0.25, 0.42, 0.75, 1]
    )
