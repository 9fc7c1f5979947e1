"""Shirt, apron, hoodie and dress."""

from __future__ import annotations

import skia

from microdrama_assets.studios.draft.ink import Colour, blade, fill, ink, linear, mix, path, stroke
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.cloth import HEM_Y, Sides, cloth, sleeves, torso_outline, trousers, waist_of


def draw_shirt(canvas: skia.Canvas, a: Anatomy, main: Colour, accent: Colour, hanging: Sides) -> None:
    n, dark = a.neck, mix(main, (10, 6, 20), 0.5)
    cloth(canvas, a, torso_outline(a), main)
    trousers(canvas, a, (44, 48, 66))
    sleeves(canvas, a, main, hanging)
    canvas.drawPath(
        path(f"M {-n * 0.96} 250 L 0 408 L {n * 0.96} 250 Q 0 300 {-n * 0.96} 250 Z"),
        linear((0, 250), (0, 400), [ink(a.skin.shade), ink(mix(a.skin.base, a.skin.shade, 0.4))]),
    )
    canvas.drawLine(0, 400, 0, 1005, stroke(dark, 3.5, 0.6))
    for y in (450, 560, 670, 780, 890):
        canvas.drawCircle(6, y, 8, fill(accent))
        canvas.drawCircle(6, y, 8, stroke(dark, 2, 0.5))
    for side in (-1, 1):
        flap = path(
            f"M {side * n * 1.06} 222 C {side * n * 1.3} 256 {side * n * 1.5} 290 {side * n * 1.42} 352"
            f" L {side * 8} 410 C {side * n * 0.5} 340 {side * n * 0.9} 290 {side * n * 1.06} 222 Z"
        )
        canvas.drawPath(flap, fill((8, 4, 14), 0.35, blur=7))
        canvas.drawPath(
            flap,
            linear((side * n, 220), (0, 410), [ink(mix(main, (255, 246, 232), 0.26 if side < 0 else 0.08)), ink(main)]),
        )
        canvas.drawPath(flap, stroke(dark, 2.5, 0.6))


def draw_tee(canvas: skia.Canvas, a: Anatomy, colour: Colour) -> None:
    n = a.neck
    cloth(canvas, a, torso_outline(a, collar=-14), colour)
    canvas.drawPath(path(f"M {-n * 1.04} 262 Q 0 336 {n * 1.04} 262"), stroke(mix(colour, (10, 6, 20), 0.35), 15, 0.9))
    canvas.drawPath(
        path(f"M {-n * 1.04} 258 Q 0 330 {n * 1.04} 258"), stroke(mix(colour, (255, 255, 255), 0.18), 4, 0.6)
    )


def draw_apron(canvas: skia.Canvas, a: Anatomy, main: Colour, accent: Colour, hanging: Sides) -> None:
    s, n = a.shoulder, a.neck
    draw_shirt(canvas, a, accent, mix(accent, (255, 255, 255), 0.3), hanging)
    dark = mix(main, (8, 4, 16), 0.5)
    for side in (-1, 1):
        canvas.drawPath(
            path(
                f"M {side * n * 1.24} 268 L {side * (n * 1.24 + 34)} 280 L {side * s * 0.56} 520"
                f" L {side * s * 0.44} 520 Z"
            ),
            linear((0, 270), (0, 520), [ink(mix(main, (255, 246, 230), 0.12)), ink(main)]),
        )
    bib = path(
        f"M {-s * 0.58} 505 Q 0 540 {s * 0.58} 505 C {s * 0.62} 700 {s * 0.78} 780 {s * 0.86} 860"
        f" L {s * 0.84} 1500 L {-s * 0.84} 1500 L {-s * 0.86} 860"
        f" C {-s * 0.78} 780 {-s * 0.62} 700 {-s * 0.58} 505 Z"
    )
    canvas.drawPath(bib, fill((6, 2, 10), 0.40, blur=9))
    canvas.drawPath(
        bib, linear((-s * 0.6, 500), (s * 0.8, 1100), [ink(mix(main, (255, 246, 230), 0.12)), ink(main), ink(dark)])
    )
    canvas.drawPath(
        path(f"M {-s * 0.56} 520 Q 0 555 {s * 0.56} 520"), stroke(mix(main, (255, 255, 255), 0.25), 3.5, 0.7)
    )
    canvas.drawPath(
        path(f"M {-s * 0.30} 900 L {s * 0.30} 900 L {s * 0.28} 1080 Q 0 1100 {-s * 0.28} 1080 Z"), stroke(dark, 4, 0.8)
    )
    canvas.drawPath(blade((-s * 0.42, 600), (-s * 0.46, 720), (-s * 0.62, 840), 22), fill(dark, 0.35, blur=9))
    canvas.drawPath(blade((s * 0.46, 620), (s * 0.50, 740), (s * 0.66, 850), 22), fill(dark, 0.45, blur=9))


def _hood_shape(a: Anatomy) -> skia.Path:
    n = a.neck
    return path(
        f"M {-n * 2.5} 330 C {-n * 2.9} 240 {-n * 2.0} 150 0 150 C {n * 2.0} 150 {n * 2.9} 240 {n * 2.5} 330"
        f" C {n * 2} 380 {-n * 2} 380 {-n * 2.5} 330 Z"
    )


