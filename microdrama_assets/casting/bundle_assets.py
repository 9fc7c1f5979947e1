"""A character's bundle for the final studio: reference sheet, vectors that tell the face, a LoRA where one is wanted.

They are made when asked for, because a person looks at a sheet before a hundred pictures are painted after it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from microdrama_assets.casting.first_price import sheet_guess, training_guess
from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Input, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import identities, models_of, picture_settings
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.series import character_of
from microdrama_assets.graph.step import CheckVerdict, Step, Still
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.final import CharacterModels, FinalModels
from microdrama_assets.schemas.series import Character
from microdrama_assets.series_folder.own_pictures import own_pictures
from microdrama_assets.studios.final import libraries
from microdrama_assets.studios.final.errors import ConsentMissing
from microdrama_assets.studios.final.running import in_recipe

GROUP = "bundles"
CHECK = "identity"
LAID_OUT = ("sheet.jpg", "lora.safetensors", "training.json")


def bundle_folder(desk: Desk, key: Key) -> Path:
    """Where a character's sheet and LoRA are laid out, to be looked at and used elsewhere."""
    return desk.home.root / "characters" / key.series / str(key.character)


# -- reference_sheet --------------------------------------------------------------------------------------------------


def _sheet_recipe(desk: Desk, key: Key) -> Action:
    """Raises ConsentMissing for a real person's face, or for pictures of nobody knows whom, without a consent."""
    named, characters = _asked_for(desk, key)
    models, card = named.keyframe, _by_leave(desk, key)
    return Action(
        asset="reference_sheet", code_version=CODE_VERSIONS["reference_sheet"],
        params={"sheet": characters.sheet.model_dump(mode="json"), "keyframe": picture_settings(models),
                "running": in_recipe(named.running)},
        models=identities([models.base, models.pose, models.depth, models.identity]),
        tools={**desk.toolbox.picture_tools(), **libraries.picture_tools()},
        inputs={"look.json": desk.input("character_bundle", key, "look.json"),
                "drawn.png": desk.input("character_bundle", key, "sheet.png"),
                **_own(desk, key, card, characters)},
    )


def _by_leave(desk: Desk, key: Key) -> Character:
    from microdrama_assets.graph.consents import check_leave

    card = character_of(desk, key)
    check_leave(desk, key.series, card)
    return card


def _own(desk: Desk, key: Key, card: Character, characters: CharacterModels) -> dict[str, Input]:
    """Pictures of the character that people put into the series folder, and by whose leave."""
    found = own_pictures(desk.folder(key.series), card.slug)
    if found and card.consent is None and card.slug not in characters.synthetic:
        raise ConsentMissing(
            f"there are pictures of {card.name}, and nothing says by whose leave", f"references/{card.slug}",
            f"Name the person's consent in characters/{card.slug}.yaml; or, where they show nobody real, name "
            f"{card.slug} under characters.synthetic in models.yaml")
    return {f"own/{name}": desk.source(data, media) for name, (data, media) in found.items()}


def _paint_sheet(work: Work) -> None:
    from microdrama_assets.casting.sheet_painting import paint_sheet

    paint_sheet(work)


