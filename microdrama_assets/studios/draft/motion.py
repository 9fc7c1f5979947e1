"""Moves a keyframe: the camera, breathing and idle sway, steps, and when each person blinks.

Every curve is smooth (no step, no jitter) and derives from the seed, so a shot moves the same way each time.
Blink rate and length: 10-20 a minute and 100-400 ms for a person at rest (Bentivoglio et al., 1997).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from microdrama_assets.schemas.manifest import MotionFacet
from microdrama_assets.studios.draft.camera import camera_samples
from microdrama_assets.studios.draft.clip import BodySample, Clip, LidKey, Performance
from microdrama_assets.studios.draft.curves import draws, drift, rounded
from microdrama_assets.studios.draft.layout import FRAME_WIDTH, Face, Layout
from microdrama_assets.studios.draft.vfx.timing import shows

BREATHS_PER_SECOND = 0.27
STEPS_PER_SECOND = 1.9
"""A walk of 114 steps a minute."""
LONGEST_WALK_S = 1.7
BOB = 13.0
"""Rig units by which a step lifts the body."""
LEAN, SWAY = 0.030, 0.016
"""Forward, and from side to side: a share of the height above the hips."""
STRIDE_DEG = 8.0
"""How far each leg swings from the plumb line."""
BLINK_STATES = ("half", "closed", "closed", "half", "open")


def animate(layout: bytes, motion: MotionFacet) -> Clip:
    """The clip of one shot. `layout` is the keyframe's `layout.json`."""
    plan = Layout.model_validate_json(layout)
    camera = camera_samples(plan, motion)
    performances = tuple(perform(face, motion) for face in plan.faces)
    return Clip(fps=motion.fps, frames=motion.duration_frames, camera=camera, performances=performances,
                shows=shows(plan, motion), grade=motion.grade)


def perform(face: Face, motion: MotionFacet) -> Performance:
    """Breathing, sway, steps and blinks of one person."""
    seed, frames, fps, unit = motion.seed, motion.duration_frames, motion.fps, face.unit
    free, who = 1 - face.stillness, face.character
    phase = draws(seed, f"{who} breath", 1)[0]
    breath = np.sin(2 * math.pi * (BREATHS_PER_SECOND * face.haste * np.arange(frames) / fps + phase))
    x = 3.2 * unit * free * drift(frames, fps, seed, f"{who} x")
    y = unit * (1.6 * free * drift(frames, fps, seed, f"{who} y") - 1.5 * breath)
    turn = 0.75 * free * drift(frames, fps, seed, f"{who} turn")
    gait = walk(face, frames, fps)
    weight = 2.4 * unit * free * drift(frames, fps, seed, f"{who} weight")
    body = tuple(
        BodySample(head_x=rounded(x[i]), head_y=rounded(y[i]), head_deg=rounded(turn[i]),
                   breath=rounded(2.6 * breath[i]), x=rounded(gait.x[i] + weight[i]), y=rounded(gait.y[i]),
                   lean=rounded(gait.lean[i]), stride_deg=rounded(gait.stride_deg[i]))
        for i in range(frames)
    )
    return Performance(character=who, body=body, lids=blinks(who, frames, fps, seed, face.haste))


@dataclass(frozen=True)
class Gait:
    """A walk, frame by frame, in the units of `BodySample`; all zeros is standing."""

    x: np.ndarray
    y: np.ndarray
    lean: np.ndarray
    stride_deg: np.ndarray


def walk(face: Face, frames: int, fps: int) -> Gait:
    """How far from their place somebody is who walks in or out. The body is lowest where the legs are farthest apart
    and rises as they pass; it leans where it goes and a little onto the leg that stands."""
    moves, none = face.staged.moves, np.zeros(frames)
    if moves is None or frames < 2:
        return Gait(none, none, none, none)
    middle = face.head_box.x + face.head_box.width / 2
    left = moves.endswith("left")
    beyond = -(middle + face.half_width) if left else FRAME_WIDTH - middle + face.half_width
    taken = max(2, min(round(0.62 * frames), round(LONGEST_WALK_S * fps)))
    t = np.clip(np.arange(frames) / (taken - 1), 0.0, 1.0)
    if moves.startswith("exit"):
        t = np.clip((np.arange(frames) - (frames - taken)) / (taken - 1), 0.0, 1.0)
        away = t * t * (2 - t)
    else:
        away = (1 - t) * (1 - t) * (1 + t)
    speed = np.gradient(away)
    vigour = np.minimum(1.0, np.abs(speed) * taken)
    phase = math.pi * STEPS_PER_SECOND * np.arange(frames) / fps
    onward = np.sign(speed * beyond) * LEAN
    return Gait(x=beyond * away, y=-BOB * face.unit * vigour * np.abs(np.sin(phase)),
                lean=vigour * (onward + SWAY * np.sin(phase)), stride_deg=STRIDE_DEG * vigour * np.cos(phase))


def blinks(character: str, frames: int, fps: int, seed: int, haste: float = 1.0) -> tuple[LidKey, ...]:
    """A blink every 2-5 s, the first within 2.5 s, sooner for the hasty; never in the first or last frames, where it
    would spoil a cut."""
    keys: list[LidKey] = []
    chances = draws(seed, f"{character} blink", 64)
    start = round(fps * (0.5 + 2.0 * chances[0]) / haste)
    for draw in chances[1:]:
        if start + len(BLINK_STATES) + 2 >= frames:
            break
        for offset, state in enumerate(BLINK_STATES):
            if not keys or keys[-1].state != state:
                keys.append(LidKey(frame=start + offset, state=state))
        start += round(fps * (2.0 + 3.0 * draw) / haste)
    return tuple(keys)
