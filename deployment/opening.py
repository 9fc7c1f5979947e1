"""From what was typed to a studio and a request: finds the series, registers and checks it before anything runs."""

from __future__ import annotations

import os
from pathlib import Path

from deployment.preflight import check_captions
from microdrama_assets.graph.studio import Studio
from microdrama_assets.planning import Request
from microdrama_assets.registering import register_series
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.speech.pronunciation import can_speak
from microdrama_assets.steps import STEPS
from microdrama_assets.story.folder_check import check_series
from partitions.keys import Selection, parse_selection
from partitions.registry import SeriesRegistry
from resources.home import Home

SERIES_FILE = "series.yaml"
LIBRARY = Path("series")
"""Where a series named by its slug alone is looked for, beside the home's own list."""


def open_request(target: str, home: Path | None, languages: tuple[str, ...] | None) -> tuple[Studio, Request]:
    """Raises MicrodramaError or PartitionError with a remedy; then nothing has been written."""
    folder, selection = _resolve(target, home)
    check_series(folder, can_speak=can_speak)
    check_captions(folder)
    opened = Home.open(home)
    registry = register_series(opened, folder)
    selection = selection or Selection(registry.slug)
    _check(selection, languages, registry)
    return Studio(opened, STEPS), Request(selection, languages)


def _resolve(target: str, home: Path | None) -> tuple[Path, Selection | None]:
    path = Path(target)
    if os.path.isfile(path / SERIES_FILE):  # unlike Path.is_file: False, no error, for a name that no file can have
        return path, None
    if os.path.isdir(path):
        raise MicrodramaError(f"{target} is a folder without {SERIES_FILE}",
                              remedy=f"Name a series folder, or make one: microdrama init {target}")
    selection = parse_selection(target)
    library = LIBRARY / selection.series
    if (library / SERIES_FILE).is_file():
        return library, selection
    bound = Home.open(home).series()
    if selection.series in bound:
        return bound[selection.series], selection
    raise MicrodramaError(f"no series {selection.series!r}: neither {library} nor this home has it",
                          remedy="Name its folder: microdrama render PATH_TO_SERIES")


def _check(selection: Selection, languages: tuple[str, ...] | None, registry: SeriesRegistry) -> None:
    if selection.episode is not None and selection.episode not in registry.live_episodes:
        raise MicrodramaError(f"{registry.slug} has no episode {selection.episode}",
                              remedy=f"Its episodes: {', '.join(registry.live_episodes)}")
    unknown = sorted(set(languages or ()) - set(registry.live_languages))
    if unknown:
        raise MicrodramaError(f"{registry.slug} has no language {unknown[0]!r}",
                              remedy=f"Its languages: {', '.join(registry.live_languages)}; add one in series.yaml")
