"""Phone, cup, knife and gun, drawn about the origin."""

from __future__ import annotations

import skia

from microdrama_assets.studios.draft.ink import Colour, fill, glow, ink, linear, mix, path, radial, rect, stroke


def draw_phone(canvas: skia.Canvas, lamp: Colour) -> None:
    """Lit, an unknown caller. Signs instead of words, so that it needs no language."""
    glow(canvas, 0, 0, 640, (90, 150, 255), 0.40)
    canvas.save()
    canvas.rotate(7)
    canvas.drawRoundRect(rect(-216, -420, 470, 900), 66, 66, fill((0, 0, 0), 0.55, blur=28))
    canvas.drawRoundRect(
        rect(-235, -450, 470, 900),
        66,
        66,
        linear(
            (-235, 0),
            (235, 0),
            [ink((96, 100, 116)), ink((24, 26, 34)), ink((40, 42, 54)), ink((130, 134, 150))],
            [0, 0.08, 0.92, 1],
        ),
    )
    screen = skia.RRect.MakeRectXY(rect(-218, -433, 436, 866), 52, 52)
    canvas.drawRRect(
        screen, linear((-200, -430), (200, 430), [ink((40, 50, 120)), ink((96, 40, 130)), ink((20, 16, 50))])
    )
    canvas.save()
    canvas.clipRRect(screen, True)
    glow(canvas, 0, -150, 340, (150, 120, 255), 0.55)
    canvas.drawRoundRect(rect(-62, -416, 124, 30), 15, 15, fill((4, 4, 10)))
    for radius, alpha in ((168, 0.10), (138, 0.16)):
        canvas.drawCircle(0, -150, radius, fill((255, 255, 255), alpha))
    canvas.drawCircle(0, -150, 108, linear((0, -258), (0, -42), [ink((120, 126, 150)), ink((64, 68, 92))]))
    canvas.drawCircle(0, -182, 38, fill((214, 218, 232)))
    canvas.drawPath(
        path("M -66 -76 C -62 -128 -30 -136 0 -136 C 30 -136 62 -128 66 -76 C 40 -44 -40 -44 -66 -76 Z"),
        fill((214, 218, 232)),
    )
    for i, width in enumerate((190, 120)):
        canvas.drawRoundRect(
            rect(-width / 2, 62 + i * 44, width, 20 - 4 * i), 10, 10, fill((255, 255, 255), 0.85 - 0.35 * i)
        )
    for x, colour, turn in ((-112, (236, 60, 66), 135), (112, (52, 200, 104), 0)):
        glow(canvas, x, 290, 130, colour, 0.5)
        canvas.drawCircle(x, 290, 66, radial((x - 18, 268), 96, [ink(mix(colour, (255, 255, 255), 0.35)), ink(colour)]))
        canvas.save()
        canvas.translate(x, 290)
        canvas.rotate(turn)
        canvas.drawPath(
            path("M -30 -24 C -34 10 -8 34 26 32 L 34 14 L 16 2 L 6 10 C -4 6 -12 -4 -14 -12 L -4 -20 L -14 -38 Z"),
            fill((255, 255, 255)),
        )
        canvas.restore()
    canvas.drawPath(path("M -218 -433 L -20 -433 L -218 120 Z"), fill((255, 255, 255), 0.07))
    canvas.drawPath(
        path("M 60 -433 L 130 -300 L 96 -190 L 170 -60 L 218 -20 M 130 -300 L 218 -340 M 96 -190 L 10 -120"),
        stroke((230, 240, 255), 2.2, 0.55),
    )
    canvas.restore()
    canvas.restore()


