"""Motion: smooth, seeded, and never past the edge of what was drawn."""

from __future__ import annotations

from itertools import product
from typing import get_args

import numpy as np
import pytest

from microdrama_assets.schemas.manifest import CameraMove, Gesture, MotionFacet
from microdrama_assets.schemas.series import Emotion
from microdrama_assets.studios.draft.clip import Clip
from microdrama_assets.studios.draft.geometry import camera_matrix
from microdrama_assets.studios.draft.layout import FRAME_HEIGHT, FRAME_WIDTH, Face, Layer, Layout, canonical_json
from microdrama_assets.studios.draft.motion import LEANS, SWINGS, animate, lean, swing

MOVES = get_args(CameraMove.model_fields["kind"].annotation)
LAYERS = (
    Layer(name="far", plate="far.png", depth=0.05, parallax=0.35, x=-110, y=-110, scale=1.0, covers=True),
    Layer(name="near", plate="near.png", depth=0.95, parallax=1.28, x=-110, y=1240, scale=0.5),
)


def make_face(**staged: object) -> Face:
    return Face.model_validate(
        {
            "character": "mara",
            "head_layer": "mara_head",
            "head_pivot": (540, 900),
            "body_pivot": (540, 1900),
            "tilt_deg": 0,
            "unit": 1.5,
            "half_width": 480,
            "joints": {},
            "staged": {"character": "mara", "position": "centre", **staged},
            "face_box": {"x": 300, "y": 300, "width": 480, "height": 640},
            "head_box": {"x": 280, "y": 240, "width": 520, "height": 700},
            "eyes": ((430, 640), (650, 640)),
            "mouths": {},
            "blinks": {},
        }
    )


def make_layout() -> bytes:
    return canonical_json(Layout(focus=(540, 700), layers=LAYERS, faces=(make_face(),)))


def make_clip(kind: str = "hold", amount: float = 0.06, frames: int = 150, seed: int = 5) -> Clip:
    return animate(
        make_layout(),
        MotionFacet(duration_frames=frames, fps=30, camera=CameraMove(kind=kind, amount=amount), seed=seed),
    )


@pytest.mark.parametrize("kind", MOVES)
@pytest.mark.parametrize("amount", [0.06, 0.3])
def test_the_camera_never_jumps(kind: str, amount: float) -> None:
    """Neither position nor speed changes abruptly: a corner of the picture accelerates by under half a pixel per frame
    squared, and a wild move by under 2.5; a blow, which is meant to be felt, by 14 and 60."""
    clip = make_clip(kind, amount)
    corners = np.array([[0, 0, 1], [FRAME_WIDTH, FRAME_HEIGHT, 1]], float).T
    path = np.array([(camera_matrix(sample, 1.0, (540, 700)) @ corners)[:2] for sample in clip.camera])
    speed = np.diff(path, axis=0)
    struck = 24 if kind == "shake" else 1
    assert np.abs(speed).max() < amount * 60 * min(struck, 5)
    assert np.abs(np.diff(speed, axis=0)).max() < (0.1 + 8 * amount) * struck


def test_a_blow_fades() -> None:
    """A shaken camera is hit hard at once and has come to rest, but for the hand that holds it, two seconds later."""
    xs = np.array([sample.x for sample in make_clip("shake").camera])
    assert np.abs(np.diff(xs[5:25])).max() > 4
    assert np.abs(np.diff(xs[75:])).max() < 1


def test_a_whip_slows_down_to_rest() -> None:
    """A whip comes from nine tenths of a frame away, never turns back, slows down in every frame, and stands still after
    12 frames."""
    slides = np.abs([sample.slide for sample in make_clip("whip").camera])
    speed = -np.diff(slides)
    assert slides[0] == pytest.approx(0.9 * FRAME_WIDTH)
    assert (np.diff(speed[:13]) <= 0).all() and (speed >= 0).all()
    assert not slides[12:].any()


def test_the_focus_travels_without_a_step() -> None:
    """A rack focus begins on the backdrop and ends on who the shot is about, by under a twelfth of the way per frame."""
    focus = np.array([sample.focus for sample in make_clip("rack").camera], float)
    assert (focus[0], focus[-1]) == (0.12, 0.6)
    steps = np.diff(focus)
    assert (steps >= 0).all() and steps.max() < (0.6 - 0.12) / 12


@pytest.mark.parametrize("kind", MOVES)
@pytest.mark.parametrize("amount", [0.0, 0.06, 0.3])
def test_no_move_shows_the_edge_of_the_backdrop(kind: str, amount: float) -> None:
    """In every frame the corners of the frame lie on the plates that span it."""
    for sample, layer in product(make_clip(kind, amount).camera, LAYERS):
        back = np.linalg.inv(camera_matrix(sample, layer.parallax, (540, 700)))
        for x, y in ((0, 0), (FRAME_WIDTH, 0), (0, FRAME_HEIGHT), (FRAME_WIDTH, FRAME_HEIGHT)):
            u, v, _ = back @ (x, y, 1)
            assert -110 <= u <= FRAME_WIDTH + 110, (kind, u)
            assert not layer.covers or -110 <= v <= FRAME_HEIGHT + 110, (kind, v)


