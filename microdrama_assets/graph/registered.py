"""Changing a registry while others may: read, change, validate, swap, and again if somebody was faster."""

from __future__ import annotations

from collections.abc import Callable

from partitions.registry import SeriesRegistry, load
from resources.errors import Conflict
from resources.home import Home

ATTEMPTS = 8


def update(home: Home, slug: str, change: Callable[[SeriesRegistry | None], SeriesRegistry]) -> SeriesRegistry:
    """Applies a change to a registry, again if another process changed it meanwhile. Saves only a difference."""
    for attempt in range(ATTEMPTS):
        found = load(home.refs, slug)
        current, version = found if found is not None else (None, None)
        wanted = change(current)
        if wanted == current:
            return wanted
        from partitions.validation import publish  # loads Dagster: only when there is something to save

        try:
            publish(home.refs, wanted, version)
            return wanted
        except Conflict:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")
