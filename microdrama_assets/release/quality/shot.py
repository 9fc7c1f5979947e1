"""A shot's pictures in numbers, as an action of its own: what measured them, and of which bytes, is in its statement.

Flicker is of what viewers get. A final shot's still is also compared with the draft's of the same frame, drawn here for
that; words and faces are what the studio measured when it painted. Limits are no part of it: another limit measures
nothing anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from audit.canonical import encode
from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Input
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import identities, models_named
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.toolbox import FONT_NAMES
from microdrama_assets.graph.work import Work
from microdrama_assets.release.quality.flicker import HEIGHT, WIDTH, flicker
from microdrama_assets.release.quality.likeness import perceived, ssim
from microdrama_assets.schemas.delivery import ShotRendition
from microdrama_assets.schemas.final import EncoderModel, FinalModels, ModelEntry, PerceptualModel
from microdrama_assets.schemas.manifest import FrameFacet
from microdrama_assets.studios.draft.keyframe import draw_keyframe
from microdrama_assets.studios.pictures import decoded
from resources import ffmpeg

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
    return {"candidate": painted.recipe["params"].get("pick"), "painter": _named(named.keyframe.identity),
            "encoder": _encoder(named.characters and named.characters.encoder),
            "perceptual": None if perceptual is None else {"file": perceptual.file, "size": perceptual.size}}


def quality_action(desk: Desk, key: Key, inputs: Mapping[str, Input], params: Mapping[str, Any]) -> Action:
    """The measuring of one shot. `inputs`, `params`: as above."""
    model, models = _perceptual(desk, key), ()
    if STILL in inputs:
        models = identities([model and model.model], also=desk.models(*FONT_NAMES))
    return Action(asset="shot_quality", code_version=CODE_VERSIONS["shot_quality"], inputs=inputs, params=params,
                  models=models, tools={**desk.toolbox.encoder_tools(), **desk.toolbox.picture_tools()})


def measure_shot(work: Work) -> None:
    """`quality.json`: every number by name, with its tool and where it was worst; each face that a bundle tells."""
    told = {"flicker": _flicker(work)}
    if STILL in work.action.inputs:
        told |= {**_told_by_painter(work), **_against_draft(work)}
    work.add(QUALITY, encode({"numbers": told, "faces": _faces(work)}))


def _flicker(work: Work) -> dict[str, Any]:
    """As viewers get it: the smallest rung, decoded."""
    rung = min(work.load(FILM, ShotRendition).rungs, key=lambda one: one.rung.height)
    film = work.scratch / "shot.mp4"
    film.write_bytes(b"".join(work.read(f"film/{name}") for name in rung.files))
    command = ["-v", "error", "-i", str(film), "-vf", f"scale={WIDTH}:{HEIGHT}:flags=area", "-f", "rawvideo",
               "-pix_fmt", "bgr24", "-fps_mode", "passthrough", "pipe:1"]

    def frames() -> Iterator[np.ndarray]:
        for data in ffmpeg.stream(command, WIDTH * HEIGHT * 3):
            yield np.frombuffer(data, np.uint8).reshape(HEIGHT, WIDTH, 3)

    found = flicker(frames())
    return _number(found.mean, f"warping error, DIS flow; {_ffmpeg()}",
                   f"worst {found.worst:.5f} at frame {found.worst_at}" if found.pairs else "", digits=6)


def _told_by_painter(work: Work) -> dict[str, Any]:
    """Words and face, as they were measured when the candidate was painted."""
    told, params = json.loads(work.read(CANDIDATES)), work.action.params
    chosen = told["candidates"][(params["candidate"] or told["best"]) - 1]
    return {name: _number(chosen[key], f"cosine of {params['painter']}")
            for name, key in (("alignment", "alignment"), ("face", "identity")) if chosen.get(key) is not None}


def _against_draft(work: Work) -> dict[str, Any]:
    """The final's still beside the draft's of the same frame: whether staging and framing hold."""
    draft = work.scratch / "draft.png"
    draft.write_bytes(draw_keyframe(work.load("frame.json", FrameFacet), work.toolbox.fonts)[STILL])
    found = {"structure": _number(ssim(draft, work.path(STILL)), f"SSIM, {_ffmpeg()}", "against the draft")}
    model = _perceptual(work.desk, work.key)
    if work.action.params["perceptual"] is not None and model is not None:
        distance = perceived(decoded(draft.read_bytes()), decoded(work.read(STILL)), model, work.toolbox.models_folder)
        found["perceptual"] = _number(distance, f"{_named(model.model)} {model.model.files[model.file][:12]}",
                                      "against the draft")
    return found


def _faces(work: Work) -> list[dict[str, Any]]:
    """Each face that could be measured beside its bundle."""
    if IDENTITY not in work.action.inputs:
        return []
    return [{"character": slug, **_number(one["similarity"], f"cosine of {work.action.params['encoder']}",
                                          f"{slug}, closest {one['closest']}")}
            for slug, one in sorted(json.loads(work.read(IDENTITY))["faces"].items()) if one is not None]


def _number(value: float, tool: str, where: str = "", digits: int = 4) -> dict[str, Any]:
    return {"value": round(value, digits), "tool": tool, "where": where}


def _perceptual(desk: Desk, key: Key) -> PerceptualModel | None:
    named: FinalModels | None = models_named(desk, key.series)
    return None if named is None else named.quality.perceptual


def _named(entry: ModelEntry | None) -> str:
    return "" if entry is None else f"{entry.repo}@{entry.revision[:12]}"


def _encoder(encoder: EncoderModel | None) -> str:
    return "" if encoder is None else f"{_named(encoder.model)} {encoder.part}".strip()


def _ffmpeg() -> str:
    found = ffmpeg.identity()
    return f"ffmpeg {found['version']} {found['sha256'][:12]}"
