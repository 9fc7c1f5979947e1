"""A small episode drawn and sounded by arithmetic, whose flashes and beeps come together at known frames."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyloudnorm
from scipy.signal import butter, sosfilt

from microdrama_assets.delivery.audio import AudioRendition, encode_audio
from microdrama_assets.delivery.ladder import encode_shot
from microdrama_assets.delivery.package import Package, assemble
from microdrama_assets.schemas.delivery import LADDER, ShotRendition

FPS = 30
RATE_HZ = 48_000
SHOTS = {"sh010": 36, "sh020": 50, "sh030": 24}
"""Frames of each shot: one with a tail too short for a segment, one with a longer tail, one under a second."""
HUES = {"sh010": (200, 60, 40), "sh020": (40, 190, 60), "sh030": (50, 60, 200)}
"""B, G, R of each shot: a screenshot tells which shot it shows."""
FLASHES = (10, 50, 80, 100)
"""Frames of the episode that are white, each with the onset of a beep."""
FRAMES = sum(SHOTS.values())
CUES = """WEBVTT

1
00:00:00.200 --> 00:00:01.000
Where did you
get that?

2
00:00:01.500 --> 00:00:02.600
<c.loud>It was</c> hers &amp; mine.
"""


def frames(shot: str, count: int | None = None, first: int | None = None, shade: float = 1.0) -> Iterator[np.ndarray]:
    """A drifting gradient in the shot's hue, white at the flashes. `first`: where the shot starts in the episode."""
    start = start_of(shot) if first is None else first
    ramp = np.linspace(0.3, 1.0, 1920)[:, None, None] * np.linspace(0.6, 1.0, 1080)[None, :, None]
    wide = (ramp * np.array(HUES[shot]) * shade).astype(np.uint8)
    white = np.full((1920, 1080, 3), 255, np.uint8)
    for number in range(SHOTS[shot] if count is None else count):
        yield white if start + number in FLASHES else np.roll(wide, 8 * number, axis=0)


def start_of(shot: str) -> int:
    names = list(SHOTS)
    return sum(SHOTS[name] for name in names[:names.index(shot)])


def mix(seed: int = 1, seconds: float = FRAMES / FPS) -> np.ndarray:
    """Noise bursts below 6 kHz where lines are said, a quiet bed, and a 1 kHz beep at each flash, at -16 LUFS."""
    count = round(seconds * RATE_HZ)
    noise = sosfilt(butter(4, 6000, fs=RATE_HZ, output="sos"), np.random.default_rng(seed).normal(0, 0.08, count))
    sound = 0.05 * noise
    for start_s, end_s in ((0.2, 1.0), (1.5, 2.6)):
        part = slice(round(start_s * RATE_HZ), round(end_s * RATE_HZ))
        sound[part] += noise[part]
    tone = 0.35 * np.sin(2 * np.pi * 1000 * np.arange(RATE_HZ // 20) / RATE_HZ)
    for frame in FLASHES:
        start = round(frame / FPS * RATE_HZ)
        sound[start:start + len(tone)] += tone[:max(0, count - start)]
    loudness_lufs = pyloudnorm.Meter(RATE_HZ).integrated_loudness(np.stack([sound, sound], axis=1))
    return np.repeat((sound * 10 ** ((-16 - loudness_lufs) / 20))[:, None], 2, axis=1).astype(np.float32)


@functools.cache
def folder() -> Path:
    """One folder for everything encoded in this test run; gone at its end."""
    kept = tempfile.TemporaryDirectory(prefix="synthetic-")
    _kept.append(kept)
    return Path(kept.name)


_kept: list[tempfile.TemporaryDirectory[str]] = []


def rendition(shot: str, shade: float = 1.0) -> tuple[ShotRendition, Path]:
    """A shot in all rungs and its folder; encoded once per test run."""
    return _rendition(shot, shade)


@functools.cache
def _rendition(shot: str, shade: float) -> tuple[ShotRendition, Path]:
    place = folder() / f"{shot}-{shade}"
    return encode_shot(frames(shot, shade=shade), SHOTS[shot], FPS, LADDER, place), place


@functools.cache
def audio() -> tuple[AudioRendition, Path]:
    place = folder() / "audio"
    return encode_audio(mix(), place), place


@functools.cache
def package() -> Package:
    return assembled({})


def assembled(edited: dict[str, float]) -> Package:
    """The episode; `edited` gives shots another shade."""
    shots = [(shot, *rendition(shot, edited.get(shot, 1.0))) for shot in SHOTS]
    return assemble(shots, audio(), CUES, title='The "Locket" <1>', language="en", series="locket", episode="e001")


@functools.cache
def package_folder() -> Path:
    place = folder() / "package"
    package().write(place)
    return place
