"""Vertical-safe framing: heads keep clear of captions and of the player's own controls."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest

from microdrama_assets.schemas.manifest import Card, Coverage
from microdrama_assets.studios.draft.layout import CAPTION_TOP, SAFE_RIGHT, SAFE_TOP, TITLE_BOTTOM
from microdrama_assets.studios.draft.rig.anatomy import anatomy
from microdrama_assets.studios.draft.staging import place_people
from tests.studios.conftest import make_frame, make_look, stage

LOOKS = tuple(
    make_look(f"p{number}", age=age, presentation=kind, build=build, hair={"style": style})
    for number, (age, kind, build, style) in enumerate(
        [
            (30, "feminine", "slim", "bun"),
            (30, "feminine", "average", "afro"),
            (8, "masculine", "slim", "curly"),
            (75, "masculine", "heavy", "bald"),
            (40, "masculine", "broad", "short"),
            (25, "androgynous", "average", "ponytail"),
        ]
    )
)
GROUPS = [
    ("p0",),
    ("p1",),
    ("p2",),
    ("p3",),
    ("p0", "p2"),
    ("p1", "p1b"),
    ("p3", "p4"),
    ("p0", "p1", "p2"),
    ("p0", "p1", "p3", "p4"),
]


@pytest.mark.parametrize("coverage", [coverage for coverage in get_args(Coverage) if coverage != "insert"])
@pytest.mark.parametrize("group", GROUPS, ids="+".join)
def test_heads_stay_in_the_safe_area(coverage: Coverage, group: tuple[str, ...]) -> None:
    """Whoever stands wherever: hair below the top controls, chin above the captions, nobody under the buttons."""
    looks = (*LOOKS, LOOKS[1].model_copy(update={"slug": "p1b"}))
    positions = ("left", "centre", "right", "right") if len(group) > 2 else ("left", "right")
    for shift in range(3 if len(group) == 1 else 1):
        staged = [
            stage(slug, (*positions, "centre")[(number + shift) % 3] if len(group) == 1 else positions[number])
            for number, slug in enumerate(group)
        ]
        anatomies = {look.slug: anatomy(look) for look in looks}
        spots = place_people(make_frame(coverage, *staged, looks=looks), anatomies)
        boxes = []
        for spot in (spot for spot in spots if spot.near < 2):  # a shoulder before the lens may leave the frame
            a = anatomies[spot.staged.character]
            left, right = spot.x - a.reach * spot.unit, spot.x + a.reach * spot.unit
            assert spot.y + a.top_y * spot.unit >= SAFE_TOP
            assert spot.y + a.chin_y * spot.unit <= CAPTION_TOP
            assert right <= SAFE_RIGHT + 0.01
            assert left >= 0
            boxes.append((left, right))
        boxes.sort()
        assert all(one[1] <= other[0] + 0.01 for one, other in pairwise(boxes)), "heads overlap"


def test_eyes_lie_about_the_upper_third() -> None:
    """In single coverage the eyes of an adult with ordinary hair are within 60 px of row 640."""
    for coverage in ("wide", "medium", "close"):
        spot = place_people(
            make_frame(coverage, stage("p4"), looks=LOOKS), {look.slug: anatomy(look) for look in LOOKS}
        )[0]
        assert abs(spot.y + anatomy(LOOKS[4]).eye_y * spot.unit - 640) < 60, coverage


def test_positions_keep_their_order() -> None:
    """Left is left of right, whoever is named first."""
    spots = place_people(
        make_frame("two_shot", stage("p4", "right"), stage("p3", "left"), looks=LOOKS),
        {look.slug: anatomy(look) for look in LOOKS},
    )
    x = {spot.staged.character: spot.x for spot in spots}
    assert x["p3"] < x["p4"]


@pytest.mark.parametrize("coverage", ["wide", "medium", "two_shot", "three_shot", "over_shoulder"])
@pytest.mark.parametrize("group", [group for group in GROUPS if len(group) < 4], ids="+".join)
def test_heads_stand_below_a_title(coverage: Coverage, group: tuple[str, ...]) -> None:
    """Nobody's hair is behind a title, and no chin behind captions; everybody is moved by as much, but for a shoulder
    right before the lens."""
    looks = (*LOOKS, LOOKS[1].model_copy(update={"slug": "p1b"}))
    anatomies = {look.slug: anatomy(look) for look in looks}
    frame = make_frame(coverage, *map(stage, group, ("left", "right", "centre")), looks=looks)
    plain = place_people(frame, anatomies)
    titled = place_people(frame.model_copy(update={"card": Card(kind="title", text="The Locket")}), anatomies)
    for spot in (spot for spot in titled if spot.near < 2):
        a = anatomies[spot.staged.character]
        assert spot.y + a.top_y * spot.unit >= TITLE_BOTTOM
        assert spot.y + a.chin_y * spot.unit <= CAPTION_TOP
    assert len({round(after.y - before.y, 6) for before, after in zip(plain, titled, strict=True) if after.near < 2}) == 1
    assert [spot for spot in titled if spot.near == 2] == [spot for spot in plain if spot.near == 2]


def test_a_face_that_fills_the_frame_stays_behind_its_title() -> None:
    anatomies = {look.slug: anatomy(look) for look in LOOKS}
    frame = make_frame("close", stage("p0"), looks=LOOKS)
    assert place_people(frame.model_copy(update={"card": Card(kind="title", text="The Locket")}), anatomies) == (
        place_people(frame, anatomies))
