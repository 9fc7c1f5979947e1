"""Nine mouth shapes (Preston Blair's set), each blended with the emotion: corners, width, how far lips part at rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

import skia

from microdrama_assets.schemas.sound import Viseme
from microdrama_assets.studios.draft.ink import blade, fill, ink, linear, mix, path, rect, stroke
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.expression import Expression


@dataclass(frozen=True)
class Shape:
    """Shares of the mouth's width and height: `open` 1 is a jaw well dropped."""

    width: float
    open: float = 0.0
    upper_teeth: float = 0.0
    lower_teeth: float = 0.0
    tongue: float = 0.0
    pucker: float = 0.0
    bite: float = 0.0


SHAPES: dict[Viseme, Shape] = {
    "rest": Shape(1.0),
    "MBP": Shape(0.96),
    "AI": Shape(1.04, open=0.92, upper_teeth=0.55, tongue=0.6),
    "E": Shape(1.20, open=0.46, upper_teeth=0.9, lower_teeth=0.45, tongue=0.35),
    "O": Shape(0.68, open=0.86, tongue=0.3, pucker=0.7),
    "U": Shape(0.50, open=0.44, pucker=1.0),
    "FV": Shape(0.98, open=0.20, upper_teeth=1.0, bite=1.0),
    "L": Shape(1.0, open=0.52, upper_teeth=0.6, tongue=1.0),
    "WQ": Shape(0.42, open=0.24, pucker=1.0),
}
OPEN_HEIGHT = 46.0


def draw_mouth(canvas: skia.Canvas, a: Anatomy, e: Expression, viseme: Viseme) -> None:
    """The mouth in one shape. Stays inside `mouth_box`."""
    shape = SHAPES[viseme]
    gap = shape.open if viseme != "rest" else e.part * 0.8
    if viseme == "rest" and e.corner > 8:
        shape = replace(shape, upper_teeth=0.75)  # a smile that parts the lips shows teeth
    width = a.mouth_w * shape.width * (1 + (e.mouth_width - 1) * (0.5 if shape.pucker else 1.0))
    corner = e.corner * (0.35 if shape.pucker else 0.8 if gap > 0.3 else 1.0)
    canvas.save()
    canvas.translate(0, a.mouth_y)
    canvas.rotate(e.smirk_deg)
    if gap < 0.05:
        _draw_closed(
            canvas, a, width, corner, press=max(e.press if viseme == "rest" else 0.0, 0.8 if viseme == "MBP" else 0.0)
        )
    else:
        _draw_open(canvas, a, shape, width, corner, gap * OPEN_HEIGHT * (0.85 + 0.15 * a.lip))
    canvas.restore()


def _draw_closed(canvas: skia.Canvas, a: Anatomy, w: float, corner: float, press: float) -> None:
    full = a.lip * (1 - 0.55 * press)
    seam = (
        f"C {-w * 0.55} {2 + corner * 0.15} {-w * 0.22} {-1 + corner * 0.45} 0 {2 + corner * 0.5}"
        f" C {w * 0.22} {-1 + corner * 0.45} {w * 0.55} {2 + corner * 0.15} {w} {-corner}"
    )
    under = (
        f"C {w * 0.55} {15 * full + corner * 0.5} {w * 0.28} {22 * full + corner * 0.75} 0 {22 * full + corner * 0.75}"
        f" C {-w * 0.28} {22 * full + corner * 0.75} {-w * 0.55} {15 * full + corner * 0.5} {-w} {-corner}"
    )
    over = (
        f"C {-w * 0.5} {-8 * full} {-w * 0.26} {-15 * full + corner * 0.2} {-w * 0.12} {-14 * full + corner * 0.3}"
        f" Q 0 {-9 * full + corner * 0.35} {w * 0.12} {-14 * full + corner * 0.3}"
        f" C {w * 0.26} {-15 * full + corner * 0.2} {w * 0.5} {-8 * full} {w} {-corner}"
    )
    tone = 0.50 + 0.42 * a.feminine
    canvas.drawPath(
        path(
            f"M {-w} {-corner} {over}"
            f" C {w * 0.55} {2 + corner * 0.15} {w * 0.22} {-1 + corner * 0.45} 0 {2 + corner * 0.5}"
            f" C {-w * 0.22} {-1 + corner * 0.45} {-w * 0.55} {2 + corner * 0.15} {-w} {-corner} Z"
        ),
        fill(mix(a.skin.lip, a.skin.line, 0.22), tone, blur=1.1),
    )
    canvas.drawPath(
        path(f"M {-w} {-corner} {seam} {under} Z"),
        linear(
            (0, corner * 0.4),
            (0, 22 * full + corner * 0.75),
            [ink(mix(a.skin.lip, a.skin.line, 0.10), tone), ink(mix(a.skin.lip, a.skin.light, 0.25), tone)],
            blur=1.1,
        ),
    )
    canvas.drawOval(
        rect(-w * 0.26, 8 * full + corner * 0.62, w * 0.42, 7 * full),
        fill(mix(a.skin.light, (255, 255, 255), 0.4), 0.30 + 0.35 * a.feminine, blur=2.4),
    )
    canvas.drawPath(path(f"M {-w} {-corner} {seam}"), stroke(mix(a.skin.line, (70, 10, 22), 0.4), 3.6 + press, 0.92))
    _draw_corners(canvas, a, w, corner)
    _draw_below(canvas, a, w, 23 * full + corner * 0.75)


