"""Lineage as five tables with fixed columns: artifacts, edges, prompts, approvals, costs.

The columns are the contract with whoever queries them, told in docs/lineage-tables.md, which is made from here. A
column's meaning never changes; new ones go to the end, and FORMAT is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from audit.decisions import ON_EPISODES, Decision, Kind
from audit.exports.executed import Executed
from audit.instants import is_instant

FORMAT = "2"
Type = Literal["string", "int64", "float64", "bool", "timestamp", "list<string>"]
Row = Mapping[str, Any]
PROMPTS = ("text", "prompt", "negative_prompt")
"""Parameters that hold what a model was told."""


@dataclass(frozen=True)
class Column:
    name: str
    type: Type
    means: str
    nullable: bool = False


@dataclass(frozen=True)
class Told:
    """What the rows are made from: executed actions, and what people decided about their episodes."""

    executed: Sequence[Executed]
    decisions: Sequence[Decision]


@dataclass(frozen=True)
class Table:
    name: str
    means: str
    columns: tuple[Column, ...]
    rows: Callable[[Told], Iterator[Row]]


_WHO = (
    Column("series", "string", "slug of the series"),
    Column("asset", "string", "asset or inner step (`keyframe`, `speech_take`)"),
    Column("partition", "string", "partition key (`e001.sh010@en`)"),
    Column("episode", "string", "episode, from the key", True),
    Column("shot", "string", "shot, from the key", True),
    Column("language", "string", "language, from the key", True),
)
_STATEMENT = Column("statement", "string", "SHA-256 of the statement of the action")


def _who(one: Executed) -> dict[str, Any]:
    place = one.place
    return {"series": one.statement.series, "asset": one.statement.asset, "partition": one.statement.partition,
            "episode": place.episode, "shot": place.shot, "language": place.language}


def _artifacts(executed: Iterable[Executed]) -> Iterator[Row]:
    for one in executed:
        for name, output in one.outputs.items():
            yield {**_who(one), "output": name, "sha256": output.sha256, "size": output.size,
                   "media_type": output.media_type, "statement": one.statement.digest, "action": one.statement.action,
                   "code_version": one.statement.code_version, "made_at": one.ended, "current": one.current}


def _edges(executed: Iterable[Executed]) -> Iterator[Row]:
    for one in executed:
        for entry in one.statement.dependencies:
            origin = entry.origin
            files = [] if origin is not None else [str(source["file"]) for source in one.statement.sources]
            yield {"series": one.statement.series, "statement": one.statement.digest, "input": entry.name,
                   "sha256": entry.sha256, "media_type": entry.media_type,
                   "from_statement": origin and origin.statement, "from_asset": origin and origin.asset,
                   "from_partition": origin and origin.partition, "from_output": origin and origin.output,
                   "files": list(dict.fromkeys(files))}


def _prompts(executed: Iterable[Executed]) -> Iterator[Row]:
    for one in executed:
        params = one.statement.params
        for name in PROMPTS:
            if params.get(name):
                yield {**_who(one), "statement": one.statement.digest, "parameter": name, "text": str(params[name]),
                       "spoken_in": params.get("language"), "voice": params.get("voice"),
                       "models": [str(model["name"]) for model in one.statement.models]}


_WORDS = {Kind.APPROVAL: "approve", Kind.REJECTION: "reject", Kind.NOTE: "note", Kind.OVERRIDE: "override",
          Kind.UNPUBLICATION: "unpublish"}


def _approvals(decisions: Iterable[Decision]) -> Iterator[Row]:
    """A row for each key that validly signed, or one without a key where the signature does not hold."""
    for one in decisions:
        if one.kind not in ON_EPISODES:
            continue
        for key in one.signers or (None,):
            on = str(one.told.get("on"))
            yield {"series": one.told["series"], "episode": one.told["episode"], "decision": _WORDS[one.kind],
                   "role": ", ".join(sorted(key.roles)) if key else "",
                   "key": key.keyid if key else str(one.told.get("by")),
                   "decided_at": datetime.fromisoformat(on if is_instant(on) else one.logged),
                   "covers": sorted(set(one.subjects.values())), "note": one.told["comment"] or None,
                   "statement": one.statement, "markets": list(one.told["markets"]),
                   "logged_at": datetime.fromisoformat(one.logged), "problem": one.problem and one.problem.code}


def _costs(executed: Iterable[Executed]) -> Iterator[Row]:
    for one in executed:
        yield {**_who(one), "statement": one.statement.digest, "began_at": one.began, "seconds": one.statement.seconds,
               "gpu_seconds": one.gpu_seconds, "usd": one.statement.usd,
               "models": [str(model["name"]) for model in one.statement.models], "current": one.current}


_CURRENT = Column("current", "bool", "the partition stands on this action now")
_MODELS = Column("models", "list<string>", "names of model, font and dictionary files the action used")

TABLES = (
    Table("artifacts", "Every file that was made, also those that newer ones have replaced.", (
        *_WHO, Column("output", "string", "name among the outputs of its action"),
        Column("sha256", "string", "SHA-256 of the file"), Column("size", "int64", "bytes"),
        Column("media_type", "string", "IANA media type"), _STATEMENT,
        Column("action", "string", "digest of the recipe"), Column("code_version", "string", "of the asset's code"),
        Column("made_at", "timestamp", "when the action ended"), _CURRENT), lambda told: _artifacts(told.executed)),
    Table("edges", "Every input of every action: join `statement` with `artifacts.statement`, `sha256` with "
                   "`artifacts.sha256`.", (
        Column("series", "string", "slug of the series"),
        Column("statement", "string", "SHA-256 of the statement of the action that read it"),
        Column("input", "string", "name of the input in that action"),
        Column("sha256", "string", "SHA-256 of the input"), Column("media_type", "string", "IANA media type"),
        Column("from_statement", "string", "statement that made it; null for what people wrote", True),
        Column("from_asset", "string", "asset that made it", True),
        Column("from_partition", "string", "partition that made it", True),
        Column("from_output", "string", "its name among that action's outputs", True),
        Column("files", "list<string>", "files that people wrote; empty for what was made")),
        lambda told: _edges(told.executed)),
    Table("prompts", "Every text that a model was told.", (
        *_WHO, _STATEMENT, Column("parameter", "string", "`text` (spoken), `prompt` or `negative_prompt`"),
        Column("text", "string", "the text, as it was told"),
        Column("spoken_in", "string", "language of the text", True), Column("voice", "string", "voice", True), _MODELS),
        lambda told: _prompts(told.executed)),
    Table("approvals", "Decisions of people over exact bytes, in the order of the log. Whether one still counts is the "
                       "gate's to say.", (
        Column("series", "string", "slug of the series"), Column("episode", "string", "episode"),
        Column("decision", "string", "`approve`, `reject`, `note` or `override`"),
        Column("role", "string", "role of the person"), Column("key", "string", "id of the key that signed"),
        Column("decided_at", "timestamp", "when it was signed, by the signer's clock"),
        Column("covers", "list<string>", "SHA-256 of everything it is about"),
        Column("note", "string", "in the person's words", True),
        Column("statement", "string", "SHA-256 of the decision's statement"),
        Column("markets", "list<string>", "markets it is for; `*` is all"),
        Column("logged_at", "timestamp", "when the log took it in: what counts"),
        Column("problem", "string", "why its signature does not hold", True)), lambda told: _approvals(told.decisions)),
    Table("costs", "What every executed action took.", (
        *_WHO, _STATEMENT, Column("began_at", "timestamp", "when the action began"),
        Column("seconds", "float64", "wall time"), Column("gpu_seconds", "float64", "time on accelerators"),
        Column("usd", "float64", "paid for it, US dollars"), _MODELS, _CURRENT),
        lambda told: _costs(told.executed)),
)


def as_markdown() -> str:
    """The tables as docs/lineage-tables.md tells them."""
    parts = [f"## {table.name}\n\n{table.means}\n\n| column | type | null | is |\n|---|---|---|---|\n" + "\n".join(
        f"| `{column.name}` | {column.type} | {'yes' if column.nullable else 'no'} | {column.means} |"
        for column in table.columns) for table in TABLES]
    return "\n\n".join(parts) + "\n"
