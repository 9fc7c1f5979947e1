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
    """What there is to look at: of an episode its preview and its board, of a shot its own."""
    shot = request.selection.shot is not None
    found = [preview_file(studio.home, key) for key in _keys(studio, request, "preview" if shot else "episode_preview")]
    for key in _keys(studio, request, "shot_board" if shot else BOARD):
        found += [board_folder(studio.home, key)] if shot else storyboard_files(studio.home, key).values()
    return [path for path in found if path.exists()]


def _keys(studio: Studio, request: Request, asset: str) -> list[Key]:
    return list(keys_of(studio.steps[asset], registry_of(studio, request), request))
