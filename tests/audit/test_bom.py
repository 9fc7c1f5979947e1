"""A bill of materials lists exactly what the statements name, in the standards' own words, or is not handed out."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from spdx_python_model import v3_0_1 as spdx

from audit.bom.cyclonedx import to_cyclonedx
from audit.bom.parts import Bill, InvalidBom, Part, bill_of
from audit.bom.spdx import to_spdx
from audit.closed_world import walk
from tests.audit.made import Store, episode

GENERATOR = ("microdrama", "0.1.0")


@pytest.fixture
def bill() -> Bill:
    store = Store()
    return bill_of(walk(store.read, [episode(store)["film"]]), "tiny.e001")


def test_parts_are_what_the_statements_name(bill: Bill) -> None:
    """Models, fonts, libraries, programs and sources, each once, with who used it."""
    assert [(part.kind, part.name, part.version, part.licence, part.purl, part.used_by) for part in bill.parts
            if part.name != "python"] == [
        ("font", "fonts/NotoSans-Bold.ttf", "0.4.2", "OFL-1.1", "pkg:npm/%40expo-google-fonts/noto-sans@0.4.2", ("keyframe",)),
        ("library", "numpy", "2.4.6", "", "pkg:pypi/numpy@2.4.6", ("keyframe",)),
        ("library", "onnxruntime", "1.31.1", "", "pkg:pypi/onnxruntime@1.31.1", ("speech_take",)),
        ("model", "kokoro.onnx", "0.1.0", "Apache-2.0", "", ("speech_take",)),
        ("program", "ffmpeg", "n9.0.2", "", "", ("abr_rendition", "episode_package")),
        ("source", "script.json", "", "", "", ("episode_script",)),
    ]
    assert list(bill.delivered) == ["e001@en/episode.mp4"]


def test_cyclonedx_names_the_model_with_hash_licence_and_place(bill: Bill) -> None:
    """The ML-BOM holds one machine-learning-model, and the episode depends on every part."""
    told = json.loads(to_cyclonedx(bill, GENERATOR))
    [model] = [one for one in told["components"] if one["type"] == "machine-learning-model"]
    assert (told["bomFormat"], told["specVersion"], told["serialNumber"]) == ("CycloneDX", "1.6", f"urn:uuid:{bill.identity}")
    assert model["name"] == "kokoro.onnx"
    assert model["hashes"] == [{"alg": "SHA-256", "content": "2" * 64}]
    assert model["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    assert {"name": "microdrama:source", "value": "pypi:kokoro-a==0.1.0+pypi:kokoro-b==0.1.0"} in model["properties"]
    [depends] = [one["dependsOn"] for one in told["dependencies"] if one["ref"] == "episode:tiny.e001"]
    assert depends == sorted(part.reference for part in bill.parts)


def test_spdx_says_the_same_under_the_ai_profile(bill: Bill) -> None:
    """Read back by the model's own classes: one AI package with its hash, and a declared licence for what has one."""
    read = spdx.SHACLObjectSet()
    spdx.JSONLDDeserializer().read(BytesIO(to_spdx(bill, GENERATOR).encode()), read)
    [model] = read.foreach_type(spdx.ai_AIPackage)
    assert (model.name, model.software_packageVersion) == ("kokoro.onnx", "0.1.0")
    assert [entry.hashValue for entry in model.verifiedUsing] == ["2" * 64]
    licensed = [(one.from_.name, one.to[0].simplelicensing_licenseExpression)
                for one in read.foreach_type(spdx.Relationship)
                if one.relationshipType == spdx.RelationshipType.hasDeclaredLicense]
    assert sorted(licensed) == [("fonts/NotoSans-Bold.ttf", "OFL-1.1"), ("kokoro.onnx", "Apache-2.0")]
    [depends] = [one.to for one in read.foreach_type(spdx.Relationship)
                 if one.relationshipType == spdx.RelationshipType.dependsOn]
    assert sorted(one.name for one in depends) == sorted(part.name for part in bill.parts)


@pytest.mark.parametrize("write", [to_cyclonedx, to_spdx])
def test_the_same_statements_give_the_same_bill(bill: Bill, write: Any) -> None:
    """A bill says nothing of when or where it was drawn up."""
    store = Store()
    again = bill_of(walk(store.read, [episode(store)["film"]]), "tiny.e001")
    assert write(bill, GENERATOR) == write(again, GENERATOR)


def test_nothing_is_listed_that_is_not_proven() -> None:
    """A world with a loose end has no bill."""
    store = Store()
    film = episode(store)["film"]
    world = walk(store.read, [film])
    del store.objects[next(iter(world.sources))]
    with pytest.raises(InvalidBom, match="script.json is a source whose bytes cannot be read"):
        bill_of(walk(store.read, [film]), "tiny.e001")


def test_a_bill_that_its_standard_refuses_is_not_handed_out(bill: Bill) -> None:
    """CycloneDX's own validator has the last word."""
    broken = Bill(bill.name, (Part("model", "m", "1", "not a digest"),), {}, bill.drawn_from, bill.identity)
    with pytest.raises(InvalidBom, match="CycloneDX refuses it"):
        to_cyclonedx(broken, GENERATOR)


@pytest.mark.parametrize(("licence", "expression", "cyclonedx"), [
    ("Apache-2.0 OR MIT", "Apache-2.0 OR MIT", {"expression": "Apache-2.0 OR MIT"}),
    ("Studio licence 7 (internal)", "LicenseRef-Studio-licence-7-internal", {"license": {"name": "Studio licence 7 (internal)"}}),
])
def test_licences_that_are_no_identifiers_are_told_as_such(bill: Bill, licence: str, expression: str, cyclonedx: Any) -> None:
    """Both standards get a licence in the form they know, whatever people call it."""
    one = Bill(bill.name, (Part("model", "m", "1", "2" * 64, licence),), {}, bill.drawn_from, bill.identity)
    assert f'"simplelicensing_licenseExpression": "{expression}"' in to_spdx(one, GENERATOR)
    [component] = json.loads(to_cyclonedx(one, GENERATOR))["components"]
    assert component["licenses"] == [cyclonedx]
