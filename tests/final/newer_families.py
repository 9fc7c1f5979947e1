"""Z-Image, FLUX.2 [klein] and Qwen-Image-Edit, as small as they get: real pipelines, randomly initialised."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.final.tiny_models import Shelf

TEMPLATE = "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
MARKS = ["<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]


def z_image(shelf: Shelf) -> None:
    """With a ControlNet, under `z_image` and `z_image_pose`."""
    import torch
    from diffusers import (
        AutoencoderKL,
        FlowMatchEulerDiscreteScheduler,
        ZImageControlNetModel,
        ZImagePipeline,
        ZImageTransformer2DModel,
    )

    torch.manual_seed(4)
    tokenizer = _tokenizer(shelf.root)
    shape = {"dim": 32, "n_heads": 2, "n_kv_heads": 2, "n_refiner_layers": 1}
    transformer = ZImageTransformer2DModel(in_channels=4, n_layers=2, cap_feat_dim=32, axes_dims=[8, 4, 4],
                                           axes_lens=[1024, 64, 64], **shape)
    for parameter in transformer.parameters():  # some begin as what happens to be in memory
        torch.nn.init.normal_(parameter, std=0.1)
    vae = AutoencoderKL(block_out_channels=[16, 32], in_channels=3, out_channels=3, latent_channels=4, norm_num_groups=8,
                        down_block_types=["DownEncoderBlock2D"] * 2, up_block_types=["UpDecoderBlock2D"] * 2,
                        shift_factor=0.1)
    ZImagePipeline(scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0), vae=vae, text_encoder=_qwen3(len(tokenizer)),
                   tokenizer=tokenizer, transformer=transformer).save_pretrained(shelf.place("z_image"))
    control = ZImageControlNetModel(control_layers_places=[0, 1], control_refiner_layers_places=[0], control_in_dim=4,
                                    add_control_noise_refiner="control_noise_refiner", **shape)
    for parameter in control.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    control.save_pretrained(shelf.place("z_image_pose"))


def flux2_klein(shelf: Shelf) -> None:
    import torch
    from diffusers import (
        AutoencoderKLFlux2,
        FlowMatchEulerDiscreteScheduler,
        Flux2KleinPipeline,
        Flux2Transformer2DModel,
    )

    torch.manual_seed(5)
    tokenizer = _tokenizer(shelf.root)
    vae = AutoencoderKLFlux2(block_out_channels=(8, 16), down_block_types=("DownEncoderBlock2D",) * 2,
                             up_block_types=("UpDecoderBlock2D",) * 2, layers_per_block=1, latent_channels=4,
                             norm_num_groups=4)
    transformer = Flux2Transformer2DModel(
        in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=96, timestep_guidance_channels=16, axes_dims_rope=(4, 4, 4, 4), guidance_embeds=False)
    Flux2KleinPipeline(scheduler=FlowMatchEulerDiscreteScheduler(), vae=vae,
                       text_encoder=_qwen3(len(tokenizer), layers=28), tokenizer=tokenizer, transformer=transformer,
                       is_distilled=True).save_pretrained(shelf.place("flux2_klein"))


def qwen_image_edit(shelf: Shelf) -> None:
    """Its codec shrinks by 16, since pictures that it is shown are brought to a megapixel whatever is made."""
    import torch
    from diffusers import (
        AutoencoderKLQwenImage,
        FlowMatchEulerDiscreteScheduler,
        QwenImageEditPlusPipeline,
        QwenImageTransformer2DModel,
    )
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration
    from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

    from microdrama_assets.studios.final.qwen_processor import assembled

    torch.manual_seed(6)
    tokenizer = _tokenizer(shelf.root)
    text = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
            "num_key_value_heads": 2, "vocab_size": len(tokenizer),
            "rope_parameters": {"mrope_section": [1, 1, 2], "rope_type": "default", "rope_theta": 1e6}}
    marks = {f"{name}_token_id": tokenizer.convert_tokens_to_ids(mark) for name, mark in (
        ("vision_start", MARKS[2]), ("vision_end", MARKS[3]), ("image", MARKS[4]), ("video", MARKS[5]))}
    encoder = Qwen2_5_VLForConditionalGeneration(Qwen2_5_VLConfig(text_config=text, vision_config={
        "depth": 1, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": 16}, **marks))
    vae = AutoencoderKLQwenImage(base_dim=4, z_dim=4, dim_mult=[1] * 5, num_res_blocks=1, temperal_downsample=[False] * 4,
                                 latents_mean=[0.0] * 4, latents_std=[1.0] * 4)
    transformer = QwenImageTransformer2DModel(patch_size=2, in_channels=16, out_channels=4, num_layers=1, attention_head_dim=16,
                                              num_attention_heads=2, joint_attention_dim=16, axes_dims_rope=(8, 4, 4))
    for part in (encoder, transformer):
        for parameter in part.parameters():
            torch.nn.init.normal_(parameter, std=0.2)
    QwenImageEditPlusPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(), vae=vae, text_encoder=encoder, tokenizer=tokenizer,
        processor=assembled(Qwen2VLImageProcessorPil(), tokenizer), transformer=transformer,
    ).save_pretrained(shelf.place("qwen_image_edit"))


def _qwen3(words: int, layers: int = 2) -> Any:
    from transformers import Qwen3Config, Qwen3ForCausalLM

    return Qwen3ForCausalLM(Qwen3Config(
        hidden_size=32, intermediate_size=32, num_hidden_layers=layers, num_attention_heads=2, num_key_value_heads=2,
        head_dim=16, vocab_size=words, max_position_embeddings=1024))


def _tokenizer(root: Path) -> Any:
    """Bytes, and the marks of Qwen's templates."""
    from tokenizers import pre_tokenizers
    from transformers import Qwen2Tokenizer

    folder = root / "qwen_tokenizer"
    folder.mkdir(parents=True, exist_ok=True)
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    (folder / "vocab.json").write_text(json.dumps({letter: number for number, letter in enumerate([*letters, "<|endoftext|>"])}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "Qwen2Tokenizer", "model_max_length": 4096}))
    tokenizer = Qwen2Tokenizer.from_pretrained(folder)
    tokenizer.add_special_tokens({"additional_special_tokens": MARKS})
    tokenizer.chat_template = TEMPLATE
    return tokenizer