def _draw_open(canvas: skia.Canvas, a: Anatomy, shape: Shape, w: float, corner: float, h: float) -> None:
    full, pucker = a.lip, shape.pucker
    top, low = -h * 0.34, h * 0.72 + corner * 0.3
    sq = 0.56 + 0.16 * pucker  # how square the opening is
    hole = path(
        f"M {-w} {-corner} C {-w * sq} {top - 2} {-w * 0.2} {top - 3} 0 {top + 1 - pucker * 3}"
        f" C {w * 0.2} {top - 3} {w * sq} {top - 2} {w} {-corner}"
        f" C {w * (sq + 0.26)} {low * 0.82} {w * 0.36} {low + 2} 0 {low + 2}"
        f" C {-w * 0.36} {low + 2} {-w * (sq + 0.26)} {low * 0.82} {-w} {-corner} Z"
    )
    rim_up, rim_low = (11 + 5 * pucker) * full + 3, (14 + 7 * pucker) * full + 3
    ow = w + 4 + 4 * pucker
    lips = path(
        f"M {-ow} {-corner}"
        f" C {-w * 0.62} {top - rim_up * 0.8} {-w * 0.3} {top - rim_up - 3} {-w * 0.14} {top - rim_up - 2}"
        f" Q 0 {top - rim_up * 0.66} {w * 0.14} {top - rim_up - 2}"
        f" C {w * 0.3} {top - rim_up - 3} {w * 0.62} {top - rim_up * 0.8} {ow} {-corner}"
        f" C {w * 0.86} {low * 0.8 + rim_low * 0.5} {w * 0.44} {low + rim_low} 0 {low + rim_low}"
        f" C {-w * 0.44} {low + rim_low} {-w * 0.86} {low * 0.8 + rim_low * 0.5} {-ow} {-corner} Z"
    )
    tone = 0.58 + 0.36 * a.feminine
    canvas.drawPath(
        lips,
        linear(
            (0, top - rim_up),
            (0, low + rim_low),
            [
                ink(mix(a.skin.lip, a.skin.line, 0.24), tone),
                ink(a.skin.lip, tone),
                ink(mix(a.skin.lip, a.skin.light, 0.28), tone),
            ],
            [0, 0.55, 1],
            blur=1.2,
        ),
    )
    canvas.drawPath(hole, linear((0, top), (0, low), [ink((38, 6, 14)), ink((92, 20, 32))]))
    canvas.save()
    canvas.clipPath(hole, True)
    _draw_inside(canvas, shape, w, top, low, corner)
    canvas.restore()
    canvas.drawPath(hole, stroke(mix(a.skin.line, (60, 8, 18), 0.5), 2.6, 0.75, blur=0.4))
    if shape.bite:
        canvas.drawPath(
            blade((-w * 0.7, low - 1), (0, low + 6), (w * 0.7, low - 1), 9),
            fill(mix(a.skin.lip, a.skin.light, 0.2), 0.9, blur=1),
        )
    canvas.drawOval(
        rect(-w * 0.24, low + rim_low * 0.32, w * 0.40, rim_low * 0.34),
        fill((255, 246, 240), 0.22 + 0.30 * a.feminine, blur=2.2),
    )
    _draw_corners(canvas, a, w, corner)
    _draw_below(canvas, a, w, low + rim_low)


def _draw_inside(canvas: skia.Canvas, shape: Shape, w: float, top: float, low: float, corner: float) -> None:
    if shape.tongue:
        rise = 0.40 if shape.tongue >= 1 else 0.66
        canvas.drawOval(
            rect(-w * 0.62, low * rise, w * 1.24, (low - top) * 0.9),
            linear((0, low * rise), (0, low + 6), [ink((214, 104, 108)), ink((168, 58, 70))]),
        )
    if shape.upper_teeth:
        depth = 6 + 10 * shape.upper_teeth
        canvas.drawPath(
            path(
                f"M {-w} {-corner - 12} L {w} {-corner - 12} L {w * 0.84} {top + depth * 0.5 - corner * 0.4}"
                f" Q 0 {top + depth + 4} {-w * 0.84} {top + depth * 0.5 - corner * 0.4} Z"
            ),
            linear((0, top - 2), (0, top + depth + 2), [ink((206, 190, 190)), ink((252, 247, 240))]),
        )
    if shape.lower_teeth:
        canvas.drawPath(
            path(f"M {-w * 0.7} {low + 4} Q 0 {low - 9 * shape.lower_teeth - 3} {w * 0.7} {low + 4} Z"),
            fill((232, 222, 216)),
        )


def _draw_corners(canvas: skia.Canvas, a: Anatomy, w: float, corner: float) -> None:
    for side in (-1, 1):
        canvas.drawPath(
            blade(
                (side * (w - 4), -corner + 1),
                (side * (w + 3), -corner - corner * 0.10),
                (side * (w + 7), -corner - corner * 0.34),
                5,
            ),
            fill(a.skin.line, 0.62, blur=0.9),
        )


def _draw_below(canvas: skia.Canvas, a: Anatomy, w: float, y: float) -> None:
    canvas.drawOval(rect(-w * 0.5, y + 1, w, 10), fill(a.skin.deep, 0.36, blur=4.5))
