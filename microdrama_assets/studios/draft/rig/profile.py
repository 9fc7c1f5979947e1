"""A head in profile, drawn toward screen right and mirrored for the left.

Rows (eyes, nose, mouth, chin) and colours are the anatomy's own, so that a profile is still the same person. A mouth
opens into the face and never past its outline, so that speech changes no silhouette.
"""

from __future__ import annotations

import skia

from microdrama_assets.schemas.sound import Viseme
from microdrama_assets.studios.draft.ink import WHITE, blade, fill, ink, linear, mix, path, radial, rect, stroke
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.expression import Expression
from microdrama_assets.studios.draft.rig.head import draw_ear
from microdrama_assets.studios.draft.rig.head_painter import Box, HeadPainter, on_the_head
from microdrama_assets.studios.draft.rig.light import Light
from microdrama_assets.studios.draft.rig.mouth import SHAPES
from microdrama_assets.studios.draft.rig.profile_hair import draw_profile_beard, draw_profile_hair
from microdrama_assets.studios.draft.rig.three_quarter import draw_turned_mass

FORWARD = 34.0
"""How far the head stands before the neck's middle."""
EYE_X = 84.0
EAR_X = -34.0
LIP_X = 122.0
EARS_COVERED = ("bob", "long", "afro", "curly")


class ProfileHead(HeadPainter):
    """`way` is 1 toward screen right, -1 toward the left."""

    def __init__(self, a: Anatomy, e: Expression, gaze: float, light: Light, scale: float, way: int) -> None:
        self.way = way
        super().__init__(a, e, gaze, light, scale)

    def half_width(self) -> float:
        return max(super().half_width() + 0.30 * self.a.temple, 190.0 + FORWARD)

    def prepare(self) -> None:
        self.outline = profile_outline(self.a)

    def mouth_box(self) -> Box:
        return self._sided(40.0, self.a.mouth_y - 42, 182.0, self.a.mouth_y + 72)

    def eye_box(self) -> Box:
        return self._sided(22.0, self.a.eye_y - 66, 150.0, self.a.eye_y + 38)

    def _sided(self, left: float, top: float, right: float, bottom: float) -> Box:
        ends = sorted((self.way * (left + FORWARD), self.way * (right + FORWARD)))
        return self.box(ends[0], top, ends[1], bottom)

    def _to_side(self, canvas: skia.Canvas) -> None:
        canvas.translate(self.way * FORWARD, 0)
        canvas.scale(self.way, 1)

    def under(self) -> skia.Image:
        return self.still_part(self._draw_under)

    def over(self) -> skia.Image:
        return self.still_part(self._draw_above)

    def draw_flat_features(self, canvas: skia.Canvas, viseme: Viseme, lids: float) -> None:
        canvas.saveLayer(None, on_the_head())
        self._to_side(canvas)
        draw_profile_eye(canvas, self.a, self.e, lids)
        canvas.clipPath(self.outline, True)
        draw_profile_mouth(canvas, self.a, self.e, viseme)
        canvas.restore()

    def draw_hair_mass(self, canvas: skia.Canvas) -> None:
        draw_turned_mass(canvas, self.a, self.way, 1.0)

    def _draw_under(self, canvas: skia.Canvas) -> None:
        self._to_side(canvas)
        draw_profile_skin(canvas, self.a, self.e, self.outline, self.way)
        draw_profile_beard(canvas, self.a, self.outline)
        if self.a.look.hair.style not in EARS_COVERED:
            canvas.save()
            canvas.translate(EAR_X + 16, 4)
            canvas.scale(-1.2, 1.1)
            canvas.translate(-(self.a.temple - 8), 0)
            draw_ear(canvas, self.a, 1)
            canvas.restore()

    def _draw_above(self, canvas: skia.Canvas) -> None:
        self._to_side(canvas)
        draw_profile_hair(canvas, self.a)
        draw_profile_brow(canvas, self.a, self.e)
        if self.e.tears > 0.45:
            _draw_tear(canvas, self.a, min(1.0, (self.e.tears - 0.45) / 0.4))
        if self.a.look.glasses:
            _draw_glasses(canvas, self.a)


