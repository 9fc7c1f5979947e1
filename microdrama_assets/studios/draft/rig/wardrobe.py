"""Neck, shoulders, arms and seven garments, cut to the build. Hands stay in pockets or behind the frame's edge."""

from __future__ import annotations

import skia

from microdrama_assets.studios.draft.ink import (
    Colour,
    blade,
    fill,
    ink,
    linear,
    luma,
    mix,
    path,
    rect,
    rgb,
    stroke,
    tint,
)
from microdrama_assets.studios.draft.rig.anatomy import Anatomy

HEM_Y = 2700.0
"""Where the figure ends, below every frame."""


def draw_body(canvas: skia.Canvas, a: Anatomy) -> None:
    """Everything from the neck down, in rig units of the head."""
    wardrobe = a.look.wardrobe
    main, accent = rgb(wardrobe.colour), rgb(wardrobe.accent)
    if wardrobe.garment == "hoodie":
        _draw_hood(canvas, a, main)
    _draw_neck(canvas, a)
    _GARMENTS[wardrobe.garment](canvas, a, main, accent)
    _draw_chin_shadow(canvas, a)


def torso_outline(a: Anatomy, collar: float = 0.0) -> skia.Path:
    """Shoulders, waist, hips and legs without the arms. `collar` raises the neckline."""
    n = a.neck
    left, hip = _flank(a, -1, collar), _hip(a)
    return path(
        f"M {-n * 1.02} {246 - collar} {left} C {-hip * 1.02} 1300 {-hip} 1800 {-hip * 0.94} {HEM_Y} L {hip * 0.94} {HEM_Y} C {hip} 1800 {hip * 1.02} 1300 {hip} 1060 {_flank_up(a, collar)} Q 0 {316 - collar} {-n * 1.02} {246 - collar} Z")


def _hip(a: Anatomy) -> float:
    return a.shoulder * (0.70 + 0.07 * a.feminine) + (44 if a.look.build == "heavy" else 0)


def _waist(a: Anatomy) -> float:
    return a.shoulder * (0.69 - 0.09 * a.feminine) + (64 if a.look.build == "heavy" else 0)


def _flank(a: Anatomy, side: int, collar: float = 0.0) -> str:
    """From the neck over the shoulder and down one side to the hip (y 1060)."""
    s, n, waist, hip = a.shoulder * side, a.neck * side, _waist(a) * side, _hip(a) * side
    return (f"C {n * 1.25} {272 - collar * 0.5} {s * 0.56} 278 {s * 0.80} 304 C {s * 0.94} 320 {s * 0.92} 420 {s * 0.84} 480"
            f" C {s * 0.80} 580 {waist} 680 {waist} 770 C {waist} 870 {hip} 940 {hip} 1060")


def _flank_up(a: Anatomy, collar: float = 0.0) -> str:
    """The right flank from the hip back up to the neck."""
    s, n, waist, hip = a.shoulder, a.neck, _waist(a), _hip(a)
    return (f"C {hip} 940 {waist} 870 {waist} 770 C {waist} 680 {s * 0.80} 580 {s * 0.84} 480"
            f" C {s * 0.92} 420 {s * 0.94} 320 {s * 0.80} 304 C {s * 0.56} 278 {n * 1.25} {272 - collar * 0.5} {n * 1.02} {246 - collar}")


def arm_outline(a: Anatomy, side: int, loose: float = 0.0) -> skia.Path:
    """A bent arm, its hand in a pocket. `loose` widens the sleeve."""
    s, w = a.shoulder * side, side * (12 * (a.look.build in ("broad", "heavy")) + loose)
    return path(f"M {s * 0.62} 292 C {s * 0.86} 290 {s * 1.02 + w * 0.4} 326 {s * 1.06 + w} 420 C {s * 1.10 + w} 540 {s * 1.20 + w} 640 {s * 1.19 + w} 740 C {s * 1.18 + w} 850 {s * 1.02 + w} 950 {s * 0.80 + w} 1030"
                f" L {s * 0.60} 990 C {s * 0.76} 910 {s * 0.87} 830 {s * 0.90} 750 C {s * 0.90} 640 {s * 0.86} 540 {s * 0.74} 450 Z")


