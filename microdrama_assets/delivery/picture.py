"""The finished picture of a shot, frame by frame: composed, graded, captioned. What the ladder encodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.series import CaptionStyle, Grade, Look
from microdrama_assets.schemas.sound import CueSheet, LipTrack
from microdrama_assets.studios.draft.clip import Clip
from microdrama_assets.studios.draft.compositor import Compositor
from microdrama_assets.studios.fonts import Fonts
from microdrama_assets.studios.grading import Grader
from microdrama_assets.studios.typesetting import CaptionPainter

SIZE = (1080, 1920)


def finished_frames(
    plates: Mapping[str, bytes], layout: bytes, clip: Clip, lips: LipTrack, look: Look,
    captions: tuple[CueSheet, CaptionStyle] | None, fonts: Fonts, size: tuple[int, int] = SIZE,
) -> Iterator[np.ndarray]:
    """uint8 BGRA frames of `size` (width, height), one buffer reused."""
    composed = Compositor(plates, layout, clip, lips.keys, size).frames()
    return graded_and_captioned(composed, clip.fps, look, clip.grade, captions, fonts, size)


def graded_and_captioned(
    frames: Iterator[np.ndarray], fps: int, look: Look, own: Grade | None,
    captions: tuple[CueSheet, CaptionStyle] | None, fonts: Fonts, size: tuple[int, int] = SIZE,
) -> Iterator[np.ndarray]:
    """The same uint8 BGRA frames, changed in place: the grade lies under the captions. A shot's `own` grade outranks
    the series' look."""
    grader = Grader(look if own is None else look.model_copy(update={"grade": own}), size)
    painter = None if captions is None else CaptionPainter(captions[0], captions[1], fps, size, fonts=fonts)
    for index, frame in enumerate(frames):
        grader.apply(frame, index)
        if painter is not None:
            painter.paint(frame, index)
        yield frame


def captions_of(work: Work) -> tuple[CueSheet, CaptionStyle] | None:
    """What a picture's captions say and how they look; None where its recipe has none."""
    if "cues.json" not in work.action.inputs:
        return None
    return work.load("cues.json", CueSheet), work.load("captions.json", CaptionStyle)
