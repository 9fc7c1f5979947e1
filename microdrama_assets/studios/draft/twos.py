"""Draws on twos, as animators call it: every second frame, each shown twice as long. Half the work, for previews.

Sounds, cuts and lengths stay where they are; what begins between two drawn frames begins with the next one.
"""

from __future__ import annotations

from itertools import zip_longest

from microdrama_assets.schemas.sound import LipTrack
from microdrama_assets.studios.draft.clip import Clip, Performance, Show
from microdrama_assets.studios.draft.layout import Layer, Layout

TWOS = 2


def layout_on_twos(layout: Layout) -> Layout:
    """What moves by itself goes twice as far from one drawn frame to the next."""
    return layout.model_copy(update={"layers": tuple(_layer(layer) for layer in layout.layers)})


def clip_on_twos(clip: Clip) -> Clip:
    """Every second frame of a clip, at half its rate. The last frame of an odd number is kept."""
    return clip.model_copy(update={
        "fps": clip.fps // TWOS, "frames": -(-clip.frames // TWOS), "camera": clip.camera[::TWOS],
        "performances": tuple(_performance(one) for one in clip.performances),
        "shows": tuple(_show(show) for show in clip.shows),
        "travels": tuple(one.model_copy(update={"path": one.path[::TWOS]}) for one in clip.travels)})


def lips_on_twos(lips: LipTrack) -> LipTrack:
    """Every mouth from the drawn frame on that first shows it; of two in one frame the later counts."""
    return LipTrack(keys=tuple(key.model_copy(update={"frame": -(-key.frame // TWOS)}) for key in lips.keys))


def _layer(layer: Layer) -> Layer:
    loop = layer.loop
    if loop is None:
        return layer
    drift = None if loop.drift is None else (TWOS * loop.drift[0], TWOS * loop.drift[1])
    return layer.model_copy(update={
        "loop": loop.model_copy(update={"drift": drift, "hold": -(-loop.hold // TWOS)})})


def _performance(one: Performance) -> Performance:
    lids = tuple(key.model_copy(update={"frame": -(-key.frame // TWOS)}) for key in one.lids)
    return one.model_copy(update={"body": one.body[::TWOS], "lids": lids})


def _show(show: Show) -> Show:
    """The stronger of each two levels: a flash of one frame is seen."""
    levels = (0.0,) * (show.start % TWOS) + show.levels
    pairs = zip_longest(levels[::TWOS], levels[1::TWOS], fillvalue=0.0)
    return Show(layer=show.layer, start=show.start // TWOS, levels=tuple(max(pair) for pair in pairs))
