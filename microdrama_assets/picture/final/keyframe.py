"""The keyframe in final fidelity, as actions within one: the picture at the model's native size, its enlargement, its
detail where that is asked for, and how close its faces are to their bundles.

So another upscaler, threshold or pick paints nothing anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from audit import kinds
from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Input, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import identities, models_of, picture_settings
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.perform import perform_inside
from microdrama_assets.graph.work import Work
from microdrama_assets.picture.final.detail import detail_seed, paint_detail
from microdrama_assets.picture.final.faces import tell_faces
from microdrama_assets.picture.final.likenesses import (
    embeddings,
    learnt,
    learnt_identities,
    likenesses_of,
    recognisable,
    references,
)
from microdrama_assets.picture.final.painting import CANDIDATES, enlarge, paint_candidates
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.final import CharacterModels, KeyframeModels, Likeness
from microdrama_assets.schemas.manifest import FrameFacet
from microdrama_assets.studios.draft.keyframe import draw_plates
from microdrama_assets.studios.draft.layout import Layout
from microdrama_assets.studios.final import libraries
from microdrama_assets.studios.final.errors import FinalStudioError
from microdrama_assets.studios.final.running import in_recipe
from microdrama_assets.studios.final.sheet import share_of

LAYOUT_DETAIL = 0.1
"""Only where things lie is asked of the draft here: its plates are drawn small and dropped."""


def keyframe_recipe(desk: Desk, key: Key) -> Action:
    """Raises ConsentMissing for a likeness by nobody's leave, FinalStudioError for a shot with a lettered card."""
    named, spec = models_of(desk, key.series), desk.input("shot_spec", key, "frame.json")
    models, frame = named.keyframe, desk.load(spec.blob, FrameFacet)
    if frame.card is not None:
        raise FinalStudioError(f"{key} has a card lettered over it, which only the draft studio draws", str(key),
                               f"Keep this shot a draft: microdrama render {key} --fidelity draft")
    likenesses = likenesses_of(desk, key, models, frame)
    decision = desk.decisions(key).of(key.shot)
    picked, begun = decision.picked, decision.begins_from
    if picked is not None and picked > models.candidates:
        raise MicrodramaError(f"candidate {picked} of {key} is wanted, and models.yaml asks for {models.candidates}",
                              "models.yaml", f"Pick another: microdrama pick {key} NUMBER")
    used = [models.base, models.pose, models.depth, models.identity, models.upscaler]
    used += [] if named.characters is None else [named.characters.encoder.model]
    return Action(
        asset="keyframe", code_version=CODE_VERSIONS["final_keyframe"],
        params={"fidelity": "final", "keyframe": _settings(models, likenesses), "running": in_recipe(named.running),
                "final_picture": CODE_VERSIONS["final_picture"], "final_still": CODE_VERSIONS["final_still"],
                "final_identity": CODE_VERSIONS["final_identity"], **_detail(models, frame.seed),
                **({} if picked is None else {"pick": picked}), **({} if begun is None else {"anew": begun[1]})},
        models=identities(used, also=[*identities([one.model for one in likenesses.values()], kinds.LORA),
                                      *learnt_identities(desk, key, models, likenesses)]),
        tools={**desk.toolbox.picture_tools(), **libraries.picture_tools(),
               **({} if named.characters is None else desk.toolbox.speech_tools())},
        inputs={"frame.json": spec, **references(desk, key, named, frame), **learnt(desk, key, likenesses),
                **embeddings(desk, key, named, frame), **({} if begun is None else _before(desk, key, begun[0]))},
    )


def paint_keyframe(work: Work) -> None:
    named = models_of(work.desk, work.key.series)
    models = named.keyframe
    likenesses = {one: models.likenesses[one] for one in work.action.params["keyframe"]["likenesses"]}
    picture = perform_inside(work, picture_action(work.desk, work.key, work.action),
                             lambda inner: paint_candidates(inner, models, likenesses, named.running))
    still = perform_inside(work, _still_action(work, models, picture),
                           lambda inner: enlarge(inner, models, named.running))
    work.outputs.update({**picture.outputs, **still.outputs})
    frame = work.load("frame.json", FrameFacet)
    layout = draw_plates(frame, None, LAYOUT_DETAIL)["layout.json"]
    work.add("layout.json", layout)
    if models.detail is not None:
        boxes = _boxes(layout, recognisable(frame)) if models.detail.only == "faces" else None
        still = perform_inside(work, _detail_action(work, still, boxes),
                               lambda inner: paint_detail(inner, models, likenesses, named.running))
        work.outputs.update(still.outputs)
    if named.characters is not None:
        told = perform_inside(work, _identity_action(work, named.characters, layout, still), tell_faces)
        work.outputs.update(told.outputs)


