"""Where an episode's review page lies: apart from what draws it, so that whoever only names it loads little."""

from __future__ import annotations

from pathlib import Path

from microdrama_assets.graph.key import Key
from resources.home import Home

PAGE = "review.html"


def page_place(home: Home, key: Key) -> Path:
    """Beside the episode's folders of languages."""
    return home.deliveries / key.series / str(key.episode) / PAGE
