"""Small files laid out as a model of a hub, and `models.yaml` text that names them."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from pathlib import Path

from resources.hub.model import HubModel

COMMIT = "5c38a0e1" * 5


def safetensors(count: int = 4) -> bytes:
    """One float32 tensor of `count` zeros."""
    header = json.dumps({"w": {"dtype": "F32", "shape": [count], "data_offsets": [0, 4 * count]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(4 * count)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sha256_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def model(files: Mapping[str, bytes], repo: str = "local/tiny", licence: str = "Apache-2.0",
          pickles: frozenset[str] = frozenset()) -> HubModel:
    return HubModel(repo, COMMIT, licence, {path: sha256(data) for path, data in files.items()}, pickles)


def lay_out(models_folder: Path, found: HubModel, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        place = models_folder / found.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
