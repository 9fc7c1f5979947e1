"""What was fresh when it was last planned, and the signs by which it still is: an unchanged series plans in an instant.

A plan proper parses every screenplay and follows every recipe. Where nothing has changed, neither is needed: an episode
that was fresh as a whole is fresh still if the code, the tools, its sources' bytes, its place in the registry, what was
decided about its shots, and the records that its partitions stand on are the same. Anything else is planned anew.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from microdrama_assets.graph.key import Scope
from microdrama_assets.series_folder.own_pictures import FOLDER as REFERENCES
from microdrama_assets.series_folder.preset_places import place_of
from partitions.registry import SeriesRegistry, load
from resources import encoder, ffmpeg
from resources.action_cache import record_name
from resources.disk import write_atomically
from resources.home import Home

FORMAT = 1
PACKAGES = ("audit", "microdrama_assets", "partitions", "resources")
RECAP = b"previously"
"""What the screenplay of an episode says that begins with what happened before, and so stands on that episode too."""
SERIES = ""
"""The group of what belongs to no episode: the bible and the cast."""


@dataclass(frozen=True)
class StepName:
    """What listing partitions needs of a step."""

    name: str
    scope: Scope
    group: str


@dataclass(frozen=True)
class KnownFresh:
    """Steps in dependency order, the registry, and the groups (episode keys, SERIES) in which everything is fresh."""

    steps: tuple[StepName, ...]
    registry: SeriesRegistry
    groups: frozenset[str]


@dataclass
class Signs:
    """Signs of a series as it stands now, by group. Reads sources whole; of records only their stamps."""

    home: Home
    folder: Path
    slug: str
    registry: SeriesRegistry
    stamps: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def __post_init__(self) -> None:
        for name, stamp in self.home.refs.stamps(f"heads/{self.slug}"):
            _, _, asset, partition = name.split("/", 3)
            self.stamps.setdefault(group_of(asset, partition), []).append(f"{asset}/{partition} {stamp}")

    @cached_property
    def common(self) -> str:
        """What every partition of the series stands on."""
        files = ["series.yaml", "models.yaml", *self._files("characters"), *self._files("sets")]
        own = self.home.root / "models.yaml"
        models = own.read_text(encoding="utf-8", errors="replace") if own.is_file() else ""
        registry = self.registry.model_copy(update={"episodes": ()}).to_json()
        return _digest([code_sign(), registry.decode(), models, *map(self._source, files), *self._presets(),
                        *self._references()])

    def of(self, group: str, actions: Iterable[str]) -> str:
        """The sign of one group, standing on these actions' records."""
        records = [self.home.refs.stamp(record_name(action)) or "gone" for action in actions]
        own = [] if group == SERIES else self._episode(group)
        return _digest([self.common, *own, *sorted(self.stamps.get(group, ())), *records])

    def _episode(self, key: str) -> list[str]:
        number = int(key[1:])
        files = list(self._episode_files.get(number, ()))
        if any(RECAP in (self.folder / name).read_bytes().lower() for name in files if (self.folder / name).is_file()):
            files += self._episode_files[max((one for one in self._episode_files if one < number), default=number)]
        decided = self.home.refs.read(f"decisions/{self.slug}/{key}")
        entry = self.registry.episode(key).model_dump_json()
        return [*map(self._source, files), entry, decided[1] if decided else ""]

    @cached_property
    def _episode_files(self) -> dict[int, list[str]]:
        """Files by the number that their names begin with: `episodes/001.fountain`, `episodes/001.es.yaml`."""
        found: dict[int, list[str]] = {}
        for name in self._files("episodes"):
            stem = name.removeprefix("episodes/").partition(".")[0]
            if stem.isdecimal():
                found.setdefault(int(stem), []).append(name)
        return found

    def _presets(self) -> list[str]:
        """Every preset that the series could refer to, and where they lie: finding out which it does costs more."""
        place = place_of(self.folder)
        found = sorted(place.glob("*/*/*.yaml")) if place else []
        return [f"{path} {sha256(path.read_bytes()).hexdigest()}" for path in found if path.is_file()]

    def _references(self) -> list[str]:
        """Stamps of pictures and recordings of characters: they are large, and a plan without them is only slower."""
        place = self.folder / REFERENCES
        found = ((path, path.stat()) for path in sorted(place.glob("*/*")) if path.is_file())
        return [f"{path.relative_to(self.folder)} {stat.st_size} {stat.st_mtime_ns}" for path, stat in found]

    def _files(self, folder: str) -> list[str]:
        place = self.folder / folder
        return sorted(f"{folder}/{entry.name}" for entry in os.scandir(place)) if place.is_dir() else []

    def _source(self, name: str) -> str:
        path = self.folder / name
        return f"{name} {sha256(path.read_bytes()).hexdigest()}" if path.is_file() else f"{name} is no file"


