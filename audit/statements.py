"""What each executed action leaves behind: an in-toto Statement v1 with SLSA v1 provenance as its predicate.

Sources: in-toto attestation framework, Statement v1; SLSA provenance v1. Subjects are the outputs; resolved
dependencies are the inputs, each with the statement that made it, so that statements form a graph from a delivered
file back to what people wrote. Statements are stored unsigned, by digest.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://slsa.dev/provenance/v1"
BUILD_TYPE = "urn:microdrama:action:v1"
SERVICE = "service"
"""Byproduct: one call of an outside service. An action that called none has none."""


@dataclass(frozen=True)
class Material:
    """One input: its role, digest, and the artifact it was taken from (None for a source)."""

    name: str
    sha256: str
    media_type: str
    origin: Mapping[str, str] | None


@dataclass(frozen=True)
class Service:
    """A call of an outside service: which, what for, what it was given (SHA-256 by name of each prompt and file, never
    their content), and when (RFC 3339)."""

    service: str
    purpose: str
    received: Mapping[str, str]
    at: str

    def record(self) -> dict[str, Any]:
        received = [{"name": name, "digest": {"sha256": sha256}} for name, sha256 in sorted(self.received.items())]
        return {"service": self.service, "purpose": self.purpose, "received": received, "at": self.at}


def of_action(
    *, action_digest: str, series: str, asset: str, partition: str, code_version: str, params: Mapping[str, Any],
    models: Sequence[Mapping[str, Any]], tools: Mapping[str, str], materials: Sequence[Material],
    sources: Sequence[Mapping[str, Any]], subjects: Mapping[str, str], began: str, seconds: float, usd: float,
    byproducts: Mapping[str, Any], gpu_seconds: float = 0.0, services: Sequence[Service] = (),
) -> dict[str, Any]:
    """The statement of one executed action. `began` is RFC 3339, `seconds` wall time, `gpu_seconds` time on
    accelerators, `usd` what was paid, `services` whatever left this machine."""
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"sha256": sha}} for name, sha in sorted(subjects.items())],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {"series": series, "asset": asset, "partition": partition,
                                       "sources": [dict(source) for source in sources]},
                "internalParameters": {"codeVersion": code_version, "params": dict(params),
                                       "models": [dict(model) for model in models], "tools": dict(tools),
                                       "actionDigest": action_digest},
                "resolvedDependencies": [_dependency(material) for material in materials],
            },
            "runDetails": {
                "builder": {"id": "urn:microdrama:renderer:v1",
                            "version": {"python": platform.python_version(), "system": platform.system(),
                                        "machine": platform.machine()}},
                "metadata": {"invocationId": action_digest, "startedOn": began},
                "byproducts": [{"name": "cost", "annotations": {"seconds": seconds, "gpu_seconds": gpu_seconds,
                                                                "usd": usd}},
                               {"name": "measurements", "annotations": dict(byproducts)},
                               *({"name": SERVICE, "annotations": service.record()} for service in services)],
            },
        },
    }


def _dependency(material: Material) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": material.name, "digest": {"sha256": material.sha256}, "mediaType": material.media_type,
    }
    if material.origin is not None:
        described["annotations"] = dict(material.origin)
    return described
