"""Runs whose process was killed. Dagster would show them as running, and count them against its limits, for ever.

It looks after processes that it launched itself; a run inside the command line's process is ours to look after.
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
    """Tags of a run inside this process."""
    return {**WARM, PROCESS_TAG: json.dumps(asdict(this_process()))}


def close_abandoned(instance: dg.DagsterInstance) -> list[str]:
    """Ends the runs whose process is gone from this host; returns their ids. What they finished stays finished."""
    closed = []
    for run in instance.get_runs(dg.RunsFilter(statuses=UNFINISHED, tags=WARM)):
        if PROCESS_TAG in run.tags and is_gone(Process(**json.loads(run.tags[PROCESS_TAG]))):
            if run.status is dg.DagsterRunStatus.CANCELING:
                instance.report_run_canceled(run)
            else:
                instance.report_run_failed(run, "Its process was killed. What it finished is kept.")
            closed.append(run.run_id)
    return closed
