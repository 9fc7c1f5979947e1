"""The camera's path over a shot, never past the edge of what was drawn. Each move is told from the cut it follows:
where it travels it eases, where it is struck it settles, and nothing steps."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from microdrama_assets.schemas.manifest import MotionFacet
from microdrama_assets.studios.draft.clip import CameraSample
from microdrama_assets.studios.draft.curves import drift, eased, rounded, smoothstep
from microdrama_assets.studios.draft.layout import FRAME_HEIGHT, FRAME_WIDTH, Layer, Layout

SHAKE_HZ = (2.3, 3.7, 5.1)
SHAKE_ATTACK_S = 0.13
SHAKE_DECAY_S = 0.55
"""A blow is felt at once and is gone within two seconds."""
SHAKE_AT_S = 0.20
"""Where nothing in the shot strikes."""
WHIP_S = 0.40
WHIP_REACH = 15.0
"""Frame widths travelled per unit of amount: a whip of 0.06 comes from nine tenths of a frame away."""
RACK_S = 0.8
RACK_AT = 0.28
"""Share of the shot after which the focus moves, at most a second and a half."""
BACKDROP_DEPTH, SUBJECT_DEPTH = 0.12, 0.6
STRIKING = ("muzzle_flash", "lightning")


@dataclass
class CameraPath:
    """Per frame: `shift` (n x 2, pixels), `zoom`, `roll` (degrees), `slide` (pixels the whole picture is thrown aside)
    and `rack` (0: the backdrop is in focus, 1: who or what the shot is about), or None where focus stays."""

    shift: np.ndarray
    zoom: np.ndarray
    roll: np.ndarray
    slide: np.ndarray = field(default_factory=lambda: np.zeros(0))
    rack: np.ndarray | None = None


def camera_samples(layout: Layout, motion: MotionFacet) -> tuple[CameraSample, ...]:
    """The camera's path, zoomed in just enough that no plate of the set ever shows its edge."""
    path = camera_path(motion)
    floor = max(
        (
            covering_zoom(layout, layer, path.shift, path.roll)
            for layer in layout.layers
            if layer.x < 0 and not layer.character and layer.loop is None
        ),
        default=1.0,
    )
    zoom = np.maximum(path.zoom, 1.0) * floor
    focus = _focus_depths(layout, path.rack)
    return tuple(
        CameraSample(
            x=rounded(path.shift[i, 0]),
            y=rounded(path.shift[i, 1]),
            zoom=rounded(zoom[i], 6),
            roll_deg=rounded(path.roll[i]),
            slide=rounded(path.slide[i], 2),
            focus=None if focus is None else rounded(focus[i], 3),
        )
        for i in range(motion.duration_frames)
    )


def camera_path(motion: MotionFacet) -> CameraPath:
    """The move before any correction for coverage."""
    move, frames, fps, seed = motion.camera, motion.duration_frames, motion.fps, motion.seed
    u = eased(frames)
    path = CameraPath(np.zeros((frames, 2)), np.ones(frames), np.zeros(frames), np.zeros(frames))
    if move.kind == "push":
        path.zoom = 1 + move.amount * u
    elif move.kind == "pull":
        path.zoom = 1 + move.amount * (1 - u)
    elif move.kind in ("pan_left", "pan_right"):
        path.shift[:, 0] = (-1 if move.kind == "pan_left" else 1) * move.amount * FRAME_WIDTH * (u - 0.5)
    elif move.kind in ("tilt_up", "tilt_down"):
        path.shift[:, 1] = (-1 if move.kind == "tilt_up" else 1) * move.amount * FRAME_WIDTH * (u - 0.5)
    elif move.kind == "handheld":
        _hold_by_hand(path, move.amount, motion)
    elif move.kind == "shake":
        _shake(path, motion)
    elif move.kind == "whip":
        t = np.arange(frames) / (fps * WHIP_S)
        side = -1 if seed % 2 else 1
        path.slide = side * WHIP_REACH * move.amount * FRAME_WIDTH * np.maximum(1 - t, 0.0) ** 3
    elif move.kind == "rack":
        start = min(RACK_AT * frames, 1.5 * fps)
        path.rack = smoothstep((np.arange(frames) - start) / (RACK_S * fps))
        path.zoom = 1 + 0.02 * u
    return path


def _hold_by_hand(path: CameraPath, amount: float, motion: MotionFacet) -> None:
    frames, fps, seed = motion.duration_frames, motion.fps, motion.seed
    reach = amount * FRAME_WIDTH
    path.shift[:, 0] = reach * 0.24 * drift(frames, fps, seed, "camera x")
    path.shift[:, 1] = reach * 0.20 * drift(frames, fps, seed, "camera y")
    path.roll = amount * 6.0 * drift(frames, fps, seed, "camera roll")


def _shake(path: CameraPath, motion: MotionFacet) -> None:
    """Held by hand, and struck: by the first flash of the shot, else soon after the cut."""
    frames, fps, seed, amount = motion.duration_frames, motion.fps, motion.seed, motion.camera.amount
    _hold_by_hand(path, amount * 0.4, motion)
    struck = min((cue.at_ms / 1000 for cue in motion.effects if cue.name in STRIKING), default=SHAKE_AT_S)
    since = np.arange(frames) / fps - struck
    force = smoothstep(since / SHAKE_ATTACK_S) * np.exp(-np.maximum(since, 0.0) / SHAKE_DECAY_S)
    reach = amount * FRAME_WIDTH * 0.34
    path.shift[:, 0] += reach * force * drift(frames, fps, seed, "shake x", SHAKE_HZ)
    path.shift[:, 1] += reach * force * drift(frames, fps, seed, "shake y", SHAKE_HZ)
    path.roll += amount * 8.0 * force * drift(frames, fps, seed, "shake roll", SHAKE_HZ)


def _focus_depths(layout: Layout, rack: np.ndarray | None) -> np.ndarray | None:
    """The depth in focus per frame: from the backdrop to the people, or to the thing an insert shows."""
    if rack is None:
        return None
    people = [layer.depth for layer in layout.layers if layer.character]
    things = [layer.depth for layer in layout.layers if layer.name == "prop"]
    subject = max(people or things, default=SUBJECT_DEPTH)
    return BACKDROP_DEPTH + (subject - BACKDROP_DEPTH) * rack


def covering_zoom(layout: Layout, layer: Layer, shift: np.ndarray, roll: np.ndarray) -> float:
    """The least camera zoom at which this layer spans the frame throughout, beyond what its overscan (x, y) gives.

    Plates that begin inside the frame, such as a counter, count from side to side only.
    """
    k = layer.parallax
    rolled = np.abs(np.sin(np.radians(roll)))
    need_x = np.abs(shift[:, 0]) * k + rolled * FRAME_HEIGHT / 2
    need_y = np.abs(shift[:, 1]) * k + rolled * FRAME_WIDTH / 2
    focus_x, focus_y = layout.focus
    reach = min(focus_x, FRAME_WIDTH - focus_x), min(focus_y, FRAME_HEIGHT - focus_y)
    short_x = max(float(need_x.max(initial=0.0)) + 2 + layer.x, 0.0) / max(reach[0] - layer.x, 1.0)
    short_y = max(float(need_y.max(initial=0.0)) + 2 + layer.y, 0.0) / max(reach[1] - layer.y, 1.0)
    return 1 + max(short_x, short_y if layer.y < 0 else 0.0) / max(k, 0.05)