def draw_cup(canvas: skia.Canvas, lamp: Colour) -> None:
    """Coffee with a leaf in its foam, seen from above at an angle, steaming."""
    canvas.drawOval(rect(-380, 150, 790, 280), fill((0, 0, 0), 0.5, blur=30))
    canvas.drawOval(
        rect(-390, 110, 780, 270),
        linear((-390, 110), (390, 380), [ink((255, 252, 246)), ink((214, 202, 192)), ink((134, 116, 110))]),
    )
    canvas.drawOval(rect(-250, 160, 500, 150), fill((60, 40, 34), 0.42, blur=16))
    canvas.drawPath(path("M 246 -40 C 430 -90 440 160 200 150"), stroke((150, 134, 126), 52))
    canvas.drawPath(path("M 246 -46 C 424 -92 432 150 202 142"), stroke((250, 242, 234), 38))
    canvas.drawPath(
        path("M -290 -110 C -284 120 -190 270 0 272 C 190 270 284 120 290 -110 Z"),
        linear(
            (-290, 0),
            (290, 0),
            [ink((206, 192, 182)), ink((255, 252, 246)), ink((232, 220, 210)), ink((120, 102, 98))],
            [0, 0.28, 0.6, 1],
        ),
    )
    canvas.drawPath(path("M -190 -20 C -180 110 -130 200 -60 236"), stroke((255, 255, 255), 22, 0.6, blur=9))
    canvas.drawOval(
        rect(-292, -218, 584, 216), linear((-292, -200), (292, 0), [ink((255, 254, 250)), ink((206, 192, 182))])
    )
    canvas.drawOval(
        rect(-262, -200, 524, 182),
        radial((0, -110), 280, [ink((214, 150, 92)), ink((158, 92, 46)), ink((70, 34, 18))], [0, 0.6, 1]),
    )
    for i in range(5):
        y, reach = -166 + i * 24, 70 + 18 * i - (60 if i == 4 else 0)
        for side in (-1, 1):
            canvas.drawPath(
                path(
                    f"M 0 {y + 20} C {side * reach * 0.4} {y + 12} {side * reach} {y + 6} {side * reach} {y - 12}"
                    f" C {side * reach * 0.6} {y - 2} {side * reach * 0.3} {y} 0 {y + 4} Z"
                ),
                fill((255, 240, 216), 0.95, blur=1.5),
            )
    canvas.drawLine(0, -176, 0, -52, stroke((255, 240, 216), 7, 0.9))
    canvas.drawOval(rect(-262, -200, 524, 182), stroke((60, 28, 14), 6, 0.5, blur=3))
    for i in range(3):
        x = -110 + i * 110
        canvas.drawPath(
            path(f"M {x} -210 C {x - 90} -320 {x + 90} -420 {x - 20} -560"), stroke((255, 255, 255), 42, 0.15, blur=26)
        )


def draw_knife(canvas: skia.Canvas, lamp: Colour) -> None:
    """A kitchen knife, the room's light along its edge."""
    canvas.save()
    canvas.rotate(-38)
    canvas.drawPath(path("M -440 60 L 300 60 C 380 70 440 110 480 160 L -90 160 Z"), fill((0, 0, 0), 0.5, blur=26))
    blade_path = path("M -110 -64 L 330 -64 C 400 -60 470 -10 500 60 C 400 92 100 92 -110 84 Z")
    canvas.drawPath(
        blade_path,
        linear(
            (0, -64),
            (0, 92),
            [
                ink((120, 128, 142)),
                ink((226, 232, 240)),
                ink((160, 168, 184)),
                ink((240, 244, 250)),
                ink((132, 140, 156)),
            ],
            [0, 0.24, 0.56, 0.80, 1],
        ),
    )
    canvas.save()
    canvas.clipPath(blade_path, True)
    canvas.drawPath(path("M -110 50 C 150 62 380 62 500 44 L 500 100 L -110 100 Z"), fill((255, 255, 255), 0.42))
    canvas.drawPath(path("M 40 -70 L 130 -70 L 60 100 L -20 100 Z"), fill(lamp, 0.42, blur=9))
    canvas.drawPath(path("M 250 -70 L 280 -70 L 220 100 L 196 100 Z"), fill((255, 255, 255), 0.5, blur=5))
    for i in range(20):
        canvas.drawLine(-110, -58 + i * 5.4, 480, -58 + i * 5.8, stroke((90, 98, 112), 1, 0.12))
    canvas.restore()
    canvas.drawPath(path("M -110 84 C 100 92 400 92 500 60"), stroke((255, 255, 255), 4, 0.95))
    glow(canvas, 420, 66, 120, (255, 255, 255), 0.8)
    canvas.drawRoundRect(
        rect(-134, -70, 40, 158),
        10,
        10,
        linear((0, -70), (0, 88), [ink((236, 240, 246)), ink((120, 126, 140)), ink((70, 76, 90))]),
    )
    canvas.drawPath(
        path("M -130 -58 L -400 -50 C -470 -46 -490 30 -450 70 C -420 96 -380 66 -340 68 L -130 74 Z"),
        linear((0, -58), (0, 84), [ink((122, 74, 44)), ink((70, 38, 24)), ink((30, 16, 14))]),
    )
    canvas.drawPath(path("M -140 -40 C -260 -34 -360 -30 -430 -18"), stroke((196, 136, 90), 8, 0.5, blur=4))
    for x in (-180, -280, -380):
        canvas.drawCircle(
            x, 8, 15, radial((x - 4, 3), 18, [ink((255, 250, 236)), ink((170, 160, 150)), ink((70, 64, 66))])
        )
    canvas.restore()


