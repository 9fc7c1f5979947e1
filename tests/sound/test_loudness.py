"""Loudness against values known from the standard."""

from __future__ import annotations

import numpy as np
import pytest

from microdrama_assets.sound.loudness import integrated_lufs

RATE = 48_000


def sine(hz: float, peak_db: float, seconds: float = 5) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    return (10 ** (peak_db / 20) * np.sin(2 * np.pi * hz * t)).astype(np.float32)


@pytest.mark.parametrize(("label", "pcm", "lufs"), [
    ("997 Hz at full scale in one channel", sine(997, 0), -3.01),
    ("EBU Tech 3341 case 1: stereo at -23 dBFS", np.stack([sine(1000, -23)] * 2, axis=1), -23.0),
    ("EBU Tech 3341 case 2: stereo at -33 dBFS", np.stack([sine(1000, -33)] * 2, axis=1), -33.0),
])
def test_tones_have_their_known_loudness(label: str, pcm: np.ndarray, lufs: float) -> None:
    """The meter agrees with BS.1770-4 and EBU Tech 3341 within their 0.1 LU."""
    assert integrated_lufs(pcm) == pytest.approx(lufs, abs=0.1)


def test_silence_is_gated() -> None:
    """Pauses do not make a programme quieter."""
    tone = np.stack([sine(1000, -23)] * 2, axis=1)
    padded = np.concatenate([tone, np.zeros_like(tone)])
    assert integrated_lufs(padded) == pytest.approx(-23.0, abs=0.2)
    assert integrated_lufs(np.zeros((RATE, 2), np.float32)) == float("-inf")
    assert integrated_lufs(np.ones((100, 2), np.float32)) == float("-inf")