def _sleeves(canvas: skia.Canvas, a: Anatomy, colour: Colour, loose: float = 0.0) -> None:
    """Both arms, over the torso: light on their outer edge, dark where they meet the body."""
    dark = mix(tint(colour, (128, 112, 140)), (14, 8, 24), 0.30)
    torso = torso_outline(a)
    for side in (-1, 1):
        s, shape = a.shoulder * side, arm_outline(a, side, loose)
        canvas.save()
        canvas.clipPath(torso, True)
        canvas.drawPath(shape, fill(dark, 0.42, blur=12))
        canvas.restore()
        lit = [ink(mix(colour, (255, 246, 230), 0.16)), ink(colour), ink(mix(colour, dark, 0.8))]
        shade = [ink(mix(colour, dark, 0.15)), ink(mix(colour, dark, 0.55)), ink(dark)]
        canvas.drawPath(shape, linear((s * 1.15, 300), (s * 0.70, 900), lit if side < 0 else shade))
        canvas.save()
        canvas.clipPath(shape, True)
        for y, bend, reach in ((716, 20, 1.12), (760, -12, 1.08), (900, 18, 0.96)):
            canvas.drawPath(blade((s * 0.84, y), (s * 0.96, y + bend), (s * reach, y - 10), 14), fill(dark, 0.34, blur=6))
        canvas.drawPath(blade((s * 0.70, 330), (s * 0.82, 420), (s * 0.82, 540), 16), fill(dark, 0.38, blur=10))
        canvas.drawPath(blade((s * 1.02, 350), (s * 1.12, 520), (s * 1.13, 720), 16), fill((255, 246, 230), 0.14 if side < 0 else 0.05, blur=7))
        canvas.restore()


def _draw_neck(canvas: skia.Canvas, a: Anatomy) -> None:
    n = a.neck
    neck = path(f"M {-n} 90 L {-n * 1.0} 225 C {-n * 1.1} 268 {-n * 1.9} 290 {-n * 2.6} 312 L 0 470 L {n * 2.6} 312 C {n * 1.9} 290 {n * 1.1} 268 {n} 225 L {n} 90 Z")
    canvas.drawPath(neck, linear((-n * 1.4, 0), (n * 1.4, 0), [ink(a.skin.base), ink(mix(a.skin.base, a.skin.shade, 0.5)), ink(a.skin.shade)]))
    canvas.save()
    canvas.clipPath(neck, True)
    for side in (-1, 1):
        canvas.drawPath(blade((side * n * 0.8, 170), (side * n * 0.5, 260), (side * 12, 322), 12), fill(a.skin.shade, 0.7, blur=5))
        canvas.drawPath(blade((side * 22, 326), (side * n, 312), (side * n * 2.0, 312), 9), fill(a.skin.deep, 0.35, blur=4))
    canvas.drawOval(rect(-10, 300, 20, 30), fill(a.skin.deep, 0.35, blur=6))
    canvas.restore()


def _draw_chin_shadow(canvas: skia.Canvas, a: Anatomy) -> None:
    n, y = a.neck, a.chin_y
    canvas.save()
    canvas.clipPath(path(f"M {-n * 1.04} 80 L {-n * 1.04} 236 Q {-n * 1.2} 290 0 330 Q {n * 1.2} 290 {n * 1.04} 236 L {n * 1.04} 80 Z"), True)
    canvas.drawPath(path(f"M {-n * 2} 60 L {-n * 1.2} {y - 18} C {-n * 0.7} {y + 52} {n * 0.9} {y + 60} {n * 1.3} {y + 2} L {n * 2} 60 Z"), fill(a.skin.deep, 0.62, blur=10))
    canvas.restore()


