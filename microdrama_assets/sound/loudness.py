"""Loudness as broadcasters and platforms measure it (ITU-R BS.1770-4, EBU R 128)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microdrama_assets.schemas.sound import MIX_RATE_HZ

_SHORTEST = int(0.4 * MIX_RATE_HZ)


def integrated_lufs(pcm: NDArray[np.float32]) -> float:
    """Gated loudness of 48 kHz audio of shape (n,) or (n, channels); -inf for silence or under 0.4 s."""
    if pcm.shape[0] < _SHORTEST or not np.any(pcm):
        return float("-inf")
    import pyloudnorm  # loads scipy.signal: not needed for planning

    return float(pyloudnorm.Meter(MIX_RATE_HZ).integrated_loudness(np.asarray(pcm, dtype=np.float64)))
