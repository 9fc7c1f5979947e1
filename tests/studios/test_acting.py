"""Acting: heads turn and stay the same head, hands hold things, people walk; and nobody is taken for anybody else."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from microdrama_assets.schemas.manifest import (
    CameraMove,
    CastLook,
    Coverage,
    Facing,
    FrameFacet,
    Gesture,
    MotionFacet,
    Prop,
    Staged,
)
from microdrama_assets.schemas.series import Emotion, Hair, Outfit, SetKind, TimeOfDay, Wardrobe
from microdrama_assets.series_folder.reading import load_episode, load_series
from microdrama_assets.story.breakdown import break_down
from microdrama_assets.story.facets import frame_facet
from microdrama_assets.story.numbering import number_shots
from microdrama_assets.story.speech_length import estimate_speech_ms
from microdrama_assets.story.timing import time_shots
from microdrama_assets.studios.draft.clip import BodySample
from microdrama_assets.studios.draft.compositor import Compositor
from microdrama_assets.studios.draft.geometry import part_matrix
from microdrama_assets.studios.draft.identity import Identity, distance, identities
from microdrama_assets.studios.draft.keyframe import draw_plates
from microdrama_assets.studios.draft.layout import FRAME_WIDTH, Layout, canonical_json
from microdrama_assets.studios.draft.motion import SWINGS, Gait, animate, walk
from microdrama_assets.studios.draft.pose import NAMES
from microdrama_assets.studios.draft.props.insert import PAINTERS
from microdrama_assets.studios.draft.reading import departures
from microdrama_assets.studios.draft.rig.anatomy import anatomy
from microdrama_assets.studios.draft.rig.expression import NEUTRAL
from microdrama_assets.studios.draft.rig.figure import Figure, draw_figure
from microdrama_assets.studios.draft.rig.joints import joints
from microdrama_assets.studios.draft.rig.legs import BELOW_HANDS, cut_legs
from microdrama_assets.studios.draft.rig.light import STUDIO, light_of
from microdrama_assets.studios.draft.rig.posture import Hold, arms
from tests.studios.conftest import CAST, make_frame, make_look

LOCKET = Path(__file__).parents[2] / "series" / "locket"
SCALE = 0.3
FACINGS: tuple[Facing, ...] = get_args(Facing)
GESTURES: tuple[Gesture, ...] = get_args(Gesture)
DETAIL = 1 / 3
"""Plates as a frame of 360x640 shows them."""
ALIKE, APART = 0.75, 0.9
"""One person's looks are never farther apart than the first, two people's never nearer than the second."""


def drawn(hold: Hold, look: CastLook = CAST[1]) -> Figure:
    return draw_figure(anatomy(look), NEUTRAL, 0.0, STUDIO, SCALE, 900, hold=hold, painters=PAINTERS)


def test_each_facing_is_another_picture_and_speaks_unless_it_is_a_back() -> None:
    """Six facings are six heads; every one that shows a mouth has nine mouths and two lids, a back has none."""
    heads = {facing: drawn(Hold(facing=facing)) for facing in FACINGS}
    assert len({figure.head.pixels.tobytes() for figure in heads.values()}) == 6
    for facing, figure in heads.items():
        assert (len(figure.mouths), len(figure.blinks)) == ((0, 0) if facing == "back" else (9, 2)), facing
        assert len({patch.pixels.tobytes() for patch in figure.mouths.values()}) == len(figure.mouths), facing


@pytest.mark.parametrize("facing", ["three_quarter_left", "profile_right"])
def test_speech_and_blinks_change_no_outline(facing: Facing) -> None:
    """Patches of a turned head have the alpha of the head at rest, so the frame's regions hold for the whole shot."""
    for look in CAST:
        figure = drawn(Hold(facing=facing), look)
        for patch in (*figure.mouths.values(), *figure.blinks.values()):
            height, width = patch.pixels.shape[:2]
            rest = figure.head.pixels[patch.y : patch.y + height, patch.x : patch.x + width]
            assert np.abs(rest[..., 3].astype(int) - patch.pixels[..., 3]).max() <= 2, (look.slug, facing)


def test_left_is_right_mirrored() -> None:
    """Turned to either side a head has the same outline, mirrored, but for a parting or a lock."""
    sides: list[tuple[Facing, Facing]] = [
        ("profile_left", "profile_right"),
        ("three_quarter_left", "three_quarter_right"),
    ]
    for one, other in sides:
        left, right = (drawn(Hold(facing=facing)).head.pixels[..., 3] > 127 for facing in (one, other))
        mirrored = right[:, ::-1]
        assert (left & mirrored).sum() / (left | mirrored).sum() > 0.95


