"""The sensor `render_what_is_stale`, off until somebody turns it on: launches `render_stale` for episodes that need it.

It spends nothing unless told to. What a run left unrendered is not tried again by itself: the same work under the same
sources would fail, or ask, the same way. An edit, or a person, starts it again.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from microdrama_assets.graph.plan import Entry
from microdrama_assets.graph.studio import Studio
from microdrama_assets.jobs.plan_table import fingerprint
from microdrama_assets.jobs.render_stale import JOB, LEFT_TAG, SELECTION_TAG, RenderStale, requested
from microdrama_assets.planning import OverCap, check_cap, plan, to_render
from microdrama_assets.run_cap import usd_of
from microdrama_assets.user_errors import USER_ERRORS

SENSOR = "render_what_is_stale"
INTERVAL_SECONDS = 30
CAP_VARIABLE = "MICRODRAMA_UNATTENDED_MAX_USD"
"""Most that one launched run may spend, in US dollars. Not set: nothing, so only what costs no money is rendered."""
DRIFTED_VARIABLE = "MICRODRAMA_UNATTENDED_DRIFTED"
"""`1` renders drifted partitions too. Not set: they keep their last result."""
PLAN_TAG = "microdrama/plan"
UNFINISHED = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING,
              dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def render_what_is_stale(studio: Studio, job: dg.JobDefinition) -> dg.SensorDefinition:
    """The sensor over every series of the studio's home."""

    @dg.sensor(name=SENSOR, job=job, minimum_interval_seconds=INTERVAL_SECONDS,
               default_status=dg.DefaultSensorStatus.STOPPED,
               description="Launches render_stale for each episode that is stale or missing, under a cap.")
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        asked, told = [], []
        for slug in studio.home.series():
            try:
                requests, reasons = _for_series(context.instance, studio, slug)
            except USER_ERRORS as error:
                requests, reasons = [], [f"{slug}: {error}"]
            asked += requests
            told += reasons
        if asked:
            return dg.SensorResult(run_requests=asked)
        return dg.SensorResult(skip_reason="; ".join(told) or "everything is fresh")

    return sensor


def _for_series(instance: dg.DagsterInstance, studio: Studio, slug: str) -> tuple[list[dg.RunRequest], list[str]]:
    """What to launch for one series, and why the rest is left alone."""
    whole = RenderStale(selection=slug, include_drifted=_drifted(), max_usd=usd_of(CAP_VARIABLE) or 0.0)
    waiting = to_render(plan(studio, requested(studio.home, whole)), whole.include_drifted)
    busy, asked, told = _in_flight(instance), [], []
    for selection, entries in _by_episode(slug, waiting):
        wanted = fingerprint(studio, entries)
        last = _last(instance, selection)
        if reason := _against(selection, entries, wanted, busy, last, whole.max_usd or 0.0):
            told.append(f"{selection}: {reason}")
            continue
        asked.append(dg.RunRequest(
            run_key=f"{selection} {wanted[:24]} after {last.run_id[:8] if last else 'none'}",
            run_config=whole.model_copy(update={"selection": selection}).model_dump(),
            tags={SELECTION_TAG: selection, PLAN_TAG: wanted},
        ))
    return asked, told


def _by_episode(slug: str, entries: Sequence[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """Each episode with what a render of it takes on; the series itself where no episode needs anything."""
    episodes = sorted({entry.key.episode for entry in entries if entry.key.episode is not None})
    for episode in episodes:
        yield f"{slug}.{episode}", [entry for entry in entries if entry.key.episode in (None, episode)]
    if entries and not episodes:
        yield slug, list(entries)


def _against(selection: str, entries: Sequence[Entry], wanted: str, busy: Sequence[str], last: dg.DagsterRun | None,
             cap: float) -> str | None:
    """Why an episode is not launched now, if there is a reason."""
    if any(_overlap(selection, other) for other in busy):
        return "a run is on its way"
    try:
        check_cap(entries, cap)
    except OverCap as error:
        return f"{error.what} ({CAP_VARIABLE})"
    if last is not None and wanted == last.tags.get(LEFT_TAG, last.tags.get(PLAN_TAG)):
        return f"run {last.run_id[:8]} left just this, and nothing has changed since; launch {JOB} to try again"
    return None


def _last(instance: dg.DagsterInstance, selection: str) -> dg.DagsterRun | None:
    """The latest run for exactly this selection, dry ones aside."""
    runs = instance.get_runs(dg.RunsFilter(job_name=JOB, tags={SELECTION_TAG: selection}), limit=1)
    return runs[0] if runs else None


def _in_flight(instance: dg.DagsterInstance) -> list[str]:
    """Selections of the job's runs that have not ended, whoever launched them."""
    runs = instance.get_runs(dg.RunsFilter(job_name=JOB, statuses=UNFINISHED))
    return [_selection(run.run_config) for run in runs]


def _selection(run_config: Mapping[str, Any]) -> str:
    return str(run_config.get("selection", ""))


def _overlap(one: str, other: str) -> bool:
    """Whether two selections share partitions: `locket` and `locket.e001` do."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def _drifted() -> bool:
    return os.environ.get(DRIFTED_VARIABLE, "").strip().lower() in ("1", "true", "yes")
