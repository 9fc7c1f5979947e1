"""What tells a character's face from others: a vector for every cell of the sheet, and whether they agree."""

from __future__ import annotations

import numpy as np

from audit.canonical import encode
from microdrama_assets.casting.cells import cells_of, characters_of, picture_of
from microdrama_assets.graph.computing import computing
from microdrama_assets.graph.fidelity import models_of
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.film import FaceBox
from microdrama_assets.studios.final.identity import face_of, vectors

EMBEDDING = "embedding.json"


def embed(work: Work) -> None:
    """`vectors` by cell, and `likeness`: how close each is to the mean of the others."""
    named, characters = models_of(work.desk, work.key.series), characters_of(work)
    faces: dict[str, np.ndarray] = {}
    for cell in cells_of(work):
        face = face_of(picture_of(work, cell), FaceBox.model_validate(cell["face"]))
        if face is not None and cell["view"] != "back":
            faces[cell["name"]] = face
    with computing(work, named.running):
        found = vectors(list(faces.values()), characters.encoder, named.running, work.toolbox.models_folder)
    told = {name: [round(float(value), 6) for value in vector] for name, vector in zip(faces, found, strict=True)}
    likeness = {name: to_others(found, number) for number, name in enumerate(faces)}
    work.add(EMBEDDING, encode({"vectors": told, "likeness": likeness}))


def to_others(found: np.ndarray, number: int) -> float:
    """Cosine of one unit vector to the mean of the others; 1 where it is alone."""
    others = np.delete(found, number, axis=0)
    if not len(others):
        return 1.0
    mean = others.mean(axis=0)
    return round(float(found[number] @ mean / max(float(np.linalg.norm(mean)), 1e-9)), 4)
