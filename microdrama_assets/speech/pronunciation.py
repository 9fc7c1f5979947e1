"""Written lines to spoken words, per language. A language without a tested pronunciation is refused, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.speech import english, spanish
from microdrama_assets.speech.written import Piece, split_pieces, split_tokens
from resources.kokoro import VOCABULARY
from resources.model_pins import VOICES

Pronounce = Callable[[Sequence[Piece], Mapping[str, str]], list[str]]


@dataclass(frozen=True)
class SpokenWord:
    """One written token as captions show it, and its phonemes with its own marks; they may hold spaces."""

    text: str
    phonemes: str


@dataclass(frozen=True)
class _Language:
    name: str
    pronounce: Pronounce
    abbreviations: dict[str, str]
    voice_prefixes: str
    """First letters of the names of voices that speak it."""
    example: str


_LANGUAGES = {
    "en": _Language("English", english.pronounce, english.ABBREVIATIONS, "ab", "af_heart"),
    "es": _Language("Spanish", spanish.pronounce, spanish.ABBREVIATIONS, "e", "ef_dora"),
}
_REGIONS = {"en": frozenset({"US"}), "es": frozenset({"419", "MX", "AR", "CO", "CL", "PE", "US"})}
"""Regions whose pronunciation is the one given here; `en-GB` and `es-ES` would be mispronounced."""
MODEL_FILES = {"en": english.FILES, "es": ()}
"""Model files whose bytes decide the phonemes, per language."""


def phonemize(text: str, language: str, lexicon: Mapping[str, str] | None = None) -> tuple[SpokenWord, ...]:
    """The words of one line. `lexicon` maps words to phonemes (Kokoro's symbols) and wins over everything.

    Raises MicrodramaError for a language that cannot be spoken, a line without anything to say, letters that the
    language does not have, or a lexicon entry with unknown symbols.
    """
    spoken = _language(language)
    own = {word.lower(): phonemes for word, phonemes in (lexicon or {}).items()}
    for word, phonemes in own.items():
        if strange := sorted(set(phonemes) - set(VOCABULARY)):
            raise MicrodramaError(f"lexicon entry {word!r} has unknown phonemes {' '.join(strange)}",
                                  remedy=f"Use only these: {''.join(sorted(VOCABULARY))}")
    tokens = split_tokens(text)
    pieces = split_pieces(tokens, spoken.abbreviations)
    if all(piece.kind == "mark" for piece in pieces):
        raise MicrodramaError(f"there is nothing to say in {text!r}", remedy="Write words, or make it an action line")
    return _assembled(tokens, pieces, spoken.pronounce(pieces, own))


def can_speak(language: str, voice: str) -> str | None:
    """None if the engine can speak `language` with `voice`, else the reason. Loads nothing."""
    try:
        spoken = _language(language)
    except MicrodramaError as error:
        return str(error)
    if voice not in VOICES:
        known = ", ".join(name for name in VOICES if name[0] in spoken.voice_prefixes)
        return f"there is no voice {voice!r}; {spoken.name} voices: {known}"
    if voice[0] not in spoken.voice_prefixes:
        return f"voice {voice!r} does not speak {spoken.name}; one that does is {spoken.example}"
    return None


def _language(tag: str) -> _Language:
    primary, _, region = tag.replace("_", "-").partition("-")
    known = _LANGUAGES.get(primary.lower())
    if known is None or (region and region.upper() not in _REGIONS[primary.lower()]):
        regions = {key: ", ".join(sorted(f"{key}-{region}" for region in _REGIONS[key])) for key in _LANGUAGES}
        supported = "; ".join(f"{key} ({regions[key]})" for key in _LANGUAGES)
        raise MicrodramaError(f"language {tag!r} has no pronunciation support",
                              remedy=f"Supported languages: {supported}")
    return known


def _assembled(tokens: Sequence[str], pieces: Sequence[Piece], phonemes: Sequence[str]) -> tuple[SpokenWord, ...]:
    """One SpokenWord per token that sounds; a token that is silent joins the one before (or the first after)."""
    said = [""] * len(tokens)
    sounds = [False] * len(tokens)
    for piece, sound in zip(pieces, phonemes, strict=True):
        if piece.kind == "mark":
            said[piece.token] += sound
        else:
            said[piece.token] += (" " if said[piece.token] else "") + sound
            sounds[piece.token] = True
    words: list[SpokenWord] = []
    opening: list[str] = []
    for token, sound, sounding in zip(tokens, said, sounds, strict=True):
        if sounding:
            words.append(SpokenWord(" ".join([*opening, token]), sound.lstrip(".,!?;:—… ")))
            opening = []
        elif words:
            last = words.pop()
            words.append(SpokenWord(f"{last.text} {token}", last.phonemes + sound))
        else:
            opening.append(token)
    return tuple(words)
