"""Why a partition is to be made again: from the bytes that differ, up through what made them, to what people changed.

It compares the recipe that a partition was last made by with the one wanted now, follows each differing input to the
action that made it then and to the one that makes it now, and so on up to a source, whose step says what changed in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from microdrama_assets.graph.action import Action, Origin, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.differences import differences
from microdrama_assets.graph.key import Key
from resources.errors import ResourceError

DERIVED = ("breakdown ", "shots ", "languages ")
"""Parameters that follow from content: not told beside the content that changed them."""
MOST_NAMED = 3
"""Changes that one cause names; more are counted."""


@dataclass(frozen=True)
class Change:
    """One thing that changed: in words, and where it stands, if it stands in a file."""

    text: str
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Cause:
    """`changes` in the order of the graph; `chain` leads from the partition's inputs up to where they began."""

    changes: tuple[Change, ...]
    chain: tuple[str, ...] = ()
    content: bool = True
    """Whether something that people wrote is among the changes, and not only recipes."""

    @property
    def text(self) -> str:
        texts = list(dict.fromkeys(change.text for change in self.changes))
        more = len(texts) - MOST_NAMED
        return "; ".join(texts[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")


class Causes:
    """Causes over one desk. Each pair of actions is compared once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._known: dict[tuple[str, str], Cause] = {}

    def of(self, asset: str, key: Key, last: Result, action: Action) -> Cause:
        """Why `action` is wanted where `last` was made."""
        found = self._known.get((last.action, action.digest))
        if found is None:
            found = self._known[last.action, action.digest] = self._compare(asset, key, last, action)
        return found

    def _compare(self, asset: str, key: Key, last: Result, action: Action) -> Cause:
        content, recipe = differences(last.recipe, action)
        causes = [self._of_input(asset, key, name, last, action) for name in content]
        told = [cause for cause in causes if cause.changes]
        changes = [change for cause in told for change in cause.changes]
        chain = max((cause.chain for cause in told), key=len, default=())
        if not changes and content:
            changes = [Change(", ".join(f"{name} changed" for name in content[:MOST_NAMED]))]
        changes += [Change(text) for text in recipe if not (content and _follows(text))]
        is_content = any(cause.content for cause in told) if told else bool(content)
        return Cause(tuple(dict.fromkeys(changes)), chain, is_content)

    def _of_input(self, asset: str, key: Key, name: str, last: Result, action: Action) -> Cause:
        new, then = action.inputs.get(name), self._origins(last).get(name)
        if new is not None and new.origin is not None:
            return self._of_origin(key.series, new.origin, then)
        if new is None and then is not None:
            here = f"{then['asset']} {then['partition']}"
            return Cause((Change(f"{here} is no longer part of it"),), (here,))
        step = self.desk.steps.get(asset)
        if step is None or step.describe is None:
            return Cause(())
        old = last.recipe["inputs"].get(name)
        before = self._stored(old) if old is not None else None
        changes = step.describe(self.desk, key, name, before, self.desk.read(new.blob) if new is not None else None)
        return Cause(tuple(changes), tuple(dict.fromkeys(change.file for change in changes if change.file)))

    def _of_origin(self, series: str, origin: Origin, then: Mapping[str, str] | None) -> Cause:
        """Where another partition made the very same bytes first, its history is not this one's: ours counts."""
        here = f"{origin.asset} {origin.partition}"
        if then is None:
            return Cause((Change(f"{here} is new in it"),), (here,))
        key = Key.of(self.desk.steps[origin.asset].scope, series, origin.partition)
        shared = (then["asset"], then["partition"]) != (origin.asset, origin.partition)
        before = self.desk.last(origin.asset, key) if shared else self._made_by(then["statement"])
        wanted = self.desk.action(origin.asset, key)
        if before is None or before.action == wanted.digest:
            return Cause((Change(f"{here} changed"),), (here,))
        above = self.of(origin.asset, key, before, wanted)
        return Cause(_relevant(above.changes, wanted, origin.output), (here, *above.chain), above.content)

    def _origins(self, result: Result) -> dict[str, Mapping[str, str]]:
        """The artifact that each input of a result's action was taken from; none where its statement is gone."""
        definition = self._definition(result.statement)
        return {entry["name"]: entry["annotations"] for entry in definition.get("resolvedDependencies", ())
                if "annotations" in entry}

    def _made_by(self, statement: str) -> Result | None:
        """The result that a statement tells of."""
        action = self._definition(statement).get("internalParameters", {}).get("actionDigest")
        return self.desk.made(action) if action else None

    def _definition(self, statement: str) -> Mapping[str, Any]:
        def read() -> Mapping[str, Any]:
            data = self._stored(statement)
            return {} if data is None else json.loads(data)["predicate"]["buildDefinition"]

        return self.desk.remember(("definition", statement), read)

    def _stored(self, digest: str) -> bytes | None:
        try:
            return self.desk.written.get(digest) or self.desk.home.objects.get(digest)
        except ResourceError:
            return None


def _follows(text: str) -> bool:
    """Whether a change of recipe follows from content: another voice is another model, not a new revision of one."""
    other_model = text.startswith("model ") and (" none -> " in text or text.endswith(" -> none"))
    return other_model or text.startswith(DERIVED)


def _relevant(changes: Sequence[Change], action: Action, output: str) -> tuple[Change, ...]:
    """Of an episode's changed lines only those of the shot whose facet was taken; all, where none is of that shot."""
    spans = [(source["file"], *source["lines"]) for source in action.sources
             if source.get("lines") and f"/{source.get('shot')}." in output]
    mine = [change for change in changes if change.line is not None and any(
        change.file == file and first <= change.line <= last for file, first, last in spans)]
    return tuple(mine or changes)
