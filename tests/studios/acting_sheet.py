"""Draws the guide's picture of acting: `python -m tests.studios.acting_sheet` writes docs/pictures/acting.jpg."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from microdrama_assets.schemas.manifest import FrameFacet, Staged
from microdrama_assets.schemas.series import Emotion
from microdrama_assets.studios.draft.compositor import Compositor, still_clip
from microdrama_assets.studios.draft.keyframe import draw_plates
from microdrama_assets.studios.draft.layout import FRAME_WIDTH, Layout
from microdrama_assets.studios.draft.rig.expression import EMOTIONS
from microdrama_assets.studios.pictures import jpeg
from tests.studios.catalogue import lettering, titles
from tests.studios.conftest import make_frame

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "acting.jpg"
SIZE = (234, 416)
PER_ROW = 6
RIGHT, LEFT = "three_quarter_right", "three_quarter_left"


def person(character: str, position: str = "centre", **staged: object) -> Staged:
    return Staged.model_validate({"character": character, "position": position, **staged})


SCENES = {
    "two-shot": make_frame(
        "two_shot", person("mara", "left", facing=RIGHT, gaze=0.7, emotion="happy"),
        person("jonas", "right", facing=LEFT, gaze=-0.7, gesture="open")),
    "profiles": make_frame(
        "two_shot", person("ada", "left", facing="profile_right", emotion="angry", gesture="fist"),
        person("jonas", "right", facing="profile_left", emotion="contemptuous", gesture="crossed"), kind="alley"),
    "over the shoulder": make_frame(
        "over_shoulder", person("mara", "right", facing=LEFT, gaze=-0.7, emotion="suspicious"),
        person("jonas", "left", facing="back"), kind="street"),
    "three-shot": make_frame(
        "three_shot", person("vera", "left", facing=RIGHT), person("jonas", emotion="surprised", gesture="raised"),
        person("ada", "right", facing=LEFT, emotion="tender", gesture="to_chest"), kind="office", time="day"),
    "holds a phone": make_frame(
        "medium", person("jonas", holding="phone", facing=RIGHT, gaze=0.5, emotion="determined"), kind="street"),
    "holds a cup": make_frame("medium", person("mara", holding="cup", facing=LEFT, gaze=-0.5)),
    "close, a locket": make_frame(
        "close", person("ada", holding="locket", facing=LEFT, emotion="afraid", intensity=1.2), kind="bar"),
    "holds a gun": make_frame(
        "medium", person("jonas", holding="gun", facing=LEFT, gaze=-0.6, emotion="angry"), kind="rooftop"),
    "sits": make_frame(
        "wide", person("vera", "left", posture="sit", facing=RIGHT), person("jonas", "right", facing=LEFT, gaze=-0.6),
        kind="apartment", time="day"),
    "silhouette": make_frame("wide", person("jonas", silhouette=True, facing=LEFT), kind="alley"),
    "point of view": make_frame("point_of_view", person("vera", emotion="disgusted"), kind="corridor", time="day"),
    "reaction": make_frame(
        "reaction", person("jonas", emotion="sad", facing="profile_left"), kind="seaside", time="dusk"),
}
STRENGTHS: tuple[tuple[str, Emotion], ...] = (("jonas", "angry"), ("ada", "afraid"), ("vera", "happy"))


def face(character: str, emotion: Emotion, intensity: float = 1.0) -> FrameFacet:
    return make_frame("close", person(character, emotion=emotion, intensity=intensity), kind="apartment", time="day")


def picture(frame: FrameFacet) -> np.ndarray:
    files = draw_plates(frame, None, 2 * SIZE[0] / FRAME_WIDTH)
    still = still_clip(Layout.model_validate_json(files["layout.json"]))
    return next(Compositor(files, files["layout.json"], still, (), SIZE).frames())[..., :3].copy()


def main() -> None:
    """Twelve stagings, the twelve emotions in one face, and three as words alone tell them and at their strongest."""
    fonts = lettering()
    cells = [*SCENES.items(), *((emotion, face("mara", emotion)) for emotion in EMOTIONS),
             *((f"{emotion}, {intensity}", face(who, emotion, intensity))
               for who, emotion in STRENGTHS for intensity in (1.0, 1.4))]
    rows = [cells[at : at + PER_ROW] for at in range(0, len(cells), PER_ROW)]
    PICTURE.write_bytes(jpeg(np.vstack([
        np.vstack([titles([name for name, _ in row], SIZE[0], fonts), np.hstack([picture(frame) for _, frame in row])])
        for row in rows])))
    print(PICTURE)


if __name__ == "__main__":
    cv2.setNumThreads(2)
    main()
