"""Moves a keyframe: the camera, breathing and idle sway, steps, gestures, leaning, and when each person blinks.

Every curve is smooth (no step, no jitter) and derives from the seed, so a shot moves the same way each time.
Blink rate and length: 10-20 a minute and 100-400 ms for a person at rest (Bentivoglio et al., 1997).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from microdrama_assets.schemas.manifest import Gesture, MotionFacet
from microdrama_assets.schemas.series import Emotion
from microdrama_assets.studios.draft.camera import camera_samples
from microdrama_assets.studios.draft.clip import BodySample, Clip, LidKey, Performance, Travel
from microdrama_assets.studios.draft.curves import draws, drift, rounded, smoothstep
from microdrama_assets.studios.draft.layout import FRAME_WIDTH, Face, Layout
from microdrama_assets.studios.draft.props.insert import COMES_FROM, HAND, PROP
from microdrama_assets.studios.draft.vfx.timing import HEARTBEAT, shows

BREATHS_PER_SECOND = 0.27
STEPS_PER_SECOND = 1.9
"""A walk of 114 steps a minute."""
LONGEST_WALK_S = 1.7
BOB = 13.0
"""Rig units by which a step lifts the body."""
LEAN, SWAY = 0.030, 0.016
"""Of a walk: forward, and from side to side: a share of the height above the hips."""
STRIDE_DEG = 8.0
"""How far each leg swings from the plumb line."""
ARM_HZ = (0.43, 0.79, 1.31)
RISE_S = 0.55
"""What a hand takes to come up, by eye."""
WORK_HZ = 0.85


@dataclass(frozen=True)
class Swing:
    """How a gesture's forearms move about their elbows, in degrees as `BodySample.arm_deg`: from where they come up as
    the shot begins, how far they go with what is said, and to and fro at work."""

    comes_from: float
    beats: float
    works: float = 0.0


SWINGS: dict[Gesture, Swing] = {
    "hold": Swing(8, 1.8),
    "point": Swing(-26, 3.0),
    "open": Swing(-32, 5.0),
    "to_mouth": Swing(20, 1.0),
    "to_chest": Swing(22, 1.6),
    "raised": Swing(22, 3.0),
    "fist": Swing(22, 3.6),
    "reach": Swing(10, 1.0, works=6.0),
    "crossed": Swing(0, 0.6),
}
"""A hand that comes up does so on its own side of the elbow: inward where the forearm leans inward."""
LEANS: dict[Emotion, float] = {
    "angry": 1.0, "determined": 0.8, "tender": 0.8, "happy": 0.5, "suspicious": 0.4,
    "afraid": -1.0, "disgusted": -0.9, "surprised": -0.7, "contemptuous": -0.4,
}
"""Toward whom somebody faces, or back from them, as a share of a strong feeling's lean."""
LEAN_BODY, LEAN_HEAD, LEAN_HEAD_DEG = 6.0, 10.0, 1.3
"""How far a strong feeling brings the body, in rig units, the head beyond it, and how far the head turns with it."""
LEAN_S = 1.6
LAYS_S, RESTS_S, LEAVES_S = 0.6, 0.15, 0.5
"""How long a hand takes to lay something down, stays on it, and takes to leave."""
LEAVES_BY = (600.0, 1040.0)
"""Frame pixels, right and down, by which it is out of the frame."""
BLINK_STATES = ("half", "closed", "closed", "half", "open")


def animate(layout: bytes, motion: MotionFacet) -> Clip:
    """The clip of one shot. `layout` is the keyframe's `layout.json`."""
    plan = Layout.model_validate_json(layout)
    camera = camera_samples(plan, motion)
    performances = tuple(perform(face, motion) for face in plan.faces)
    return Clip(fps=motion.fps, frames=motion.duration_frames, camera=camera, performances=performances,
                shows=shows(plan, motion), travels=laying(plan, motion), grade=motion.grade)


