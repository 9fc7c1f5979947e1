"""What `models.yaml` says: which models make the final pictures, motion, mouths and voices, and how they are run.

Every model is named by repository, commit, licence and the SHA-256 of each file. What can change a picture (steps,
guidance, precision, compilation) is part of every recipe; where a model runs is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from microdrama_assets.schemas.frozen import Frozen
from microdrama_assets.schemas.manifest import Facing
from microdrama_assets.schemas.series import Emotion
from resources.hub.model import HubModel, file_fault, repository_fault, revision_fault


class ModelEntry(Frozen):
    repo: str = Field(description="Repository on the hub, OWNER/NAME; owner `local` for files of your own.")
    revision: str = Field(description="Commit, all 40 digits. A branch or tag is refused.")
    licence: str = Field(min_length=1, description="SPDX identifier of the weights' licence, or LicenseRef-....")
    files: dict[str, str] = Field(min_length=1, description="SHA-256 of every file that is used, by its path.")
    pickles: tuple[str, ...] = Field(default=(), description="Files of these that are pickles and may run code.")

    @model_validator(mode="after")
    def _names_exact_bytes(self) -> ModelEntry:
        trusted = frozenset(self.pickles)
        for fault in (repository_fault(self.repo), revision_fault(self.revision),
                      *(file_fault(path, digest, trusted) for path, digest in self.files.items())):
            if fault is not None:
                raise ValueError(fault)
        return self

    @property
    def hub(self) -> HubModel:
        return HubModel(self.repo, self.revision, self.licence, self.files, frozenset(self.pickles))


class Likeness(Frozen):
    """A LoRA that knows one character, and by whose leave: one of a hub or of your own, or the one trained here."""

    model: ModelEntry | None = Field(default=None, description="Where its file is found, unless it was trained here.")
    file: str = Field(default="", description="The LoRA's weights within the model.")
    trained: bool = Field(default=False, description="The one that `microdrama character train` makes.")
    weight: float = Field(default=0.8, gt=0.0, le=2.0, description="How strongly it is applied.")
    consent: str | None = Field(default=None, description="Consent of the person it was trained on, as on the card.")
    synthetic: bool = Field(default=False, description="True where no real person stands behind it.")

    @model_validator(mode="after")
    def _one_place(self) -> Likeness:
        if self.trained == (self.model is not None) or (self.model is not None) != bool(self.file):
            raise ValueError("name either `model` and `file`, or `trained: true`")
        return self


Family = Literal["sdxl", "z_image", "flux2_klein", "qwen_image_edit"]


class DetailSettings(Frozen):
    """A second, light painting over the enlarged picture: the same model, words, poses and faces, little noise."""

    only: Literal["picture", "faces"] = Field(
        default="picture", description="The whole picture; or each face that is seen, enlarged to the size below.")
    strength: float = Field(default=0.25, gt=0.0, le=0.6, description="Share that is made anew.")
    steps: int = Field(default=20, ge=1, le=200, description="Of the whole way, of which `strength` is gone.")
    width: int = Field(default=1080, ge=64, multiple_of=8, description="At which it is painted, in pixels.")
    height: int = Field(default=1920, ge=64, multiple_of=8, description="At which it is painted, in pixels.")


class KeyframeModels(Frozen):
    """The picture model and what leads it. Newer families than SDXL take faces and poses their own way."""

    family: Family = Field(default="sdxl", description="Which kind of model the base is.")
    base: ModelEntry = Field(description="The diffusion model, as a folder of the diffusers library.")
    pose: ModelEntry | None = Field(default=None, description="ControlNet for OpenPose skeletons.")
    depth: ModelEntry | None = Field(default=None, description="ControlNet for depth maps.")
    identity: ModelEntry | None = Field(default=None, description="IP-Adapter, with its image encoder.")
    identity_file: str = Field(default="ip_adapter.safetensors", description="The adapter's weights within it.")
    identity_encoder: str = Field(default="image_encoder", description="The image encoder's folder within it.")
    identity_scale: float = Field(default=0.6, ge=0.0, le=1.0, description="How strongly a face is held.")
    likenesses: dict[str, Likeness] = Field(default={}, description="LoRA by character.")
    upscaler: ModelEntry | None = Field(default=None, description="An ONNX upscaler; without one, Lanczos.")
    detail: DetailSettings | None = Field(default=None, description="Left out, the enlarged picture stays as it is.")
    width: int = Field(default=768, ge=64, multiple_of=8, description="Of the native picture, in pixels.")
    height: int = Field(default=1344, ge=64, multiple_of=8, description="Of the native picture, in pixels.")
    scheduler: Literal["euler", "euler_a", "dpmpp_2m", "unipc", "ddim"] = "euler"
    steps: int = Field(default=30, ge=1, le=200)
    guidance: float = Field(default=6.0, ge=0.0, le=30.0)
    pose_scale: float = Field(default=0.8, ge=0.0, le=2.0)
    depth_scale: float = Field(default=0.5, ge=0.0, le=2.0)
    candidates: int = Field(default=1, ge=1, le=16, description="Pictures made, of which the best is chosen.")
    negative: str = Field(default="blurry, deformed, extra fingers, text, watermark", description="What is not wanted.")

    @property
    def holds_faces(self) -> bool:
        """Whether a face can be shown to the model."""
        return self.identity is not None or self.family in ("flux2_klein", "qwen_image_edit")

    @model_validator(mode="after")
    def _what_the_family_takes(self) -> KeyframeModels:
        if self.family == "sdxl":
            return self
        unfit = [name for name in ("depth", "identity", "likenesses") if getattr(self, name)]
        unfit += [name for name in ("pose", "detail") if getattr(self, name) and self.family != "z_image"]
        if unfit:
            raise ValueError(f"the family {self.family} takes no {' and no '.join(unfit)}: leave it out, or use sdxl")
        sizes = [self, *([] if self.detail is None else [self.detail])]
        if any(one.width % 16 or one.height % 16 for one in sizes):
            raise ValueError(f"the family {self.family} makes pictures in multiples of 16 pixels")
        return self


class EncoderModel(Frozen):
    """What tells a face by a vector: a folder with a CLIP vision model, or an ONNX face encoder of ArcFace's kind."""

    model: ModelEntry
    part: str = Field(default="", description="Folder of the vision model, or the ONNX file, within the model.")

    @property
    def is_onnx(self) -> bool:
        return self.part.endswith(".onnx")


