"""Models of the final studio, as small as they get: every part real, randomly initialised from configurations, saved
as safetensors where a hub's files would lie."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from resources.hub.model import LOCAL
from tests.final.hub_models import COMMIT, sha256_of

WIDTH, HEIGHT = 64, 112
CPML = "LicenseRef-Coqui-Public-Model-License"
"""Of the published XTTS: no commercial use."""


class Shelf:
    """Builds tiny models into a model folder, and knows how `models.yaml` names them."""

    def __init__(self, models_folder: Path) -> None:
        self.root = models_folder

    def place(self, name: str) -> Path:
        folder = self.root / "hub" / LOCAL / name / COMMIT
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def entry(self, name: str, licence: str = "Apache-2.0", pickles: tuple[str, ...] = ()) -> dict[str, Any]:
        """The model as `models.yaml` names it, with every file that lies there."""
        folder = self.place(name)
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        with ThreadPoolExecutor() as threads:
            digests = list(threads.map(sha256_of, paths))
        files = {path.relative_to(folder).as_posix(): digest for path, digest in zip(paths, digests, strict=True)}
        return {"repo": f"{LOCAL}/{name}", "revision": COMMIT, "licence": licence, "files": files, "pickles": list(pickles)}

    def keyframe(self, **changes: Any) -> dict[str, Any]:
        """SDXL with two ControlNets, an IP-Adapter and a LoRA, as the `keyframe` section."""
        sdxl(self)
        return {"base": self.entry("sdxl"), "pose": self.entry("pose"), "depth": self.entry("depth"),
                "identity": self.entry("face"), "steps": 1, "width": WIDTH, "height": HEIGHT, **changes}

    def motion(self, **changes: Any) -> dict[str, Any]:
        """The `motion` section: clips of five frames at four a second."""
        wan(self)
        return {"model": self.entry("wan"), "width": WIDTH, "height": HEIGHT, "fps": 4, "most_frames": 5, "steps": 1, **changes}

    def lips(self, name: str = "lips", **changes: Any) -> dict[str, Any]:
        """The `lips` section."""
        lips(self.place(name), **changes)
        return {"model": self.entry(name), "file": "lips.onnx", "size": 32}

    def upscaler(self, name: str = "upscaler", **changes: Any) -> dict[str, Any]:
        """The `upscaler` of a keyframe."""
        upscaler(self.place(name), **changes)
        return self.entry(name)

    def rife(self, name: str = "rife", **changes: Any) -> dict[str, Any]:
        """The `interpolation` section."""
        rife(self.place(name), **changes)
        return {"model": self.entry(name, "MIT"), "file": "rife.onnx"}

    def voice(self) -> dict[str, Any]:
        """One entry of the `voices` section."""
        vits(self.place("voice"))
        return {"model": self.entry("voice")}

    def xtts(self, weights: str = "model.safetensors", **changes: Any) -> dict[str, Any]:
        """One entry of the `voices` section that sounds like a recording; `weights` may be a pickle."""
        name = f"xtts_{Path(weights).suffix[1:]}"
        xtts(self.place(name), weights)
        trusted = () if weights.endswith(".safetensors") else (weights,)
        return {"kind": "xtts", "model": self.entry(name, CPML, trusted), "weights": weights, **changes}

    def conversion(self, **changes: Any) -> dict[str, Any]:
        """One entry of the `conversions` section."""
        openvoice(self.place("openvoice"))
        return {"model": self.entry("openvoice", "MIT"), **changes}

    def encoder(self) -> dict[str, Any]:
        """The `encoder` of characters: the image encoder that comes with the IP-Adapter."""
        sdxl(self)
        return {"model": self.entry("face"), "part": "image_encoder"}

    def face_encoder(self) -> dict[str, Any]:
        """An `encoder` of ArcFace's kind."""
        arcface(self.place("arcface"))
        return {"model": self.entry("arcface"), "part": "face.onnx"}

    def likeness(self, cross_attention: int = 64, name: str = "lora", **changes: Any) -> dict[str, Any]:
        lora(self, name, cross_attention)
        return {"model": self.entry(name), "file": "pytorch_lora_weights.safetensors", "synthetic": True, **changes}