def known_fresh(home: Home, folder: Path, slug: str) -> KnownFresh | None:
    """What is known to be fresh without planning it; None where nothing was ever remembered."""
    record, found = _read(home, slug), load(home.refs, slug)
    if record is None or found is None:
        return None
    signs = Signs(home, folder, slug, found[0])
    live = {SERIES, *found[0].live_episodes}
    groups = {group for group, known in record["groups"].items()
              if group in live and known["sign"] == signs.of(group, known["actions"])}
    steps = tuple(StepName(name, Scope(scope), group) for name, scope, group in record["steps"])
    return KnownFresh(steps, found[0], frozenset(groups) if SERIES in groups else frozenset())


def remember(signs: Signs, steps: Sequence[StepName], fresh: Collection[str]) -> None:
    """Notes that all partitions of these groups are fresh. `signs` were read before they were planned.

    Nothing is noted where anything changed meanwhile.
    """
    now = Signs(signs.home, signs.folder, signs.slug, signs.registry)
    if (now.common, now.stamps) != (signs.common, signs.stamps):
        return
    record = _read(signs.home, signs.slug) or {"groups": {}}
    heads = _heads(signs.home, signs.slug)
    groups = dict(record["groups"])
    for group in fresh:
        actions = sorted(heads.get(group, ()))
        if signs.of(group, actions) == now.of(group, actions):
            groups[group] = {"sign": now.of(group, actions), "actions": actions}
    table = [[step.name, step.scope.value, step.group] for step in steps]
    data = json.dumps({"format": FORMAT, "steps": table, "groups": groups}).encode()
    write_atomically(_place(signs.home, signs.slug), data, signs.home.root / "tmp")


def group_of(asset: str, partition: str) -> str:
    """The episode that a partition belongs to, or SERIES."""
    if asset in ("series_bible", "character_bundle"):
        return SERIES
    return partition.partition("@")[0].partition(".")[0]


def code_sign() -> str:
    """A digest of everything but the series that a plan depends on: our code, the libraries and the encoder."""
    root = Path(__file__).parents[1]
    files = sorted(path for package in PACKAGES for path in _sources(root / package))
    contents = [f"{path.relative_to(root)} {sha256(path.read_bytes()).hexdigest()}" for path in files]
    return _digest([sys.version, ffmpeg.stamp(), encoder.stamp(), *sorted(_installed()), *contents])


def _installed() -> Iterator[str]:
    """Every installed library with its version, from the names of its `.dist-info` folders."""
    for place in sys.path:
        with suppress(FileNotFoundError, NotADirectoryError):
            yield from (entry.name for entry in os.scandir(place or ".") if entry.name.endswith(".dist-info"))


def _sources(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (Path(place) / name for name in names if not name.endswith(".pyc"))


def _heads(home: Home, slug: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in home.refs.names(f"heads/{slug}"):
        _, _, asset, partition = name.split("/", 3)
        head = home.cache.head(slug, asset, partition)
        if head is not None:
            found.setdefault(group_of(asset, partition), []).append(head)
    return found


def _read(home: Home, slug: str) -> dict | None:
    """The record, or None where there is none that this version understands: it can be told anew at any time."""
    try:
        record = json.loads(_place(home, slug).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return record if isinstance(record, dict) and record.get("format") == FORMAT else None


def _place(home: Home, slug: str) -> Path:
    return home.root / "plans" / f"{slug}.json"


def _digest(parts: Iterable[str]) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()
