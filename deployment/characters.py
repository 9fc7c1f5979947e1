"""A character's bundle from the command line: what is asked for, as a request; and what there is, told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.opening import open_request
from microdrama_assets.casting.bundle_assets import LAID_OUT, STEPS, bundle_folder
from microdrama_assets.graph.action import Result
from microdrama_assets.graph.desk import Desk, NotReady
from microdrama_assets.graph.fidelity import models_of
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.series import character_of
from microdrama_assets.graph.studio import Studio
from microdrama_assets.jobs.bundles import character_key, request_for
from microdrama_assets.planning import Request


@dataclass(frozen=True)
class Told:
    """A bundle for machines, and in lines for people."""

    record: Mapping[str, Any]
    lines: tuple[str, ...]


def open_character(target: str, home: Path | None, assets: tuple[str, ...]) -> tuple[Studio, Request, Key]:
    """Raises MicrodramaError for what is no character of a series, and where `models.yaml` asks for no such thing."""
    studio, key = _opened(target, home)
    return studio, request_for(studio, [key], assets), key


def shown(target: str, home: Path | None) -> Told:
    """What stands: nothing is made."""
    studio, key = _opened(target, home)
    desk = studio.desk
    card, characters = character_of(desk, key), models_of(desk, key.series).characters
    found = {step.name: result for step in STEPS if (result := desk.last(step.name, key)) is not None}

    def record(asset: str, name: str) -> Mapping[str, Any]:
        return json.loads(desk.read(found[asset].outputs[name])) if asset in found else {}

    lora = record("character_lora", "training.json")
    likeness = record("identity_embedding", "embedding.json").get("likeness", {})
    told: dict[str, Any] = {
        "character": str(key), "licence": card.licence, "consent": card.consent,
        "versions": {asset: result.version for asset, result in found.items()},
        "current": dict(_current(desk, key, found)),
        "sheet": record("reference_sheet", "sheet.json").get("cells", []), "likeness": likeness,
        "least": characters and characters.least, "lora": lora if lora.get("trained") else None,
        "files": [str(path) for name in LAID_OUT if (path := bundle_folder(desk, key) / name).is_file()],
    }
    return Told(told, tuple(_lines(told)))


def _opened(target: str, home: Path | None) -> tuple[Studio, Key]:
    series, _, slug = target.partition(".")
    studio, _ = open_request(series, home, None)
    return studio, character_key(studio, series, slug)


def _current(desk: Desk, key: Key, found: Mapping[str, Result]) -> Iterator[tuple[str, bool]]:
    """Whether each is made from what is written now; nothing of what cannot be told before something else is made."""
    for asset, result in found.items():
        with suppress(NotReady):
            yield asset, result.action == desk.action(asset, key).digest


def _lines(told: Mapping[str, Any]) -> list[str]:
    lora, likeness = told["lora"], told["likeness"]
    lines = [f"{told['character']}: licence {told['licence']}, consent {told['consent'] or 'none named on the card'}"]
    for asset, version in told["versions"].items():
        stands = "current" if told["current"].get(asset) else "not what the card and models.yaml say now"
        lines.append(f"{asset:<19} {version[:16]}  {stands}")
    if likeness:
        lines.append(f"likeness of the sheet: {min(likeness.values()):.3f} at the least, limit {told['least']:g}")
    if lora:
        lines.append(f"LoRA {lora['sha256'][:16]} of {lora['base']}: {len(lora['losses'])} steps on {lora['pictures']} "
                     f"pictures, loss {lora['loss_before']:.4f} -> {lora['loss_after']:.4f}")
    if not told["versions"]:
        lines.append(f"nothing is made yet: microdrama character sheet {told['character']}")
    return lines + list(told["files"])
