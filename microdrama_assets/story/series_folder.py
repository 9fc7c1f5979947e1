"""The folder that people write a series in: loading it, and checking all of it at once."""

from __future__ import annotations

from microdrama_assets.story.folder_check import check_series
from microdrama_assets.story.folder_reading import episode_keys, load_episode, load_series, load_translation

__all__ = ["check_series", "episode_keys", "load_episode", "load_series", "load_translation"]
