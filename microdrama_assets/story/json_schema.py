"""JSON Schemas of the files that people write, so that an editor completes and checks them while they type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from microdrama_assets.schemas.frozen import Frozen
from microdrama_assets.schemas.series import Character, Series, SetDesign
from microdrama_assets.series_folder.preset_library import KINDS, Kind
from microdrama_assets.series_folder.translation_file import TranslationFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FILES: dict[str, tuple[type[Frozen], str]] = {
    "series": (Series, "series.yaml: the series itself"),
    "character": (Character, "characters/<slug>.yaml: one character"),
    "set": (SetDesign, "sets/<slug>.yaml: one place"),
    "translation": (TranslationFile, "episodes/001.es.yaml: an episode's speech in one more language"),
}
_KIND_OF = {kind.model.__name__: kind for kind in KINDS.values()}
_COLOUR_FIELDS = frozenset({"colour", "accent", "skin", "eyes", "highlight", "outline"})


def schemas() -> dict[str, dict[str, Any]]:
    """Name (`series`, `character`, `set`, `translation`) -> JSON Schema, draft 2020-12."""
    return {name: _schema(model, title) for name, (model, title) in _FILES.items()}


def schema_files() -> dict[str, str]:
    """`.schema/character.schema.json` -> its text, for a series folder."""
    return {f".schema/{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
            for name, schema in schemas().items()}


def write_schemas(folder: Path) -> list[Path]:
    """Write the schemas into a series folder's `.schema/`. Returns the files."""
    written: list[Path] = []
    for name, text in schema_files().items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _schema(model: type[Frozen], title: str) -> dict[str, Any]:
    schema = model.model_json_schema()
    if "slug" in schema["properties"]:
        schema["required"] = [name for name in schema["required"] if name != "slug"]
    if model is Character:
        schema["anyOf"] = [{"required": schema.pop("required")}, {"required": ["preset"]}]
    for part in (schema, *schema.get("$defs", {}).values()):
        if kind := _KIND_OF.get(part.get("title", "")):
            part["properties"]["preset"] = _reference(kind)
        for name, field in part.get("properties", {}).items():
            for colour in _colours(name, field):
                colour["pattern"] = "^#[0-9a-fA-F]{6}$"
    return {"$schema": _DIALECT, **schema, "title": title}


def _reference(kind: Kind) -> dict[str, Any]:
    return {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,30}@[1-9][0-9]*$",
            "description": f"A {kind.one} preset with its version, name@1; what is written beside it goes over it."}


def _colours(name: str, field: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts of a field's schema that stand for a colour."""
    return field["prefixItems"] if name == "palette" else [field] if name in _COLOUR_FIELDS else []
