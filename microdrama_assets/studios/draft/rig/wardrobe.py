"""Neck, shoulders and seven garments, cut to the build; arms that hang. Raised arms are in `hands.py`."""

from __future__ import annotations

import skia

from microdrama_assets.studios.draft.ink import blade, fill, ink, linear, mix, path, rect, rgb, stroke
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.cloth import HEM_Y, Sides, cloth, hip_of, sleeves, torso_outline
from microdrama_assets.studios.draft.rig.tailoring import draw_coat, draw_jacket, draw_suit
from microdrama_assets.studios.draft.rig.tops import draw_apron, draw_dress, draw_hood, draw_hoodie, draw_shirt


def draw_body(canvas: skia.Canvas, a: Anatomy, hanging: Sides = (-1, 1)) -> None:
    """Everything from the neck down, in rig units of the head, with the arms on the `hanging` sides."""
    wardrobe = a.look.wardrobe
    main, accent = rgb(wardrobe.colour), rgb(wardrobe.accent)
    if wardrobe.garment == "hoodie":
        draw_hood(canvas, a, main)
    _draw_neck(canvas, a)
    _GARMENTS[wardrobe.garment](canvas, a, main, accent, hanging)
    _draw_chin_shadow(canvas, a)


def draw_body_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    """Nape, shoulders and back: plain cloth, a seam, the collar and an apron's straps."""
    wardrobe = a.look.wardrobe
    main, accent = rgb(wardrobe.colour), rgb(wardrobe.accent)
    top = accent if wardrobe.garment == "apron" else main
    n, s = a.neck, a.shoulder
    _draw_neck(canvas, a)
    cloth(canvas, a, torso_outline(a, collar=34), top)
    sleeves(canvas, a, top, (-1, 1), loose=8)
    dark = mix(top, (8, 4, 16), 0.5)
    canvas.drawPath(path("M 0 300 C 4 500 -4 800 0 1060"), stroke(dark, 5, 0.45, blur=2))
    if wardrobe.garment == "hoodie":
        draw_hood(canvas, a, mix(main, (255, 255, 255), 0.05))
    elif wardrobe.garment == "apron":
        for side in (-1, 1):
            canvas.drawPath(path(f"M {side * n * 1.3} 262 L {-side * s * 0.2} 800"), stroke(main, 34))
    else:
        canvas.drawPath(
            path(f"M {-n * 1.25} 250 Q 0 196 {n * 1.25} 250 Q 0 300 {-n * 1.25} 250 Z"),
            fill(mix(top, (255, 246, 230), 0.14)),
        )
        canvas.drawPath(path(f"M {-n * 1.25} 250 Q 0 300 {n * 1.25} 250"), stroke(dark, 4, 0.7))


def draw_chair(canvas: skia.Canvas, a: Anatomy) -> None:
    """The back of the chair that somebody sits on, behind their shoulders."""
    s, wood = a.shoulder, (74, 48, 38)
    for side in (-1, 1):
        post = rect(side * s * 1.16 - 20, 430, 40, 1100)
        canvas.drawRoundRect(
            post,
            14,
            14,
            linear(
                (side * s * 1.16 - 20, 0),
                (side * s * 1.16 + 20, 0),
                [ink(mix(wood, (255, 220, 180), 0.22)), ink(wood), ink((30, 18, 18))],
            ),
        )
    for y, high in ((440, 78), (640, 46), (820, 46)):
        canvas.drawRoundRect(
            rect(-s * 1.2, y, s * 2.4, high),
            22,
            22,
            linear((0, y), (0, y + high), [ink(mix(wood, (255, 220, 180), 0.30)), ink(wood), ink((34, 20, 20))]),
        )


