"""Every sound effect a script can ask for, synthesized: no recordings, so no licences, and the same bytes anywhere.

Each is mono, 48 kHz, with its peak at its own place in the mix; inharmonic partials after A. B. Kaiser's and others'
measured struck bars, noise shaped by simple filters.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import scipy  # its parts load at first use: planning needs none of them
from numpy.typing import NDArray

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.sound import DUB, DUB_S, HEART_S, MIX_RATE_HZ

Pcm = NDArray[np.float64]


def effect(name: str) -> NDArray[np.float32]:
    """The effect's samples, shape (n,). MicrodramaError if there is none of that name."""
    if name not in _EFFECTS:
        raise MicrodramaError(f"there is no sound effect {name!r}",
                              remedy=f"Choose one of: {', '.join(sorted(_EFFECTS))}")
    return _made(name)


@cache
def _made(name: str) -> NDArray[np.float32]:
    peak_db, make = _EFFECTS[name]
    pcm = make()
    return (pcm * (10 ** (peak_db / 20) / np.abs(pcm).max())).astype(np.float32)


def _time(seconds: float) -> Pcm:
    return np.arange(int(seconds * MIX_RATE_HZ)) / MIX_RATE_HZ


def _noise(seconds: float, seed: int) -> Pcm:
    return np.random.default_rng(seed).standard_normal(int(seconds * MIX_RATE_HZ))


def _filtered(pcm: Pcm, low_hz: float | None, high_hz: float | None) -> Pcm:
    for edge, kind in ((low_hz, "highpass"), (high_hz, "lowpass")):
        if edge is not None:
            sections = np.asarray(scipy.signal.butter(2, edge / (MIX_RATE_HZ / 2), kind, output="sos"))
            pcm = np.asarray(scipy.signal.sosfilt(sections, pcm))
    return pcm


def _struck(seconds: float, partials: tuple[tuple[float, float, float], ...]) -> Pcm:
    """Sum of (frequency in Hz, amplitude, decay in seconds), with a 1 ms attack."""
    t = _time(seconds)
    tone = sum(amplitude * np.sin(2 * np.pi * hz * t) * np.exp(-t / decay) for hz, amplitude, decay in partials)
    return np.asarray(tone * np.minimum(1.0, t / 0.001) * np.minimum(1.0, (seconds - t) / 0.02))


def _joined(seconds: float, *parts: tuple[float, Pcm]) -> Pcm:
    """Sounds laid on a track at their start in seconds."""
    track = np.zeros(int(seconds * MIX_RATE_HZ))
    for start, part in parts:
        at = int(start * MIX_RATE_HZ)
        end = min(track.size, at + part.size)
        track[at:end] += part[: end - at]
    return track


def _bell() -> Pcm:
    """A shop bell on a spring: two strokes."""
    stroke = _struck(1.2, ((2093, 1.0, 0.45), (3136, 0.5, 0.3), (5274, 0.35, 0.18), (7902, 0.15, 0.09)))
    return _joined(1.5, (0.0, stroke), (0.16, 0.7 * stroke))


def _heartbeat() -> Pcm:
    """Two beats, lub and dub."""
    t = _time(0.25)
    thump = np.sin(2 * np.pi * (52 + 30 * np.exp(-t / 0.02)) * t) * np.exp(-t / 0.06) * np.minimum(1, t / 0.004)
    beats = _joined(1.6, (0.0, thump), (DUB_S, DUB * thump), (HEART_S, thump), (HEART_S + DUB_S, DUB * thump))
    return beats + 0.25 * np.tanh(4 * beats)  # overtones, so that a phone's speaker can play it


def _click() -> Pcm:
    snap = _filtered(_noise(0.06, 11), 1500, 9000) * np.exp(-_time(0.06) / 0.006)
    body = _struck(0.12, ((1150, 0.8, 0.012), (2620, 0.5, 0.008)))
    return _joined(0.2, (0.0, snap / np.abs(snap).max()), (0.0, body), (0.07, 0.35 * body))


def _thud() -> Pcm:
    t = _time(0.6)
    body = np.sin(2 * np.pi * (60 + 50 * np.exp(-t / 0.03)) * t) * np.exp(-t / 0.13)
    dirt = _filtered(_noise(0.6, 12), 90, 700) * np.exp(-t / 0.05)
    return (body + 0.5 * dirt / np.abs(dirt).max()) * np.minimum(1, t / 0.002)


def _whoosh() -> Pcm:
    """Noise that passes: low, bright, low."""
    t = _time(0.75)
    bright = np.exp(-(((t - 0.38) / 0.13) ** 2))
    noise = _noise(0.75, 13)
    dark, light = _filtered(noise, 150, 900), _filtered(noise, 900, 5200)
    return (dark * np.sqrt(bright) + 1.2 * light * bright**2) * np.sin(np.pi * t / 0.75)


def _sting() -> Pcm:
    """A hit for a turn: a low cluster with a minor second above it."""
    t = _time(2.4)
    swell = np.minimum(1, t / 0.008) * np.exp(-t / 0.8) * np.minimum(1, (2.4 - t) / 0.2)
    notes = (55.0, 82.41, 110.0, 116.54, 164.81, 174.61)
    tone = sum(np.sin(2 * np.pi * hz * t * overtone + hz) / overtone for hz in notes for overtone in (1, 2, 3, 4))
    hit = _filtered(_noise(2.4, 14), 60, 2500) * np.exp(-t / 0.05)
    return np.asarray(tone / 6 * swell + 0.5 * hit / np.abs(hit).max())


def _rain() -> Pcm:
    """Four seconds of steady rain, faded at both ends."""
    t = _time(4.0)
    wash = _filtered(_noise(4.0, 15), 700, 9000)
    drops = np.where(np.random.default_rng(16).random(t.size) > 0.9991, 6.0, 0.0)
    patter = _filtered(drops * _noise(4.0, 17), 1800, 7000)
    fade = np.minimum(1, np.minimum(t / 0.5, (4.0 - t) / 0.9))
    return (wash + 3 * patter) * fade


def _phone_buzz() -> Pcm:
    """A phone vibrating on wood, twice."""
    t = _time(0.42)
    motor = np.tanh(3 * np.sin(2 * np.pi * 172 * t)) * (0.75 + 0.25 * np.sin(2 * np.pi * 24 * t))
    rattle = _filtered(_noise(0.42, 18), 900, 4000) * (np.sin(2 * np.pi * 172 * t) > 0.6)
    burst = (motor + 0.5 * rattle) * np.minimum(1, np.minimum(t / 0.02, (0.42 - t) / 0.03))
    return _filtered(_joined(1.1, (0.0, burst), (0.6, burst)), 120, 4500)


_EFFECTS: dict[str, tuple[float, Callable[[], Pcm]]] = {
    # peak in dB relative to full scale, before the mix's limiter
    "bell": (-17.0, _bell), "heartbeat": (-9.0, _heartbeat), "click": (-14.0, _click), "thud": (-8.0, _thud),
    "whoosh": (-15.0, _whoosh), "sting": (-9.0, _sting), "rain": (-22.0, _rain), "phone_buzz": (-16.0, _phone_buzz),
}
