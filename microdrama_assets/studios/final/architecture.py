"""Which U-Net a LoRA was trained for: written into its file, and compared before anything of it is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from audit.canonical import digest
from microdrama_assets.studios.final.libraries import need

METADATA = "microdrama"
"""Key of what a LoRA's file says of itself. One key: the library keeps no order of several."""
SHAPED_BY = ("in_channels", "out_channels", "block_out_channels", "layers_per_block", "down_block_types",
             "up_block_types", "cross_attention_dim", "transformer_layers_per_block", "attention_head_dim",
             "addition_embed_type", "addition_time_embed_dim", "projection_class_embeddings_input_dim")
"""What of a U-Net's configuration decides the shapes of its weights."""


def architecture(unet: Any) -> str:
    """SHA-256 over what decides the shapes: equal for models that a LoRA can be exchanged between."""
    config = dict(unet.config)
    told = {name: json.loads(json.dumps(config.get(name))) for name in SHAPED_BY}
    return digest("architecture", {"class": "UNet2DConditionModel", **told})


def told_by(lora: Path) -> dict[str, Any]:
    """What a LoRA's file says of itself; nothing where it was trained elsewhere."""
    with need("safetensors").safe_open(lora, "pt") as file:
        metadata = file.metadata() or {}
    try:
        found = json.loads(metadata.get(METADATA, "{}"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