def profile_outline(a: Anatomy) -> skia.Path:
    """Forehead, nose, lips, chin, jaw and skull."""
    n, m, c = a.nose_y, a.mouth_y, a.chin_y
    tip = 160 + (a.nose_w - 21) * 1.3 - 8 * a.child
    dip = 107 + 5 * (1 - a.feminine)
    lip = 3 + 6 * a.lip
    chin = 104 + 9 * (1 - a.feminine) - 6 * a.child
    jaw = 150 - 18 * a.child
    back = a.temple * 1.10
    throat = c - 34 + (16 if a.look.build == "heavy" else 0)
    return path(
        f"M 10 {a.crown_y} C 74 {a.crown_y + 2} 112 -160 118 -104 C 121 -76 119 -62 121 {a.brow_y - 2}"
        f" C 119 -22 {dip + 2} -8 {dip} 4 C {dip + 10} 30 {tip - 20} {n - 36} {tip} {n - 14}"
        f" C {tip + 5} {n - 4} {tip - 4} {n + 8} {tip - 16} {n + 9} C 132 {n + 11} 124 {n + 10} 119 {n + 17}"
        f" C 117 {m - 20} {LIP_X + lip} {m - 18} {LIP_X + lip + 1} {m - 7} C {LIP_X + lip} {m - 2} {LIP_X - 3} {m}"
        f" {LIP_X - 4} {m + 1} C {LIP_X + lip - 3} {m + 4} {LIP_X + lip - 2} {m + 16} {LIP_X - 6} {m + 22}"
        f" C {chin} {m + 28} {chin - 1} {m + 34} {chin + 5} {c - 26} C {chin + 9} {c - 8} {chin - 4} {c + 1}"
        f" {chin - 26} {c + 1} C {chin - 58} {c} 20 {throat + 8} -18 {jaw} C -38 {jaw - 22} -46 100 -42 60"
        f" C -70 108 -112 100 {-back * 0.86} 44 C {-back - 16} -8 {-back - 18} -110 {-back * 0.84} -164"
        f" C {-back * 0.6} -206 -50 {a.crown_y - 4} 10 {a.crown_y} Z"
    )


def draw_profile_skin(canvas: skia.Canvas, a: Anatomy, e: Expression, outline: skia.Path, way: int) -> None:
    """The bare head. `way` tells on which side the light from screen left falls."""
    lit = [ink(a.skin.shade), ink(a.skin.base), ink(a.skin.base), ink(a.skin.light)]
    canvas.drawPath(outline, linear((-a.temple, 190), (150, -150), lit if way < 0 else [*lit[1:], ink(a.skin.base)]))
    canvas.save()
    canvas.clipPath(outline, True)
    canvas.drawPath(  # under jaw and cheekbone
        path(f"M -60 60 C -30 150 30 176 {LIP_X - 30} {a.chin_y - 14} L {LIP_X} {a.chin_y + 40} L -90 240 Z"),
        fill(a.skin.shade, 0.62, blur=13),
    )
    canvas.drawOval(rect(EYE_X - 44, a.eye_y - 42, 78, 56), fill(a.skin.shade, 0.42, blur=10))
    cheek = (52.0, 72.0 - 6 * a.child)
    canvas.drawCircle(*cheek, 54, radial(cheek, 54, [ink(a.skin.blush, 0.16 + 0.42 * e.blush), ink(a.skin.blush, 0)]))
    canvas.drawCircle(48, 44, 34, radial((48, 44), 34, [ink(a.skin.light, 0.5), ink(a.skin.light, 0)]))
    if e.pallor > 0:
        canvas.drawRect(rect(-200, -260, 420, 520), fill((150, 176, 214), 0.14 * e.pallor))
    _draw_nostril(canvas, a, e)
    _draw_lines(canvas, a, way)
    canvas.restore()
    canvas.drawPath(outline, stroke(a.skin.line, 2.6, 0.42, blur=0.6))


