"""Pictures by SDXL, conditioned on what the draft's rig and set know exactly: poses and depth; and on each face.

One noise per candidate, drawn on the CPU from its seed, so that it does not depend on the accelerator or its driver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np

from audit.canonical import digest
from microdrama_assets.schemas.final import KeyframeModels, ModelEntry, Running
from microdrama_assets.studios.final.architecture import architecture, told_by
from microdrama_assets.studios.final.errors import LoraMismatch
from microdrama_assets.studios.final.families import FamilyPainter, image_of
from microdrama_assets.studios.final.fitting import fit
from microdrama_assets.studios.final.libraries import need
from microdrama_assets.studios.final.orders import Candidate, Painted, PictureOrder
from microdrama_assets.studios.final.pictures import checked
from microdrama_assets.studios.final.running import dtype_of, loading, placed, warm, within_memory
from resources.hub.cache import snapshot

SCHEDULERS = {"euler": "EulerDiscreteScheduler", "euler_a": "EulerAncestralDiscreteScheduler",
              "dpmpp_2m": "DPMSolverMultistepScheduler", "unipc": "UniPCMultistepScheduler", "ddim": "DDIMScheduler"}
CANDIDATE_STEP = 7919
"""Between the seeds of candidates."""
_LORA_PREFIXES = ("unet.", "text_encoder", "lora_unet_", "lora_te", "base_model.")


def paint(order: PictureOrder, models: KeyframeModels, running: Running, folder: Path | None = None) -> Painted:
    """The candidates for one picture. Same order, models and libraries, same pictures on one kind of processor.

    Raises HubError for files that are not as named, ModelUnfit, LoraMismatch, OutOfMemory or PictureRefused.
    """
    return paint_together([order], models, running, folder)[0]


def paint_together(orders: Sequence[PictureOrder], models: KeyframeModels, running: Running,
                   folder: Path | None = None) -> list[Painted]:
    """The candidates for several pictures, `running.batch` of them in one call, whosever they are.

    Orders name the same LoRA, and begin from no picture where there are several. A picture that was painted beside
    another differs from the same one painted alone by what rounding makes of it, a level of 255. Raises as `paint`.
    """
    painter = _painter(models, orders[0], running, folder)
    jobs = [(order, order.seed + CANDIDATE_STEP * number) for order in orders for number in range(models.candidates)]

    def make(width: int, height: int) -> list[Candidate]:
        batches = (jobs[first : first + running.batch] for first in range(0, len(jobs), running.batch))
        return [one for batch in batches for one in painter.pictures(batch, models, width, height)]

    made, size = within_memory(make, models.width, models.height, 8 if models.family == "sdxl" else 16, running)
    return [Painted(tuple(made[first : first + models.candidates]), size)
            for first in range(0, len(made), models.candidates)]


def ready(models: KeyframeModels, running: Running, folder: Path | None = None) -> None:
    """Loads what pictures need, unless it is loaded. Raises as `paint` does for models."""
    _painter(models, PictureOrder("", 0), running, folder)


_OF_ONE_PICTURE = frozenset({"width", "height", "steps", "guidance", "pose_scale", "depth_scale", "candidates",
                             "negative", "upscaler", "likenesses", "detail"})
"""Settings that another picture may have other values of, without anything being loaded anew."""


def _painter(models: KeyframeModels, order: PictureOrder, running: Running,
             folder: Path | None) -> _Painter | FamilyPainter:
    """Loaded once while the models and the settings of where they run stay the same."""
    named = {"models": models.model_dump(mode="json", exclude=set(_OF_ONE_PICTURE)), "running": loading(running),
             "likenesses": {name: one.model_dump(mode="json") for name, one in sorted(order.likenesses.items())},
             "trained": {name: str(path) for name, path in sorted(order.trained.items())}, "folder": str(folder)}
    return warm(digest("painter", named), lambda: _Painter(models, order, running, folder)
                if models.family == "sdxl" else FamilyPainter(models, running, folder))


class _Painter:
    """One SDXL pipeline with its ControlNets, IP-Adapter and LoRA."""

    def __init__(self, models: KeyframeModels, order: PictureOrder, running: Running, folder: Path | None) -> None:
        self.models, self.running, self.folder = models, running, folder
        self.controls = [name for name in ("pose", "depth") if getattr(models, name) is not None]
        self.pipeline = self._loaded(order)

    def _loaded(self, order: PictureOrder) -> Any:
        diffusers, place = need("diffusers"), snapshot(self.models.base.hub, self.folder)
        options = {"dtype": dtype_of(self.running), "local_files_only": True, "use_safetensors": True,
                   "add_watermarker": False}
        with fit(self.models.base):
            if self.controls:
                nets = [self._control(name, options) for name in self.controls]
                pipeline = diffusers.StableDiffusionXLControlNetPipeline.from_pretrained(
                    place, controlnet=nets, **options)
            else:
                pipeline = diffusers.StableDiffusionXLPipeline.from_pretrained(place, **options)
        scheduler = getattr(diffusers, SCHEDULERS[self.models.scheduler])
        pipeline.scheduler = scheduler.from_config(pipeline.scheduler.config)
        self._hold_faces(pipeline)
        self._learn(pipeline, order)
        return placed(pipeline, "unet", self.running)

    def _control(self, name: str, options: Mapping[str, Any]) -> Any:
        entry: ModelEntry = getattr(self.models, name)
        options = {key: value for key, value in options.items() if key != "add_watermarker"}
        with fit(entry):
            return need("diffusers").ControlNetModel.from_pretrained(snapshot(entry.hub, self.folder), **options)

    def _hold_faces(self, pipeline: Any) -> None:
        """The IP-Adapter, if one is named."""
        entry = self.models.identity
        if entry is None:
            return
        place = snapshot(entry.hub, self.folder)
        with fit(entry):
            encoder = need("transformers").CLIPVisionModelWithProjection.from_pretrained(
                place / self.models.identity_encoder, dtype=dtype_of(self.running), local_files_only=True,
                use_safetensors=True)
            pipeline.register_modules(image_encoder=encoder,
                                      feature_extractor=_extractor(encoder.config.image_size))
            weights = need("safetensors.torch").load_file(place / self.models.identity_file)
            pipeline.load_ip_adapter(nested(weights), subfolder="", weight_name="")
        pipeline.set_ip_adapter_scale(self.models.identity_scale)

    def _learn(self, pipeline: Any, order: PictureOrder) -> None:
        """The LoRA of those in frame."""
        for name, one in sorted(order.likenesses.items()):
            path = order.trained[name] if one.model is None else snapshot(one.model.hub, self.folder) / one.file
            told = told_by(path)
            if told and told["architecture"] != architecture(pipeline.unet):
                raise _another(name, path, f"it was trained on {told['base']}")
            weights = need("safetensors.torch").load_file(path)
            strange = [key for key in weights if not key.startswith(_LORA_PREFIXES)]
            if strange or not weights:
                raise _another(name, path, f"it has a tensor {strange[0]!r}" if strange else "it is empty")
            try:
                pipeline.load_lora_weights(weights, adapter_name=name)
            except (RuntimeError, ValueError, KeyError) as error:
                raise _another(name, path, str(error).strip().splitlines()[-1][:160]) from error
            if name not in pipeline.get_active_adapters():
                raise _another(name, path, "no part of the model takes it")
        if order.likenesses:
            names = sorted(order.likenesses)
            pipeline.set_adapters(names, adapter_weights=[order.likenesses[name].weight for name in names])

    def pictures(self, jobs: Sequence[tuple[PictureOrder, int]], models: KeyframeModels, width: int,
                 height: int) -> list[Candidate]:
        """One picture of each order and seed, all at once."""
        torch, order = need("torch"), jobs[0][0]
        alike = all(one is order for one, _ in jobs)
        given = (self._told if alike else self._told_apart)([one for one, _ in jobs], models, width, height)
        pipeline = self.pipeline
        if order.before is not None:
            pipeline = self._again()
            given |= {"image": [image_of(order.before, width, height)] * len(jobs),
                      "strength": order.share_anew(models.steps)}
        if self.controls:
            given["controlnet_conditioning_scale"] = [getattr(models, f"{name}_scale") for name in self.controls]
        faces = given.get("ip_adapter_image_embeds")
        with torch.no_grad(), fit(models.base), nullcontext() if faces is None else _one_face_each(pipeline, faces):
            made = pipeline(num_inference_steps=models.steps, guidance_scale=models.guidance, output_type="np",
                            generator=[torch.Generator("cpu").manual_seed(seed) for _, seed in jobs], **given).images
            found = [checked(np.asarray(one, np.float32), f"seed {seed}")
                     for (_, seed), one in zip(jobs, made, strict=True)]
            return [Candidate(seed, picture, *self._likeness(one, picture))
                    for (one, seed), picture in zip(jobs, found, strict=True)]

    def _told(self, orders: Sequence[PictureOrder], models: KeyframeModels, width: int, height: int) -> dict[str, Any]:
        """Candidates of one order."""
        order = orders[0]
        maps = [image_of(getattr(order, name), width, height) for name in self.controls]
        given: dict[str, Any] = {"prompt": order.prompt, "negative_prompt": models.negative,
                                 "num_images_per_prompt": len(orders)}
        if maps or order.before is None:
            given |= {"width": width, "height": height}
        if maps:
            given["image" if order.before is None else "control_image"] = maps
        if models.identity is not None:
            given["ip_adapter_image"] = image_of(order.reference, *self._seen())
        return given

    def _told_apart(self, orders: Sequence[PictureOrder], models: KeyframeModels, width: int,
                    height: int) -> dict[str, Any]:
        """Pictures of several orders: to each its own words, maps and face."""
        given: dict[str, Any] = {"prompt": [one.prompt for one in orders], "width": width, "height": height,
                                 "negative_prompt": [models.negative] * len(orders)}
        if self.controls:  # as planes: several ControlNets take lists of pictures for one prompt only
            given["image"] = [self._planes([getattr(one, name) for one in orders], width, height)
                              for name in self.controls]
        if models.identity is not None:
            given["ip_adapter_image_embeds"] = [self._faces([one.reference for one in orders], models.guidance > 1)]
        return given

    def _planes(self, maps: Sequence[np.ndarray | None], width: int, height: int) -> Any:
        pixels = np.stack([np.asarray(image_of(one, width, height), np.float32) / 255 for one in maps])
        return need("torch").from_numpy(np.ascontiguousarray(pixels.transpose(0, 3, 1, 2)))

    def _faces(self, faces: Sequence[np.ndarray | None], guided: bool) -> Any:
        """What the IP-Adapter is given of each face: first all that stand for no face, where guidance asks for them."""
        torch = need("torch")
        with torch.no_grad():
            told = [self.pipeline.prepare_ip_adapter_image_embeds(
                [image_of(face, *self._seen())], None, self.pipeline._execution_device, 1, guided)[0] for face in faces]
        parts = [one.chunk(2) if guided else (one,) for one in told]
        return torch.cat([torch.cat(part) for part in zip(*parts, strict=True)])

    def _again(self) -> Any:
        """The same parts as a pipeline that begins from a picture."""
        diffusers = need("diffusers")
        kind = (diffusers.StableDiffusionXLControlNetImg2ImgPipeline if self.controls
                else diffusers.StableDiffusionXLImg2ImgPipeline)
        pipeline = kind(**self.pipeline.components, add_watermarker=False)
        pipeline.set_progress_bar_config(disable=True)
        return pipeline

    def _seen(self) -> tuple[int, int]:
        side = self.pipeline.image_encoder.config.image_size
        return side, side

    def _likeness(self, order: PictureOrder, picture: np.ndarray) -> tuple[float | None, float | None]:
        """How close the picture is to its words and to its face, by the adapter's own image encoder."""
        if self.models.identity is None:
            return None, None
        seen = self._embedded(picture)
        face = None if order.reference is None else float(seen @ self._embedded(order.reference))
        words = self._words(order.prompt)
        return (float(seen @ words) if words.shape == seen.shape else None), face

    def _embedded(self, picture: np.ndarray) -> np.ndarray:
        encoder = self.pipeline.image_encoder
        pixels = self.pipeline.feature_extractor(image_of(picture, *self._seen()), return_tensors="pt").pixel_values
        return _unit(encoder(pixels.to(encoder.device, encoder.dtype)).image_embeds[0])

    def _words(self, prompt: str) -> np.ndarray:
        """In the space of the second text encoder, which SDXL's image encoders share."""
        encoder, tokenizer = self.pipeline.text_encoder_2, self.pipeline.tokenizer_2
        tokens = tokenizer(prompt, truncation=True, return_tensors="pt", max_length=tokenizer.model_max_length)
        return _unit(encoder(tokens.input_ids.to(encoder.device)).text_embeds[0])


