"""Control maps: they say of the keyframe what is in the keyframe, in the formats that a final studio reads."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

from microdrama_assets.schemas.manifest import CameraMove, Coverage, FrameFacet, MotionFacet
from microdrama_assets.studios.draft.compositor import Compositor, still_clip
from microdrama_assets.studios.draft.controls import draw_controls
from microdrama_assets.studios.draft.keyframe import draw_plates
from microdrama_assets.studios.draft.layout import Layout, canonical_json
from microdrama_assets.studios.draft.pose import COLOURS, NAMES, draw_pose, pose_json
from tests.studios.conftest import make_frame, stage

PUSH = MotionFacet(duration_frames=12, fps=30, camera=CameraMove(kind="push", amount=0.1), seed=1)
CASES = [("two_shot", ("mara", "jonas")), ("close", ("mara",)), ("wide", ("mara", "jonas"))]


def scene(coverage: Coverage, people: tuple[str, ...]) -> FrameFacet:
    places = ("left", "right") if len(people) > 1 else ("centre",)
    return make_frame(coverage, *(stage(who, place, "sad") for who, place in zip(people, places, strict=True)))


def still(files: dict[str, bytes], layout: Layout, without: str | None = None) -> np.ndarray:
    """The keyframe as it is, or as it would be without one person."""
    left = layout.model_copy(update={
        "layers": tuple(layer for layer in layout.layers if without is None or layer.character != without),
        "faces": tuple(face for face in layout.faces if face.character != without)})
    return next(Compositor(files, canonical_json(left), still_clip(left), ()).frames()).astype(int)


@pytest.mark.parametrize(("coverage", "people"), CASES)
def test_maps_agree_with_the_keyframe(coverage: Coverage, people: tuple[str, ...]) -> None:
    """A mask covers what would be missing without that person; joints lie in it, where the face and the shoulders are
    drawn; depth puts people before the far wall, one before the other, and whatever covers them before them."""
    frame = scene(coverage, people)
    controls = draw_controls(frame, PUSH)
    depth = controls.depth
    assert set(controls.masks) == set(people)
    assert depth.dtype == np.uint16 and depth.shape == (1920, 1080)
    told = {one["name"]: one for one in json.loads(controls.pose_json)["people"]}
    files = draw_plates(frame, None, 1.0)
    layout = Layout.model_validate_json(files["layout.json"])
    whole = still(files, layout)
    behind = np.median(depth[np.maximum.reduce(list(controls.masks.values())) == 0])
    for who, mask in controls.masks.items():
        gone = np.abs(whole - still(files, layout, who)).max(axis=2) > 2
        drawn = mask > 127
        # half of the plate's pixels are drawn for the maps, so outlines may lie a pixel elsewhere
        sure, reach = cv2.erode(mask, np.ones((7, 7))) > 127, cv2.dilate(mask, np.ones((7, 7))) > 32
        assert (gone & sure).sum() > 0.97 * sure.sum() and not (gone & ~reach).sum() > 0.01 * drawn.sum()
        assert depth[sure].min() > behind
        points = joints_of(told[who])
        assert points.keys() >= {"nose", "neck", "right_eye", "left_eye", "right_shoulder", "left_shoulder"}
        near = cv2.dilate(mask, np.ones((9, 9)))
        assert all(near[int(y), int(x)] > 127 for x, y in points.values())
        face = next(face for face in layout.faces if face.character == who)
        box = face.face_box
        assert box.x < points["nose"][0] < box.x + box.width and box.y < points["nose"][1] < box.y + box.height
        for name, eye in zip(("right_eye", "left_eye"), face.eyes, strict=True):
            assert np.hypot(points[name][0] - eye[0], points[name][1] - eye[1]) < 30 * face.unit
        x, y = told[who]["pose_keypoints_2d"][0::3], told[who]["pose_keypoints_2d"][1::3]
        # by OpenPose's numbers: right shoulder 2, neck 1, left shoulder 5, right eye 14, left eye 15, nose 0
        assert x[2] < x[1] < x[5] and x[14] < x[0] < x[15] and y[0] < y[1] < y[5]
    if len(people) > 1:
        focus, other = (depth[controls.masks[who] == 255] for who in people)
        assert focus.min() > np.median(other)
    if coverage != "close":
        assert depth[1900, 40] > depth[np.maximum.reduce(list(controls.masks.values())) == 255].max()


def joints_of(person: dict[str, list[float]]) -> dict[str, tuple[float, float]]:
    values = person["pose_keypoints_2d"]
    return {name: (values[3 * i], values[3 * i + 1]) for i, name in enumerate(NAMES) if values[3 * i + 2] > 0}


def test_what_is_hidden_has_no_joint() -> None:
    """Knees behind a counter and hips below the frame are neither told nor drawn: they would be drawn before it."""
    controls = draw_controls(scene("medium", ("mara", "jonas")), PUSH)
    for person in json.loads(controls.pose_json)["people"]:
        assert not joints_of(person).keys() & {"right_knee", "left_knee", "right_ankle", "left_ankle"}
    assert controls.pose[1850:].max() == 0


def test_files_open_as_what_they_are() -> None:
    """Depth is a 16-bit PNG, masks 8-bit, both as large as the keyframe; the camera has one sample for each frame."""
    frame = scene("close", ("ada",))
    files = draw_controls(frame, PUSH).files()
    assert set(files) == {"depth.png", "masks/ada.png", "pose.png", "pose.json", "camera.json"}
    opened = {name: cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
              for name, data in files.items() if name.endswith(".png")}
    assert {name: (picture.dtype.name, picture.shape[:2]) for name, picture in opened.items()} == {
        "depth.png": ("uint16", (1920, 1080)), "masks/ada.png": ("uint8", (1920, 1080)),
        "pose.png": ("uint8", (1920, 1080))}
    camera = json.loads(files["camera.json"])
    assert (camera["frames"], len(camera["samples"]), camera["move"]["kind"]) == (12, 12, "push")
    assert camera["samples"][-1]["zoom"] > camera["samples"][0]["zoom"]
    assert draw_controls(frame, PUSH).files() == files


def test_pose_in_the_usual_layout_and_colours() -> None:
    """Every joint has OpenPose's place in the list and its colour in the picture; what is missing is zero."""
    joints = {name: (40.0 + 50 * (i % 6), 60.0 + 120 * (i // 6)) for i, name in enumerate(NAMES) if name != "left_ear"}
    told = json.loads(pose_json({"ana": joints}, (400, 400)))
    assert (told["canvas_width"], told["canvas_height"]) == (400, 400)
    values = told["people"][0]["pose_keypoints_2d"]
    assert len(values) == 54 and values[:3] == [40.0, 60.0, 1.0] and values[-3:] == [0.0, 0.0, 0.0]
    picture = draw_pose([joints], (400, 400))
    for name, (red, green, blue) in zip(NAMES, COLOURS, strict=True):
        if name in joints:
            x, y = joints[name]
            assert tuple(int(channel) for channel in picture[int(y), int(x)]) == (blue, green, red), name
