"""A final clip's frames, enlarged, graded, captioned and encoded as a draft's are, into the same rungs."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from microdrama_assets.delivery.ladder import SOURCE_HEIGHT, SOURCE_WIDTH, encode_shot
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.delivery import LADDER
from microdrama_assets.schemas.film import Film
from microdrama_assets.schemas.series import CaptionStyle, Look
from microdrama_assets.schemas.sound import CueSheet
from microdrama_assets.studios.final.film import FRAMES, read_film
from microdrama_assets.studios.final.pictures import fitted
from microdrama_assets.studios.grading import Grader
from microdrama_assets.studios.typesetting import CaptionPainter
from resources.encoder import X264


def encode_film(work: Work) -> None:
    """Raises ClipRefused where the frames are not what the clip says."""
    film, folder = work.load("film.json", Film), work.scratch / "rendition"
    rendition = encode_shot(_finished(work, film), film.frames, film.fps, LADDER, folder,
                            preset=str(work.action.params["preset"]),
                            encoder=work.action.params.get("encoder", X264), progress=work.progress)
    work.add_record("rendition.json", rendition)
    work.add_folder(folder)
    work.note(frames=film.frames)


def _finished(work: Work, film: Film) -> Iterator[np.ndarray]:
    size, look = (SOURCE_WIDTH, SOURCE_HEIGHT), work.load("look.json", Look)
    grader = Grader(look if film.grade is None else look.model_copy(update={"grade": film.grade}), size)
    painter = None
    if "cues.json" in work.action.inputs:
        painter = CaptionPainter(work.load("cues.json", CueSheet), work.load("captions.json", CaptionStyle), film.fps,
                                 fonts=work.toolbox.fonts)
    for index, frame in enumerate(read_film(work.path(FRAMES), film)):
        picture = cv2.cvtColor(fitted(frame, *size), cv2.COLOR_BGR2BGRA)
        grader.apply(picture, index)
        if painter is not None:
            painter.paint(picture, index)
        yield picture
