"""What is published: an episode's files in a market, laid out so that no viewer ever sees half of it.

`published/<series>/<episode>/<market>/<language>/` holds what was delivered, and `evidence/` beside it what proves it.
Files that nothing but a playlist leads to come first; the gate is asked once more; then what people open, and each
language's master playlist last. Taking down goes the other way round and leaves `tombstone.json`. Every place that an
episode was published to is treated alike, a folder or a bucket.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microdrama_assets.graph.key import Key
from resources.destinations import Content, Destination, Folder, destination, within
from resources.disk import explained, locked
from resources.home import Home
from resources.refs import change

MASTER = "master.m3u8"
CONDITION_NAMES = ("quality", "approvals", "licences", "consents", "evidence", "synthetic_mark", "credentials",
                   "fidelity")
"""What the gate asks, in the order in which people look at it (`release/gate.py`)."""
FOLDER, RECORD, TOMBSTONE, EVIDENCE = "published", "published.json", "tombstone.json", "evidence"
PLACES = "places"
"""References that remember where each publication went."""


@dataclass(frozen=True)
class Layout:
    """A publication as it is to be seen: content by name. `changing` may have other content under the same name later,
    as a new signing certificate makes it; `evidence` by its name inside `evidence/`."""

    files: Mapping[str, Content]
    changing: frozenset[str]
    evidence: Mapping[str, bytes]
    record: bytes


@dataclass(frozen=True)
class Published:
    """What a home tells of one episode in one market."""

    key: Key
    record: Mapping[str, Any] | None
    """`published.json`, None where it was taken down."""
    tombstone: Mapping[str, Any] | None
    places: tuple[str, ...]


def lay_out(home: Home, key: Key, layout: Layout, confirm: Callable[[], object]) -> Path:
    """Publishes to the home and to every place of the episode. `confirm` raises where something does not hold any
    more; it is asked when everything that playlists lead to is there, and nothing leads to it yet."""
    folder = folder_for(home, key)
    everywhere = [Folder(folder), *map(destination, places(home, key))]
    with _being_changed(home, folder):
        for target in everywhere:
            for name in sorted(layout.files, key=_order):
                if not _is_entry(name):
                    target.put(name, layout.files[name], name not in layout.changing)
        confirm()
        for target in everywhere:
            _switch(target, layout)
    return folder


def _switch(target: Destination, layout: Layout) -> None:
    """From the former publication to this one: what people open, masters last; then nothing of the former is left."""
    entries = sorted(filter(_is_entry, layout.files), key=_order)
    masters = [name for name in entries if name.endswith(f"/{MASTER}")]
    for name in entries:
        if name not in masters:
            target.put(name, layout.files[name], False)
    for name, data in layout.evidence.items():
        target.put(f"{EVIDENCE}/{name}", data, False)
    target.put(RECORD, layout.record, False)
    for name in masters:
        target.put(name, layout.files[name], False)
    kept = {*layout.files, *(f"{EVIDENCE}/{name}" for name in layout.evidence), RECORD}
    for name in [name for name in target.names() if name not in kept]:
        target.remove(name)


def published_files(home: Home, key: Key) -> dict[str, str] | None:
    """Digests of what was approved and is published of an episode in a market, None where nothing is."""
    found = _read(folder_for(home, key) / RECORD)
    return None if found is None else dict(found["files"])


def credentials_of(home: Home, key: Key) -> str | None:
    """`signed` or `unsigned`, as what is published says of itself; None where nothing is."""
    found = _read(folder_for(home, key) / RECORD)
    return None if found is None else str(found["credentials"]["state"])


def take_down(home: Home, key: Key, told: Mapping[str, Any]) -> Path:
    """Unpublishes everywhere; `told` is what the tombstone says. Entries go first, so that nobody starts what is going
    away; the home's own record goes last, so that a run that was stopped can be run again."""
    folder = folder_for(home, key)
    with _being_changed(home, folder):
        for target in [*map(destination, places(home, key)), Folder(folder)]:
            target.put(TOMBSTONE, json.dumps(told, indent=1).encode(), False)
            held = [name for name in target.names() if name != TOMBSTONE]
            for name in sorted(held, key=lambda name: (name == RECORD, -_order(name)[0], name)):
                target.remove(name)
        forget_places(home, key)
    return folder


def everything_published(home: Home) -> Iterator[Published]:
    """Everything that a home has published, and what it took down, in the order of series, episode and market."""
    for folder in sorted((home.root / FOLDER).glob("*/*/*")):
        key = Key(folder.parent.parent.name, folder.parent.name, market=folder.name)
        record, tombstone = _read(folder / RECORD), _read(folder / TOMBSTONE)
        if record is not None or tombstone is not None:
            yield Published(key, record, None if record is not None else tombstone, places(home, key))


def places(home: Home, key: Key) -> tuple[str, ...]:
    """Where an episode is published in a market besides the home: each a folder or an address of its own."""
    found = home.refs.read(_places_name(key))
    return () if found is None else tuple(json.loads(found[0]))


def add_place(home: Home, key: Key, where: str) -> None:
    """Publishes the episode also to a folder or a bucket from now on, until it is taken down."""
    place = within(where, key.series, str(key.episode), str(key.market))
    destination(place)  # a place that cannot be is told before anything is published

    def with_it(current: bytes | None) -> bytes | None:
        known: list[str] = [] if current is None else json.loads(current)
        return None if place in known else json.dumps([*known, place]).encode()

    change(home.refs, _places_name(key), with_it)


def forget_places(home: Home, key: Key) -> None:
    found = home.refs.read(_places_name(key))
    if found is not None:
        home.refs.remove(_places_name(key), found[1])


def folder_for(home: Home, key: Key) -> Path:
    return home.root / FOLDER / key.series / str(key.episode) / str(key.market)


def _places_name(key: Key) -> str:
    return f"{PLACES}/{key.series}/{key.episode}@{key.market}"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None


def _order(name: str) -> tuple[int, str]:
    """Segments, what names them, then the entries at each language's root with the master playlists last."""
    path = name.partition("/")[2] or name
    if path.startswith("segments/"):
        return 0, name
    if path.startswith("versions/"):
        return 1 + path.endswith(f"/{MASTER}"), name
    return 3 + (path == MASTER), name


def _is_entry(name: str) -> bool:
    """Whether people open a file by its name: it changes with each version, and nothing leads to it."""
    return _order(name)[0] >= 3


def _being_changed(home: Home, folder: Path) -> AbstractContextManager[None]:
    """One process at a time publishes or takes down an episode in a market."""
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return locked(home.root / "tmp" / f"publish-{folder.parents[1].name}-{folder.parent.name}-{folder.name}.lock")
