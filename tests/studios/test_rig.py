"""The rig: every trait can be seen, one person stays one person, and patches stay in their boxes."""

from __future__ import annotations

from typing import get_args

import cv2
import numpy as np
import pytest

from microdrama_assets.schemas.manifest import CastLook, Gesture, Prop
from microdrama_assets.schemas.series import Emotion, Outfit
from microdrama_assets.schemas.sound import Viseme
from microdrama_assets.studios.draft.character_sheet import (
    draw_outfits,
    draw_reference_sheet,
    identity_features,
)
from microdrama_assets.studios.draft.keyframe import draw_keyframe
from microdrama_assets.studios.draft.layout import Layout
from microdrama_assets.studios.draft.props.insert import PAINTERS
from microdrama_assets.studios.draft.rig.anatomy import anatomy
from microdrama_assets.studios.draft.rig.expression import EMOTIONS, NEUTRAL, expression
from microdrama_assets.studios.draft.rig.figure import Figure, draw_figure
from microdrama_assets.studios.draft.rig.light import STUDIO
from microdrama_assets.studios.draft.rig.posture import Hold, arms
from tests.studios.conftest import CAST, make_frame, make_look, stage

SCALE = 0.3
TRAITS = {
    "hair": [
        {"hair": {"style": style}}
        for style in ("bald", "buzz", "short", "bob", "long", "bun", "ponytail", "curly", "afro")
    ],
    "hair colour": [{"hair": {"colour": colour}} for colour in ("#111111", "#d8b070", "#c0c0c0")],
    "facial hair": [{"facial_hair": kind} for kind in ("none", "stubble", "moustache", "beard")],
    "glasses": [{"glasses": worn} for worn in (False, True)],
    "mark": [{"mark": mark} for mark in ("none", "scar", "freckles", "mole")],
    "build": [{"build": build} for build in ("slim", "average", "broad", "heavy")],
    "age": [{"age": age} for age in (6, 12, 30, 60, 100)],
    "presentation": [{"presentation": kind} for kind in ("feminine", "masculine", "androgynous")],
    "skin": [{"skin": colour} for colour in ("#3c241a", "#8a5638", "#f3d2b8")],
    "eyes": [{"eyes": colour} for colour in ("#2a1a10", "#4a8fc5", "#4d7a4a")],
    "garment": [
        {"wardrobe": {"garment": garment}}
        for garment in ("shirt", "apron", "jacket", "hoodie", "coat", "dress", "suit")
    ],
    "wardrobe colour": [{"wardrobe": {"colour": colour}} for colour in ("#8d2439", "#24508d")],
}


def figure(
    look: CastLook, emotion: Emotion = "neutral", intensity: float = 1.0, gaze: float = 0.0, patches: bool = False
) -> Figure:
    return draw_figure(anatomy(look), expression(emotion, intensity), gaze, STUDIO, SCALE, 900, patches=patches)


def flattened(drawn: Figure) -> np.ndarray:
    """Body and head on one grey sheet around the rig's origin."""
    sheet = np.full((420, 420, 3), 90, np.uint8)
    for plate in (drawn.body, drawn.head):
        x, y = 210 + round(plate.x * SCALE), 130 + round(plate.y * SCALE)
        height, width = min(420 - y, plate.pixels.shape[0]), min(420 - x, plate.pixels.shape[1])
        part = plate.pixels[:height, :width].astype(np.uint16)
        under = sheet[y : y + height, x : x + width]
        under[:] = part[..., :3] + under * (255 - part[..., 3:]) // 255
    return sheet


@pytest.mark.parametrize("trait", TRAITS)
def test_every_value_of_a_trait_shows(trait: str) -> None:
    """Two values of one trait never look the same, whatever the trait."""
    pictures = [flattened(figure(make_look("one", **values))).astype(int) for values in TRAITS[trait]]
    for i, one in enumerate(pictures):
        for other in pictures[i + 1 :]:
            assert (np.abs(one - other).max(-1) > 16).sum() > 25


def test_every_emotion_shows_and_grows_with_intensity() -> None:
    """Six emotions are six faces, and half an emotion lies between neutral and the whole."""
    faces = {emotion: figure(CAST[0], emotion).head.pixels.astype(int) for emotion in get_args(Emotion)}
    for emotion in EMOTIONS:
        if emotion == "neutral":
            continue
        whole = np.abs(faces[emotion] - faces["neutral"]).sum()
        half = np.abs(figure(CAST[0], emotion, 0.5).head.pixels.astype(int) - faces["neutral"]).sum()
        assert 0 < half < whole, emotion
    assert expression("angry", 0.0) == NEUTRAL


def test_nine_visemes_are_nine_mouths() -> None:
    """No two visemes share a mouth, in any emotion."""
    for emotion in get_args(Emotion):
        mouths = figure(CAST[1], emotion, patches=True).mouths
        assert set(mouths) == set(get_args(Viseme))
        assert len({patch.pixels.tobytes() for patch in mouths.values()}) == 9


def test_patches_change_only_their_boxes() -> None:
    """A rest mouth and the open head agree pixel for pixel, and mouth and lid boxes never overlap."""
    for look in CAST:
        drawn = figure(look, "happy", patches=True)
        rest = drawn.mouths["rest"]
        height, width = rest.pixels.shape[:2]
        assert np.array_equal(drawn.head.pixels[rest.y : rest.y + height, rest.x : rest.x + width], rest.pixels)
        closed = drawn.blinks["closed"]
        assert closed.y + closed.pixels.shape[0] <= rest.y
        region = drawn.head.pixels[
            closed.y : closed.y + closed.pixels.shape[0], closed.x : closed.x + closed.pixels.shape[1]
        ]
        assert np.array_equal(region[..., 3], closed.pixels[..., 3])
        assert not np.array_equal(region, closed.pixels)
        edge = np.abs(region.astype(int) - closed.pixels).max(-1)
        assert max(edge[0].max(), edge[-1].max(), edge[:, 0].max(), edge[:, -1].max()) <= 2


