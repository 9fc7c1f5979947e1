"""What a model identity of a statement is: a trained model, a font or plain data such as a dictionary.

Statements list every pinned file under `models`; credentials and bills of materials must not call a font a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Literal

LORA, VOICE = "lora", "voice"
"""A model's own word for what a recall asks for it as."""
HUB, TRAINED = "hub:", "trained:"
"""How the source of a file begins that came from a hub of models (`hub:studio/rain@<commit>`), or was trained here
(`trained:locket/mara`)."""
Kind = Literal["model", "font", "data"]
_BY_SUFFIX: Mapping[str, Kind] = {
    ".ttf": "font", ".otf": "font", ".woff": "font", ".woff2": "font",
    ".json": "data", ".js": "data", ".txt": "data", ".csv": "data", ".tsv": "data",
}


def kind_of(model: Mapping[str, Any]) -> Kind:
    """By its own word (`kind`) where it has one, else by its file name: whatever is not known to be less is a model."""
    told = model.get("kind")
    if told in ("model", "font", "data"):
        return told
    return _BY_SUFFIX.get(PurePosixPath(str(model["name"])).suffix.lower(), "model")
