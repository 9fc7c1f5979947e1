"""Finds and reads `models.yaml`: the series' own, else the home's."""

from __future__ import annotations

from pathlib import Path

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.final import FinalModels
from microdrama_assets.series_folder.files import read_within
from microdrama_assets.series_folder.yaml_reader import mapping, read_yaml, validate

FILE = "models.yaml"


def load_models(series: Path | None, home: Path) -> FinalModels:
    """Raises MicrodramaError where neither folder has the file, SeriesError with file and line for what is wrong."""
    found = find_models(series, home)
    if found is None:
        raise MicrodramaError("the final fidelity needs models, and none are named", FILE,
                              "Write models.yaml into the series folder or the home: see the operator's guide")
    return found


def find_models(series: Path | None, home: Path) -> FinalModels | None:
    """As `load_models`, but None where there is no file."""
    for folder in (series, home):
        if folder is not None and (folder / FILE).is_file():
            document = read_yaml(read_within(folder, FILE), FILE)
            return validate(document, FinalModels, mapping(document))
    return None
