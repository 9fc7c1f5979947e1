"""A signed list of every file of a release, since HLS segments cannot carry Content Credentials themselves.

An in-toto statement over sha256 and size of each file, in a DSSE envelope signed by the same certificate as the
credentials and checked under the same anchors. Whoever holds a copy of the folder learns by name which file was
changed, is missing or was added; one flipped byte is enough. Where nobody signed, the list says so in its file name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any, cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.x509.oid import ExtensionOID
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import UnverifiedSignatureError
from securesystemslib.signer import CryptoSigner, SSlibKey  # pyright: ignore[reportPrivateImportUsage]  # no __all__

from audit import canonical
from audit.credentials.authority import CLAIM_SIGNING, SigningCertificate
from audit.credentials.errors import CannotSeal
from audit.credentials.validation import INVALID, TRUSTED, UNSIGNED, Finding, check_anchors
from audit.envelopes import PAYLOAD_TYPE, open_envelope, sign
from audit.errors import StatementMalformed
from audit.statements import STATEMENT_TYPE

SIGNED_NAME, UNSIGNED_NAME = "content-credentials.dsse.json", "content-credentials.unsigned.json"
PREDICATE_TYPE = "urn:microdrama:release:v1"
_URI = re.compile(r'URI="([^"]*)"')


@dataclass(frozen=True)
class Sealed:
    """One file of a release."""

    path: str
    """Relative to the release, posix."""
    sha256: str
    size: int


@dataclass(frozen=True)
class SidecarReport:
    """Whether a folder is, file by file, what was signed."""

    state: str
    """`trusted`, `invalid` or `unsigned`."""
    findings: tuple[Finding, ...] = ()
    files: int = 0
    about: Mapping[str, Any] | None = None
    """What the release is, told only where its list is trusted or marked as unsigned."""
    signer: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def seal(folder: Path, about: Mapping[str, Any], certificate: SigningCertificate | None) -> Path:
    """Writes the list of all files below `folder`; without a certificate, one that is marked as unsigned.

    Raises CannotSeal where a playlist names a file that is not in the folder, or where a link is in it.
    """
    for name in (SIGNED_NAME, UNSIGNED_NAME):
        (folder / name).unlink(missing_ok=True)
    files = listed(folder)
    dangling = list(_dangling(folder, {file.path for file in files}))
    if dangling:
        raise CannotSeal(f"names {dangling[0][1]}, which is not here", str(folder / dangling[0][0]), "Render it again")
    if certificate is None:
        target, data = folder / UNSIGNED_NAME, canonical.encode(_statement(files, about, ""))
    else:
        target, data = folder / SIGNED_NAME, sealed(files, about, certificate)
    target.write_bytes(data)
    return target


def sealed(files: Sequence[Sealed], about: Mapping[str, Any], certificate: SigningCertificate) -> bytes:
    """The signed list of these files. `about` may name folders in `outside`, which the list then says nothing of.

    Raises BadCertificate where the certificate cannot sign now.
    """
    certificate.check(datetime.now(UTC))
    payload = canonical.encode(_statement(files, about, certificate.chain.decode()))
    return sign(payload, CryptoSigner(certificate.private_key))


def check(folder: Path, anchors: bytes, at: datetime | None = None) -> SidecarReport:
    """Compares a folder with its signed list under PEM trust anchors, whose certificates must be valid `at` (now).

    Raises BadCertificate for bad anchors, nothing for a bad folder.
    """
    check_anchors(anchors)
    marked, signed = folder / UNSIGNED_NAME, folder / SIGNED_NAME
    if not signed.is_file():
        if not marked.is_file():
            return SidecarReport(INVALID, (Finding("sidecar.missing", f"there is no {SIGNED_NAME}"),))
        return _compared(folder, marked.read_bytes(), UNSIGNED, (Finding("sidecar.unsigned", "nobody signed it"),), "")
    try:
        envelope = _envelope(signed.read_bytes())
        chain = x509.load_pem_x509_certificates(json.loads(envelope.payload)["predicate"]["certificates"].encode())
    except (StatementMalformed, ValueError, KeyError, TypeError, AttributeError, x509.InvalidVersion) as error:
        return SidecarReport(INVALID, (Finding("sidecar.unreadable", str(error)),))
    problem = _untrusted(envelope, chain, anchors, at or datetime.now(UTC))
    if problem is not None:
        return SidecarReport(INVALID, (problem,))
    return _compared(folder, envelope.payload, TRUSTED, (), chain[0].subject.rfc4514_string())


def listed(folder: Path, outside: Collection[str] = ()) -> list[Sealed]:
    """Every file below a folder, in order of its path, without the lists themselves and the folders `outside`. Raises
    CannotSeal for a link."""
    found: list[Sealed] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.partition("/")[0] in outside:
            continue
        if path.is_symlink():
            raise CannotSeal("is a link, which a copy would lose", str(path), "Put the file itself there")
        if path.is_file() and name not in (SIGNED_NAME, UNSIGNED_NAME):
            with open(path, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found.append(Sealed(name, digest, path.stat().st_size))
    return found


def _statement(files: Sequence[Sealed], about: Mapping[str, Any], chain: str) -> dict[str, Any]:
    return {
        "_type": STATEMENT_TYPE, "predicateType": PREDICATE_TYPE,
        "subject": [{"name": file.path, "digest": {"sha256": file.sha256}} for file in files],
        "predicate": {"about": dict(about), "sizes": {file.path: file.size for file in files}, "certificates": chain},
    }


def _dangling(folder: Path, paths: set[str]) -> Iterator[tuple[str, str]]:
    """Playlist and the file it names, for each one that is not in the folder."""
    for name in sorted(path for path in paths if path.endswith(".m3u8")):
        text = (folder / name).read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        for uri in [*lines, *_URI.findall(text)]:
            if normpath(f"{dirname(name)}/{uri}").lstrip("/") not in paths:
                yield name, uri


def _compared(folder: Path, payload: bytes, state: str, findings: tuple[Finding, ...], signer: str) -> SidecarReport:
    try:
        statement = json.loads(payload)
        promised = {entry["name"]: (entry["digest"]["sha256"], statement["predicate"]["sizes"][entry["name"]])
                    for entry in statement["subject"]}
        about = cast(dict[str, Any], statement["predicate"]["about"])
        outside = [str(name) for name in about.get("outside", [])]
    except (ValueError, KeyError, TypeError) as error:
        return SidecarReport(INVALID, (Finding("sidecar.unreadable", f"{type(error).__name__}: {error}"),))
    try:
        found = {file.path: (file.sha256, file.size) for file in listed(folder, outside)}
    except CannotSeal as error:
        return SidecarReport(INVALID, (*findings, Finding("file.link", str(error))))
    wrong = [*(Finding("file.missing", path) for path in sorted(promised.keys() - found.keys())),
             *(Finding("file.extra", path) for path in sorted(found.keys() - promised.keys())),
             *(Finding("file.changed", path) for path in sorted(promised.keys() & found.keys())
               if promised[path] != found[path])]
    return SidecarReport(INVALID if wrong else state, (*findings, *wrong), len(promised), about, signer)


def _envelope(data: bytes) -> Envelope:
    """The envelope, exactly as `seal` would write it: no byte of it is outside the signature's reach."""
    envelope = open_envelope(data, SIGNED_NAME)
    if canonical.encode(envelope.to_dict()) != data:  # pyright: ignore[reportUnknownMemberType]  # a bare dict
        raise StatementMalformed("is not written the way it was signed", SIGNED_NAME)
    return envelope


