"""What a translation file holds: `episodes/001.es.yaml`, keyed by what is said in the original, as gettext does."""

from __future__ import annotations

from pydantic import Field

from microdrama_assets.schemas.frozen import Frozen


class TranslatedLine(Frozen):
    character: str = Field(description="The speaker's name as the screenplay writes it, without extensions.")
    source: str = Field(description="The line as the screenplay has it, without emphasis marks, on one line.")
    text: str = Field(min_length=1, description="What is said in this language.")


class TranslatedText(Frozen):
    source: str = Field(description="What is read in the picture, as [[screen: …]] or [[card: …]] has it; or a title.")
    text: str = Field(min_length=1, description="What a card says instead, or captions say while a phone is read.")


class TranslationFile(Frozen):
    title: str = Field("", description="The episode's title in this language, as a title card has it.")
    lines: tuple[TranslatedLine, ...] = Field(
        (), description="One entry per spoken line. Entries that nobody says any more are kept and not used.")
    on_screen: tuple[TranslatedText, ...] = Field(
        (), description="One entry for each message on a phone and each question of an end card; for a title, if "
                        "it is translated.")