@pytest.mark.parametrize("gesture", GESTURES)
def test_hands_are_where_the_joints_say(gesture: Gesture) -> None:
    """The wrist of each raised arm lies on the drawn arm, and the pose skeleton has the same point."""
    a, hold = anatomy(CAST[1]), Hold(gesture=gesture, prop="cup" if gesture == "hold" else None)
    raised, told = drawn(hold).raised, joints(a, hold, 0.0)
    assert set(told) == set(NAMES)
    assert (raised is None) is (gesture in ("rest", "pockets"))
    for arm in arms(a, hold):
        x, y = arm.wrist
        assert raised is not None
        plate = raised.forearms[arm.side]
        assert plate.pixels[int((y - plate.y) * SCALE), int((x - plate.x) * SCALE), 3] > 200
        assert told["right_wrist" if arm.side < 0 else "left_wrist"] == arm.wrist


def test_every_prop_can_be_held() -> None:
    """Each prop in the hand is another picture."""
    figures = [drawn(Hold(gesture="hold", prop=prop)) for prop in PAINTERS]
    hands = {plate.pixels.tobytes() for figure in figures if figure.raised for plate in figure.raised.forearms.values()}
    assert len(hands) == len(PAINTERS)


def test_a_turned_head_hides_what_it_hides() -> None:
    """In profile one eye and one ear are seen, from behind no eye; the near ear is the one away from the gaze."""
    a = anatomy(CAST[0])
    right = joints(a, Hold(facing="profile_right"), 0.0)
    assert [name for name, point in right.items() if point is None] == ["left_eye", "left_ear"]
    assert {name for name, point in joints(a, Hold(facing="back"), 0.0).items() if point is None} == {
        "nose",
        "right_eye",
        "left_eye",
    }


def walker(moves: str, frames: int = 90) -> tuple[Gait, np.ndarray]:
    """The gait of somebody on the left of a wide, and the columns their figure spans at rest."""
    staged = Staged.model_validate({"character": "mara", "position": "left", "moves": moves})
    files = draw_plates(make_frame("wide", staged), None, 0.2)
    face = Layout.model_validate_json(files["layout.json"]).faces[0]
    middle = face.head_box.x + face.head_box.width / 2
    return walk(face, frames, 30), np.array([middle - face.half_width, middle + face.half_width])


@pytest.mark.parametrize(
    ("moves", "outside", "home"),
    [("enter_left", 0, -1), ("enter_right", 0, -1), ("exit_left", -1, 0), ("exit_right", -1, 0)],
)
def test_who_walks_in_comes_from_beyond_the_edge(moves: str, outside: int, home: int) -> None:
    """They are wholly outside at one end of the shot, at their place at the other, and never jump."""
    gait, figure = walker(moves)
    steps = gait.x
    seen = figure + steps[outside]
    assert seen[1] <= 0.5 if moves.endswith("left") else seen[0] >= FRAME_WIDTH - 0.5
    assert steps[home] == 0
    assert np.abs(np.diff(steps)).max() < 60
    assert np.abs(np.diff(steps, 2)).max() < 4


@pytest.mark.parametrize(("moves", "unseen"), [("enter_left", 0), ("enter_right", 0), ("exit_left", -1), ("exit_right", -1)])
@pytest.mark.parametrize("gesture", ["rest", "open"])
def test_nothing_is_seen_of_who_is_not_there_yet(moves: str, unseen: int, gesture: str) -> None:
    """Beyond the edge, swung arms, leaning and a hand held out are beyond it too: the frame is the empty set's."""
    staged = Staged.model_validate({"character": "mara", "position": "left" if moves.endswith("left") else "right",
                                    "moves": moves, "gesture": gesture, "facing": "three_quarter_right"})
    files = draw_plates(make_frame("wide", staged), None, 0.2)
    layout = Layout.model_validate_json(files["layout.json"])
    empty = layout.model_copy(update={
        "layers": tuple(layer for layer in layout.layers if layer.character is None), "faces": ()})
    clip = animate(files["layout.json"], MotionFacet(duration_frames=60, fps=30, camera=CameraMove(kind="hold"), seed=2))
    whole, bare = ([frame[..., :3].copy() for frame in Compositor(files, canonical_json(one), clip, (), (360, 640)).frames()]
                   for one in (layout, empty))
    assert np.array_equal(whole[unseen], bare[unseen])
    assert not np.array_equal(whole[30], bare[30])