@pytest.mark.parametrize(("kind", "sign"), [("push", 1), ("pull", -1), ("hold", 0)])
def test_moves_go_the_way_they_say(kind: str, sign: int) -> None:
    """A push ends closer than it began by its amount, a pull the reverse, a hold not at all."""
    zooms = [sample.zoom for sample in make_clip(kind).camera]
    assert zooms[-1] - zooms[0] == pytest.approx(0.06 * sign, abs=1e-6)


def test_pans_travel_their_amount() -> None:
    """A pan right moves the camera right by its share of the frame's width."""
    xs = [sample.x for sample in make_clip("pan_right").camera]
    assert xs[-1] - xs[0] == pytest.approx(0.06 * FRAME_WIDTH, abs=1e-3)


def test_heads_sway_smoothly() -> None:
    """Idle motion stays under a pixel and a half per frame at close range."""
    body = make_clip().performances[0].body
    path = np.array([(sample.head_x, sample.head_y) for sample in body])
    assert np.abs(np.diff(path, axis=0)).max() < 1.5
    assert path.std() > 0.3


@pytest.mark.parametrize("gesture", SWINGS)
def test_a_raised_hand_comes_up_and_then_moves(gesture: Gesture) -> None:
    """It begins where its gesture comes from, is up within a second, stays about where it was drawn, is never still for
    half a second, and never jumps: its speed changes by under 0.8 degrees per frame from one to the next."""
    face, found = make_face(gesture=gesture), SWINGS[gesture]
    for seed in range(6):
        turned = swing(face, 150, 30, seed)
        assert turned[0] == pytest.approx(found.comes_from)
        assert np.abs(turned[30:]).max() < 1.7 * (found.beats + found.works)
        assert min(np.ptp(turned[start : start + 15]) for start in range(30, 135)) > 0.02
        assert np.abs(np.diff(turned, 2)).max() < 0.8


def test_a_hand_is_up_in_a_short_shot_too() -> None:
    """In a shot of 15 frames it comes up within ten, and is up all along where the shot goes on from another; hands that rest do not move, and an empty-handed gesture gives way
    to what is held."""
    assert np.abs(swing(make_face(gesture="fist"), 15, 30, 1)[10:]).max() < 6.2
    assert np.abs(swing(make_face(gesture="fist"), 90, 30, 1, goes_on=True)).max() < 6.2
    assert not swing(make_face(gesture="rest"), 90, 30, 1).any()
    assert swing(make_face(gesture="fist", holding="cup"), 90, 30, 1)[0] == SWINGS["hold"].comes_from


@pytest.mark.parametrize("emotion", LEANS)
@pytest.mark.parametrize(("facing", "side"), [("three_quarter_right", 1), ("profile_left", -1), ("front", 0)])
def test_feelings_lean_people_toward_whom_they_face_or_back(emotion: Emotion, facing: str, side: int) -> None:
    """From upright, further and further, as far as the feeling is strong; who looks at us leans nowhere."""
    full, half = (lean(make_face(emotion=emotion, facing=facing, intensity=much), 90, 30) for much in (1.0, 0.5))
    assert full[0] == 0 and full[-1] == pytest.approx(LEANS[emotion] * side)
    assert (np.diff(full) * full[-1] >= 0).all()
    assert half == pytest.approx(full / 2)


def test_blinks_come_now_and_then_and_end() -> None:
    """In 20 s there are 4 to 10 blinks; lids close by way of half and are open at the end."""
    lids = make_clip(frames=600).performances[0].lids
    states = [key.state for key in lids]
    assert 4 <= states.count("closed") <= 10
    assert states[:4] == ["half", "closed", "half", "open"]
    assert states[-1] == "open"
    assert [key.frame for key in lids] == sorted({key.frame for key in lids})


def test_a_clip_depends_on_its_seed_alone() -> None:
    """Same seed, same bytes; another seed, other motion; and bytes read back as the same clip."""
    assert make_clip("handheld").to_bytes() == make_clip("handheld").to_bytes()
    assert make_clip("handheld").to_bytes() != make_clip("handheld", seed=6).to_bytes()
    clip = make_clip("handheld")
    assert Clip.from_bytes(clip.to_bytes()) == clip


@pytest.mark.parametrize("frames", [1, 2, 9])
def test_very_short_shots_move_too(frames: int) -> None:
    """A shot of a few frames has that many samples."""
    assert len(make_clip("push", frames=frames).camera) == frames
