"""The plan: for every partition, whether it stands on the current sources, and if not, why.

It asks the desk for exactly the actions that rendering would perform, so a plan of a fresh build is empty.
Content-stale: something that people wrote changed. Recipe-drifted: a model, tool, parameter or code version changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from microdrama_assets.graph.action import Action, Result
from microdrama_assets.graph.desk import Desk, NotReady
from microdrama_assets.graph.key import Key
from microdrama_assets.schemas.errors import MicrodramaError
from partitions.errors import PartitionError
from resources.errors import ResourceError


class Verdict(StrEnum):
    FRESH = "fresh"
    STALE = "stale"
    DRIFTED = "drifted"
    MISSING = "missing"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Entry:
    """One partition's verdict.

    `cause` is for people; `chain` leads from this partition up to where the change began. `cached` says that
    the result is already in the action cache, so that rendering only records it. `seconds` and `usd` are what the
    last action of this partition took (0 where cached or fresh, None where nothing is known yet).
    """

    asset: str
    key: Key
    verdict: Verdict
    cause: str
    chain: tuple[str, ...] = ()
    cached: bool = False
    seconds: float | None = 0.0
    usd: float | None = 0.0

    @property
    def partition(self) -> str:
        return str(self.key)


class Planner:
    """Verdicts over one desk. Ask in dependency order, so that causes are known before their effects."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._entries: dict[tuple[str, Key], Entry] = {}

    def plan(self, wanted: Iterable[tuple[str, Key]]) -> list[Entry]:
        """One entry for each asset and key, in the order given."""
        return [self.entry(asset, key) for asset, key in wanted]

    def entry(self, asset: str, key: Key) -> Entry:
        """The verdict on one partition."""
        found = self._entries.get((asset, key))
        if found is None:
            found = self._entries[asset, key] = self._judge(asset, key)
        return found

    def _judge(self, asset: str, key: Key) -> Entry:
        head = self.desk.home.cache.head(key.series, asset, key.partition)
        try:
            action = self.desk.action(asset, key)
            result = self.desk.find(asset, key)
        except NotReady as upstream:
            return self._waiting(asset, key, head, upstream)
        except (MicrodramaError, ResourceError, PartitionError) as error:
            return Entry(asset, key, Verdict.BLOCKED, str(error), seconds=None, usd=None)
        if result is not None and head == action.digest:
            return Entry(asset, key, Verdict.FRESH, "nothing changed")
        if head is None:
            cost = (0.0, 0.0) if result else (None, None)
            cause = "made already, not yet recorded here" if result else "never made"
            return Entry(asset, key, Verdict.MISSING, cause, cached=result is not None, seconds=cost[0], usd=cost[1])
        return self._changed(asset, key, action, self._last(head), result)

    def _last(self, head: str) -> Result | None:
        record = self.desk.home.cache.get(head)
        return None if record is None else Result.from_record(record)

    def _waiting(self, asset: str, key: Key, head: str | None, upstream: NotReady) -> Entry:
        above = self.entry(upstream.asset, upstream.key)
        if above.verdict is Verdict.BLOCKED:
            verdict = Verdict.BLOCKED
        elif head is None:
            verdict = Verdict.MISSING
        else:
            verdict = above.verdict if above.verdict is Verdict.DRIFTED else Verdict.STALE
        last = self._last(head) if head else None
        here = f"{upstream.asset} {upstream.key.partition}"
        return Entry(asset, key, verdict, above.cause, (here, *above.chain), seconds=last.seconds if last else None,
                     usd=last.usd if last else None)

    def _changed(self, asset: str, key: Key, action: Action, last: Result | None, result: Result | None) -> Entry:
        cost = (0.0, 0.0) if result is not None else (last.seconds, last.usd) if last else (None, None)
        if last is None:
            return Entry(asset, key, Verdict.MISSING, "its last result is gone", seconds=None, usd=None)
        content, recipe = differences(last.recipe, action)
        if content or not recipe:
            chain = tuple(content)
            cause = self._explain(asset, key, action, content)
            return Entry(asset, key, Verdict.STALE, cause, chain, result is not None, *cost)
        return Entry(asset, key, Verdict.DRIFTED, "; ".join(recipe), (), result is not None, *cost)

    def _explain(self, asset: str, key: Key, action: Action, content: Sequence[str]) -> str:
        files = [str(source["file"]) for source in action.sources if _names_source(source, content)]
        if files:
            return ", ".join(f"{file} changed" for file in dict.fromkeys(files))
        return ", ".join(f"{name} changed" for name in content) or "its recipe changed"


def _names_source(source: Mapping[str, Any], content: Sequence[str]) -> bool:
    return bool(content) and "file" in source


def differences(old: Mapping[str, Any], action: Action) -> tuple[list[str], list[str]]:
    """What differs between a recorded recipe and an action: names of inputs, and recipe changes in words."""
    new = action.recipe
    names = sorted({*old["inputs"], *new["inputs"]})
    content = [name for name in names if old["inputs"].get(name) != new["inputs"].get(name)]
    recipe = []
    if old["code_version"] != new["code_version"]:
        recipe.append(f"code version {old['code_version']} -> {new['code_version']}")
    for what in ("params", "tools"):
        for name in sorted({*old[what], *new[what]}):
            if old[what].get(name) != new[what].get(name):
                recipe.append(f"{name} {_short(old[what].get(name))} -> {_short(new[what].get(name))}")
    before = {model["name"]: model for model in old["models"]}
    after = {model["name"]: model for model in new["models"]}
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            recipe.append(f"model {name} {_revision(before.get(name))} -> {_revision(after.get(name))}")
    return content, recipe


def _short(value: Any) -> str:
    text = "none" if value is None else str(value)
    return text if len(text) <= 24 else text[:21] + "..."


def _revision(model: Mapping[str, Any] | None) -> str:
    return "none" if model is None else f"{model['revision']} ({model['sha256'][:8]})"
