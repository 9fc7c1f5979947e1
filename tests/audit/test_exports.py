"""Lineage for other tools says exactly what the statements say, in columns and events that keep their meaning."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import pandas as pd
import pyarrow.parquet as pq
import pytest
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.generated.base import BaseFacet
from openlineage.client.generated.dataset_version_dataset import DatasetVersionDatasetFacet
from openlineage.client.generated.job_type_job import JobTypeJobFacet
from openlineage.client.generated.processing_engine_run import ProcessingEngineRunFacet
from openlineage.client.serde import Serde

from audit.canonical import sha256_hex
from audit.decisions import Kind
from audit.exports.executed import Executed, of_record
from audit.exports.openlineage import events, run_id
from audit.exports.parquet import write_parquet
from audit.exports.tables import TABLES, as_markdown
from tests.audit.deciding import FILES, day, revoked, word
from tests.audit.made import Store, episode

DOCS = Path(__file__).parents[2] / "docs" / "lineage-tables.md"


@pytest.fixture
def made() -> tuple[dict[str, str], list[Executed]]:
    """A small episode whose still has been replaced."""
    store = Store()
    named = episode(store)
    return named, [of_record(store.record(digest), store.read, name != "still") for name, digest in named.items()]


@pytest.fixture
def tables(made: tuple[dict[str, str], list[Executed]], tmp_path: Path) -> dict[str, list[dict[str, Any]]]:
    counts = write_parquet(tmp_path, made[1])
    assert counts == {"artifacts": 6, "edges": 6, "prompts": 1, "approvals": 0, "costs": 5}
    return {table.name: pq.read_table(tmp_path / f"{table.name}.parquet").to_pylist() for table in TABLES}


def test_artifacts_say_what_was_made(made: tuple[dict[str, str], list[Executed]], tables: dict[str, list[dict[str, Any]]]) -> None:
    """One row a file, with the parts of its partition key, and whether it has been replaced."""
    named, executed = made
    [still] = [row for row in tables["artifacts"] if row["asset"] == "keyframe"]
    assert still == {
        "series": "tiny", "asset": "keyframe", "partition": "e001.sh010", "episode": "e001", "shot": "sh010", "language": None,
        "output": "still.png", "sha256": sha256_hex(b"still"), "size": 5, "media_type": "image/png", "statement": named["still"],
        "action": next(one for one in executed if one.statement.asset == "keyframe").statement.action, "code_version": "1",
        "made_at": datetime(2026, 1, 2, 3, 4, 6, 500_000, UTC), "current": False}
    assert {row["language"] for row in tables["artifacts"] if row["asset"] == "abr_rendition"} == {"en"}


def test_edges_lead_from_every_input_to_its_artifact(made: tuple[dict[str, str], list[Executed]],
                                                     tables: dict[str, list[dict[str, Any]]]) -> None:
    """Joined with the artifacts by statement, output and digest, no edge but those of sources is without a partner."""
    named, _ = made
    artifacts = {(row["statement"], row["output"], row["sha256"]) for row in tables["artifacts"]}
    from_made = [row for row in tables["edges"] if row["from_statement"] is not None]
    assert all((row["from_statement"], row["from_output"], row["sha256"]) in artifacts for row in from_made)
    [source] = [row for row in tables["edges"] if row["from_statement"] is None]
    assert source == {
        "series": "tiny", "statement": named["script"], "input": "script.json", "sha256": sha256_hex(b'"read"'),
        "media_type": "application/json", "from_statement": None, "from_asset": None, "from_partition": None,
        "from_output": None, "files": ["episodes/001.fountain"]}
    assert sorted(row["input"] for row in from_made if row["statement"] == named["film"]) == [
        "shots/sh010/360p/init.mp4", "shots/sh010/360p/seg000.m4s", "takes/1.wav"]


def test_prompts_and_costs(made: tuple[dict[str, str], list[Executed]], tables: dict[str, list[dict[str, Any]]]) -> None:
    """What a model was told, and what every action took."""
    named, _ = made
    [prompt] = tables["prompts"]
    assert (prompt["statement"], prompt["parameter"], prompt["text"], prompt["spoken_in"], prompt["voice"], prompt["models"]) == (
        named["take"], "text", "Look at it closely.", "en", "af_heart", ["kokoro.onnx"])
    assert sorted((row["asset"], row["seconds"], row["gpu_seconds"], row["usd"], row["models"]) for row in tables["costs"]) == [
        ("abr_rendition", 1.5, 0.5, 0.25, []), ("episode_package", 1.5, 0.5, 0.25, []), ("episode_script", 1.5, 0.5, 0.25, []),
        ("keyframe", 1.5, 0.5, 0.25, ["fonts/NotoSans-Bold.ttf"]), ("speech_take", 1.5, 0.5, 0.25, ["kokoro.onnx"])]


def test_pandas_reads_what_was_written(made: tuple[dict[str, str], list[Executed]], tmp_path: Path) -> None:
    """Times come as UTC, numbers as numbers, and an empty table has its columns."""
    write_parquet(tmp_path, made[1])
    costs, approvals = (pd.read_parquet(tmp_path / f"{name}.parquet") for name in ("costs", "approvals"))
    assert costs.groupby("episode")["usd"].sum().to_dict() == {"e001": 1.25}
    assert str(costs["began_at"].dtype) == "datetime64[ms, UTC]"
    assert (len(approvals), "covers" in approvals.columns) == (0, True)


def test_the_documented_columns_are_those_that_are_written() -> None:
    """docs/lineage-tables.md is the contract; a changed column shows up there, on purpose or not at all."""
    assert as_markdown() in DOCS.read_text(encoding="utf-8")


def test_openlineage_knows_the_events(made: tuple[dict[str, str], list[Executed]]) -> None:
    """Built anew from the events with OpenLineage's own validating classes, they come out the same."""
    named, executed = made
    told = list(events(executed, ("microdrama", "0.1.0")))
    assert len(told) == 2 * len(executed)
    for event in told:
        rebuilt = RunEvent(
            eventTime=event["eventTime"], eventType=RunState(event["eventType"]), producer=event["producer"],
            run=Run(event["run"]["runId"], {
                "processing_engine": _facet(ProcessingEngineRunFacet, event["run"]["facets"]["processing_engine"]),
                "microdrama_action": _Own(**_told(event["run"]["facets"]["microdrama_action"]))}),
            job=Job(event["job"]["namespace"], event["job"]["name"], {
                "jobType": _facet(JobTypeJobFacet, event["job"]["facets"]["jobType"])}),
            inputs=[_dataset(InputDataset, entry) for entry in event["inputs"]],
            outputs=[_dataset(OutputDataset, entry) for entry in event["outputs"]])
        assert _comparable(Serde.to_dict(rebuilt)) == _comparable(event)
    film = next(event for event in told if event["eventType"] == "COMPLETE" and event["job"]["name"] == "episode_package.e001@en")
    assert film["run"]["runId"] == run_id(named["film"])
    assert [entry["name"] for entry in film["inputs"]] == [
        "abr_rendition/e001.sh010@en/360p/init.mp4", "abr_rendition/e001.sh010@en/360p/seg000.m4s", "speech_take/e001/take.wav"]
    assert [(entry["name"], entry["facets"]["version"]["datasetVersion"]) for entry in film["outputs"]] == [
        ("episode_package/e001@en/episode.mp4", f"sha256:{sha256_hex(b'film')}")]