def draw_profile_eye(canvas: skia.Canvas, a: Anatomy, e: Expression, lids: float) -> None:
    """One eye from the side; `lids` 0 (closed) .. 1 (open)."""
    up = a.eye_h * e.lid_open * 0.95 * (0.10 + 0.90 * lids)
    down = a.eye_h * 0.50 - e.lower_lid * 0.6
    back, front, y = EYE_X - 20, EYE_X + 20, a.eye_y
    line = mix(mix(a.hair.deep, (24, 10, 16), 0.72), (74, 58, 58), 0.4 * a.old)
    if lids < 0.08:
        canvas.drawOval(rect(back, y - 20, 42, 30), fill(mix(a.skin.base, a.skin.shade, 0.45), 0.85, blur=4))
        canvas.drawPath(path(f"M {back} {y + 4} Q {EYE_X + 6} {y + 15} {front} {y + 5}"), stroke(line, 5.5, 0.95))
        return
    opening = path(
        f"M {back} {y + 4} C {back + 10} {y - up * 0.72} {front - 12} {y - up} {front - 2} {y - up * 0.86}"
        f" C {front + 3} {y - up * 0.3} {front + 2} {y + down * 0.6} {front - 4} {y + down}"
        f" C {front - 18} {y + down + 2} {back + 8} {y + down * 0.7} {back} {y + 4} Z"
    )
    canvas.drawPath(opening, linear((back, 0), (front, 0), [ink((222, 214, 218)), ink((252, 248, 246))]))
    canvas.save()
    canvas.clipPath(opening, True)
    r = (24.0 + 3 * a.feminine + 4 * a.child) * e.iris
    iy = y - 4 + 12 * e.look_down
    canvas.drawOval(rect(front - 6 - r * 0.5, iy - r, r * 1.0, 2 * r), fill(mix(a.iris, (0, 0, 0), 0.66)))
    canvas.drawOval(
        rect(front - 4 - r * 0.42, iy - r * 0.9, r * 0.84, 1.8 * r),
        linear((0, iy - r), (0, iy + r), [ink(mix(a.iris, (0, 0, 0), 0.5)), ink(a.iris)]),
    )
    canvas.drawOval(rect(front - 3 - r * 0.10, iy - r * 0.46, r * 0.40, r * 0.92), fill((14, 8, 14)))
    canvas.drawOval(rect(front - 5 - r * 0.26, iy - r * 0.62, r * 0.28, r * 0.46), fill(WHITE, 0.95))
    canvas.drawRect(rect(back - 6, y - up - 16, 70, 20), fill((46, 20, 34), 0.5, blur=5))
    canvas.restore()
    thick = 6.0 + 3.0 * a.feminine
    canvas.drawPath(
        path(
            f"M {back - 2} {y + 5} C {back + 8} {y - up * 0.78} {front - 12} {y - up - 3} {front + 1} {y - up * 0.84}"
            f" C {front - 14} {y - up - thick} {back + 4} {y - up * 0.9 - thick * 0.5} {back - 2} {y + 5} Z"
        ),
        fill(line, 0.96),
    )
    if a.feminine > 0.25:
        reach = 6 + 9 * a.feminine
        canvas.drawPath(
            blade((front - 7, y - up * 0.88), (front + 3, y - up - 3), (front + reach, y - up - 2), 6), fill(line, 0.95)
        )
    canvas.drawPath(
        path(f"M {back + 2} {y - up * 0.9 - 8} Q {EYE_X + 4} {y - up - 15} {front} {y - up - 9}"),
        stroke(a.skin.deep, 3, 0.6, blur=0.9),
    )
    canvas.drawPath(
        path(f"M {back + 4} {y + down * 0.7 + 4} Q {EYE_X} {y + down + 4} {front - 5} {y + down + 1}"),
        stroke(line, 2.2, 0.5),
    )


