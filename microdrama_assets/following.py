"""How the graph follows the series folders: a sensor notices new episodes and cuts, a small job reloads the definitions.

The sensor brings registries up to date with what the folders list; a folder that cannot be read is skipped with its
error, and the old definitions go on serving. When the partitions differ from those this code location was loaded with, the
job first proves in a process of its own that the new definitions load, then asks the webserver to reload.
"""

from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from microdrama_assets.graph.studio import USER_ERRORS
from microdrama_assets.registering import register_series, registries
from partitions.registry import SeriesRegistry
from resources.code_location import reload, validate_in_subprocess, webserver_url
from resources.home import Home

LOCATION = "microdrama"
MODULE = "microdrama_assets.definitions"
INTERVAL_SECONDS = 10


def shape(known: Sequence[SeriesRegistry]) -> str:
    """What definitions are built from, over all series. A reload is needed exactly when it changes."""
    return "".join(registry.shape_digest()[:16] for registry in known)


def follow(home: Home, loaded: str) -> tuple[dg.JobDefinition, dg.SensorDefinition]:
    """The job and the sensor of a code location that was loaded with the partitions of shape `loaded`."""

    @dg.op(description="Proves that the new definitions load, then asks the webserver to load them.")
    def reload_definitions(context: dg.OpExecutionContext) -> None:
        validate_in_subprocess(MODULE)
        reload(webserver_url(), LOCATION)
        context.log.info(f"{LOCATION} reloaded")

    @dg.job(description="Makes new episodes and shots appear as partitions. Launched by follow_series_folders.")
    def reload_code_location() -> None:
        reload_definitions()

    @dg.sensor(job=reload_code_location, minimum_interval_seconds=INTERVAL_SECONDS,
               default_status=dg.DefaultSensorStatus.RUNNING,
               description="Notices new episodes, characters, languages and cuts, and has the definitions reloaded.")
    def follow_series_folders() -> dg.SensorResult | dg.SkipReason:
        problems = [problem for folder in home.series().values() if (problem := _registered(home, folder))]
        now = shape(registries(home))
        if now == loaded:
            return dg.SkipReason("; ".join(problems) or "the partitions are those that are loaded")
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=f"{loaded}>{now}")])

    return reload_code_location, follow_series_folders


def _registered(home: Home, folder: Path) -> str | None:
    try:
        register_series(home, folder)
    except USER_ERRORS as error:
        return str(error)
    return None
