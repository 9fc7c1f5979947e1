"""One line by the voice that is named for a character: VITS, or XTTS in the voice of a recording."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from audit.canonical import digest
from microdrama_assets.schemas.final import Running, VoiceModel
from microdrama_assets.speech.recording import SpokenTake
from microdrama_assets.studios.final import vits, xtts
from microdrama_assets.studios.final.fitting import fit
from microdrama_assets.studios.final.libraries import need
from microdrama_assets.studios.final.running import device_of, warm
from microdrama_assets.studios.final.said import finished
from resources.hub.cache import snapshot

_speaking = threading.Lock()
"""A voice's pace is a setting of the model, and its noise comes from torch's own generator: one line at a time."""


def say(text: str, language: str, pace: float, seed: int, voice: VoiceModel, running: Running,
        folder: Path | None = None, recording: np.ndarray | None = None) -> SpokenTake:
    """One line, `pace` times as fast as the voice speaks by itself, at the reference loudness. `recording`: float32
    mono at 48 kHz, whom XTTS is to sound like.

    Raises HubError, ModelUnfit, or FinalStudioError for silence and for what the voice cannot say.
    """
    torch, kind = need("torch"), xtts if voice.kind == "xtts" else vits
    named = {"voice": voice.model_dump(mode="json"), "device": device_of(running), "folder": str(folder)}

    def loaded() -> object:
        place = snapshot(voice.model.hub, folder)
        with fit(voice.model):
            return kind.loaded(voice, place).to(device_of(running))

    with _speaking:
        model = warm(digest("voice", named), loaded)
        with torch.random.fork_rng(), torch.no_grad(), fit(voice.model):
            torch.manual_seed(seed)
            if recording is None:
                found = vits.said(model, text, language, pace, voice.speaker)
            else:
                found = xtts.said(model, text, language, pace, recording)
    return finished(text, found)
