"""The desk: what every partition is made from right now, answered from the sources and the action cache alone.

It reads the series folder once, follows recipes upstream, and looks results up by action digest. It never makes
anything. The planner asks it for verdicts, the renderer for what to do: one function, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from audit.canonical import encode, sha256_hex
from microdrama_assets.graph import decisions
from microdrama_assets.graph.action import Action, Blob, Input, Origin, Result
from microdrama_assets.graph.decisions import Decisions
from microdrama_assets.graph.differences import differences
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.toolbox import Toolbox
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.frozen import Frozen
from partitions.registry import SeriesRegistry, load
from resources.home import Home

if TYPE_CHECKING:
    from resources.evidence import Evidence

Record = TypeVar("Record", bound=Frozen)
Known = TypeVar("Known")


class NotReady(MicrodramaError):
    """An upstream artifact does not exist for the current sources."""

    def __init__(self, asset: str, key: Key) -> None:
        super().__init__(
            f"{asset} {key} has not been made from the current sources",
            remedy=f"Materialize {asset} for {key.partition} first, or run: microdrama render {key.in_shot()}",
        )
        self.asset = asset
        self.key = key


class Desk:
    """Resolves partitions to actions and results for one snapshot of the sources.

    `keep_drifted`: a partition whose recipe alone has changed (model, tool, parameter, code) keeps its last result.
    """

    def __init__(self, home: Home, steps: Mapping[str, Step], toolbox: Toolbox, keep_drifted: bool = False) -> None:
        self.home = home
        self.steps = steps
        self.toolbox = toolbox
        self.keep_drifted = keep_drifted
        self.folders: Mapping[str, Path] = home.series()
        self.written: dict[str, bytes] = {}
        """Source bytes that actions refer to and that are stored when an action runs."""
        self.unsure: set[str] = set()
        """Digests that stand for bytes not known before work is done: only a desk that looks ahead has any."""
        self.expected_seconds: dict[tuple[str, Key], float] = {}
        """What looking ahead told better than history can: how long a partition will take."""
        self._results: dict[tuple[str, Key], Result] = {}
        self._actions: dict[tuple[str, Key], Action] = {}
        self._registries: dict[str, SeriesRegistry] = {}
        self._read: dict[str, bytes] = {}
        self._remembered: dict[Hashable, Any] = {}

    def action(self, asset: str, key: Key) -> Action:
        """What a partition is to be made from. Raises NotReady if something upstream is missing."""
        found = self._actions.get((asset, key))
        if found is None:
            found = self._actions[asset, key] = self.steps[asset].recipe(self, key)
        return found

    def find(self, asset: str, key: Key) -> Result | None:
        """The result for what the partition is to be made from, if there is one. Raises NotReady as `action` does."""
        known = self._results.get((asset, key))
        if known is None:
            known = self.settled(asset, key) or self.made(self.action(asset, key).digest)
            if known is not None:
                self._results[asset, key] = known
        return known

    def made(self, action: str) -> Result | None:
        """The result of an action, if it was ever performed."""
        record = self.home.cache.get(action)
        return None if record is None else Result.from_record(record)

    def last(self, asset: str, key: Key) -> Result | None:
        """The result that a partition was last recorded with, whatever its sources say now."""
        record = self.home.cache.standing(key.series, asset, key.partition)
        return None if record is None else Result.from_record(record)

    def settled(self, asset: str, key: Key) -> Result | None:
        """The result that a partition stays with whatever its recipe says: of a locked shot, or of kept drifted work.

        Raises NotReady as `action` does.
        """
        if key.shot is not None:
            pin = self.decisions(key).pin(asset, key)
            if pin is not None:
                return self._pinned(pin, asset, key)
        return self._kept(asset, key) if self.keep_drifted else None

    def _pinned(self, pin: str, asset: str, key: Key) -> Result:
        result = self.made(pin)
        if result is None:
            raise MicrodramaError(f"{key} is locked, but the result that it is locked to is gone ({asset})", str(key),
                                  f"Unlock it: microdrama unlock {key.in_shot()}")
        return result

    def _kept(self, asset: str, key: Key) -> Result | None:
        action, last = self.action(asset, key), self.last(asset, key)
        if last is None or last.action == action.digest:
            return None
        content, recipe = differences(last.recipe, action)
        return last if recipe and not content else None

    def decisions(self, key: Key) -> Decisions:
        """Takes and locks of the key's episode, as they stood when first asked."""
        series, episode = key.series, str(key.episode)
        return self.remember(("decisions", series, episode), lambda: decisions.load(self.home, series, episode))

    def result(self, asset: str, key: Key) -> Result:
        """Like `find`, but raises NotReady."""
        found = self.find(asset, key)
        if found is None:
            raise NotReady(asset, key)
        return found

    def input(self, asset: str, key: Key, output: str) -> Input:
        """One output of an upstream partition, as an input."""
        result = self.result(asset, key)
        blob = result.outputs.get(output)
        if blob is None:
            raise MicrodramaError(f"{asset} {key} has no output {output!r}", remedy="Render it again")
        return Input(blob, Origin(asset, key.partition, output, result.statement))

    def outputs(self, asset: str, key: Key, prefix: str = "") -> dict[str, Input]:
        """All outputs of an upstream partition whose names start with `prefix`, under their own names."""
        result = self.result(asset, key)
        return {
            name: Input(blob, Origin(asset, key.partition, name, result.statement))
            for name, blob in result.outputs.items() if name.startswith(prefix)
        }

    def folder(self, series: str) -> Path:
        """Where a series' files lie."""
        if series not in self.folders:
            raise MicrodramaError(f"no series {series!r} in this home",
                                  remedy="Name its folder: microdrama render PATH_TO_SERIES")
        return self.folders[series]

    def remember(self, name: Hashable, compute: Callable[[], Known]) -> Known:
        """What `compute` gave the first time it was asked under this name: one snapshot per desk."""
        if name not in self._remembered:
            self._remembered[name] = compute()
        return self._remembered[name]

    def source(self, data: bytes, media_type: str = "application/json") -> Input:
        """What people wrote, in canonical form, as an input."""
        digest = sha256_hex(data)
        self.written[digest] = data
        return Input(Blob(digest, len(data), media_type))

    def source_record(self, record: Frozen) -> Input:
        """A parsed source as an input: layout, comments and key order of the file do not matter."""
        return self.source(encode(record.model_dump(mode="json")))

    def read(self, blob: Blob) -> bytes:
        """A blob's bytes, verified; kept for the life of the desk where small."""
        data = self._read.get(blob.digest)
        if data is None:
            data = self.written.get(blob.digest) or self.home.objects.get(blob.digest)
            if blob.media_type == "application/json":
                self._read[blob.digest] = data
        return data

    def load(self, blob: Blob, model: type[Record]) -> Record:
        """A blob parsed as a record."""
        return model.model_validate_json(self.read(blob))

    def registry(self, series: str) -> SeriesRegistry:
        """The partition registry of a series as it stood when first asked."""
        if series not in self._registries:
            found = load(self.home.refs, series)
            if found is None:
                raise MicrodramaError(f"series {series!r} has no registry", remedy="microdrama register PATH_TO_SERIES")
            self._registries[series] = found[0]
        return self._registries[series]

    def recorded(self, asset: str, key: Key, result: Result) -> None:
        """Takes note of a result that has just been made or found."""
        self._results[asset, key] = result

    def registry_changed(self, registry: SeriesRegistry) -> None:
        """Takes note of a registry that this desk's own work has just changed."""
        self._registries[registry.slug] = registry

    @cached_property
    def evidence(self) -> Evidence:
        """Where statements are signed and wait to be logged. The first use in a new home makes its keys."""
        from resources.evidence import Evidence  # a plan signs nothing

        return Evidence(self.home)

    def models(self, *names: str) -> tuple[Mapping[str, Any], ...]:
        """Identities of pinned models, for a recipe."""
        return tuple(self.toolbox.identity(name) for name in names)
