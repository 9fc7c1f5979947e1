"""What a run of a backfill does where an edit was saved while the backfill was under way.

Every run reads the sources when it starts. So the cut that an earlier run of the same backfill made may be that of
yesterday's words by now (docs/decisions/0006). A person who asked for all of it gets all of it: the run makes again
what its backfill had made before, through the cache and under leases like everything else, and records it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

import dagster as dg
from dagster._core.storage.tags import BACKFILL_ID_TAG

from microdrama_assets.graph.desk import NotReady
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.live_keys import is_live
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.studio import Outcome, Studio
from microdrama_assets.user_errors import USER_ERRORS


def backfilled(context: dg.AssetExecutionContext) -> Collection[dg.AssetKey]:
    """The assets that this run's backfill is to make; none where the run belongs to no backfill."""
    found = context.run.tags.get(BACKFILL_ID_TAG)
    backfill = context.instance.get_backfill(found) if found else None
    return frozenset(backfill.asset_selection or ()) if backfill else frozenset()


def catch_up(studio: Studio, step: Step, keys: Sequence[Key], promised: Callable[[Step, str], bool],
             make: Callable[[Step, Sequence[Key]], Outcome]) -> Iterator[tuple[Step, Outcome]]:
    """Makes what these keys stand on and the current sources no longer have, as far as `promised(step, series)`.

    Yields each batch in dependency order, for the caller to record. What else is missing is left to the work itself,
    which refuses it by name.
    """
    failed: set[tuple[str, Key]] = set()
    while found := _missing(studio, step, keys, failed):
        upstream = studio.steps[found[0].asset]
        again = list(dict.fromkeys(one.key for one in found if one.asset == upstream.name))
        if not all(promised(upstream, key.series) for key in again):
            return
        outcome = make(upstream, again)
        failed |= {(upstream.name, failure.key) for failure in outcome.failures}
        yield upstream, outcome


def _missing(studio: Studio, step: Step, keys: Sequence[Key], failed: Collection[tuple[str, Key]]) -> list[NotReady]:
    """The next thing that each live key waits for. A new cut may have left keys behind: those wait for nothing."""
    found = []
    for key in keys:
        try:
            if is_live(key, studio.desk.registry(key.series)):
                studio.desk.find(step.name, key)
        except NotReady as upstream:
            if (upstream.asset, upstream.key) not in failed:
                found.append(upstream)
        except USER_ERRORS:
            continue  # the work itself says why
    return found
