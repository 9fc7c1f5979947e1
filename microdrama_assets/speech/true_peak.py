"""Peaks between samples, found where they can matter: a filter is bounded, so most of a recording need not be filtered.

A value between samples is a weighted sum of those around it. Where these are too low for any sum to reach a level, no
peak there can, and four times the rate is worked out only for the rest. It finds what filtering everything finds.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import scipy  # its parts load at first use: planning needs none of them
from numpy.typing import NDArray

_OVERSAMPLING = 4
"""ITU-R BS.1770-5, annex 2."""
_AROUND = 12
"""Samples to either side that are filtered with a block: more than the 10 that the filter reaches."""
_BLOCK = 64


def true_peak_dbtp(pcm: NDArray[np.floating[Any]]) -> float:
    """The highest level at and between samples, in dB relative to full scale; -inf for silence. `pcm` as below."""
    at_samples = float(np.abs(pcm).max(initial=0.0))
    peak = float(peaks_above(pcm, at_samples).max(initial=0.0))
    return 20 * float(np.log10(peak)) if peak > 0 else float("-inf")


def peaks_above(pcm: NDArray[np.floating[Any]], level: float) -> NDArray[np.floating[Any]]:
    """For each sample of `pcm` (shape (n,) or (n, channels), 48 kHz), the highest magnitude of any channel from it to
    just before the next one, at four times the rate. Shape (n,). Where nothing exceeds `level` (full scale is 1.0),
    only the samples themselves are looked at."""
    channels = np.ascontiguousarray(np.atleast_2d(pcm.T))
    found = np.zeros(-(-pcm.shape[0] // _BLOCK) * _BLOCK, pcm.dtype)
    for channel in channels:
        np.maximum(found[:channel.size], np.abs(channel), out=found[:channel.size])
    blocks = found.reshape(-1, _BLOCK)
    highest = scipy.ndimage.maximum_filter1d(blocks.max(axis=1), 3, mode="constant")
    chosen = np.flatnonzero(highest * _most() > level)
    if chosen.size:
        padded = np.pad(channels, ((0, 0), (_AROUND, _AROUND + found.size - pcm.shape[0])))
        windows = np.lib.stride_tricks.sliding_window_view(padded, _BLOCK + 2 * _AROUND, axis=1)[:, ::_BLOCK][:, chosen]
        fine = np.abs(scipy.signal.resample_poly(windows, _OVERSAMPLING, 1, axis=2)).max(axis=0)
        blocks[chosen] = fine[:, _OVERSAMPLING * _AROUND:-_OVERSAMPLING * _AROUND].reshape(
            chosen.size, _BLOCK, _OVERSAMPLING).max(axis=2)
    return found[:pcm.shape[0]]


@cache
def _most() -> float:
    """The most that a value between samples can exceed the highest of those that it is made from."""
    one = np.zeros(2 * _AROUND + 1)
    one[_AROUND] = 1.0
    weights = scipy.signal.resample_poly(one, _OVERSAMPLING, 1)
    return 1.001 * float(np.abs(weights).reshape(-1, _OVERSAMPLING).sum(axis=0).max())  # rounding is far below 0.1 %
