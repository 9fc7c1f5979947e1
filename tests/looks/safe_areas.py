"""Faces and captions against what vertical players cover of a 1080x1920 frame.

Covered: 220 rows at the top, 340 at the bottom, 120 columns at the right (`studios/draft/layout.py`), the widest of what
TikTok, Reels and Shorts are known to lay over an episode; they publish no figures that hold on every phone. Reels' advice
for advertisements (top 14 %, bottom 35 %, sides 6 %) leaves more free, for a button that episodes do not have.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from deployment.exporting import frames_shown
from microdrama_assets.graph.toolbox import Toolbox
from microdrama_assets.studios.draft.clip import BodySample
from microdrama_assets.studios.draft.geometry import camera_matrix, part_matrix
from microdrama_assets.studios.draft.layout import (
    CAPTION_TOP,
    FRAME_HEIGHT,
    FRAME_WIDTH,
    SAFE_BOTTOM,
    SAFE_RIGHT,
    SAFE_TOP,
    Face,
    Layout,
)
from microdrama_assets.studios.typesetting import CaptionPainter
from tests.looks.delivered import Delivered

AT_HOME = 40.0
"""Frame pixels: who is farther from their place than this is walking in or out."""
INK = 60
"""Levels by which a caption's pixel differs from grey: its letters and outline, not their soft shadow."""
SLACK = 2.0
"""Frame pixels of rounding."""


def faces_outside(shot: Delivered) -> Iterator[str]:
    """Faces, from the brow to the chin, that leave the safe area in the first, middle or last frame."""
    layout = Layout.model_validate_json(shot.layout)
    bodies = {one.character: one.body for one in shot.clip.performances}
    for face in (one for one in layout.faces if one.staged.facing != "back"):
        for index in (0, shot.clip.frames // 2, shot.clip.frames - 1):
            sample = bodies[face.character][index]
            if abs(sample.x) > AT_HOME:
                continue
            left, top, right, bottom = _box(layout, face, sample, shot, index)
            lowest = CAPTION_TOP if shot.cues else SAFE_BOTTOM
            out = max(SAFE_TOP - top, bottom - lowest, right - SAFE_RIGHT, -left)
            if out > SLACK:
                yield f"{face.character} in {shot.name}, frame {index}, by {out:.0f} px"


def captions_outside(shot: Delivered) -> Iterator[str]:
    """Captions, as they are set at full size, that leave the safe area."""
    if not shot.cues:
        return
    painter = CaptionPainter(shot.sheet, shot.style, shot.clip.fps, fonts=Toolbox().fonts)
    for cue in shot.cues:
        page = np.full((FRAME_HEIGHT, FRAME_WIDTH, 4), 128, np.uint8)
        first, end = frames_shown(cue, shot.clip.fps)
        painter.paint(page, min((first + end) // 2, shot.clip.frames - 1))
        inked = (np.abs(page[..., :3].astype(np.int16) - 128) > INK).any(axis=-1)
        rows, columns = np.flatnonzero(inked.any(axis=-1)), np.flatnonzero(inked.any(axis=0))
        out = max(SAFE_TOP - rows[0], rows[-1] + 1 - SAFE_BOTTOM, columns[-1] + 1 - FRAME_WIDTH, -columns[0])
        right = columns[-1] + 1 - SAFE_RIGHT
        if max(out, right) > SLACK:
            yield f"{cue.text!r} in {shot.name}, by {max(out, right):.0f} px"


def _box(layout: Layout, face: Face, sample: BodySample, shot: Delivered, index: int) -> tuple[float, ...]:
    """Left, top, right and bottom of a face in a frame, after idle motion and camera."""
    layer = next(one for one in layout.layers if one.name == face.head_layer)
    box = face.face_box
    brow = min(y for _, y in face.eyes) - 90 * face.unit  # the forehead and hair may leave the frame
    xs, ys = (box.x, box.x + box.width), (max(box.y, brow), box.y + box.height)
    corners = np.array([[x, y, 1.0] for x in xs for y in ys]).T
    move = camera_matrix(shot.clip.camera[index], layer.parallax, layout.focus) @ part_matrix(layer, face, sample)
    seen = move @ corners
    return float(seen[0].min()), float(seen[1].min()), float(seen[0].max()), float(seen[1].max())