def test_gaze_moves_the_irises() -> None:
    """Looking left and looking right are different pictures of the eyes alone."""
    left, right = (figure(CAST[0], gaze=gaze).head.pixels.astype(int) for gaze in (-1.0, 1.0))
    rows = np.flatnonzero(np.abs(left - right).max((1, 2)) > 8)
    a = anatomy(CAST[0])
    top = (a.eye_y - 60 - (a.top_y - 26)) * SCALE
    assert rows.min() >= top
    assert rows.max() <= top + 110 * SCALE


def test_one_person_is_one_person_in_every_shot() -> None:
    """A face is nearer to itself in another coverage, light and size than to anybody else's."""
    shots = (("close", "cafe", "night"), ("two_shot", "alley", "dusk"))
    features: dict[str, list[np.ndarray]] = {look.slug: [] for look in CAST}
    for slug, found in features.items():
        for coverage, kind, time in shots:
            files = draw_keyframe(make_frame(coverage, stage(slug), kind=kind, time=time))
            still = cv2.imdecode(np.frombuffer(files["still.png"], np.uint8), cv2.IMREAD_COLOR)
            found.append(identity_features(still, Layout.model_validate_json(files["layout.json"]).faces[0].face_box))
    for slug, found in features.items():
        same = min(float(found[i] @ found[j]) for i in range(2) for j in range(i))
        others = max(
            float(one @ other) for one in found for name in features if name != slug for other in features[name]
        )
        assert same > others + 0.08, (slug, same, others)


@pytest.mark.parametrize(("gesture", "prop"), [
    *((gesture, None) for gesture in get_args(Gesture)), *(("hold", prop) for prop in get_args(Prop))])
def test_raised_arms_are_whole(gesture: Gesture, prop: Prop | None) -> None:
    """Nothing of an arm, a sleeve or a thing held is cut off at its plate's edge, near or far."""
    a = anatomy(make_look("theo"))
    for close in (False, True):
        hold = Hold(facing="three_quarter_left", gesture=gesture, prop=prop, close=close)
        raised = draw_figure(a, NEUTRAL, 0.0, STUDIO, 0.2, 900, patches=False, hold=hold, painters=PAINTERS).raised
        for plate in raised.plates if raised else ():
            alpha = plate.pixels[..., 3]
            assert max(alpha[0].max(), alpha[-1].max(), alpha[:, 0].max(), alpha[:, -1].max()) < 32


def test_a_raised_arm_is_sewn_to_its_shoulder() -> None:
    """Over the body the upper end of a raised sleeve is the body's own cloth; beside it nothing is missing."""
    a = anatomy(make_look("theo"))
    hold = Hold(gesture="open")
    raised = draw_figure(a, NEUTRAL, 0.0, STUDIO, SCALE, 900, patches=False, hold=hold).raised
    assert raised is not None
    (x, y), (left, top) = arms(a, hold)[0].shoulder, (raised.upper.x, raised.upper.y)
    row = raised.upper.pixels[round((y - top) * SCALE), :, 3]
    assert row[round((x - 0.12 * a.shoulder - left) * SCALE)] == 0
    assert row[round((x + 0.12 * a.shoulder - left) * SCALE)] == 255


def test_a_bun_keeps_within_its_outline() -> None:
    """No strand of it floats beside the head, where the light of a set would make an arc of it."""
    drawn = figure(make_look("one", hair={"style": "bun"}))
    top = round((-250 - drawn.body.y) * SCALE)
    columns = np.flatnonzero(drawn.body.pixels[:top, :, 3].max(0)) / SCALE + drawn.body.x
    assert columns.min() > -82
    assert columns.max() < 82


def test_outfits_are_shown_beside_each_other() -> None:
    """Three in a row, in the order of their names, each in its own colours, and the person the same."""
    outfits = {name: Outfit(garment="hoodie", colour=colour) for name, colour in
               (("b", "#20c060"), ("a", "#2040d0"), ("c", "#d0d020"), ("d", "#101010"))}
    sheet = cv2.imdecode(np.frombuffer(draw_outfits(CAST[0], outfits), np.uint8), cv2.IMREAD_COLOR)
    assert sheet is not None and sheet.shape == (960, 1200, 3)
    chest = [sheet[row + 330, column + 200].astype(int) for row, column in ((0, 0), (0, 400), (0, 800), (480, 0))]
    assert [int(one.argmax()) for one in chest[:3]] == [0, 1, 2] and chest[2][1] > 2 * chest[2][0]
    assert chest[3].max() < 60


def test_a_reference_sheet_is_the_same_every_time() -> None:
    """The sheet in a character's bundle has one digest, and every character their own."""
    sheets = [draw_reference_sheet(look) for look in CAST[:2]]
    assert sheets[0] == draw_reference_sheet(CAST[0])
    assert sheets[0] != sheets[1]
    assert cv2.imdecode(np.frombuffer(sheets[0], np.uint8), cv2.IMREAD_COLOR).shape == (2600, 1200, 3)
