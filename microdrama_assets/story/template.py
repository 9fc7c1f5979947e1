"""Writes the series that `microdrama init` makes: small, complete, and commented where a newcomer will look."""

from __future__ import annotations

import tempfile
from pathlib import Path

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.series_folder.names import SLUG_REMEDY, slug_fault
from microdrama_assets.story.json_schema import schema_files

_TEMPLATE = Path(__file__).with_name("template_series")
_SUFFIXES = (".yaml", ".fountain", ".md")


def write_template(folder: Path, slug: str) -> list[Path]:
    """Make `folder` with a series called `slug`. Returns its files, sorted.

    All or nothing: it is written beside and renamed. An empty folder (`init .`) is filled instead, `series.yaml` last,
    for without it a folder is no series. Raises MicrodramaError for a slug that is none, a folder that holds anything,
    and a place that cannot be written.
    """
    if fault := slug_fault(slug):
        raise MicrodramaError(fault, str(folder), f"Choose another with --slug. {SLUG_REMEDY}")
    try:
        if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
            raise MicrodramaError("the folder already holds something", str(folder),
                                  "Name a new or an empty folder; nothing was written.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        in_folder = folder.is_dir()
        near_by = folder if in_folder else folder.parent
        with tempfile.TemporaryDirectory(prefix=".microdrama-init-", dir=near_by) as near:
            made = Path(near) / "series"
            _fill(made, slug)
            if in_folder:
                _move_children(made, folder)
            else:
                made.replace(folder)
    except OSError as error:
        raise MicrodramaError(f"the series cannot be written ({error.strerror})", str(folder),
                              "Choose a folder that you may write to; nothing was written.") from error
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _fill(made: Path, slug: str) -> None:
    for source in sorted(_TEMPLATE.rglob("*")):
        if source.suffix in _SUFFIXES:
            _write(made / source.relative_to(_TEMPLATE), source.read_text(encoding="utf-8"))
    described = (made / "series.yaml").read_text(encoding="utf-8")
    _write(made / "series.yaml", described.replace("slug: template_series", f"slug: {slug}"))
    for name, text in schema_files().items():
        _write(made / name, text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _move_children(made: Path, folder: Path) -> None:
    """Replacing an empty folder by a new one would leave a shell that stands in it nowhere."""
    for child in sorted(made.iterdir(), key=lambda path: path.name == "series.yaml"):
        child.replace(folder / child.name)
