"""Which studio makes a shot: the draft's, or the final one by the models of `models.yaml`. Recipes ask, and differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from microdrama_assets.graph.desk import Desk, NotReady
from microdrama_assets.graph.key import Key
from microdrama_assets.schemas.final import FinalModels, KeyframeModels, ModelEntry, VoiceConversion, VoiceModel
from microdrama_assets.schemas.manifest import SpeechFacet
from microdrama_assets.series_folder.models_file import find_models, load_models

_FINAL = b'"fidelity":"final"'
"""As it stands in canonical JSON; within a text its quotes would be escaped."""


def is_final(desk: Desk, key: Key) -> bool:
    """Whether a shot is wanted in final fidelity. Raises NotReady where its specification does not exist yet."""
    return _FINAL in desk.read(desk.input("shot_spec", key.in_shot(), "frame.json").blob)


def wants_batches(desk: Desk, key: Key) -> bool:
    """Whether a shot's picture may be painted in one call with other shots'. Not where that cannot be told yet."""
    named = models_named(desk, key.series)
    if named is None or named.running.batch < 2 * named.keyframe.candidates or named.keyframe.family != "sdxl":
        return False
    try:
        return is_final(desk, key)
    except NotReady:
        return False


def models_of(desk: Desk, series: str) -> FinalModels:
    """The models of a series. Raises MicrodramaError where none are named."""
    return desk.remember(("final models", series), lambda: load_models(desk.folder(series), desk.home.root))


def models_named(desk: Desk, series: str) -> FinalModels | None:
    """The models of a series, or None where none are named."""
    return desk.remember(("models named", series), lambda: find_models(desk.folder(series), desk.home.root))


@dataclass(frozen=True)
class FinalSpeech:
    """Of the speakers of a shot: the voices of their own, and the voices that what they say is turned into."""

    voices: Mapping[str, VoiceModel]
    conversions: Mapping[str, VoiceConversion]


def final_speech(desk: Desk, key: Key, facet: SpeechFacet) -> FinalSpeech | None:
    """None where no speaker has either, or the shot is a draft."""
    named = models_named(desk, key.series)
    if named is None or not (named.voices or named.conversions) or not is_final(desk, key):
        return None
    speakers = sorted({line.character for line in facet.lines})
    own = {slug: named.voices.get(slug, {}).get(facet.language) for slug in speakers}
    found = FinalSpeech({slug: voice for slug, voice in own.items() if voice is not None},
                        {slug: named.conversions[slug] for slug in speakers if slug in named.conversions})
    return found if found.voices or found.conversions else None


def voice_settings(named: VoiceModel | VoiceConversion) -> dict[str, Any]:
    """What of the settings can change what is heard, without the model itself."""
    vits = isinstance(named, VoiceModel) and named.kind == "vits"
    return named.model_dump(mode="json", exclude={"model", "synthetic", *(("kind", "vocabulary") if vits else ())})


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
