"""Voices by VITS (Kim et al., 2021) through the library `TTS`: from safetensors, with the lengths that the model itself
gave each symbol, so that captions follow what is heard.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy  # its parts load at first use

from audit.canonical import digest
from microdrama_assets.schemas.final import Running, VoiceModel
from microdrama_assets.schemas.sound import MIX_RATE_HZ, TakeTimings, Word
from microdrama_assets.speech.levels import at_reference_loudness
from microdrama_assets.speech.recording import FULL_SCALE, SpokenTake
from microdrama_assets.studios.final.errors import FinalStudioError
from microdrama_assets.studios.final.fitting import fit
from microdrama_assets.studios.final.libraries import need
from microdrama_assets.studios.final.running import device_of, warm
from resources.hub.cache import snapshot

_speaking = threading.Lock()
"""A voice's pace is a setting of the model, and its noise comes from torch's own generator: one line at a time."""


@dataclass(frozen=True)
class Said:
    """`pcm`: float32 mono at `rate_hz`. `lengths`: samples of each symbol of the line; `words`: of which word each is,
    -1 for what lies between words."""

    pcm: np.ndarray
    rate_hz: int
    lengths: tuple[int, ...]
    words: tuple[int, ...]


def say(text: str, language: str, pace: float, seed: int, voice: VoiceModel, running: Running,
        folder: Path | None = None) -> SpokenTake:
    """One line, `pace` times as fast as the voice speaks by itself, at the reference loudness.

    Raises HubError, ModelUnfit, or FinalStudioError for silence and for text that the voice has no symbols for.
    """
    with _speaking:
        model = warm(digest("voice", {"voice": voice.model_dump(mode="json"), "device": device_of(running),
                                      "folder": str(folder)}), lambda: _loaded(voice, running, folder))
        said = _said(model, text, language, pace, seed, voice)
    return finished(text, said)


def _loaded(voice: VoiceModel, running: Running, folder: Path | None) -> Any:
    place = snapshot(voice.model.hub, folder)
    configs, vits = need("TTS.tts.configs.vits_config"), need("TTS.tts.models.vits")
    with fit(voice.model):
        config = configs.VitsConfig()
        config.load_json(str(place / voice.config))
        model = vits.Vits(config)
        model.load_state_dict(need("safetensors.torch").load_file(place / voice.weights))
    return model.eval().to(device_of(running))


def _said(model: Any, text: str, language: str, pace: float, seed: int, voice: VoiceModel) -> Said:
    torch = need("torch")
    symbols, words = _symbols(model.tokenizer, text, language)
    with torch.random.fork_rng(), torch.no_grad(), fit(voice.model):
        torch.manual_seed(seed)
        model.length_scale = float(model.args.length_scale) / pace
        tokens = torch.LongTensor(symbols)[None].to(model.device)
        speaker = None if voice.speaker is None else torch.LongTensor([voice.speaker]).to(model.device)
        made = model.inference(tokens, aux_input={
            "x_lengths": torch.LongTensor([len(symbols)]).to(model.device), "speaker_ids": speaker, "d_vectors": None,
            "language_ids": None, "durations": None})
    steps = made["durations"].reshape(-1).float().cpu().numpy()
    pcm = made["model_outputs"].reshape(-1).float().cpu().numpy()
    lengths = np.diff(np.rint(np.cumsum([0, *steps]) * pcm.size / max(float(steps.sum()), 1.0)))
    return Said(pcm, int(model.config.audio.sample_rate), tuple(int(one) for one in lengths), words)


def _symbols(tokenizer: Any, text: str, language: str) -> tuple[list[int], tuple[int, ...]]:
    """The line as the model's symbols, with blanks and ends as it was trained, and the word of each."""
    symbols: list[int] = []
    words: list[int] = []
    for number, word in enumerate(text.split()):
        between = tokenizer.encode(" ") if symbols else []
        own = tokenizer.encode(_pronounced(tokenizer, word, language))
        if not own and any(letter.isalnum() for letter in word):
            raise FinalStudioError(f"the voice has no symbols for {word!r}", "models.yaml",
                                   "Name a voice of the language")
        symbols, words = symbols + between + own, words + [-1] * len(between) + [number] * len(own)
    if tokenizer.add_blank:
        symbols = tokenizer.intersperse_blank_char(symbols)
        words = [one for word in words for one in (word, word)] + [-1]
    if tokenizer.use_eos_bos:
        symbols, words = tokenizer.pad_with_bos_eos(symbols), [-1, *words, -1]
    return symbols, tuple(words)


def _pronounced(tokenizer: Any, word: str, language: str) -> str:
    """As the tokenizer itself does for a whole text."""
    if tokenizer.text_cleaner is not None:
        word = tokenizer.text_cleaner(word, lang=need("TTS.tts.utils.languages").normalize_language(language))
    if tokenizer.phonemizer is not None:
        word = tokenizer.phonemizer.phonemize(word, separator="", language=language)
    return word


def finished(text: str, said: Said) -> SpokenTake:
    """At 48 kHz and the reference loudness, with each written word's span."""
    if not np.isfinite(said.pcm).all() or float(np.abs(said.pcm).max(initial=0.0)) < 1e-5:
        raise FinalStudioError(f"the voice gave no sound for {text[:40]!r}", "models.yaml", "Name another voice")
    wide = scipy.signal.resample_poly(said.pcm.astype(np.float64), MIX_RATE_HZ, said.rate_hz)
    exact = (np.rint(at_reference_loudness(wide) * FULL_SCALE) / FULL_SCALE).astype(np.float32)
    duration_ms = exact.size * 1000 / MIX_RATE_HZ
    return SpokenTake(exact, TakeTimings(duration_ms=duration_ms, phones=(), words=_words(text, said, duration_ms)))


def _words(text: str, said: Said, duration_ms: float) -> tuple[Word, ...]:
    edges_ms = np.cumsum([0, *said.lengths]) * 1000 / said.rate_hz
    found: list[Word] = []
    for number, word in enumerate(text.split()):
        own: Sequence[int] = [index for index, of in enumerate(said.words) if of == number]
        before = found[-1].end_ms if found else 0.0
        start, end = (edges_ms[own[0]], edges_ms[own[-1] + 1]) if own else (before, before)
        found.append(Word(text=word, start_ms=round(min(float(start), duration_ms), 3),
                          end_ms=round(min(float(end), duration_ms), 3)))
    return tuple(found)
