"""The code location: every series of the home, as one Dagster graph."""

import dagster as dg

from microdrama_assets.factory import definitions_for
from microdrama_assets.following import follow, shape
from microdrama_assets.graph.studio import Studio
from microdrama_assets.registering import registries
from microdrama_assets.steps import STEPS
from resources.home import Home


def build(home: Home) -> dg.Definitions:
    """Definitions of everything a home has registered."""
    known = registries(home)
    job, sensor = follow(home, shape(known))
    return definitions_for(STEPS, known, Studio(home, STEPS), jobs=[job], sensors=[sensor])


defs = build(Home.open())
