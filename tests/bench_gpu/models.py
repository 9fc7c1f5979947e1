"""Models of full size for the bench: the published shapes (`configs/`), random weights, laid out as a hub's files would
lie, so that the studio loads, checks and runs them as it would real ones.

Tokenizers have a vocabulary of letters: a prompt is padded to the same number of tokens whatever it says.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.final.tiny_models import Shelf, clip_tokenizer, clip_tokens, controlled, hold_faces, words_tokenizer

CONFIGS = Path(__file__).with_name("configs")


def config(name: str) -> dict[str, Any]:
    """The shapes of a family's parts, by part."""
    return json.loads((CONFIGS / f"{name}.json").read_text())


@contextmanager
def made_on(device: str, precision: str) -> Iterator[None]:
    """New models get their weights on this device, in this precision: twenty times as fast as on a CPU."""
    import torch

    before = torch.get_default_dtype()
    torch.set_default_dtype(getattr(torch, precision))
    torch.manual_seed(0)
    try:
        with torch.device(device):
            yield
    finally:
        torch.set_default_dtype(before)


def parts_of_sdxl(shapes: Mapping[str, Any]) -> dict[str, Any]:
    """U-Net, codec and both text encoders."""
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    return {"unet": UNet2DConditionModel.from_config(dict(shapes["unet"])),
            "vae": AutoencoderKL.from_config(dict(shapes["vae"])),
            "text_encoder": CLIPTextModel(CLIPTextConfig(**shapes["text_encoder"])),
            "text_encoder_2": CLIPTextModelWithProjection(CLIPTextConfig(**shapes["text_encoder_2"]))}


def parts_of_wan(shapes: Mapping[str, Any]) -> dict[str, Any]:
    """Transformer and codec; the text encoder is made apart, since several sizes share it."""
    from diffusers import AutoencoderKLWan, WanTransformer3DModel

    return {"transformer": WanTransformer3DModel.from_config(dict(shapes["transformer"])),
            "vae": AutoencoderKLWan.from_config(dict(shapes["vae"]))}


def text_encoder_of_wan(shapes: Mapping[str, Any]) -> Any:
    from transformers import UMT5Config, UMT5EncoderModel

    return UMT5EncoderModel(UMT5Config(**shapes["text_encoder"]))


def build_sdxl(shelf: Shelf, name: str, device: str, precision: str, bare: bool = False) -> dict[str, Any]:
    """SDXL, ControlNets for poses and depth, IP-Adapter with its image encoder: the `keyframe` section. `bare`: SDXL
    alone."""
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline
    from transformers import CLIPVisionConfig

    shapes = config(name)
    vocabulary = clip_tokens()
    tokenizer = clip_tokenizer(shelf.root, vocabulary)
    with made_on(device, precision):
        parts = parts_of_sdxl(shapes)
        for role in () if bare else ("pose", "depth"):
            _saved(controlled(parts["unet"], tuple(shapes["control_channels"])), shelf.place(f"{name}-{role}"))
        if not bare:
            hold_faces(shelf.place(f"{name}-face"), parts["unet"], CLIPVisionConfig(**shapes["image_encoder"]))
        StableDiffusionXLPipeline(
            **parts, scheduler=EulerDiscreteScheduler(**shapes["scheduler"]), tokenizer=tokenizer, tokenizer_2=tokenizer,
        ).save_pretrained(shelf.place(name))
    roles = {"base": name, "pose": f"{name}-pose", "depth": f"{name}-depth", "identity": f"{name}-face"}
    if bare:
        return {"base": shelf.entry(name)}
    return {role: shelf.entry(folder) for role, folder in roles.items()}


def build_wan(shelf: Shelf, name: str, device: str, precision: str, bare: bool = False) -> dict[str, Any]:
    """A Wan that films between a first and a last frame: the `motion` section. As Wan 2.2 does, it has no image encoder.
    `bare`: words are read by one layer instead of 24, which saves eleven gigabytes and changes no step."""
    from diffusers import UniPCMultistepScheduler, WanImageToVideoPipeline

    shapes, place = config(name), shelf.place(name)
    if bare:
        shapes["text_encoder"] |= {"num_layers": 1, "vocab_size": 8}
    with made_on(device, precision):
        parts = parts_of_wan(shapes)
        WanImageToVideoPipeline(
            **parts, tokenizer=words_tokenizer(), text_encoder=None, image_processor=None, image_encoder=None,
            scheduler=UniPCMultistepScheduler(**shapes["scheduler"])).save_pretrained(place)
        parts.clear()
        _shared(shelf, shapes["text_encoder"], place / "text_encoder", lambda: text_encoder_of_wan(shapes))
    index = json.loads((place / "model_index.json").read_text())
    index["text_encoder"] = ["transformers", "UMT5EncoderModel"]
    (place / "model_index.json").write_text(json.dumps(index, indent=2))
    return {"model": shelf.entry(name)}


def _shared(shelf: Shelf, shape: Mapping[str, Any], place: Path, make: Callable[[], Any]) -> None:
    """One text encoder for every size of a family: its eleven gigabytes are written once."""
    first = shelf.root / f"text-encoder-{shape['d_model']}-{shape['num_layers']}"
    if not first.is_dir():
        _saved(make(), first)
    place.mkdir(parents=True, exist_ok=True)
    for file in first.iterdir():
        (place / file.name).unlink(missing_ok=True)
        os.link(file, place / file.name)


def _saved(model: Any, place: Path) -> None:
    model.save_pretrained(place)
