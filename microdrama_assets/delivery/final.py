"""A final clip's frames, enlarged, graded, captioned and encoded as a draft's are, into the same rungs."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from microdrama_assets.delivery.ladder import encode_shot
from microdrama_assets.delivery.picture import SIZE, captions_of, graded_and_captioned
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.delivery import LADDER
from microdrama_assets.schemas.film import Film
from microdrama_assets.schemas.series import Look
from microdrama_assets.studios.final.film import FRAMES, read_film
from microdrama_assets.studios.final.pictures import fitted
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
    enlarged = (cv2.cvtColor(fitted(frame, *SIZE), cv2.COLOR_BGR2BGRA) for frame in read_film(work.path(FRAMES), film))
    return graded_and_captioned(enlarged, film.fps, work.load("look.json", Look), film.grade, captions_of(work),
                                work.toolbox.fonts)
