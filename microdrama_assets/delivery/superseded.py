"""Which delivered files are no longer needed: versions that another has replaced for long enough, and what only they
named. What is current stays, and so does what is published."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from microdrama_assets.delivery.delivered import being_changed, versions
from microdrama_assets.delivery.package import MASTER
from resources.garbage import Garbage
from resources.home import Home
from resources.needed import statement_in

KIND = "superseded delivery"
_PACKAGED = re.compile(r"(?P<language>[^/]+)/package/versions/(?P<version>[0-9a-f]{12})/")
"""How the statement of a review names what it reviewed."""


def superseded_deliveries(home: Home, before_s: float) -> list[Garbage]:
    """Delivered files to delete, in the order of deletion: not needed by anybody since `before_s` (Unix time)."""
    published = published_versions(home)
    return [Garbage(KIND, path.relative_to(home.root).as_posix(), path.lstat().st_size)
            for folder in _folders(home) for path in _superseded(home, folder, published, before_s)]


def collect_deliveries(home: Home, garbage: list[Garbage], before_s: float) -> Iterator[Garbage]:
    """Deletes what was listed and yields what is gone; what was delivered again meanwhile stays."""
    published = published_versions(home)
    for folder in _folders(home):
        prefix = folder.relative_to(home.root).as_posix() + "/"
        listed = [one for one in garbage if one.path.startswith(prefix)]
        if listed:
            with being_changed(home, folder):
                still = set(_superseded(home, folder, published, before_s))
                for one in listed:
                    if home.root / one.path in still:
                        (home.root / one.path).unlink()
                        yield one
                _prune(folder)


def published_versions(home: Home) -> set[tuple[str, str, str, str]]:
    """Series, episode, language and version of everything that is published now, in any market."""
    found = set()
    for name in home.refs.names("heads"):
        _, series, asset, partition = name.split("/", 3)
        record = home.cache.standing(series, asset, partition) if asset == "published_episode" else None
        if record is not None:
            episode = partition.split("@")[0]
            found |= {(series, episode, *version) for version in _reviewed(home, str(record["statement"]))}
    return found


def _reviewed(home: Home, statement: str) -> Iterator[tuple[str, str]]:
    """Language and version of each package that a publication's review was of."""
    for above in dict.fromkeys((statement, *_inputs(home, statement).values())):
        for name in _inputs(home, above):
            packaged = _PACKAGED.match(name)
            if packaged:
                yield packaged["language"], packaged["version"]


def _inputs(home: Home, statement: str) -> dict[str, str]:
    """Inputs of a statement's action by name, each with the statement of what it came from, if it has one."""
    told = statement_in(home.objects.get(statement)) or {}
    definition = told.get("predicate", {}).get("buildDefinition", {})
    return {entry["name"]: entry["annotations"]["statement"] for entry in definition.get("resolvedDependencies", [])
            if "statement" in entry.get("annotations", {})}


def _folders(home: Home) -> list[Path]:
    """Every folder of an episode in one language, links not followed."""
    level = [home.deliveries]
    for _ in range(3):
        level = [Path(entry.path) for folder in level if folder.is_dir() and not folder.is_symlink()
                 for entry in sorted(os.scandir(folder), key=lambda entry: entry.name)
                 if entry.is_dir(follow_symlinks=False)]
    return level


def _superseded(home: Home, folder: Path, published: set[tuple[str, str, str, str]], before_s: float) -> list[Path]:
    """A version's own entry first, so that it is gone as a whole; the segments that it named last.

    Nothing in a folder without a current version: what is played from it cannot be told.
    """
    where = folder.relative_to(home.deliveries).parts
    needed: set[str] = set()
    known = versions(folder)
    if all(version.superseded_s is not None for version in known):
        return []
    for version in known:
        if version.superseded_s is None or version.superseded_s >= before_s or (*where, version.name) in published:
            needed |= version.files
    unneeded = [path for part in ("versions", "segments") for path in _files(folder / part)
                if path.relative_to(folder).as_posix() not in needed and path.lstat().st_mtime < before_s]
    return sorted(unneeded, key=lambda path: (path.name != MASTER, path.is_relative_to(folder / "segments"), path))


def _files(root: Path) -> Iterator[Path]:
    if not root.is_symlink():
        for folder, _, names in os.walk(root):
            yield from (Path(folder) / name for name in names)


def _prune(folder: Path) -> None:
    """Removes folders that hold nothing any more."""
    for part in ("versions", "segments"):
        for name, _, _ in os.walk(folder / part, topdown=False):
            with suppress(OSError):  # not empty
                os.rmdir(name)
