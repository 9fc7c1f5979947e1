"""The loudness at which every line is handed on, so that voices match before anything is mixed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microdrama_assets.schemas.sound import MIX_RATE_HZ

LINE_LUFS = -23.0
"""Of a line by itself, mono, gated (ITU-R BS.1770-4); in both channels of a stereo mix it measures 3 dB more."""
PEAK_LIMIT = 10 ** (-1.5 / 20)
_SHORTEST_S = 0.8


def at_reference_loudness(pcm: NDArray[np.float64]) -> NDArray[np.float64]:
    """`pcm` (mono, 48 kHz) with one gain that brings it to LINE_LUFS, or less where its peak would pass -1.5 dBFS."""
    peak = float(np.abs(pcm).max(initial=0.0))
    if peak == 0.0:
        return pcm
    gain = 10 ** ((LINE_LUFS - line_lufs(pcm)) / 20)
    return pcm * min(gain, PEAK_LIMIT / peak)


def line_lufs(pcm: NDArray[np.float64]) -> float:
    """Gated loudness of one line; one shorter than the meter's blocks is measured repeated."""
    times = int(np.ceil(_SHORTEST_S * MIX_RATE_HZ / pcm.size))
    import pyloudnorm  # loads scipy.signal: not needed for planning

    return float(pyloudnorm.Meter(MIX_RATE_HZ).integrated_loudness(np.tile(pcm, times)))
