"""Where the presets of a series lie: beside its folder, or beside the folder that holds it (`presets/` beside
`series/`), or wherever MICRODRAMA_PRESETS says. Imports nothing that takes time to load: every plan asks."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "MICRODRAMA_PRESETS"
FOLDER = "presets"


def places(series: Path) -> tuple[Path, ...]:
    """Where a series' presets may lie, the first choice first."""
    named = os.environ.get(VARIABLE)
    if named:
        return (Path(named).expanduser().absolute(),)
    beside = series.resolve().parent
    return beside / FOLDER, beside.parent / FOLDER


def place_of(series: Path) -> Path | None:
    """The folder of a series' presets; None where there is none yet."""
    return next((place for place in places(series) if place.is_dir()), None)


def place_to_write(series: Path) -> Path:
    """The folder of a series' presets, or where one should be: beside `series/`, or beside the series' own folder."""
    candidates = places(series)
    return place_of(series) or candidates[-1 if series.resolve().parent.name == "series" else 0]