def _show_sheet(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    return {"reference sheet": Still(result.outputs["sheet.jpg"].digest, f"{key}: every view and emotion")}


# -- identity_embedding -----------------------------------------------------------------------------------------------


def _embedding_recipe(desk: Desk, key: Key) -> Action:
    _, characters = _asked_for(desk, key)
    sheet, encoder = desk.outputs("reference_sheet", key), characters.encoder
    return Action(asset="identity_embedding", code_version=CODE_VERSIONS["identity_embedding"],
                  params={"part": encoder.part}, models=identities([encoder.model]),
                  inputs={name: entry for name, entry in sheet.items() if name != "sheet.jpg"},
                  tools={**desk.toolbox.picture_tools(), **desk.toolbox.speech_tools(), **libraries.picture_tools()})


def _embed(work: Work) -> None:
    from microdrama_assets.casting.telling import embed

    embed(work)


def _judge_sheet(desk: Desk, key: Key, result: Result) -> Sequence[CheckVerdict]:
    """Whether the sheet shows one person: each cell against the others."""
    _, characters = _asked_for(desk, key)
    least, told = characters.least, json.loads(desk.read(result.outputs["embedding.json"]))["likeness"]
    return [CheckVerdict(CHECK, value >= least, f"{value:.3f}", f"at least {least:g}", f"{key.character}: {name}")
            for name, value in sorted(told.items())]


# -- character_lora ---------------------------------------------------------------------------------------------------


def _lora_recipe(desk: Desk, key: Key) -> Action:
    (named, characters), slug = _asked_for(desk, key), str(key.character)
    likeness, sheet = named.keyframe.likenesses.get(slug), desk.outputs("reference_sheet", key)
    if likeness is None or not likeness.trained:
        raise MicrodramaError(f"models.yaml does not say that {slug}'s LoRA is trained", "models.yaml",
                              f"Write keyframe.likenesses.{slug}: {{trained: true}}")
    settings, card = characters.training, _by_leave(desk, key)
    return Action(asset="character_lora", code_version=CODE_VERSIONS["character_lora"],
                  params={"training": settings.model_dump(mode="json", exclude={"save_every", "word"}),
                          "word": settings.word or card.prompt or card.name, "precision": named.running.precision,
                          "licence": card.licence, "consent": card.consent},
                  models=identities([named.keyframe.base]), tools=libraries.picture_tools(),
                  inputs={**{name: entry for name, entry in sheet.items() if name != "sheet.jpg"},
                          **_own(desk, key, card, characters)})


def _train(work: Work) -> None:
    from microdrama_assets.casting.learning import train_lora

    train_lora(work)


def _show_lora(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    told = json.loads(desk.read(result.outputs["training.json"]))
    return {name.replace("_", " "): told[name] for name in ("loss_before", "loss_after", "pictures", "base", "sha256")}


# -- shared -----------------------------------------------------------------------------------------------------------


def _asked_for(desk: Desk, key: Key) -> tuple[FinalModels, CharacterModels]:
    """Raises MicrodramaError where `models.yaml` asks for no bundles."""
    named = models_of(desk, key.series)
    if named.characters is None:
        raise MicrodramaError("models.yaml names no characters, so there is nothing to make a bundle with",
                              "models.yaml", "Name characters.encoder: see the operator's guide")
    return named, named.characters


def _lay_out(desk: Desk, key: Key, result: Result) -> None:
    for name in LAID_OUT:
        if name in result.outputs:
            desk.home.objects.export(result.outputs[name].digest, bundle_folder(desk, key) / name)


STEPS = (
    Step(
        name="reference_sheet", group=GROUP, scope=Scope.CHARACTER, code_version=CODE_VERSIONS["reference_sheet"],
        kinds=("image",), upstream=("character_bundle",), pool="picture",
        doc="A character as the final keyframe model shows them: every view and emotion, posed by the draft's rig. "
            "Made on demand.",
        recipe=_sheet_recipe, make=_paint_sheet, guess=sheet_guess, show=_show_sheet, after=_lay_out, parallel=False,
    ),
    Step(
        name="identity_embedding", group=GROUP, scope=Scope.CHARACTER,
        code_version=CODE_VERSIONS["identity_embedding"], kinds=("json",), upstream=("reference_sheet",),
        doc="The vectors by which a final picture's face is told to be this character's. Made on demand.",
        recipe=_embedding_recipe, make=_embed, checks=(CHECK,), verdicts=_judge_sheet, blocks=False, parallel=False,
    ),
    Step(
        name="character_lora", group=GROUP, scope=Scope.CHARACTER, code_version=CODE_VERSIONS["character_lora"],
        kinds=("safetensors",), upstream=("reference_sheet", "character_bundle"), pool="picture",
        doc="A LoRA that knows a character, trained on the reference sheet and the character's own pictures. Made on "
            "demand, and only where models.yaml says so of a character.",
        recipe=_lora_recipe, make=_train, guess=training_guess, show=_show_lora, after=_lay_out, parallel=False,
    ),
)