def _cloth(canvas: skia.Canvas, a: Anatomy, shape: skia.Path, colour: Colour) -> None:
    """Cloth with its light from the upper left, arms set off, and folds."""
    s = a.shoulder
    dark = mix(tint(colour, (128, 112, 140)), (14, 8, 24), 0.28)
    canvas.drawPath(shape, linear((-s, 290), (s * 1.1, 900), [ink(mix(colour, (255, 246, 230), 0.14)), ink(colour), ink(mix(colour, dark, 0.55)), ink(dark)], [0, 0.30, 0.68, 1]))
    canvas.save()
    canvas.clipPath(shape, True)
    for side in (-1, 1):
        canvas.drawPath(blade((side * s * 0.80, 440), (side * s * 0.60, 500), (side * s * 0.40, 530), 22), fill(dark, 0.26, blur=10))
        canvas.drawPath(blade((side * s * 0.66, 640), (side * s * 0.42, 720), (side * s * 0.20, 736), 20), fill(dark, 0.22, blur=10))
        canvas.drawPath(blade((side * s * 0.70, 820), (side * s * 0.40, 860), (side * s * 0.20, 850), 20), fill(dark, 0.30, blur=9))
        canvas.drawPath(blade((side * s * 0.72, 960), (side * s * 0.50, 900), (side * s * 0.18, 930), 22), fill(dark, 0.32, blur=9))
    canvas.drawPath(blade((-s * 0.86, 330), (-s * 0.60, 316), (-s * 0.30, 308), 14), fill((255, 246, 230), 0.20, blur=7))
    canvas.drawPath(blade((0, 420), (14, 700), (0, 1000), 40), fill(dark, 0.22, blur=16))
    canvas.drawRect(rect(-s * 1.3, 1000, s * 2.6, HEM_Y - 1000), linear((0, 1000), (0, 1200), [ink(dark, 0), ink(dark, 0.55)]))
    canvas.restore()


def _trousers(canvas: skia.Canvas, a: Anatomy, colour: Colour) -> None:
    s = a.shoulder
    canvas.save()
    canvas.clipPath(torso_outline(a), True)
    canvas.drawRect(rect(-s * 0.92, 1010, s * 1.84, HEM_Y), linear((-s, 0), (s, 0), [ink(mix(colour, (255, 255, 255), 0.08)), ink(colour), ink(mix(colour, (0, 0, 0), 0.5))]))
    canvas.drawPath(blade((0, 1120), (4, 1400), (0, HEM_Y), 30), fill((8, 6, 12), 0.75, blur=6))
    canvas.drawRect(rect(-s, 1000, s * 2, 26), fill((0, 0, 0), 0.45, blur=8))
    canvas.restore()


def _shirt(canvas: skia.Canvas, a: Anatomy, main: Colour, accent: Colour) -> None:
    n, dark = a.neck, mix(main, (10, 6, 20), 0.5)
    _cloth(canvas, a, torso_outline(a), main)
    _trousers(canvas, a, (44, 48, 66))
    _sleeves(canvas, a, main)
    canvas.drawPath(path(f"M {-n * 0.96} 250 L 0 408 L {n * 0.96} 250 Q 0 300 {-n * 0.96} 250 Z"), linear((0, 250), (0, 400), [ink(a.skin.shade), ink(mix(a.skin.base, a.skin.shade, 0.4))]))
    canvas.drawLine(0, 400, 0, 1005, stroke(dark, 3.5, 0.6))
    for y in (450, 560, 670, 780, 890):
        canvas.drawCircle(6, y, 8, fill(accent))
        canvas.drawCircle(6, y, 8, stroke(dark, 2, 0.5))
    for side in (-1, 1):
        flap = path(f"M {side * n * 1.06} 222 C {side * n * 1.3} 256 {side * n * 1.5} 290 {side * n * 1.42} 352 L {side * 8} 410 C {side * n * 0.5} 340 {side * n * 0.9} 290 {side * n * 1.06} 222 Z")
        canvas.drawPath(flap, fill((8, 4, 14), 0.35, blur=7))
        canvas.drawPath(flap, linear((side * n, 220), (0, 410), [ink(mix(main, (255, 246, 232), 0.26 if side < 0 else 0.08)), ink(main)]))
        canvas.drawPath(flap, stroke(dark, 2.5, 0.6))