def write(folder: Path, sections: Mapping[str, Any]) -> None:
    """`models.yaml`: everything on the CPU in float32."""
    running = {"device": "cpu", "precision": "float32"}
    (folder / "models.yaml").write_text(yaml.safe_dump({"running": running, **sections}, sort_keys=False))


def sdxl(shelf: Shelf) -> None:
    import torch
    from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionXLPipeline
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPVisionConfig

    torch.manual_seed(0)
    unet = _unet(64)
    vae = AutoencoderKL(block_out_channels=[16, 32], in_channels=3, out_channels=3, latent_channels=4, norm_num_groups=8,
                        down_block_types=["DownEncoderBlock2D"] * 2, up_block_types=["UpDecoderBlock2D"] * 2)
    vocabulary = clip_tokens()
    text = CLIPTextConfig(hidden_size=32, intermediate_size=37, num_attention_heads=4, num_hidden_layers=2, hidden_act="gelu",
                          vocab_size=len(vocabulary), projection_dim=32, bos_token_id=vocabulary["<|startoftext|>"],
                          eos_token_id=vocabulary["<|endoftext|>"], pad_token_id=vocabulary["<|endoftext|>"])
    tokenizer = clip_tokenizer(shelf.root, vocabulary)
    scheduler = EulerDiscreteScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1)
    StableDiffusionXLPipeline(
        unet=unet, vae=vae, scheduler=scheduler, text_encoder=CLIPTextModel(text), tokenizer=tokenizer,
        text_encoder_2=CLIPTextModelWithProjection(text), tokenizer_2=tokenizer,
    ).save_pretrained(shelf.place("sdxl"))
    for name in ("pose", "depth"):
        controlled(unet, (16, 32)).save_pretrained(shelf.place(name))
    hold_faces(shelf.place("face"), unet, CLIPVisionConfig(
        hidden_size=32, intermediate_size=37, num_attention_heads=4, num_hidden_layers=2, image_size=32, patch_size=8,
        projection_dim=32))


def lora(shelf: Shelf, name: str, cross_attention: int) -> None:
    """A LoRA for a U-Net whose words have this many dimensions."""
    import torch
    from diffusers import StableDiffusionXLPipeline
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    torch.manual_seed(1)
    unet = _unet(cross_attention)
    unet.add_adapter(LoraConfig(r=2, target_modules=["to_q", "to_k", "to_v"], init_lora_weights=False))
    StableDiffusionXLPipeline.save_lora_weights(shelf.place(name), unet_lora_layers=get_peft_model_state_dict(unet))


def _unet(cross_attention: int) -> Any:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        block_out_channels=(16, 32), layers_per_block=1, sample_size=32, in_channels=4, out_channels=4, norm_num_groups=8,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=(2, 4), use_linear_projection=True, addition_embed_type="text_time", addition_time_embed_dim=8,
        transformer_layers_per_block=(1, 1), projection_class_embeddings_input_dim=80, cross_attention_dim=cross_attention)


def controlled(unet: Any, channels: tuple[int, ...]) -> Any:
    """A ControlNet for it, with its last layers random too: a new ControlNet begins with zeros, and would change nothing."""
    import torch
    from diffusers import ControlNetModel

    net = ControlNetModel.from_unet(unet, conditioning_channels=3, conditioning_embedding_out_channels=channels)
    for parameter in net.parameters():
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.2)
    return net


