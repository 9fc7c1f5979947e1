"""How close each face of a final keyframe is to its bundle, and the check that holds it to a threshold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from audit.canonical import encode
from microdrama_assets.graph.action import Result
from microdrama_assets.graph.computing import computing
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import models_of
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.step import CheckVerdict
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.film import FaceBox
from microdrama_assets.studios.final.identity import face_of, likest, vectors
from microdrama_assets.studios.pictures import decoded

IDENTITY = "identity.json"


def tell_faces(work: Work) -> None:
    """How close each face is to its bundle: the cosine to the closest picture of the sheet; null where cut off."""
    named, picture = models_of(work.desk, work.key.series), decoded(work.read("still.png"))
    assert named.characters is not None
    faces = {slug: face_of(picture, FaceBox.model_validate(box)) for slug, box in work.action.params["faces"].items()}
    seen = {slug: face for slug, face in faces.items() if face is not None}
    told: dict[str, Any] = dict.fromkeys(faces)
    if seen:
        with computing(work, named.running):
            found = vectors(list(seen.values()), named.characters.encoder, named.running, work.toolbox.models_folder)
        for slug, vector in zip(seen, found, strict=True):
            closest = likest(vector, json.loads(work.read(f"embeddings/{slug}.json"))["vectors"])
            told[slug] = {"similarity": closest.similarity, "closest": closest.closest}
    work.add(IDENTITY, encode({"faces": told}))


def judge_faces(desk: Desk, key: Key, result: Result) -> Sequence[CheckVerdict]:
    """The check `identity` of a final keyframe: each face against its bundle. A drawn one has nothing to say."""
    if IDENTITY not in result.outputs:
        return []
    characters = models_of(desk, key.series).characters
    if characters is None:
        return []
    least, faces = characters.least, json.loads(desk.read(result.outputs[IDENTITY]))["faces"]
    return [CheckVerdict("identity", one["similarity"] >= least, f"{one['similarity']:.3f}", f"at least {least:g}",
                         f"{slug}, closest {one['closest']}")
            for slug, one in sorted(faces.items()) if one is not None]
