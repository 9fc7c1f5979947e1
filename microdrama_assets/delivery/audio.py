"""The episode's mix as AAC fragments of about a second that start exactly with the picture.

Three things decide here. *Variable bit rate*: with a constant one, an edited line moves bits between distant frames and
changes most fragments; with VBR it changes those it touches. *Peaks are lowered where they are*: lowering all of the
mix for one of them would change every fragment. *No priming packet*: AAC's encoder delay is one frame,
which players without edit lists (native HLS among them) play as 21 ms of lag; it is dropped, so sample 0 plays at 0.
"""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import numpy as np
import scipy  # its parts load at first use: planning needs none of them

from microdrama_assets.delivery import cmaf
from microdrama_assets.delivery.errors import DeliveryError
from microdrama_assets.schemas.delivery import Segment
from microdrama_assets.schemas.frozen import Frozen
from microdrama_assets.speech.true_peak import peaks_above, true_peak_dbtp
from resources import ffmpeg
from resources.disk import explained

SAMPLE_RATE_HZ = 48_000
TRUE_PEAK_CEILING_DBTP = -1.1
"""0.1 dB inside the -1 dBTP that is promised: meters that oversample differently disagree by about that much."""
MOST_ATTENUATION_DB = 3.0
"""At any place: where coding adds more to a peak than this, the mix is at fault."""
_ATTEMPTS = 5
_SILENCE_DBTP = -180.0
_MARGIN_DB = 0.1  # lowered by this more than a peak is too high: the next coding rounds otherwise
_BLOCK = 1024  # samples, an AAC frame: what an overshoot can be put down to
_REACH = 2  # blocks to either side that are lowered as much, as their windows overlap
_QUALITY = "1.5"  # ffmpeg's AAC VBR scale; about 150 kbit/s for speech over music
_CODER = "fast"  # nearer to the mix than ffmpeg's default, in three quarters of its bits: decision 0017


class AudioRendition(Frozen):
    """The encoded mix. `segments` have durations in 1/48000 s; `init` and their files are relative to its folder."""

    samples: int
    init: str
    segments: tuple[Segment, ...]
    codecs: str = "mp4a.40.2"
    attenuation_db: float
    """The most that had to be taken off at any place so that the decoded peak stays under the ceiling; usually 0."""
    true_peak_dbtp: float
    """Of the decoded sound."""


def audio_command(output: Path) -> list[str]:
    """Arguments of ffmpeg: raw stereo float32 at 48 kHz from standard input to fragmented AAC in `output`."""
    return [
        "-v", "error",
        "-f", "f32le", "-ar", str(SAMPLE_RATE_HZ), "-ac", "2", "-i", "pipe:0",
        "-c:a", "aac", "-aac_coder", _CODER, "-q:a", _QUALITY,  # VBR: each frame is coded by its own needs alone
        "-threads", "1",
        # Drops the packet that holds only the encoder's delay; the next one already has time 0.
        "-bsf:a", "noise=drop='eq(n,0)'",
        "-flags", "+bitexact", "-fflags", "+bitexact", "-map_metadata", "-1",  # no version strings, no metadata
        "-use_editlist", "0",  # nothing left to skip
        "-movflags", "+cmaf+empty_moov+default_base_moof",  # CMAF's profile of fragmented MP4
        "-frag_duration", "1000000",  # microseconds: 47 frames of 1024 samples, the first whole frame past a second
        "-f", "mp4", str(output),
    ]


def encode_audio(pcm: np.ndarray, folder: Path) -> AudioRendition:
    """Encodes the mix and writes `audio/init.mp4` and `audio/seg000.m4s`, ... into `folder`.

    `pcm`: float32 (samples, 2) at 48 kHz, full scale 1.0. Where lossy coding lifts the decoded true peak (4-fold
    oversampled, ITU-R BS.1770-5 annex 2) above the ceiling, the mix is lowered there, within a tenth of a second around
    it, and encoded again. Raises DeliveryError for sound of another shape or too hot; then nothing is left in `folder`.
    """
    _check(pcm, folder)
    scratch = folder / ".encoding"
    with explained(folder):
        scratch.mkdir(parents=True)
    try:
        encoded, attenuation_db, peak_dbtp = _encode_under_ceiling(pcm, scratch / "audio.mp4")
        init, segments = _cut(encoded, folder)
    except BaseException:
        shutil.rmtree(folder / "audio", ignore_errors=True)
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return AudioRendition(samples=len(pcm), init=init, segments=segments, attenuation_db=attenuation_db,
                          true_peak_dbtp=round(peak_dbtp, 2))


