"""An insert: one prop, large and lit, on a surface, with the set far out of focus behind it."""

from __future__ import annotations

from microdrama_assets.schemas.manifest import FrameFacet
from microdrama_assets.studios.draft.rig.light import Light
from microdrama_assets.studios.draft.sets.backdrop import PlanePixels


def draw_insert(frame: FrameFacet, light: Light) -> list[PlanePixels]:
    return []
