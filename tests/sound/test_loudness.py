"""Loudness and true peak against values known from the standard."""

from __future__ import annotations

import numpy as np
import pytest

from microdrama_assets.sound.loudness import integrated_lufs, true_peak_dbtp

RATE = 48_000


def sine(hz: float, peak_db: float, seconds: float = 5, phase: float = 0.0) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    return (10 ** (peak_db / 20) * np.sin(2 * np.pi * hz * t + phase)).astype(np.float32)


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


@pytest.mark.parametrize(("label", "pcm", "dbtp"), [
    ("a peak on a sample", sine(1000, -6), -6.0),
    ("a peak between samples, 3 dB above the highest", sine(RATE / 4, -6, phase=np.pi / 4), -6.0),
])
def test_true_peak_finds_what_lies_between_samples(label: str, pcm: np.ndarray, dbtp: float) -> None:
    """EBU Tech 3341 asks for +0.2 / -0.4 dB."""
    assert -0.4 <= true_peak_dbtp(pcm[1000:-1000]) - dbtp <= 0.5
