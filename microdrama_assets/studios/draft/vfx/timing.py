"""When lettering, flashes and beats show, and how strongly in each frame. What falls, burns or drifts always does."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from microdrama_assets.schemas.manifest import MotionFacet
from microdrama_assets.schemas.sound import DUB, DUB_S, HEART_S
from microdrama_assets.studios.draft.clip import Show
from microdrama_assets.studios.draft.curves import rounded, smoothstep
from microdrama_assets.studios.draft.layout import Layout

CARD, HEARTBEAT = "card", "heartbeat"
TITLE_S = 2.6
CARD_IN_S, CARD_OUT_S = 0.35, 0.45
FLASHES: dict[str, tuple[tuple[int, float], ...]] = {
    "muzzle_flash": ((0, 1.0), (1, 0.85), (2, 0.35), (3, 0.12), (4, 0.0)),
    "lightning": ((0, 0.9), (1, 0.5), (3, 0.12), (4, 0.75), (5, 1.0), (7, 0.55), (11, 0.22), (16, 0.0)),
}
"""Strength by frame after the flash; in between it runs straight."""
STROKE_IN_S, STROKE_OUT_S = 0.06, 0.13


def shows(layout: Layout, motion: MotionFacet) -> tuple[Show, ...]:
    """The strengths of every layer that comes and goes. A flash past the shot's end falls on its last frames."""
    return tuple(_shows(layout, motion))


def _shows(layout: Layout, motion: MotionFacet) -> Iterator[Show]:
    for layer in layout.layers:
        if layer.name == CARD:
            yield Show(layer=layer.name, start=0, levels=_card_levels(motion))
        if layer.name == HEARTBEAT:
            yield Show(layer=layer.name, start=0, levels=_beating(motion))
        kind = layer.name.removesuffix("_light")
        if kind in FLASHES:
            at = next((cue.at_ms for cue in motion.effects if cue.name == kind), 0.0)
            start = min(round(at * motion.fps / 1000), max(motion.duration_frames - 4, 0))
            keys = FLASHES[kind]
            frames = np.arange(keys[-1][0])
            levels = np.interp(frames, [key[0] for key in keys], [key[1] for key in keys])
            yield Show(layer=layer.name, start=start, levels=tuple(rounded(level, 3) for level in levels))


def _beating(motion: MotionFacet) -> tuple[float, ...]:
    """Lub and dub from the cue on to the end of the shot, each up at once and fading."""
    start = next((cue.at_ms for cue in motion.effects if cue.name == HEARTBEAT), 0.0) / 1000
    t = np.arange(motion.duration_frames) / motion.fps - start
    levels = np.zeros_like(t)
    for late, strength in ((0.0, 1.0), (DUB_S, DUB)):
        since = np.where(t >= late, (t - late) % HEART_S, np.inf)
        levels = np.maximum(levels, strength * np.minimum(1, (since + 1 / motion.fps) / STROKE_IN_S)
                            * np.exp(-np.maximum(0, since - STROKE_IN_S) / STROKE_OUT_S))
    return tuple(rounded(level, 3) for level in levels)


def _card_levels(motion: MotionFacet) -> tuple[float, ...]:
    t = np.arange(motion.duration_frames) / motion.fps
    end = min(TITLE_S, float(t[-1])) if motion.card == "title" else float(t[-1]) + 1
    levels = np.minimum(smoothstep(t / CARD_IN_S), smoothstep((end - t) / CARD_OUT_S))
    return tuple(rounded(level, 3) for level in levels)
