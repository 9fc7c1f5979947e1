"""Pictures by newer families than SDXL, behind the same order: Z-Image, FLUX.2 [klein] and Qwen-Image-Edit.

Z-Image is led by its ControlNet. The others are shown pictures and told what each is for: the rig's skeleton, the face,
the take before. Their encoders tell no likeness: of several candidates the one with the fewest artifacts is the best.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from microdrama_assets.schemas.final import KeyframeModels, ModelEntry, Running
from microdrama_assets.studios.final.errors import ModelUnfit
from microdrama_assets.studios.final.fitting import fit
from microdrama_assets.studios.final.libraries import need
from microdrama_assets.studios.final.orders import Candidate, PictureOrder
from microdrama_assets.studios.final.pictures import checked, fitted
from microdrama_assets.studios.final.qwen_processor import picture_processor
from microdrama_assets.studios.final.running import dtype_of, placed
from resources.hub.cache import snapshot

SMALLEST_PX = 64
"""Side below which FLUX.2 refuses a picture."""


@dataclass(frozen=True)
class Family:
    """`pipeline`: its class in diffusers. `led`: the one with a ControlNet. `again`: the one that begins from a
    picture. `told`: what a call says of words and guidance. `parts`: those that cannot be loaded as they lie. `edits`:
    whether it makes no picture of words alone."""

    pipeline: str
    told: Callable[[KeyframeModels], Mapping[str, Any]]
    led: str = ""
    again: str = ""
    parts: Callable[[Path], Mapping[str, Any]] = lambda place: {}
    edits: bool = False


FAMILIES: Mapping[str, Family] = {
    "z_image": Family("ZImagePipeline", lambda models: {"negative_prompt": models.negative,
                                                        "guidance_scale": models.guidance},
                      led="ZImageControlNetPipeline", again="ZImageImg2ImgPipeline"),
    "flux2_klein": Family("Flux2KleinPipeline", lambda models: {"guidance_scale": models.guidance}),
    "qwen_image_edit": Family(
        "QwenImageEditPlusPipeline",
        lambda models: {"true_cfg_scale": models.guidance, **({"negative_prompt": models.negative}
                                                              if models.guidance > 1 else {})},
        parts=lambda place: {"processor": picture_processor(place / "processor")}, edits=True),
}


class FamilyPainter:
    """One pipeline of a newer family, loaded and placed once."""

    def __init__(self, models: KeyframeModels, running: Running, folder: Path | None) -> None:
        self.family, self.entry = FAMILIES[models.family], models.base
        diffusers, options = need("diffusers"), {"local_files_only": True, "use_safetensors": True}
        options["dtype"] = dtype_of(running)
        more: dict[str, Any] = {}
        name = self.family.pipeline
        if models.pose is not None:
            name = self.family.led
            more["controlnet"] = self._control(models.pose, options, folder)
        with fit(models.base):
            place = snapshot(models.base.hub, folder)
            self._check_kind(place)
            more |= self.family.parts(place)
            pipeline = getattr(diffusers, name).from_pretrained(place, **more, **options)
        self.pipeline = placed(pipeline, "transformer", running)

    def _check_kind(self, place: Path) -> None:
        """A folder says of itself for which pipeline it is; another would be loaded in part."""
        said = need("diffusers").DiffusionPipeline.load_config(place, local_files_only=True)["_class_name"]
        base = self.family.pipeline.removesuffix("Pipeline")
        if not str(said).startswith(base):
            raise ModelUnfit(f"{self.entry.repo} is for {said}, and keyframe.family asks for {self.family.pipeline}",
                             "models.yaml", "Name the family of the model, or another model")

    def _control(self, entry: ModelEntry, options: Mapping[str, Any], folder: Path | None) -> Any:
        with fit(entry):
            return need("diffusers").ZImageControlNetModel.from_pretrained(snapshot(entry.hub, folder), **options)

    def pictures(self, jobs: Sequence[tuple[PictureOrder, int]], models: KeyframeModels, width: int,
                 height: int) -> list[Candidate]:
        """One picture of each order and seed, one after another: not every one of these pipelines takes several."""
        return [self._picture(order, models, seed, width, height) for order, seed in jobs]

    def _picture(self, order: PictureOrder, models: KeyframeModels, seed: int, width: int, height: int) -> Candidate:
        torch, given, pipeline = need("torch"), dict(self.family.told(models)), self.pipeline
        words = order.prompt
        if self.family.led:
            if order.before is not None:
                pipeline = getattr(need("diffusers"), self.family.again)(**self._parts(pipeline))
                pipeline.set_progress_bar_config(disable=True)
                given |= {"image": image_of(order.before, width, height), "strength": order.share_anew(models.steps)}
            elif models.pose is not None:
                given |= {"control_image": image_of(order.pose, width, height),
                          "controlnet_conditioning_scale": models.pose_scale}
        else:
            shown, words = beside(order, width, height)
            if shown or self.family.edits:
                given["image"] = shown or [image_of(None, width, height)]
        with torch.no_grad(), fit(models.base):
            made = pipeline(prompt=words, width=width, height=height, num_inference_steps=models.steps,
                            output_type="np", generator=torch.Generator("cpu").manual_seed(seed), **given).images[0]
        return Candidate(seed, checked(np.asarray(made, np.float32), f"seed {seed}"), None, None)

    def _parts(self, pipeline: Any) -> dict[str, Any]:
        return {name: part for name, part in pipeline.components.items() if name != "controlnet"}


def beside(order: PictureOrder, width: int, height: int) -> tuple[list[Any], str]:
    """The pictures that are shown beside the words, no larger than what is made, and the words with what they give."""
    told = {"the body pose and framing": order.pose, "the face and hair of the main character": order.reference,
            "the composition to keep": order.before}
    shown = [(what, picture) for what, picture in told.items() if picture is not None]
    says = "".join(f" Picture {number} gives {what}." for number, (what, _) in enumerate(shown, 1))
    pictures = [image_of(picture, *_within(picture, width, height)) for _, picture in shown]
    return pictures, f"{order.prompt}.{says}" if says else order.prompt


def _within(picture: np.ndarray, most_width: int, most_height: int) -> tuple[int, int]:
    """Its own shape, no larger than this, in multiples of 16."""
    height, width = picture.shape[:2]
    share = min(1.0, most_width / width, most_height / height)
    return max(SMALLEST_PX, int(width * share) // 16 * 16), max(SMALLEST_PX, int(height * share) // 16 * 16)


def image_of(pixels: np.ndarray | None, width: int, height: int) -> Any:
    """A PIL picture of the size from uint8 BGR, or from uint16 depth; a black one where there is nothing."""
    image = need("PIL.Image")
    if pixels is None:
        return image.new("RGB", (width, height))
    if pixels.dtype == np.uint16:
        pixels = cv2.merge([(pixels >> 8).astype(np.uint8)] * 3)
    return image.fromarray(np.ascontiguousarray(fitted(pixels, width, height)[..., ::-1]))
