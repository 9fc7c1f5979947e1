"""The warm worker's view of Dagster's records: the same SQLite files, written without setting up anew for each event.

Dagster's own storage opens a connection and compiles its statements for every event, runs Alembic for every run's
database, and starts two processes per run to capture stdout: 270 ms for a run over one partition, 60 ms without
(docs/decisions/0003). What is written is the same; webserver and daemon read it as usual. Other storages stay.
"""

import fcntl
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy as sa
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import event

OPEN_DATABASES = 8
NO_COMPUTE_LOGS = ConfigurableClassData(
    "dagster._core.storage.noop_compute_log_manager", "NoOpComputeLogManager", "{}\n"
)


def warm_instance(dagster_home: Path) -> dg.DagsterInstance:
    """Dagster's instance at `dagster_home`, with SQLite event records kept open where those are what it uses.

    One process at a time: Dagster creates its tables without a lock, and two that meet in a new home both fail.
    """
    with open(dagster_home / "setup.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _opened_instance(dagster_home)


def _opened_instance(dagster_home: Path) -> dg.DagsterInstance:
    ref = InstanceRef.from_dir(str(dagster_home))
    stock = ref.event_storage_data
    if stock is None or stock.class_name != SqliteEventLogStorage.__name__:
        return dg.DagsterInstance.from_ref(ref)
    kept_open = ConfigurableClassData(__name__, KeptOpenEventLog.__name__, stock.config_yaml)
    return dg.DagsterInstance.from_ref(
        ref._replace(storage_data=None, event_storage_data=kept_open, compute_logs_data=NO_COMPUTE_LOGS)
    )


class KeptOpenEventLog(SqliteEventLogStorage):
    """Stock event records with one connection kept open per database, and new databases copied from an empty one.

    `synchronous=NORMAL` under WAL: a power cut may lose the last events, never damage the file. What was made is in
    the action cache before its event is written.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, sa.Engine] = {}
        self._empty: bytes | None = None
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "KeptOpenEventLog":
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock:
            if shard not in self._initialized_dbs:
                self._create(shard)
                self._initialized_dbs.add(shard)
            with self._engine(shard).connect() as connection, connection.begin():
                yield connection

    def dispose(self) -> None:
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()

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
        if path.exists():
            self._initdb(self._engine(shard))
            return
        if self._empty is None:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "empty.db"
                engine = sa.create_engine(f"sqlite:///{file}", poolclass=sa.NullPool)
                self._initdb(engine)
                engine.dispose()
                self._empty = file.read_bytes()
        partial = path.with_suffix(".partial")
        partial.write_bytes(self._empty)
        partial.replace(path)


def _opened(address: str) -> sa.Engine:
    engine = sa.create_engine(
        address, poolclass=sa.QueuePool, pool_size=1,
        connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def relax(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA synchronous=NORMAL")

    return engine
