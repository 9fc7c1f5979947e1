"""Whose faces a final keyframe shows, and what holds them: LoRA by leave, the bundle's sheet, its vectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audit import kinds
from microdrama_assets.graph.action import Input
from microdrama_assets.graph.consents import check_leave
from microdrama_assets.graph.desk import Desk, NotReady
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.series import character_of
from microdrama_assets.schemas.final import FinalModels, KeyframeModels, Likeness
from microdrama_assets.schemas.manifest import FrameFacet
from microdrama_assets.studios.final.errors import ConsentMissing, FinalStudioError

FIRST_CELL, LORA = "cells/front_neutral.png", "lora.safetensors"


def likenesses_of(desk: Desk, key: Key, models: KeyframeModels, frame: FrameFacet) -> dict[str, Likeness]:
    """The LoRA of those in frame, each by somebody's leave. Raises ConsentMissing."""
    shown = {one.character for one in frame.staged}
    found = {slug: one for slug, one in models.likenesses.items() if slug in shown}
    for slug, one in found.items():
        card = character_of(desk, Key(key.series, character=slug))
        check_leave(desk, key.series, card)
        if not one.trained and not one.synthetic and (one.consent is None or one.consent != card.consent):
            told = "names no consent" if one.consent is None else (
                f"names the consent {one.consent!r}, and characters/{slug}.yaml names {card.consent or 'none'}")
            raise ConsentMissing(f"the likeness of {slug} {told}", "models.yaml",
                                 "Record the person's consent, name it on the card and here; or say `synthetic: true` "
                                 "where no real person stands behind it")
    return found


def references(desk: Desk, key: Key, named: FinalModels, frame: FrameFacet) -> dict[str, Input]:
    """The face that is held: the sheet's first cell where there are bundles, else the drawn sheet."""
    face = focus(frame)
    if not named.keyframe.holds_faces or face is None:
        return {}
    bundle = Key(key.series, character=face)
    if named.characters is not None:
        cells = _bundle(desk, "reference_sheet", bundle)
        return {name: cells[output] for name, output in ((f"references/{face}.png", FIRST_CELL),
                                                         (f"references/{face}.json", "sheet.json"))}
    if "sheet.png" not in desk.result("character_bundle", bundle).outputs:
        raise NotReady("character_bundle", bundle)  # a plan foresees a bundle's words, not its pictures
    return {f"references/{face}.png": desk.input("character_bundle", bundle, "sheet.png")}


def learnt(desk: Desk, key: Key, likenesses: Mapping[str, Likeness]) -> dict[str, Input]:
    """The files of LoRA that were trained here."""
    return {f"loras/{slug}.safetensors": _bundle(desk, "character_lora", Key(key.series, character=slug))[LORA]
            for slug, one in likenesses.items() if one.trained}


def learnt_identities(desk: Desk, key: Key, models: KeyframeModels,
                      likenesses: Mapping[str, Likeness]) -> list[Mapping[str, Any]]:
    """The same files as statements name models, so that bill, gate and recall know them as they know a LoRA of a hub.
    Their revision is the action that trained them, their licence that of the model whose weights they change."""
    found: list[Mapping[str, Any]] = []
    for slug in sorted(slug for slug, one in likenesses.items() if one.trained):
        entry = _bundle(desk, "character_lora", bundle := Key(key.series, character=slug))[LORA]
        found.append({"name": f"loras/{key.series}/{slug}.safetensors", "source": f"{kinds.TRAINED}{key.series}/{slug}",
                      "revision": desk.result("character_lora", bundle).action, "sha256": entry.blob.digest,
                      "licence": models.base.licence, "kind": kinds.LORA})
    return found


def embeddings(desk: Desk, key: Key, named: FinalModels, frame: FrameFacet) -> dict[str, Input]:
    """What tells the faces that can be seen."""
    if named.characters is None:
        return {}
    return {f"embeddings/{slug}.json":
            _bundle(desk, "identity_embedding", Key(key.series, character=slug))["embedding.json"]
            for slug in sorted(recognisable(frame))}


def recognisable(frame: FrameFacet) -> frozenset[str]:
    """Whose faces can be seen."""
    return frozenset(one.character for one in frame.staged if one.facing != "back" and not one.silhouette)


def focus(frame: FrameFacet) -> str | None:
    """Whose face is held: the one in focus, else the only one in frame."""
    shown = [one.character for one in frame.staged]
    return frame.focus if frame.focus in shown else (shown[0] if len(shown) == 1 else None)


def _bundle(desk: Desk, asset: str, key: Key) -> dict[str, Input]:
    """A part of a character's bundle. Raises FinalStudioError where it, or the sheet that the rest is made from, is not
    made from what is written now."""
    for needed in dict.fromkeys(("reference_sheet", asset)):
        if desk.find(needed, key) is None:
            command = "train" if asset == "character_lora" else "sheet"
            raise FinalStudioError(f"{needed} of {key} is not made from what models.yaml and the card say now",
                                   str(key), f"Make it, and look at it: microdrama character {command} {key}")
    return desk.outputs(asset, key)
