"""Dagster's SQLite event records with their databases kept open: what a home's `dagster.yaml` names as its storage.

Dagster's own storage opens a connection and compiles its statements for every event, and runs Alembic for every run's
database: half of what a small run costs (docs/decisions/0003). The files are the same, so either reads and goes on
with what the other wrote, also at the same time. Every process of a home uses it: worker, webserver, daemon, runs.
"""

import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy as sa
from dagster._config import UserConfigSchema
from dagster._core.errors import DagsterInvariantViolationError
from dagster._core.event_api import EventHandlerFn
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorageWatchdog
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import event
from watchdog.events import FileSystemEvent
from watchdog.observers import Observer

OPEN_DATABASES = 8
RECORDS = ("history", "runs")
"""Where below DAGSTER_HOME Dagster keeps event records unless told otherwise."""


class KeptOpenEventLog(SqliteEventLogStorage):
    """Stock event records with one connection kept open per database, and new databases copied from an empty one.

    `base_dir`: the folder of the databases; by default Dagster's own, below DAGSTER_HOME, so that a home can be moved.
    `synchronous=NORMAL` under WAL: a power cut may lose the last events, never damage the file. What was made is in
    the action cache before its event is written.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, sa.Engine] = {}
        self._empty: bytes | None = None
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        return {"base_dir": dg.Field(dg.StringSource, is_required=False)}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "KeptOpenEventLog":
        return cls(config_value.get("base_dir") or _default_folder(), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock:
            if shard not in self._initialized_dbs:
                self._create(shard)
                self._initialized_dbs.add(shard)
            with self._engine(shard).connect() as connection, connection.begin():
                yield connection

    def watch(self, run_id: str, cursor: str | None, callback: EventHandlerFn) -> None:
        """Tells `callback` of each new event of a run, as the UI's page of a run asks."""
        if not self._obs:
            self._obs = Observer()
            self._obs.start()
        watcher = _Watcher(self, run_id, callback, cursor)
        self._watchers[run_id][callback] = watcher, self._obs.schedule(watcher, self._base_dir, recursive=True)

    def wipe(self) -> None:
        self._close_all()
        super().wipe()

    def dispose(self) -> None:
        self._close_all()
        super().dispose()

    def _close_all(self) -> None:
        with self._db_lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()

    def _engine(self, shard: str) -> sa.Engine:
        """The database's engine; the one unused for longest is closed when there are too many."""
        engine = self._engines.pop(shard, None) or _opened(self.conn_string_for_shard(shard))
        self._engines[shard] = engine
        if len(self._engines) > OPEN_DATABASES:
            oldest = next(name for name in self._engines if name != INDEX_SHARD_NAME)
            self._engines.pop(oldest).dispose()
        return engine

    def _create(self, shard: str) -> None:
        """A run's database: a copy of an empty one that Dagster made. Dagster brings existing ones up to date."""
        path = Path(self.path_for_shard(shard))
        if not path.exists():
            self._copy_empty(path)
        else:
            self._initdb(self._engine(shard))

    def _copy_empty(self, path: Path) -> None:
        """Processes may meet here (a run's first event, the webserver looking at it): the first one's stays."""
        if self._empty is None:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "empty.db"
                engine = sa.create_engine(f"sqlite:///{file}", poolclass=sa.NullPool)
                self._initdb(engine)
                engine.dispose()
                self._empty = file.read_bytes()
        partial = path.with_suffix(f".{secrets.token_hex(8)}.partial")
        partial.write_bytes(self._empty)
        try:
            os.link(partial, path)  # unlike a rename, it never replaces
        except FileExistsError:
            self._initdb(self._engine(path.stem))  # by a process with Dagster's own storage it may be half made
        finally:
            partial.unlink()


class _Watcher(SqliteEventLogStorageWatchdog):
    """Watches the write-ahead log too: what is written to a database that is kept open shows there first, and in the
    database itself only much later."""

    def __init__(self, storage: KeptOpenEventLog, run_id: str, callback: EventHandlerFn, cursor: str | None) -> None:
        super().__init__(storage, run_id, callback, cursor)
        database = storage.path_for_shard(run_id)
        self._patterns = [database, f"{database}-wal"]

    def on_modified(self, event: FileSystemEvent) -> None:
        self._process_log()


def _default_folder() -> str:
    home = os.environ.get("DAGSTER_HOME")
    if not home:
        raise DagsterInvariantViolationError(
            "DAGSTER_HOME is not set. Set it to the folder `dagster` of the microdrama home, or use `microdrama dev`")
    return str(Path(home, *RECORDS))


def _opened(address: str) -> sa.Engine:
    engine = sa.create_engine(
        address, poolclass=sa.QueuePool, pool_size=1,
        connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def relax(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA synchronous=NORMAL")

    return engine