def _tee(canvas: skia.Canvas, a: Anatomy, colour: Colour) -> None:
    n = a.neck
    _cloth(canvas, a, torso_outline(a, collar=-14), colour)
    canvas.drawPath(path(f"M {-n * 1.04} 262 Q 0 336 {n * 1.04} 262"), stroke(mix(colour, (10, 6, 20), 0.35), 15, 0.9))
    canvas.drawPath(path(f"M {-n * 1.04} 258 Q 0 330 {n * 1.04} 258"), stroke(mix(colour, (255, 255, 255), 0.18), 4, 0.6))


def _apron(canvas: skia.Canvas, a: Anatomy, main: Colour, accent: Colour) -> None:
    s, n = a.shoulder, a.neck
    _shirt(canvas, a, accent, mix(accent, (255, 255, 255), 0.3))
    dark = mix(main, (8, 4, 16), 0.5)
    for side in (-1, 1):
        canvas.drawPath(path(f"M {side * n * 1.24} 268 L {side * (n * 1.24 + 34)} 280 L {side * s * 0.56} 520 L {side * s * 0.44} 520 Z"), linear((0, 270), (0, 520), [ink(mix(main, (255, 246, 230), 0.12)), ink(main)]))
    bib = path(f"M {-s * 0.58} 505 Q 0 540 {s * 0.58} 505 C {s * 0.62} 700 {s * 0.78} 780 {s * 0.86} 860 L {s * 0.84} 1500 L {-s * 0.84} 1500 L {-s * 0.86} 860 C {-s * 0.78} 780 {-s * 0.62} 700 {-s * 0.58} 505 Z")
    canvas.drawPath(bib, fill((6, 2, 10), 0.40, blur=9))
    canvas.drawPath(bib, linear((-s * 0.6, 500), (s * 0.8, 1100), [ink(mix(main, (255, 246, 230), 0.12)), ink(main), ink(dark)]))
    canvas.drawPath(path(f"M {-s * 0.56} 520 Q 0 555 {s * 0.56} 520"), stroke(mix(main, (255, 255, 255), 0.25), 3.5, 0.7))
    canvas.drawPath(path(f"M {-s * 0.30} 900 L {s * 0.30} 900 L {s * 0.28} 1080 Q 0 1100 {-s * 0.28} 1080 Z"), stroke(dark, 4, 0.8))
    canvas.drawPath(blade((-s * 0.42, 600), (-s * 0.46, 720), (-s * 0.62, 840), 22), fill(dark, 0.35, blur=9))
    canvas.drawPath(blade((s * 0.46, 620), (s * 0.50, 740), (s * 0.66, 850), 22), fill(dark, 0.45, blur=9))


def _jacket(canvas: skia.Canvas, a: Anatomy, main: Colour, accent: Colour) -> None:
    s, n = a.shoulder, a.neck
    _tee(canvas, a, accent)
    _trousers(canvas, a, (38, 40, 56))
    dark, lit = mix(main, (6, 4, 14), 0.55), mix(main, (255, 244, 226), 0.30)
    for side in (-1, 1):
        half = path(f"M {side * n * 1.16} 226 {_flank(a, side, 20)} L {side * s * 0.40} 1050 C {side * s * 0.34} 760 {side * s * 0.24} 520 {side * n * 1.16} 226 Z")
        _cloth(canvas, a, half, main)
        lapel = path(f"M {side * n * 1.10} 212 C {side * n * 1.7} 262 {side * n * 2.1} 330 {side * s * 0.62} 400 L {side * s * 0.46} 430 L {side * s * 0.52} 462 C {side * s * 0.42} 560 {side * s * 0.36} 640 {side * s * 0.345} 700 C {side * s * 0.30} 560 {side * s * 0.22} 400 {side * n * 1.10} 212 Z")
        canvas.drawPath(lapel, fill((4, 2, 8), 0.42, blur=8))
        canvas.drawPath(lapel, linear((side * n, 220), (side * s * 0.4, 640), [ink(lit if side < 0 else mix(main, lit, 0.4)), ink(main), ink(dark)]))
        canvas.drawPath(lapel, stroke(dark, 3, 0.8))
        canvas.drawPath(path(f"M {side * s * 0.34} 700 C {side * s * 0.36} 800 {side * s * 0.38} 920 {side * s * 0.40} 1050"), stroke((190, 190, 200), 5, 0.75))
    _sleeves(canvas, a, main, loose=8)


