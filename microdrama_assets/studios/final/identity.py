"""Whether a face in a picture is the face of a bundle: a pinned image encoder's vectors, compared by their cosine.

What the number can tell is what its encoder learnt: a face encoder (ArcFace's kind, ONNX) tells people apart; a CLIP
vision model tells looks apart (hair, clothes, style), and people only as far as they look different.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from audit.canonical import digest
from microdrama_assets.schemas.film import FaceBox
from microdrama_assets.schemas.final import EncoderModel, Running
from microdrama_assets.studios.final.errors import ModelUnfit
from microdrama_assets.studios.final.fitting import fit
from microdrama_assets.studios.final.libraries import need
from microdrama_assets.studios.final.onnx_models import OnnxModel
from microdrama_assets.studios.final.running import device_of, warm
from resources.hub.cache import snapshot

CLIP_MEAN = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
CLIP_DEVIATION = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)
"""What CLIP's pictures were normalised by (Radford et al., 2021), RGB."""
WIDER = 1.3
"""The square around a face box that encoders see, as a share of the box's longer side: hair and chin are in it."""
SMALLEST_PX = 8


@dataclass(frozen=True)
class Likest:
    """`similarity`: cosine to the closest picture of the bundle, -1 to 1; `closest`: that picture's name."""

    similarity: float
    closest: str


def vectors(faces: Sequence[np.ndarray], encoder: EncoderModel, running: Running,
            folder: Path | None = None) -> np.ndarray:
    """A unit vector for each face, float32. `faces`: uint8 BGR crops. Raises HubError, or ModelUnfit."""
    named = {"encoder": encoder.model_dump(mode="json"), "device": device_of(running), "folder": str(folder)}
    encode = warm(digest("encoder", named), lambda: _loaded(encoder, running, folder))
    found = np.stack([encode(face) for face in faces]).astype(np.float32)
    if found.ndim != 2 or not np.isfinite(found).all():
        raise ModelUnfit(f"{encoder.model.repo} gives no vector of numbers for a face", "models.yaml")
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


def face_of(picture: np.ndarray, box: FaceBox) -> np.ndarray | None:
    """The square around a face, cut at the picture's edges; None where hardly any of it is in the picture."""
    height, width = picture.shape[:2]
    half = WIDER * max(box.width * width, box.height * height) / 2
    x, y = (box.x + box.width / 2) * width, (box.y + box.height / 2) * height
    left, right = max(0, round(x - half)), min(width, round(x + half))
    top, bottom = max(0, round(y - half)), min(height, round(y + half))
    if min(right - left, bottom - top) < max(SMALLEST_PX, half / 2):
        return None
    return np.ascontiguousarray(picture[top:bottom, left:right])


def likest(face: np.ndarray, bundle: Mapping[str, Sequence[float]]) -> Likest:
    """The picture of a bundle that a face's unit vector is closest to; the first of equals."""
    scores = {name: round(float(np.dot(face, np.asarray(vector, np.float32))), 4) for name, vector in bundle.items()}
    closest = max(sorted(scores), key=lambda name: scores[name])
    return Likest(scores[closest], closest)


def _loaded(encoder: EncoderModel, running: Running, folder: Path | None) -> Any:
    if encoder.is_onnx:
        return _face_encoder(encoder, folder)
    return _clip(encoder, snapshot(encoder.model.hub, folder), running)


def _clip(encoder: EncoderModel, place: Path, running: Running) -> Any:
    torch = need("torch")
    with fit(encoder.model):
        model = need("transformers").CLIPVisionModelWithProjection.from_pretrained(
            place / encoder.part, dtype=torch.float32, local_files_only=True, use_safetensors=True)
    model, side = model.eval().to(device_of(running)), int(model.config.image_size)

    def encode(face: np.ndarray) -> np.ndarray:
        pixels = (_square(face, side)[..., ::-1].astype(np.float32) / 255 - CLIP_MEAN) / CLIP_DEVIATION
        with torch.no_grad():
            planes = torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])).to(model.device)
            return model(planes).image_embeds[0].float().cpu().numpy()

    return encode


def _face_encoder(encoder: EncoderModel, folder: Path | None) -> Any:
    """ArcFace's way (Deng et al., 2019): RGB in -1..1, planes, a square of the side that the model asks for."""
    def unfit(why: str) -> ModelUnfit:
        return ModelUnfit(f"{encoder.model.repo}/{encoder.part} is no face encoder: {why}", "models.yaml",
                          "Name another under characters.encoder")

    model = OnnxModel(encoder.model, encoder.part, unfit, folder)
    one = model.inputs[0]
    side = one.shape[2] if len(one.shape) == 4 else None
    if side is None or len(model.inputs) != 1 or not one.is_like(1, 3, side, side):
        raise model.unknown_form("a face (1 x 3 x side x side, of a side that is told)")

    def encode(face: np.ndarray) -> np.ndarray:
        planes = (_square(face, side)[..., ::-1].astype(np.float32) - 127.5) / 127.5
        given = {one.name: np.ascontiguousarray(planes.transpose(2, 0, 1)[None])}
        return model(given, None, f"a face of {side} pixels")[0]

    return encode


def _square(face: np.ndarray, side: int) -> np.ndarray:
    shrinks = min(face.shape[:2]) > side
    return cv2.resize(face, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
