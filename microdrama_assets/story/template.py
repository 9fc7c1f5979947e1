"""Writes the series that `microdrama init` makes: small, complete, and commented where a newcomer will look."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.story.json_schema import schema_files
from microdrama_assets.story.names import SLUG_REMEDY, slug_fault

_TEMPLATE = Path(__file__).with_name("template_series")
_SUFFIXES = (".yaml", ".fountain", ".md")


def write_template(folder: Path, slug: str) -> list[Path]:
    """Make `folder` with a series called `slug`. Returns its files, sorted.

    All or nothing: it is written beside and renamed. Raises MicrodramaError for a slug that is none, a folder that
    holds anything, and a place that cannot be written.
    """
    if fault := slug_fault(slug):
        raise MicrodramaError(fault, str(folder), f"Choose another with --slug. {SLUG_REMEDY}")
    try:
        if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
            raise MicrodramaError("the folder already holds something", str(folder),
                                  "Name a new or an empty folder; nothing was written.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".microdrama-init-", dir=folder.parent) as beside:
            made = Path(beside) / "series"
            _fill(made, slug)
            made.replace(folder)
    except OSError as error:
        raise MicrodramaError(f"the series cannot be written ({error.strerror})", str(folder),
                              "Choose a folder that you may write to; nothing was written.") from error
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _fill(made: Path, slug: str) -> None:
    shutil.copytree(_TEMPLATE, made, ignore=_only_series_files)
    described = (made / "series.yaml").read_text(encoding="utf-8")
    (made / "series.yaml").write_text(described.replace("slug: template_series", f"slug: {slug}"), encoding="utf-8")
    for name, text in schema_files().items():
        path = made / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _only_series_files(_folder: str, names: list[str]) -> list[str]:
    """What not to copy: caches and strays beside the template's own files."""
    return [name for name in names if ("." in name and not name.endswith(_SUFFIXES)) or name == "__pycache__"]
