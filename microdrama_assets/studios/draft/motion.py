"""Moves a keyframe: the camera, breathing and idle sway, and when each person blinks.

Every curve is smooth (no step, no jitter) and derives from the seed, so a shot moves the same way each time.
Blink rate and length: 10-20 a minute and 100-400 ms for a person at rest (Bentivoglio et al., 1997).
"""

from __future__ import annotations

import hashlib
import math

import numpy as np

from microdrama_assets.schemas.manifest import CameraMove, MotionFacet
from microdrama_assets.studios.draft.clip import BodySample, CameraSample, Clip, LidKey, Performance
from microdrama_assets.studios.draft.layout import FRAME_HEIGHT, FRAME_WIDTH, Face, Layer, Layout

BREATHS_PER_SECOND = 0.27
EASE_SHARE = 0.18
"""Share of a move spent speeding up, and again slowing down."""
BLINK_STATES = ("half", "closed", "closed", "half", "open")
HANDHELD_HZ = (0.31, 0.53, 0.89, 1.37)


def animate(layout: bytes, motion: MotionFacet) -> Clip:
    """The clip of one shot. `layout` is the keyframe's `layout.json`."""
    plan = Layout.model_validate_json(layout)
    camera = camera_samples(plan, motion)
    performances = tuple(perform(face, motion) for face in plan.faces)
    return Clip(fps=motion.fps, frames=motion.duration_frames, camera=camera, performances=performances)


def camera_samples(layout: Layout, motion: MotionFacet) -> tuple[CameraSample, ...]:
    """The camera's path, zoomed in just enough that no plate of the set ever shows its edge."""
    frames = motion.duration_frames
    shift, zoom, roll = camera_path(motion.camera, frames, motion.fps, motion.seed)
    floor = max(
        (covering_zoom(layout, layer, shift, roll) for layer in layout.layers if layer.x < 0 and not layer.character),
        default=1.0,
    )
    zoom = np.maximum(zoom, 1.0) * floor
    return tuple(
        CameraSample(x=_round(shift[i, 0]), y=_round(shift[i, 1]), zoom=_round(zoom[i], 6), roll_deg=_round(roll[i]))
        for i in range(frames)
    )


