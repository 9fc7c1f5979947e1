"""Is the sound whole: loudness, peaks, silence, and does it start with the picture? All on the decoded AAC."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import scipy  # its parts load at first use: planning needs none of them

from microdrama_assets.release.measurement import Measurement, timecode
from resources import ffmpeg

RATE_HZ = 48_000
LOUDNESS_LUFS, LOUDNESS_TOLERANCE_LU = -16.0, 0.5
TRUE_PEAK_DBTP = -1.0
SILENCE_DBFS = -60.0
LONGEST_SILENCE_S = 3.0
AV_OFFSET_MS = 20.0
_BLOCK_S = 0.01
_WINDOW_S, _SEARCH_S = 4.0, 0.25
_QUIET = 1e-3
"""What is this much quieter than the window, in energy, cannot be it."""
_EQUAL_FIT = 0.99  # a steady tone fits at every period; favours 0 by 0.2 ms at 100 Hz


def decode(file: Path, scratch: Path) -> tuple[np.ndarray, float, float]:
    """(float32 (samples, 2) at 48 kHz, integrated loudness in LUFS, true peak in dBTP) of a sound file.

    Measured by ffmpeg's EBU R 128 meter, which is not the one the mix was made with.
    """
    log = scratch / "r128.txt"
    raw = ffmpeg.run(["-v", "error", "-i", str(file),
                      "-af", f"ebur128=peak=true:metadata=1:framelog=quiet,ametadata=print:file={log}",
                      "-f", "f32le", "-ar", str(RATE_HZ), "-ac", "2", "pipe:1"])
    text = log.read_text(encoding="ascii")
    integrated = re.findall(r"lavfi\.r128\.I=(\S+)", text)
    peaks = [float(level) for level in re.findall(r"lavfi\.r128\.true_peaks_ch\d=(\S+)", text)]
    loudness_lufs = float(integrated[-1]) if integrated else -np.inf
    peak_dbtp = 20 * float(np.log10(max(peaks, default=0.0) or 1e-12))
    return np.frombuffer(raw, "<f4").reshape(-1, 2), loudness_lufs, peak_dbtp


def measure_sound(pcm: np.ndarray, loudness_lufs: float, peak_dbtp: float, mix: np.ndarray,
                  video_start_s: float) -> list[Measurement]:
    """`pcm`, `mix`: float32 (samples, 2) at 48 kHz, as decoded and as mixed; the picture starts at `video_start_s`."""
    silence_s, start_s = _longest_silence(pcm)
    if not mix.any():
        return _meant_silent(silence_s * RATE_HZ >= len(pcm) - _BLOCK_S * RATE_HZ)
    offset_ms, at_s = av_offset_ms(pcm, mix)
    offset_ms -= 1000 * video_start_s
    return [
        Measurement(name="loudness", value=round(loudness_lufs, 2), unit="LUFS",
                    limit=f"{LOUDNESS_LUFS:g} ± {LOUDNESS_TOLERANCE_LU:g}",
                    passed=abs(loudness_lufs - LOUDNESS_LUFS) <= LOUDNESS_TOLERANCE_LU),
        Measurement(name="true_peak", value=round(peak_dbtp, 2), unit="dBTP", limit=f"at most {TRUE_PEAK_DBTP:g}",
                    passed=peak_dbtp <= TRUE_PEAK_DBTP),
        Measurement(name="silence", value=round(silence_s, 2), unit="s", limit=f"at most {LONGEST_SILENCE_S:g}",
                    passed=silence_s <= LONGEST_SILENCE_S, where=timecode(start_s) if silence_s else ""),
        Measurement(name="av_offset", value=round(offset_ms, 2), unit="ms", limit=f"within {AV_OFFSET_MS:g} of 0",
                    passed=abs(offset_ms) <= AV_OFFSET_MS, where=timecode(at_s)),
    ]


def _meant_silent(silent: bool) -> list[Measurement]:
    """Of an episode in which nobody speaks and nothing sounds: all that can be wrong is that one hears something."""
    return [Measurement(name=name, value="silent" if silent else "heard", limit="silent, as mixed", passed=silent)
            for name in ("loudness", "true_peak", "silence", "av_offset")]


def av_offset_ms(pcm: np.ndarray, mix: np.ndarray) -> tuple[float, float]:
    """(how much later `pcm` sounds than `mix`, in ms, worst of three places; where that is, in s).

    Three places, because sound can start in time and drift. Where there is nothing to hear there is no offset.
    """
    heard, meant = pcm.mean(axis=1), mix.mean(axis=1)
    worst = 0.0, 0.0
    for third in np.array_split(np.arange(len(meant)), 3):
        start = _loudest_window(meant, int(third[0]), int(third[-1]) + 1)
        lag = _lag(heard, meant, start)
        if abs(lag) > abs(worst[0]) * RATE_HZ / 1000:
            worst = 1000 * lag / RATE_HZ, start / RATE_HZ
    return worst


def _loudest_window(sound: np.ndarray, first: int, last: int) -> int:
    """Start of the 4 s (or shorter) with most energy in `sound[first:last]`, in whole blocks of 0.1 s."""
    block = RATE_HZ // 10
    energy = np.add.reduceat(np.square(sound[first:last], dtype=np.float64), np.arange(0, last - first, block))
    width = min(len(energy), int(_WINDOW_S * 10))
    return first + block * int(np.argmax(np.convolve(energy, np.ones(width), "valid")))


def _lag(heard: np.ndarray, meant: np.ndarray, start: int) -> int:
    """Samples by which `heard` comes after `meant`, from the window at `start`; of equal fits the nearest to 0.

    Normalised cross-correlation: without dividing by the energy of what is heard at each lag, a quiet word fits louder
    speech near it better than itself.
    """
    search = int(_SEARCH_S * RATE_HZ)
    part = meant[start:start + int(_WINDOW_S * RATE_HZ)]
    padded = np.pad(heard, search)[start:start + len(part) + 2 * search]
    if not part.any() or not padded.any():
        return 0
    energy = np.concatenate(([0.0], np.cumsum(np.square(padded, dtype=np.float64))))
    local = energy[len(part):] - energy[:-len(part)]
    quiet = np.square(part, dtype=np.float64).sum() * _QUIET
    fit = scipy.signal.correlate(padded, part, "valid", method="fft") / np.sqrt(np.maximum(local, quiet))
    lags = np.flatnonzero(fit >= fit.max() * _EQUAL_FIT) - search
    return int(lags[np.argmin(np.abs(lags))])


def _longest_silence(pcm: np.ndarray) -> tuple[float, float]:
    """(length, start) in seconds of the longest run in which both channels stay below the limit."""
    block = int(_BLOCK_S * RATE_HZ)
    peaks = np.maximum.reduceat(np.abs(pcm).max(axis=1), np.arange(0, len(pcm), block))
    edges = np.flatnonzero(np.diff(np.concatenate(([0], peaks < 10 ** (SILENCE_DBFS / 20), [0])).astype(np.int8)))
    runs = edges.reshape(-1, 2)
    if not len(runs):
        return 0.0, 0.0
    first, last = runs[np.argmax(runs[:, 1] - runs[:, 0])]
    return (last - first) * _BLOCK_S, first * _BLOCK_S
