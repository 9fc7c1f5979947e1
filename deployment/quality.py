"""`microdrama quality`: an episode's pictures in numbers, shot by shot, beside their limits.

The review has measured final shots; what it has not, drafts among them, is measured now and recorded likewise. Renders
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from audit.canonical import encode
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import models_named
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.perform import perform
from microdrama_assets.release.quality.limits import Judgement, judged, limits_of
from microdrama_assets.release.quality.measuring import measure_shot
from microdrama_assets.release.quality.shot import QUALITY, quality_action, quality_inputs, quality_params
from microdrama_assets.schemas.final import QualityLimits
from microdrama_assets.schemas.manifest import ShotManifest
from resources.disk import write_atomically
from resources.home import Home


@dataclass(frozen=True)
class ShotQuality:
    """`statement`: SHA-256 of what says how it was measured."""

    shot: str
    fidelity: str
    judgement: Judgement
    statement: str

    def to_json(self) -> dict[str, Any]:
        return {"shot": self.shot, "fidelity": self.fidelity, "statement": self.statement, **self.judgement.to_json()}


def quality(desk: Desk, key: Key, language: str) -> list[ShotQuality]:
    """Every shot of an episode as it is rendered in a language. Raises NotReady where it is not."""
    manifest = desk.load(desk.input("shot_manifest", key, "manifest.json").blob, ShotManifest)
    named = models_named(desk, key.series)
    limits = limits_of(QualityLimits(), None) if named is None else limits_of(
        named.quality, named.characters and named.characters.least)
    found: list[ShotQuality] = []
    for shot in manifest.shots:
        at = replace(key, shot=shot.id, language=language)
        action = quality_action(desk, at, quality_inputs(desk, at), quality_params(desk, at))
        result, _ = perform(desk, at, action, measure_shot)
        told = json.loads(desk.read(result.outputs[QUALITY]))
        found.append(ShotQuality(shot.id, shot.fidelity, judged(told, limits), result.statement))
    return found


def keep(home: Home, key: Key, found: Sequence[ShotQuality]) -> Path:
    """Writes the report beside the home's others, and returns where it lies."""
    place = home.root / "quality" / f"{key}.json"
    write_atomically(place, encode({"episode": str(key), "shots": [one.to_json() for one in found]}), home.root / "tmp")
    return place


def print_quality(found: Sequence[ShotQuality], console: Console) -> None:
    """One line for each measurement."""
    table = Table("shot", "fidelity", "measured", "value", "limit", "", "where")
    for shot in found:
        for number, one in enumerate(shot.judgement.measurements):
            whose = ("", "") if number else (shot.shot, shot.fidelity)
            table.add_row(*whose, one.name, f"{one.value}", one.limit, "ok" if one.passed else "BROKEN", one.where)
    console.print(table)
