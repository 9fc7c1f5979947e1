"""A keyframe's candidates, painted from words, poses, depth and a face that is held; and one picture enlarged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from audit.canonical import encode
from microdrama_assets.graph.computing import computing
from microdrama_assets.graph.work import Work
from microdrama_assets.picture.final.likenesses import focus
from microdrama_assets.schemas.film import FaceBox
from microdrama_assets.schemas.final import KeyframeModels, Likeness, Running
from microdrama_assets.schemas.manifest import CameraMove, FrameFacet, MotionFacet
from microdrama_assets.studios.draft.character_sheet import CELL
from microdrama_assets.studios.draft.controls import Controls, draw_controls
from microdrama_assets.studios.draft.pixels import encode_png
from microdrama_assets.studios.final.choosing import artifacts, best, sharpness
from microdrama_assets.studios.final.diffusion import paint
from microdrama_assets.studios.final.identity import face_of
from microdrama_assets.studios.final.orders import Painted, PictureOrder
from microdrama_assets.studios.final.prompts import picture_prompt
from microdrama_assets.studios.final.running import device_of
from microdrama_assets.studios.final.upscaling import upscaled
from microdrama_assets.studios.pictures import decoded

CANDIDATES = "candidates.json"
"""What tells a final keyframe from a drawn one."""
_STILL = MotionFacet(duration_frames=1, fps=30, camera=CameraMove(kind="hold", amount=0.0), seed=0)


def paint_candidates(work: Work, models: KeyframeModels, likenesses: Mapping[str, Likeness], running: Running) -> None:
    controls = controls_of(work)
    order = order_of(work, likenesses, controls)
    if "before.png" in work.action.inputs:
        order = replace(order, before=decoded(work.read("before.png")), strength=float(work.action.params["anew"]))
    with computing(work, running):
        painted = paint(order, models, running, work.toolbox.models_folder)
    hand_in(work, order, controls, painted)
    work.note(device=device_of(running), reduced=painted.size != (models.width, models.height))


def hand_in(work: Work, order: PictureOrder, controls: Controls, painted: Painted) -> None:
    """The candidates, what each was found to be, and what they were led by."""
    drawn = controls.files()
    for name in ("depth.png", "pose.png"):
        work.add(name, drawn[name])
    for character in controls.masks:
        work.add(f"mask_{character}.png", drawn[f"masks/{character}.png"])
    for number, one in enumerate(painted.candidates):
        work.add(f"candidates/{number + 1}.png", encode_png(one.picture))
    told = [{"seed": one.seed, "alignment": _rounded(one.alignment), "identity": _rounded(one.identity),
             "artifacts": artifacts(one.picture), "sharpness": sharpness(one.picture)} for one in painted.candidates]
    work.add(CANDIDATES, encode({"best": best(painted.candidates) + 1, "candidates": told, "prompt": order.prompt}))
    work.note(width=painted.size[0], height=painted.size[1])


def controls_of(work: Work) -> Controls:
    """What the draft's rig and set know of the frame."""
    return draw_controls(work.load("frame.json", FrameFacet), _STILL)


def order_of(work: Work, likenesses: Mapping[str, Likeness], controls: Controls) -> PictureOrder:
    """What is asked of the model for the action's frame: words, poses, depth, the face that is held, LoRA."""
    frame = work.load("frame.json", FrameFacet)
    return PictureOrder(
        prompt=picture_prompt(frame), seed=frame.seed, pose=controls.pose, depth=controls.depth,
        reference=_reference(work, focus(frame)), likenesses=likenesses,
        trained={name.removeprefix("loras/").removesuffix(".safetensors"): work.path(name)
                 for name in work.names("loras/")})


def enlarge(work: Work, models: KeyframeModels, running: Running) -> None:
    with computing(work, running):
        picture = upscaled(decoded(work.read("native.png")), models.upscaler, work.toolbox.models_folder)
    work.add("still.png", encode_png(picture))


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
