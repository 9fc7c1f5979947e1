"""Where the joints of everyone in a frame are, from the same staging and rig that draws them."""

from __future__ import annotations

from microdrama_assets.schemas.manifest import FrameFacet
from microdrama_assets.studios.draft.rig.anatomy import Anatomy, anatomy
from microdrama_assets.studios.draft.rig.expression import expression
from microdrama_assets.studios.draft.rig.joints import Joints, joints
from microdrama_assets.studios.draft.rig.posture import Hold
from microdrama_assets.studios.draft.staging import Spot, place_people, visible_people

CLOSE = ("close", "reaction")


def skeletons(frame: FrameFacet) -> dict[str, Joints]:
    """Joints by name (`pose.NAMES`) of each person drawn, in frame pixels; they may lie outside the frame, and a point
    is None where the head's turn hides it."""
    looks = {look.slug: look for look in frame.looks}
    people = {staged.character: anatomy(looks[staged.character]) for staged in visible_people(frame)}
    return {spot.staged.character: _placed(spot, people[spot.staged.character], frame.coverage in CLOSE)
            for spot in place_people(frame, people)}


def _placed(spot: Spot, a: Anatomy, close: bool) -> Joints:
    tilt = expression(spot.staged.emotion, spot.staged.intensity).tilt_deg
    found = joints(a, Hold.of(spot.staged, close), tilt)
    return {name: None if point is None else (spot.x + point[0] * spot.unit, spot.y + point[1] * spot.unit)
            for name, point in found.items()}