class SheetSettings(Frozen):
    """Which pictures a reference sheet holds: every view with every emotion."""

    views: tuple[Facing, ...] = Field(default=("front", "three_quarter_left", "three_quarter_right", "profile_right"),
                                      min_length=1, description="Where the head is turned.")
    emotions: tuple[Emotion, ...] = Field(default=("neutral", "happy", "sad", "angry"), min_length=1)

    @model_validator(mode="after")
    def _has_a_first_cell(self) -> SheetSettings:
        if "front" not in self.views or "neutral" not in self.emotions:
            raise ValueError("a sheet needs the view `front` and the emotion `neutral`: other cells are held to it")
        return self


class TrainingSettings(Frozen):
    """How a character's LoRA is trained; all of it is part of the recipe."""

    rank: int = Field(default=16, ge=1, le=256)
    steps: int = Field(default=1000, ge=1, le=20_000)
    learning_rate: float = Field(default=1e-4, gt=0.0, le=1.0)
    resolution: int = Field(default=1024, ge=32, le=2048, multiple_of=8, description="Side of the crops, in pixels.")
    seed: int = Field(default=1, ge=0)
    word: str = Field(default="", description="What prompts call the character; left out, the card's prompt or name.")
    save_every: int = Field(default=50, ge=1, description="Steps after which what was learnt is kept, to go on from.")


class CharacterModels(Frozen):
    """Bundles: how characters are shown to the keyframe model, and told from their pictures."""

    encoder: EncoderModel
    least: float = Field(default=0.6, ge=-1.0, le=1.0,
                         description="Cosine between a face and its bundle below which the check `identity` fails.")
    sheet: SheetSettings = SheetSettings()
    training: TrainingSettings = TrainingSettings()
    synthetic: tuple[str, ...] = Field(
        default=(), description="Characters whose own pictures (references/<slug>/) show nobody real.")


class MotionModels(Frozen):
    """Wan class: video between a first and a last frame."""

    model: ModelEntry
    width: int = Field(default=480, ge=16, multiple_of=16)
    height: int = Field(default=832, ge=16, multiple_of=16)
    fps: int = Field(default=16, ge=1, le=60, description="The model's own rate; frames between are interpolated.")
    most_frames: int = Field(default=81, ge=5, description="Longest clip at once; 4n + 1.")
    steps: int = Field(default=40, ge=1, le=200)
    guidance: float = Field(default=5.0, ge=0.0, le=30.0)
    negative: str = Field(default="static, blurry, deformed, watermark")

    @model_validator(mode="after")
    def _whole_latents(self) -> MotionModels:
        if self.most_frames % 4 != 1:
            raise ValueError(f"most_frames {self.most_frames} is not 4n + 1: the video codec packs four frames in one")
        return self


class InterpolationModel(Frozen):
    """RIFE as ONNX: two frames (1, 3, height, width) and a time, apart or in seven channels, to the frame between."""

    model: ModelEntry
    file: str = Field(description="The ONNX file within the model.")


class LipModels(Frozen):
    """An ONNX model that repaints a mouth: sound (n, 1, 80, 16) and a face (n, 6, s, s) to a face (n, 3, s, s)."""

    model: ModelEntry
    file: str
    size: int = Field(default=96, ge=16, le=1024, description="Side of the face crop, in pixels.")


