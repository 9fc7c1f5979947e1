"""Frames to a video and back, each checked for length, size and rate: a clip of another shape is refused.

H.264 in RGB at a quality at which nothing is lost that anybody sees; the clip is encoded once more, for delivery.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from microdrama_assets.schemas.film import Film
from microdrama_assets.studios.final.errors import ClipRefused
from microdrama_assets.studios.final.pictures import DARKEST
from resources import ffmpeg

FRAMES = "frames.mp4"
_VIDEO = re.compile(r"Video: .*?, (\d{2,5})x(\d{2,5})[ ,].*?([\d.]+) fps", re.DOTALL)


def write_film(frames: Iterable[np.ndarray], film: Film, path: Path) -> None:
    """uint8 BGR frames to `path`. Raises ClipRefused for another number or size of frames, or where all is black."""
    brightest = 0.0

    def fed() -> Iterator[bytes]:
        nonlocal brightest
        count = 0
        for frame in frames:
            if frame.shape != (film.height, film.width, 3) or frame.dtype != np.uint8:
                raise _refused(f"a frame of {frame.shape} {frame.dtype}", f"{film.width}x{film.height}", path)
            count, brightest = count + 1, max(brightest, float(frame[::8, ::8].mean()))
            if count > film.frames:
                raise _refused(f"more than {film.frames} frames", f"{film.frames}", path)
            yield np.ascontiguousarray(frame).tobytes()
        if count != film.frames:
            raise _refused(f"{count} frames", f"{film.frames}", path)

    ffmpeg.run(write_command(film, path), feed=fed())
    if brightest < DARKEST:
        raise _refused("black from beginning to end", "a picture", path)


def write_command(film: Film, path: Path) -> list[str]:
    return [
        "-v", "error", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{film.width}x{film.height}", "-r", str(film.fps),
        "-i", "pipe:0",
        "-c:v", "libx264rgb", "-crf", "4",  # close to lossless, a tenth of its size, and no detour over YUV
        "-preset", "veryfast", "-threads", "1",  # the same bytes on every machine
        "-flags", "+bitexact", "-fflags", "+bitexact",  # no version strings
        str(path),
    ]


def read_film(path: Path, film: Film) -> Iterator[np.ndarray]:
    """The frames, uint8 BGR, in order. Raises ClipRefused where the file holds another clip than `film` says."""
    check_film(path, film)
    size = film.width * film.height * 3
    count = 0
    command = ["-v", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "bgr24",
               "-fps_mode", "passthrough",  # frames as they are stored: none repeated, none dropped
               "pipe:1"]
    for data in ffmpeg.stream(command, size):
        count += 1
        yield np.frombuffer(data, np.uint8).reshape(film.height, film.width, 3).copy()
    if count != film.frames:
        raise _refused(f"{count} frames", f"{film.frames}", path)


def check_film(path: Path, film: Film) -> None:
    """Raises ClipRefused where size or rate are not as told."""
    _, said = ffmpeg.run_for_messages(["-i", str(path), "-frames:v", "1", "-f", "null", "-"])
    found = _VIDEO.search(said)
    if found is None:
        raise _refused("no video", f"{film.width}x{film.height}", path)
    width, height, rate = int(found[1]), int(found[2]), float(found[3])
    if (width, height) != (film.width, film.height):
        raise _refused(f"{width}x{height}", f"{film.width}x{film.height}", path)
    if abs(rate - film.fps) > 0.01:
        raise _refused(f"{rate:g} frames a second", f"{film.fps}", path)


def first_of(frames: Iterator[np.ndarray]) -> tuple[np.ndarray, Iterator[np.ndarray]]:
    """The first frame, and all of them again."""
    first = next(frames)
    return first, chain([first], frames)


def _refused(found: str, wanted: str, path: Path) -> ClipRefused:
    return ClipRefused(f"the clip is refused: it has {found}, and {wanted} was asked for", path.name,
                       "Render it again; if it stays, the model or its settings do not fit the shot")
