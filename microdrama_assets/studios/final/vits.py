"""Voices by VITS (Kim et al., 2021) through the library `TTS`, with the lengths that the model itself gave each symbol,
so that captions follow what is heard.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from microdrama_assets.schemas.final import VoiceModel
from microdrama_assets.studios.final.errors import FinalStudioError
from microdrama_assets.studios.final.libraries import need
from microdrama_assets.studios.final.said import Said
from microdrama_assets.studios.final.weights import state_of


def loaded(voice: VoiceModel, place: Path) -> Any:
    """Raises what its libraries say of files that are no such model."""
    config = need("TTS.tts.configs.vits_config").VitsConfig()
    config.load_json(str(place / voice.config))
    model = need("TTS.tts.models.vits").Vits(config)
    model.load_state_dict(state_of(place / voice.weights))
    return model.eval()


def said(model: Any, text: str, language: str, pace: float, speaker: int | None) -> Said:
    """One line by the generator as it stands. Raises FinalStudioError for text that the voice has no symbols for."""
    torch = need("torch")
    symbols, words = _symbols(model.tokenizer, text, language)
    model.length_scale = float(model.args.length_scale) / pace
    tokens = torch.LongTensor(symbols)[None].to(model.device)
    chosen = None if speaker is None else torch.LongTensor([speaker]).to(model.device)
    made = model.inference(tokens, aux_input={
        "x_lengths": torch.LongTensor([len(symbols)]).to(model.device), "speaker_ids": chosen, "d_vectors": None,
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
