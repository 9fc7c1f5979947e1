"""Pose skeletons in the OpenPose layout (COCO, 18 points), as data and in the usual colours: what a pose ControlNet
was trained on, so that generated people stand as the draft's do.

Layout, limbs and colours: Cao et al., OpenPose (2019), and the drawing that ControlNet's annotator made usual.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

import cv2
import numpy as np

Point = tuple[float, float]
NAMES = (
    "nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist",
    "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle", "right_eye", "left_eye",
    "right_ear", "left_ear",
)
"""In the order of the 18 points; right is the person's own right."""
LIMBS = (
    (1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10), (1, 11), (11, 12), (12, 13), (1, 0),
    (0, 14), (14, 16), (0, 15), (15, 17),
)
COLOURS = (
    (255, 0, 0), (255, 85, 0), (255, 170, 0), (255, 255, 0), (170, 255, 0), (85, 255, 0), (0, 255, 0), (0, 255, 85),
    (0, 255, 170), (0, 255, 255), (0, 170, 255), (0, 85, 255), (0, 0, 255), (85, 0, 255), (170, 0, 255), (255, 0, 255),
    (255, 0, 170), (255, 0, 85),
)
"""RGB of each point; a limb has the colour of its own number, darkened."""
LIMB_SHADE = 0.6
STICK = 4 / 512
"""Half-width of a limb and radius of a point, as a share of the frame's width."""


def pose_json(people: Mapping[str, Mapping[str, Point | None]], size: tuple[int, int]) -> bytes:
    """OpenPose JSON of `people` (character to joint name to frame pixels); points not in the picture are 0, 0, 0.

    `size` is (width, height). Beside OpenPose's fields each person has a `name`.
    """
    told = [
        {"person_id": [-1], "name": character, "pose_keypoints_2d": _keypoints(joints, size),
         "face_keypoints_2d": [], "hand_left_keypoints_2d": [], "hand_right_keypoints_2d": []}
        for character, joints in people.items()
    ]
    record = {"version": 1.3, "canvas_width": size[0], "canvas_height": size[1], "people": told}
    return json.dumps(record, separators=(",", ":")).encode() + b"\n"


def draw_pose(people: Sequence[Mapping[str, Point | None]], size: tuple[int, int]) -> np.ndarray:
    """The skeletons on black: uint8 BGR of `size` (width, height). People are drawn in the order given."""
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    stick = max(1, round(STICK * size[0]))
    for joints in people:
        points = [joints.get(name) for name in NAMES]
        for (first, second), colour in zip(LIMBS, COLOURS, strict=False):
            start, end = points[first], points[second]
            if start is not None and end is not None:
                cv2.fillConvexPoly(picture, _limb(start, end, stick), _bgr(colour, LIMB_SHADE), cv2.LINE_AA)
        for point, colour in zip(points, COLOURS, strict=True):
            if point is not None:
                cv2.circle(picture, (round(point[0]), round(point[1])), stick, _bgr(colour), -1, cv2.LINE_AA)
    return picture


def _keypoints(joints: Mapping[str, Point | None], size: tuple[int, int]) -> list[float]:
    found: list[float] = []
    for name in NAMES:
        point = joints.get(name)
        seen = point is not None and 0 <= point[0] < size[0] and 0 <= point[1] < size[1]
        found += [round(point[0], 2), round(point[1], 2), 1.0] if seen and point is not None else [0.0, 0.0, 0.0]
    return found


def _limb(start: Point, end: Point, stick: int) -> np.ndarray:
    """An ellipse from joint to joint."""
    middle = round((start[0] + end[0]) / 2), round((start[1] + end[1]) / 2)
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    angle = round(math.degrees(math.atan2(end[1] - start[1], end[0] - start[0])))
    return np.asarray(cv2.ellipse2Poly(middle, (round(length / 2), stick), angle, 0, 360, 1))


def _bgr(colour: tuple[int, int, int], shade: float = 1.0) -> tuple[int, int, int]:
    red, green, blue = (round(channel * shade) for channel in colour)
    return blue, green, red
