"""The picture assets in final fidelity: the same partitions, made by diffusion and neural motion instead of drawn.

A picture is made at the model's native size and enlarged by an action of its own, so that another upscaler paints
nothing anew. Poses, depth and the camera come from the draft's rig, set and path, so drafts and finals agree.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import cv2
import numpy as np

from audit import kinds
from audit.canonical import encode
from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Input, Origin, Result
from microdrama_assets.graph.computing import computing
from microdrama_assets.graph.consents import check_leave
from microdrama_assets.graph.desk import Desk, NotReady
from microdrama_assets.graph.fidelity import identities, models_of, picture_settings
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.perform import perform
from microdrama_assets.graph.series import character_of
from microdrama_assets.graph.step import CheckVerdict
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.film import FaceBox, FaceTrack, Film
from microdrama_assets.schemas.final import CharacterModels, FinalModels, KeyframeModels, Likeness, Running
from microdrama_assets.schemas.manifest import CameraMove, FrameFacet, MotionFacet, SpeechFacet
from microdrama_assets.schemas.sound import DialogueTimings
from microdrama_assets.speech.recording import wav_to_array
from microdrama_assets.studios.draft.character_sheet import CELL
from microdrama_assets.studios.draft.clip import Clip
from microdrama_assets.studios.draft.controls import draw_controls
from microdrama_assets.studios.draft.keyframe import draw_plates
from microdrama_assets.studios.draft.layout import FRAME_HEIGHT, FRAME_WIDTH, Face, Layout
from microdrama_assets.studios.draft.motion import animate
from microdrama_assets.studios.draft.pixels import encode_png
from microdrama_assets.studios.final import libraries
from microdrama_assets.studios.final.diffusion import best, paint, sharpness
from microdrama_assets.studios.final.errors import ConsentMissing, FinalStudioError, LipsRefused
from microdrama_assets.studios.final.film import FRAMES, read_film, write_film
from microdrama_assets.studios.final.identity import face_of, likest, vectors
from microdrama_assets.studios.final.interpolation import retimed
from microdrama_assets.studios.final.lips import LipSync, speaking
from microdrama_assets.studios.final.orders import PictureOrder
from microdrama_assets.studios.final.parallax import DepthMove, covering, moved
from microdrama_assets.studios.final.prompts import motion_prompt, picture_prompt
from microdrama_assets.studios.final.running import device_of, in_recipe
from microdrama_assets.studios.final.sheet import share_of
from microdrama_assets.studios.final.upscaling import upscaled
from microdrama_assets.studios.final.video import film_between, pieces
from microdrama_assets.studios.pictures import decoded, jpeg

FILM = "film.json"
"""What tells a final clip from a draft's composition."""
IDENTITY = "identity.json"
FIRST_CELL, LORA = "cells/front_neutral.png", "lora.safetensors"
CANDIDATES = "candidates.json"
"""What tells a final keyframe from a drawn one."""
LAYOUT_DETAIL = 0.1
"""Only where things lie is asked of the draft here: its plates are drawn small and dropped."""
STRIP_SIZE = (360, 640)
_STILL = MotionFacet(duration_frames=1, fps=30, camera=CameraMove(kind="hold", amount=0.0), seed=0)

# -- keyframe ---------------------------------------------------------------------------------------------------------


def keyframe_recipe(desk: Desk, key: Key) -> Action:
    """Raises ConsentMissing for a likeness by nobody's leave, FinalStudioError for a shot with a lettered card."""
    named, spec = models_of(desk, key.series), desk.input("shot_spec", key, "frame.json")
    models, frame = named.keyframe, desk.load(spec.blob, FrameFacet)
    if frame.card is not None:
        raise FinalStudioError(f"{key} has a card lettered over it, which only the draft studio draws", str(key),
                               f"Keep this shot a draft: microdrama render {key} --fidelity draft")
    likenesses = _likenesses(desk, key, models, frame)
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
                "final_identity": CODE_VERSIONS["final_identity"],
                **({} if picked is None else {"pick": picked}), **({} if begun is None else {"anew": begun[1]})},
        models=identities(used, also=identities([one.model for one in likenesses.values()], kinds.LORA)),
        tools={**desk.toolbox.picture_tools(), **libraries.picture_tools(),
               **({} if named.characters is None else desk.toolbox.speech_tools())},
        inputs={"frame.json": spec, **_references(desk, key, named, frame), **_learnt(desk, key, named, likenesses),
                **_embeddings(desk, key, named, frame), **({} if begun is None else _before(desk, key, begun[0]))},
    )


