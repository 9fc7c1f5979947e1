"""The warm worker's view of Dagster's records: the same files, without what only a process of its own has use for.

Dagster's own storage sets up anew for every event (`kept_open.py`), and capturing stdout starts two processes per run:
270 ms for a run over one partition, 60 ms without (docs/decisions/0003). What is written is the same; webserver and
daemon read it as usual. Other storages stay.
"""

import fcntl
import os
from pathlib import Path

import dagster as dg
import yaml
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData

from microdrama_assets import kept_open
from microdrama_assets.kept_open import KeptOpenEventLog

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
    events = ref.event_storage_data
    if events is None or events.class_name not in (SqliteEventLogStorage.__name__, KeptOpenEventLog.__name__):
        return dg.DagsterInstance.from_ref(ref)
    folder = {"base_dir": os.path.join(dagster_home, *kept_open.RECORDS), **(yaml.safe_load(events.config_yaml) or {})}
    ours = ConfigurableClassData(kept_open.__name__, KeptOpenEventLog.__name__, yaml.safe_dump(folder))
    return dg.DagsterInstance.from_ref(
        ref._replace(storage_data=None, event_storage_data=ours, compute_logs_data=NO_COMPUTE_LOGS)
    )
