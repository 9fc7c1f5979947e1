"""`microdrama dev`: Dagster's webserver and daemon on a home, until interrupted."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from resources.home import Home

WORKSPACE = Path(__file__).parents[1] / "workspace.yaml"


def serve(home: Home, host: str, port: int) -> None:
    """Replaces this process by `dagster dev` on the home. Returns only if it cannot be started."""
    os.environ.update(
        DAGSTER_HOME=str(home.dagster_folder), MICRODRAMA_HOME=str(home.root), DAGSTER_DISABLE_TELEMETRY="1",
        MICRODRAMA_WEBSERVER=f"http://{host}:{port}",
        # A backfill in flight waits for definitions that fail to load, instead of failing for good.
        DAGSTER_BACKFILL_RETRY_DEFINITION_CHANGED_ERROR="1",
    )
    where = ["--workspace", str(WORKSPACE), "--host", host, "--port", str(port)]
    os.execv(sys.executable, [sys.executable, "-m", "dagster", "dev", *where])
