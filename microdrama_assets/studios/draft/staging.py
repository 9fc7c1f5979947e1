"""Where people stand in a vertical frame, and how large: one rule per coverage.

Eyes lie about the upper third, lower only where tall hair or a title needs the room. Heads stay clear of the player's
own controls (top, right) and of the caption rows; only the one over whose shoulder the camera looks may leave the
frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from microdrama_assets.schemas.manifest import Coverage, FrameFacet, Staged
from microdrama_assets.studios.draft.layout import CAPTION_TOP, FRAME_WIDTH, SAFE_RIGHT, SAFE_TOP, TITLE_BOTTOM
from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.posture import Hold

EYE_LINE = 640.0
"""A third of 1920."""
HEADROOM = 16.0
UNIT: dict[Coverage, float] = {
    "wide": 0.66,
    "medium": 1.0,
    "close": 1.74,
    "insert": 1.0,
    "two_shot": 0.92,
    "three_shot": 0.70,
    "reaction": 1.95,
    "over_shoulder": 1.16,
    "point_of_view": 1.36,
}
"""Frame pixels per rig unit; a face is about 410 units high."""
SET_ZOOM: dict[Coverage, float] = {
    "wide": 1.0,
    "medium": 1.24,
    "close": 1.62,
    "insert": 1.9,
    "two_shot": 1.14,
    "three_shot": 1.06,
    "reaction": 1.8,
    "over_shoulder": 1.3,
    "point_of_view": 1.42,
}
FOCUS_BLUR: dict[Coverage, float] = {
    "wide": 0.0,
    "medium": 5.0,
    "close": 11.0,
    "insert": 17.0,
    "two_shot": 3.5,
    "three_shot": 2.0,
    "reaction": 14.0,
    "over_shoulder": 7.0,
    "point_of_view": 8.0,
}
"""Sigma in frame pixels of what lies behind the people."""
CLOSE: tuple[Coverage, ...] = ("close", "reaction")
"""One head fills the frame."""
SINGLE: tuple[Coverage, ...] = ("close", "reaction", "point_of_view")
"""One person is drawn, however many are staged."""
COLUMN = {"left": 0.0, "centre": 0.5, "right": 1.0}
LEFT_EDGE = 40.0
SEATED_DROP: dict[Coverage, float] = {"wide": 230.0, "medium": 90.0, "two_shot": 190.0, "three_shot": 210.0}
"""Rig units by which somebody who sits is lower than standing."""
SHOULDER_UNIT = 1.86
SHOULDER_COLUMN = 0.075
"""Middle of the head before the lens, as a share of the frame's width from its edge."""
SHOULDER_TOP = 760.0
"""Row of the crown of that head: face and eyes of the other are above it."""


@dataclass(frozen=True)
class Spot:
    """One person's place: the rig's origin in frame pixels and its scale.

    `near` is 0 behind, 1 in front, 2 right before the lens and out of focus.
    """

    staged: Staged
    x: float
    y: float
    unit: float
    near: float
    hold: Hold


def visible_people(frame: FrameFacet) -> tuple[Staged, ...]:
    """Who is drawn: nobody in an insert, one person in close coverage (the focus), everyone otherwise."""
    if frame.coverage == "insert" or not frame.staged:
        return ()
    if frame.coverage in SINGLE:
        chosen = next((staged for staged in frame.staged if staged.character == frame.focus), frame.staged[0])
        return (chosen,)
    return tuple(sorted(frame.staged, key=lambda staged: COLUMN[staged.position]))


def place_people(frame: FrameFacet, anatomies: dict[str, Anatomy]) -> tuple[Spot, ...]:
    """The spots of everyone drawn, from the back to the front."""
    people = visible_people(frame)
    if not people:
        return ()
    if frame.coverage == "over_shoulder" and len(people) > 1:
        return tuple(_below_title(frame, _over_shoulder(frame, people, anatomies), anatomies))
    unit = _fitting_unit(frame.coverage, [anatomies[staged.character] for staged in people])
    columns = _columns(frame.coverage, people, [anatomies[staged.character].reach * unit for staged in people])
    spots = []
    for staged, x in zip(people, columns, strict=True):
        y = _origin_y(frame.coverage, anatomies[staged.character], unit, staged)
        spots.append(_spot(frame, staged, x, y, unit, 1.0 if staged.character == frame.focus else 0.0))
    return tuple(sorted(_below_title(frame, spots, anatomies), key=lambda spot: spot.near))


