"""The form `character` of the launchpad: paints reference sheets and trains LoRA, as `microdrama character` does."""

from collections.abc import Sequence
from contextlib import suppress

import dagster as dg
from pydantic import Field

from microdrama_assets.abandoned_runs import claim
from microdrama_assets.factory import STUDIO
from microdrama_assets.graph.desk import NotReady
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.studio import Studio
from microdrama_assets.jobs.form import form
from microdrama_assets.jobs.render_stale import render_request
from microdrama_assets.planning import Request, registry_of
from microdrama_assets.registering import register_series
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.steps import with_upstream
from microdrama_assets.user_errors import USER_ERRORS
from partitions.keys import Selection

JOB, OP = "character", "make_bundles"


class Bundles(dg.Config):
    """Whose bundles are to be made."""

    characters: list[str] = Field(description="Characters by their full names: locket.mara")
    train: bool = Field(default=False, description="Train their LoRA too, of those of whom models.yaml says "
                                                   "keyframe.likenesses.<name>: {trained: true}.")
    max_usd: float | None = Field(default=None, ge=0.0, description="Stop before spending more than this.")
    dry_run: bool = Field(default=False, description="Show what would be made, at what price, and make nothing.")


@dg.op(name=OP, required_resource_keys={STUDIO})
def make_bundles(context: dg.OpExecutionContext, config: Bundles) -> None:
    """Paints characters' reference sheets, measures them, and trains their LoRA where that is asked for."""
    claim(context)
    studio: Studio = getattr(context.resources, STUDIO)
    studio.refresh()
    assets = ("identity_embedding", *(("character_lora",) if config.train else ()))
    try:
        by_series: dict[str, list[Key]] = {}
        for name in config.characters:
            series, _, slug = name.partition(".")
            folder = studio.home.series().get(series)
            if folder is None:
                raise MicrodramaError(f"no series {series!r} in this home", remedy="microdrama register PATH_TO_SERIES")
            register_series(studio.home, folder)
            by_series.setdefault(series, []).append(character_key(studio, series, slug))
        for keys in by_series.values():
            render_request(context, studio, request_for(studio, keys, assets), config.max_usd, config.dry_run)
    except USER_ERRORS as error:
        raise dg.Failure(str(error), allow_retries=False) from error


def bundle_job(slugs: Sequence[str]) -> dg.JobDefinition:
    """The job, its launchpad filled in for the home's first series."""
    example = [f"{min(slugs)}.mara"] if slugs else []

    @dg.job(name=JOB, executor_def=dg.in_process_executor, description=make_bundles.description,
            config=form(Bundles, OP, characters=example))
    def job() -> None:
        make_bundles()

    return job


def character_key(studio: Studio, series: str, slug: str) -> Key:
    """Raises MicrodramaError for somebody that the series does not have."""
    known = registry_of(studio, Request(Selection(series))).live_characters
    if slug not in known:
        raise MicrodramaError(f"{series} has no character {slug!r}", f"{series}/characters",
                              f"Name one like this: {', '.join(f'{series}.{one}' for one in known)}")
    return Key(series, character=slug)


def request_for(studio: Studio, keys: Sequence[Key], assets: Sequence[str]) -> Request:
    """These parts of these characters' bundles, and what they stand on. Raises MicrodramaError where `models.yaml` does
    not ask for them."""
    for asset in assets:
        for key in keys:
            with suppress(NotReady):
                studio.desk.action(asset, key)
    names = tuple(str(key.character) for key in keys)
    return Request(Selection(keys[0].series), assets=with_upstream(studio.steps, *assets), characters=names)