def hold_faces(folder: Path, unet: Any, vision: Any) -> None:
    """An IP-Adapter with its image encoder, whose space is that of the second text encoder."""
    from diffusers.models.attention_processor import IPAdapterAttnProcessor
    from diffusers.models.embeddings import ImageProjection
    from safetensors.torch import save_file
    from transformers import CLIPVisionModelWithProjection

    crossing_size = unet.config.cross_attention_dim
    CLIPVisionModelWithProjection(vision).save_pretrained(folder / "image_encoder")
    projection = ImageProjection(cross_attention_dim=crossing_size, image_embed_dim=vision.projection_dim,
                                 num_image_text_embeds=4).state_dict()
    weights: dict[str, Any] = {}
    for name in ("weight", "bias"):
        weights[f"image_proj.proj.{name}"] = projection[f"image_embeds.{name}"]
        weights[f"image_proj.norm.{name}"] = projection[f"norm.{name}"]
    sizes = list(unet.config.block_out_channels)
    crossing = [name for name in unet.attn_processors if not name.endswith("attn1.processor")]
    for index, name in enumerate(crossing):
        part, number = name.split(".")[:2]
        hidden = sizes[-1] if part == "mid_block" else (sizes[::-1] if part == "up_blocks" else sizes)[int(number)]
        state = IPAdapterAttnProcessor(hidden_size=hidden, cross_attention_dim=crossing_size, scale=1.0).state_dict()
        for letter in "kv":
            weights[f"ip_adapter.{2 * index + 1}.to_{letter}_ip.weight"] = state[f"to_{letter}_ip.0.weight"]
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, folder / "ip_adapter.safetensors")


def clip_tokens() -> dict[str, int]:
    """CLIP's bytes, each alone and at the end of a word, and its two marks."""
    letters = [chr(code) for code in range(33, 127)]
    words = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    return {word: index for index, word in enumerate(words)}


def clip_tokenizer(scratch: Path, vocabulary: Mapping[str, int]) -> Any:
    from transformers import CLIPTokenizer

    folder = scratch / "tokenizer"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps(dict(vocabulary)))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "CLIPTokenizer", "model_max_length": 77}))
    return CLIPTokenizer.from_pretrained(folder)


