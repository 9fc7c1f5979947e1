"""Nine hair styles: a mass behind the head, and a cap with fringe and locks in front of it.

A style is a silhouette plus flow: locks and strands follow the way that hair falls, and one band of gloss crosses them.
"""

from __future__ import annotations

from collections.abc import Callable

import skia

from microdrama_assets.studios.draft.ink import fill, path
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.hair_curly import draw_afro, draw_afro_behind, draw_curly, draw_curly_behind
from microdrama_assets.studios.draft.rig.hair_short import draw_buzz, draw_short
from microdrama_assets.studios.draft.rig.hair_straight import draw_bob, draw_bob_behind, draw_long, draw_long_behind
from microdrama_assets.studios.draft.rig.hair_tied import draw_bun, draw_bun_behind, draw_ponytail, draw_ponytail_behind

Painter = Callable[[skia.Canvas, Anatomy], None]


def draw_hair_behind(canvas: skia.Canvas, a: Anatomy) -> None:
    """What lies behind neck and shoulders."""
    painter = _BEHIND.get(a.look.hair.style)
    if painter is not None:
        painter(canvas, a)


def draw_hair_in_front(canvas: skia.Canvas, a: Anatomy) -> None:
    """Cap, fringe and side locks, over the face."""
    painter = _IN_FRONT.get(a.look.hair.style)
    if painter is not None:
        painter(canvas, a)


def draw_fringe_shadow(canvas: skia.Canvas, a: Anatomy, face: skia.Path) -> None:
    """The soft shadow that hair casts on the forehead; drawn on the face before the eyes."""
    low = _FRINGE_SHADOW.get(a.look.hair.style)
    if low is None:
        return
    canvas.save()
    canvas.clipPath(face, True)
    t = a.temple
    canvas.drawPath(
        path(
            f"M {-t - 30} {low + 80} C {-t + 26} {low + 10} {-t * 0.5} {low - 6} 0 {low}"
            f" C {t * 0.5} {low - 6} {t - 26} {low + 10} {t + 30} {low + 80}"
            f" L {t + 30} -300 L {-t - 30} -300 Z"
        ),
        fill(a.skin.deep, 0.42, blur=13),
    )
    canvas.restore()


_FRINGE_SHADOW = {
    "short": -112.0,
    "bob": -88.0,
    "long": -104.0,
    "bun": -138.0,
    "ponytail": -106.0,
    "curly": -98.0,
    "afro": -126.0,
    "buzz": -150.0,
}


_BEHIND: dict[str, Painter] = {
    "bob": draw_bob_behind,
    "long": draw_long_behind,
    "bun": draw_bun_behind,
    "ponytail": draw_ponytail_behind,
    "curly": draw_curly_behind,
    "afro": draw_afro_behind,
}


_IN_FRONT: dict[str, Painter] = {
    "buzz": draw_buzz,
    "short": draw_short,
    "bob": draw_bob,
    "long": draw_long,
    "bun": draw_bun,
    "ponytail": draw_ponytail,
    "curly": draw_curly,
    "afro": draw_afro,
}
