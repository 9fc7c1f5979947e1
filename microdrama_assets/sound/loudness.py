"""Loudness and true peak as broadcasters and platforms measure them (ITU-R BS.1770-4, EBU R 128)."""

from __future__ import annotations

import numpy as np
import scipy  # its parts load at first use: planning needs none of them
from numpy.typing import NDArray

from microdrama_assets.schemas.sound import MIX_RATE_HZ

_OVERSAMPLING = 4
_SHORTEST = int(0.4 * MIX_RATE_HZ)


def integrated_lufs(pcm: NDArray[np.float32]) -> float:
    """Gated loudness of 48 kHz audio of shape (n,) or (n, channels); -inf for silence or under 0.4 s."""
    if pcm.shape[0] < _SHORTEST or not np.any(pcm):
        return float("-inf")
    import pyloudnorm  # loads scipy.signal: not needed for planning

    return float(pyloudnorm.Meter(MIX_RATE_HZ).integrated_loudness(np.asarray(pcm, dtype=np.float64)))


def true_peak_dbtp(pcm: NDArray[np.float32]) -> float:
    """The highest peak between samples, in dB relative to full scale, at four times the rate; -inf for silence."""
    peak = float(oversampled_peaks(pcm).max(initial=0.0))
    return 20 * float(np.log10(peak)) if peak > 0 else float("-inf")


def oversampled_peaks(pcm: NDArray[np.float32] | NDArray[np.float64]) -> NDArray[np.float64]:
    """For each sample, the highest magnitude of any channel from it to just before the next one. Shape (n,)."""
    channels = np.asarray(pcm, dtype=np.float64).reshape(pcm.shape[0], -1)
    fine = np.abs(scipy.signal.resample_poly(channels, _OVERSAMPLING, 1, axis=0))
    return fine.reshape(pcm.shape[0], -1).max(axis=1)
