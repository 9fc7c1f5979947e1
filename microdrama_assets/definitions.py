"""The code location: every series of the home, as one Dagster graph."""

import dagster as dg

from microdrama_assets.factory import definitions_for
from microdrama_assets.graph.studio import Studio
from microdrama_assets.registering import registries
from microdrama_assets.steps import STEPS
from resources.home import Home


def build(home: Home | None = None, studio: Studio | None = None) -> dg.Definitions:
    """Definitions of everything a home has registered; MICRODRAMA_HOME names it unless one is given."""
    home = home or Home.open()
    return definitions_for(STEPS, registries(home), studio or Studio(home, STEPS))


defs = dg.Definitions.merge(build())
