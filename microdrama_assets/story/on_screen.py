"""Words that are read in the picture: what a phone shows, what the end asks.

Pictures are the same in every language. So in the languages that an episode is not cut in, captions say these words
(a forced narrative, as the field calls it).
"""

from __future__ import annotations

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import Card, Shot
from microdrama_assets.schemas.script import Translation

REMEDY = "Add an entry with source and text under on_screen."
_QUOTED = "“”"


def on_screen_text(screen: str | None, card: Card | None) -> str | None:
    """What somebody has to read to follow the story; None where there is nothing, or titles alone. What the end card
    quotes is without its quotation marks."""
    text = screen or (card.text.strip(_QUOTED) if card is not None and card.kind == "end" else "")
    return text if any(sign.isalnum() for sign in text) else None


def asked_on_screen(direction: str) -> str | None:
    """The words of `screen: Come home.` and of `card: end, Who?`; None for other directions."""
    kind, _, what = direction.partition(":")
    card, _, question = what.partition(",")
    text = what if kind == "screen" else question if kind == "card" and card.strip().lower() == "end" else ""
    return text.strip() or None


def translated_on_screen(shot: Shot, translation: Translation) -> str | None:
    """The shot's words in another language. What was said before is on the screen as it was said.

    Raises MicrodramaError where there is no translation.
    """
    text = on_screen_text(shot.screen, shot.card)
    if text is None:
        return None
    entries = {source: words for _, source, words in translation.entries}
    entries |= {source: words for who, source, words in translation.entries if not who}
    if text not in entries:
        raise MicrodramaError(f"no translation into {translation.language!r} of what is on the screen, {text[:80]!r}",
                              shot.id, REMEDY)
    return entries[text]
