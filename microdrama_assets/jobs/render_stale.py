"""The job `render_stale`: everything that a selection's plan names, in one process, from the UI's launchpad.

A backfill starts a process per run and waits between waves. This run keeps models loaded and works like
`microdrama render --stale`: its waves are runs of their own on the same instance, linked to it by their tags.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import dagster as dg
from dagster._core.storage.tags import PARENT_RUN_ID_TAG, ROOT_RUN_ID_TAG
from pydantic import Field

from microdrama_assets.abandoned_runs import claim
from microdrama_assets.factory import STUDIO
from microdrama_assets.graph.plan import Entry, Verdict
from microdrama_assets.graph.studio import Studio
from microdrama_assets.jobs.form import form
from microdrama_assets.jobs.outcome import told
from microdrama_assets.jobs.plan_table import fingerprint, plan_metadata
from microdrama_assets.jobs.render_plan import observed
from microdrama_assets.on_demand import narrowed
from microdrama_assets.planning import Report, Request, check_cap, plan, to_render
from microdrama_assets.registering import register_series
from microdrama_assets.request import check_selection
from microdrama_assets.run_cap import VARIABLE as RUN_CAP
from microdrama_assets.run_cap import usd_of
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.user_errors import USER_ERRORS
from microdrama_assets.worker import Worker
from partitions.keys import parse_selection
from resources.home import Home

JOB = "render_stale"
OP = "render"
SELECTION_TAG = "microdrama/selection"
LEFT_TAG = "microdrama/left"
"""Fingerprint of what a run that ended by itself left to render."""


class RenderStale(dg.Config):
    """What to render, and how far to go."""

    selection: str = Field(
        description="A series (locket), an episode (locket.e001) or a shot (locket.e001.sh030).")
    languages: list[str] = Field(
        default=[], description="Only these languages (en, es, ...). Empty: all of the series.")
    include_drifted: bool = Field(
        default=False, description="Also what a new model, tool, parameter or code version would make differently, "
                                   "though nobody changed its content.")
    max_usd: float | None = Field(
        default=None, ge=0.0, description="Stop before spending more than this, in US dollars. "
                                          f"Null: {RUN_CAP} where that is set, else no limit.")
    dry_run: bool = Field(
        default=False, description="Show the plan and render nothing.")
    previews: bool = Field(
        default=False, description="Previews of 360x640 instead of deliveries: in seconds, marked, never published.")


@dg.op(name=OP, required_resource_keys={STUDIO})
def render(context: dg.OpExecutionContext, config: RenderStale) -> None:
    """Renders what is stale or missing in a selection, upstream first; finished work is kept whatever happens."""
    claim(context)
    try:
        render_selection(context, getattr(context.resources, STUDIO), config)
    except USER_ERRORS as error:
        raise dg.Failure(str(error), allow_retries=False) from error


def render_selection(context: dg.OpExecutionContext, studio: Studio, config: RenderStale) -> None:
    """Renders what a form asks for, and shows the plan before and after. Raises dg.Failure for what failed."""
    request = narrowed(studio, requested(studio.home, config), config.previews, boards=False)
    render_request(context, studio, request, config.max_usd, config.dry_run)


def render_request(context: dg.OpExecutionContext, studio: Studio, request: Request, max_usd: float | None,
                   dry_run: bool) -> None:
    """Renders a request as a job does: the plan before and after, under the cap. Raises dg.Failure for what failed."""
    before = plan(studio, request)
    context.log_event(observed(request, before))
    if dry_run:
        context.add_output_metadata(plan_metadata(before))
        return
    context.instance.add_run_tags(context.run_id, {SELECTION_TAG: str(request.selection)})
    wanted = to_render(before, request.include_drifted)
    cap = usd_of(RUN_CAP) if max_usd is None else max_usd
    if cap is not None:
        check_cap(wanted, cap)
    report = Report()
    try:
        if wanted:
            report = _worker(context, studio).render(request, _teller(context), cap)
    finally:
        after = plan(studio, request)
        left = fingerprint(studio, to_render(after, request.include_drifted))
        context.instance.add_run_tags(context.run_id, {LEFT_TAG: left})
        context.log_event(observed(request, after))
    outcome = told(studio, request, report)
    if problems := [*report.failures, *([report.stopped] if report.stopped else []), *_blocked(after)]:
        raise dg.Failure(f"{len(problems)} problem(s) in {request.selection}\n" + "\n".join(problems),
                         metadata={**outcome, **plan_metadata(after)}, allow_retries=False)
    context.add_output_metadata({**outcome, **plan_metadata(before)})


def render_stale(slugs: Sequence[str]) -> dg.JobDefinition:
    """The job, its launchpad filled in for the home's first series."""

    @dg.job(name=JOB, executor_def=dg.in_process_executor,
            config=form(RenderStale, OP, selection=min(slugs, default="")),
            description="Renders what is stale or missing in a selection, in one process, under a cap.")
    def job() -> None:
        render()

    return job


def requested(home: Home, config: RenderStale) -> Request:
    """The request that a configuration stands for, its series brought up to date with its folder.

    Raises PartitionError or MicrodramaError for what the home does not have.
    """
    selection = parse_selection(config.selection)
    folder = home.series().get(selection.series)
    if folder is None:
        raise MicrodramaError(f"no series {selection.series!r} in this home",
                              remedy="Make it known first: microdrama register PATH_TO_SERIES")
    languages = tuple(config.languages) or None
    check_selection(selection, languages, register_series(home, folder))
    return Request(selection, languages, config.include_drifted)


def _worker(context: dg.OpExecutionContext, studio: Studio) -> Worker:
    """Waves are recorded where this run is; in the home's own folder that is done without opening it anew."""
    tags = {PARENT_RUN_ID_TAG: context.run_id, ROOT_RUN_ID_TAG: context.run_id}
    own = Path(context.instance.root_directory).resolve() == studio.home.dagster_folder.resolve()
    return Worker(studio, None if own else context.instance, tags)


def _teller(context: dg.OpExecutionContext) -> Callable[[str, int], None]:
    return lambda asset, count: context.log.info(f"{asset}: {count} partition(s)")


def _blocked(entries: Sequence[Entry]) -> list[str]:
    """Each cause once, with the first partition that it blocks: the rest waits for the same repair."""
    first = {entry.cause: entry for entry in reversed(entries) if entry.verdict is Verdict.BLOCKED}
    return [f"{entry.asset} {entry.key}: {cause}" for cause, entry in first.items()]
