"""Curves over the frames of a shot: eased travel and smooth noise. All derive from a seed, so a shot moves the same
way each time."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import numpy as np

EASE_SHARE = 0.18
"""Share of a move spent speeding up, and again slowing down."""
HANDHELD_HZ = (0.31, 0.53, 0.89, 1.37)


def eased(frames: int) -> np.ndarray:
    """0..1 over the shot: constant speed in the middle, eased at both ends, and its slope never jumps."""
    t = np.linspace(0.0, 1.0, max(frames, 2))[:frames]
    ease = EASE_SHARE
    speed = np.minimum(np.minimum(t, 1 - t) / ease, 1.0)
    speed = speed * speed * (3 - 2 * speed) + 0.06
    travelled = np.concatenate([[0.0], np.cumsum((speed[1:] + speed[:-1]) / 2)])
    return travelled / travelled[-1] if travelled[-1] else travelled


def smoothstep(t: np.ndarray) -> np.ndarray:
    """0 below 0, 1 above 1, with a level slope at both."""
    t = np.clip(t, 0.0, 1.0)
    return t * t * (3 - 2 * t)


def drift(frames: int, fps: int, seed: int, what: str, hz: Sequence[float] = HANDHELD_HZ) -> np.ndarray:
    """Smooth noise in about -1..1: slow sines of these frequencies whose phases come from the seed."""
    t = np.arange(frames) / fps
    phases = draws(seed, what, len(hz))
    waves = [
        math.sin(1.0) * np.sin(2 * math.pi * (rate * t + phase)) / (1 + order)
        for order, (rate, phase) in enumerate(zip(hz, phases, strict=True))
    ]
    return np.sum(waves, axis=0) / 1.4


def draws(seed: int, what: str, count: int) -> list[float]:
    """`count` numbers in 0..1 that depend on seed and purpose alone."""
    stream = hashlib.shake_256(f"{seed}/{what}".encode()).digest(4 * count)
    return [int.from_bytes(stream[4 * i : 4 * i + 4], "big") / 2**32 for i in range(count)]


def rounded(value: float, digits: int = 4) -> float:
    """Short decimals, so that the clip's bytes do not hang on the last bit of a sine; never `-0.0`."""
    return round(float(value), digits) + 0.0
