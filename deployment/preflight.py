"""What must hold before anything is rendered: captions that the fonts can show, model files as pinned.

Told before a home is touched, with the line of the file, instead of minutes later by the step that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from microdrama_assets.graph.series import folder_of
from microdrama_assets.graph.studio import Studio
from microdrama_assets.graph.toolbox import FONT_NAMES, Toolbox
from microdrama_assets.schemas.errors import MicrodramaError, Place, SeriesError
from microdrama_assets.series_folder.reading import (
    episode_files,
    load_series,
    load_translation_document,
    read_episode,
)
from microdrama_assets.speech.pronunciation import MODEL_FILES
from microdrama_assets.studios.typesetting import check_glyphs
from resources.models import locate

SPEECH_MODEL = "kokoro.onnx"
LATIN = 0x250
"""Every caption font shows the printable characters below this."""


def check_captions(folder: Path) -> None:
    """Raises SeriesError naming every line of dialogue, in any language, that captions could not show."""
    languages = load_series(folder).series.languages
    problems: list[MicrodramaError] = []
    for key, file in episode_files(folder).items():
        for place, text in _lines(folder, key, file, languages[1:]):
            if any(ord(character) >= LATIN or not character.isprintable() for character in text):
                try:
                    check_glyphs(text, str(place), Toolbox().fonts)
                except MicrodramaError as problem:
                    problems.append(problem)
    if problems:
        raise SeriesError(problems)


def _lines(folder: Path, key: str, file: str, translated: tuple[str, ...]) -> Iterator[tuple[Place, str]]:
    script, source = read_episode(folder, file)
    for element, (line, _) in zip(script.elements, source.lines, strict=True):
        if element.kind == "speech":
            yield Place(file, line), element.text
    for language in translated:
        translation, document = load_translation_document(folder, key, language)
        for index, (_, _, text) in enumerate(translation.entries):
            yield document.place(("lines", index)), text


def check_models(studio: Studio, series: str) -> None:
    """Raises ModelError for the first file that this series needs and that is missing or not the pinned one."""
    found = folder_of(studio.desk, series)
    languages = found.series.languages
    voices = {f"voices/{name}.bin" for character in found.characters
              for language, name in character.voice.names.items() if language in languages}
    dictionaries = {name for language in languages for name in MODEL_FILES.get(language.split("-")[0], ())}
    for name in (*FONT_NAMES, SPEECH_MODEL, *sorted(voices), *sorted(dictionaries)):
        locate(name, studio.toolbox.models_folder)
