"""Measures a shot's pictures, and says with what.

Flicker is of what viewers get. A final shot's still is also compared with the draft's of the same frame, drawn here for
that; words and faces are what the studio measured when it painted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from audit.canonical import encode
from microdrama_assets.graph.work import Work
from microdrama_assets.release.quality.flicker import HEIGHT, WIDTH, flicker
from microdrama_assets.release.quality.likeness import perceived, ssim
from microdrama_assets.release.quality.shot import CANDIDATES, FILM, IDENTITY, QUALITY, STILL, perceptual_of, told_as
from microdrama_assets.schemas.delivery import ShotRendition
from microdrama_assets.schemas.manifest import FrameFacet
from microdrama_assets.studios.draft.keyframe import draw_keyframe
from microdrama_assets.studios.pictures import decoded
from resources import ffmpeg


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
    model = perceptual_of(work.desk, work.key)
    if work.action.params["perceptual"] is not None and model is not None:
        distance = perceived(decoded(draft.read_bytes()), decoded(work.read(STILL)), model, work.toolbox.models_folder)
        found["perceptual"] = _number(distance, f"{told_as(model.model)} {model.model.files[model.file][:12]}",
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


def _ffmpeg() -> str:
    found = ffmpeg.identity()
    return f"ffmpeg {found['version']} {found['sha256'][:12]}"
