"""From what was typed to a series folder and a selection in it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from microdrama_assets.schemas.errors import MicrodramaError
from partitions.keys import Selection, parse_selection
from resources.home import Home, home_folder
from resources.refs import LocalRefs

if TYPE_CHECKING:
    from microdrama_assets.takes import Shot

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


def find_shot(target: str, home: Path | None) -> Shot:
    """Raises MicrodramaError for anything but a shot of the current cut."""
    from microdrama_assets.takes import shot_of

    _, selection = find_series(target, home)
    if selection is None or selection.shot is None:
        raise MicrodramaError(f"{target!r} names no shot", remedy="Name one like this: locket.e001.sh030")
    return shot_of(Home.open(home), selection)