def test_who_walks_moves_legs_and_body() -> None:
    """Legs swing both ways while somebody is on their way and hang when they stand; the body is lowest where they are
    farthest apart, and leans where it goes."""
    gait, _ = walker("enter_left")
    on_the_way = np.abs(np.gradient(gait.x)) * 30 > 200
    assert gait.stride_deg.max() > 6 and gait.stride_deg.min() < -6
    assert np.abs(gait.stride_deg[-20:]).max() == np.abs(gait.lean[-20:]).max() == 0
    assert np.corrcoef(np.abs(gait.stride_deg[on_the_way]), gait.y[on_the_way])[0, 1] > 0.8
    assert gait.lean[on_the_way].mean() > 0.02


@pytest.mark.parametrize(("garment", "hem"), [("jacket", BELOW_HANDS), ("apron", 1500.0), ("coat", None)])
def test_cut_legs_are_the_body_below_the_hem(garment: str, hem: float | None) -> None:
    """Somebody who walks is drawn as somebody who stands; below the hem the pixels are on the legs. A long coat has none."""
    a = anatomy(make_look("mara", wardrobe={"garment": garment}))
    whole = draw_figure(a, NEUTRAL, 0.0, STUDIO, SCALE, 1800, patches=False).body
    body, legs = cut_legs(whole, a, SCALE)
    assert (legs is None) == (hem is None)
    if hem is not None and legs is not None:
        row, left = body.pixels.shape[0], legs[0].pixels
        assert row == round((hem - whole.y) * SCALE)
        below = np.zeros_like(whole.pixels[row:])
        below[:, -legs[1].pixels.shape[1]:] = legs[1].pixels[-below.shape[0]:]
        below[:, :left.shape[1]] = left[-below.shape[0]:]
        assert np.array_equal(np.vstack([body.pixels, below]), whole.pixels)


@pytest.mark.parametrize("garment", ["jacket", "apron", "dress"])
def test_who_walks_has_arms_to_swing(garment: str) -> None:
    """Arms that hang are plates of their own of somebody who walks, unless hands are in pockets; laid where they hang,
    they make the outline of somebody who stands."""
    a = anatomy(make_look("mara", wardrobe={"garment": garment}))

    def walking(gesture: Gesture) -> Figure:
        return draw_figure(a, NEUTRAL, 0.0, STUDIO, SCALE, 900, patches=False, hold=Hold(gesture=gesture), walks=True)

    assert [set(walking(gesture).swinging) for gesture in ("rest", "open", "pockets")] == [{-1, 1}, {-1}, set()]
    figure, stands = walking("rest"), drawn(Hold(), make_look("mara", wardrobe={"garment": garment})).body
    whole = np.zeros(stands.pixels.shape[:2], np.uint8)
    for plate in (figure.body, *figure.swinging.values()):
        row, column = round((plate.y - stands.y) * SCALE), round((plate.x - stands.x) * SCALE)
        height, width = min(plate.pixels.shape[0], whole.shape[0] - row), plate.pixels.shape[1]
        seen = whole[row : row + height, column : column + width]
        np.maximum(seen, plate.pixels[:height, :, 3], out=seen)
    one, other = whole > 127, stands.pixels[..., 3] > 127
    assert (one & other).sum() / (one | other).sum() > 0.995
    assert (figure.body.pixels[..., 3] > 127).sum() < 0.92 * other.sum()


@pytest.mark.parametrize(("gesture", "prop"), [(gesture, "cup" if gesture == "hold" else None) for gesture in SWINGS])
def test_hands_come_up_about_their_elbows(gesture: Gesture, prop: Prop | None) -> None:
    """As a shot begins a gesture's hand is lower than it was drawn, or as low; its elbow is where it was drawn, and
    wherever the shoulder goes, the whole arm goes."""
    person = Staged(character="mara", position="centre", gesture=gesture, holding=prop, facing="three_quarter_left")
    frame = make_frame("medium", person)
    layout = Layout.model_validate_json(draw_plates(frame, None, 0.2)["layout.json"])
    face, begins = layout.faces[0], SWINGS[gesture].comes_from
    moved = BodySample(head_x=0, head_y=0, head_deg=0, breath=2, x=9, arm_deg=begins)
    layers = {layer.part: layer for layer in layout.layers}
    raised = arms(anatomy(frame.looks[0]), Hold.of(person, close=False))
    assert len(raised) == len(face.joints) > 0
    for arm in raised:
        part = "left_forearm" if arm.side < 0 else "right_forearm"
        elbow = np.array([*face.joints[part], 1])
        wrist = elbow + np.array([*(np.subtract(arm.wrist, arm.elbow) * face.unit), 0])
        turned, body = (part_matrix(layers[name], face, moved) for name in (part, "upper_arms"))
        assert turned @ elbow == pytest.approx(body @ elbow)
        sinks = (turned @ wrist - body @ wrist)[1] / face.unit
        assert sinks > (10 if begins else -1e-6), sinks


