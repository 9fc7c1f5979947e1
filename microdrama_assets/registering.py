"""Keeping the registry of partitions in step with the series folder: two phases, each validated before it is saved.

First what the folder lists (episodes, characters, languages, markets), when a series is opened; then each episode's
shots, when its manifest has been cut.
"""

from __future__ import annotations

from pathlib import Path

from microdrama_assets.graph.registered import update
from microdrama_assets.schemas.series import SeriesFolder
from microdrama_assets.series_folder.reading import episode_keys, load_series
from partitions.registry import (
    KeyEntry,
    SeriesRegistry,
    with_characters,
    with_episodes,
    with_languages,
    with_markets,
)
from resources.home import Home


def register_series(home: Home, folder: Path) -> SeriesRegistry:
    """Binds a series folder to a home and brings its registry up to date with what the folder lists."""
    series = load_series(folder)
    episodes = episode_keys(folder)
    home.bind_series(series.series.slug, folder)
    return update(home, series.series.slug, lambda current: _listed(current, series, episodes))


def _listed(current: SeriesRegistry | None, folder: SeriesFolder, episodes: tuple[str, ...]) -> SeriesRegistry:
    series = folder.series
    base = current or SeriesRegistry(slug=series.slug, languages=(KeyEntry(key=series.languages[0]),))
    base = with_languages(base, series.languages)
    base = with_markets(base, series.markets)
    characters = {character.slug for character in folder.characters}
    return with_episodes(with_characters(base, characters), episodes)
