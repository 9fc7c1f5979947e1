"""What is rendered only when asked for: previews and boards of a selection, and where they lie."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from microdrama_assets.boards.assets import board_folder, storyboard_files
from microdrama_assets.delivery.preview_assets import preview_file
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.studio import Studio
from microdrama_assets.planning import Request, keys_of, registry_of
from microdrama_assets.steps import with_upstream

PREVIEWS = ("preview", "episode_preview")
PANELS = ("shot_board", "control_maps")
BOARD = "storyboard"


def narrowed(studio: Studio, request: Request, previews: bool, boards: bool) -> Request:
    """The request for previews, boards or both instead of a delivery; unchanged where neither is wanted.

    A shot's boards are its panel and its control maps; the storyboard is the episode's.
    """
    wanted = [*(PREVIEWS if previews else ()), *(PANELS if boards else ())]
    if boards and request.selection.shot is None:
        wanted.append(BOARD)
    return replace(request, assets=with_upstream(studio.steps, *wanted)) if wanted else request


def laid_out(studio: Studio, request: Request) -> list[Path]:
    """What there is to look at: of an episode its preview and its board, of a shot its own. What was made and has been
    deleted from the home's folders since is laid out again."""
    shot = request.selection.shot is not None
    found: list[Path] = []
    for key in _keys(studio, request, "preview" if shot else "episode_preview"):
        found += _there(studio, "preview" if shot else "episode_preview", key, [preview_file(studio.home, key)])
    for key in _keys(studio, request, "shot_board" if shot else BOARD):
        paths = [board_folder(studio.home, key)] if shot else list(storyboard_files(studio.home, key).values())
        found += _there(studio, "shot_board" if shot else BOARD, key, paths)
    return found


def _there(studio: Studio, asset: str, key: Key, paths: list[Path]) -> list[Path]:
    """These paths, where the partition was ever made."""
    result, lay_out = studio.desk.last(asset, key), studio.steps[asset].after
    if result is not None and lay_out is not None and not all(path.exists() for path in paths):
        lay_out(studio.desk, key, result)
    return [path for path in paths if path.exists()]


def _keys(studio: Studio, request: Request, asset: str) -> list[Key]:
    return list(keys_of(studio.steps[asset], registry_of(studio, request), request))
