"""What is published: an episode's files in a market, laid out so that no viewer ever sees half of it.

`published/<series>/<episode>/<market>/<language>/` holds what was delivered. Immutable files come first and each
language's master playlist last; taking down goes the other way round and leaves `tombstone.json`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from microdrama_assets.graph.key import Key
from resources.disk import explained, locked, write_atomically
from resources.home import Home

MASTER = "master.m3u8"
CONDITION_NAMES = ("quality", "approvals", "licences", "consents", "evidence", "synthetic_mark")
"""What the gate asks, in the order in which people look at it (`release/gate.py`)."""
FOLDER, RECORD, TOMBSTONE = "published", "published.json", "tombstone.json"


def lay_out(home: Home, key: Key, files: Mapping[str, str], record: bytes) -> Path:
    """Publishes files (digest by `language/path`); a master playlist appears when all that it names is there."""
    folder = folder_for(home, key)
    with _being_changed(home, folder):
        for name in sorted(files, key=_order):
            home.objects.export(files[name], folder / name)
        write_atomically(folder / RECORD, record, home.root / "tmp")
        (folder / TOMBSTONE).unlink(missing_ok=True)
    return folder


def published_files(home: Home, key: Key) -> dict[str, str] | None:
    """Digests of what is published of an episode in a market, None where nothing is."""
    try:
        return dict(json.loads((folder_for(home, key) / RECORD).read_bytes())["files"])
    except FileNotFoundError:
        return None


def take_down(home: Home, key: Key, told: Mapping[str, Any]) -> Path:
    """Unpublishes; `told` is what the tombstone says. Entries go first, so that nobody starts what is going away."""
    folder = folder_for(home, key)
    with _being_changed(home, folder):
        write_atomically(folder / TOMBSTONE, json.dumps(told, indent=1).encode(), home.root / "tmp")
        for name in sorted(published_files(home, key) or {}, key=_order, reverse=True):
            (folder / name).unlink(missing_ok=True)
        (folder / RECORD).unlink(missing_ok=True)
        for place in folder.iterdir():
            if place.is_dir():
                shutil.rmtree(place)
    return folder


def folder_for(home: Home, key: Key) -> Path:
    return home.root / FOLDER / key.series / str(key.episode) / str(key.market)


def _order(name: str) -> tuple[int, str]:
    """Segments, what names them, then the entries at each language's root with the master playlists last."""
    path = name.partition("/")[2] or name
    if path.startswith("segments/"):
        return 0, name
    if path.startswith("versions/"):
        return 1 + path.endswith(f"/{MASTER}"), name
    return 3 + (path == MASTER), name


def _being_changed(home: Home, folder: Path) -> AbstractContextManager[None]:
    """One process at a time publishes or takes down an episode in a market."""
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return locked(home.root / "tmp" / f"publish-{folder.parents[1].name}-{folder.parent.name}-{folder.name}.lock")
