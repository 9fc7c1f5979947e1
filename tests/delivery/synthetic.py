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
SPANS_S = {"sh010": (0.2, 1.0), "sh020": (0.3, 1.4)}
"""When the line of a shot is said, in its own time."""
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
    wide = (ramp * np.array((*HUES[shot], 0)) * shade).astype(np.uint8)
    white = np.full((1920, 1080, 4), 255, np.uint8)
    for number in range(SHOTS[shot] if count is None else count):
        yield white if start + number in FLASHES else np.roll(wide, 8 * number, axis=0)


def start_of(shot: str) -> int:
    names = list(SHOTS)
    return sum(SHOTS[name] for name in names[:names.index(shot)])


def mix(seconds: float = FRAMES / FPS, unsaid: str = "") -> np.ndarray:
    """Lines (but for that of the shot `unsaid`), a noisy bed, and a 1 kHz beep at each flash; stereo at -16 LUFS."""
    count = round(seconds * RATE_HZ)
    sound = 0.05 * _noise(count, seed=1)
    for shot, line in dialogue().items():
        place = round(start_of(shot) / FPS * RATE_HZ)
        if shot != unsaid:
            sound[place:place + len(line)] += line
    tone = 0.35 * np.sin(2 * np.pi * 1000 * np.arange(RATE_HZ // 20) / RATE_HZ)
    for frame in FLASHES:
        place = round(frame / FPS * RATE_HZ)
        sound[place:place + len(tone)] += tone[:max(0, count - place)]
    loudness_lufs = pyloudnorm.Meter(RATE_HZ).integrated_loudness(np.stack([sound, sound], axis=1))
    return np.repeat((sound * 10 ** ((-16 - loudness_lufs) / 20))[:, None], 2, axis=1).astype(np.float32)


def dialogue() -> dict[str, np.ndarray]:
    """Each shot's dialogue alone: noise of its own where its line is said."""
    tracks = {}
    for number, (shot, frames_long) in enumerate(SHOTS.items()):
        track = np.zeros(round(frames_long / FPS * RATE_HZ), np.float32)
        if shot in SPANS_S:
            first, last = (round(second * RATE_HZ) for second in SPANS_S[shot])
            track[first:last] = _noise(last - first, seed=10 + number)
        tracks[shot] = track
    return tracks


def _noise(count: int, seed: int) -> np.ndarray:
    """Noise below 6 kHz, as speech is."""
    white = np.random.default_rng(seed).normal(0, 0.08, count)
    return sosfilt(butter(4, 6000, fs=RATE_HZ, output="sos"), white).astype(np.float32)


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
