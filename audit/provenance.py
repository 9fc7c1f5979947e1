"""An action's statement as a typed record, so that whoever reads statements asks for fields by name.

`audit/statements.py` writes them; this reads them back and refuses whatever is not one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from audit.canonical import sha256_hex
from audit.envelopes import statement_of
from audit.errors import EvidenceError, StatementMalformed
from audit.statements import BUILD_TYPE, SERVICE, STATEMENT_TYPE, Service

Read = Callable[[str], bytes]
"""Bytes of an object by its hex SHA-256."""


class StatementError(EvidenceError):
    """An object that should be the statement of an action and is not, or cannot be read."""


@dataclass(frozen=True)
class Origin:
    """The output an input was taken from, and the statement that made it."""

    asset: str
    partition: str
    output: str
    statement: str


@dataclass(frozen=True)
class Dependency:
    """One input. `origin` is None for what people wrote."""

    name: str
    sha256: str
    media_type: str
    origin: Origin | None


@dataclass(frozen=True)
class ActionStatement:
    """What one executed action left behind. `digest` names the stored statement."""

    digest: str
    action: str
    series: str
    asset: str
    partition: str
    code_version: str
    params: Mapping[str, Any]
    models: tuple[Mapping[str, Any], ...]
    """Identity of each model, font or dictionary file: name, source, revision, sha256, licence."""
    tools: Mapping[str, str]
    sources: tuple[Mapping[str, Any], ...]
    """Files, and where told the lines and shot, that people wrote."""
    dependencies: tuple[Dependency, ...]
    subjects: Mapping[str, str]
    """SHA-256 of each output by its name."""
    began: str
    """RFC 3339."""
    seconds: float
    usd: float
    gpu_seconds: float
    builder: Mapping[str, str]
    services: tuple[Service, ...] = ()
    """Outside services that were called, in order."""

    @property
    def place(self) -> str:
        """`asset partition`, as a person names it."""
        return f"{self.asset} {self.partition}"


def load_statement(read: Read, digest: str) -> ActionStatement:
    """The statement stored under a digest. Raises StatementError; errors of `read` pass through."""
    data = read(digest)
    if sha256_hex(data) != digest:
        raise StatementError(f"object {digest} holds bytes with sha256 {sha256_hex(data)}")
    try:
        return parse_statement(statement_of(data), digest)
    except (StatementMalformed, ValueError, KeyError, TypeError, StopIteration) as error:
        told = f"{type(error).__name__}: {error}"
        raise StatementError(f"object {digest} is no statement of an action ({told})") from error


def parse_statement(statement: Mapping[str, Any], digest: str) -> ActionStatement:
    """A decoded statement as a record. Raises KeyError, TypeError or ValueError where it is none."""
    definition, run = statement["predicate"]["buildDefinition"], statement["predicate"]["runDetails"]
    if statement["_type"] != STATEMENT_TYPE or definition["buildType"] != BUILD_TYPE:
        raise ValueError(f"it is of type {statement['_type']}, {definition['buildType']}")
    external, internal = definition["externalParameters"], definition["internalParameters"]
    cost = next(entry["annotations"] for entry in run["byproducts"] if entry["name"] == "cost")
    return ActionStatement(
        digest=digest, action=internal["actionDigest"], series=external["series"], asset=external["asset"],
        partition=external["partition"], code_version=internal["codeVersion"], params=internal["params"],
        models=tuple(internal["models"]), tools=internal["tools"], sources=tuple(external["sources"]),
        dependencies=tuple(_dependency(entry) for entry in definition["resolvedDependencies"]),
        subjects={subject["name"]: subject["digest"]["sha256"] for subject in statement["subject"]},
        began=run["metadata"]["startedOn"], seconds=float(cost["seconds"]), usd=float(cost["usd"]),
        gpu_seconds=float(cost.get("gpu_seconds", 0.0)), builder=run["builder"]["version"],
        services=tuple(_service(entry["annotations"]) for entry in run["byproducts"] if entry["name"] == SERVICE),
    )


def _service(told: Mapping[str, Any]) -> Service:
    received = {str(one["name"]): str(one["digest"]["sha256"]) for one in told["received"]}
    return Service(str(told["service"]), str(told["purpose"]), received, str(told["at"]))


def _dependency(entry: Mapping[str, Any]) -> Dependency:
    told = entry.get("annotations")
    origin = None if told is None else Origin(told["asset"], told["partition"], told["output"], told["statement"])
    return Dependency(entry["name"], entry["digest"]["sha256"], entry["mediaType"], origin)