def draw_profile_brow(canvas: skia.Canvas, a: Anatomy, e: Expression) -> None:
    colour = mix(a.hair.base, (38, 22, 22), 0.45 - 0.35 * a.old)
    y = a.brow_y
    canvas.drawPath(
        blade(
            (119, y + 2 - e.brow_inner),
            (92, y - 9 - e.brow_arch - (e.brow_inner + e.brow_outer) / 2),
            (48, y + 8 - e.brow_outer),
            a.brow_thick * 1.05,
        ),
        fill(colour, 0.95),
    )
    if e.frown > 0:
        canvas.drawPath(blade((113, y + 4), (108, y + 18), (112, y + 30), 5), fill(a.skin.deep, 0.55 * e.frown, blur=1))


def draw_profile_mouth(canvas: skia.Canvas, a: Anatomy, e: Expression, viseme: Viseme) -> None:
    """Lips from the side in one mouth shape."""
    shape = SHAPES[viseme]
    gap = shape.open if viseme != "rest" else e.part * 0.7
    y, reach = a.mouth_y, 40 * min(1.1, shape.width) * (0.6 + 0.4 * e.mouth_width)
    back, corner = LIP_X - reach, e.corner * (0.4 if shape.pucker else 0.9)
    front = LIP_X + 16
    tone = 0.55 + 0.38 * a.feminine
    drop = gap * 34
    upper = path(
        f"M {back} {y - corner} C {back + 14} {y - 6 - corner * 0.3} {LIP_X - 10} {y - 15 * a.lip - 4} {front}"
        f" {y - 14 * a.lip - 3} L {front} {y - 1} C {LIP_X - 8} {y + 1} {back + 12} {y} {back} {y - corner} Z"
    )
    low = y + drop
    lower = path(
        f"M {back} {y - corner} C {back + 10} {low * 0.5 + y * 0.5 + 4} {LIP_X - 14} {low + 2} {front} {low + 1}"
        f" L {front} {low + 17 * a.lip + 4} C {LIP_X - 10} {low + 18 * a.lip + 5} {back + 14}"
        f" {y + drop * 0.7 + 8} {back} {y - corner} Z"
    )
    if gap > 0.05:
        hole = path(
            f"M {back} {y - corner} L {front} {y - 4} L {front} {low + 3} C {LIP_X - 14} {low + 3} {back + 8}"
            f" {y + drop * 0.7} {back} {y - corner} Z"
        )
        canvas.drawPath(hole, linear((0, y), (0, low), [ink((38, 6, 14)), ink((92, 20, 32))]))
        if shape.upper_teeth:
            canvas.drawPath(
                path(
                    f"M {LIP_X - 22} {y - 2} L {front} {y - 4} L {front} {y + 6 + 5 * shape.upper_teeth}"
                    f" L {LIP_X - 18} {y + 5} Z"
                ),
                fill((250, 245, 238)),
            )
    canvas.drawPath(upper, fill(mix(a.skin.lip, a.skin.line, 0.22), tone, blur=1))
    canvas.drawPath(lower, fill(mix(a.skin.lip, a.skin.light, 0.14), tone, blur=1))
    if gap <= 0.05:
        canvas.drawPath(
            path(f"M {back} {y - corner} C {back + 14} {y + 1} {LIP_X - 10} {y + 1} {front} {y}"),
            stroke(mix(a.skin.line, (70, 10, 22), 0.4), 3.6 + e.press, 0.92),
        )
    canvas.drawPath(
        blade((back + 2, y - corner), (back - 4, y - corner * 1.1), (back - 8, y - corner * 1.4), 5),
        fill(a.skin.line, 0.6, blur=0.9),
    )