def draw_gun(canvas: skia.Canvas, lamp: Colour) -> None:
    """A dark pistol on its side, the room's light along its slide."""
    canvas.save()
    canvas.rotate(-14)
    shadow = path("M -400 -60 L 380 -60 L 380 120 L 60 150 L -60 470 L -330 430 Z")
    canvas.drawPath(shadow, fill((0, 0, 0), 0.5, blur=28))
    steel = [ink((150, 158, 172)), ink((72, 78, 92)), ink((44, 48, 58)), ink((24, 26, 34))]
    grip = path("M -330 30 L -110 30 C -120 140 -90 190 -76 250 L -34 400 C -40 440 -230 450 -246 420"
                " L -300 230 C -306 160 -350 120 -372 60 Z")
    canvas.drawPath(grip, linear((-340, 60), (-60, 400), [ink((92, 66, 52)), ink((58, 38, 32)), ink((26, 16, 16))]))
    for i in range(9):
        canvas.drawLine(-280 + i * 10, 150 + i * 28, -120 + i * 9, 140 + i * 28, stroke((16, 10, 12), 5, 0.45))
    guard = path("M -112 60 C -100 150 -30 176 44 166 C 96 158 108 110 104 56")
    canvas.drawPath(guard, stroke((40, 44, 54), 26))
    canvas.drawPath(guard, stroke((104, 110, 124), 8, 0.8))
    canvas.drawPath(path("M -34 62 C -30 104 -44 124 -62 132"), stroke((20, 22, 28), 17))
    frame = path("M -372 -8 L 372 -8 L 372 60 L 150 66 L 110 92 L -330 92 C -356 70 -372 40 -372 -8 Z")
    canvas.drawPath(frame, linear((0, -10), (0, 92), [ink((66, 72, 84)), ink((34, 38, 46))]))
    slide = path("M -402 -116 L 388 -116 C 400 -116 406 -108 406 -96 L 406 2 L -390 2 C -406 -30 -410 -80 -402 -116 Z")
    canvas.drawPath(slide, linear((0, -116), (0, 4), steel, [0, 0.3, 0.62, 1]))
    for i in range(8):
        canvas.drawLine(-366 + i * 22, -100, -372 + i * 22, -14, stroke((14, 16, 20), 7, 0.7))
    canvas.drawPath(path("M 20 -116 L 168 -116 L 160 -62 L 28 -62 Z"), fill((18, 20, 26), 0.85))
    canvas.drawLine(-390, -108, 396, -108, stroke(mix(lamp, (255, 255, 255), 0.4), 6, 0.85, blur=1.5))
    canvas.drawRect(rect(352, -138, 24, 24), fill((30, 32, 40)))
    canvas.drawRect(rect(-384, -140, 40, 26), fill((30, 32, 40)))
    canvas.drawOval(rect(392, -84, 26, 58), fill((6, 6, 10)))
    glow(canvas, 330, -106, 110, lamp, 0.5)
    canvas.restore()