def _hood_shape(a: Anatomy) -> skia.Path:
    n, s = a.neck, a.shoulder
    return path(f"M {-n * 2.5} 330 C {-n * 2.9} 240 {-n * 2.0} 150 0 150 C {n * 2.0} 150 {n * 2.9} 240 {n * 2.5} 330 C {n * 2} 380 {-n * 2} 380 {-n * 2.5} 330 Z")


def _draw_hood(canvas: skia.Canvas, a: Anatomy, main: Colour) -> None:
    canvas.drawPath(_hood_shape(a), linear((-a.shoulder * 0.6, 150), (a.shoulder * 0.6, 360), [ink(mix(main, (255, 246, 230), 0.10)), ink(mix(main, (6, 4, 14), 0.35)), ink(mix(main, (6, 4, 14), 0.6))]))


def _hoodie(canvas: skia.Canvas, a: Anatomy, main: Colour, accent: Colour) -> None:
    s, n = a.shoulder, a.neck
    _cloth(canvas, a, torso_outline(a), main)
    _trousers(canvas, a, (50, 54, 66))
    dark = mix(main, (6, 4, 14), 0.5)
    for side in (-1, 1):
        edge = path(f"M {side * n * 1.30} 196 C {side * n * 1.9} 216 {side * n * 2.2} 270 {side * n * 1.9} 320 C {side * n * 1.4} 372 {side * n * 0.5} 392 {side * 2} 412 C {side * n * 0.7} 350 {side * n * 1.06} 290 {side * n * 1.10} 200 Q {side * n * 1.2} 186 {side * n * 1.30} 196 Z")
        canvas.drawPath(edge, fill((4, 2, 8), 0.4, blur=9))
        canvas.drawPath(edge, linear((side * n * 1.6, 220), (0, 410), [ink(mix(main, (255, 246, 230), 0.24 if side < 0 else 0.08)), ink(main)]))
        canvas.drawPath(edge, stroke(dark, 2.5, 0.6))
        canvas.drawPath(path(f"M {side * 26} 388 C {side * 34} 440 {side * 24} 500 {side * 34} 560"), stroke(accent, 8))
        canvas.drawLine(side * 34, 556, side * 34, 584, stroke(mix(accent, (60, 60, 70), 0.5), 11))
    canvas.drawPath(path(f"M {-s * 0.40} 800 L {s * 0.40} 800 L {s * 0.56} 960 L {s * 0.52} 1000 L {-s * 0.52} 1000 L {-s * 0.56} 960 Z"), stroke(dark, 5, 0.8))
    _sleeves(canvas, a, main, loose=12)


