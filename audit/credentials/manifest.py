"""What Content Credentials say about one file: a C2PA manifest definition out of plain records of its lineage.

Vocabulary: C2PA technical specification 2.x (actions, ingredients, data types), IPTC digital source types, CAWG
training and data mining 1.1. `microdrama.provenance` is our own assertion: it binds the digest of the unsigned file,
the statement that tells how it was made, and the identity of every model, font and dictionary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from audit.closed_world import IDENTITY, Source, World
from audit.kinds import kind_of
from audit.provenance import ActionStatement

PROVENANCE = "microdrama.provenance"
TRAINING_MINING = "cawg.training-mining"
ACTIONS = "c2pa.actions.v2"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
DRAWN, TRAINED, COMPOSITE = "algorithmicMedia", "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"
MIXED = "composite"
MINING_USES = ("cawg.ai_generative_training", "cawg.ai_inference", "cawg.ai_training", "cawg.data_mining")
NOT_ALLOWED: Mapping[str, str] = dict.fromkeys(MINING_USES, "notAllowed")
_MEDIA = ("image/", "audio/", "video/")
_MODEL_TYPES = {".onnx": "c2pa.types.model.onnx", ".pt": "c2pa.types.model.pytorch", ".pth": "c2pa.types.model.pytorch"}


@dataclass(frozen=True)
class Credential:
    """What is to be said about one file."""

    title: str
    media_type: str
    essence: str
    """Hex SHA-256 of the unsigned file: what statements, approvals and packages name."""
    statement: ActionStatement
    """Of the action that made the file."""
    source_type: str
    models: tuple[Mapping[str, Any], ...]
    sources: tuple[Source, ...]
    edits: tuple[str, ...] = ()
    """What was done to the components, in words; each becomes a `c2pa.edited` action."""
    mining: Mapping[str, str] | None = None
    """Use to `allowed`, `notAllowed` or `constrained`; nothing is allowed where nothing is said."""
    soft_binding: Mapping[str, Any] | None = None
    """Data of a `c2pa.soft-binding` assertion, where an invisible watermark names this file."""


def credential_of(world: World, statement: str, title: str, media_type: str, essence: str, *,
                  edits: Sequence[str] = (), mining: Mapping[str, str] | None = None,
                  shows: str | None = None) -> Credential:
    """What the statements below `statement` say about a file. `world` must be walked from it or from above it.

    Sources are all that people wrote below it. Models and source type follow pictures, sound and video only: a drawing
    timed by a trained voice is drawn, a film in which that voice is heard is a composite. `shows` names the statement
    of what is seen, for a picture taken out of a film with sound.
    """
    below, seen = _below(world, statement, ("",)), _below(world, shows or statement, _MEDIA)
    models = {str(model["sha256"]): model for one in seen for model in one.models}
    sources = {dependency.sha256: world.sources[dependency.sha256] for one in below for dependency in one.dependencies
               if dependency.origin is None and dependency.sha256 in world.sources}
    return Credential(title, media_type, essence, world.statements[statement], source_type(seen),
                      tuple(models[key] for key in sorted(models)), tuple(sources[key] for key in sorted(sources)),
                      tuple(edits), mining)


def source_type(heard_and_seen: Iterable[ActionStatement]) -> str:
    """IPTC digital source type of what was made by these actions, all that is seen and heard in it."""
    trained = drawn = recorded = False
    for one in heard_and_seen:
        media = [entry for entry in one.dependencies if entry.media_type.startswith(_MEDIA)]
        uses_model = any(kind_of(model) == "model" for model in one.models)
        trained |= uses_model
        drawn |= not uses_model and not media
        recorded |= any(entry.origin is None for entry in media)
    if trained:
        return COMPOSITE if drawn or recorded else TRAINED
    return MIXED if recorded else DRAWN


def definition(credential: Credential, generator: tuple[str, str], components: Iterable[str] = ()) -> dict[str, Any]:
    """The manifest definition c2pa signs. `generator` is name and version of what makes the claim, `components` the
    labels of the ingredients that are added as files."""
    ingredients = [*map(_model, credential.models), *map(_source, credential.sources)]
    assertions = [
        {"label": ACTIONS, "data": {"actions": _actions(credential, generator, ingredients, tuple(components)),
                                    "allActionsIncluded": True}},
        {"label": TRAINING_MINING, "data": {"entries": {
            use: {"use": allowed} for use, allowed in sorted((credential.mining or NOT_ALLOWED).items())}}},
        {"label": PROVENANCE, "data": _provenance(credential)},
    ]
    if credential.soft_binding is not None:
        assertions.append({"label": "c2pa.soft-binding", "data": dict(credential.soft_binding)})
    return {"title": credential.title, "format": credential.media_type, "ingredients": ingredients,
            "claim_generator_info": [{"name": generator[0], "version": generator[1]}], "assertions": assertions}


def _actions(credential: Credential, generator: tuple[str, str], ingredients: Sequence[Mapping[str, Any]],
             components: tuple[str, ...]) -> list[dict[str, Any]]:
    created: dict[str, Any] = {
        "action": "c2pa.created", "digitalSourceType": SOURCE_TYPES + credential.source_type,
        "when": credential.statement.began, "softwareAgent": {"name": generator[0], "version": generator[1]},
    }
    if ingredients:
        created["parameters"] = {"ingredientIds": [entry["label"] for entry in ingredients]}
    placed = [{"action": "c2pa.placed", "parameters": {"ingredientIds": [label]}} for label in components]
    return [created, *placed, *({"action": "c2pa.edited", "description": edit} for edit in credential.edits)]


def _model(model: Mapping[str, Any]) -> dict[str, Any]:
    described = {
        "label": f"model-{str(model['sha256'])[:16]}", "title": model["name"], "format": "application/octet-stream",
        "relationship": "inputTo", "instance_id": f"sha256:{model['sha256']}",
        "description": f"{kind_of(model)} {model['name']}, revision {model['revision']}, licence {model['licence']}, "
                       f"from {model.get('source', 'an unnamed place')}",
    }
    if kind_of(model) == "model":
        kind = _MODEL_TYPES.get(PurePosixPath(str(model["name"])).suffix.lower(), "c2pa.types.model")
        described["data_types"] = [{"type": kind, "version": str(model["revision"])}]
    return described


def _source(source: Source) -> dict[str, Any]:
    return {"label": f"source-{source.sha256[:16]}", "title": f"{source.name} of {', '.join(source.files)}",
            "format": source.media_type, "relationship": "inputTo", "instance_id": f"sha256:{source.sha256}",
            "description": f"written by people, read by {source.asset} {source.partition}"}


def _provenance(credential: Credential) -> dict[str, Any]:
    made = credential.statement
    return {
        "essence": {"sha256": credential.essence}, "statement": made.digest, "action": made.action,
        "series": made.series, "asset": made.asset, "partition": made.partition, "codeVersion": made.code_version,
        "models": [{"kind": kind_of(model), **{key: str(model[key]) for key in IDENTITY}}
                   for model in credential.models],
        "sources": [{"name": source.name, "sha256": source.sha256, "files": list(source.files)}
                    for source in credential.sources],
    }


def _below(world: World, statement: str, media_types: tuple[str, ...]) -> list[ActionStatement]:
    """The statement and those its inputs lead to, through inputs of these media types."""
    waiting, found = [statement], dict[str, ActionStatement]()
    while waiting:
        digest = waiting.pop()
        if digest in found or digest not in world.statements:
            continue
        found[digest] = world.statements[digest]
        waiting += [entry.origin.statement for entry in found[digest].dependencies
                    if entry.origin is not None and entry.media_type.startswith(media_types)]
    return list(found.values())
