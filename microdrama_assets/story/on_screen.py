"""Words that are read in the picture: what a phone shows, what a card says.

A card is a layer of its own, so every language letters its own over the same picture. What a phone shows is part of
the picture, the same in every language: in the languages that an episode is not cut in, captions say it (a forced
narrative, as the field calls it).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import Card, Shot
from microdrama_assets.schemas.script import Translation

REMEDY = "Add an entry with source and text under on_screen."
_WORDS: dict[str, dict[Literal["previously", "end"], str]] = {
    "en": {"previously": "Previously on", "end": "To be continued"},
    "es": {"previously": "Anteriormente en", "end": "Continuará"},
}


def standing_words(language: str) -> Mapping[Literal["previously", "end"], str]:
    """What every recap and every end says, in English where a language has no words here."""
    return _WORDS.get(language.split("-")[0], _WORDS["en"])


def quoted(text: str) -> str:
    """What somebody said, as a card reads it."""
    return f"“{text}”"


def unquoted(text: str) -> str:
    """The words alone of what a card says that somebody said; other words as they are."""
    return text.removeprefix("“").removesuffix("”") if text.startswith("“") and text.endswith("”") else text


def asked_on_screen(direction: str) -> str | None:
    """The words of `screen: Come home.` and of `card: end, Who?`; None for other directions."""
    kind, _, what = direction.partition(":")
    card, _, question = what.partition(",")
    text = what if kind == "screen" else question if kind == "card" and card.strip().lower() == "end" else ""
    return text.strip() or None


def translated_screen(shot: Shot, translation: Translation) -> str | None:
    """What the shot's phone shows, in another language; None where none shows anything.

    Raises MicrodramaError where there is no translation.
    """
    return _must(shot, translation, shot.screen) if shot.screen and _has_words(shot.screen) else None


def translated_card(shot: Shot, translation: Translation, title: str,
                    before: Mapping[tuple[str, str], str] | None = None) -> Card | None:
    """The shot's card in another language; None where there is none, or where it reads the same. `title`: the episode's
    in the original language, which the translation may name. `before`: what is said in the episode before, by
    character and original.

    A title that nobody has translated is a name and stays. What was said before is read as it was said there, unless
    this episode has an entry of its own for what is read. Raises MicrodramaError where that, or what the end asks, has
    no translation.
    """
    card = shot.card
    if card is None:
        return None
    names = {title: translation.title} if title and translation.title else {}
    names |= _entries(translation)
    words = standing_words(translation.language)
    if card.kind == "end":
        other = Card(kind="end", text=_asked(shot, translation, card.text), small=words["end"])
    elif card.kind == "previously":
        other = Card(kind="previously", text=words["previously"], small=names.get(card.small, card.small),
                     quote=_recalled(shot, translation, card, before or {}), speaker=card.speaker)
    else:
        other = Card(kind="title", text=names.get(card.text, card.text), small=names.get(card.small, card.small))
    return other if other != card else None


def _recalled(shot: Shot, translation: Translation, card: Card, before: Mapping[tuple[str, str], str]) -> str:
    said = unquoted(card.quote)
    if not _has_words(said):
        return card.quote
    read = {source: text for who, source, text in translation.entries if not who}
    text = read.get(said) or before.get((card.speaker, said))
    if text is None:
        raise _untranslated(shot, translation, said)
    return quoted(text)


def _asked(shot: Shot, translation: Translation, text: str) -> str:
    """What the end asks; words that were said keep their quotation marks."""
    if not _has_words(text):
        return text
    said = unquoted(text)
    return _must(shot, translation, text) if said == text else quoted(_must(shot, translation, said))


def _must(shot: Shot, translation: Translation, text: str) -> str:
    entries = _entries(translation)
    if text not in entries:
        raise _untranslated(shot, translation, text)
    return entries[text]


def _untranslated(shot: Shot, translation: Translation, text: str) -> MicrodramaError:
    return MicrodramaError(f"no translation into {translation.language!r} of what is on the screen, {text[:80]!r}",
                           shot.id, REMEDY)


def _entries(translation: Translation) -> dict[str, str]:
    """Translated words by their source; of equal ones what is read goes before what is said."""
    said = {source: text for who, source, text in translation.entries if who}
    return said | {source: text for who, source, text in translation.entries if not who}


def _has_words(text: str) -> bool:
    return any(sign.isalnum() for sign in text)
