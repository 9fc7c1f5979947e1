"""A model's weights from safetensors, or from a pickle that models.yaml names as trusted: even of that one nothing is
run but what a library's own settings need.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from microdrama_assets.studios.final.libraries import need


def state_of(path: Path, settings: Sequence[Any] = ()) -> dict[str, Any]:
    """Tensors by name. `settings`: classes that a checkpoint may hold beside them.

    Raises what torch or safetensors say of another file. Whether a pickle may be read at all was asked when models.yaml
    was read, and again when its bytes were verified.
    """
    if path.suffix == ".safetensors":
        return need("safetensors.torch").load_file(path)
    torch = need("torch")
    with torch.serialization.safe_globals(list(settings)):
        found = torch.load(path, map_location="cpu", weights_only=True)
    return found.get("model", found)
