"""Sets: every kind in every light, weather and lamp, with its planes in depth."""

from __future__ import annotations

from itertools import combinations
from typing import get_args

import cv2
import numpy as np
import pytest

from microdrama_assets.schemas.series import Practical, SetDesign, SetKind, TimeOfDay, Weather
from microdrama_assets.studios.draft.compositor import Compositor, still_clip
from microdrama_assets.studios.draft.keyframe import draw_plates
from microdrama_assets.studios.draft.layout import CAPTION_BOTTOM, CAPTION_TOP, FRAME_HEIGHT, FRAME_WIDTH, Layout
from microdrama_assets.studios.draft.sets.backdrop import draw_planes
from microdrama_assets.studios.draft.sets.scenery import SCENERIES
from tests.studios.conftest import make_frame, stage

DETAIL = 0.125
KINDS = get_args(SetKind)
ON: tuple[Practical, ...] = ("lamps", "sign", "windows")


def view(
    kind: SetKind, time: TimeOfDay = "day", weather: Weather = "clear", lights: tuple[Practical, ...] = ON
) -> np.ndarray:
    """The set in a wide, an eighth of the frame's size, as numbers."""
    design = SetDesign(slug=kind, name=kind.title(), kind=kind, practicals=lights)
    size = round(FRAME_WIDTH * DETAIL), round(FRAME_HEIGHT * DETAIL)
    picture = np.zeros((size[1], size[0], 3))
    for plane in draw_planes(design, time, "wide", None, DETAIL, weather=weather):
        place = np.array([[DETAIL / plane.scale, 0, plane.x * DETAIL], [0, DETAIL / plane.scale, plane.y * DETAIL]])
        pixels = cv2.warpAffine(plane.pixels, place, size).astype(float)
        picture = picture * (1 - pixels[..., 3:] / 255) + pixels[..., :3]
    return picture


@pytest.mark.parametrize("kind", KINDS)
def test_every_set_has_its_hours_weathers_and_lamps(kind: SetKind) -> None:
    """The four hours are four pictures of which night is the darkest; weather shows wherever there is a way outside; lamps
    can be switched off, and candles lit."""
    hours = {time: view(kind, time) for time in get_args(TimeOfDay)}
    for one, other in combinations(hours, 2):
        assert np.abs(hours[one] - hours[other]).mean() > 5, (one, other)
    assert min(hours, key=lambda time: hours[time].mean()) == "night"
    outside = any(plane.outdoors for plane in SCENERIES[kind].planes)
    for weather in ("rain", "snow", "fog"):
        assert np.abs(view(kind, "day", weather) - hours["day"]).mean() > (1 if outside else -1), weather
    assert hours["night"].mean() > view(kind, "night", lights=()).mean()
    assert view(kind, "night", lights=(*ON, "candles")).mean() > hours["night"].mean()


def test_sets_are_fourteen_different_places() -> None:
    """No two kinds look alike by day: they differ by more than 12 levels on average."""
    views = {kind: view(kind) for kind in KINDS}
    assert len(views) == 14
    for one, other in combinations(views, 2):
        assert np.abs(views[one] - views[other]).mean() > 12, (one, other)


@pytest.mark.parametrize("kind", KINDS)
def test_planes_lie_in_depth_and_follow_the_camera_by_it(kind: SetKind) -> None:
    """From far to near depth and parallax grow; the farthest covers the frame, people (0.55) stand before the
    last but one, and what is before people leaves at least 85 % of the captions' place free."""
    planes = SCENERIES[kind].planes
    depths, parallaxes = [plane.depth for plane in planes], [plane.parallax for plane in planes]
    assert depths == sorted(set(depths)) and parallaxes == sorted(set(parallaxes))
    assert len(planes) >= 3 and depths[-2] < 0.55 < 0.9 < depths[-1]
    design = SetDesign(slug=kind, name=kind, kind=kind)
    drawn = draw_planes(design, "day", "wide", None, DETAIL)
    far, near = drawn[0], drawn[-1]
    assert far.pixels[:-1, :-1, 3].min() == 255
    rows = [max(0, round((y - near.y) * near.scale)) for y in (CAPTION_TOP, CAPTION_BOTTOM)]
    columns = [round((x - near.x) * near.scale) for x in (90, 990)]
    assert np.count_nonzero(near.pixels[slice(*rows), slice(*columns), 3] > 40) < 0.15 * 230 * 900 * DETAIL**2


@pytest.mark.parametrize("time", ["day", "dusk"])
def test_faces_stand_out_from_every_set(time: TimeOfDay) -> None:
    """Around a face in a close shot the set is quieter than the face, and differs from it in colour by at least 8
    (CIE 1976 difference in Lab, where 2.3 is just seen), whether the skin is light or dark."""
    for kind in KINDS:
        for person in ("vera", "ada"):
            files = draw_plates(make_frame("close", stage(person), kind=kind, time=time), None, 1 / 6)
            box = Layout.model_validate_json(files["layout.json"]).faces[0].face_box
            clip = still_clip(Layout.model_validate_json(files["layout.json"]))
            picture = next(Compositor(files, files["layout.json"], clip, (), (180, 320)).frames())
            lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
            x, y, wide, high = (round(value / 6) for value in (box.x, box.y, box.width, box.height))
            face = lab[y + high // 3 : y + high, x + wide // 5 : x + wide - wide // 5].reshape(-1, 3)
            beside = np.concatenate([lab[y : y + high, :12], lab[y : y + high, -12:]]).reshape(-1, 3)
            assert np.linalg.norm(np.median(face, 0) - np.median(beside, 0)) > 8, (kind, person)
            assert cv2.Laplacian(lab[y : y + high, :12, 0], cv2.CV_32F).std() < 6, (kind, person)