def test_two_people_do_not_blink_together() -> None:
    """In one shot each person has their own breath and blinks."""
    files = draw_plates(
        make_frame("two_shot", Staged(character="mara", position="left"), Staged(character="jonas", position="right")),
        None,
        0.2,
    )
    clip = animate(
        files["layout.json"], MotionFacet(duration_frames=240, fps=30, camera=CameraMove(kind="hold"), seed=3)
    )
    one, other = clip.performances
    assert one.lids != other.lids
    assert [sample.breath for sample in one.body] != [sample.breath for sample in other.body]


# -- identity ---------------------------------------------------------------------------------------------------------


def measured(frame: FrameFacet, files: dict[str, bytes]) -> dict[str, Identity]:
    return identities(files, files["layout.json"], light_of(frame.set, frame.time_of_day))


def locket_frames() -> list[FrameFacet]:
    script, source = load_episode(LOCKET, 1)
    series = load_series(LOCKET)
    drafts = break_down(script, series, source)
    shots = time_shots(
        drafts,
        number_shots(drafts),
        lambda who, text, emotion: estimate_speech_ms(text),
        series="locket",
        episode="e001",
        language="en",
        source=source,
    ).shots
    looks = [CastLook.of(one) for one in series.characters]
    sets, wardrobes = {one.slug: one for one in series.sets}, {one.slug: one.outfits for one in series.characters}
    return [frame_facet(shot, sets[shot.set], looks, wardrobes) for shot in shots]


def test_clothes_make_nobody_else() -> None:
    """In another outfit somebody is as near to themselves as ever, though the garment is not."""
    mara, found = make_look("mara"), []
    for outfit, look in ((None, mara), ("gown", mara.dressed(Outfit(garment="dress", colour="#20c060")))):
        frame = make_frame("medium", Staged(character="mara", position="centre", outfit=outfit), looks=(look,))
        files = draw_plates(frame, None, DETAIL)
        found.append(measured(frame, files)["mara"])
    usual, gown = found
    assert distance(usual, gown) < ALIKE
    assert distance(usual, replace(gown, outfit=None)) > APART


def every_framing(look: CastLook) -> list[FrameFacet]:
    """One person in every facing and several framings, lights and moods."""
    cases: list[tuple[Coverage, SetKind, TimeOfDay, Emotion]] = [
        ("medium", "cafe", "night", "neutral"),
        ("close", "alley", "dusk", "afraid"),
        ("wide", "apartment", "day", "happy"),
        ("two_shot", "alley", "night", "angry"),
        ("reaction", "cafe", "day", "sad"),
        ("medium", "apartment", "dawn", "tender"),
    ]
    return [
        make_frame(
            coverage,
            Staged.model_validate({"character": look.slug, "position": "centre", "emotion": emotion, "facing": facing}),
            kind=kind,
            time=time,
            looks=(look,),
        )
        for facing, (coverage, kind, time, emotion) in zip(FACINGS, cases, strict=True)
    ]


@pytest.fixture(scope="module")
def casts() -> list[list[tuple[FrameFacet, dict[str, bytes]]]]:
    """Shots of two casts with their plates: four people turned every way, and an episode as it is broken down."""
    turned = [frame for look in CAST for frame in every_framing(look)]
    return [[(frame, draw_plates(frame, None, DETAIL)) for frame in frames] for frames in (turned, locket_frames())]


def test_identity_never_drifts(casts: list[list[tuple[FrameFacet, dict[str, bytes]]]]) -> None:
    """Across every facing, framing, light and mood, and across the shots of an episode, each person of a cast stays
    nearer to themselves than anybody else of it comes."""
    for shots in casts:
        people: dict[str, list[Identity]] = {}
        for frame, files in shots:
            for who, found in measured(frame, files).items():
                people.setdefault(who, []).append(found)
        within = max(distance(*pair) for found in people.values() for pair in combinations(found, 2))
        across = min(
            distance(one, other) for a, b in combinations(people, 2) for one in people[a] for other in people[b]
        )
        assert within < ALIKE < APART < across, (within, across)


