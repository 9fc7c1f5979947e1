"""A painted sheet as later steps of a bundle read it: its cells, their pictures, and the square around each head."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from microdrama_assets.graph.fidelity import models_of
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.film import FaceBox
from microdrama_assets.schemas.final import CharacterModels
from microdrama_assets.studios.final.identity import WIDER, face_of
from microdrama_assets.studios.pictures import decoded

SHEET = "sheet.json"
ROOM = 2.2
"""Side of the square that a LoRA is shown, as a share of the face's longer side: head and shoulders."""


def head_and_shoulders(picture: np.ndarray, face: FaceBox) -> np.ndarray | None:
    """The square around a face in which the whole head is; None where hardly any of it is in the picture."""
    share = ROOM / WIDER
    return face_of(picture, FaceBox(x=face.x - face.width * (share - 1) / 2, y=face.y - face.height * (share - 1) / 2,
                                    width=face.width * share, height=face.height * share))


def characters_of(work: Work) -> CharacterModels:
    """What `models.yaml` says of bundles."""
    found = models_of(work.desk, work.key.series).characters
    assert found is not None  # the recipe saw them
    return found


def cells_of(work: Work) -> list[dict[str, Any]]:
    """The sheet's records: name, view, emotion, prompt, seed, and where the face is."""
    return json.loads(work.read(SHEET))["cells"]


def picture_of(work: Work, cell: dict[str, Any]) -> np.ndarray:
    """uint8 BGR."""
    return decoded(work.read(f"cells/{cell['name']}.png"))
