"""A recording of whom a character is to sound like, put beside the cards: `references/<slug>/voice.wav`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.sound import MIX_RATE_HZ
from microdrama_assets.series_folder.files import read_within
from microdrama_assets.series_folder.own_pictures import FOLDER
from microdrama_assets.speech.recording import wav_to_array

FILE = "voice.wav"
LARGEST = 64_000_000
"""Bytes: more than three minutes in stereo."""
SHORTEST_S = 1.0
"""A voice is not told by less."""


def own_recording(series: Path, slug: str) -> bytes:
    """The file as it is. Raises MicrodramaError where it is missing, no such recording, too short or silent."""
    place = f"{FOLDER}/{slug}/{FILE}"
    data = read_within(series, place, LARGEST)
    try:
        pcm = recorded(data)
    except MicrodramaError as error:
        raise MicrodramaError(error.what, place, "Save it as WAV, 48 kHz, 16 or 24 bits") from error
    if pcm.size < SHORTEST_S * MIX_RATE_HZ or not np.abs(pcm).max(initial=0.0):
        what = "silent" if pcm.size >= SHORTEST_S * MIX_RATE_HZ else f"{pcm.size / MIX_RATE_HZ:.2f} s long"
        raise MicrodramaError(f"the recording is {what}: no voice is told by it", place,
                              "Record somebody speaking for at least 6 seconds, without music or noise")
    return data


def recorded(data: bytes) -> np.ndarray:
    """float32 mono at 48 kHz of a WAV file; channels are averaged. Raises MicrodramaError for another file."""
    pcm = wav_to_array(data)
    return pcm if pcm.ndim == 1 else pcm.mean(axis=1).astype(np.float32)
