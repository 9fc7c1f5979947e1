"""`microdrama dev`: Dagster's webserver and daemon on a home, and the desk's pages beside them, until interrupted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from deployment.watching.server import listening
from resources.home import Home

WORKSPACE = Path(__file__).parents[1] / "workspace.yaml"


def serve(home: Home, host: str, port: int, desk_port: int) -> None:
    """Replaces this process by `dagster dev` on the home. Returns only if it cannot be started."""
    os.environ.update(
        DAGSTER_HOME=str(home.dagster_folder), MICRODRAMA_HOME=str(home.root), DAGSTER_DISABLE_TELEMETRY="1",
        MICRODRAMA_WEBSERVER=f"http://{host}:{port}", MICRODRAMA_DESK=f"http://{host}:{desk_port}",
        # A backfill in flight waits for definitions that fail to load, instead of failing for good.
        DAGSTER_BACKFILL_RETRY_DEFINITION_CHANGED_ERROR="1",
    )
    _serve_desk(host, desk_port)
    where = ["--workspace", str(WORKSPACE), "--host", host, "--port", str(port)]
    os.execv(sys.executable, [sys.executable, "-m", "dagster", "dev", *where])


def _serve_desk(host: str, port: int) -> None:
    """In a process of its own, which ends when this one does: then nobody holds the other end of its input."""
    listening(host, port).close()  # an address that is taken is told now, not somewhere in the server's output
    read, write = os.pipe()
    subprocess.Popen([sys.executable, "-m", "deployment.desk.server", host, str(port)], stdin=read)
    os.close(read)
    os.set_inheritable(write, True)  # `dagster dev` takes this process's place and keeps it open