def perform(face: Face, motion: MotionFacet) -> Performance:
    """Breathing, sway, steps, gestures and blinks of one person."""
    seed, frames, fps, unit = motion.seed, motion.duration_frames, motion.fps, face.unit
    free, who = 1 - face.stillness, face.character
    phase = draws(seed, f"{who} breath", 1)[0]
    breath = np.sin(2 * math.pi * (BREATHS_PER_SECOND * face.haste * np.arange(frames) / fps + phase))
    goes_on = motion.card in ("previously", "end")  # the picture of another shot
    leaning = lean(face, frames, fps, goes_on)
    x = unit * (3.2 * free * drift(frames, fps, seed, f"{who} x") + LEAN_HEAD * leaning)
    y = unit * (1.6 * free * drift(frames, fps, seed, f"{who} y") - 1.5 * breath)
    turn = 0.75 * free * drift(frames, fps, seed, f"{who} turn") + LEAN_HEAD_DEG * leaning
    gait, arms = walk(face, frames, fps), swing(face, frames, fps, seed, goes_on)
    weight = unit * (2.4 * free * drift(frames, fps, seed, f"{who} weight") + LEAN_BODY * leaning)
    body = tuple(
        BodySample(head_x=rounded(x[i]), head_y=rounded(y[i]), head_deg=rounded(turn[i]),
                   breath=rounded(2.6 * breath[i]), x=rounded(gait.x[i] + weight[i]), y=rounded(gait.y[i]),
                   lean=rounded(gait.lean[i]), stride_deg=rounded(gait.stride_deg[i]), arm_deg=rounded(arms[i]))
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
    taken = _taken(frames, fps)
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


def _taken(frames: int, fps: int) -> int:
    """Frames that a walk takes."""
    return max(2, min(round(0.62 * frames), round(LONGEST_WALK_S * fps)))


def swing(face: Face, frames: int, fps: int, seed: int, goes_on: bool = False) -> np.ndarray:
    """`BodySample.arm_deg` of every frame. Hands come up within the first second, or the first half of a shorter shot,
    and later of somebody who walks in; then they beat or work. In a shot that `goes_on` from another they are up."""
    found = SWINGS.get("hold" if face.staged.holding else face.staged.gesture)
    if found is None:
        return np.zeros(frames)
    who = face.character
    if (face.staged.moves or "").startswith("enter"):
        start = 0.45 * _taken(frames, fps)
    else:
        start = min(fps * (0.12 + 0.25 * draws(seed, f"{who} rise", 1)[0]), 0.15 * frames)
    risen = smoothstep((np.arange(frames) - start) / min(RISE_S * fps, max(1.0, 0.4 * frames)))
    if goes_on:
        risen = np.ones(frames)
    work = np.sin(2 * math.pi * WORK_HZ * np.arange(frames) / fps)
    beats = found.beats * drift(frames, fps, seed, f"{who} arm", ARM_HZ)
    return found.comes_from * (1 - risen) + risen * (beats + found.works * work)


def lean(face: Face, frames: int, fps: int, goes_on: bool = False) -> np.ndarray:
    """How far somebody comes to lean as they feel, -1..1 to the right: toward whom they face, or back from them."""
    staged = face.staged
    side = 1 if staged.facing.endswith("right") else -1 if staged.facing.endswith("left") else 0
    far = LEANS.get(staged.emotion, 0.0) * min(1.0, staged.intensity) * side
    leant = np.ones(frames) if goes_on else smoothstep(np.arange(frames) / min(LEAN_S * fps, max(1.0, 0.6 * frames)))
    return far * leant


def laying(plan: Layout, motion: MotionFacet) -> tuple[Travel, ...]:
    """A prop comes into an insert under somebody's hand, which lets go of it and leaves the way it came; in all, two
    thirds of a short shot."""
    drawn = {layer.name for layer in plan.layers}
    if HAND not in drawn:
        return ()
    frames, fps = motion.duration_frames, motion.fps
    slow = min(1.0, 0.67 * frames / fps / (LAYS_S + RESTS_S + LEAVES_S))
    t = np.arange(frames) / fps / slow
    comes = 1 - smoothstep(t / LAYS_S) ** 0.7
    leaves = smoothstep((t - LAYS_S - RESTS_S) / LEAVES_S)
    (dx, dy), (right, down) = COMES_FROM, LEAVES_BY
    with_it = dx * comes, dy * comes
    ways = {PROP: with_it, HEARTBEAT: with_it, HAND: (dx * comes + right * leaves, dy * comes + down * leaves)}
    return tuple(Travel(layer=name, path=tuple((rounded(x[i], 3), rounded(y[i], 3)) for i in range(frames)))
                 for name, (x, y) in ways.items() if name in drawn)


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