@attrs.define
class _Own(BaseFacet):
    """Our own run facet, of any content."""

    statement: str
    action: str
    codeVersion: str
    params: dict[str, Any]
    tools: dict[str, str]
    models: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    seconds: float
    gpuSeconds: float
    usd: float


def _told(facet: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facet.items() if not name.startswith("_")}


def _facet(kind: Any, facet: dict[str, Any]) -> Any:
    made = kind(**_told(facet))
    assert made._schemaURL == facet["_schemaURL"]
    return made


def _dataset(kind: Any, entry: dict[str, Any]) -> Any:
    return kind(entry["namespace"], entry["name"],
                facets={"version": _facet(DatasetVersionDatasetFacet, entry["facets"]["version"])})


def _comparable(value: Any) -> Any:
    """Without what the library fills in for its own producer and leaves out where it is empty."""
    if isinstance(value, dict):
        return {name: _comparable(inner) for name, inner in value.items()
                if name not in ("_producer", "_schemaURL", "schemaURL", "eventType") and inner not in ({}, [], None)}
    return [_comparable(inner) for inner in value] if isinstance(value, list) else value


def test_approvals_are_the_decisions_of_the_log(made: tuple[dict[str, str], list[Executed]], tmp_path: Path) -> None:
    """Who decided what over which bytes and when; a signature that does not hold is told as such, not left out."""
    decisions = [word("Ana", Kind.APPROVAL, 1), word("Ben", Kind.REJECTION, 2, market="us"),
                 word("Ana", Kind.NOTE, 5, trust=revoked("Ana", day(5)))]
    write_parquet(tmp_path, made[1], decisions)
    rows = pq.read_table(tmp_path / "approvals.parquet").to_pylist()
    assert [(row["decision"], row["role"], row["markets"], row["problem"]) for row in rows] == [
        ("approve", "producer", ["*"], None), ("reject", "compliance", ["us"], None), ("note", "", ["*"], "KeyRevoked")]
    assert rows[0] == {**rows[0], "series": "locket", "episode": "e001", "covers": sorted(FILES.values()), "note": "because",
                       "logged_at": datetime(2026, 3, 1, 12, tzinfo=UTC), "statement": decisions[0].statement}
