"""Runs whose process was killed. Dagster would show them as running, and count them against its limits, for ever.

It looks after a process only while the server lives that launched it, and never after the command line's. So every run
says in a tag which process it is in, and whoever comes next ends those whose process is gone.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict

import dagster as dg

from resources.processes import Process, is_gone, this_process

WARM = {"microdrama/worker": "warm"}
PROCESS_TAG = "microdrama/process"
UNFINISHED = [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED,
              dg.DagsterRunStatus.CANCELING]


def warm_tags() -> Mapping[str, str]:
    """Tags of a run inside the warm worker of this process."""
    return {**WARM, **_here()}


def claim(context: dg.OpExecutionContext | dg.AssetExecutionContext) -> None:
    """Notes that a run is in this process. Where an executor gives each step a process of its own it is in none."""
    if context.job_def.executor_def.name == dg.in_process_executor.name and PROCESS_TAG not in context.run.tags:
        context.instance.add_run_tags(context.run.run_id, _here())


def close_abandoned(instance: dg.DagsterInstance) -> list[str]:
    """Ends the runs whose process is gone from this host; returns their ids. What they finished stays finished."""
    closed = []
    for run in instance.get_runs(dg.RunsFilter(statuses=UNFINISHED)):
        if PROCESS_TAG in run.tags and is_gone(Process(**json.loads(run.tags[PROCESS_TAG]))):
            if run.status is dg.DagsterRunStatus.CANCELING:
                instance.report_run_canceled(run)
            else:
                instance.report_run_failed(run, "Its process was killed. What it finished is kept.")
            closed.append(run.run_id)
    return closed


def _here() -> dict[str, str]:
    return {PROCESS_TAG: json.dumps(asdict(this_process()))}