def _coat(canvas: skia.Canvas, a: Anatomy, main: Colour, accent: Colour) -> None:
    s, n = a.shoulder, a.neck
    _cloth(canvas, a, torso_outline(a, collar=-8), accent)
    dark, lit = mix(main, (6, 4, 14), 0.5), mix(main, (255, 244, 226), 0.22)
    canvas.drawPath(path(f"M {-n * 1.02} 256 Q 0 340 {n * 1.02} 256 L {n * 1.1} 296 Q 0 372 {-n * 1.1} 296 Z"), fill(mix(accent, (10, 6, 20), 0.25)))
    for side in (1, -1):
        panel = path(f"M {side * n * 1.2} 214 {_flank(a, side, 32)} L {side * _hip(a) * 1.16} {HEM_Y} L {-side * s * 0.12} {HEM_Y} L {-side * s * 0.10} 700 C {side * s * 0.10} 560 {side * s * 0.22} 400 {side * n * 1.2} 214 Z")
        _cloth(canvas, a, panel, main)
        collar = path(f"M {side * n * 1.06} 178 C {side * n * 1.75} 196 {side * n * 2.5} 280 {side * s * 0.80} 402 L {side * s * 0.50} 470 L {side * s * 0.50} 520 C {side * s * 0.30} 600 {side * s * 0.04} 680 {-side * s * 0.06} 706 C {side * s * 0.08} 540 {side * n * 1.0} 380 {side * n * 1.06} 178 Z")
        canvas.drawPath(collar, fill((4, 2, 8), 0.45, blur=10))
        canvas.drawPath(collar, linear((side * n, 190), (side * s * 0.3, 660), [ink(lit if side < 0 else mix(main, lit, 0.3)), ink(main), ink(dark)]))
        canvas.drawPath(collar, stroke(dark, 3, 0.7))
    for y in (790, 930, 1080):
        for x in (-0.30, 0.26):
            canvas.drawCircle(x * s, y, 15, fill(mix(dark, (0, 0, 0), 0.3)))
            canvas.drawArc(rect(x * s - 11, y - 11, 22, 22), 180, 110, False, stroke(lit, 3, 0.7))
    _sleeves(canvas, a, main, loose=14)


def _dress(canvas: skia.Canvas, a: Anatomy, main: Colour, accent: Colour) -> None:
    s, n = a.shoulder, a.neck
    waist = _waist(a)
    canvas.drawPath(torso_outline(a), linear((-s, 290), (s, 900), [ink(a.skin.base), ink(mix(a.skin.base, a.skin.shade, 0.5)), ink(a.skin.shade)]))
    _sleeves(canvas, a, a.skin.base, loose=-14)
    for side in (-1, 1):
        cap = path(f"M {side * s * 0.58} 290 C {side * s * 0.88} 286 {side * s * 1.06} 326 {side * s * 1.08} 420 L {side * s * 1.10} 520 Q {side * s * 0.94} 552 {side * s * 0.76} 530 Z")
        canvas.drawPath(cap, linear((side * s * 0.6, 290), (side * s, 560), [ink(mix(main, (255, 246, 230), 0.14 if side < 0 else 0.0)), ink(main), ink(mix(main, (6, 4, 14), 0.5))]))
    shape = path(f"M {-n * 1.75} 284 C {-s * 0.6} 282 {-s * 0.74} 292 {-s * 0.80} 304 C {-s * 0.88} 330 {-s * 0.88} 420 {-s * 0.84} 480 C {-s * 0.80} 580 {-waist} 700 {-waist} 790 C {-s * 0.90} 1000 {-s * 1.06} 1300 {-s * 1.2} {HEM_Y} L {s * 1.2} {HEM_Y}"
                 f" C {s * 1.06} 1300 {s * 0.90} 1000 {waist} 790 C {waist} 700 {s * 0.80} 580 {s * 0.84} 480 C {s * 0.88} 420 {s * 0.88} 330 {s * 0.80} 304 C {s * 0.74} 292 {s * 0.6} 282 {n * 1.75} 284 C {n * 1.6} 400 {-n * 1.6} 400 {-n * 1.75} 284 Z")
    _cloth(canvas, a, shape, main)
    dark = mix(main, (6, 4, 14), 0.5)
    canvas.drawPath(path(f"M {-n * 1.75} 290 C {-n * 1.6} 402 {n * 1.6} 402 {n * 1.75} 290"), stroke(accent, 9, 0.95))
    canvas.drawPath(path(f"M {-waist} 780 Q 0 812 {waist} 780 L {waist} 838 Q 0 868 {-waist} 838 Z"), linear((-s * 0.6, 0), (s * 0.6, 0), [ink(accent), ink(mix(accent, (40, 20, 40), 0.5))]))
    for x in (-0.5, -0.2, 0.15, 0.45):
        canvas.drawPath(blade((x * s, 890), (x * s * 1.3, 1200), (x * s * 1.7, HEM_Y), 40), fill(dark, 0.45, blur=12))
    canvas.drawPath(path(f"M {-n * 0.9} 262 Q 0 372 {n * 0.9} 262"), stroke((232, 206, 150), 2.6, 0.9))
    canvas.drawCircle(0, 322, 7, fill((240, 214, 160)))


