"""Reading Content Credentials back under trust anchors of our own: everything that is wrong, by name.

Stricter than C2PA asks: a signer that leads to none of these anchors is a failure, a file without credentials is told
as unsigned, and the file inside must have the digest that its statement names. Names are C2PA's status codes, and
`essence.*` for what C2PA does not check.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any

from cryptography import x509

from audit.canonical import sha256_hex
from audit.credentials.errors import BadCertificate, CannotSign
from audit.credentials.essence import unsigned
from audit.credentials.manifest import ACTIONS, PROVENANCE, SOURCE_TYPES, TRAINING_MINING
from audit.credentials.signing import settings
from audit.libraries import load_library

TRUSTED, INVALID, UNSIGNED = "trusted", "invalid", "unsigned"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: its code, and in words."""

    code: str
    what: str


@dataclass(frozen=True)
class Validation:
    """What a file's Content Credentials are worth. What they say is told of trusted signers only."""

    state: str
    """`trusted`, `invalid` or `unsigned`."""
    findings: tuple[Finding, ...] = ()
    title: str = ""
    signer: str = ""
    source_type: str = ""
    mining: Mapping[str, str] | None = None
    provenance: Mapping[str, Any] | None = None
    """Our own assertion: essence, statement, models, sources."""
    ingredients: tuple[str, ...] = ()
    """Titles of every ingredient, at any depth."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def validate(data: bytes, media_type: str, anchors: bytes) -> Validation:
    """Validates a file under PEM trust anchors. Raises BadCertificate for bad anchors, nothing for a bad file."""
    check_anchors(anchors)
    c2pa = load_library("c2pa", "c2pa-python")
    try:
        reader = c2pa.Reader.try_create(media_type, BytesIO(data), context=c2pa.Context.from_dict(settings(anchors)))
        if reader is None:
            return Validation(UNSIGNED, (Finding("manifest.missing", "it carries no Content Credentials"),))
        told, store = reader.get_validation_state(), json.loads(reader.json())
    except c2pa.C2paError as error:
        return Validation(INVALID, (Finding("manifest.unreadable", str(error)),))
    failures = list(dict.fromkeys(_failures(store.get("validation_results", {}))))
    if told != "Trusted" and not failures:
        failures = [Finding("signingCredential.untrusted", f"c2pa says {told}, not Trusted")]
    if failures:
        return Validation(INVALID, tuple(failures))
    return _told(data, media_type, store["manifests"], store["manifests"][store["active_manifest"]])


def _told(data: bytes, media_type: str, manifests: Mapping[str, Any], active: Mapping[str, Any]) -> Validation:
    """What a manifest of a signer we trust says, once the file inside is the one it names."""
    assertions = {entry["label"]: entry["data"] for entry in active.get("assertions", [])}
    findings = tuple(_essence(data, media_type, assertions.get(PROVENANCE)))
    return Validation(
        INVALID if findings else TRUSTED, findings, active.get("title", ""), _signer(active.get("signature_info", {})),
        _source_type(assertions.get(ACTIONS)), _mining(assertions.get(TRAINING_MINING)), assertions.get(PROVENANCE),
        tuple(_ingredients(manifests)),
    )


def check_anchors(anchors: bytes) -> None:
    """Raises BadCertificate where no certificate can be read."""
    try:
        x509.load_pem_x509_certificates(anchors)
    except ValueError as error:
        raise BadCertificate(f"no PEM certificate can be read ({error})", "trust anchors",
                             "Hand over anchor.pem of the studio's certificate folder") from error


def _failures(results: Mapping[str, Any]) -> Iterator[Finding]:
    for entry in results.get("activeManifest", {}).get("failure", []):
        yield Finding(entry["code"], entry.get("explanation", ""))
    for delta in results.get("ingredientDeltas", []):
        for entry in delta["validationDeltas"]["failure"]:
            yield Finding(entry["code"], f"ingredient: {entry.get('explanation', '')}")


def _essence(data: bytes, media_type: str, provenance: Mapping[str, Any] | None) -> Iterator[Finding]:
    promised = (provenance or {}).get("essence", {}).get("sha256")
    if promised is None:
        yield Finding("essence.unbound", f"no {PROVENANCE} assertion names the unsigned file")
        return
    try:
        found = sha256_hex(unsigned(data, media_type))
    except CannotSign as error:
        yield Finding("essence.damaged", str(error))
        return
    if found != promised:
        yield Finding("essence.mismatch", f"the file without its manifest has sha256 {found}, not {promised}")


def _signer(signature: Mapping[str, Any]) -> str:
    return ", ".join(str(signature[key]) for key in ("common_name", "issuer") if key in signature)


def _source_type(actions: Mapping[str, Any] | None) -> str:
    listed = [action.get("digitalSourceType", "") for action in (actions or {}).get("actions", [])]
    return next((kind.removeprefix(SOURCE_TYPES) for kind in listed if kind), "")


def _mining(assertion: Mapping[str, Any] | None) -> dict[str, str] | None:
    return None if assertion is None else {use: entry["use"] for use, entry in assertion["entries"].items()}


def _ingredients(manifests: Mapping[str, Any]) -> list[str]:
    return sorted({str(entry.get("title", "")) for manifest in manifests.values()
                   for entry in manifest.get("ingredients", [])})
