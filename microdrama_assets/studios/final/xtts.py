"""Voices by XTTS (Casanova et al., 2024) through the library `TTS`: a line in the voice of a recording. Opt-in: the
published weights are pickles and forbid commercial use, so the one has to be named and the other bars publishing.

The model does not tell when it says which word; words are spread by their letters over what is heard.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import scipy  # its parts load at first use

from microdrama_assets.schemas.final import VoiceModel
from microdrama_assets.schemas.sound import MIX_RATE_HZ
from microdrama_assets.studios.final.errors import FinalStudioError
from microdrama_assets.studios.final.libraries import need
from microdrama_assets.studios.final.said import Said
from microdrama_assets.studios.final.weights import state_of

HEARS_HZ, KNOWS_HZ = 22_050, 16_000
"""Rates at which the recording's manner and its speaker are heard."""
SILENCE = 10 ** (-45 / 20)
"""Below this share of the take's peak a sample counts as silence at its ends."""
LEFT_OUT = ("torch_mel_spectrogram_style_encoder", "torch_mel_spectrogram_dvae", "dvae", "gpt.gpt_inference")
"""Parts of checkpoints that training needs, or that share the weights of others."""


def loaded(voice: VoiceModel, place: Path) -> Any:
    """Raises what its libraries say of files that are no such model."""
    configs, models = need("TTS.tts.configs.xtts_config"), need("TTS.tts.models.xtts")
    config = configs.XttsConfig()
    config.load_json(str(place / voice.config))
    config.model_args.gpt_number_text_tokens = None  # so that the speaking part is built once, for the vocabulary
    model = models.Xtts(config)
    model.tokenizer = need("TTS.tts.layers.xtts.tokenizer").VoiceBpeTokenizer(vocab_file=str(place / voice.vocabulary))
    model.init_models()
    told = {name.removeprefix("xtts."): one
            for name, one in state_of(place / voice.weights, _settings(configs)).items()}
    model.load_state_dict({name: one for name, one in told.items() if not name.startswith(LEFT_OUT)})
    model.eval()  # builds what generates, and returns nothing
    return model


def said(model: Any, text: str, language: str, pace: float, recording: np.ndarray) -> Said:
    """One line by torch's generator as it stands. Raises FinalStudioError for a language or length it does not know."""
    spoken = language.split("-")[0].lower()
    known = sorted({one.split("-")[0] for one in model.config.languages})
    if spoken not in known:
        raise FinalStudioError(f"the voice does not speak {language}: it knows {', '.join(known)}", "models.yaml",
                               "Name a voice of the language")
    length = len(model.tokenizer.encode(text.strip().lower(), lang=spoken))
    if length >= model.args.gpt_max_text_tokens:
        raise FinalStudioError(f"the line {text[:40]!r} has {length} symbols, and the voice takes fewer than "
                               f"{model.args.gpt_max_text_tokens}", "models.yaml", "Split the line into two")
    torch, config = need("torch"), model.config
    manner = model.get_gpt_cond_latents(_at(recording, HEARS_HZ), HEARS_HZ, length=config.gpt_cond_len,
                                        chunk_length=config.gpt_cond_chunk_len)
    speaker = model.get_speaker_embedding(_at(recording, KNOWS_HZ), KNOWS_HZ)
    made = model.inference(text, spoken, manner, speaker, temperature=config.temperature,
                           length_penalty=config.length_penalty, repetition_penalty=config.repetition_penalty,
                           top_k=config.top_k, top_p=config.top_p, speed=pace)
    pcm = np.asarray(torch.as_tensor(made["wav"]).float().cpu(), np.float32).reshape(-1)
    return Said(pcm, int(model.args.output_sample_rate), *_spread(text, pcm))


def _spread(text: str, pcm: np.ndarray) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Lengths in samples and words of: the silence before, every word by its letters, the silence after."""
    loud = np.flatnonzero(np.abs(pcm) > SILENCE * np.abs(pcm).max(initial=0.0))
    first, last = (int(loud[0]), int(loud[-1]) + 1) if loud.size else (0, pcm.size)
    letters = np.cumsum([0, *(len(word) for word in text.split())])
    edges = np.rint(first + letters * (last - first) / max(int(letters[-1]), 1)).astype(int)
    lengths = [int(end - start) for start, end in pairwise([0, *edges, pcm.size])]
    return tuple(lengths), (-1, *range(len(lengths) - 2), -1)


def _at(recording: np.ndarray, rate_hz: int) -> Any:
    torch = need("torch")
    heard = scipy.signal.resample_poly(recording.astype(np.float64), rate_hz, MIX_RATE_HZ)
    return torch.from_numpy(heard.astype(np.float32))[None]


def _settings(configs: Any) -> list[Any]:
    """What published checkpoints hold beside the weights, under the names that it had when they were written."""
    old = "TTS.tts.models.xtts"
    own = [configs.XttsConfig, configs.XttsArgs, configs.XttsAudioConfig]
    return [*own, need("TTS.config.shared_configs").BaseDatasetConfig,
            (configs.XttsArgs, f"{old}.XttsArgs"), (configs.XttsAudioConfig, f"{old}.XttsAudioConfig")]