def test_pictures_show_what_the_manifest_says(casts: list[list[tuple[FrameFacet, dict[str, bytes]]]]) -> None:
    """Read back from its pixels, every shot shows who it says, facing where and as large as it says."""
    for frame, files in (shot for shots in casts for shot in shots):
        assert departures(frame, files, files["layout.json"]) == []


def test_long_hair_makes_no_larger_head() -> None:
    """Framing is read from crown to chin: hair that falls to the shoulders does not count."""
    look = make_look("iris", age=48, presentation="feminine", hair=Hair(style="long", colour="#8a8088"))
    for coverage in ("wide", "medium", "close"):
        frame = make_frame(coverage, Staged(character="iris", position="centre"), looks=(look,))
        files = draw_plates(frame, None, DETAIL)
        assert departures(frame, files, files["layout.json"]) == []


def test_a_shot_that_departs_is_told() -> None:
    """Plates of another facing, framing or person do not pass for the shot."""
    asked = make_frame("medium", Staged(character="mara", position="centre", facing="profile_left"))
    for other, what in (
        (make_frame("medium", Staged(character="mara", position="centre")), "mara faces front, not profile_left"),
        (make_frame("close", Staged(character="mara", position="centre", facing="profile_left")), "of the frame in a"),
        (make_frame("medium", Staged(character="ada", position="centre", facing="profile_left")), "shows ['ada']"),
    ):
        files = draw_plates(other, None, DETAIL)
        assert any(what in one for one in departures(asked, files, files["layout.json"]))


def random_look(dice: random.Random, number: int) -> CastLook:
    def colour(*choices: str) -> str:
        return dice.choice(choices)

    return make_look(
        f"r{number}",
        age=dice.randint(8, 85),
        presentation=dice.choice(("feminine", "masculine", "androgynous")),
        build=dice.choice(("slim", "average", "broad", "heavy")),
        skin=colour("#f3d2b8", "#e3a986", "#c68c5f", "#8a5638", "#5f3d2b", "#3c241a"),
        eyes=colour("#2a1a10", "#4a8fc5", "#4d7a4a"),
        hair=Hair(
            style=dice.choice(get_args(Hair.model_fields["style"].annotation)),
            colour=colour("#16110f", "#3a2030", "#5a1f14", "#8a5a2c", "#d8b070", "#b9b4b6"),
        ),
        facial_hair=dice.choice(("none", "none", "stubble", "moustache", "beard")),
        glasses=dice.random() < 0.3,
        wardrobe=Wardrobe(
            garment=dice.choice(get_args(Wardrobe.model_fields["garment"].annotation)),
            colour=f"#{dice.randint(0, 0xFFFFFF):06x}",
            accent=f"#{dice.randint(0, 0xFFFFFF):06x}",
        ),
    )


def test_thirty_people_are_thirty_people() -> None:
    """Any two of thirty random character cards are told apart at 360x640."""
    dice = random.Random(360640)
    found = []
    for number in range(30):
        look = random_look(dice, number)
        frame = make_frame("medium", Staged(character=look.slug, position="centre"), looks=(look,))
        found.append(measured(frame, draw_plates(frame, None, DETAIL))[look.slug])
    assert min(distance(one, other) for one, other in combinations(found, 2)) > APART


def test_a_shoulder_before_the_lens_is_known_by_its_hair() -> None:
    """Whoever the camera looks past shows neither face nor sleeves, and is still themselves and nobody else."""
    faced, before = CAST[0], next(look for look in CAST if look.slug == "vera")
    light = light_of(make_frame("medium").set, "night")

    def seen(frame: FrameFacet) -> dict[str, Identity]:
        files = draw_plates(frame, None, DETAIL)
        return identities(files, files["layout.json"], light)

    past = seen(make_frame("over_shoulder", Staged(character=faced.slug, position="right"),
                           Staged(character=before.slug, position="left", facing="back")))
    alone = {look.slug: seen(make_frame("medium", Staged(character=look.slug, position="centre")))[look.slug]
             for look in (faced, before)}
    assert set(past[before.slug].colours) == {"hair"}
    assert distance(past[before.slug], alone[before.slug]) <= ALIKE
    assert distance(past[before.slug], alone[faced.slug]) >= APART
