"""Trains a character's LoRA on SDXL's U-Net: the usual denoising loss (Ho et al., 2020) on low-rank updates (Hu et al.,
2021) of its attention, as `diffusers`' own example does it.

Every step draws its picture, noise and time from the seed and its own number. So the same recipe gives the same
weights on one kind of processor, and training that was cut short goes on as if it had not been.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from microdrama_assets.schemas.final import ModelEntry, Running, TrainingSettings
from microdrama_assets.studios.final.architecture import METADATA, architecture
from microdrama_assets.studios.final.errors import FinalStudioError, OutOfMemory
from microdrama_assets.studios.final.fitting import fit
from microdrama_assets.studios.final.libraries import need
from microdrama_assets.studios.final.pictures import fitted
from microdrama_assets.studios.final.running import device_of, dtype_of, let_go, release
from resources.disk import write_atomically
from resources.hub.cache import snapshot

TARGETS = ("to_q", "to_k", "to_v", "to_out.0")
"""Attention's projections: what LoRA is put on."""
STEP_SEEDS = 1_000_003
"""Between the seeds of two trainings, so that no two of their steps share one."""
JUDGED_AT = (100, 400, 700)
"""Times of 1000 at which the loss before and after is measured, with noise that is the same both times."""
CHECKPOINTED_PX = 512
"""From this resolution on, activations are computed twice to save memory."""
_KEPT = "kept.safetensors"


@dataclass(frozen=True)
class Example:
    """`picture`: uint8 BGR; `words`: what a prompt calls what it shows."""

    picture: np.ndarray
    words: str


@dataclass(frozen=True)
class Learnt:
    """`weights`: safetensors. `losses`: of every step. `before`, `after`: on the examples, with noise held fixed."""

    weights: bytes
    losses: tuple[float, ...]
    before: float
    after: float
    architecture: str
    resumed_at: int


def train(examples: Sequence[Example], base: ModelEntry, settings: TrainingSettings, running: Running, kept: Path,
          folder: Path | None = None, tell: Callable[[int, float], None] = lambda step, loss: None) -> Learnt:
    """What a LoRA learns from examples. `tell(step, loss)` may raise to end it; what was learnt is in `kept` by then.

    `kept`: a folder of this recipe alone, where training goes on from. Raises HubError, ModelUnfit, OutOfMemory, or
    FinalStudioError where the loss is no number.
    """
    torch = need("torch")
    let_go()
    try:
        with torch.random.fork_rng():
            return _Trainer(examples, base, settings, running, folder).run(kept, tell)
    except torch.OutOfMemoryError as error:
        release()
        raise OutOfMemory(f"the accelerator has not enough memory to train at {settings.resolution} px", "models.yaml",
                          "Lower characters.training.resolution or its rank") from error


@dataclass
class _State:
    """How far training is."""

    step: int = 0
    losses: list[float] = field(default_factory=list[float])