@contextmanager
def _one_face_each(pipeline: Any, faces: Sequence[Any]) -> Iterator[None]:
    """The library gives every prompt all faces that it is handed; here each has its own."""
    pipeline.prepare_ip_adapter_image_embeds = lambda *_: faces
    try:
        yield
    finally:
        del pipeline.prepare_ip_adapter_image_embeds


def nested(weights: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """An IP-Adapter's tensors by part, as diffusers reads them: `image_proj.proj.weight` -> image_proj, proj.weight."""
    found: dict[str, dict[str, Any]] = {"image_proj": {}, "ip_adapter": {}}
    for name, tensor in weights.items():
        part, _, rest = name.partition(".")
        if part in found:
            found[part][rest] = tensor
    return found


def _extractor(side: int) -> Any:
    return need("transformers").CLIPImageProcessor(crop_size=side, size={"shortest_edge": side})


def _unit(vector: Any) -> np.ndarray:
    values = vector.detach().float().cpu().numpy()
    return values / max(float(np.linalg.norm(values)), 1e-9)


def _another(name: str, path: Path, why: str) -> LoraMismatch:
    return LoraMismatch(f"the LoRA of {name} ({path.name}) is for another architecture: {why}",
                        "models.yaml", "Train it on the model that keyframe.base names, or leave it out")
