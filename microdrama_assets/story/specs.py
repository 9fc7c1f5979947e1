"""`shot_spec`, the early-cutoff point: a new manifest leaves the facets of unchanged shots byte for byte as they were,
so nothing below them runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.foresight import ForeseenWork
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import FPS, CastLook, Outfits, Shot
from microdrama_assets.schemas.series import SetDesign
from microdrama_assets.story.facets import frame_facet, motion_facet, outfits_in, seen_in


def _spec_recipe(desk: Desk, key: Key) -> Action:
    episode, manifest = key.in_episode(), desk.outputs("shot_manifest", key.in_episode())
    name = f"shots/{key.shot}.json"
    if name not in manifest:
        raise MicrodramaError(f"{key} is no longer in the cut of {episode}", remedy="Nothing to do: it was removed")
    shot = _shot(desk.read(manifest[name].blob))
    speech = {
        entry.removeprefix(f"speech/{key.shot}."): blob for entry, blob in manifest.items()
        if entry.startswith(f"speech/{key.shot}.")
    }
    looks = {
        f"looks/{character}.json": desk.input("character_bundle", Key(key.series, character=character), "look.json")
        for character in sorted(seen_in(shot))
    }
    outfits = {
        f"outfits/{character}.json":
            desk.input("character_bundle", Key(key.series, character=character), "outfits.json")
        for character in sorted(outfits_in(shot))
    }
    return Action(
        asset="shot_spec", code_version=CODE_VERSIONS["shot_spec"],
        inputs={"shot.json": manifest[name],
                "set.json": desk.input("series_bible", Key(key.series), f"sets/{shot.set}.json"), **looks, **outfits,
                **{f"speech.{language}": blob for language, blob in speech.items()}},
    )


def _shot(data: bytes) -> Shot:
    return Shot.model_validate({**json.loads(data), "id": "", "scene": 0, "elements": ()})


def _specify(work: Work) -> None:
    shot = _shot(work.read("shot.json"))
    looks = [work.load(name, CastLook) for name in work.names("looks/")]
    wardrobes = {slug: work.load(f"outfits/{slug}.json", Outfits).outfits for slug in outfits_in(shot)}
    work.add_record("frame.json", frame_facet(shot, work.load("set.json", SetDesign), looks, wardrobes))
    work.add_record("motion.json", motion_facet(shot))
    for name in work.names("speech."):
        work.pass_on(name, name)


def _foresee_spec(work: ForeseenWork) -> None:
    """The picture's facet does not depend on the shot's length; its motion does."""
    _specify(work)
    if work.is_unsure("shot.json"):
        work.unsure("motion.json")


def _show_spec(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    action = desk.action("shot_spec", key)
    shot = _shot(desk.read(action.inputs["shot.json"].blob))
    return {"why": shot.why, "duration (s)": shot.duration_frames / FPS}


SHOT_SPEC = Step(
    name="shot_spec", group="story", scope=Scope.SHOT,
    code_version=CODE_VERSIONS["shot_spec"], kinds=("json",),
    upstream=("shot_manifest", "character_bundle", "series_bible"),
    doc="One shot's slice of the manifest with the looks and set it uses: the early-cutoff point.",
    recipe=_spec_recipe, make=_specify, show=_show_spec, foresee=_foresee_spec,
)
