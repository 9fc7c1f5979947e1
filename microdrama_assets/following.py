"""How the graph follows the series folders: a sensor notices new episodes and cuts and has the definitions reloaded.

It brings registries up to date with what the folders list; a folder that cannot be read is skipped with its error.
Where the partitions differ from those that this code location was loaded with, a child process first proves that the
new definitions load; if they do not, the old ones go on serving and the tick says why.
"""

from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from microdrama_assets.abandoned_runs import close_abandoned
from microdrama_assets.pools import make_known
from microdrama_assets.registering import register_series
from microdrama_assets.served import registries
from microdrama_assets.steps import STEPS
from microdrama_assets.user_errors import USER_ERRORS
from partitions.registry import SeriesRegistry, slugs
from partitions.validation import load_served
from resources.code_location import reload, validate_in_subprocess, webserver_url
from resources.home import Home

LOCATION = "microdrama"
MODULE = "microdrama_assets.definitions"
INTERVAL_SECONDS = 5


def shape(known: Sequence[SeriesRegistry]) -> str:
    """What definitions are built from, over all series. A reload is needed exactly when it changes."""
    return "".join(registry.shape_digest()[:16] for registry in known)


def follow(home: Home, loaded: str) -> dg.SensorDefinition:
    """The sensor of a code location that was loaded with the partitions of shape `loaded`."""

    @dg.sensor(minimum_interval_seconds=INTERVAL_SECONDS, default_status=dg.DefaultSensorStatus.RUNNING,
               description="Notices new episodes, characters, languages and cuts, and has the definitions reloaded.")
    def follow_series_folders(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        close_abandoned(context.instance)
        make_known(context.instance, STEPS)
        problems = [problem for folder in home.series().values() if (problem := _registered(home, folder))]
        if damaged := _damaged(home):
            return dg.SkipReason("; ".join(["what is loaded goes on serving", *damaged, *problems]))
        if shape(registries(home)) == loaded:
            return dg.SkipReason("; ".join(problems) or "the partitions are those that are loaded")
        validate_in_subprocess(MODULE)
        reload(webserver_url(), LOCATION)
        return dg.SkipReason("; ".join(problems) or "the partitions have changed: reloaded")

    return follow_series_folders


def _damaged(home: Home) -> list[str]:
    """Registries that cannot be read. What stands in for them is older than what is loaded: no reason to reload."""
    found = {slug: load_served(home.refs, slug) for slug in slugs(home.refs)}
    return [f"registry of {slug}: {served.problem}" for slug, served in found.items() if served and served.problem]


def _registered(home: Home, folder: Path) -> str | None:
    try:
        register_series(home, folder)
    except USER_ERRORS as error:
        return str(error)
    return None
