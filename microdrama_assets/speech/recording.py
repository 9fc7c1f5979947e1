"""A recording of speech or of a mix: samples, and the WAV files that hold them exactly. Knows nothing of who speaks."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.sound import MIX_RATE_HZ, TakeTimings

FULL_SCALE = 2**23
"""24 bits, signed."""


@dataclass(frozen=True)
class SpokenTake:
    """`pcm`: float32, mono, 48 kHz, on the 24-bit grid, so that its WAV file holds exactly the same samples."""

    pcm: NDArray[np.float32]
    timings: TakeTimings


def take_to_wav(take: SpokenTake) -> bytes:
    """The take as a 24-bit mono WAV file at 48 kHz."""
    return array_to_wav(take.pcm)


def array_to_wav(pcm: NDArray[np.float32]) -> bytes:
    """float32 of shape (n,) or (n, channels) at 48 kHz as 24-bit WAV; out-of-range samples are clipped."""
    scaled = np.clip(np.rint(pcm.astype(np.float64) * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype("<i4")
    packed = np.ascontiguousarray(scaled).view(np.uint8).reshape(-1, 4)[:, :3]
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1 if pcm.ndim == 1 else pcm.shape[1])
        file.setsampwidth(3)
        file.setframerate(MIX_RATE_HZ)
        file.writeframes(packed.tobytes())
    return buffer.getvalue()


def wav_to_array(data: bytes) -> NDArray[np.float32]:
    """Samples of a 16 or 24-bit 48 kHz WAV file: shape (n,) if mono, else (n, channels).

    Raises MicrodramaError for anything else.
    """
    try:
        with wave.open(io.BytesIO(data)) as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise MicrodramaError(f"not a WAV file: {error}") from error
    if rate != MIX_RATE_HZ or width not in (2, 3):
        raise MicrodramaError(f"a WAV file at {rate} Hz with {8 * width} bits; 48000 Hz with 16 or 24 is needed")
    raw = np.frombuffer(frames, dtype=np.uint8).reshape(-1, width)
    wide = np.zeros((raw.shape[0], 4), dtype=np.uint8)
    wide[:, 4 - width :] = raw
    samples = (wide.view("<i4").reshape(-1) / 2**31).astype(np.float32)
    return samples if channels == 1 else samples.reshape(-1, channels)