def _before(desk: Desk, key: Key, action: str) -> dict[str, Input]:
    """The picture that a take begins from. Raises MicrodramaError where it is gone."""
    result = desk.made(action)
    if result is None:
        raise MicrodramaError(f"the picture that this take of {key} begins from is gone", str(key),
                              f"Take another: microdrama retake {key}")
    return {"before.png": result.handed_on("still.png")}


def _settings(models: KeyframeModels, likenesses: Mapping[str, Likeness]) -> dict[str, Any]:
    """What of the settings can change a picture, without the models themselves."""
    return {**picture_settings(models), "likenesses": {slug: one.weight for slug, one in sorted(likenesses.items())}}


def picture_action(desk: Desk, key: Key, outer: Action) -> Action:
    """The native picture: everything of the keyframe but its upscaler."""
    named = models_of(desk, key.series)
    encoder = named.characters and named.characters.encoder.model
    after = {one["name"] for one in identities([named.keyframe.upscaler, encoder])}
    return Action(asset="final_picture", code_version=CODE_VERSIONS["final_picture"],
                  params={"keyframe": outer.params["keyframe"], "running": in_recipe(named.running),
                          **{name: outer.params[name] for name in ("anew",) if name in outer.params}},
                  tools=outer.tools,
                  models=tuple(one for one in outer.models if one["name"] not in after),
                  inputs={name: one for name, one in outer.inputs.items() if not name.startswith("embeddings/")})


def _still_action(work: Work, models: KeyframeModels, picture: Result) -> Action:
    chosen = work.action.params.get("pick") or json.loads(work.desk.read(picture.outputs[CANDIDATES]))["best"]
    return Action(asset="final_still", code_version=CODE_VERSIONS["final_still"],
                  models=identities([models.upscaler]), tools=work.desk.toolbox.picture_tools(),
                  inputs={"native.png": picture.handed_on(f"candidates/{chosen}.png")})


def _detail(models: KeyframeModels, seed: int) -> dict[str, Any]:
    """What of it is in the recipe; nothing where none is asked for, so that such pictures stay as they are."""
    if models.detail is None:
        return {}
    return {"detail": {"code": CODE_VERSIONS["final_detail"], "seed": detail_seed(seed), **models.detail.model_dump()}}


def _detail_action(work: Work, still: Result, boxes: Mapping[str, Any] | None) -> Action:
    """The picture's recipe, but from the enlarged picture, with seed and settings of its own, and the faces that it
    keeps to."""
    picture = picture_action(work.desk, work.key, work.action)
    inputs = {name: one for name, one in picture.inputs.items() if name != "before.png"}
    return Action(asset="final_detail", code_version=CODE_VERSIONS["final_detail"], models=picture.models,
                  tools=picture.tools, params={**{name: picture.params[name] for name in ("keyframe", "running")},
                                               "detail": work.action.params["detail"],
                                               **({} if boxes is None else {"faces": boxes})},
                  inputs={**inputs, "enlarged.png": still.handed_on("still.png")})


def _identity_action(work: Work, characters: CharacterModels, layout: bytes, still: Result) -> Action:
    """Whose faces are to be where, by the rig that posed them."""
    told = {name: one for name, one in work.action.inputs.items() if name.startswith("embeddings/")}
    seen = {name.removeprefix("embeddings/").removesuffix(".json") for name in told}
    return Action(asset="final_identity", code_version=CODE_VERSIONS["final_identity"],
                  params={"part": characters.encoder.part,
                          "faces": _boxes(layout, seen)},
                  models=identities([characters.encoder.model]), tools=work.action.tools,
                  inputs={"still.png": still.handed_on("still.png"), **told})


def _boxes(layout: bytes, seen: Collection[str]) -> dict[str, Any]:
    """Where the rig put their faces, by character."""
    faces = Layout.model_validate_json(layout).faces
    return {face.character: share_of(face).model_dump(mode="json")
            for face in sorted(faces, key=lambda one: one.character) if face.character in seen}
