"""What a producer does to single shots, as forms of the launchpad: previews, other takes, locks, and one step back.

They are the same decisions as `microdrama retake`, `take`, `lock`, `unlock` and `undo` record.
"""

from collections.abc import Callable, Sequence

import dagster as dg
from pydantic import Field

from microdrama_assets.abandoned_runs import claim
from microdrama_assets.factory import STUDIO
from microdrama_assets.graph.decisions import Decision
from microdrama_assets.graph.key import Scope
from microdrama_assets.graph.studio import Studio
from microdrama_assets.jobs.form import form
from microdrama_assets.jobs.render_stale import RenderStale, render_selection
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.shown import page_of
from microdrama_assets.takes import Shot, lock, shot_of, take, undo, unlock
from microdrama_assets.user_errors import USER_ERRORS
from partitions.keys import parse_selection

PREVIEW, RETAKE, LOCK = "preview", "retake", "lock"
OPS = {PREVIEW: "render_previews", RETAKE: "retake_shots", LOCK: "lock_shots"}
"""A repository wants other names for what jobs consist of than for jobs."""
SHOTS = Field(description="Shots by their full names: locket.e001.sh030")


class Preview(dg.Config):
    """What to preview."""

    selection: str = Field(description="A series (locket), an episode (locket.e001) or a shot (locket.e001.sh030).")
    languages: list[str] = Field(default=[], description="Only these languages. Empty: all of the series.")


class Retake(dg.Config):
    """Which shots are to be taken again, and whether at once."""

    shots: list[str] = SHOTS
    take: int | None = Field(default=None, ge=1, description="Go back to this take. Null: one never made before.")
    undo: bool = Field(default=False, description="Put back what was decided before the last decision instead.")
    render: bool = Field(default=True, description="Render the shots, and what stands on them, at once.")
    max_usd: float | None = Field(default=None, ge=0.0, description="Stop before spending more than this.")


class Lock(dg.Config):
    """Which shots are to stay as they are."""

    shots: list[str] = SHOTS
    unlock: bool = Field(default=False, description="Let them follow their sources again instead.")


@dg.op(name=OPS[PREVIEW], required_resource_keys={STUDIO})
def preview_op(context: dg.OpExecutionContext, config: Preview) -> None:
    """Draws previews of 360x640, marked as such; they are never delivered."""
    def work(studio: Studio) -> None:
        render_selection(context, studio, RenderStale(selection=config.selection, languages=config.languages,
                                                      include_drifted=True, previews=True))

    _told(context, work)


@dg.op(name=OPS[RETAKE], required_resource_keys={STUDIO})
def retake_op(context: dg.OpExecutionContext, config: Retake) -> None:
    """Wants another take of each shot, and renders it."""
    def work(studio: Studio) -> None:
        shots = _shots(studio, config.shots)
        wanted = [undo(shot) if config.undo else take(shot, config.take) for shot in shots]
        _show(context, shots, wanted)
        for episode in dict.fromkeys(str(shot.key.in_episode()) for shot in shots) if config.render else ():
            render_selection(context, studio, RenderStale(selection=episode, max_usd=config.max_usd))

    _told(context, work)


@dg.op(name=OPS[LOCK], required_resource_keys={STUDIO})
def lock_op(context: dg.OpExecutionContext, config: Lock) -> None:
    """Keeps shots as they were last rendered, or lets them go."""
    def work(studio: Studio) -> None:
        shots = _shots(studio, config.shots)
        _show(context, shots, [(unlock if config.unlock else lock)(shot) for shot in shots])

    _told(context, work)


def shot_jobs(slugs: Sequence[str]) -> list[dg.JobDefinition]:
    """The three jobs, their launchpads filled in for the home's first series."""
    first = min(slugs, default="")
    example = [f"{first}.e001.sh010"] if first else []

    @dg.job(name=PREVIEW, executor_def=dg.in_process_executor, description=preview_op.description,
            config=form(Preview, OPS[PREVIEW], selection=first))
    def preview() -> None:
        preview_op()

    @dg.job(name=RETAKE, executor_def=dg.in_process_executor, description=retake_op.description,
            config=form(Retake, OPS[RETAKE], shots=example))
    def retake() -> None:
        retake_op()

    @dg.job(name=LOCK, executor_def=dg.in_process_executor, description=lock_op.description,
            config=form(Lock, OPS[LOCK], shots=example))
    def locking() -> None:
        lock_op()

    return [preview, retake, locking]


def _told(context: dg.OpExecutionContext, work: Callable[[Studio], None]) -> None:
    claim(context)
    studio: Studio = getattr(context.resources, STUDIO)
    studio.refresh()
    try:
        work(studio)
    except USER_ERRORS as error:
        raise dg.Failure(str(error), allow_retries=False) from error


def _shots(studio: Studio, names: Sequence[str]) -> list[Shot]:
    """All of them, before anything is decided about one. Raises MicrodramaError."""
    if not names:
        raise MicrodramaError("no shot is named", remedy="Name some under shots: locket.e001.sh030")
    return [shot_of(studio.home, parse_selection(name)) for name in names]


def _show(context: dg.OpExecutionContext, shots: Sequence[Shot], decisions: Sequence[Decision]) -> None:
    stand = {shot.key: f"take {decision.take}, {'locked' if decision.lock else 'not locked'}"
             for shot, decision in zip(shots, decisions, strict=True)}
    for key, how in stand.items():
        context.log.info(f"{key}: {how}. {page_of(Scope.SHOT, key)}")
    context.add_output_metadata({str(key): how for key, how in stand.items()})