def draw_lap(canvas: skia.Canvas, a: Anatomy) -> None:
    """Thighs and shins of someone who sits facing us, over the body drawn standing."""
    wardrobe = a.look.wardrobe
    cloth_colour = rgb(wardrobe.colour) if wardrobe.garment in ("dress", "suit", "coat", "apron") else (44, 48, 66)
    hip, dark = hip_of(a), mix(cloth_colour, (6, 4, 12), 0.55)
    for side in (-1, 1):
        shin = path(
            f"M {side * hip * 0.20} 1240 L {side * hip * 1.02} 1240 C {side * hip * 1.0} 1500 {side * hip * 0.9}"
            f" 1700 {side * hip * 0.86} {HEM_Y} L {side * hip * 0.36} {HEM_Y} Z"
        )
        canvas.drawPath(shin, linear((0, 1240), (0, 1700), [ink(dark), ink(mix(cloth_colour, dark, 0.6))]))
        thigh = path(
            f"M {side * 10} 1010 C {side * hip * 0.5} 980 {side * hip * 1.1} 1000 {side * hip * 1.16} 1100"
            f" C {side * hip * 1.22} 1220 {side * hip * 1.08} 1330 {side * hip * 0.66} 1334"
            f" C {side * hip * 0.26} 1336 {side * 8} 1250 {side * 10} 1010 Z"
        )
        canvas.drawPath(
            thigh,
            linear(
                (0, 1000),
                (0, 1330),
                [ink(mix(cloth_colour, dark, 0.7)), ink(cloth_colour), ink(mix(cloth_colour, (255, 246, 230), 0.10))],
            ),
        )
        canvas.drawPath(thigh, stroke(dark, 4, 0.6))


def _draw_neck(canvas: skia.Canvas, a: Anatomy) -> None:
    n = a.neck
    neck = path(
        f"M {-n} 90 L {-n * 1.0} 225 C {-n * 1.1} 268 {-n * 1.9} 290 {-n * 2.6} 312 L 0 470 L {n * 2.6} 312"
        f" C {n * 1.9} 290 {n * 1.1} 268 {n} 225 L {n} 90 Z"
    )
    canvas.drawPath(
        neck,
        linear(
            (-n * 1.4, 0), (n * 1.4, 0), [ink(a.skin.base), ink(mix(a.skin.base, a.skin.shade, 0.5)), ink(a.skin.shade)]
        ),
    )
    canvas.save()
    canvas.clipPath(neck, True)
    for side in (-1, 1):
        canvas.drawPath(
            blade((side * n * 0.8, 170), (side * n * 0.5, 260), (side * 12, 322), 12), fill(a.skin.shade, 0.7, blur=5)
        )
        canvas.drawPath(
            blade((side * 22, 326), (side * n, 312), (side * n * 2.0, 312), 9), fill(a.skin.deep, 0.35, blur=4)
        )
    canvas.drawOval(rect(-10, 300, 20, 30), fill(a.skin.deep, 0.35, blur=6))
    canvas.restore()


def _draw_chin_shadow(canvas: skia.Canvas, a: Anatomy) -> None:
    n, y = a.neck, a.chin_y
    canvas.save()
    canvas.clipPath(
        path(
            f"M {-n * 1.04} 80 L {-n * 1.04} 236 Q {-n * 1.2} 290 0 330 Q {n * 1.2} 290 {n * 1.04} 236"
            f" L {n * 1.04} 80 Z"
        ),
        True,
    )
    canvas.drawPath(
        path(
            f"M {-n * 2} 60 L {-n * 1.2} {y - 18} C {-n * 0.7} {y + 52} {n * 0.9} {y + 60} {n * 1.3} {y + 2}"
            f" L {n * 2} 60 Z"
        ),
        fill(a.skin.deep, 0.62, blur=10),
    )
    canvas.restore()


_GARMENTS = {
    "shirt": draw_shirt,
    "apron": draw_apron,
    "jacket": draw_jacket,
    "hoodie": draw_hoodie,
    "coat": draw_coat,
    "dress": draw_dress,
    "suit": draw_suit,
}
