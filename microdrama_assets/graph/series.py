"""The series folder as one desk sees it: read once, so that every partition of a run stands on the same words."""

from __future__ import annotations

from collections.abc import Mapping

from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.schemas.errors import MicrodramaError, Place
from microdrama_assets.schemas.script import Script, SourceMap, Translation
from microdrama_assets.schemas.series import Character, SeriesFolder
from microdrama_assets.series_folder.reading import episode_files, load_episode, load_series, load_translation


def folder_of(desk: Desk, series: str) -> SeriesFolder:
    """The series, its cast and its sets."""
    return desk.remember(("folder", series), lambda: load_series(desk.folder(series)))


def episode_of(desk: Desk, key: Key) -> tuple[Script, SourceMap]:
    """An episode's screenplay and where its elements stand in the file."""
    assert key.episode is not None
    episode = key.episode
    return desk.remember(("episode", key.series, episode), lambda: load_episode(desk.folder(key.series), episode))


def episode_before(desk: Desk, key: Key) -> tuple[Script, SourceMap] | None:
    """`episode_of` the episode before, where there is one. Raises MicrodramaError where it cannot be read."""
    before = _key_before(desk, key)
    return episode_of(desk, before) if before else None


def translations_of(desk: Desk, key: Key) -> dict[str, Translation]:
    """An episode's translations, by language; none for the original language."""
    assert key.episode is not None
    episode = key.episode
    languages = folder_of(desk, key.series).series.languages[1:]

    def load(language: str) -> Translation:
        name = ("translation", key.series, episode, language)
        return desk.remember(name, lambda: load_translation(desk.folder(key.series), episode, language))

    return {language: load(language) for language in languages}


def translations_before(desk: Desk, key: Key) -> dict[str, Translation]:
    """The translations of the episode before, by language. Raises MicrodramaError where one cannot be read."""
    before = _key_before(desk, key)
    return translations_of(desk, before) if before else {}


def _key_before(desk: Desk, key: Key) -> Key | None:
    keys = list(desk.remember(("episodes", key.series), lambda: episode_files(desk.folder(key.series))))
    at = keys.index(str(key.episode)) if key.episode in keys else 0
    return Key(key.series, keys[at - 1]) if at else None


def character_of(desk: Desk, key: Key) -> Character:
    """One character's card. Raises MicrodramaError if its file is gone."""
    for character in folder_of(desk, key.series).characters:
        if character.slug == key.character:
            return character
    raise MicrodramaError(f"no character {key.character!r} in series {key.series!r}",
                          Place(f"characters/{key.character}.yaml"), "Restore the file, or leave this character out")


def preset_sources(desk: Desk, key: Key, file: str, kind: str = "") -> tuple[Mapping[str, str], ...]:
    """The presets that a file of the series refers to (of one `kind`), as sources of an action."""
    used = folder_of(desk, key.series).presets.get(file, ())
    return tuple({"file": preset} for preset in used if preset.startswith(f"presets/{kind}"))