def _suit(canvas: skia.Canvas, a: Anatomy, main: Colour, accent: Colour) -> None:
    s, n = a.shoulder, a.neck
    _cloth(canvas, a, torso_outline(a), accent)
    _trousers(canvas, a, mix(main, (0, 0, 0), 0.25))
    tie = mix(main, (150, 20, 40), 0.6) if luma(main) < 0.6 else mix(main, (40, 20, 40), 0.7)
    for side in (-1, 1):
        flap = path(f"M {side * n * 1.04} 222 C {side * n * 1.2} 262 {side * n * 1.2} 310 {side * n * 0.95} 350 L {side * 4} 300 C {side * n * 0.6} 290 {side * n * 0.9} 260 {side * n * 1.04} 222 Z")
        canvas.drawPath(flap, fill((8, 4, 14), 0.35, blur=6))
        canvas.drawPath(flap, linear((side * n, 222), (0, 350), [ink(mix(accent, (255, 255, 255), 0.3)), ink(mix(accent, (80, 70, 90), 0.22))]))
    canvas.drawPath(path("M -24 296 Q 0 286 24 296 L 17 342 L 40 640 L 0 700 L -40 640 L -17 342 Z"), linear((-40, 300), (40, 640), [ink(mix(tie, (255, 230, 220), 0.22)), ink(tie), ink(mix(tie, (0, 0, 0), 0.45))]))
    canvas.drawPath(path("M -17 342 Q 0 352 17 342"), stroke((0, 0, 0), 4, 0.45))
    dark, lit = mix(main, (4, 2, 10), 0.5), mix(main, (255, 246, 232), 0.20)
    for side in (1, -1):
        half = path(f"M {side * n * 1.22} 232 {_flank(a, side, 14)} L {-side * s * 0.02} 1070 L 0 780 C {side * s * 0.20} 600 {side * s * 0.30} 420 {side * n * 1.22} 232 Z")
        _cloth(canvas, a, half, main)
        lapel = path(f"M {side * n * 1.10} 214 C {side * n * 1.7} 262 {side * n * 2.0} 320 {side * s * 0.60} 396 L {side * s * 0.44} 440 L {side * s * 0.56} 470 C {side * s * 0.40} 600 {side * s * 0.16} 720 0 790 C {side * s * 0.10} 600 {side * s * 0.20} 420 {side * n * 1.10} 214 Z")
        canvas.drawPath(lapel, fill((4, 2, 8), 0.45, blur=8))
        canvas.drawPath(lapel, linear((side * n, 220), (side * s * 0.2, 760), [ink(lit if side < 0 else mix(main, lit, 0.35)), ink(main), ink(dark)]))
        canvas.drawPath(lapel, stroke(dark, 3, 0.8))
    canvas.drawPath(path(f"M {-s * 0.66} 560 L {-s * 0.42} 548 L {-s * 0.46} 500 L {-s * 0.54} 512 L {-s * 0.60} 488 Z"), fill(mix(accent, (255, 255, 255), 0.25)))
    canvas.drawCircle(-2, 830, 13, fill(mix(dark, (0, 0, 0), 0.3)))
    _sleeves(canvas, a, main, loose=4)


_GARMENTS = {"shirt": _shirt, "apron": _apron, "jacket": _jacket, "hoodie": _hoodie, "coat": _coat, "dress": _dress, "suit": _suit}
