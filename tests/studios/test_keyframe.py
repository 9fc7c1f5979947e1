"""Keyframes: complete, the same every time, and drawn for every value that a series folder may hold."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from typing import get_args

import cv2
import numpy as np
import pytest

from microdrama_assets.picture.strip import excerpt
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import CameraMove, Coverage, Hand, MotionFacet, Prop
from microdrama_assets.schemas.sound import Viseme
from microdrama_assets.studios.draft.compositor import Compositor
from microdrama_assets.studios.draft.keyframe import draw_keyframe, draw_plates
from microdrama_assets.studios.draft.layout import Layout, canonical_json
from microdrama_assets.studios.draft.motion import animate
from microdrama_assets.studios.draft.pixels import decode_plate
from microdrama_assets.studios.draft.props.insert import COMES_FROM, HAND, PROP
from microdrama_assets.studios.draft.vfx.timing import HEARTBEAT
from microdrama_assets.studios.fonts import Fonts
from tests.studios.conftest import make_frame, stage


def digest(files: dict[str, bytes]) -> str:
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(name.encode() + hashlib.sha256(files[name]).digest())
    return total.hexdigest()


def picture(data: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)


def test_the_same_facet_gives_the_same_bytes_in_any_process() -> None:
    """A keyframe's bytes depend on the facet alone: not on what was drawn before, nor on the process."""
    frame = make_frame("close", stage("mara", emotion="afraid"))
    first = digest(draw_keyframe(frame))
    draw_keyframe(make_frame("insert", prop="ring"))
    code = (
        "from tests.studios.conftest import make_frame, stage;"
        "from tests.studios.test_keyframe import digest, draw_keyframe;"
        "print(digest(draw_keyframe(make_frame('close', stage('mara', emotion='afraid')))))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert first == digest(draw_keyframe(frame)) == other


def test_a_keyframe_holds_still_layout_and_all_plates() -> None:
    """Everything the layout names is there, each person has nine mouths and two lids, and nothing else is."""
    files = draw_keyframe(make_frame("two_shot", stage("mara", "left"), stage("jonas", "right")))
    layout = Layout.model_validate_json(files["layout.json"])
    plates = {layer.plate for layer in layout.layers}
    for face in layout.faces:
        assert set(face.mouths) == set(get_args(Viseme))
        assert set(face.blinks) == {"half", "closed"}
        plates |= {patch.plate for patch in (*face.mouths.values(), *face.blinks.values())}
    assert set(files) == plates | {"still.png", "layout.json"}
    assert picture(files["still.png"]).shape == (1920, 1080, 3)


@pytest.mark.parametrize("coverage", get_args(Coverage))
def test_every_coverage_is_drawn(coverage: Coverage) -> None:
    """Each coverage fills the frame and shows as many people as it means to."""
    files = draw_keyframe(make_frame(coverage, stage("mara", "left"), stage("jonas", "right"), prop="locket"))
    people = {"insert": 0, "close": 1, "reaction": 1, "point_of_view": 1}.get(coverage, 2)
    assert len(Layout.model_validate_json(files["layout.json"]).faces) == people
    assert picture(files["still.png"]).std() > 20


@pytest.mark.parametrize("prop", get_args(Prop))
def test_every_prop_is_drawn_large(prop: Prop) -> None:
    """An insert differs from the bare table over a good part of the frame, and keeps clear of the captions."""
    bare = picture(draw_keyframe(make_frame("insert"))["still.png"]).astype(int)
    with_prop = picture(draw_keyframe(make_frame("insert", prop=prop))["still.png"]).astype(int)
    changed = np.abs(with_prop - bare).max(-1) > 12
    assert changed.mean() > 0.06
    assert not changed[1420:].any()


@pytest.mark.parametrize("prop", get_args(Prop))
def test_a_hand_lays_a_prop_down_and_leaves(prop: Prop) -> None:
    """Drawn, its fingertips lie on the prop. A shot begins with both below, the prop comes to where it was drawn and
    stays; by two thirds of the shot the hand is out of the frame, and nothing jumps. Whose sleeve it is can be seen."""
    frame = make_frame("insert", prop=prop).model_copy(update={"hand": Hand(character="mara")})
    files = draw_plates(frame, None, 0.25)
    layers = {layer.name: layer for layer in Layout.model_validate_json(files["layout.json"]).layers}
    seen = {name: cv2.extractChannel(decode_plate(files, layers[name].plate), 3) > 200 for name in (PROP, HAND)}
    tips = np.argwhere(seen[HAND])[0] / 0.25 + (layers[HAND].y + 60, layers[HAND].x + 30)
    row, column = ((tips - (layers[PROP].y, layers[PROP].x)) * 0.25).astype(int)
    assert seen[PROP][row - 16 : row + 6, column - 16 : column + 16].any()
    clip = animate(files["layout.json"], MotionFacet(duration_frames=60, fps=30, camera=CameraMove(kind="hold"), seed=1))
    ways = {travel.layer: np.array(travel.path) for travel in clip.travels}
    assert tuple(ways[PROP][0]) == tuple(ways[HAND][0]) == COMES_FROM
    assert not ways[PROP][20:].any() and (np.diff(ways[PROP][:, 1]) <= 0).all()
    gone = Compositor(files, files["layout.json"], clip, (), (360, 640))
    alone = Compositor(without(HAND, files), without(HAND, files)["layout.json"], clip, (), (360, 640))
    differ = [bool((one[..., :3] != other[..., :3]).any()) for one, other in zip(gone.frames(), alone.frames(), strict=True)]
    assert any(differ[:30]) and not any(differ[42:])
    assert max(np.abs(np.diff(way, 2, axis=0)).max() for way in ways.values()) < 26
    assert excerpt(clip, (0, 30, 59)).travels[0].path == tuple(clip.travels[0].path[index] for index in (0, 30, 59))
    beating = draw_plates(frame.model_copy(update={"effects": ("heartbeat",)}), None, 0.25)["layout.json"]
    lit = {travel.layer: travel.path for travel in animate(beating, MotionFacet(
        duration_frames=60, fps=30, camera=CameraMove(kind="hold"), seed=1)).travels}
    assert lit[HEARTBEAT] == lit[PROP]
    other = draw_plates(frame.model_copy(update={"hand": Hand(character="jonas")}), None, 0.25)
    assert other[layers[HAND].plate] != files[layers[HAND].plate]
    assert other[layers[PROP].plate] == files[layers[PROP].plate]


def without(layer: str, files: dict[str, bytes]) -> dict[str, bytes]:
    """The same plates, laid without one of them."""
    layout = Layout.model_validate_json(files["layout.json"])
    kept = layout.model_copy(update={"layers": tuple(one for one in layout.layers if one.name != layer)})
    return {**files, "layout.json": canonical_json(kept)}


def test_a_sign_is_lettered_with_the_given_font(fonts: Fonts) -> None:
    """The set's sign appears when a font is given, and other words are another picture."""
    plain, hotel, motel = (
        draw_keyframe(make_frame("wide", sign=sign), fonts)["still.png"] for sign in (None, "HOTEL", "MOTEL")
    )
    assert len({plain, hotel, motel}) == 3


def test_someone_without_a_look_is_an_error() -> None:
    """Staging a person whose look is missing names the person and the file to write."""
    with pytest.raises(MicrodramaError, match=r"'nobody' is in frame .* characters/nobody.yaml"):
        draw_keyframe(make_frame("close", stage("nobody")))
