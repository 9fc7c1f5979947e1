"""The code location: every series of the home, as one Dagster graph."""

import dagster as dg

from microdrama_assets.factory import all_assets, definitions_of
from microdrama_assets.following import follow, shape
from microdrama_assets.gate_checks import gate_checks
from microdrama_assets.graph.studio import Studio
from microdrama_assets.jobs.bundles import bundle_job
from microdrama_assets.jobs.render_plan import render_plan
from microdrama_assets.jobs.render_stale import render_stale
from microdrama_assets.jobs.shots import shot_jobs
from microdrama_assets.jobs.when_stale import render_what_is_stale
from microdrama_assets.served import registries
from microdrama_assets.steps import STEPS
from resources.home import Home


def build(home: Home) -> dg.Definitions:
    """Definitions of everything a home has registered."""
    known = registries(home)
    slugs = [registry.slug for registry in known]
    job, studio = render_stale(slugs), Studio(home, STEPS)
    return definitions_of(
        [*all_assets(STEPS, known), *(render_plan(slug) for slug in slugs)], studio,
        jobs=[job, *shot_jobs(slugs), bundle_job(slugs)],
        asset_checks=[gate_checks(studio, registry) for registry in known],
        sensors=[follow(home, shape(known)), render_what_is_stale(Studio(home, STEPS), job)],
    )


defs = build(Home.open())
