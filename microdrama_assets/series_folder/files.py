"""Reads the files of a series folder and nothing outside it: no links that lead away, no devices, no huge files."""

from __future__ import annotations

import stat
from pathlib import Path

from microdrama_assets.schemas.errors import MicrodramaError, Place
from microdrama_assets.series_folder.fountain_margin import MAX_BYTES


def read_within(folder: Path, file: str, most: int = MAX_BYTES) -> bytes:
    """The bytes of `file` (relative, with `/`). Raises MicrodramaError where it is missing, leads out of the folder,
    is no regular file, or is larger than `most` bytes."""
    path = folder / file
    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve()):
            raise MicrodramaError("the file is a link that leads out of the series folder", Place(file),
                                  "Replace it with a copy of the file.")
        if not stat.S_ISREG(path.stat().st_mode):
            raise MicrodramaError("this is no regular file", Place(file), "Replace it with a text file.")
        with path.open("rb") as stream:
            raw = stream.read(most + 1)
    except FileNotFoundError as error:
        raise MicrodramaError("the file is missing", Place(file), "Create it, or restore it.") from error
    except (OSError, RuntimeError) as error:
        raise MicrodramaError(f"the file cannot be read ({getattr(error, 'strerror', None) or 'a loop of links'})",
                              Place(file), "Check the path and its permissions.") from error
    if len(raw) > most:
        raise MicrodramaError(f"the file holds more than {most} bytes", Place(file), "Make it smaller.")
    return raw


def list_within(folder: Path, subfolder: str, suffix: str) -> tuple[str, ...]:
    """The files `subfolder/*suffix`, sorted, relative to `folder`. Hidden files are skipped; () without the folder."""
    base = folder / subfolder
    if base.exists() and not base.resolve().is_relative_to(folder.resolve()):
        raise MicrodramaError("the folder is a link that leads out of the series folder", Place(subfolder),
                              "Replace it with a copy of the folder.")
    if not base.is_dir():
        return ()
    names = sorted(path.name for path in base.iterdir() if path.name.endswith(suffix))
    return tuple(f"{subfolder}/{name}" for name in names if not name.startswith("."))
