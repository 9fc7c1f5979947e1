"""A cap on what Dagster's own runs may spend: a *Materialize* from the UI, or a backfill over all of its runs together.

What a run is about to make is priced like in the plan, and reserved in a tag of the run before anything is made, so
that runs side by side cannot spend the same dollar. The warm worker has a cap of its own.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import dagster as dg
from dagster._core.storage.tags import BACKFILL_ID_TAG

from microdrama_assets.abandoned_runs import WARM
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.plan import Planner
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.studio import Studio
from microdrama_assets.planning import OverCap
from microdrama_assets.schemas.errors import MicrodramaError
from resources.rates import load_rates

VARIABLE = "MICRODRAMA_RUN_MAX_USD"
REMEDY = f"Choose fewer shots, or raise {VARIABLE}; nothing of this was made"
USD_TAG = "microdrama/usd"
"""What a run has spent, and while it works what it may yet spend."""


@contextmanager
def capped(context: dg.AssetExecutionContext, studio: Studio, step: Step, keys: Sequence[Key]) -> Iterator[None]:
    """Raises OverCap before anything is made, where these partitions would lead beyond the cap or have no price."""
    cap = usd_of(VARIABLE)
    if cap is None or WARM.items() <= context.run.tags.items():
        yield
        return
    own = _spent(context)
    price = _price(studio, step, keys, cap)
    _note(context, own + price)
    together = _spent_together(context)
    if together > cap:
        _note(context, own)
        left = max(cap - together + price, 0.0)
        raise OverCap(f"{step.name}: {len(keys)} partition(s) would cost ${price:.4f}, and ${left:.4f} of {VARIABLE} "
                      f"(${cap:.2f}) is left", remedy=REMEDY)
    before = studio.spent_usd
    try:
        yield
    finally:
        _note(context, own + studio.spent_usd - before)


def usd_of(variable: str) -> float | None:
    """US dollars in an environment variable; None where it is not set. Raises MicrodramaError for anything else."""
    text = os.environ.get(variable, "").strip()
    if not text:
        return None
    try:
        usd = float(text)
    except ValueError:
        usd = -1.0
    if not 0.0 <= usd < float("inf"):
        raise MicrodramaError(f"{variable} is {text!r}", remedy="Set it to US dollars, such as 2.50, or unset it")
    return usd


def _price(studio: Studio, step: Step, keys: Sequence[Key], cap: float) -> float:
    planner, price = Planner(studio.desk, load_rates(studio.home.root)), 0.0
    for key in keys:
        usd = planner.entry(step.name, key).usd
        if usd is None:
            raise OverCap(f"{step.name} {key} has no price yet, and {VARIABLE} is ${cap:.2f}", remedy=REMEDY)
        price += usd
    return price


def _spent_together(context: dg.AssetExecutionContext) -> float:
    """What this run, and where it belongs to a backfill every run of that, has spent or reserved."""
    backfill = context.run.tags.get(BACKFILL_ID_TAG)
    if backfill is None:
        return _spent(context)
    runs = context.instance.get_runs(dg.RunsFilter(tags={BACKFILL_ID_TAG: backfill}))
    return sum(float(run.tags.get(USD_TAG, 0.0)) for run in runs)


def _spent(context: dg.AssetExecutionContext) -> float:
    run = context.instance.get_run_by_id(context.run.run_id)
    return 0.0 if run is None else float(run.tags.get(USD_TAG, 0.0))


def _note(context: dg.AssetExecutionContext, usd: float) -> None:
    context.instance.add_run_tags(context.run.run_id, {USD_TAG: f"{usd:.8f}"})