def _before(desk: Desk, key: Key, action: str) -> dict[str, Input]:
    """The picture that a take begins from. Raises MicrodramaError where it is gone."""
    result = desk.made(action)
    if result is None:
        raise MicrodramaError(f"the picture that this take of {key} begins from is gone", str(key),
                              f"Take another: microdrama retake {key}")
    return {"before.png": Input(result.outputs["still.png"],
                                Origin("keyframe", result.partition, "still.png", result.statement))}


def paint_keyframe(work: Work) -> None:
    named = models_of(work.desk, work.key.series)
    models = named.keyframe
    likenesses = {one: models.likenesses[one] for one in work.action.params["keyframe"]["likenesses"]}
    picture = _inside(work, _picture_action(work, models, named.running),
                      lambda inner: _paint(inner, models, likenesses, named.running))
    still = _inside(work, _still_action(work, models, picture), lambda inner: _enlarge(inner, models, named.running))
    layout = draw_plates(work.load("frame.json", FrameFacet), None, LAYOUT_DETAIL)["layout.json"]
    work.add("layout.json", layout)
    work.outputs.update({**picture.outputs, **still.outputs})
    if named.characters is not None:
        told = _inside(work, _identity_action(work, named.characters, layout, still), _tell_faces)
        work.outputs.update(told.outputs)


def _picture_action(work: Work, models: KeyframeModels, running: Running) -> Action:
    """The native picture: everything of the keyframe but its upscaler."""
    characters, outer = models_of(work.desk, work.key.series).characters, work.action
    after = {one["name"] for one in identities([models.upscaler, characters and characters.encoder.model])}
    return Action(asset="final_picture", code_version=CODE_VERSIONS["final_picture"],
                  params={"keyframe": outer.params["keyframe"], "running": in_recipe(running),
                          **{name: outer.params[name] for name in ("anew",) if name in outer.params}},
                  tools=outer.tools,
                  models=tuple(one for one in outer.models if one["name"] not in after),
                  inputs={name: one for name, one in outer.inputs.items() if not name.startswith("embeddings/")})


def _paint(work: Work, models: KeyframeModels, likenesses: Mapping[str, Likeness], running: Running) -> None:
    frame = work.load("frame.json", FrameFacet)
    controls = draw_controls(frame, _STILL)
    face = _focus(frame)
    order = PictureOrder(
        prompt=picture_prompt(frame), seed=frame.seed, pose=controls.pose, depth=controls.depth,
        reference=_reference(work, face), likenesses=likenesses,
        trained={name.removeprefix("loras/").removesuffix(".safetensors"): work.path(name)
                 for name in work.names("loras/")},
        before=decoded(work.read("before.png")) if "before.png" in work.action.inputs else None,
        strength=float(work.action.params.get("anew", 1.0)))
    with computing(work, running):
        painted = paint(order, models, running, work.toolbox.models_folder)
    drawn = controls.files()
    for name in ("depth.png", "pose.png"):
        work.add(name, drawn[name])
    for character in controls.masks:
        work.add(f"mask_{character}.png", drawn[f"masks/{character}.png"])
    for number, one in enumerate(painted.candidates):
        work.add(f"candidates/{number + 1}.png", encode_png(one.picture))
    told = [{"seed": one.seed, "alignment": _rounded(one.alignment), "identity": _rounded(one.identity),
             "sharpness": sharpness(one.picture)} for one in painted.candidates]
    work.add(CANDIDATES, encode({"best": best(painted.candidates) + 1, "candidates": told, "prompt": order.prompt}))
    work.note(width=painted.size[0], height=painted.size[1], device=device_of(running),
              reduced=painted.size != (models.width, models.height))


def _still_action(work: Work, models: KeyframeModels, picture: Result) -> Action:
    chosen = work.action.params.get("pick") or json.loads(work.desk.read(picture.outputs[CANDIDATES]))["best"]
    name = f"candidates/{chosen}.png"
    entry = Input(picture.outputs[name], Origin("final_picture", picture.partition, name, picture.statement))
    return Action(asset="final_still", code_version=CODE_VERSIONS["final_still"],
                  models=identities([models.upscaler]), tools=work.desk.toolbox.picture_tools(),
                  inputs={"native.png": entry})


