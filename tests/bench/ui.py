"""An edit through a real `microdrama dev`: webserver, daemon with its stock ticks, runs in processes of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from microdrama_assets.factory import asset_key
from microdrama_assets.graph.step import Step
from microdrama_assets.jobs.render_stale import JOB
from microdrama_assets.request import Request
from microdrama_assets.steps import STEPS
from partitions.keys import Selection
from tests.e2e.server import DagsterServer

PATIENCE_S = 900.0
WHOLE = Request(Selection("locket"))
LAUNCH = """mutation($params: ExecutionParams!) { launchPipelineExecution(executionParams: $params) { __typename
  ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
  ... on RunConfigValidationInvalid { errors { message } } } }"""
STATUS = """query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"""


def job_s(series: Path, home: Path) -> float | str:
    """Seconds from the launch of the UI's job to its end; why not, where it ends badly."""
    return _served(home, lambda server: _job(server))


def backfill_s(series: Path, home: Path) -> float | str:
    """Seconds of a backfill over every partition of every asset of a delivery: all but the edited shot's are found."""
    return _served(home, _backfill)


def _served(home: Path, measure: Callable[[DagsterServer], float | str]) -> float | str:
    server = DagsterServer(home, home.parent / "server.log", ticks=None)
    try:
        return measure(server.wait())
    finally:
        server.stop()


def _job(server: DagsterServer) -> float | str:
    config: dict[str, Any] = {"selection": "locket"}
    params = {
        "selector": {"repositoryLocationName": "microdrama", "repositoryName": "__repository__", "pipelineName": JOB},
        "mode": "default", "runConfigData": config,
    }
    began = time.perf_counter()
    answer = server.ask(LAUNCH, params=params)["launchPipelineExecution"]
    if answer["__typename"] != "LaunchRunSuccess":
        return f"it was not launched: {answer}"
    run = answer["run"]["runId"]

    def ended() -> str | None:
        status = server.ask(STATUS, id=run)["runOrError"]["status"]
        return status if status in ("SUCCESS", "FAILURE", "CANCELED") else None

    status = server.until(ended, f"job {JOB} ends", PATIENCE_S)
    return time.perf_counter() - began if status == "SUCCESS" else f"the job ended as {status}: {server.said(run)[-800:]}"


def _backfill(server: DagsterServer) -> float | str:
    began = time.perf_counter()
    status = server.completed(server.backfill([_path(step) for step in STEPS.values()
                                               if WHOLE.wants(step)]), PATIENCE_S)
    return time.perf_counter() - began if status == "COMPLETED_SUCCESS" else f"the backfill ended as {status}"


def _path(step: Step) -> str:
    return "/".join(asset_key(step, "locket").path)