def _untrusted(envelope: Envelope, chain: list[x509.Certificate], anchors: bytes, at: datetime) -> Finding | None:
    """Why an envelope is not signed by a certificate that one of the anchors issued for this, or None."""
    path = _path(chain, x509.load_pem_x509_certificates(anchors))
    if not path:
        return Finding("signingCredential.untrusted", "the signing certificate leads to none of the anchors")
    for certificate in path:
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            return Finding("signingCredential.expired", f"{certificate.subject.rfc4514_string()} is valid from "
                           f"{certificate.not_valid_before_utc} to {certificate.not_valid_after_utc}")
    signer = path[0]
    if not _may_sign(signer):
        return Finding("signingCredential.invalid", "the certificate is not for signing Content Credentials")
    public = signer.public_key()
    assert isinstance(public, EllipticCurvePublicKey)  # _may_sign saw to it
    key = SSlibKey.from_crypto(public)
    if envelope.payload_type != PAYLOAD_TYPE or list(envelope.signatures) != [key.keyid]:
        return Finding("signature.missing", "the certificate's key did not sign it")
    try:
        key.verify_signature(envelope.signatures[key.keyid], envelope.pae())
    except UnverifiedSignatureError:
        return Finding("signature.mismatch", "the list was changed after it was signed")
    return None


def _path(chain: list[x509.Certificate], anchors: list[x509.Certificate]) -> list[x509.Certificate]:
    """From the signer over authorities of the chain to an anchor; empty where none leads there.

    It is built from the anchors down, and nothing else of a certificate is looked at before an authority we know has
    issued it: a stranger may have written it.
    """
    for anchor in anchors:
        path = [anchor]
        for certificate in reversed(chain):
            if certificate != anchor and _issued(path[0], certificate):
                path.insert(0, certificate)
                if certificate == chain[0]:
                    return path
                if not _is_authority(certificate):
                    break
    return []


def _issued(issuer: x509.Certificate, subject: x509.Certificate) -> bool:
    try:
        subject.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.InvalidVersion):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _may_sign(signer: x509.Certificate) -> bool:
    try:
        usage = signer.extensions.get_extension_for_oid(ExtensionOID.EXTENDED_KEY_USAGE).value
    except x509.ExtensionNotFound:
        return False
    return (isinstance(usage, x509.ExtendedKeyUsage) and x509.ObjectIdentifier(CLAIM_SIGNING) in usage
            and isinstance(signer.public_key(), EllipticCurvePublicKey))