def _enlarge(work: Work, models: KeyframeModels, running: Running) -> None:
    with computing(work, running):
        picture = upscaled(decoded(work.read("native.png")), models.upscaler, work.toolbox.models_folder)
    work.add("still.png", encode_png(picture))


def _identity_action(work: Work, characters: CharacterModels, layout: bytes, still: Result) -> Action:
    """Whose faces are to be where, by the rig that posed them."""
    boxes = {face.character: share_of(face).model_dump(mode="json")
             for face in Layout.model_validate_json(layout).faces}
    told = {name: one for name, one in work.action.inputs.items() if name.startswith("embeddings/")}
    seen = {name.removeprefix("embeddings/").removesuffix(".json") for name in told}
    origin = Origin("final_still", still.partition, "still.png", still.statement)
    return Action(asset="final_identity", code_version=CODE_VERSIONS["final_identity"],
                  params={"part": characters.encoder.part,
                          "faces": {slug: box for slug, box in sorted(boxes.items()) if slug in seen}},
                  models=identities([characters.encoder.model]), tools=work.action.tools,
                  inputs={"still.png": Input(still.outputs["still.png"], origin), **told})


def _tell_faces(work: Work) -> None:
    """How close each face is to its bundle: the cosine to the closest picture of the sheet; null where cut off."""
    named, picture = models_of(work.desk, work.key.series), decoded(work.read("still.png"))
    assert named.characters is not None
    faces = {slug: face_of(picture, FaceBox.model_validate(box)) for slug, box in work.action.params["faces"].items()}
    seen = {slug: face for slug, face in faces.items() if face is not None}
    told: dict[str, Any] = dict.fromkeys(faces)
    if seen:
        with computing(work, named.running):
            found = vectors(list(seen.values()), named.characters.encoder, named.running, work.toolbox.models_folder)
        for slug, vector in zip(seen, found, strict=True):
            closest = likest(vector, json.loads(work.read(f"embeddings/{slug}.json"))["vectors"])
            told[slug] = {"similarity": closest.similarity, "closest": closest.closest}
    work.add(IDENTITY, encode({"faces": told}))


def judge_faces(desk: Desk, key: Key, result: Result) -> Sequence[CheckVerdict]:
    """The check `identity` of a final keyframe: each face against its bundle. A drawn one has nothing to say."""
    if IDENTITY not in result.outputs:
        return []
    characters = models_of(desk, key.series).characters
    if characters is None:
        return []
    least, faces = characters.least, json.loads(desk.read(result.outputs[IDENTITY]))["faces"]
    return [CheckVerdict("identity", one["similarity"] >= least, f"{one['similarity']:.3f}", f"at least {least:g}",
                         f"{slug}, closest {one['closest']}")
            for slug, one in sorted(faces.items()) if one is not None]


def _settings(models: KeyframeModels, likenesses: Mapping[str, Likeness]) -> dict[str, Any]:
    """What of the settings can change a picture, without the models themselves."""
    return {**picture_settings(models), "likenesses": {slug: one.weight for slug, one in sorted(likenesses.items())}}


def _likenesses(desk: Desk, key: Key, models: KeyframeModels, frame: FrameFacet) -> dict[str, Likeness]:
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


def _references(desk: Desk, key: Key, named: FinalModels, frame: FrameFacet) -> dict[str, Input]:
    """The face that is held: the sheet's first cell where there are bundles, else the drawn sheet."""
    face = _focus(frame)
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


def _bundle(desk: Desk, asset: str, key: Key) -> dict[str, Input]:
    """A part of a character's bundle. Raises FinalStudioError where it is not made from what is written now."""
    found = desk.find(asset, key)
    if found is None:
        command = "train" if asset == "character_lora" else "sheet"
        raise FinalStudioError(f"{asset} of {key} is not made from what models.yaml and the card say now", str(key),
                               f"Make it, and look at it: microdrama character {command} {key}")
    return desk.outputs(asset, key)


def _learnt(desk: Desk, key: Key, named: FinalModels, likenesses: Mapping[str, Likeness]) -> dict[str, Input]:
    """The files of LoRA that were trained here."""
    return {f"loras/{slug}.safetensors": _bundle(desk, "character_lora", Key(key.series, character=slug))[LORA]
            for slug, one in likenesses.items() if one.trained}


