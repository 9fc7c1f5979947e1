"""A shot at a glance: the same composition at 360x640, drawn on twos, encoded for speed, and marked in the picture.

Nothing here is a rendition: one small MP4 that says PREVIEW in every frame and in its metadata, and that no package,
review or publication ever reads.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import numpy as np
import skia

from microdrama_assets.delivery.picture import finished_frames
from microdrama_assets.delivery.preview_joining import WORD, marked_as_preview
from microdrama_assets.delivery.yuv import signal_of
from microdrama_assets.schemas.manifest import FrameFacet, MotionFacet
from microdrama_assets.schemas.series import CaptionStyle, Look
from microdrama_assets.schemas.sound import CueSheet, DialogueTimings, LipTrack
from microdrama_assets.speech.visemes import mouth_keys
from microdrama_assets.studios.draft.ink import Sheet, fill, stroke
from microdrama_assets.studios.draft.keyframe import draw_plates
from microdrama_assets.studios.draft.layout import FRAME_WIDTH, Layout, canonical_json
from microdrama_assets.studios.draft.motion import animate
from microdrama_assets.studios.draft.twos import TWOS, clip_on_twos, layout_on_twos, lips_on_twos
from microdrama_assets.studios.fonts import Fonts, typeface
from resources import ffmpeg
from resources.pixels import lay_over

WIDTH, HEIGHT = 360, 640
PRESET, CRF = "ultrafast", 25
_MARK_TOP = 38
"""First row of the mark: among those that players cover, where nothing else is drawn, so that it hides no card."""
_MARK_SIZE = 21.0


def preview_frames(
    frame: FrameFacet, motion: MotionFacet, timings: DialogueTimings, look: Look,
    captions: tuple[CueSheet, CaptionStyle] | None, fonts: Fonts, label: str,
) -> Iterator[np.ndarray]:
    """Every second frame of the shot: uint8 BGRA, 640 x 360 x 4, one buffer reused. `label` stands beside the mark,
    such as `e001.sh030`."""
    plates = draw_plates(frame, fonts, WIDTH / FRAME_WIDTH)
    layout = plates.pop("layout.json")
    whole = animate(layout, motion)
    lips = lips_on_twos(LipTrack(keys=mouth_keys(timings, whole.fps, whole.frames)))
    layout = canonical_json(layout_on_twos(Layout.model_validate_json(layout)))
    mark = _mark(label, fonts)
    for picture in finished_frames(plates, layout, clip_on_twos(whole), lips, look, captions, fonts, (WIDTH, HEIGHT)):
        lay_over(picture, mark, 0, _MARK_TOP)
        yield picture


def keeping(frames: Iterator[np.ndarray], chosen: Collection[int], kept: list[np.ndarray]) -> Iterator[np.ndarray]:
    """The same frames; copies of those whose numbers are chosen go into `kept`."""
    for index, frame in enumerate(frames):
        if index in chosen:
            kept.append(frame.copy())
        yield frame


def encode_preview(
    frames: Iterator[np.ndarray], fps: int, dialogue: Path, output: Path, title: str,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Writes one shot with its dialogue (a WAV) as MP4. `fps` is that of the cut, twice that of `frames`; `progress` is
    told the number of frames encoded."""
    signal = signal_of(WIDTH, HEIGHT)
    ffmpeg.run(shot_command(fps, dialogue, output, title), feed=(signal.of(frame) for frame in frames),
               progress=progress)


def shot_command(fps: int, dialogue: Path, output: Path, title: str) -> list[str]:
    """Arguments of ffmpeg: raw I420 frames on twos from standard input and a WAV to a marked MP4."""
    rate = str(fps // TWOS)
    return [
        "-v", "error",
        "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{WIDTH}x{HEIGHT}", "-r", rate,
        "-color_range", "tv", "-colorspace", "bt709", "-i", "pipe:0",
        "-i", str(dialogue), "-map", "0:v:0", "-map", "1:a:0",
        "-c:v", "libx264", "-preset", PRESET, "-crf", str(CRF), "-threads", "1",
        "-g", rate,  # a key frame each second: quick to scrub
        "-bf", "0",  # shots are joined by copying: nothing may refer across the cut
        "-c:a", "aac", "-b:a", "96k", *marked_as_preview(title), str(output),
    ]


def _mark(label: str, fonts: Fonts) -> np.ndarray:
    """The burnt-in strip, premultiplied BGRA: a word that cannot be mistaken, and which shot this is."""
    sheet = Sheet(WIDTH, 34)
    bold, small = skia.Font(typeface(fonts.bold), _MARK_SIZE), skia.Font(typeface(fonts.bold), 12.0)
    for pen in (stroke((0, 0, 0), 4.0, 0.55), fill((255, 214, 64), 0.92)):
        sheet.canvas.drawString(WORD, 14, 24, bold, pen)
        sheet.canvas.drawString(label, 20 + bold.measureText(WORD), 24, small, pen)
    return sheet.pixels
