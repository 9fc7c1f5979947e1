"""The episode's sound: speech in front, effects beside it, music that steps back while someone speaks.

All gains are fixed and all processing looks a limited time around, so that an edited line changes the sound around it
and nowhere else. Lines come at one reference loudness, and speech over ducked music is as loud as music alone: so an
episode lands at -16 LUFS however much is said in it. The rare one that would not (effects alone, say) gets a static
gain in steps of 0.5 dB, which is reported; there an edit that crosses a step changes everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy  # its parts load at first use: planning needs none of them
from numpy.typing import NDArray

from microdrama_assets.schemas.series import Music
from microdrama_assets.schemas.sound import MIX_RATE_HZ
from microdrama_assets.sound.loudness import integrated_lufs
from microdrama_assets.sound.music import lay, music_bed
from microdrama_assets.sound.sfx import effect
from microdrama_assets.speech.recording import array_to_wav
from microdrama_assets.speech.true_peak import peaks_above, true_peak_dbtp

TARGET_LUFS = -16.0
TOLERANCE_LU = 0.5
_METERS_DIFFER_LU = 0.05
CEILING_DBTP = -2.5
"""Of the mix; the AAC encoder's overshoot stays within the remaining 1.5 dB of the limit of -1 dBTP."""
_SPEECH_GAIN = 10 ** (4.45 / 20)
"""With `BED_LUFS`, found over four moods and 20 densities of speech: all between -16.4 and -15.6 LUFS."""
_DUCK_DB = -15.5
_DUCK_LEAD_S, _DUCK_HOLD_S, _DUCK_GLIDE_S = 0.15, 0.45, 0.35
_SPEAKING = 10 ** (-50 / 20)
_STEP_DB = 0.5
_LARGEST_STEP_DB = 12.0
_DUCK_BLOCK = 480  # samples, 10 ms
_LIMIT_BLOCK = 48  # samples, 1 ms
_LIMIT_REACH = 15  # blocks each way


@dataclass(frozen=True)
class Mix:
    """`pcm`: float32 of shape (n, 2) at 48 kHz; `gain_step_db`: the static gain that was needed, usually 0. Of silence
    `lufs` and `true_peak_dbtp` are -inf."""

    pcm: NDArray[np.float32]
    lufs: float
    true_peak_dbtp: float
    gain_step_db: float = 0.0


def mix_episode(dialogues: Sequence[tuple[int, NDArray[np.float32]]], sfx: Sequence[tuple[int, str]], music: Music,
                total_samples: int, seed: int) -> Mix:
    """Mixes one episode in one language to stereo of `total_samples`.

    `dialogues` are mono tracks with the sample they start at, `sfx` effect names with theirs; what reaches beyond
    the end is cut. Raises MicrodramaError for an unknown effect.
    """
    speech = np.zeros(total_samples)
    for start, track in dialogues:
        lay(speech, start, track.astype(np.float64))
    speech *= _SPEECH_GAIN
    effects = np.zeros(total_samples)
    for start, name in sfx:
        lay(effects, start, effect(name).astype(np.float64))
    bed = music_bed(music, total_samples, seed).astype(np.float64)
    whole = bed * _ducking(speech)[:, None] + (speech + effects)[:, None]
    step_db = 0.0
    while True:
        pcm = limited(whole * 10 ** (step_db / 20))
        lufs = integrated_lufs(pcm)
        change = _needed_step(lufs)
        if change == 0 or abs(step_db + change) > _LARGEST_STEP_DB:
            return Mix(pcm, lufs, true_peak_dbtp(pcm), step_db)
        step_db += change


def mix_to_wav(mix: Mix) -> bytes:
    """The mix as a 24-bit stereo WAV file at 48 kHz."""
    return array_to_wav(mix.pcm)


def limited(pcm: NDArray[np.float64]) -> NDArray[np.float32]:
    """Stereo with no true peak above CEILING_DBTP; untouched but within 30 ms of such a peak.

    Gains are found per millisecond, held, and smoothed over a shorter reach than they are held, so that they never
    lag behind a peak.
    """
    ceiling = 10 ** (CEILING_DBTP / 20)
    highest = _blocks(peaks_above(pcm, ceiling), _LIMIT_BLOCK).max(axis=1)
    needed = np.minimum(1.0, ceiling / np.maximum(highest, 1e-9))
    held = scipy.ndimage.minimum_filter1d(needed, 2 * _LIMIT_REACH + 1, mode="nearest")
    kernel = np.hanning(2 * _LIMIT_REACH - 1)
    gains = scipy.ndimage.convolve1d(held, kernel / kernel.sum(), mode="nearest")
    return (pcm * _per_sample(gains, _LIMIT_BLOCK, pcm.shape[0])[:, None]).astype(np.float32)


def _ducking(speech: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gain of the bed per sample: down just before someone speaks, up again some time after."""
    per_s = MIX_RATE_HZ / _DUCK_BLOCK
    speaking = (np.abs(_blocks(speech, _DUCK_BLOCK)).max(axis=1) > _SPEAKING).astype(np.float64)
    lead, hold = round(_DUCK_LEAD_S * per_s), round(_DUCK_HOLD_S * per_s)
    glide = round(_DUCK_GLIDE_S * per_s) | 1
    reach = lead + hold
    size = reach + glide
    wide = scipy.ndimage.maximum_filter1d(speaking, size, origin=(hold - lead) // 2, mode="constant")
    kernel = np.hanning(glide + 2)[1:-1]
    depth = scipy.ndimage.convolve1d(wide, kernel / kernel.sum(), mode="nearest")
    return 10 ** (_per_sample(depth * _DUCK_DB, _DUCK_BLOCK, speech.size) / 20)


def _needed_step(lufs: float) -> float:
    if lufs == float("-inf") or abs(lufs - TARGET_LUFS) <= TOLERANCE_LU - _METERS_DIFFER_LU:
        return 0.0
    return round((TARGET_LUFS - lufs) / _STEP_DB) * _STEP_DB


def _blocks(pcm: NDArray[np.floating[Any]], size: int) -> NDArray[np.floating[Any]]:
    """Rows of `size` samples; the last is filled up with zeros."""
    return np.pad(pcm, (0, -pcm.size % size)).reshape(-1, size)


def _per_sample(values: NDArray[np.float64], block: int, total: int) -> NDArray[np.float64]:
    """Values at the middles of blocks, with straight lines between them."""
    middles = np.arange(values.size) * block + block / 2
    return np.interp(np.arange(total), middles, values)
