"""Draws the guide's picture of acting: `python -m tests.studios.acting_sheet` writes docs/pictures/acting.jpg."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from microdrama_assets.schemas.manifest import FrameFacet, Staged
from microdrama_assets.studios.draft.compositor import Compositor, still_clip
from microdrama_assets.studios.draft.keyframe import draw_plates
from microdrama_assets.studios.draft.layout import FRAME_WIDTH, Layout
from microdrama_assets.studios.draft.rig.expression import EMOTIONS
from microdrama_assets.studios.pictures import jpeg
from tests.studios.conftest import make_frame

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "acting.jpg"
SIZE = (234, 416)
RIGHT, LEFT = "three_quarter_right", "three_quarter_left"


def person(character: str, position: str = "centre", **staged: object) -> Staged:
    return Staged.model_validate({"character": character, "position": position, **staged})


SCENES = (
    make_frame("two_shot", person("mara", "left", facing=RIGHT, gaze=0.7, emotion="happy"),
               person("jonas", "right", facing=LEFT, gaze=-0.7, gesture="open")),
    make_frame("two_shot", person("ada", "left", facing="profile_right", emotion="angry", gesture="fist"),
               person("jonas", "right", facing="profile_left", emotion="contemptuous", gesture="crossed"), kind="alley"),
    make_frame("over_shoulder", person("mara", "right", facing=LEFT, gaze=-0.7, emotion="suspicious"),
               person("jonas", "left", facing="back"), kind="street"),
    make_frame("three_shot", person("vera", "left", facing=RIGHT), person("jonas", emotion="surprised", gesture="raised"),
               person("ada", "right", facing=LEFT, emotion="tender", gesture="to_chest"), kind="office", time="day"),
    make_frame("medium", person("jonas", holding="phone", facing=RIGHT, gaze=0.5, emotion="determined"), kind="street"),
    make_frame("medium", person("mara", holding="cup", facing=LEFT, gaze=-0.5)),
    make_frame("close", person("ada", holding="locket", facing=LEFT, emotion="afraid", intensity=1.2), kind="bar"),
    make_frame("medium", person("jonas", holding="gun", facing=LEFT, gaze=-0.6, emotion="angry"), kind="rooftop"),
    make_frame("wide", person("vera", "left", posture="sit", facing=RIGHT),
               person("jonas", "right", facing=LEFT, gesture="point", gaze=-0.6), kind="apartment", time="day"),
    make_frame("wide", person("jonas", silhouette=True, facing=LEFT), kind="alley"),
    make_frame("point_of_view", person("vera", emotion="disgusted"), kind="corridor", time="day"),
    make_frame("reaction", person("jonas", emotion="sad", facing="profile_left"), kind="seaside", time="dusk"),
)


def picture(frame: FrameFacet) -> np.ndarray:
    files = draw_plates(frame, None, 2 * SIZE[0] / FRAME_WIDTH)
    still = still_clip(Layout.model_validate_json(files["layout.json"]))
    return next(Compositor(files, files["layout.json"], still, (), SIZE).frames()).copy()


def main() -> None:
    moods = [make_frame("close", person(("mara", "jonas", "ada", "vera")[number % 4], emotion=emotion), kind="apartment",
                        time="day") for number, emotion in enumerate(EMOTIONS)]
    cells = [picture(frame) for frame in (*SCENES, *moods)]
    PICTURE.write_bytes(jpeg(np.vstack([np.hstack(cells[row : row + 6]) for row in range(0, 24, 6)])))
    print(PICTURE)


if __name__ == "__main__":
    cv2.setNumThreads(2)
    main()
