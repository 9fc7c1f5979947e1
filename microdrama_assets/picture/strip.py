"""A clip at a glance: a few of its frames side by side, without drawing the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

from microdrama_assets.schemas.sound import MouthKey
from microdrama_assets.studios.draft.clip import Clip, LidKey, Performance, Show, Travel
from microdrama_assets.studios.draft.compositor import Compositor
from microdrama_assets.studios.pictures import jpeg

SIZE = (360, 640)
Keyed = TypeVar("Keyed", LidKey, MouthKey)


def strip(plates: Mapping[str, bytes], layout: bytes, clip: Clip, mouths: Sequence[MouthKey]) -> bytes:
    """First, middle and last frame, each 360x640, as one JPEG."""
    chosen = (0, clip.frames // 2, clip.frames - 1)
    compositor = Compositor(plates, layout, excerpt(clip, chosen), excerpted_mouths(mouths, chosen), SIZE)
    return jpeg(np.hstack([frame[..., :3].copy() for frame in compositor.frames()]))


def excerpt(clip: Clip, chosen: Sequence[int]) -> Clip:
    """A clip of just these frames."""
    performances = tuple(
        Performance(character=one.character, body=tuple(one.body[index] for index in chosen),
                    lids=tuple(_at(one.lids, chosen)))
        for one in clip.performances
    )
    shows = tuple(Show(layer=one.layer, start=0, levels=tuple(_level(one, index) for index in chosen))
                  for one in clip.shows)
    travels = tuple(Travel(layer=one.layer, path=tuple(one.path[min(index, len(one.path) - 1)] for index in chosen))
                    for one in clip.travels)
    return clip.model_copy(update={"frames": len(chosen), "camera": tuple(clip.camera[index] for index in chosen),
                                   "performances": performances, "shows": shows, "travels": travels})


def _level(show: Show, index: int) -> float:
    return show.levels[index - show.start] if 0 <= index - show.start < len(show.levels) else 0.0


def excerpted_mouths(mouths: Sequence[MouthKey], chosen: Sequence[int]) -> tuple[MouthKey, ...]:
    """Mouth keys of just these frames."""
    characters = sorted({key.character for key in mouths})
    return tuple(key for character in characters
                 for key in _at([key for key in mouths if key.character == character], chosen))


def _at(keys: Sequence[Keyed], chosen: Sequence[int]) -> list[Keyed]:
    """The key in force at each chosen frame, renumbered."""
    found = []
    for number, index in enumerate(chosen):
        before = [key for key in keys if key.frame <= index]
        if before:
            found.append(before[-1].model_copy(update={"frame": number}))
    return found
