"""The tables as Parquet files, one per table, with the schema of the contract and rows in a fixed order."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from audit.decisions import Decision
from audit.exports.executed import Executed
from audit.exports.tables import FORMAT, TABLES, Table, Told
from audit.libraries import load_library

REQUIREMENT = "microdrama[data]"


def write_parquet(folder: Path, executed: Sequence[Executed], decisions: Sequence[Decision] = ()) -> dict[str, int]:
    """Writes `<table>.parquet` for each table into a folder; returns the number of rows of each.

    A file is replaced whole: a reader sees the old one or the new one.
    """
    pa, pq = load_library("pyarrow", REQUIREMENT), load_library("pyarrow.parquet", REQUIREMENT)
    folder.mkdir(parents=True, exist_ok=True)
    ordered = sorted(executed, key=lambda one: (one.statement.series, one.statement.asset, one.statement.partition,
                                                one.statement.digest))
    counts: dict[str, int] = {}
    for table in TABLES:
        rows = pa.Table.from_pylist(list(table.rows(Told(ordered, decisions))), schema=schema_of(pa, table))
        target = folder / f"{table.name}.parquet"
        temporary = folder / f".{table.name}.{os.getpid()}.part"
        try:
            pq.write_table(rows, temporary, compression="zstd")
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
        counts[table.name] = rows.num_rows
    return counts


def schema_of(pa: Any, table: Table) -> Any:
    """The Arrow schema of a table, with the meaning of each column in its metadata."""
    types = {"string": pa.string(), "int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_(),
             "timestamp": pa.timestamp("ms", tz="UTC"), "list<string>": pa.list_(pa.string())}
    fields = [pa.field(column.name, types[column.type], nullable=column.nullable, metadata={"means": column.means})
              for column in table.columns]
    return pa.schema(fields, metadata={"microdrama.format": FORMAT, "means": table.means})
