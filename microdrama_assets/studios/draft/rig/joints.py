"""Where a person's joints are: the 18 points of OpenPose (COCO order and names), told by the rig that draws them."""

from __future__ import annotations

import math

from microdrama_assets.studios.draft.geometry import turn_about
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.cloth import CUFF_Y, hip_of
from microdrama_assets.studios.draft.rig.posture import Hold, Point, arms

Joints = dict[str, Point | None]
"""OpenPose-18 names to (x, y); None where the head's turn hides the point."""
HEAD = ("nose", "right_eye", "left_eye", "right_ear", "left_ear")
"""Points that turn with the head."""
PROFILE_NOSE, PROFILE_EYE, PROFILE_EAR = 166.0, 116.0, -14.0
"""Columns of a head in profile, toward where it faces; the nose's own width comes on top."""
NAMES = {-1: "right", 1: "left"}
"""People face us: their right is on screen left. Seen from behind it is the other way round."""


def joints(a: Anatomy, hold: Hold, tilt_deg: float) -> Joints:
    """Joints in rig units, the head tilted by `tilt_deg`. Hands that a gesture raises are where they are drawn."""
    found: Joints = {"neck": (0.0, 268.0)}
    names = {-1: "left", 1: "right"} if hold.facing == "back" else NAMES
    half = math.cos(math.radians(45.0 * hold.turned * 1.15))
    hip = hip_of(a)
    for side, name in names.items():
        found |= {
            f"{name}_shoulder": (side * a.shoulder * 0.86 * half, 345.0),
            f"{name}_elbow": (side * a.shoulder * 0.96 * half, 735.0),
            f"{name}_wrist": (side * a.shoulder * 0.90 * half, CUFF_Y),
            f"{name}_hip": (side * hip * 0.62 * half, 1060.0),
            f"{name}_knee": (side * hip * 0.55, 1640.0) if hold.posture == "stand" else (side * hip * 0.72, 1250.0),
            f"{name}_ankle": (side * hip * 0.52, 2240.0) if hold.posture == "stand" else (side * hip * 0.66, 1840.0),
        }
    for arm in arms(a, hold):
        name = names[arm.side]
        found |= {f"{name}_shoulder": arm.shoulder, f"{name}_elbow": arm.elbow, f"{name}_wrist": arm.wrist}
    return found | _head(a, hold, tilt_deg)


def _head(a: Anatomy, hold: Hold, tilt_deg: float) -> Joints:
    tilted = turn_about((0.0, a.chin_y - 10), tilt_deg)
    found: Joints = {}
    for name, point in _points(a, hold).items():
        found[name] = None if point is None else _moved(tilted.tolist(), point)
    return found


def _points(a: Anatomy, hold: Hold) -> Joints:
    if hold.facing == "back":
        ear = a.temple - 4
        return {
            "nose": None,
            "right_eye": None,
            "left_eye": None,
            "right_ear": (ear, a.eye_y + 26),
            "left_ear": (-ear, a.eye_y + 26),
        }
    near = NAMES[-hold.side] if hold.side else None
    if hold.turned == 1:
        return {"nose": (hold.side * (PROFILE_NOSE + a.nose_w), a.nose_y), "right_eye": None, "left_eye": None,
                "right_ear": None, "left_ear": None, f"{near}_eye": (hold.side * PROFILE_EYE, a.eye_y),
                f"{near}_ear": (hold.side * PROFILE_EAR, a.eye_y + 20)}
    radians = math.radians(hold.yaw_deg)
    found: Joints = {"nose": (math.sin(radians) * a.temple * 0.80, a.nose_y)}
    for side, name in NAMES.items():
        x = side * a.eye_x * math.cos(radians) + 0.52 * a.temple * math.sin(radians)
        found[f"{name}_eye"] = (x, a.eye_y)
        ear = side * (a.temple - 4) * math.cos(radians) - 0.16 * a.temple * math.sin(radians)
        found[f"{name}_ear"] = None if near is not None and name != near else (ear, a.eye_y + 26)
    return found


def _moved(matrix: list[list[float]], point: Point) -> Point:
    x, y = point
    return matrix[0][0] * x + matrix[0][1] * y + matrix[0][2], matrix[1][0] * x + matrix[1][1] * y + matrix[1][2]
