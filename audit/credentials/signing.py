"""Writing Content Credentials into a copy of a file with c2pa, and making sure that the file inside is untouched.

Signatures are not deterministic, so a signed copy is a leaf: nothing downstream is made from it. No network is used,
unless a time-stamping authority is given; then its host is the only one that may be reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from audit.canonical import sha256_hex
from audit.credentials.authority import CLAIM_SIGNING, SigningCertificate
from audit.credentials.errors import CannotSign, NoCertificate
from audit.credentials.essence import unsigned
from audit.credentials.manifest import Credential, definition
from audit.libraries import load_library


@dataclass(frozen=True)
class Component:
    """A signed file that another one is put together from: its manifests go along with it."""

    title: str
    media_type: str
    data: bytes


def sign(data: bytes, credential: Credential, certificate: SigningCertificate | None, generator: tuple[str, str], *,
         components: Sequence[Component] = (), timestamp_authority: str | None = None) -> bytes:
    """A signed copy of `data`, validated under the certificate's own anchor before it is returned.

    Raises NoCertificate or BadCertificate where there is nothing valid to sign with, CannotSign where the file cannot
    carry a manifest, where a component's own credentials are not valid, or where `data` is not what was promised.
    """
    if certificate is None:
        raise NoCertificate("there is no signing certificate", credential.title,
                            "Make one (microdrama audit certificates FOLDER), or ask for an unsigned release")
    certificate.check(datetime.now(UTC))
    if sha256_hex(data) != credential.essence:
        raise CannotSign(f"has sha256 {sha256_hex(data)}, not {credential.essence}", credential.title)
    c2pa = load_library("c2pa", "c2pa-python")
    labels = [f"component-{number}" for number in range(len(components))]
    try:
        signed = _signed(c2pa, data, credential.media_type, definition(credential, generator, labels), certificate,
                         list(zip(labels, components, strict=True)), timestamp_authority)
    except c2pa.C2paError as error:
        raise CannotSign(f"c2pa would not sign it: {error}", credential.title) from error
    if unsigned(signed, credential.media_type) != data:
        raise CannotSign("signing changed more than the manifest", credential.title)
    return signed


def settings(anchors: bytes, hosts: Sequence[str] = ()) -> dict[str, Any]:
    """c2pa's settings: these anchors and no others, only claim-signing certificates, no network but `hosts`."""
    return {
        "version": 1,
        "trust": {"trust_anchors": anchors.decode(), "trust_config": f"{CLAIM_SIGNING}\n"},
        "verify": {"verify_trust": True, "verify_after_sign": True, "remote_manifest_fetch": False,
                   "ocsp_fetch": False},
        "core": {"allowed_network_hosts": list(hosts)},
        "builder": {"thumbnail": {"enabled": False}},
    }


def _signed(c2pa: Any, data: bytes, media_type: str, manifest: Mapping[str, Any], certificate: SigningCertificate,
            components: Sequence[tuple[str, Component]], timestamp_authority: str | None) -> bytes:
    hosts = [urlsplit(timestamp_authority).hostname or ""] if timestamp_authority else []
    authority = timestamp_authority.encode() if timestamp_authority else None
    context = c2pa.Context.from_dict(settings(certificate.anchor, hosts))
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", certificate.chain, certificate.key, authority))
    builder = c2pa.Builder(manifest, context=context)
    for label, component in components:
        builder.add_ingredient({"title": component.title, "relationship": "componentOf", "label": label},
                               component.media_type, BytesIO(component.data))
    signed = BytesIO()
    builder.sign(signer, media_type, BytesIO(data), signed)
    return signed.getvalue()