def decode_audio(file: Path) -> np.ndarray:
    """Float32 (samples, 2) at 48 kHz of anything ffmpeg reads."""
    layout = ["-f", "f32le", "-ar", str(SAMPLE_RATE_HZ), "-ac", "2"]
    raw = ffmpeg.run(["-v", "error", "-i", str(file), "-vn", *layout, "pipe:1"])
    return np.frombuffer(raw, "<f4").reshape(-1, 2)


def _check(pcm: np.ndarray, folder: Path) -> None:
    if pcm.ndim != 2 or pcm.shape[1] != 2 or pcm.dtype != np.float32 or not len(pcm):
        raise DeliveryError(f"the mix is {pcm.dtype} {pcm.shape}, not float32 (samples, 2)")
    if not np.isfinite(pcm).all():
        raise DeliveryError("the mix holds samples that are not numbers")
    if (folder / "audio").exists():
        raise DeliveryError("there already is a rendition", str(folder), "Encode into an empty folder")


def _encode_under_ceiling(pcm: np.ndarray, output: Path) -> tuple[bytes, float, float]:
    ceiling, gains, peak_dbtp = 10 ** (TRUE_PEAK_CEILING_DBTP / 20), np.ones(len(pcm), np.float32), math.inf
    for _ in range(_ATTEMPTS):
        ffmpeg.run(audio_command(output), feed=[(pcm * gains[:, None]).astype("<f4").tobytes()])
        decoded = decode_audio(output)
        peak_dbtp = max(true_peak_dbtp(decoded), _SILENCE_DBTP)
        lowered_db = round(-20 * math.log10(float(gains.min())), 2) + 0.0
        if peak_dbtp <= TRUE_PEAK_CEILING_DBTP:
            return output.read_bytes(), lowered_db, peak_dbtp
        gains *= _lowered(peaks_above(decoded, ceiling), ceiling, len(pcm))
        if gains.min() < 10 ** (-MOST_ATTENUATION_DB / 20):
            break
    raise DeliveryError(f"the decoded mix peaks at {peak_dbtp:.1f} dBTP even where it is lowered",
                        remedy=f"Limit the mix to leave room: at most {TRUE_PEAK_CEILING_DBTP} dBTP after coding")


def _lowered(peaks: np.ndarray, ceiling: float, samples: int) -> np.ndarray:
    """A gain per sample, 1 but around peaks above the ceiling: held over the neighbouring blocks, with soft edges."""
    blocks = np.pad(peaks, (0, -len(peaks) % _BLOCK)).reshape(-1, _BLOCK).max(axis=1)
    target = ceiling * 10 ** (-_MARGIN_DB / 20)
    needed = np.where(blocks > ceiling, target / np.maximum(blocks, target), 1.0)
    held = scipy.ndimage.minimum_filter1d(needed, 2 * _REACH + 1, mode="nearest")
    places = np.arange(len(held)) * _BLOCK + _BLOCK / 2
    return np.interp(np.arange(samples), places, held).astype(np.float32)


def _cut(encoded: bytes, folder: Path) -> tuple[str, tuple[Segment, ...]]:
    init, fragments = cmaf.split(encoded)
    described = []
    with explained(folder):
        (folder / "audio").mkdir()
        (folder / "audio/init.mp4").write_bytes(init)
        for number, data in enumerate(fragments):
            file = f"audio/seg{number:03}.m4s"
            (folder / file).write_bytes(data)
            described.append(Segment(file=file, duration_ticks=cmaf.duration(data), size=len(data)))
    return "audio/init.mp4", tuple(described)
