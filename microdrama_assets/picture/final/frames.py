"""What a final clip is made of: its frames, what they are, and a strip to look at."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.film import Film
from microdrama_assets.studios.final.film import FRAMES, write_film
from microdrama_assets.studios.pictures import jpeg

FILM = "film.json"
"""What tells a final clip from a draft's composition."""
STRIP_SIZE = (360, 640)


def hand_in(work: Work, frames: Iterator[np.ndarray], film: Film) -> None:
    path = work.scratch / FRAMES
    chosen = {0: 0, film.frames // 2: 1, film.frames - 1: 2}
    kept: list[np.ndarray] = []

    def watched() -> Iterator[np.ndarray]:
        for number, frame in enumerate(frames):
            if number in chosen:
                kept.append(cv2.resize(frame, STRIP_SIZE, interpolation=cv2.INTER_AREA))
            work.progress(number / film.frames)
            yield frame

    write_film(watched(), film, path)
    work.add_file(FRAMES, path)
    work.add_record(FILM, film)
    work.add("preview.jpg", jpeg(np.hstack(kept)))
