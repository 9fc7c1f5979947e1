"""What a shot's pictures are measured from and with: the recipe of an action of its own. Limits are no part of it, so
another limit measures nothing anew. The work is in `measuring.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Input
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import identities, models_named
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.toolbox import FONT_NAMES
from microdrama_assets.schemas.delivery import ShotRendition
from microdrama_assets.schemas.final import EncoderModel, FinalModels, ModelEntry, PerceptualModel

QUALITY = "quality.json"
FILM, STILL, CANDIDATES, IDENTITY = "rendition.json", "still.png", "candidates.json", "identity.json"


def quality_inputs(desk: Desk, key: Key) -> dict[str, Input]:
    """What is measured of a shot in a language (`key` names both). Raises NotReady where it is not rendered."""
    shot = key.in_shot()
    index = desk.input("abr_rendition", key, FILM)
    rung = min(desk.load(index.blob, ShotRendition).rungs, key=lambda one: one.rung.height)
    found = {FILM: index, **{f"film/{name}": desk.input("abr_rendition", key, name) for name in rung.files}}
    painted = desk.result("keyframe", shot).outputs
    if CANDIDATES in painted:
        found |= {name: desk.input("keyframe", shot, name) for name in (STILL, CANDIDATES, IDENTITY) if name in painted}
        found["frame.json"] = desk.input("shot_spec", shot, "frame.json")
    return found


def quality_params(desk: Desk, key: Key) -> dict[str, Any]:
    """What is measured with, besides ffmpeg; nothing for a draft, which only flickers."""
    painted, named = desk.result("keyframe", key.in_shot()), models_named(desk, key.series)
    if CANDIDATES not in painted.outputs or named is None:
        return {}
    perceptual = named.quality.perceptual
    return {"candidate": painted.recipe["params"].get("pick"), "painter": told_as(named.keyframe.identity),
            "encoder": _encoder(named.characters and named.characters.encoder),
            "perceptual": None if perceptual is None else {"file": perceptual.file, "size": perceptual.size}}


def quality_action(desk: Desk, key: Key, inputs: Mapping[str, Input], params: Mapping[str, Any]) -> Action:
    """The measuring of one shot. `inputs`, `params`: as above."""
    model, models = perceptual_of(desk, key), ()
    if STILL in inputs:
        models = identities([model and model.model], also=desk.models(*FONT_NAMES))
    return Action(asset="shot_quality", code_version=CODE_VERSIONS["shot_quality"], inputs=inputs, params=params,
                  models=models, tools={**desk.toolbox.encoder_tools(), **desk.toolbox.picture_tools()})


def perceptual_of(desk: Desk, key: Key) -> PerceptualModel | None:
    """The model of the LPIPS class, where one is named."""
    named: FinalModels | None = models_named(desk, key.series)
    return None if named is None else named.quality.perceptual


def told_as(entry: ModelEntry | None) -> str:
    """A model as people read it: `OWNER/NAME@COMMIT`."""
    return "" if entry is None else f"{entry.repo}@{entry.revision[:12]}"


def _encoder(encoder: EncoderModel | None) -> str:
    return "" if encoder is None else f"{told_as(encoder.model)} {encoder.part}".strip()
