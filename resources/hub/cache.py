"""The model folder's hub part: a model's files, each with its digest, checked before anything loads them.

Layout: `hub/OWNER/NAME/COMMIT/path/in/repository`, below the folder that `MICRODRAMA_MODELS` names. It can be copied to
a machine without a network as it is.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from resources.hub.errors import FileAltered, FileMissing, FileUnnamed, HubError
from resources.hub.formats import check_format
from resources.hub.model import HubModel
from resources.models import model_folder

_verified: dict[Path, tuple[str, int, int, int]] = {}
"""Files checked by this process: the digest they had, and their size, mtime and inode then."""


def snapshot(model: HubModel, folder: Path | None = None) -> Path:
    """The folder with the model's files, all of them checked against their digests and formats.

    Each file is hashed once per process, and again where its size, time of change or inode differ. Raises FileMissing,
    FileAltered, FileTruncated, PickleRefused, or FileUnnamed.
    """
    for problem in problems(model, folder):
        raise problem
    return place_of(model, folder)


def problems(model: HubModel, folder: Path | None = None) -> Iterator[HubError]:
    """What is wrong with a model's files, one error each, as they are found."""
    for path in sorted(model.files):
        try:
            check_file(model, path, folder)
        except HubError as problem:
            yield problem
    place = place_of(model, folder)
    for found in sorted(place.rglob("*")):
        name = found.relative_to(place).as_posix()
        if found.is_file() and name not in model.files and not name.startswith((".fetching-", ".cache/")):
            yield FileUnnamed(f"{model.repo} has a file that is not named with a digest", str(found),
                              "Name it under `files`, or delete it")


def place_of(model: HubModel, folder: Path | None = None) -> Path:
    """Where a model's files lie or will lie."""
    return model_folder(folder) / model.folder


def check_file(model: HubModel, path: str, folder: Path | None = None) -> Path:
    """One file of a model, checked. Raises as `snapshot` does."""
    place, digest = place_of(model, folder) / path, model.files[path]
    try:
        stat = os.stat(place)
    except (FileNotFoundError, NotADirectoryError):
        raise FileMissing(f"{model.repo} lacks {path}", str(place),
                          "Run `microdrama models pull`, or copy the model folder from a machine that has it") from None
    stamp = (digest, stat.st_size, stat.st_mtime_ns, stat.st_ino)
    if _verified.get(place) != stamp:
        check_bytes(place, digest, path in model.pickles)
        _verified[place] = stamp
    return place


def check_bytes(place: Path, digest: str, allow_pickle: bool) -> None:
    """Raises FileAltered, FileTruncated or PickleRefused where a file is not what is named."""
    check_format(place, allow_pickle)
    with open(place, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != digest:
        raise FileAltered(f"the file has SHA-256 {found}, and {digest} is named", str(place),
                          "Delete it and run `microdrama models pull`; or correct models.yaml if the file is right")
