"""`microdrama init` makes a series that is sound at once, all of it or nothing; the demo series are sound too."""

"""`microdrama init` makes a series that is sound at once, all of it or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.story.breakdown import break_down
from microdrama_assets.story.json_schema import schema_files, schemas
from microdrama_assets.story.series_folder import check_series, load_episode, load_series
from microdrama_assets.story.template import write_template

DEMOS = Path(__file__).parents[2] / "series"


def test_a_new_series_is_sound(tmp_path: Path) -> None:
    """What is written passes the check, has the slug asked for, and cuts into a few shots."""
    written = write_template(tmp_path / "new", "my_first")
    assert {str(path.relative_to(tmp_path / "new")) for path in written} >= {
        "series.yaml", "episodes/001.fountain", "episodes/001.es.yaml", ".schema/series.schema.json"}
    check_series(tmp_path / "new", can_speak=lambda language, voice: None)
    series = load_series(tmp_path / "new")
    assert (series.series.slug, len(series.characters), len(series.sets)) == ("my_first", 2, 1)
    assert [shot.coverage for shot in break_down(load_episode(tmp_path / "new", 1)[0], series)] == [
        "wide", "two_shot", "insert", "close", "close"]


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    """A folder that is there and empty is used."""
    (tmp_path / "new").mkdir()
    assert write_template(tmp_path / "new", "tiny")


REFUSED = {
    "a full folder": ("full", "tiny", "the folder already holds something"),
    "a file": ("file", "tiny", "the folder already holds something"),
    "below a file": ("file/new", "tiny", "cannot be written"),
    "no slug": ("new", "../x", "'../x' is no slug"),
    "a long slug": ("new", "a" * 300, "300 characters"),
}


@pytest.mark.parametrize(("folder", "slug", "what"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_made_leaves_nothing(folder: str, slug: str, what: str, tmp_path: Path) -> None:
    """A refusal says why and what to do, and writes nothing at all."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    (tmp_path / "file").touch()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(MicrodramaError, match=what) as caught:
        write_template(tmp_path / folder, slug)
    assert caught.value.remedy
    assert sorted(tmp_path.rglob("*")) == before


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
