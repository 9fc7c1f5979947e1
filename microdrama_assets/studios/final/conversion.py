"""A take in another voice, by OpenVoice (Qin et al., 2023) through the library `TTS`: that of a recording, with every
sound where it was, so that words keep their times and the take its length.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import scipy  # its parts load at first use

from audit.canonical import digest
from microdrama_assets.schemas.final import Running, VoiceConversion
from microdrama_assets.schemas.sound import MIX_RATE_HZ
from microdrama_assets.studios.final.errors import FinalStudioError, ModelUnfit
from microdrama_assets.studios.final.fitting import fit
from microdrama_assets.studios.final.libraries import need
from microdrama_assets.studios.final.running import device_of, warm
from microdrama_assets.studios.final.said import is_sound, levelled
from microdrama_assets.studios.final.weights import state_of
from resources.hub.cache import snapshot


def converted(pcm: np.ndarray, recording: np.ndarray, seed: int, conversion: VoiceConversion, running: Running,
              folder: Path | None = None) -> np.ndarray:
    """What is said in `pcm` in the voice of `recording`, at the reference loudness. All float32 mono at 48 kHz.

    Raises HubError, ModelUnfit, or FinalStudioError for silence.
    """
    torch = need("torch")
    named = {"conversion": conversion.model_dump(mode="json"), "device": device_of(running), "folder": str(folder)}
    model = warm(digest("conversion", named), lambda: _loaded(conversion, running, folder))
    rate = int(model.config.audio.input_sample_rate)
    with torch.random.fork_rng(), torch.no_grad(), fit(conversion.model):
        torch.manual_seed(seed)
        whole = int(model.config.audio.hop_length)  # the model drops what is less than a step at the end
        said = np.pad(_resampled(pcm, MIX_RATE_HZ, rate), (0, whole)).astype(np.float32)
        made: Any = model.voice_conversion(torch.from_numpy(said),
                                           [torch.from_numpy(_resampled(recording, MIX_RATE_HZ, rate))])
    if not is_sound(made):
        raise FinalStudioError("the voice conversion gave no sound", "models.yaml", "Name another under conversions")
    wide = _resampled(made, int(model.config.audio.output_sample_rate), MIX_RATE_HZ)[: pcm.size]
    if wide.size < pcm.size:
        raise ModelUnfit(f"{conversion.model.repo} gives {wide.size} samples for {pcm.size}: a take that it shortens "
                         "would leave its captions behind", "models.yaml", "Name another under conversions")
    return levelled(wide.astype(np.float64))


def _loaded(conversion: VoiceConversion, running: Running, folder: Path | None) -> Any:
    place = snapshot(conversion.model.hub, folder)
    with fit(conversion.model):
        model = need("TTS.vc.models.openvoice").OpenVoice(_settings(place / conversion.config))
        model.load_state_dict(state_of(place / conversion.weights))
    return model.eval().to(device_of(running))


def _settings(path: Path) -> Any:
    """OpenVoice's own configuration in the library's words. Raises KeyError or ValueError for another file."""
    told, config = json.loads(path.read_bytes()), need("TTS.vc.configs.openvoice_config").OpenVoiceConfig()
    rate, audio, shape = told["data"]["sampling_rate"], config.audio, config.model_args
    audio.input_sample_rate = audio.output_sample_rate = rate
    audio.fft_size, audio.hop_length, audio.win_length = (
        told["data"][name] for name in ("filter_length", "hop_length", "win_length"))
    for name in shape.keys() & told["model"].keys():
        shape[name] = told["model"][name]
    return config


def _resampled(pcm: np.ndarray, from_hz: int, to_hz: int) -> np.ndarray:
    return scipy.signal.resample_poly(pcm.astype(np.float64), to_hz, from_hz).astype(np.float32)
