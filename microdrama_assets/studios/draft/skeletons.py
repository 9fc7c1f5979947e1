"""Where the joints of everyone in a frame are, from the same staging and rig that draws them."""

from __future__ import annotations

from microdrama_assets.schemas.manifest import FrameFacet
from microdrama_assets.studios.draft.pose import Point
from microdrama_assets.studios.draft.rig.anatomy import Anatomy, anatomy
from microdrama_assets.studios.draft.rig.expression import expression
from microdrama_assets.studios.draft.rig.joints import joints
from microdrama_assets.studios.draft.staging import Spot, place_people, visible_people


def skeletons(frame: FrameFacet) -> dict[str, dict[str, Point]]:
    """Joints by name (`pose.NAMES`) of each person drawn, in frame pixels; they may lie outside the frame. Points that
    the head's turn hides are left out."""
    looks = {look.slug: look for look in frame.looks}
    people = {staged.character: anatomy(looks[staged.character]) for staged in visible_people(frame)}
    return {spot.staged.character: _placed(spot, people[spot.staged.character]) for spot in place_people(frame, people)}


def _placed(spot: Spot, a: Anatomy) -> dict[str, Point]:
    tilt = expression(spot.staged.emotion, spot.staged.intensity).tilt_deg
    return {name: (spot.x + point[0] * spot.unit, spot.y + point[1] * spot.unit)
            for name, point in joints(a, spot.hold, tilt).items() if point is not None}
