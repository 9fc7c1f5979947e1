"""From what was typed to a series folder and a selection in it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from microdrama_assets.schemas.errors import MicrodramaError
from partitions.keys import Selection, parse_selection
from partitions.registry import SeriesRegistry
from resources.home import home_folder
from resources.refs import LocalRefs

SERIES_FILE = "series.yaml"
LIBRARY = Path("series")
"""Where a series named by its slug alone is looked for, after the home's own list."""


def find_series(target: str, home: Path | None) -> tuple[Path, Selection | None]:
    """The folder, and the selection if one was typed. Raises MicrodramaError where there is no such series."""
    path = Path(target)
    if os.path.isfile(path / SERIES_FILE):  # unlike Path.is_file: False, no error, for a name that no file can have
        return path, None
    if os.path.isdir(path):
        raise MicrodramaError(f"{target} is a folder without {SERIES_FILE}",
                              remedy=f"Name a series folder, or make one: microdrama init {target}")
    selection = parse_selection(target)
    library, bound = LIBRARY / selection.series, _bound(home, selection.series)
    for folder in (bound, library):
        if folder is not None and (folder / SERIES_FILE).is_file():
            return folder, selection
    raise MicrodramaError(f"no series {selection.series!r}: neither {library} nor this home has it",
                          remedy="Name its folder: microdrama render PATH_TO_SERIES")


def _bound(home: Path | None, slug: str) -> Path | None:
    """Where a home that exists already has a series of this name. Makes no home."""
    found = LocalRefs(home_folder(home) / "refs").read(f"series/{slug}")
    return Path(json.loads(found[0])["folder"]) if found else None


def check_selection(selection: Selection, languages: tuple[str, ...] | None, registry: SeriesRegistry) -> None:
    """Raises MicrodramaError for an episode or a language that the series does not have."""
    if selection.episode is not None and selection.episode not in registry.live_episodes:
        raise MicrodramaError(f"{registry.slug} has no episode {selection.episode}",
                              remedy=f"Its episodes: {', '.join(registry.live_episodes)}")
    unknown = sorted(set(languages or ()) - set(registry.live_languages))
    if unknown:
        raise MicrodramaError(f"{registry.slug} has no language {unknown[0]!r}",
                              remedy=f"Its languages: {', '.join(registry.live_languages)}; add one in series.yaml")
