"""The draughtsman's tools: colours, paths written as in SVG, brushes. Everything is drawn with skia on a CPU."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
import skia

Colour = tuple[float, float, float]
"""Red, green, blue in 0..255."""

_TOKENS = re.compile(r"[MLQCZ]|-?\d+(?:\.\d+)?(?:e-?\d+)?")
SOFTLY = 4
"""Pixels per side for which what has no edges is drawn once."""
WHITE: Colour = (255.0, 255.0, 255.0)
BLACK: Colour = (0.0, 0.0, 0.0)


@lru_cache(maxsize=512)
def rgb(text: str) -> Colour:
    """`#rrggbb` as a colour."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`share` of b in a."""
    return tuple(x + (y - x) * share for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def tint(a: Colour, b: Colour) -> Colour:
    """a seen in light of colour b."""
    return tuple(x * y / 255 for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def luma(a: Colour) -> float:
    """0..1, Rec. 709 weights."""
    return (0.2126 * a[0] + 0.7152 * a[1] + 0.0722 * a[2]) / 255


@lru_cache(maxsize=8192)
def ink(colour: Colour, alpha: float = 1.0) -> int:
    """A skia colour; `alpha` 0..1."""
    channels = (min(255, max(0, round(value))) for value in colour)
    return skia.Color(*channels, min(255, max(0, round(alpha * 255))))


def path(text: str) -> skia.Path:
    """A path from absolute M, L, Q, C and Z commands; each command may repeat its points."""
    drawn = skia.Path()
    tokens = _TOKENS.findall(text)
    verbs = {"M": (drawn.moveTo, 2), "L": (drawn.lineTo, 2), "Q": (drawn.quadTo, 4), "C": (drawn.cubicTo, 6)}
    at, verb = 0, "M"
    while at < len(tokens):
        if tokens[at] == "Z":
            drawn.close()
            at += 1
            continue
        if tokens[at] in verbs:
            verb = tokens[at]
            at += 1
        draw, count = verbs[verb]
        draw(*(float(token) for token in tokens[at : at + count]))
        at += count
        verb = "L" if verb == "M" else verb
    return drawn


def smooth(points: list[tuple[float, float]], closed: bool = True) -> skia.Path:
    """A soft curve through the midpoints of a polygon, steered by its corners."""
    drawn = skia.Path()
    count = len(points)
    if closed:
        first = _middle(points[-1], points[0])
        drawn.moveTo(*first)
        for i, point in enumerate(points):
            drawn.quadTo(*point, *_middle(point, points[(i + 1) % count]))
        drawn.close()
        return drawn
    drawn.moveTo(*points[0])
    for i in range(1, count - 1):
        end = _middle(points[i], points[i + 1]) if i < count - 2 else points[i + 1]
        drawn.quadTo(*points[i], *end)
    return drawn


def blade(root: tuple[float, float], bend: tuple[float, float], tip: tuple[float, float], width: float) -> skia.Path:
    """A leaf: `width` wide at the root, curving by `bend`, ending in a point. Locks, brows, lashes, folds."""
    dx, dy = tip[0] - root[0], tip[1] - root[1]
    length = math.hypot(dx, dy) or 1.0
    nx, ny = -dy / length * width / 2, dx / length * width / 2
    drawn = skia.Path()
    drawn.moveTo(root[0] - nx, root[1] - ny)
    drawn.quadTo(bend[0] - nx * 1.3, bend[1] - ny * 1.3, *tip)
    drawn.quadTo(bend[0] + nx * 1.3, bend[1] + ny * 1.3, root[0] + nx, root[1] + ny)
    drawn.close()
    return drawn


def fill(
    colour: Colour | int, alpha: float = 1.0, blur: float = 0.0, blend: skia.BlendMode | None = None
) -> skia.Paint:
    """A flat brush; `blur` is the sigma of its soft edge in the units drawn in."""
    paint = skia.Paint(AntiAlias=True, Color=colour if isinstance(colour, int) else ink(colour, alpha))
    return _soften(paint, blur, blend)


def stroke(
    colour: Colour, width: float, alpha: float = 1.0, blur: float = 0.0, blend: skia.BlendMode | None = None
) -> skia.Paint:
    """A round pen."""
    paint = skia.Paint(
        AntiAlias=True,
        Color=ink(colour, alpha),
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width,
        StrokeCap=skia.Paint.kRound_Cap,
        StrokeJoin=skia.Paint.kRound_Join,
    )
    return _soften(paint, blur, blend)


def linear(
    start: tuple[float, float],
    end: tuple[float, float],
    colours: list[int],
    stops: list[float] | None = None,
    blur: float = 0.0,
    blend: skia.BlendMode | None = None,
) -> skia.Paint:
    """A gradient from point to point."""
    shader = skia.GradientShader.MakeLinear([start, end], colours, stops)
    return _soften(skia.Paint(AntiAlias=True, Shader=shader), blur, blend)


def radial(
    centre: tuple[float, float],
    radius: float,
    colours: list[int],
    stops: list[float] | None = None,
    blur: float = 0.0,
    blend: skia.BlendMode | None = None,
) -> skia.Paint:
    """A round gradient from the centre outward."""
    shader = skia.GradientShader.MakeRadial(centre, radius, colours, stops)
    return _soften(skia.Paint(AntiAlias=True, Shader=shader), blur, blend)


def rect(x: float, y: float, width: float, height: float) -> skia.Rect:
    return skia.Rect.MakeXYWH(x, y, width, height)


def glow(canvas: skia.Canvas, x: float, y: float, radius: float, colour: Colour, alpha: float) -> None:
    """Light in the air around a lamp: adds, never darkens."""
    paint = radial(
        (x, y),
        radius,
        [ink(colour, alpha), ink(colour, alpha * 0.35), ink(colour, 0)],
        [0, 0.4, 1],
        blend=skia.BlendMode.kScreen,
    )
    canvas.drawCircle(x, y, radius, paint)


class Sheet:
    """A transparent sheet of `width` x `height` pixels, drawn in units of `scale` pixels from an origin in units."""

    def __init__(self, width: int, height: int, scale: float = 1.0, origin: tuple[float, float] = (0.0, 0.0)) -> None:
        info = skia.ImageInfo.Make(width, height, skia.kBGRA_8888_ColorType, skia.kPremul_AlphaType)
        self.size = width, height
        self.pixels = np.zeros((height, width, 4), np.uint8)
        self._surface = skia.Surface.MakeRasterDirect(info, self.pixels)
        self.canvas = self._surface.getCanvas()
        self.canvas.scale(scale, scale)
        self.canvas.translate(-origin[0], -origin[1])


def softly(canvas: skia.Canvas, draw: Callable[[skia.Canvas], None]) -> None:
    """Fills the canvas's clip with what has no edges, such as a sky: drawn at a quarter of the size and enlarged."""
    bounds = canvas.getDeviceClipBounds()
    if bounds.isEmpty():
        return
    left, top = bounds.left(), bounds.top()
    small = Sheet(bounds.width() // SOFTLY + 1, bounds.height() // SOFTLY + 1, 1 / SOFTLY, (left, top))
    small.canvas.concat(canvas.getTotalMatrix())
    draw(small.canvas)
    whole = cv2.resize(small.pixels, None, fx=SOFTLY, fy=SOFTLY, interpolation=cv2.INTER_LINEAR)
    canvas.save()
    canvas.resetMatrix()
    canvas.drawImage(as_image(whole), left, top)
    canvas.restore()


def as_image(pixels: np.ndarray) -> skia.Image:
    """Premultiplied BGRA as something a canvas can draw."""
    return skia.Image.fromarray(
        np.ascontiguousarray(pixels), colorType=skia.kBGRA_8888_ColorType, alphaType=skia.kPremul_AlphaType
    )


def content(pixels: np.ndarray, margin: int = 0) -> tuple[int, int, int, int]:
    """x, y, width, height of what is drawn on BGRA pixels and `margin` pixels around it; all of an empty sheet."""
    return around(cv2.extractChannel(pixels, 3), margin)


def around(alpha: np.ndarray, margin: int = 0) -> tuple[int, int, int, int]:
    """x, y, width, height of what is not 0 and `margin` pixels around it; all of an empty mask."""
    height, width = alpha.shape
    x, y, wide, high = cv2.boundingRect(alpha)
    if not wide:
        return 0, 0, width, height
    left, top = max(0, x - margin), max(0, y - margin)
    return left, top, min(width, x + wide + margin) - left, min(height, y + high + margin) - top


def _middle(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def _soften(paint: skia.Paint, blur: float, blend: skia.BlendMode | None) -> skia.Paint:
    if blur > 0:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    if blend is not None:
        paint.setBlendMode(blend)
    return paint
