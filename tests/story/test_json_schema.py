"""The JSON Schemas explain every field, are those of the code, and know what the template writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from microdrama_assets.story.json_schema import schema_files, schemas
from microdrama_assets.story.template import write_template

DEMOS = Path(__file__).parents[2] / "series"


@pytest.mark.parametrize("name", ["series", "character", "set", "translation"])
def test_every_field_is_described(name: str) -> None:
    """An editor can explain each field that it completes."""
    schema = schemas()[name]
    for part in (schema, *schema.get("$defs", {}).values()):
        assert part["additionalProperties"] is False
        assert all(field.get("description") for field in part["properties"].values())


@pytest.mark.parametrize("slug", ["locket", "spark"])
def test_the_demo_series_carry_the_present_schemas(slug: str) -> None:
    """The schemas in the repository are those that the code writes."""
    for name, text in schema_files().items():
        assert (DEMOS / slug / name).read_text(encoding="utf-8") == text


def test_every_file_names_its_schema(tmp_path: Path) -> None:
    """Each YAML file of a new series points at a schema that is there, and holds only fields the schema knows."""
    for path in write_template(tmp_path / "new", "tiny"):
        if path.suffix == ".yaml":
            first, _, rest = path.read_text(encoding="utf-8").partition("\n")
            schema = json.loads((path.parent / first.partition("$schema=")[2]).read_text(encoding="utf-8"))
            values = yaml.safe_load(rest)
            assert set(values) <= set(schema["properties"]) and set(schema.get("required", ())) <= set(values)
