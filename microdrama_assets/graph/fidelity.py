"""Which studio makes a shot: the draft's, or the final one by the models of `models.yaml`. Recipes ask, and differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.schemas.final import FinalModels, KeyframeModels, ModelEntry, VoiceModel
from microdrama_assets.schemas.manifest import SpeechFacet
from microdrama_assets.series_folder.models_file import find_models, load_models

_FINAL = b'"fidelity":"final"'
"""As it stands in canonical JSON; within a text its quotes would be escaped."""


def is_final(desk: Desk, key: Key) -> bool:
    """Whether a shot is wanted in final fidelity. Raises NotReady where its specification does not exist yet."""
    return _FINAL in desk.read(desk.input("shot_spec", key.in_shot(), "frame.json").blob)


def models_of(desk: Desk, series: str) -> FinalModels:
    """The models of a series. Raises MicrodramaError where none are named."""
    return desk.remember(("final models", series), lambda: load_models(desk.folder(series), desk.home.root))


def models_named(desk: Desk, series: str) -> FinalModels | None:
    """The models of a series, or None where none are named."""
    return desk.remember(("models named", series), lambda: find_models(desk.folder(series), desk.home.root))


def final_voices(desk: Desk, key: Key, facet: SpeechFacet) -> Mapping[str, VoiceModel]:
    """The voice of each speaker of a shot that has one of its own; none where the shot is a draft."""
    named = models_named(desk, key.series)
    if named is None or not named.voices or not is_final(desk, key):
        return {}
    voices = {line.character: named.voices.get(line.character, {}).get(facet.language) for line in facet.lines}
    return {slug: voice for slug, voice in sorted(voices.items()) if voice is not None}


def picture_settings(models: KeyframeModels) -> dict[str, Any]:
    """What of the settings can change a picture, without the models themselves."""
    apart = {"base", "pose", "depth", "identity", "upscaler", "likenesses", "family", "detail"}
    return {**models.model_dump(mode="json", exclude=apart),
            **({} if models.family == "sdxl" else {"family": models.family}),
            "roles": [role for role in ("pose", "depth", "identity") if getattr(models, role) is not None]}


def identities(entries: Sequence[ModelEntry | None], kind: str | None = None,
               also: Iterable[Mapping[str, Any]] = ()) -> tuple[Mapping[str, Any], ...]:
    """What recipes and statements say of these models: every file once. `kind` (`lora`, `voice`) is what a recall asks
    for them as; `also`: identities to put among them."""
    told = {} if kind is None else {"kind": kind}
    found = {str(one["name"]): {**one, **told}
             for entry in entries if entry is not None for one in entry.hub.identities()}
    found |= {str(one["name"]): dict(one) for one in also}
    return tuple(found[name] for name in sorted(found))