def _embeddings(desk: Desk, key: Key, named: FinalModels, frame: FrameFacet) -> dict[str, Input]:
    """What tells the faces that can be seen."""
    if named.characters is None:
        return {}
    seen = {one.character for one in frame.staged if one.facing != "back" and not one.silhouette}
    return {f"embeddings/{slug}.json":
            _bundle(desk, "identity_embedding", Key(key.series, character=slug))["embedding.json"]
            for slug in sorted(seen)}


def _focus(frame: FrameFacet) -> str | None:
    """Whose face is held: the one in focus, else the only one in frame."""
    shown = [one.character for one in frame.staged]
    return frame.focus if frame.focus in shown else (shown[0] if len(shown) == 1 else None)


def _reference(work: Work, face: str | None) -> np.ndarray | None:
    """A face that is neutral and straight on: of the painted sheet, or of the drawn one."""
    name = f"references/{face}.png"
    if name not in work.action.inputs:
        return None
    picture = decoded(work.read(name))
    if f"references/{face}.json" not in work.action.inputs:
        return picture[: CELL[1], : CELL[0]]
    first = json.loads(work.read(f"references/{face}.json"))["cells"][0]
    return face_of(picture, FaceBox.model_validate(first["face"]))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


# -- interpolated_clip ------------------------------------------------------------------------------------------------


def clip_recipe(desk: Desk, key: Key) -> Action:
    named, spec = models_of(desk, key.series), desk.input("shot_spec", key, "frame.json")
    motion, frame = named.motion, desk.load(spec.blob, FrameFacet)
    inputs = {name: desk.input("keyframe", key, name) for name in ("still.png", "depth.png", "layout.json")}
    inputs["motion.json"] = desk.input("shot_spec", key, "motion.json")
    tools = dict(desk.toolbox.picture_tools()) | dict(desk.toolbox.encoder_tools())
    if motion is None or not frame.staged:
        return Action(asset="interpolated_clip", code_version=CODE_VERSIONS["final_clip"], tools=tools, inputs=inputs,
                      params={"fidelity": "final", "method": "layers"})
    return Action(
        asset="interpolated_clip", code_version=CODE_VERSIONS["final_clip"],
        params={"fidelity": "final", "method": "first_last", "running": in_recipe(named.running),
                "motion": motion.model_dump(mode="json", exclude={"model"})},
        models=identities([motion.model]), tools=tools | dict(libraries.picture_tools()),
        inputs={**inputs, "frame.json": spec},
    )


def film_clip(work: Work) -> None:
    motion = work.load("motion.json", MotionFacet)
    layout = Layout.model_validate_json(work.read("layout.json"))
    clip = animate(work.read("layout.json"), motion)
    move = DepthMove(decoded(work.read("still.png")), _depth(work), clip.camera, layout.focus)
    if work.action.params["method"] == "layers":
        size, frames = (FRAME_WIDTH, FRAME_HEIGHT), move.frames()
    else:
        made, size = _between(work, motion, move)
        frames = retimed(made, motion.duration_frames)
    film = Film(fps=motion.fps, frames=motion.duration_frames, width=size[0], height=size[1],
                method=str(work.action.params["method"]), grade=motion.grade, faces=faces(layout, clip))
    _hand_in(work, frames, film)


def _between(work: Work, motion: MotionFacet, move: DepthMove) -> tuple[list[np.ndarray], tuple[int, int]]:
    """The video model's own frames, and their size."""
    named = models_of(work.desk, work.key.series)
    models, frame = named.motion, work.load("frame.json", FrameFacet)
    assert models is not None
    prompt, made, size = motion_prompt(frame, motion.camera.kind), list[np.ndarray](), (0, 0)
    divided = pieces(motion.duration_frames, motion.fps, models)
    with computing(work, named.running):
        for number, piece in enumerate(divided):
            first = made[-1] if made else move.frame(piece.first)
            filmed, size = film_between(first, move.frame(piece.last), piece.frames, prompt, motion.seed + number,
                                        models, named.running, work.toolbox.models_folder)
            made += filmed[1:] if made else filmed
            work.progress((number + 1) / (len(divided) + 1))
    work.note(device=device_of(named.running), model_frames=len(made), reduced=size != (models.width, models.height))
    return made, size


def _depth(work: Work) -> np.ndarray:
    depth = cv2.imdecode(np.frombuffer(work.read("depth.png"), np.uint8), cv2.IMREAD_UNCHANGED)
    assert depth is not None
    return depth.astype(np.uint16)


