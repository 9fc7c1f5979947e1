"""What a character's reference sheet shows: one picture for each view and emotion, posed by the draft's rig.

The rig knows where the head is and how it is turned; its set is left out of the depth, so that nothing but the person
is prescribed. Every picture but the first is held to the first one's face.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from microdrama_assets.schemas.film import FaceBox
from microdrama_assets.schemas.final import SheetSettings
from microdrama_assets.schemas.manifest import CameraMove, CastLook, Facing, FrameFacet, MotionFacet, Staged
from microdrama_assets.schemas.series import Emotion, SetDesign
from microdrama_assets.studios.draft.controls import draw_controls
from microdrama_assets.studios.draft.keyframe import draw_plates
from microdrama_assets.studios.draft.layout import FRAME_HEIGHT, FRAME_WIDTH, Face, Layout
from microdrama_assets.studios.pictures import jpeg

FIRST = "front_neutral"
LAYOUT_DETAIL = 0.1
SHOWN_PX = (180, 320)
"""A cell's size on the sheet that people look at."""
_STILL = MotionFacet(duration_frames=1, fps=30, camera=CameraMove(kind="hold", amount=0.0), seed=0)
_EMPTY = SetDesign(slug="studio", name="Studio", kind="office")
_SEEN_FROM = {"front": "facing the camera", "three_quarter_left": "three-quarter view", "three_quarter_right":
              "three-quarter view", "profile_left": "profile view", "profile_right": "profile view",
              "back": "seen from behind"}


@dataclass(frozen=True)
class Cell:
    view: Facing
    emotion: Emotion

    @property
    def name(self) -> str:
        return f"{self.view}_{self.emotion}"


@dataclass(frozen=True)
class Posed:
    """`pose`: uint8 BGR, `depth`: uint16 with nothing but the person, both 1920 x 1080; `face`: shares of the frame."""

    pose: np.ndarray
    depth: np.ndarray
    face: FaceBox


def cells(settings: SheetSettings) -> Iterator[Cell]:
    """The first cell first, then view by view."""
    first = Cell("front", "neutral")
    yield first
    for view in settings.views:
        yield from (cell for emotion in settings.emotions if (cell := Cell(view, emotion)) != first)


def posed(look: CastLook, cell: Cell) -> Posed:
    """A character alone, turned and feeling as the cell says, as the draft would stage it."""
    staged = Staged(character=look.slug, position="centre", emotion=cell.emotion, facing=cell.view)
    frame = FrameFacet(coverage="close", staged=(staged,), focus=look.slug, prop=None, set=_EMPTY, time_of_day="day",
                       mood="", action="", looks=(look,), fidelity="final", seed=0)
    controls = draw_controls(frame, _STILL)
    layout = Layout.model_validate_json(draw_plates(frame, None, LAYOUT_DETAIL)["layout.json"])
    mask = controls.masks[look.slug] > 127
    return Posed(controls.pose, np.where(mask, controls.depth, 0).astype(np.uint16), share_of(layout.faces[0]))


def share_of(face: Face) -> FaceBox:
    """A rig's face box as shares of the frame."""
    box = face.face_box
    return FaceBox(x=round(box.x / FRAME_WIDTH, 5), y=round(box.y / FRAME_HEIGHT, 5),
                   width=round(box.width / FRAME_WIDTH, 5), height=round(box.height / FRAME_HEIGHT, 5))


def cell_prompt(look: CastLook, cell: Cell) -> str:
    """The words for one cell: who, from where, feeling what, before nothing."""
    return (f"character reference photo, {look.prompt or look.name}, {cell.emotion} expression, "
            f"{_SEEN_FROM[cell.view]}, grey background")


def laid_side_by_side(pictures: Sequence[np.ndarray], columns: int) -> bytes:
    """JPEG: the cells in rows, small, for people to judge the sheet by."""
    small = [cv2.resize(picture, SHOWN_PX, interpolation=cv2.INTER_AREA) for picture in pictures]
    small += [np.full_like(small[0], 32)] * (-len(small) % columns)
    return jpeg(np.vstack([np.hstack(small[row : row + columns]) for row in range(0, len(small), columns)]))
