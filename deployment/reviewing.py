"""The review page on demand: drawn anew from everything decided up to now, to look at or to send."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from microdrama_assets.graph.key import Key
from microdrama_assets.graph.studio import Studio
from microdrama_assets.release.page.writing import refresh


def review(studio: Studio, key: Key, out: Path | None, open_: bool) -> Path:
    """Draws an episode's page beside the episode, or into `out`, and returns where it lies.

    Raises NotReady where the episode is not rendered from the current sources.
    """
    place = refresh(studio.desk, key, None if out is None else out.absolute())
    if open_:
        webbrowser.open(place.as_uri())
    return place