def camera_path(move: CameraMove, frames: int, fps: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shift (n x 2, pixels), zoom (n) and roll (n, degrees) per frame before any correction for coverage."""
    u = eased(frames)
    shift, zoom, roll = np.zeros((frames, 2)), np.ones(frames), np.zeros(frames)
    if move.kind == "push":
        zoom = 1 + move.amount * u
    elif move.kind == "pull":
        zoom = 1 + move.amount * (1 - u)
    elif move.kind in ("pan_left", "pan_right"):
        way = -1 if move.kind == "pan_left" else 1
        shift[:, 0] = way * move.amount * FRAME_WIDTH * (u - 0.5)
    elif move.kind == "handheld":
        reach = move.amount * FRAME_WIDTH
        shift[:, 0] = reach * 0.24 * drift(frames, fps, seed, "camera x")
        shift[:, 1] = reach * 0.20 * drift(frames, fps, seed, "camera y")
        roll = move.amount * 6.0 * drift(frames, fps, seed, "camera roll")
    return shift, zoom, roll


def eased(frames: int) -> np.ndarray:
    """0..1 over the shot: constant speed in the middle, eased at both ends, and its slope never jumps."""
    t = np.linspace(0.0, 1.0, max(frames, 2))[:frames]
    ease = EASE_SHARE
    speed = np.minimum(np.minimum(t, 1 - t) / ease, 1.0)
    speed = speed * speed * (3 - 2 * speed) + 0.06
    travelled = np.concatenate([[0.0], np.cumsum((speed[1:] + speed[:-1]) / 2)])
    return travelled / travelled[-1] if travelled[-1] else travelled


def drift(frames: int, fps: int, seed: int, what: str) -> np.ndarray:
    """Smooth noise in about -1..1: four slow sines whose phases come from the seed."""
    t = np.arange(frames) / fps
    phases = _draws(seed, what, len(HANDHELD_HZ))
    waves = [
        math.sin(1.0) * np.sin(2 * math.pi * (hz * t + phase)) / (1 + order)
        for order, (hz, phase) in enumerate(zip(HANDHELD_HZ, phases, strict=True))
    ]
    return np.sum(waves, axis=0) / 1.4


def covering_zoom(layout: Layout, layer: Layer, shift: np.ndarray, roll: np.ndarray) -> float:
    """The least camera zoom at which this layer spans the frame throughout, beyond what its overscan (x, y) gives.

    Plates that do not cover the frame, such as a counter, count from side to side only.
    """
    k = layer.parallax
    rolled = np.abs(np.sin(np.radians(roll)))
    need_x = np.abs(shift[:, 0]) * k + rolled * FRAME_HEIGHT / 2
    need_y = np.abs(shift[:, 1]) * k + rolled * FRAME_WIDTH / 2
    focus_x, focus_y = layout.focus
    reach = min(focus_x, FRAME_WIDTH - focus_x), min(focus_y, FRAME_HEIGHT - focus_y)
    short_x = max(float(need_x.max(initial=0.0)) + 2 + layer.x, 0.0) / max(reach[0] - layer.x, 1.0)
    short_y = max(float(need_y.max(initial=0.0)) + 2 + layer.y, 0.0) / max(reach[1] - layer.y, 1.0)
    return 1 + max(short_x, short_y if layer.covers else 0.0) / max(k, 0.05)


def perform(face: Face, motion: MotionFacet) -> Performance:
    """Breathing, sway and blinks of one person."""
    seed, frames, fps, unit = motion.seed, motion.duration_frames, motion.fps, face.unit
    free = 1 - face.stillness
    phase = _draws(seed, f"{face.character} breath", 1)[0]
    breath = np.sin(2 * math.pi * (BREATHS_PER_SECOND * np.arange(frames) / fps + phase))
    x = 3.2 * unit * free * drift(frames, fps, seed, f"{face.character} x")
    y = unit * (1.6 * free * drift(frames, fps, seed, f"{face.character} y") - 1.5 * breath)
    turn = 0.75 * free * drift(frames, fps, seed, f"{face.character} turn")
    body = tuple(
        BodySample(head_x=_round(x[i]), head_y=_round(y[i]), head_deg=_round(turn[i]), breath=_round(2.6 * breath[i]))
        for i in range(frames)
    )
    return Performance(character=face.character, body=body, lids=blinks(face.character, frames, fps, seed))


def blinks(character: str, frames: int, fps: int, seed: int) -> tuple[LidKey, ...]:
    """A blink every 2-5 s, the first within 2.5 s; never in the first or last frames, where it would spoil a cut."""
    keys: list[LidKey] = []
    draws = _draws(seed, f"{character} blink", 64)
    start = round(fps * (0.5 + 2.0 * draws[0]))
    for draw in draws[1:]:
        if start + len(BLINK_STATES) + 2 >= frames:
            break
        for offset, state in enumerate(BLINK_STATES):
            if not keys or keys[-1].state != state:
                keys.append(LidKey(frame=start + offset, state=state))
        start += round(fps * (2.0 + 3.0 * draw))
    return tuple(keys)


def _draws(seed: int, what: str, count: int) -> list[float]:
    """`count` numbers in 0..1 that depend on seed and purpose alone."""
    stream = hashlib.shake_256(f"{seed}/{what}".encode()).digest(4 * count)
    return [int.from_bytes(stream[4 * i : 4 * i + 4], "big") / 2**32 for i in range(count)]


def _round(value: float, digits: int = 4) -> float:
    """Short decimals, so that the clip's bytes do not hang on the last bit of a sine; never `-0.0`."""
    return round(float(value), digits) + 0.0
