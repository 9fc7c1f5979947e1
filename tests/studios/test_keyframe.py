"""Keyframes: complete, the same every time, and drawn for every value that a series folder may hold."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from typing import get_args

import cv2
import numpy as np
import pytest

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import Coverage, Prop
from microdrama_assets.schemas.sound import Viseme
from microdrama_assets.studios.draft.keyframe import draw_keyframe
from microdrama_assets.studios.draft.layout import Layout
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
