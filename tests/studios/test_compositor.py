"""The compositor: its shortcuts change no pixel, mouths and lids change only the face, proxies agree."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import CameraMove, EffectCue, MotionFacet
from microdrama_assets.schemas.sound import MouthKey
from microdrama_assets.studios.draft.clip import BodySample, Clip, LidKey, Performance
from microdrama_assets.studios.draft.compositor import Compositor, still_clip
from microdrama_assets.studios.draft.keyframe import draw_keyframe, draw_plates
from microdrama_assets.studios.draft.layout import Layout
from microdrama_assets.studios.draft.motion import animate
from microdrama_assets.studios.draft.regions import Region, Sheet
from tests.studios.conftest import make_frame, stage


@pytest.fixture(scope="module")
def keyframe() -> dict[str, bytes]:
    return draw_keyframe(make_frame("medium", stage("mara"), kind="alley"))


def moving(keyframe: dict[str, bytes], kind: str, frames: int = 12) -> Clip:
    return animate(
        keyframe["layout.json"],
        MotionFacet(duration_frames=frames, fps=30, camera=CameraMove(kind=kind, amount=0.1), seed=2),
    )


def everywhere(sheets: Sequence[Sheet], size: tuple[int, int], below: int | None) -> list[Region]:
    """Blends every layer over the whole frame."""
    count = len(sheets) if below is None else below
    return [Region(x=0, y=0, width=size[0], height=size[1], ground=0, over=tuple(range(1, count)))]


@pytest.mark.parametrize(
    ("kind", "size", "frames"),
    [
        ("push", (360, 640), 12), ("pan_left", (360, 640), 12), ("handheld", (360, 640), 12),
        ("pan_left", (1080, 1920), 4),
    ],
)
def test_cutting_the_frame_into_regions_changes_nothing(
    keyframe: dict[str, bytes], kind: str, size: tuple[int, int], frames: int
) -> None:
    """Frames composed region by region, at full size over a backdrop of half the size, equal frames where every layer is
    blended everywhere, to 2 levels."""
    clip = moving(keyframe, kind, frames)
    fast = Compositor(keyframe, keyframe["layout.json"], clip, (), size).frames()
    slow = Compositor(keyframe, keyframe["layout.json"], clip, (), size, everywhere).frames()
    assert max(int(cv2.absdiff(one, other).max()) for one, other in zip(fast, slow, strict=True)) <= 2


def test_weather_flashes_and_focus_survive_the_shortcuts() -> None:
    """With rain, fire, a flash and a moving focus, frames composed region by region equal frames blended everywhere, to 2
    levels; the flash is gone after four frames, and what is out of focus is softer than what is in it."""
    frame = make_frame("medium", stage("mara"), kind="alley").model_copy(
        update={"weather": "rain", "effects": ("fire", "muzzle_flash"), "deep_focus": True}
    )
    files = draw_plates(frame, None, 1 / 3)
    cue = EffectCue(name="muzzle_flash", at_ms=100)
    motion = MotionFacet(duration_frames=40, fps=30, camera=CameraMove(kind="rack"), effects=(cue,), seed=2)
    clip = animate(files["layout.json"], motion)
    fast = [one[..., :3].copy() for one in Compositor(files, files["layout.json"], clip, (), (360, 640)).frames()]
    slow = [
        one[..., :3].copy()
        for one in Compositor(files, files["layout.json"], clip, (), (360, 640), everywhere).frames()
    ]
    assert max(int(cv2.absdiff(one, other).max()) for one, other in zip(fast, slow, strict=True)) <= 2
    light = [one.mean() for one in fast]
    assert light[3] > 1.5 * light[2] and light[7] < 1.1 * light[2]
    face = Layout.model_validate_json(files["layout.json"]).faces[0].face_box
    x, y, wide, high = (round(value / 3) for value in (face.x, face.y, face.width, face.height))
    sharp = [cv2.Laplacian(one[y : y + high, x : x + wide], cv2.CV_64F).var() for one in (fast[0], fast[-1])]
    assert sharp[1] > 2 * sharp[0]


def test_no_frame_shows_a_hole(keyframe: dict[str, bytes]) -> None:
    """Wherever the camera goes, no pixel is left black."""
    for kind in ("pan_right", "handheld", "pull"):
        for frame in Compositor(keyframe, keyframe["layout.json"], moving(keyframe, kind), (), (360, 640)).frames():
            assert frame.max(-1).min() > 0


def test_speech_and_blinks_change_only_the_face(keyframe: dict[str, bytes]) -> None:
    """With the camera held, frames differ inside the face alone, and the face returns to exactly what it was."""
    layout = Layout.model_validate_json(keyframe["layout.json"])
    still = still_clip(layout).camera[0]
    rest = BodySample(head_x=0, head_y=0, head_deg=0, breath=0)
    lids = (LidKey(frame=3, state="half"), LidKey(frame=4, state="closed"), LidKey(frame=5, state="open"))
    clip = Clip(
        fps=30,
        frames=7,
        camera=(still,) * 7,
        performances=(Performance(character="mara", body=(rest,) * 7, lids=lids),),
    )
    mouths = (
        MouthKey(frame=1, character="mara", viseme="AI"),
        MouthKey(frame=2, character="mara", viseme="rest"),
        MouthKey(frame=1, character="somebody off screen", viseme="O"),
    )
    frames = [frame.copy() for frame in Compositor(keyframe, keyframe["layout.json"], clip, mouths).frames()]
    box = layout.faces[0].face_box
    for index, changed in enumerate((False, True, False, True, True, False, False)):
        difference = cv2.absdiff(frames[0], frames[index])
        assert bool(difference.any()) is changed, index
        difference[box.y : box.y + box.height + 2, box.x : box.x + box.width] = 0
        assert not difference.any()


def test_the_still_is_the_first_frame_at_rest(keyframe: dict[str, bytes]) -> None:
    """`still.png` and the compositor never disagree about what a shot looks like."""
    still = cv2.imdecode(np.frombuffer(keyframe["still.png"], np.uint8), cv2.IMREAD_COLOR)
    clip = still_clip(Layout.model_validate_json(keyframe["layout.json"]))
    assert np.array_equal(still, next(Compositor(keyframe, keyframe["layout.json"], clip, ()).frames())[..., :3])


def test_proxies_show_the_same_picture(keyframe: dict[str, bytes]) -> None:
    """A 360x640 frame is the large one made smaller, to within 3 levels on average."""
    clip = moving(keyframe, "push", 2)
    large, small = (
        next(Compositor(keyframe, keyframe["layout.json"], clip, (), size).frames()).copy()
        for size in ((1080, 1920), (360, 640))
    )
    assert small.shape == (640, 360, 4)
    assert cv2.absdiff(cv2.resize(large, (360, 640), interpolation=cv2.INTER_AREA), small).mean() < 3


@pytest.mark.parametrize("threads", [1, 4])
def test_threads_do_not_change_frames(keyframe: dict[str, bytes], threads: int) -> None:
    """Frames are the same however many threads OpenCV uses."""
    before = cv2.getNumThreads()
    clip = moving(keyframe, "handheld", 3)
    try:
        cv2.setNumThreads(threads)
        frames = [frame.copy() for frame in Compositor(keyframe, keyframe["layout.json"], clip, ()).frames()]
        cv2.setNumThreads(2)
        again = [frame.copy() for frame in Compositor(keyframe, keyframe["layout.json"], clip, ()).frames()]
    finally:
        cv2.setNumThreads(before)
    assert all(np.array_equal(one, other) for one, other in zip(frames, again, strict=True))


def test_bad_input_is_named(keyframe: dict[str, bytes]) -> None:
    """A missing plate, a broken plate and a wrong shape of frame are errors that say so."""
    clip = moving(keyframe, "hold", 1)
    missing = {name: data for name, data in keyframe.items() if name != "plates/far.png"}
    with pytest.raises(MicrodramaError, match=r"plates/far.png: the keyframe has no such plate"):
        Compositor(missing, keyframe["layout.json"], clip, ())
    with pytest.raises(MicrodramaError, match=r"plates/far.png: the plate is not a colour PNG"):
        Compositor({**keyframe, "plates/far.png": b"no png"}, keyframe["layout.json"], clip, ())
    with pytest.raises(MicrodramaError, match="not 9:16"):
        Compositor(keyframe, keyframe["layout.json"], clip, (), (640, 640))
