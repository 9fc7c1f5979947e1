"""The schemas in a series folder tell an editor what the loader would accept, and explain every field."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from microdrama_assets.story.json_schema import schema_files, schemas, write_schemas
from microdrama_assets.story.template import write_template
from microdrama_assets.story.yaml_reader import read_yaml

jsonschema = pytest.importorskip("jsonschema")
SERIES = Path(__file__).parents[2] / "series"


def faults(name: str, value: Any) -> list[str]:
    return sorted(error.validator for error in jsonschema.Draft202012Validator(schemas()[name]).iter_errors(value))


def values(path: Path) -> Any:
    return read_yaml(path.read_bytes(), path.name).value


def files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    yield "series", folder / "series.yaml"
    for name, pattern in {
        "character": "characters/*.yaml",
        "set": "sets/*.yaml",
        "translation": "episodes/*.yaml",
    }.items():
        yield from ((name, path) for path in sorted(folder.glob(pattern)))


@pytest.mark.parametrize("name", schemas())
def test_every_schema_is_one(name: str) -> None:
    """Editors refuse a schema that breaks its own dialect."""
    jsonschema.Draft202012Validator.check_schema(schemas()[name])


@pytest.mark.parametrize("series", ["template", "locket", "spark"])
def test_shipped_series_satisfy_their_schemas(series: str, tmp_path: Path) -> None:
    """No file that we ship shows a red line in an editor, and each names the schema that lies beside it."""
    folder = SERIES / series
    if series == "template":
        write_template(folder := tmp_path / "mydrama", "mydrama")
    for name, path in files_of(folder):
        assert faults(name, values(path)) == [], path
        first = path.read_text(encoding="utf-8").splitlines()[0]
        beside = (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve()
        assert beside == (folder / f".schema/{name}.schema.json").resolve()
        assert beside.read_text(encoding="utf-8") == schema_files()[f".schema/{name}.schema.json"]


MARA: dict[str, Any] = {"name": "Mara", "voice": {"names": {"en": "af_heart"}}}
CAFE: dict[str, Any] = {"name": "Cafe", "kind": "cafe"}


@pytest.mark.parametrize(
    "name, good, change, fault",
    [
        ("character", MARA, {}, []),
        ("character", MARA, {"slug": "mara"}, []),
        ("character", MARA, {"nmae": "Mara"}, ["additionalProperties"]),
        ("character", MARA, {"appearance": {"age": 4}}, ["minimum"]),
        ("character", MARA, {"appearance": {"skin": "brown"}}, ["pattern"]),
        ("character", MARA, {"appearance": {"hair": {"colour": "#12345"}}}, ["pattern"]),
        ("character", MARA, {"appearance": {"hair": {"style": "mohawk"}}}, ["enum"]),
        ("character", MARA, {"voice": {}}, ["required"]),
        ("set", CAFE, {}, []),
        ("set", CAFE, {"kind": "castle"}, ["enum"]),
        ("set", CAFE, {"palette": ["#000000", "#ffffff"]}, ["minItems"]),
        ("set", CAFE, {"palette": ["#000000", "#ffffff", "red"]}, ["pattern"]),
        ("series", {"title": "T", "logline": "L"}, {}, []),
        ("series", {"title": "T", "logline": "L"}, {"title": ""}, ["minLength"]),
        ("translation", {"lines": []}, {"lines": [{"character": "MARA", "source": "Hi.", "text": "Hola."}]}, []),
        ("translation", {"lines": []}, {"lines": [{"character": "MARA", "text": "Hola."}]}, ["required"]),
    ],
)
def test_a_schema_tells_good_from_bad(
    name: str, good: dict[str, Any], change: dict[str, Any], fault: list[str]
) -> None:
    """An editor marks what the loader would refuse; a slug is not asked for, since the file's name is the slug."""
    assert faults(name, {**copy.deepcopy(good), **change}) == fault


@pytest.mark.parametrize("name", schemas())
def test_every_field_explains_itself(name: str) -> None:
    """Whoever hovers over a field learns what it is."""
    schema = schemas()[name]
    mute = [
        f"{part.get('title')}.{field}"
        for part in (schema, *schema.get("$defs", {}).values())
        for field, described in part["properties"].items()
        if not described.get("description")
    ]
    assert mute == []


def test_schemas_are_written_where_files_look_for_them(tmp_path: Path) -> None:
    """The folder `.schema/` holds one file per kind of YAML file."""
    assert [path.relative_to(tmp_path).as_posix() for path in write_schemas(tmp_path)] == [
        f".schema/{name}.schema.json" for name in ("series", "character", "set", "translation")
    ]
