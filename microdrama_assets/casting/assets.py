"""The cast: each character as a versioned bundle whose looks and voice change independently."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from microdrama_assets.casting.embedding import embedding
from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Result
from microdrama_assets.graph.causes import Change
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.foresight import ForeseenWork
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.series import character_of, preset_sources
from microdrama_assets.graph.step import Step, Still
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.manifest import CastLook, Outfits
from microdrama_assets.schemas.series import Character, Outfit
from microdrama_assets.series_folder.changes import changed_fields, told
from microdrama_assets.series_folder.reading import load_document
from microdrama_assets.studios.draft.character_sheet import draw_outfits, draw_reference_sheet


def _recipe(desk: Desk, key: Key) -> Action:
    character = character_of(desk, key)
    file = f"characters/{character.slug}.yaml"
    return Action(
        asset="character_bundle", code_version=CODE_VERSIONS["character_bundle"], tools=desk.toolbox.picture_tools(),
        inputs={"card.json": desk.source_record(character)},
        sources=({"file": file}, *preset_sources(desk, key, file)),
    )


def _cast(work: Work) -> None:
    look, outfits = _hand_in(work)
    sheet = draw_reference_sheet(look)
    work.add("sheet.png", sheet)
    if outfits:
        work.add("outfits.png", draw_outfits(look, outfits))
    work.add("embedding.json", embedding(sheet))


def _hand_in(work: Work) -> tuple[CastLook, Mapping[str, Outfit]]:
    """The facets that others read: what is drawn, what else may be worn, what is heard, and the card whole."""
    character = work.load("card.json", Character)
    look = CastLook.of(character)
    work.add_record("look.json", look)
    work.add_record("outfits.json", Outfits(outfits=character.outfits))
    work.add_record("voice.json", character.voice)
    work.pass_on("card.json", "card.json")
    return look, character.outfits


def _foresee(work: ForeseenWork) -> None:
    _hand_in(work)


def _changes(desk: Desk, key: Key, name: str, old: bytes | None, new: bytes | None) -> Sequence[Change]:
    """`wardrobe of mara changed (colour "#8d2439" -> "#203050", characters/mara.yaml:12)`."""
    file = f"characters/{key.character}.yaml"
    if old is None or new is None:
        return [Change(f"{file} {'is new' if old is None else 'was removed'}", file)]
    document = load_document(desk.folder(key.series), file)
    found = []
    for path, before, after in changed_fields(json.loads(old), json.loads(new)):
        names = [str(part) for part in path]
        thing = names[1] if names[0] == "appearance" and len(names) > 1 else names[0]
        line = document.place(path).line
        detail = f"{names[-1]} {told(before)} -> {told(after)}, {document.told(path)}"
        found.append(Change(f"{thing} of {key.character} changed ({detail})", file, line))
    return found


def _show(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    shown = {"reference sheet": "sheet.png", "outfits": "outfits.png"}
    return {name: Still(result.outputs[file].digest, f"{key}: {name}") for name, file in shown.items()
            if file in result.outputs}


STEPS = (
    Step(
        name="character_bundle", group="casting", scope=Scope.CHARACTER,
        code_version=CODE_VERSIONS["character_bundle"], kinds=("image",),
        pool="picture",
        doc="A character's versioned identity: reference sheet, outfits, embedding, rig, voice, consent and licence.",
        recipe=_recipe, make=_cast, show=_show, foresee=_foresee, describe=_changes,
    ),
)
