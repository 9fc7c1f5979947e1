"""The code location: every series of the home, as one Dagster graph."""

import dagster as dg

from microdrama_assets.factory import all_assets, definitions_of
from microdrama_assets.following import follow, shape
from microdrama_assets.graph.studio import Studio
from microdrama_assets.served import registries
from microdrama_assets.steps import STEPS
from resources.home import Home


def build(home: Home) -> dg.Definitions:
    """Definitions of everything a home has registered."""
    known = registries(home)
    return definitions_of(all_assets(STEPS, known), Studio(home, STEPS), sensors=[follow(home, shape(known))])


defs = build(Home.open())
