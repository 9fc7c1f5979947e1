"""From what was typed to a studio and a request: finds the series, registers and checks it before anything runs."""

from __future__ import annotations

from pathlib import Path

from deployment.preflight import check_captions
from deployment.targets import find_series
from microdrama_assets.graph.studio import Studio
from microdrama_assets.planning import Request
from microdrama_assets.registering import register_series
from microdrama_assets.request import check_selection
from microdrama_assets.speech.pronunciation import can_speak
from microdrama_assets.steps import STEPS
from microdrama_assets.story.folder_check import check_series
from partitions.keys import Selection
from resources.home import Home


def open_request(target: str, home: Path | None, languages: tuple[str, ...] | None,
                 include_drifted: bool = True) -> tuple[Studio, Request]:
    """Raises MicrodramaError or PartitionError with a remedy; then nothing has been written."""
    folder, selection = find_series(target, home)
    check_series(folder, can_speak=can_speak)
    check_captions(folder)
    opened = Home.open(home)
    registry = register_series(opened, folder)
    selection = selection or Selection(registry.slug)
    check_selection(selection, languages, registry)
    return Studio(opened, STEPS), Request(selection, languages, include_drifted)
