"""The view `render_plan` of each series: what is not fresh, why, and what it would take, as the UI shows it.

An observable: *Observe* works out the plan in a moment and renders nothing. It is no asset to materialize, so no
"materialize all" and no backfill ever includes it. Each run of `render_stale` observes it too, before and after.
"""

import warnings
from collections.abc import Sequence

import dagster as dg

from microdrama_assets.factory import STUDIO
from microdrama_assets.graph.plan import Entry
from microdrama_assets.graph.studio import Studio
from microdrama_assets.jobs.plan_table import fingerprint, plan_metadata
from microdrama_assets.planning import Request, plan, to_render
from partitions.keys import Selection

VIEW = "render_plan"
GROUP = "desk"


def render_plan(slug: str) -> dg.SourceAsset:
    """The view of one series: `locket/render_plan`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # Dagster says so of every observable, at every load
        return _view(slug)


def _view(slug: str) -> dg.SourceAsset:
    @dg.observable_source_asset(
        key=view_key(slug), group_name=GROUP, required_resource_keys={STUDIO}, tags={"scope": "series"},
        description="What is not fresh, why, and what rendering would take. Observe works it out and renders nothing.",
    )
    def view(context: dg.AssetExecutionContext) -> dg.ObserveResult:
        studio: Studio = getattr(context.resources, STUDIO)
        entries = plan(studio, Request(Selection(slug)))
        version = dg.DataVersion(fingerprint(studio, to_render(entries)))
        return dg.ObserveResult(metadata=plan_metadata(entries), data_version=version)

    return view


def observed(request: Request, entries: Sequence[Entry]) -> dg.AssetObservation:
    """An observation of the view by somebody who has just worked out the plan of a selection."""
    return dg.AssetObservation(
        view_key(request.selection.series), description=f"the plan of {request.selection}",
        metadata={"selection": str(request.selection), **plan_metadata(entries)},
    )


def view_key(slug: str) -> dg.AssetKey:
    return dg.AssetKey([slug, VIEW])