def words_tokenizer() -> Any:
    """Knows one word; others are unknown to it."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = Tokenizer(models.WordLevel({"<pad>": 0, "<unk>": 1, "</s>": 2, "camera": 3}, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>", unk_token="<unk>", eos_token="</s>")


def wan(shelf: Shelf) -> None:
    """A video model between a first and a last frame."""
    import torch
    from diffusers import (
        AutoencoderKLWan,
        FlowMatchEulerDiscreteScheduler,
        WanImageToVideoPipeline,
        WanTransformer3DModel,
    )
    from transformers import UMT5Config, UMT5EncoderModel

    torch.manual_seed(2)
    transformer = WanTransformer3DModel(
        patch_size=(1, 2, 2), num_attention_heads=2, attention_head_dim=12, in_channels=36, out_channels=16, text_dim=32,
        freq_dim=64, ffn_dim=32, num_layers=1, cross_attn_norm=True, qk_norm="rms_norm_across_heads", rope_max_seq_len=32)
    for part in (transformer.patch_embedding, transformer.proj_out):  # so that what goes in shows in what comes out
        torch.nn.init.normal_(part.weight, std=0.5)
    WanImageToVideoPipeline(
        tokenizer=words_tokenizer(),
        text_encoder=UMT5EncoderModel(UMT5Config(vocab_size=8, d_model=32, d_kv=8, d_ff=16, num_layers=1, num_heads=4)),
        vae=AutoencoderKLWan(base_dim=3, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1,
                             temperal_downsample=[False, True, True]),
        scheduler=FlowMatchEulerDiscreteScheduler(shift=7.0), image_processor=None, image_encoder=None,
        transformer=transformer,
    ).save_pretrained(shelf.place("wan"))


def lips(folder: Path, side: int = 32, sound: str = "mel", face: str = "face") -> None:
    """A lip model: the seen face, dimmed by how loud it is. `sound`, `face`: names of its inputs."""
    import onnx
    from onnx import TensorProto, helper

    number = {name: helper.make_tensor(name, TensorProto.INT64, [1], [value]) for name, value in
              {"from": 3, "to": 6, "channel": 1}.items()}
    nodes = [
        helper.make_node("Slice", [face, "from", "to", "channel"], ["seen"]),
        helper.make_node("ReduceMean", [sound], ["loud"], keepdims=0),
        helper.make_node("Sigmoid", ["loud"], ["share"]),
        helper.make_node("Mul", ["seen", "share"], ["mouth"]),
    ]
    graph = helper.make_graph(
        nodes, "lips", [helper.make_tensor_value_info(sound, TensorProto.FLOAT, [1, 1, 80, 16]),
                        helper.make_tensor_value_info(face, TensorProto.FLOAT, ["batch", 6, side, side])],
        [helper.make_tensor_value_info("mouth", TensorProto.FLOAT, ["batch", 3, side, side])], list(number.values()))
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(made, str(folder / "lips.onnx"))


def rife(folder: Path, inputs: Mapping[str, Sequence[Any]] | None = None, half: bool = False,
         last_step: tuple[str, dict[str, Any]] = ("Identity", {})) -> None:
    """A model between frames: both, mixed by the share of the way.

    `inputs`: shapes by name, in the order first, second, share; or one that holds all. `half`: it computes in float16.
    `last_step`: what it does to the mixed frame at the end.
    """
    import onnx
    from onnx import TensorProto, helper

    frame, kind = [1, 3, "height", "width"], TensorProto.FLOAT16 if half else TensorProto.FLOAT
    given, parts = inputs or {"img0": frame, "img1": frame, "timestep": [1, 1, 1, 1]}, [3, 3, 1]
    nodes = [helper.make_node("Sub", ["second", "first"], ["way"]), helper.make_node("Mul", ["way", "share"], ["part"]),
             helper.make_node("Add", ["first", "part"], ["mixed"]), helper.make_node(last_step[0], ["mixed"], ["frame"], **last_step[1])]
    if len(given) == 1:
        parts += [size for size in [next(iter(given.values()))[1] - 7] if size]
        nodes.insert(0, helper.make_node("Split", [*given, "channels"], ["first", "second", "share", "rest"][: len(parts)], axis=1))
    else:
        names = zip(given, ("first", "second", "share", "fourth"), strict=False)
        nodes = [*(helper.make_node("Identity", [name], [role]) for name, role in names), *nodes]
    graph = helper.make_graph(nodes, "rife", [helper.make_tensor_value_info(name, kind, list(shape)) for name, shape in given.items()],
                              [helper.make_tensor_value_info("frame", kind, [1, 3, None, None])],
                              [helper.make_tensor("channels", TensorProto.INT64, [len(parts)], parts)])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    onnx.save(made, str(folder / "rife.onnx"))


def upscaler(folder: Path, planes: int = 3) -> None:
    """A picture twice as large, each pixel four times."""
    import onnx
    from onnx import TensorProto, helper

    twice = helper.make_tensor("twice", TensorProto.FLOAT, [4], [1, 1, 2, 2])
    graph = helper.make_graph([helper.make_node("Resize", ["lr", "", "twice"], ["hr"], mode="nearest")], "upscaler",
                              [helper.make_tensor_value_info("lr", TensorProto.FLOAT, ["n", planes, "h", "w"])],
                              [helper.make_tensor_value_info("hr", TensorProto.FLOAT, ["n", planes, None, None])], [twice])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(made, str(folder / "upscaler.onnx"))


def arcface(folder: Path, side: int = 16) -> None:
    """A face encoder: what each eighth of a face's rows and columns holds on average."""
    import onnx
    from onnx import TensorProto, helper

    nodes = [helper.make_node("AveragePool", ["face"], ["pooled"], kernel_shape=[2, 2], strides=[2, 2]),
             helper.make_node("Flatten", ["pooled"], ["vector"])]
    graph = helper.make_graph(nodes, "face", [helper.make_tensor_value_info("face", TensorProto.FLOAT, [1, 3, side, side])],
                              [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, 3 * (side // 2) ** 2])])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(made, str(folder / "face.onnx"))


def vits(folder: Path) -> None:
    """A voice for the library TTS."""
    import torch
    from safetensors.torch import save_file
    from TTS.tts.configs.vits_config import VitsArgs, VitsConfig
    from TTS.tts.models.vits import Vits

    torch.manual_seed(3)
    arguments = VitsArgs(hidden_channels=16, hidden_channels_ffn_text_encoder=16, num_heads_text_encoder=2,
                         num_layers_text_encoder=1, num_layers_flow=1, num_layers_posterior_encoder=1,
                         upsample_initial_channel_decoder=16, init_discriminator=False)
    config = VitsConfig(model_args=arguments, text_cleaner="english_cleaners", use_phonemes=False)
    model = Vits(config)
    config.save_json(str(folder / "config.json"))
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, folder / "model.safetensors")


def xtts(folder: Path, weights: str) -> None:
    """A voice that sounds like a recording. Its decoder's sizes are fixed: most of its 22 million numbers."""
    import torch
    from safetensors.torch import save_file
    from tokenizers import Tokenizer, models
    from TTS.tts.configs.xtts_config import XttsArgs, XttsConfig
    from TTS.tts.models.xtts import Xtts

    marks = ["[STOP]", "[UNK]", "[SPACE]", "[START]", "[en]"]
    words = Tokenizer(models.BPE({one: number for number, one in enumerate([*marks, *"abcdefghijklmnopqrstuvwxyz.,!?'"])}, [],
                                 unk_token="[UNK]"))
    words.add_special_tokens(marks)
    words.save(str(folder / "vocab.json"))
    torch.manual_seed(4)
    config = XttsConfig(languages=["en"], model_args=XttsArgs(
        gpt_layers=1, gpt_n_model_channels=16, gpt_n_heads=2, gpt_max_audio_tokens=24, gpt_max_text_tokens=60,
        gpt_max_prompt_tokens=8, gpt_num_audio_tokens=34, gpt_start_audio_token=32, gpt_stop_audio_token=33,
        gpt_use_perceiver_resampler=True, decoder_input_dim=16, gpt_number_text_tokens=words.get_vocab_size(),
        gpt_start_text_token=3, gpt_stop_text_token=0))
    config.save_json(str(folder / "config.json"))
    model = Xtts(config)
    state = {name: tensor.half().contiguous() for name, tensor in model.state_dict().items()}
    if weights.endswith(".safetensors"):
        save_file(state, folder / weights)
    else:
        torch.save({"config": config, "model": state}, folder / weights)


def openvoice(folder: Path) -> None:
    """A voice conversion."""
    import torch
    from safetensors.torch import save_file
    from TTS.vc.configs.openvoice_config import OpenVoiceArgs, OpenVoiceConfig
    from TTS.vc.models.openvoice import OpenVoice

    torch.manual_seed(5)
    sizes = {"inter_channels": 16, "hidden_channels": 16, "gin_channels": 16, "upsample_initial_channel": 16}
    data = {"sampling_rate": 22_050, "filter_length": 1024, "hop_length": 256, "win_length": 1024}
    (folder / "config.json").write_text(json.dumps({"version": "v2", "data": {**data, "n_speakers": 0}, "model": {**sizes, "n_words": 1}}))
    model = OpenVoice(OpenVoiceConfig(model_args=OpenVoiceArgs(**sizes)))
    for parameter in model.parameters():
        if not parameter.any():  # a new flow begins with zeros, and would know no voice from another
            torch.nn.init.normal_(parameter, std=0.2)
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, folder / "model.safetensors")
