"""The finished picture of a shot, frame by frame: composed, graded, captioned. What the ladder encodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from microdrama_assets.schemas.series import CaptionStyle, Look
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
    """uint8 BGRA frames of `size` (width, height), one buffer reused: the grade lies under the captions. A shot's own
    grade outranks the series' look."""
    grader = Grader(look if clip.grade is None else look.model_copy(update={"grade": clip.grade}), size)
    painter = None if captions is None else CaptionPainter(captions[0], captions[1], clip.fps, size, fonts=fonts)
    for index, frame in enumerate(Compositor(plates, layout, clip, lips.keys, size).frames()):
        grader.apply(frame, index)
        if painter is not None:
            painter.paint(frame, index)
        yield frame