def faces(layout: Layout, clip: Clip) -> tuple[FaceTrack, ...]:
    """Where the rig's faces are in each frame, as the camera sees them."""
    return tuple(FaceTrack(character=face.character, boxes=tuple(_seen(face, layout, clip))) for face in layout.faces)


def _seen(face: Face, layout: Layout, clip: Clip) -> Iterator[FaceBox]:
    box, closer = face.face_box, covering(clip.camera)
    corners = np.array([[box.x, box.y, 1], [box.x + box.width, box.y + box.height, 1]], np.float64).T
    for camera in clip.camera:
        (left, right), (top, bottom) = (moved(camera, 1.0, layout.focus, closer) @ corners)[:2]
        yield FaceBox(x=round(left / FRAME_WIDTH, 5), y=round(top / FRAME_HEIGHT, 5),
                      width=round((right - left) / FRAME_WIDTH, 5), height=round((bottom - top) / FRAME_HEIGHT, 5))


def _hand_in(work: Work, frames: Iterator[np.ndarray], film: Film) -> None:
    path = work.scratch / FRAMES
    chosen = {0: 0, film.frames // 2: 1, film.frames - 1: 2}
    kept: list[np.ndarray] = []

    def watched() -> Iterator[np.ndarray]:
        for number, frame in enumerate(frames):
            if number in chosen:
                kept.append(cv2.resize(frame, STRIP_SIZE, interpolation=cv2.INTER_AREA))
            work.progress(number / film.frames)
            yield frame

    write_film(watched(), film, path)
    work.add_file(FRAMES, path)
    work.add_record(FILM, film)
    work.add("preview.jpg", jpeg(np.hstack(kept)))


# -- lipsynced_clip ---------------------------------------------------------------------------------------------------


def lips_recipe(desk: Desk, key: Key) -> Action:
    """Raises LipsRefused where somebody is seen speaking and no lip model is named."""
    shot = key.in_shot()
    inputs = desk.outputs("interpolated_clip", shot)
    spoken = desk.load(desk.input("shot_spec", shot, f"speech.{key.language}.json").blob, SpeechFacet)
    film = desk.load(inputs[FILM].blob, Film)
    seen = {one.character for one in film.faces}
    if not any(line.character in seen and not line.off_screen for line in spoken.lines):
        return Action(asset="lipsynced_clip", code_version=CODE_VERSIONS["final_lips"], inputs=inputs,
                      params={"fidelity": "final"})
    models = models_of(desk, key.series).lips
    if models is None:
        raise LipsRefused(f"somebody speaks on screen in {key}, and models.yaml names no lip model", "models.yaml",
                          "Name one under lips, or render the shot as a draft")
    for name in ("timings.json", "dialogue.wav"):
        inputs[name] = desk.input("dialogue_track", key, name)
    return Action(
        asset="lipsynced_clip", code_version=CODE_VERSIONS["final_lips"], inputs=inputs,
        params={"fidelity": "final", "lips": models.model_dump(mode="json", exclude={"model"})},
        models=identities([models.model]), tools={**desk.toolbox.picture_tools(), **desk.toolbox.speech_tools(),
                                                  **desk.toolbox.encoder_tools()})


def repaint_lips(work: Work) -> None:
    if "dialogue.wav" not in work.action.inputs:
        for name in work.action.inputs:
            work.pass_on(name, name)
        return
    models, film = models_of(work.desk, work.key.series).lips, work.load(FILM, Film)
    assert models is not None
    timings = work.load("timings.json", DialogueTimings)
    seen = {one.character for one in film.faces}
    timings = timings.model_copy(update={"lines": tuple(one for one in timings.lines if one.character in seen)})
    lips = LipSync(models, work.toolbox.models_folder)
    frames = lips.film(read_film(work.path(FRAMES), film), film, wav_to_array(work.read("dialogue.wav")), timings)
    _hand_in(work, frames, film)
    work.note(repainted=sum(len(one) for one in speaking(timings, film.fps, film.frames).values()))


# -- shared -----------------------------------------------------------------------------------------------------------


def _inside(work: Work, action: Action, make: Callable[[Work], None]) -> Result:
    """An action of its own within another; told in the statement of the work that it is for."""
    result, _ = perform(work.desk, work.key, action, make, work.progress)
    for name, blob in result.outputs.items():
        origin = Origin(action.asset, result.partition, name, result.statement)
        work.used[f"{action.asset}/{name}"] = Input(blob, origin)
    return result
