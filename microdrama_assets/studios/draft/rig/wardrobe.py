"""Neck, shoulders, arms and seven garments, cut to the build. Hands stay in pockets or below the frame."""

from __future__ import annotations

import skia

from microdrama_assets.studios.draft.ink import blade, fill, ink, linear, mix, path, rect, rgb
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.tailoring import draw_coat, draw_jacket, draw_suit
from microdrama_assets.studios.draft.rig.tops import draw_apron, draw_dress, draw_hood, draw_hoodie, draw_shirt


def draw_body(canvas: skia.Canvas, a: Anatomy) -> None:
    """Everything from the neck down, in rig units of the head."""
    wardrobe = a.look.wardrobe
    main, accent = rgb(wardrobe.colour), rgb(wardrobe.accent)
    if wardrobe.garment == "hoodie":
        draw_hood(canvas, a, main)
    _draw_neck(canvas, a)
    _GARMENTS[wardrobe.garment](canvas, a, main, accent)
    _draw_chin_shadow(canvas, a)


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
