"""Lineage as OpenLineage events (2-0-2), a START and a COMPLETE for each executed action, for any catalogue that takes
them. They are written to a file; nothing is sent.

A run's id follows from its statement, so that exporting twice tells of the same runs.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from audit.exports.executed import Executed

EVENT = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
_FACETS = "https://openlineage.io/spec/facets/"
_SCHEMAS = {
    "version": "1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet",
    "jobType": "2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet",
    "processing_engine": "1-1-1/ProcessingEngineRunFacet.json#/$defs/ProcessingEngineRunFacet",
}
OWN = "urn:microdrama:openlineage:action:v1"
"""Schema of our own run facet: statement, action, models, tools, parameters, cost."""


def events(executed: Iterable[Executed], generator: tuple[str, str]) -> Iterator[dict[str, Any]]:
    """Events in the order in which actions began. `generator` is name and version of what tells them."""
    producer = f"urn:{generator[0]}:{generator[1]}"
    for one in sorted(executed, key=lambda one: (one.began, one.statement.digest)):
        yield _event(one, "START", one.began, producer, generator)
        yield _event(one, "COMPLETE", one.ended, producer, generator)


def as_lines(told: Iterable[Mapping[str, Any]]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(event, sort_keys=True, ensure_ascii=False) + "\n" for event in told)


def run_id(statement: str) -> str:
    """The run id of the action with this statement (UUID version 5)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:microdrama:statement:{statement}"))


def _event(one: Executed, kind: str, at: datetime, producer: str, generator: tuple[str, str]) -> dict[str, Any]:
    made, namespace = one.statement, f"microdrama://{one.statement.series}"
    outputs = [_dataset(namespace, f"{made.asset}/{made.partition}/{name}", output.sha256, producer)
               for name, output in one.outputs.items()]
    return {
        "eventType": kind, "eventTime": at.isoformat(timespec="milliseconds"), "producer": producer, "schemaURL": EVENT,
        "run": {"runId": run_id(made.digest), "facets": _run_facets(one, producer, generator)},
        "job": {"namespace": namespace, "name": f"{made.asset}.{made.partition}", "facets": {
            "jobType": _facet("jobType", producer, processingType="BATCH", integration="MICRODRAMA", jobType="ASSET")}},
        "inputs": _inputs(one, namespace, producer), "outputs": outputs if kind == "COMPLETE" else [],
    }


def _inputs(one: Executed, namespace: str, producer: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    for entry in one.statement.dependencies:
        origin = entry.origin
        name = (f"{origin.asset}/{origin.partition}/{origin.output}" if origin is not None
                else f"sources/{one.statement.asset}/{one.statement.partition}/{entry.name}")
        told.append(_dataset(namespace, name, entry.sha256, producer))
    return told


def _dataset(namespace: str, name: str, sha256: str, producer: str) -> dict[str, Any]:
    return {"namespace": namespace, "name": name,
            "facets": {"version": _facet("version", producer, datasetVersion=f"sha256:{sha256}")}}


def _run_facets(one: Executed, producer: str, generator: tuple[str, str]) -> dict[str, Any]:
    made = one.statement
    return {
        "processing_engine": _facet("processing_engine", producer, name=generator[0], version=generator[1]),
        "microdrama_action": {
            "_producer": producer, "_schemaURL": OWN, "statement": made.digest, "action": made.action,
            "codeVersion": made.code_version, "params": dict(made.params), "tools": dict(made.tools),
            "models": [dict(model) for model in made.models], "sources": [dict(source) for source in made.sources],
            "seconds": made.seconds, "gpuSeconds": one.gpu_seconds, "usd": made.usd,
        },
    }


def _facet(facet: str, producer: str, **told: Any) -> dict[str, Any]:
    return {"_producer": producer, "_schemaURL": _FACETS + _SCHEMAS[facet], **told}
