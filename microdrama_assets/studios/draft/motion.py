"""Moves a keyframe: the camera, breathing and idle sway, and when each person blinks.

Every curve is smooth (no step, no jitter) and derives from the seed, so a shot moves the same way each time.
Blink rate and length: 10-20 a minute and 100-400 ms for a person at rest (Bentivoglio et al., 1997).
"""

from __future__ import annotations

import math

import numpy as np

from microdrama_assets.schemas.manifest import MotionFacet
from microdrama_assets.studios.draft.camera import camera_samples
from microdrama_assets.studios.draft.clip import BodySample, Clip, LidKey, Performance
from microdrama_assets.studios.draft.curves import draws, drift, rounded
from microdrama_assets.studios.draft.layout import Face, Layout
from microdrama_assets.studios.draft.vfx.timing import shows

BREATHS_PER_SECOND = 0.27
BLINK_STATES = ("half", "closed", "closed", "half", "open")


def animate(layout: bytes, motion: MotionFacet) -> Clip:
    """The clip of one shot. `layout` is the keyframe's `layout.json`."""
    plan = Layout.model_validate_json(layout)
    camera = camera_samples(plan, motion)
    performances = tuple(perform(face, motion) for face in plan.faces)
    return Clip(fps=motion.fps, frames=motion.duration_frames, camera=camera, performances=performances,
                shows=shows(plan, motion), grade=motion.grade)


def perform(face: Face, motion: MotionFacet) -> Performance:
    """Breathing, sway and blinks of one person."""
    seed, frames, fps, unit = motion.seed, motion.duration_frames, motion.fps, face.unit
    free = 1 - face.stillness
    phase = draws(seed, f"{face.character} breath", 1)[0]
    breath = np.sin(2 * math.pi * (BREATHS_PER_SECOND * np.arange(frames) / fps + phase))
    x = 3.2 * unit * free * drift(frames, fps, seed, f"{face.character} x")
    y = unit * (1.6 * free * drift(frames, fps, seed, f"{face.character} y") - 1.5 * breath)
    turn = 0.75 * free * drift(frames, fps, seed, f"{face.character} turn")
    body = tuple(
        BodySample(
            head_x=rounded(x[i]), head_y=rounded(y[i]), head_deg=rounded(turn[i]), breath=rounded(2.6 * breath[i])
        )
        for i in range(frames)
    )
    return Performance(character=face.character, body=body, lids=blinks(face.character, frames, fps, seed))


def blinks(character: str, frames: int, fps: int, seed: int) -> tuple[LidKey, ...]:
    """A blink every 2-5 s, the first within 2.5 s; never in the first or last frames, where it would spoil a cut."""
    keys: list[LidKey] = []
    chances = draws(seed, f"{character} blink", 64)
    start = round(fps * (0.5 + 2.0 * chances[0]))
    for draw in chances[1:]:
        if start + len(BLINK_STATES) + 2 >= frames:
            break
        for offset, state in enumerate(BLINK_STATES):
            if not keys or keys[-1].state != state:
                keys.append(LidKey(frame=start + offset, state=state))
        start += round(fps * (2.0 + 3.0 * draw))
    return tuple(keys)
