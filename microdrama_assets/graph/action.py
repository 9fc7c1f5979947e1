"""What an artifact is made from, as a record with a digest; and what came out, as another.

Two actions with one digest make the same artifact. Only what can change output bytes enters the digest: the asset,
its code version, parameters, model identities, tool versions and the digests of inputs. Where an input came from and
which source lines it stands on are told beside, for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from audit import canonical


@dataclass(frozen=True)
class Blob:
    """One stored object with the type its readers should expect."""

    digest: str
    size: int
    media_type: str


@dataclass(frozen=True)
class Origin:
    """Which artifact an input was taken from: asset, partition, its output's name, and the statement that made it."""

    asset: str
    partition: str
    output: str
    statement: str


@dataclass(frozen=True)
class Input:
    blob: Blob
    origin: Origin | None = None
    """None for what people wrote: a source."""


@dataclass(frozen=True)
class Action:
    """The recipe of one artifact."""

    asset: str
    code_version: str
    params: Mapping[str, Any] = field(default_factory=dict)
    models: tuple[Mapping[str, Any], ...] = ()
    """Identity of each model: name, source, revision, sha256, licence."""
    tools: Mapping[str, str] = field(default_factory=dict)
    """Versions of libraries and programs that touch bytes."""
    inputs: Mapping[str, Input] = field(default_factory=dict)
    sources: tuple[Mapping[str, Any], ...] = ()
    """Files and lines people wrote that this stands on, at the time of making. Not in the digest."""

    @cached_property
    def recipe(self) -> dict[str, Any]:
        """The part that is hashed."""
        return {
            "asset": self.asset,
            "code_version": self.code_version,
            "params": self.params,
            "models": [{"name": m["name"], "sha256": m["sha256"], "revision": m["revision"]} for m in self.models],
            "tools": self.tools,
            "inputs": {name: entry.blob.digest for name, entry in self.inputs.items()},
        }

    @cached_property
    def digest(self) -> str:
        return canonical.digest("action", self.recipe)


@dataclass(frozen=True)
class Result:
    """What an action made: outputs by name, the statement that says so, and what it took."""

    action: str
    asset: str
    partition: str
    outputs: Mapping[str, Blob]
    statement: str
    seconds: float
    usd: float
    """What it cost at the rates of its time, services included."""
    recipe: Mapping[str, Any]
    gpu_seconds: float = 0.0
    charges_usd: float = 0.0
    """What outside services charged for it."""

    @cached_property
    def version(self) -> str:
        """Digest of all outputs: equal exactly when nothing a reader can see has changed."""
        return canonical.digest("outputs", {name: blob.digest for name, blob in self.outputs.items()})

    def handed_on(self, name: str) -> Input:
        """One of the outputs as what another action takes. Raises KeyError where there is none of that name."""
        return Input(self.outputs[name], Origin(self.asset, self.partition, name, self.statement))

    def to_json(self) -> bytes:
        return canonical.encode({"format": 1, **asdict(self)})

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Result:
        fields = {name: value for name, value in record.items() if name != "format"}
        outputs = {name: Blob(**blob) for name, blob in fields.pop("outputs").items()}
        return cls(outputs=outputs, **fields)