def _below_title(frame: FrameFacet, spots: Sequence[Spot], anatomies: dict[str, Anatomy]) -> Sequence[Spot]:
    """Everybody as much lower as the highest head needs to be clear of a title, as far as captions leave room. A face
    that fills the frame stays where it is."""
    if frame.card is None or frame.card.kind != "title" or frame.coverage in SINGLE:
        return spots
    seen = [spot for spot in spots if spot.near < 2]
    crown = min(spot.y + anatomies[spot.staged.character].top_y * spot.unit for spot in seen)
    chin = max(spot.y + anatomies[spot.staged.character].chin_y * spot.unit for spot in seen)
    lower = max(0.0, min(TITLE_BOTTOM + HEADROOM - crown, CAPTION_TOP - 40 - chin))
    return [replace(spot, y=spot.y + lower) if spot in seen else spot for spot in spots]


def _spot(frame: FrameFacet, staged: Staged, x: float, y: float, unit: float, near: float) -> Spot:
    return Spot(staged=staged, x=x, y=y, unit=unit, near=near,
                hold=Hold.of(staged, close=frame.coverage in CLOSE, chair=frame.set.kind != "car"))


def _over_shoulder(frame: FrameFacet, people: tuple[Staged, ...], anatomies: dict[str, Anatomy]) -> tuple[Spot, ...]:
    """The one faced stands in the free half; the other's head and shoulder close off the near corner."""
    before = next((staged for staged in people if staged.facing == "back"), people[0])
    faced = next(staged for staged in people if staged is not before)
    left = COLUMN[before.position] <= COLUMN[faced.position]
    a, b = anatomies[faced.character], anatomies[before.character]
    unit = _fitting_unit("over_shoulder", [a])
    x = FRAME_WIDTH * 0.60 if left else FRAME_WIDTH * 0.40
    x = min(max(x, LEFT_EDGE + a.reach * unit), SAFE_RIGHT - a.reach * unit)
    edge = FRAME_WIDTH * SHOULDER_COLUMN
    seen = edge if left else FRAME_WIDTH - edge
    y = SHOULDER_TOP - b.top_y * SHOULDER_UNIT
    return (
        _spot(frame, faced, x, _origin_y("over_shoulder", a, unit, faced), unit, 1.0),
        _spot(frame, before, seen, y, SHOULDER_UNIT, 2.0),
    )


def _fitting_unit(coverage: Coverage, people: list[Anatomy]) -> float:
    """Smaller where hair is wide or people are many, so that heads fit beside each other."""
    unit = UNIT[coverage]
    room = SAFE_RIGHT - LEFT_EDGE
    wanted = sum(2 * a.reach + 26 for a in people) * unit
    tallest = max((a.eye_y - a.top_y) * unit for a in people)
    height = CAPTION_TOP - 60 - SAFE_TOP
    faces = max((a.chin_y - a.top_y) * unit for a in people)
    return unit * min(1.0, room / wanted, (EYE_LINE + 130 - SAFE_TOP) / tallest, height / faces)


def _columns(coverage: Coverage, people: tuple[Staged, ...], reaches: list[float]) -> list[float]:
    centre = FRAME_WIDTH / 2
    if len(people) == 1:
        swing = {"wide": 210.0, "medium": 96.0, "close": 44.0, "reaction": 30.0}.get(coverage, 90.0)
        x = centre + swing * (2 * COLUMN[people[0].position] - 1)
        return [min(max(x, LEFT_EDGE + reaches[0]), SAFE_RIGHT - reaches[0])]
    used = 2 * sum(reaches)
    gap = (SAFE_RIGHT - LEFT_EDGE - used) / (len(people) - 1 + 0.9)
    x, columns = LEFT_EDGE + 0.45 * gap, []
    for reach in reaches:
        columns.append(x + reach)
        x += 2 * reach + gap
    return columns


def _origin_y(coverage: Coverage, a: Anatomy, unit: float, staged: Staged) -> float:
    """Eyes on the line; shorter and seated people lower, as they share one floor; never above the safe area."""
    drop = (1.0 - a.stature) * {"wide": 1500.0, "medium": 560.0, "two_shot": 900.0, "three_shot": 900.0}.get(
        coverage, 60.0) * unit
    if staged.posture == "sit":
        drop += SEATED_DROP.get(coverage, 0.0) * unit
    y = EYE_LINE - a.eye_y * unit + max(-40.0, drop)
    lowest = CAPTION_TOP - 40 - a.chin_y * unit
    return max(min(y, lowest), SAFE_TOP + HEADROOM - a.top_y * unit)
