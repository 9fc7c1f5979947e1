"""From an artifact back to what people wrote: a walk over statements, each naming the statements its inputs came from.

Needs nothing but a way to read objects by digest, so it works on a copy of a store as well as on the store itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from audit.statements import BUILD_TYPE

Read = Callable[[str], bytes]


class LineageError(Exception):
    """A statement that is missing, or is no statement of an action."""


@dataclass(frozen=True)
class Node:
    """One artifact: which asset's partition, what it was made with, and what it was made from."""

    asset: str
    partition: str
    statement: str
    inputs: tuple[str, ...]
    """Names of its outputs that its reader took; empty at the root."""
    models: tuple[Mapping[str, Any], ...] = ()
    sources: tuple[Mapping[str, Any], ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])
    began: str = ""
    seconds: float = 0.0
    seen: bool = False
    """Its own inputs were told at an earlier place in the tree."""
    children: tuple[Node, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def walk(self) -> list[Node]:
        """This node and everything below it."""
        return [self, *(node for child in self.children for node in child.walk())]


def trace(read: Read, statement: str, only: Collection[str] | None = None) -> Node:
    """The tree above one statement. `only` restricts the root to these of its inputs. Raises LineageError."""
    return _trace(read, statement, (), only, set())


def _trace(read: Read, digest: str, taken: tuple[str, ...], only: Collection[str] | None, seen: set[str]) -> Node:
    predicate = _predicate(read, digest)
    definition, run = predicate["buildDefinition"], predicate["runDetails"]
    external, internal = definition["externalParameters"], definition["internalParameters"]
    node = Node(
        asset=external["asset"], partition=external["partition"], statement=digest, inputs=taken,
        models=tuple(internal["models"]), sources=_relevant(external["sources"], taken), params=internal["params"],
        began=run["metadata"]["startedOn"], seconds=run["byproducts"][0]["annotations"]["seconds"],
    )
    if digest in seen:
        return replace(node, seen=True)
    seen.add(digest)
    above = _producers(definition["resolvedDependencies"], only)
    children = tuple(_trace(read, producer, names, None, seen) for producer, names in above.items())
    return replace(node, children=children)


def _producers(dependencies: list[Mapping[str, Any]], only: Collection[str] | None) -> dict[str, tuple[str, ...]]:
    """Statement of each producer, with the names of its outputs that were taken, in the order of the inputs."""
    found: dict[str, tuple[str, ...]] = {}
    for dependency in dependencies:
        producer = dependency.get("annotations", {}).get("statement")
        if producer is not None and (only is None or dependency["name"] in only):
            found[producer] = (*found.get(producer, ()), dependency["annotations"]["output"])
    return found


def _relevant(sources: list[Mapping[str, Any]], taken: tuple[str, ...]) -> tuple[Mapping[str, Any], ...]:
    """Source lines that belong to the outputs taken: all of them, but for lines of shots that were not."""
    named = [source for source in sources if any(f"/{source.get('shot')}." in output for output in taken)]
    return tuple(named or sources)


def _predicate(read: Read, digest: str) -> Mapping[str, Any]:
    try:
        statement = json.loads(read(digest))
        predicate = statement["predicate"]
        if predicate["buildDefinition"]["buildType"] != BUILD_TYPE:
            raise LineageError(f"object {digest} is a statement of another kind than an action's")
    except (ValueError, KeyError, TypeError) as error:
        raise LineageError(f"object {digest} is no statement of an action") from error
    return predicate