def draw_hood(canvas: skia.Canvas, a: Anatomy, main: Colour) -> None:
    canvas.drawPath(
        _hood_shape(a),
        linear(
            (-a.shoulder * 0.6, 150),
            (a.shoulder * 0.6, 360),
            [ink(mix(main, (255, 246, 230), 0.10)), ink(mix(main, (6, 4, 14), 0.35)), ink(mix(main, (6, 4, 14), 0.6))],
        ),
    )


def draw_hoodie(canvas: skia.Canvas, a: Anatomy, main: Colour, accent: Colour, hanging: Sides) -> None:
    s, n = a.shoulder, a.neck
    cloth(canvas, a, torso_outline(a), main)
    trousers(canvas, a, (50, 54, 66))
    dark = mix(main, (6, 4, 14), 0.5)
    for side in (-1, 1):
        edge = path(
            f"M {side * n * 1.30} 196 C {side * n * 1.9} 216 {side * n * 2.2} 270 {side * n * 1.9} 320"
            f" C {side * n * 1.4} 372 {side * n * 0.5} 392 {side * 2} 412"
            f" C {side * n * 0.7} 350 {side * n * 1.06} 290 {side * n * 1.10} 200"
            f" Q {side * n * 1.2} 186 {side * n * 1.30} 196 Z"
        )
        canvas.drawPath(edge, fill((4, 2, 8), 0.4, blur=9))
        canvas.drawPath(
            edge,
            linear(
                (side * n * 1.6, 220),
                (0, 410),
                [ink(mix(main, (255, 246, 230), 0.24 if side < 0 else 0.08)), ink(main)],
            ),
        )
        canvas.drawPath(edge, stroke(dark, 2.5, 0.6))
        canvas.drawPath(path(f"M {side * 26} 388 C {side * 34} 440 {side * 24} 500 {side * 34} 560"), stroke(accent, 8))
        canvas.drawLine(side * 34, 556, side * 34, 584, stroke(mix(accent, (60, 60, 70), 0.5), 11))
    canvas.drawPath(
        path(
            f"M {-s * 0.40} 800 L {s * 0.40} 800 L {s * 0.56} 960 L {s * 0.52} 1000 L {-s * 0.52} 1000"
            f" L {-s * 0.56} 960 Z"
        ),
        stroke(dark, 5, 0.8),
    )
    sleeves(canvas, a, main, hanging, loose=12)


def draw_dress(canvas: skia.Canvas, a: Anatomy, main: Colour, accent: Colour, hanging: Sides) -> None:
    s, n = a.shoulder, a.neck
    waist = waist_of(a)
    canvas.drawPath(
        torso_outline(a),
        linear((-s, 290), (s, 900), [ink(a.skin.base), ink(mix(a.skin.base, a.skin.shade, 0.5)), ink(a.skin.shade)]),
    )
    sleeves(canvas, a, a.skin.base, hanging, loose=-14)
    for side in hanging:
        cap = path(
            f"M {side * s * 0.58} 290 C {side * s * 0.88} 286 {side * s * 1.06} 326 {side * s * 1.08} 420"
            f" L {side * s * 1.10} 520 Q {side * s * 0.94} 552 {side * s * 0.76} 530 Z"
        )
        canvas.drawPath(
            cap,
            linear(
                (side * s * 0.6, 290),
                (side * s, 560),
                [
                    ink(mix(main, (255, 246, 230), 0.14 if side < 0 else 0.0)),
                    ink(main),
                    ink(mix(main, (6, 4, 14), 0.5)),
                ],
            ),
        )
    shape = path(
        f"M {-n * 1.75} 284 C {-s * 0.6} 282 {-s * 0.74} 292 {-s * 0.80} 304"
        f" C {-s * 0.88} 330 {-s * 0.88} 420 {-s * 0.84} 480 C {-s * 0.80} 580 {-waist} 700 {-waist} 790"
        f" C {-s * 0.90} 1000 {-s * 1.06} 1300 {-s * 1.2} {HEM_Y} L {s * 1.2} {HEM_Y}"
        f" C {s * 1.06} 1300 {s * 0.90} 1000 {waist} 790 C {waist} 700 {s * 0.80} 580 {s * 0.84} 480"
        f" C {s * 0.88} 420 {s * 0.88} 330 {s * 0.80} 304 C {s * 0.74} 292 {s * 0.6} 282 {n * 1.75} 284"
        f" C {n * 1.6} 400 {-n * 1.6} 400 {-n * 1.75} 284 Z"
    )
    cloth(canvas, a, shape, main)
    dark = mix(main, (6, 4, 14), 0.5)
    canvas.drawPath(path(f"M {-n * 1.75} 290 C {-n * 1.6} 402 {n * 1.6} 402 {n * 1.75} 290"), stroke(accent, 9, 0.95))
    canvas.drawPath(
        path(f"M {-waist} 780 Q 0 812 {waist} 780 L {waist} 838 Q 0 868 {-waist} 838 Z"),
        linear((-s * 0.6, 0), (s * 0.6, 0), [ink(accent), ink(mix(accent, (40, 20, 40), 0.5))]),
    )
    for x in (-0.5, -0.2, 0.15, 0.45):
        canvas.drawPath(blade((x * s, 890), (x * s * 1.3, 1200), (x * s * 1.7, HEM_Y), 40), fill(dark, 0.45, blur=12))
    canvas.drawPath(path(f"M {-n * 0.9} 262 Q 0 372 {n * 0.9} 262"), stroke((232, 206, 150), 2.6, 0.9))
    canvas.drawCircle(0, 322, 7, fill((240, 214, 160)))
