"""Where the joints of everyone in a frame are, from the same staging and rig that draws them."""

from __future__ import annotations

from microdrama_assets.schemas.manifest import FrameFacet
from microdrama_assets.studios.draft.geometry import turn_about
from microdrama_assets.studios.draft.pose import Point
from microdrama_assets.studios.draft.rig.anatomy import Anatomy, anatomy
from microdrama_assets.studios.draft.rig.cloth import hip_of
from microdrama_assets.studios.draft.rig.expression import expression
from microdrama_assets.studios.draft.staging import Spot, place_people, visible_people

HEAD = ("nose", "right_eye", "left_eye", "right_ear", "left_ear")
"""Points that turn with the head."""


def skeletons(frame: FrameFacet) -> dict[str, dict[str, Point]]:
    """Joints by name (`pose.NAMES`) of each person drawn, in frame pixels; they may lie outside the frame."""
    looks = {look.slug: look for look in frame.looks}
    people = {staged.character: anatomy(looks[staged.character]) for staged in visible_people(frame)}
    return {spot.staged.character: _joints(spot, people[spot.staged.character]) for spot in place_people(frame, people)}


def _joints(spot: Spot, a: Anatomy) -> dict[str, Point]:
    shoulder, hip = a.shoulder, hip_of(a)
    units: dict[str, Point] = {"nose": (0.0, a.nose_y), "neck": (0.0, 268.0)}
    for side, name in ((-1, "right"), (1, "left")):  # people face us: their right is on the left
        units |= {
            f"{name}_eye": (side * a.eye_x, a.eye_y), f"{name}_ear": (side * (a.temple - 4), a.eye_y + 26),
            f"{name}_shoulder": (side * shoulder * 0.86, 345.0), f"{name}_elbow": (side * shoulder * 0.98, 735.0),
            f"{name}_wrist": (side * shoulder * 0.94, 1090.0), f"{name}_hip": (side * hip * 0.62, 1060.0),
            f"{name}_knee": (side * hip * 0.55, 1640.0), f"{name}_ankle": (side * hip * 0.52, 2240.0),
        }
    tilt = expression(spot.staged.emotion, spot.staged.intensity).tilt_deg
    turned = turn_about((0.0, a.chin_y - 10), tilt)
    found: dict[str, Point] = {}
    for name, (x, y) in units.items():
        if name in HEAD:
            x, y = (float(row[0] * x + row[1] * y + row[2]) for row in turned[:2])
        found[name] = (spot.x + x * spot.unit, spot.y + y * spot.unit)
    return found