def _draw_nostril(canvas: skia.Canvas, a: Anatomy, e: Expression) -> None:
    n = a.nose_y
    canvas.drawPath(blade((134, n + 6), (126, n + 1), (116, n + 6), 7), fill(a.skin.line, 0.66, blur=0.8))
    canvas.drawPath(blade((112, n + 8), (100, n - 6), (114, n - 20), 6), fill(a.skin.deep, 0.5, blur=1.2))
    canvas.drawPath(blade((104, -10), (122, 30), (146, n - 18), 9), fill(a.skin.light, 0.40, blur=4))
    fold = 0.10 * (1 - a.feminine) + 0.6 * a.old + max(0.0, e.corner - 4) * 0.014 + 0.5 * e.sneer
    canvas.drawPath(
        blade((106, n - 2), (90, n + 18), (76, a.mouth_y + 8), 6), fill(a.skin.deep, min(0.8, fold), blur=2)
    )


def _draw_lines(canvas: skia.Canvas, a: Anatomy, way: int) -> None:
    """Age, freckles, and the mark of the cheek that is seen: a scar sits on their right, a mole on their left."""
    if a.old > 0:
        for rise in (-10, 2, 14):
            canvas.drawPath(
                blade(
                    (EYE_X - 26, a.eye_y + rise * 0.4),
                    (EYE_X - 38, a.eye_y + rise * 0.8),
                    (EYE_X - 50, a.eye_y + rise),
                    4,
                ),
                fill(a.skin.deep, 0.6 * a.old, blur=1),
            )
        for row in (-92, -114):
            canvas.drawPath(path(f"M 60 {row} Q 96 {row - 8} 118 {row + 4}"), stroke(a.skin.deep, 3, 0.42 * a.old))
    if a.look.mark == "freckles":
        for i in range(16):
            x, y = 40 + (i * 37) % 78, 44 + (i * 23) % 38
            canvas.drawCircle(x, y, 2.2 + (i % 3) * 0.8, fill(mix(a.skin.deep, a.skin.blush, 0.35), 0.6, blur=0.7))
    elif a.look.mark == "scar" and way > 0:
        canvas.drawPath(
            blade((40, -86), (34, 10), (46, 92), 13), fill(mix(a.skin.blush, a.skin.deep, 0.3), 0.8, blur=1.6)
        )
        canvas.drawPath(blade((38, -82), (32, 10), (44, 88), 5), fill(mix(a.skin.light, (255, 228, 220), 0.6), 0.95))
    elif a.look.mark == "mole" and way < 0:
        canvas.drawCircle(84, a.mouth_y - 26, 6.5, fill(mix(a.skin.line, (40, 16, 12), 0.5), 0.95, blur=0.8))


def _draw_tear(canvas: skia.Canvas, a: Anatomy, strength: float) -> None:
    x, y = EYE_X + 2, a.eye_y + 40
    canvas.drawPath(
        blade((x, y + 34), (x - 3, y + 14), (x + 2, y - 8), 9), fill((226, 242, 255), 0.45 * strength, blur=2)
    )
    canvas.drawOval(rect(x - 6, y + 22, 13, 19), fill((226, 242, 255), 0.9 * strength))


def _draw_glasses(canvas: skia.Canvas, a: Anatomy) -> None:
    frame, y = (38, 30, 40), a.eye_y + 2
    lens = rect(EYE_X + 2, y - a.eye_h - 15, 34, 2 * a.eye_h + 32)
    canvas.drawOval(lens, fill((190, 220, 255), 0.12))
    canvas.drawOval(lens, stroke(frame, 7, 0.98))
    canvas.drawPath(
        path(f"M {EYE_X + 4} {y - 12} L {EAR_X - 4} {y - 14} Q {EAR_X - 20} {y - 10} {EAR_X - 22} {y + 12}"),
        stroke(frame, 7, 0.95),
    )
