"""A bill as an SPDX 3.0.1 document in JSON-LD with the AI and dataset profiles.

The library's classes are generated from the SPDX model and refuse unknown fields, wrong types and missing obligations;
what they wrote is read back by them before it is handed out.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from audit.bom.parts import Bill, InvalidBom, Part
from audit.libraries import load_library

PROFILES = ("core", "software", "ai", "dataset", "simpleLicensing")


def to_spdx(bill: Bill, generator: tuple[str, str]) -> str:
    """The bill as JSON-LD text. `generator` is name and version of what draws it up. Raises InvalidBom."""
    model = load_library("spdx_python_model", "spdx-python-model").v3_0_1
    document = _Document(model, bill, generator)
    written = BytesIO()
    try:
        model.JSONLDSerializer().write(document.objects, written)
        read = model.SHACLObjectSet()
        model.JSONLDDeserializer().read(BytesIO(written.getvalue()), read)
    except (ValueError, TypeError) as error:
        raise InvalidBom(f"SPDX refuses it: {error}", bill.name) from error
    missing = [one for one in read.missing_ids if not str(one).startswith("https://spdx.org/rdf/")]
    if missing:
        raise InvalidBom(f"it refers to {missing[0]}, which is not in it", bill.name)
    return json.dumps(json.loads(written.getvalue()), indent=2, sort_keys=True)


def _expression(told: str) -> str:
    """What a statement says of a licence, as an SPDX expression: a licence of its own (`LicenseRef-`) if it is none."""
    known = load_library("license_expression", "license-expression").get_spdx_licensing().validate(told)
    return f"LicenseRef-{re.sub('[^A-Za-z0-9.]+', '-', told).strip('-')}" if known.errors else told


class _Document:
    """Builds the object set: one creation record, one element per part, relationships between them."""

    def __init__(self, model: Any, bill: Bill, generator: tuple[str, str]) -> None:
        self.model, self.base, self.count = model, f"urn:uuid:{bill.identity}#", 0
        self.objects = model.SHACLObjectSet()
        self.elements: list[Any] = []
        when = datetime.fromisoformat(bill.drawn_from).astimezone(UTC).replace(microsecond=0)
        agent = model.SoftwareAgent(name=f"{generator[0]} {generator[1]}")
        agent.set_id(f"{self.base}generator")
        self.created = model.CreationInfo(specVersion="3.0.1", created=when, createdBy=[agent])
        self.created.set_id("_:creation")
        agent.creationInfo = self.created
        self.licences: dict[str, Any] = {}
        self._build(bill, agent)

    def _build(self, bill: Bill, agent: Any) -> None:
        parts = [(part, self._part(part)) for part in bill.parts]
        files = [self._new(self.model.software_File, name=path, verifiedUsing=self._hash(digest))
                 for path, digest in bill.delivered.items()]
        episode = self._new(self.model.software_Package, name=bill.name, software_primaryPurpose=self._purpose("data"))
        self._relate(episode, "contains", files)
        self._relate(episode, "dependsOn", [element for _, element in parts])
        for part, element in parts:
            if part.licence:
                self._relate(element, "hasDeclaredLicense", [self._licence(part.licence)])
        document = self.model.SpdxDocument(name=bill.name, rootElement=[episode], element=[agent, *self.elements],
                                           creationInfo=self.created)
        document.set_id(f"{self.base}document")
        document.profileConformance = [getattr(self.model.ProfileIdentifierType, name) for name in PROFILES]
        for one in (self.created, agent, *self.elements, document):
            self.objects.add(one)

    def _part(self, part: Part) -> Any:
        told = {"name": part.name, "verifiedUsing": self._hash(part.sha256),
                "comment": f"{part.kind}; used by {', '.join(part.used_by)}"}
        if part.kind == "source":
            return self._new(self.model.software_File, summary=f"written by people: {part.source}", **told)
        package = {"model": self.model.ai_AIPackage, "data": self.model.dataset_DatasetPackage}
        purpose = {"model": "model", "data": "data", "font": "file", "library": "library", "program": "application"}
        if part.purl:
            told["software_packageUrl"] = part.purl
        if part.source:
            told["software_sourceInfo"] = part.source
        if part.version:
            told["software_packageVersion"] = part.version
        if part.kind == "data":
            told["dataset_datasetType"] = [self.model.dataset_DatasetType.text]
        return self._new(package.get(part.kind, self.model.software_Package),
                         software_primaryPurpose=self._purpose(purpose[part.kind]), **told)

    def _new(self, kind: Any, **fields: Any) -> Any:
        self.count += 1
        element = kind(creationInfo=self.created, **fields)
        element.set_id(f"{self.base}{kind.__name__}-{self.count}")
        self.elements.append(element)
        return element

    def _relate(self, of: Any, kind: str, to: list[Any]) -> None:
        if to:
            self._new(self.model.Relationship, from_=of, to=to,
                      relationshipType=getattr(self.model.RelationshipType, kind))

    def _licence(self, told: str) -> Any:
        expression = _expression(told)
        if expression not in self.licences:
            self.licences[expression] = self._new(self.model.simplelicensing_LicenseExpression,
                                                  simplelicensing_licenseExpression=expression, name=told)
        return self.licences[expression]

    def _purpose(self, name: str) -> Any:
        return getattr(self.model.software_SoftwarePurpose, name)

    def _hash(self, sha256: str) -> list[Any]:
        return [self.model.Hash(algorithm=self.model.HashAlgorithm.sha256, hashValue=sha256)] if sha256 else []