class VoiceModel(Frozen):
    """A voice for the library `TTS`: VITS; or XTTS, which sounds like the recording `references/<slug>/voice.wav`."""

    kind: Literal["vits", "xtts"] = "vits"
    model: ModelEntry
    config: str = "config.json"
    weights: str = "model.safetensors"
    speaker: int | None = Field(default=None, ge=0, description="Which speaker of several, of VITS.")
    vocabulary: str = Field(default="vocab.json", description="Symbols of XTTS.")
    synthetic: bool = Field(default=False, description="True where nobody real speaks in the recording.")


class VoiceConversion(Frozen):
    """OpenVoice, for the library `TTS`: what was said, in the voice of `references/<slug>/voice.wav`."""

    model: ModelEntry
    config: str = "config.json"
    weights: str = "model.safetensors"
    synthetic: bool = Field(default=False, description="True where nobody real speaks in the recording.")


class Running(Frozen):
    """Where and how models run. `precision`, `quantise`, `compile` and `batch` can change bytes and are in recipes."""

    device: Literal["auto", "cuda", "cpu"] = "auto"
    precision: Literal["float32", "bfloat16", "float16"] = "bfloat16"
    quantise: Literal["none", "float8"] = Field(
        default="none", description="Keep weights of the largest part as 8-bit floats; arithmetic stays as it is.")
    compile: bool = Field(default=False, description="torch.compile the largest part: pays from some ten pictures on.")
    batch: int = Field(default=1, ge=1, le=16, description="Pictures made at once, of one shot or of several.")
    offload: Literal["none", "model", "sequential"] = Field(
        default="none", description="Keep parts in main memory while others work: slower, for less GPU memory.")
    tile: bool = Field(default=False, description="Decode pictures in tiles: for less GPU memory.")
    shrink_on_memory_error: bool = Field(
        default=False, description="Try once more at three quarters of the size, and say so in the statement.")


class PerceptualModel(Frozen):
    """An ONNX model of the LPIPS class: two pictures to one distance."""

    model: ModelEntry
    file: str = Field(description="The ONNX file within the model.")
    size: int = Field(default=256, ge=32, le=2048, description="Side at which it sees pictures, in pixels.")
    limit: float = Field(default=0.6, gt=0.0, description="Largest distance of a final from its draft.")


class QualityLimits(Frozen):
    """What `microdrama quality` holds an episode's pictures to."""

    flicker: float = Field(default=0.002, gt=0.0, description="Largest mean warping error of a shot, levels in 0..1.")
    alignment: float = Field(default=0.2, ge=-1.0, le=1.0, description="Least cosine of a keyframe and its words.")
    face: float = Field(default=0.6, ge=-1.0, le=1.0, description="Least cosine of a keyframe and its reference.")
    structure: float = Field(default=0.2, ge=0.0, le=1.0, description="Least SSIM of a final's still and its draft's.")
    perceptual: PerceptualModel | None = Field(default=None, description="Without it, structure alone is compared.")


class FinalModels(Frozen):
    """The whole of `models.yaml`."""

    keyframe: KeyframeModels
    characters: CharacterModels | None = Field(
        default=None, description="With it, faces are held to bundles that `microdrama character sheet` makes.")
    motion: MotionModels | None = Field(default=None, description="Without it every shot is moved in layers.")
    interpolation: InterpolationModel | None = Field(
        default=None, description="Frames between a video model's own; without it, by optical flow.")
    lips: LipModels | None = Field(default=None, description="Needed where somebody is seen speaking.")
    voices: dict[str, dict[str, VoiceModel]] = Field(
        default={}, description="Voice by character and language; a character without one keeps the card's voice.")
    conversions: dict[str, VoiceConversion] = Field(
        default={}, description="By character: what they say, whoever said it first, in the voice of a recording.")
    running: Running = Running()
    quality: QualityLimits = QualityLimits()

    def entries(self) -> Mapping[str, ModelEntry]:
        """Every model by its role."""
        frame = self.keyframe
        found = {"keyframe.base": frame.base, "keyframe.pose": frame.pose, "keyframe.depth": frame.depth,
                 "keyframe.identity": frame.identity, "keyframe.upscaler": frame.upscaler,
                 "characters.encoder": self.characters and self.characters.encoder.model,
                 "motion": self.motion and self.motion.model,
                 "interpolation": self.interpolation and self.interpolation.model,
                 "lips": self.lips and self.lips.model}
        found["quality.perceptual"] = self.quality.perceptual and self.quality.perceptual.model
        found |= {f"keyframe.likenesses.{slug}": one.model for slug, one in frame.likenesses.items() if one.model}
        found |= {f"voices.{slug}.{language}": one.model
                  for slug, spoken in self.voices.items() for language, one in spoken.items()}
        found |= {f"conversions.{slug}": one.model for slug, one in self.conversions.items()}
        return {role: entry for role, entry in found.items() if entry is not None}
