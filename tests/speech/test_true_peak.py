"""Peaks between samples: against known values, and against filtering everything."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import resample_poly

from microdrama_assets.speech.true_peak import peaks_above, true_peak_dbtp

QUARTER = np.sin(np.pi / 2 * np.arange(4800) + np.pi / 4) * np.hanning(4800)
"""A tone at a quarter of the rate, sampled at 45 degrees, without a step at its ends, whose ringing would be the peak."""
BURSTS = np.random.default_rng(7).normal(0, 0.2, (9000, 2)) * np.sin(np.arange(9000) / 700)[:, None] ** 4


@pytest.mark.parametrize(("label", "pcm", "dbtp"), [
    ("a tone that peaks 3 dB above its highest sample", np.stack([QUARTER] * 2, axis=1), 0.0),
    ("the same in one channel alone", np.stack([0 * QUARTER, QUARTER / 2], axis=1), -6.02),
    ("mono, with its peak on a sample", np.sin(np.pi / 2 * np.arange(4800)) * np.hanning(4800) / 2, -6.02),
    ("silence", np.zeros((10, 2)), -np.inf),
], ids=lambda value: value if isinstance(value, str) else "")
def test_peaks_between_samples_are_seen(label: str, pcm: np.ndarray, dbtp: float) -> None:
    """Tones have their known true peak within the 0.2 dB that EBU Tech 3341 asks for."""
    assert true_peak_dbtp(pcm) == pytest.approx(dbtp, abs=0.2)


@pytest.mark.parametrize("samples", [9000, 8999, 65])
@pytest.mark.parametrize("level", [0.0, 0.2, 0.6])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_what_is_left_out_is_below_the_level(samples: int, level: float, kind: type) -> None:
    """Every peak above the level is the very number that filtering everything gives, and no other value exceeds it."""
    pcm = BURSTS[:samples].astype(kind)
    everything = np.abs(resample_poly(pcm, 4, 1, axis=0)).reshape(samples, 8).max(axis=1)
    found = peaks_above(pcm, level)
    above = everything > level
    assert np.array_equal(found[above], everything[above])
    assert (found[~above] <= level).all()
    assert true_peak_dbtp(pcm) == 20 * np.log10(float(everything.max()))
