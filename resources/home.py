"""A home: the folder that holds everything a studio has made, and Dagster's own records beside it.

objects/ bytes by digest · refs/ action cache, heads, leases, registries, series · dagster/ run and event records ·
deliveries/ playable episodes · tmp/ files not yet whole.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from resources.action_cache import ActionCache
from resources.disk import explained, write_atomically
from resources.errors import ResourceError
from resources.leases import Leases
from resources.objects import LocalObjects
from resources.refs import LocalRefs, change

ENVIRONMENT_VARIABLE = "MICRODRAMA_HOME"
DEFAULT_FOLDER = ".microdrama"
STOCK_YAML = """\
# Written by microdrama into a new home; change it as you like. Nothing is sent home, nothing is materialized unasked,
# and a machine runs two runs at a time, each a process of its own that loads the models. Of the runs that need one
# scarce resource (pools: speech, picture, encoder) one goes at a time; the UI sets a limit of its own for each pool.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 2
  pools:
    granularity: run
    default_limit: 1
auto_materialize:
  enabled: false
freshness:
  enabled: false
run_monitoring:
  enabled: true
  start_timeout_seconds: 180
  poll_interval_seconds: 30
sensors:
  use_threads: false
retention:
  sensor:
    purge_after_days:
      skipped: 1
      failure: 30
      success: 30
"""
KEPT_OPEN_YAML = """\
event_log_storage:
  # Dagster's own SQLite records, kept open: an event costs a third. Delete these lines to go without.
  module: microdrama_assets.kept_open
  class: KeptOpenEventLog
"""


def home_folder(root: Path | str | None = None) -> Path:
    """Where a home lies: `root`, else MICRODRAMA_HOME, else `.microdrama` here."""
    return Path(root or os.environ.get(ENVIRONMENT_VARIABLE) or DEFAULT_FOLDER).resolve()


@dataclass(frozen=True)
class Home:
    """The stores of one home folder."""

    root: Path
    objects: LocalObjects
    refs: LocalRefs
    cache: ActionCache
    leases: Leases

    @classmethod
    def open(cls, root: Path | str | None = None) -> Home:
        """Opens (and where needed creates) a home: `root`, else MICRODRAMA_HOME, else `.microdrama` here.

        Raises HomeUnwritable where nothing can be written.
        """
        folder = home_folder(root)
        with explained(folder):
            for part in ("objects", "refs", "tmp", "deliveries", "dagster"):
                (folder / part).mkdir(parents=True, exist_ok=True)
            probe = folder / "tmp" / f"probe-{os.getpid()}"
            probe.write_bytes(b"")
            probe.unlink()
            _configure(folder / "dagster" / "dagster.yaml", folder / "tmp")
        refs = LocalRefs(folder / "refs")
        return cls(folder, LocalObjects(folder / "objects"), refs, ActionCache(refs), Leases(refs))

    @property
    def dagster_folder(self) -> Path:
        return self.root / "dagster"

    @property
    def deliveries(self) -> Path:
        return self.root / "deliveries"

    def scratch(self, name: str) -> Path:
        """An empty folder for work in progress. What a killed predecessor left under this name is removed.

        Each has a path of its own: a program that outlives its killed parent for a moment cannot write into it.
        """
        folder = self.root / "tmp" / f"{name}-{secrets.token_hex(4)}"
        with explained(folder):
            for left in folder.parent.glob(f"{name}-*"):
                shutil.rmtree(left, ignore_errors=True)
            folder.mkdir(parents=True)
        return folder

    def bind_series(self, slug: str, folder: Path) -> None:
        """Remembers where a series' folder lies. A slug bound to another folder that still exists is refused."""
        name, wanted = f"series/{slug}", folder.resolve()

        def bound_to(current: bytes | None) -> bytes | None:
            if current is not None:
                bound = Path(json.loads(current)["folder"])
                if bound == wanted:
                    return None
                if bound.is_dir() and (bound / "series.yaml").exists():
                    raise ResourceError(
                        f"this home already has a series {slug!r}, from {bound}", str(wanted / "series.yaml"),
                        "Give the new series another slug, or use another --home",
                    )
            return json.dumps({"folder": str(wanted)}).encode()

        change(self.refs, name, bound_to)

    def series(self) -> dict[str, Path]:
        """Every bound series: slug to folder."""
        found = {}
        for name in self.refs.names("series"):
            current = self.refs.read(name)
            if current is not None:
                found[name.removeprefix("series/")] = Path(json.loads(current[0])["folder"])
        return found


def _configure(file: Path, scratch: Path) -> None:
    """Writes Dagster's configuration into a new home, and adds to an old one's what is new where nobody changed it."""
    found = file.read_text() if file.exists() else None
    if found in (None, STOCK_YAML):
        write_atomically(file, (STOCK_YAML + KEPT_OPEN_YAML).encode(), scratch)
