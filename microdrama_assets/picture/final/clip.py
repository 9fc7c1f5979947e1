"""The clip in final fidelity: the still moved in layers by its depth, or video between the first and last frame of the
camera's path, where a motion model is named and somebody is in the picture. Frames between the video model's own come
from the interpolation model where one is named, else by optical flow.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action
from microdrama_assets.graph.computing import computing
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import identities, models_of
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.work import Work
from microdrama_assets.picture.final.frames import hand_in
from microdrama_assets.schemas.film import FaceBox, FaceTrack, Film
from microdrama_assets.schemas.manifest import FrameFacet, MotionFacet
from microdrama_assets.studios.draft.clip import Clip
from microdrama_assets.studios.draft.layout import FRAME_HEIGHT, FRAME_WIDTH, Face, Layout
from microdrama_assets.studios.draft.motion import animate
from microdrama_assets.studios.final import libraries
from microdrama_assets.studios.final.interpolation import retimed
from microdrama_assets.studios.final.parallax import DepthMove, covering, moved
from microdrama_assets.studios.final.prompts import motion_prompt
from microdrama_assets.studios.final.rife import Rife
from microdrama_assets.studios.final.running import device_of, in_recipe
from microdrama_assets.studios.final.video import film_between, pieces
from microdrama_assets.studios.pictures import decoded


def clip_recipe(desk: Desk, key: Key) -> Action:
    named, spec = models_of(desk, key.series), desk.input("shot_spec", key, "frame.json")
    motion, between, frame = named.motion, named.interpolation, desk.load(spec.blob, FrameFacet)
    inputs = {name: desk.input("keyframe", key, name) for name in ("still.png", "depth.png", "layout.json")}
    inputs["motion.json"] = desk.input("shot_spec", key, "motion.json")
    tools = dict(desk.toolbox.picture_tools()) | dict(desk.toolbox.encoder_tools())
    if motion is None or not frame.staged:
        return Action(asset="interpolated_clip", code_version=CODE_VERSIONS["final_clip"], tools=tools, inputs=inputs,
                      params={"fidelity": "final", "method": "layers"})
    return Action(
        asset="interpolated_clip", code_version=CODE_VERSIONS["final_clip"],
        params={"fidelity": "final", "method": "first_last", "running": in_recipe(named.running),
                "motion": motion.model_dump(mode="json", exclude={"model"}),
                **({} if between is None else {"interpolation": between.file})},
        models=identities([motion.model, between and between.model]), tools=tools | dict(libraries.picture_tools()),
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
        named = models_of(work.desk, work.key.series).interpolation
        between = None if named is None else Rife(named, work.toolbox.models_folder)
        frames = retimed(made, motion.duration_frames, between)
    film = Film(fps=motion.fps, frames=motion.duration_frames, width=size[0], height=size[1],
                method=str(work.action.params["method"]), grade=motion.grade, faces=faces(layout, clip))
    hand_in(work, frames, film)


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
