"""The registries that definitions are built from; a damaged one is replaced by the one before it."""

from partitions.registry import SeriesRegistry, slugs
from partitions.validation import load_served
from resources.home import Home


def registries(home: Home) -> list[SeriesRegistry]:
    """The registry of every series of a home, by slug; where one is damaged on disk, the one before it."""
    return [served.registry for slug in slugs(home.refs) if (served := load_served(home.refs, slug)) is not None]
