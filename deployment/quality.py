"""`microdrama quality`: an episode's pictures in numbers, shot by shot, beside their limits. Reads; renders nothing.

Every number names its tool. Alignment and identity are those that the studio measured with its own image encoder when
it painted; the report repeats them with the encoder's digest, and does not load a model for them.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from audit.canonical import encode
from deployment.comparing import whole
from microdrama_assets.graph import decisions
from microdrama_assets.graph.action import Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import models_named
from microdrama_assets.graph.key import Key
from microdrama_assets.release.measurement import Measurement
from microdrama_assets.release.quality.flicker import HEIGHT, WIDTH, Flicker, flicker
from microdrama_assets.release.quality.likeness import perceived, ssim
from microdrama_assets.schemas.final import QualityLimits
from microdrama_assets.schemas.manifest import ShotManifest
from microdrama_assets.studios.pictures import decoded
from microdrama_assets.takes import Shot, versions_made
from resources import ffmpeg
from resources.disk import write_atomically
from resources.home import Home

CANDIDATES = "candidates.json"


@dataclass(frozen=True)
class ShotQuality:
    """`tools`: what measured, with digests, by measurement."""

    shot: str
    fidelity: str
    measurements: tuple[Measurement, ...]
    tools: Mapping[str, str]

    @property
    def passed(self) -> bool:
        return all(one.passed for one in self.measurements)

    def to_json(self) -> dict[str, Any]:
        return {"shot": self.shot, "fidelity": self.fidelity, "passed": self.passed, "tools": dict(self.tools),
                "measurements": [one.model_dump(mode="json") for one in self.measurements]}


def quality(desk: Desk, key: Key, language: str) -> list[ShotQuality]:
    """Every shot of an episode as it is rendered in a language. Raises NotReady where it is not."""
    manifest = desk.load(desk.input("shot_manifest", key, "manifest.json").blob, ShotManifest)
    return [_shot(desk, replace(key, shot=shot.id), language, shot.fidelity) for shot in manifest.shots]


def keep(home: Home, key: Key, found: Sequence[ShotQuality]) -> Path:
    """Writes the report beside the home's others, and returns where it lies."""
    place = home.root / "quality" / f"{key}.json"
    write_atomically(place, encode({"episode": str(key), "shots": [one.to_json() for one in found]}), home.root / "tmp")
    return place


def print_quality(found: Sequence[ShotQuality], console: Console) -> None:
    """One line for each measurement."""
    table = Table("shot", "fidelity", "measured", "value", "limit", "", "where")
    for shot in found:
        for number, one in enumerate(shot.measurements):
            whose = ("", "") if number else (shot.shot, shot.fidelity)
            table.add_row(*whose, one.name, f"{one.value}", one.limit, "ok" if one.passed else "BROKEN", one.where)
    console.print(table)


def _shot(desk: Desk, key: Key, language: str, fidelity: str) -> ShotQuality:
    named = models_named(desk, key.series)
    limits = QualityLimits() if named is None else named.quality
    measured, tools = _flicker(desk, replace(key, language=language), limits)
    if fidelity == "final":
        for more in (_painted(desk, key, limits), _against_draft(desk, key, limits)):
            measured += more[0]
            tools |= more[1]
    return ShotQuality(str(key.shot), fidelity, tuple(measured), tools)


Found = tuple[list[Measurement], dict[str, str]]


def _flicker(desk: Desk, key: Key, limits: QualityLimits) -> Found:
    """As viewers get it: the smallest rung, decoded."""
    with tempfile.TemporaryDirectory(dir=desk.home.root / "tmp") as name:
        film = Path(name) / "shot.mp4"
        film.write_bytes(whole(desk.home, desk.result("abr_rendition", key)))
        found = flicker(_frames(film))
    return [_flickering(found, limits)], {"flicker": f"warping error, DIS flow; {_ffmpeg()}"}


def _flickering(found: Flicker, limits: QualityLimits) -> Measurement:
    return Measurement(name="flicker", value=round(found.mean, 6), limit=f"at most {limits.flicker:g}",
                       passed=found.mean <= limits.flicker,
                       where=f"worst {found.worst:.5f} at frame {found.worst_at}" if found.pairs else "")


def _frames(film: Path) -> Iterator[np.ndarray]:
    command = ["-v", "error", "-i", str(film), "-vf", f"scale={WIDTH}:{HEIGHT}:flags=area", "-f", "rawvideo",
               "-pix_fmt", "bgr24", "-fps_mode", "passthrough", "pipe:1"]
    for data in ffmpeg.stream(command, WIDTH * HEIGHT * 3):
        yield np.frombuffer(data, np.uint8).reshape(HEIGHT, WIDTH, 3)


def _painted(desk: Desk, key: Key, limits: QualityLimits) -> Found:
    """Words and face, as they were told when the candidate was painted."""
    result = desk.result("keyframe", key)
    if CANDIDATES not in result.outputs:
        return [], {}
    told = json.loads(desk.read(result.outputs[CANDIDATES]))
    chosen = told["candidates"][(desk.decisions(key).of(key.shot).picked or told["best"]) - 1]
    measured, tools = list[Measurement](), dict[str, str]()
    encoder = _encoder(desk, key)
    for name, limit in (("alignment", limits.alignment), ("identity", limits.identity)):
        value = chosen.get(name)
        if value is not None:
            measured.append(Measurement(name=name, value=round(value, 4), limit=f"at least {limit:g}",
                                        passed=value >= limit))
            tools[name] = f"cosine of {encoder}"
    return measured, tools


def _encoder(desk: Desk, key: Key) -> str:
    named = models_named(desk, key.series)
    entry = None if named is None else named.keyframe.identity
    if entry is None:
        return "the image encoder"
    return f"{entry.repo}@{entry.revision[:12]}"


def _against_draft(desk: Desk, key: Key, limits: QualityLimits) -> Found:
    """The final's still beside the draft's of the same take, where both were made: whether staging and framing hold."""
    take = decisions.load(desk.home, key.series, str(key.episode)).of(key.shot).take
    made = versions_made(Shot(desk.home, key, desk.registry(key.series)))
    draft, final = (made.get(f"take {take}, {fidelity}") for fidelity in ("draft", "final"))
    if draft is None or final is None:
        return [], {}
    stills = [_still(desk.home, one) for one in (draft, final)]
    alike = ssim(*stills)
    measured = [Measurement(name="structure", value=round(alike, 4), limit=f"at least {limits.structure:g}",
                            passed=alike >= limits.structure, where="against the draft")]
    tools = {"structure": f"SSIM, {_ffmpeg()}"}
    if limits.perceptual is not None:
        one, two = (decoded(still.read_bytes()) for still in stills)
        distance = perceived(one, two, limits.perceptual, desk.toolbox.models_folder)
        entry = limits.perceptual.model
        measured.append(Measurement(name="perceptual", value=round(distance, 4), where="against the draft",
                                    limit=f"at most {limits.perceptual.limit:g}",
                                    passed=distance <= limits.perceptual.limit))
        tools["perceptual"] = f"{entry.repo}@{entry.revision[:12]} {entry.files[limits.perceptual.file][:12]}"
    return measured, tools


def _still(home: Home, results: Mapping[str, Result]) -> Path:
    return home.objects.path(results["keyframe"].outputs["still.png"].digest)


def _ffmpeg() -> str:
    found = ffmpeg.identity()
    return f"ffmpeg {found['version']} {found['sha256'][:12]}"