class _Trainer:
    """The U-Net with its LoRA, and what it is shown: latents and words, computed once."""

    def __init__(self, examples: Sequence[Example], base: ModelEntry, settings: TrainingSettings, running: Running,
                 folder: Path | None) -> None:
        torch, diffusers, peft = need("torch"), need("diffusers"), need("peft")
        self.settings, self.base, self.device = settings, base, device_of(running)
        with fit(base):
            pipeline = diffusers.StableDiffusionXLPipeline.from_pretrained(
                snapshot(base.hub, folder), dtype=dtype_of(running), local_files_only=True, use_safetensors=True,
                add_watermarker=False)
            pipeline.vae.to(dtype=torch.float32)  # SDXL's overflows in half precision
            pipeline.to(self.device)
            self.latents, self.words, self.pooled = self._shown(pipeline, examples)
        self.unet = pipeline.unet
        self.noising = diffusers.DDPMScheduler.from_config(pipeline.scheduler.config)
        del pipeline
        release()
        self.unet.requires_grad_(False)
        torch.manual_seed(settings.seed)
        self.unet.add_adapter(peft.LoraConfig(r=settings.rank, lora_alpha=settings.rank, init_lora_weights="gaussian",
                                              target_modules=list(TARGETS)))
        if settings.resolution >= CHECKPOINTED_PX:
            self.unet.enable_gradient_checkpointing()
        self.learns = {name: one for name, one in self.unet.named_parameters() if one.requires_grad}
        for one in self.learns.values():
            one.data = one.data.float()
        self.optimizer = torch.optim.AdamW(self.learns.values(), lr=settings.learning_rate)

    def run(self, kept: Path, tell: Callable[[int, float], None]) -> Learnt:
        state, before = self._found(kept)
        before = self._judged() if before is None else before
        resumed = state.step
        self.unet.train()
        while state.step < self.settings.steps:
            loss = self._step(state.step)
            state.step += 1
            state.losses.append(round(loss, 6))
            if state.step % self.settings.save_every == 0 or state.step == self.settings.steps:
                self._keep(kept, state, before)
            tell(state.step, loss)
        after, made_for = self._judged(), architecture(self.unet)
        return Learnt(self._packed(made_for), tuple(state.losses), before, after, made_for, resumed)

    def _shown(self, pipeline: Any, examples: Sequence[Example]) -> tuple[Any, Any, Any]:
        torch, side = need("torch"), self.settings.resolution
        latents, words, pooled = [], [], []
        with torch.no_grad():
            for one in examples:
                pixels = fitted(one.picture, side, side)[..., ::-1].astype(np.float32) / 127.5 - 1
                planes = torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])).to(self.device)
                latents.append(pipeline.vae.encode(planes).latent_dist.mode() * pipeline.vae.config.scaling_factor)
                told, _, whole, _ = pipeline.encode_prompt(one.words, device=self.device, num_images_per_prompt=1,
                                                           do_classifier_free_guidance=False)
                words.append(told)
                pooled.append(whole)
        return torch.cat(latents), torch.cat(words), torch.cat(pooled)

    def _step(self, number: int) -> float:
        torch = need("torch")
        draw = torch.Generator("cpu").manual_seed(self.settings.seed * STEP_SEEDS + number)
        index = int(torch.randint(len(self.latents), (1,), generator=draw))
        time = int(torch.randint(self.noising.config.num_train_timesteps, (1,), generator=draw))
        noise = torch.randn(self.latents[:1].shape, generator=draw)
        loss = self._loss(index, time, noise)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.learns.values(), 1.0)
        self.optimizer.step()
        value = float(loss.detach())
        if not np.isfinite(value):
            raise FinalStudioError(f"training went astray: the loss of step {number + 1} is no number", "models.yaml",
                                   "Lower characters.training.learning_rate, or use running.precision: bfloat16")
        return value

    def _loss(self, index: int, time: int, noise: Any) -> Any:
        torch, side = need("torch"), self.settings.resolution
        noise, when = noise.to(self.device), torch.tensor([time], device=self.device)
        latents = self.latents[index : index + 1]
        kind, half = self.unet.dtype, self.unet.dtype != torch.float32
        size = torch.tensor([[side, side, 0, 0, side, side]], device=self.device, dtype=kind)
        with torch.autocast(self.device, dtype=kind if half else torch.bfloat16, enabled=half):
            made = self.unet(self.noising.add_noise(latents, noise, when).to(kind), when,
                             encoder_hidden_states=self.words[index : index + 1],
                             added_cond_kwargs={"text_embeds": self.pooled[index : index + 1], "time_ids": size}).sample
        velocity = self.noising.config.prediction_type == "v_prediction"
        wanted = self.noising.get_velocity(latents, noise, when) if velocity else noise
        return torch.nn.functional.mse_loss(made.float(), wanted.float())

    def _judged(self) -> float:
        """The mean loss over the examples at fixed times, with fixed noise: what can be compared."""
        torch = need("torch")
        self.unet.eval()
        draw = torch.Generator("cpu").manual_seed(self.settings.seed)
        with torch.no_grad():
            found = [float(self._loss(index, time, torch.randn(self.latents[:1].shape, generator=draw)))
                     for index in range(len(self.latents)) for time in JUDGED_AT]
        return round(float(np.mean(found)), 6)

    def _keep(self, kept: Path, state: _State, before: float) -> None:
        tensors = {f"weight {name}": one.detach() for name, one in self.learns.items()}
        for number, one in self.optimizer.state_dict()["state"].items():
            tensors |= {f"{what} {number}": one[what] for what in ("step", "exp_avg", "exp_avg_sq")}
        told = json.dumps({"step": state.step, "losses": state.losses, "before": before})
        kept.mkdir(parents=True, exist_ok=True)
        data = need("safetensors.torch").save(_on_cpu(tensors), metadata={"state": told})
        write_atomically(kept / _KEPT, data, kept)

    def _found(self, kept: Path) -> tuple[_State, float | None]:
        """What was kept, put back where it came from; a beginning where nothing was, or nothing that can be read."""
        torch, library = need("torch"), need("safetensors")
        try:
            with library.safe_open(kept / _KEPT, "pt") as file:
                told = json.loads(file.metadata()["state"])
                found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no mapping)
        except (OSError, library.SafetensorError, KeyError, ValueError):
            return _State(), None
        with torch.no_grad():
            for name, one in self.learns.items():
                one.copy_(found[f"weight {name}"])
        state = self.optimizer.state_dict()
        state["state"] = {number: {what: found[f"{what} {number}"] for what in ("step", "exp_avg", "exp_avg_sq")}
                          for number in range(len(self.learns))}
        self.optimizer.load_state_dict(state)
        return _State(int(told["step"]), list(told["losses"])), float(told["before"])

    def _packed(self, made_for: str) -> bytes:
        """The LoRA as diffusers reads it, and for which architecture it is."""
        peft, diffusers = need("peft.utils"), need("diffusers.utils")
        state = diffusers.convert_state_dict_to_diffusers(peft.get_peft_model_state_dict(self.unet))
        told = {"architecture": made_for, "base": f"{self.base.repo}@{self.base.revision}", "rank": self.settings.rank}
        return need("safetensors.torch").save(_on_cpu({f"unet.{name}": one for name, one in state.items()}),
                                              metadata={METADATA: json.dumps(told, sort_keys=True)})


def _on_cpu(tensors: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tensors[name].detach().to("cpu").contiguous() for name in sorted(tensors)}
