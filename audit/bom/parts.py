"""Everything in a world of statements as one list: models, fonts, data, tools, sources and what was delivered.

Nothing but the statements is asked, so the list holds exactly what they name. It is sorted and says nothing of when or
where it was drawn up: the same statements give the same bill.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from audit import canonical
from audit.closed_world import World
from audit.errors import EvidenceError
from audit.kinds import Kind, kind_of

NAMESPACE = "urn:microdrama:bom:"
PartKind = Literal["model", "font", "data", "library", "program", "source"]
_PROGRAM_FIELDS = (" sha256", " version")
"""A program is told by two entries (`ffmpeg version`, `ffmpeg sha256`), a library by its name alone."""


class InvalidBom(EvidenceError):
    """A bill of materials that its own standard's validator refuses."""


@dataclass(frozen=True)
class Part:
    """One thing that was used. `used_by` are assets."""

    kind: PartKind
    name: str
    version: str = ""
    sha256: str = ""
    licence: str = ""
    """SPDX expression."""
    source: str = ""
    """Where it is had from, as the statements say it (`pypi:numpy==2.4.6`), or the files that people wrote."""
    used_by: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """Unique in a bill."""
        return f"{self.kind}:{self.name}@{self.sha256 or self.version}"

    @property
    def purl(self) -> str:
        """Package URL, or nothing where it is had from several packages or none."""
        if self.kind == "library":
            return f"pkg:pypi/{self.name}@{self.version}"
        registry, _, named = self.source.partition(":")
        separator = {"pypi": "==", "npm": "@"}.get(registry)
        if separator is None or "+" in named or separator not in named[1:]:
            return ""
        name, _, version = named.rpartition(separator)
        return f"pkg:{registry}/{name.replace('@', '%40')}@{version}"


@dataclass(frozen=True)
class Bill:
    """The parts of some deliveries, and the files that were delivered."""

    name: str
    parts: tuple[Part, ...]
    delivered: Mapping[str, str]
    """SHA-256 of each file by `<partition>/<name>`."""
    drawn_from: str
    """When the youngest of the statements was made: RFC 3339."""
    identity: uuid.UUID
    """The same for the same statements and parts."""


@dataclass
class _Uses:
    part: Part
    assets: set[str] = field(default_factory=set[str])


def bill_of(world: World, name: str) -> Bill:
    """The bill of a closed world. Raises InvalidBom where something in it cannot be accounted for."""
    if not world.closed:
        told = "; ".join(str(one) for one in world.dangling[:3])
        raise InvalidBom(f"{len(world.dangling)} inputs cannot be accounted for: {told}", name,
                         "Nothing is listed that is not proven; render again, or restore what is missing")
    found: dict[str, _Uses] = {}
    for statement in world.statements.values():
        for part in (*map(_of_model, statement.models), *_of_tools(statement.tools),
                     Part("program", "python", statement.builder.get("python", ""))):
            found.setdefault(part.reference, _Uses(part)).assets.add(statement.asset)
    for source in world.sources.values():
        part = Part("source", source.name, "", source.sha256, "", ", ".join(source.files))
        found.setdefault(part.reference, _Uses(part)).assets.add(source.asset)
    parts = tuple(replace(uses.part, used_by=tuple(sorted(uses.assets))) for _, uses in sorted(found.items()))
    delivered = {f"{world.statements[root].partition}/{output}": digest for root in world.roots
                 for output, digest in sorted(world.statements[root].subjects.items())}
    youngest = max(statement.began for statement in world.statements.values())
    seed = canonical.digest("bom", [name, sorted(world.statements), [part.reference for part in parts]])
    return Bill(name, parts, delivered, youngest, uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE + seed))


def _of_model(model: Mapping[str, Any]) -> Part:
    kind: Kind = kind_of(model)
    return Part(kind, str(model["name"]), str(model["revision"]), str(model["sha256"]), str(model["licence"]),
                str(model.get("source", "")))


def _of_tools(tools: Mapping[str, str]) -> list[Part]:
    programs = sorted({key.removesuffix(ending) for key in tools for ending in _PROGRAM_FIELDS if key.endswith(ending)})
    told = {name: [tools.get(name + ending, "") for ending in _PROGRAM_FIELDS] for name in programs}
    rest = sorted(key for key in tools if not key.endswith(_PROGRAM_FIELDS))
    return [*(Part("program", name, version, sha256) for name, (sha256, version) in told.items()),
            *(Part("library", name, tools[name]) for name in rest)]
