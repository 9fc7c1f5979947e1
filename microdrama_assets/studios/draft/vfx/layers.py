"""Which layers of weather, effects and lettering a shot has, and where among its plates they lie.

`backdrop`: in the air outside, behind walls and people. `behind`: in the set, behind people. `front`: before all else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from microdrama_assets.schemas.manifest import FrameFacet
from microdrama_assets.studios.draft.layout import Layer
from microdrama_assets.studios.draft.sets.stage import Plane, Stage
from microdrama_assets.studios.draft.vfx.cards import draw_card
from microdrama_assets.studios.draft.vfx.fire import embers, fire, smoke
from microdrama_assets.studios.draft.vfx.flashes import heartbeat, lightning_bolt, lightning_light, muzzle_flash
from microdrama_assets.studios.draft.vfx.weather import weather_sheets
from microdrama_assets.studios.fonts import Fonts

Where = Literal["backdrop", "behind", "front"]
FIRE_DEPTH = 0.42


def vfx_layers(
    where: Where, frame: FrameFacet, stage: Stage, planes: tuple[Plane, ...], fonts: Fonts | None, detail: float = 1.0
) -> Iterator[tuple[Layer, np.ndarray]]:
    """The layers that belong `where`, far to near, each with its premultiplied pixels.

    Without fonts cards stay away. Raises `MicrodramaError` for letters that no font can show.
    """
    effects = set(frame.effects)
    outside = any(plane.outdoors for plane in planes)
    under_the_sky = all(plane.outdoors for plane in planes)
    if where == "backdrop":
        if "lightning" in effects and outside:
            yield lightning_bolt()
        if outside:
            yield from weather_sheets(stage, behind=True)
    elif where == "behind":
        if "fire" in effects:
            yield fire(FIRE_DEPTH)
        if "smoke" in effects:
            yield smoke(behind=True)
    else:
        if under_the_sky:
            yield from weather_sheets(stage, behind=False)
        if "smoke" in effects:
            yield smoke(behind=False)
        if effects & {"fire", "embers"}:
            yield embers()
        if "heartbeat" in effects:
            yield heartbeat()
        if "lightning" in effects:
            yield lightning_light()
        if "muzzle_flash" in effects:
            yield from muzzle_flash(frame)
        if frame.card is not None and fonts is not None:
            yield draw_card(frame.card, stage.lamp, fonts, detail)
