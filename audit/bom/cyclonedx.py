"""A bill as a CycloneDX 1.6 ML-BOM in JSON, validated by the library's strict validator before it is handed out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audit.bom.parts import Bill, InvalidBom, Part
from audit.libraries import load_library

REQUIREMENT = "cyclonedx-python-lib[json-validation]"
_TYPES = {"model": "MACHINE_LEARNING_MODEL", "font": "FILE", "data": "DATA", "library": "LIBRARY",
          "program": "APPLICATION", "source": "DATA"}


def to_cyclonedx(bill: Bill, generator: tuple[str, str]) -> str:
    """The bill as JSON text. `generator` is name and version of what draws it up. Raises InvalidBom."""
    text = str(_load("output.json").JsonV1Dot6(_bom(bill, generator)).output_as_string(indent=2))
    version = _load("schema").SchemaVersion.V1_6
    problem = _load("validation.json").JsonStrictValidator(version).validate_str(text)
    if problem is not None:
        raise InvalidBom(f"CycloneDX refuses it: {problem}", bill.name)
    return text


def _bom(bill: Bill, generator: tuple[str, str]) -> Any:
    parts = [_component(part) for part in bill.parts]
    delivered = [_new("FILE", path, f"delivered:{path}", hashes=_hashes(sha256))
                 for path, sha256 in bill.delivered.items()]
    episode = _new("DATA", bill.name, f"episode:{bill.name}", components=delivered)
    tool = _new("APPLICATION", generator[0], f"generator:{generator[0]}", version=generator[1])
    model = _load("model.bom")
    metadata = model.BomMetaData(component=episode, timestamp=datetime.fromisoformat(bill.drawn_from))
    metadata.tools.components.add(tool)
    bom = model.Bom(components=parts, serial_number=bill.identity, metadata=metadata)
    bom.register_dependency(episode, parts)
    return bom


def _component(part: Part) -> Any:
    return _new(
        _TYPES[part.kind], part.name, part.reference, version=part.version or None, hashes=_hashes(part.sha256),
        purl=load_library("packageurl", REQUIREMENT).PackageURL.from_string(part.purl) if part.purl else None,
        licenses=[_load("contrib.license.factories").LicenseFactory().make_from_string(part.licence)]
        if part.licence else None,
        properties=_properties(part),
    )


def _new(kind: str, name: str, reference: str, **more: Any) -> Any:
    model = _load("model.component")
    return model.Component(name=name, type=model.ComponentType[kind], bom_ref=reference, **more)


def _hashes(sha256: str) -> list[Any]:
    model = _load("model")
    return [model.HashType(alg=model.HashAlgorithm.SHA_256, content=sha256)] if sha256 else []


def _properties(part: Part) -> list[Any]:
    told = [("kind", part.kind), ("source", part.source), *(("used-by", asset) for asset in part.used_by)]
    return [_load("model").Property(name=f"microdrama:{name}", value=value) for name, value in told if value]


def _load(module: str) -> Any:
    return load_library(f"cyclonedx.{module}", REQUIREMENT)
