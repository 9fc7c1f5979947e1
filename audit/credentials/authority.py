"""Trust anchors of our own: a studio's certificate authority and the certificates that sign its Content Credentials.

Profile: X.509 v3 with ECDSA P-256 and SHA-256 (C2PA's ES256), key usage digitalSignature, extended key usage
c2pa-kp-claimSigning (C2PA technical specification 2.x, "Certificate profiles"). Such credentials are trusted by those
who were handed this authority's certificate; being trusted by everyone takes a certificate from the C2PA trust list.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from audit.credentials.errors import BadCertificate, NoCertificate

CLAIM_SIGNING = "1.3.6.1.4.1.62558.2.1"
"""c2pa-kp-claimSigning."""
AUTHORITY_DAYS, SIGNER_DAYS = 3650, 365
ANCHOR, CHAIN, KEY, AUTHORITY_KEY = "anchor.pem", "chain.pem", "signer.key.pem", "authority.key.pem"
"""Files of a certificate folder. Only `anchor.pem` is handed to others."""
BACKDATED = timedelta(minutes=5)
"""How far before now a certificate begins, for clocks that differ."""


@dataclass(frozen=True)
class SigningCertificate:
    """What signs: the chain (signer first), its private key, and the anchor it leads to, all PEM."""

    chain: bytes
    key: bytes
    anchor: bytes

    @classmethod
    def read(cls, folder: Path) -> SigningCertificate:
        """From a certificate folder. Raises NoCertificate or BadCertificate."""
        missing = [name for name in (CHAIN, KEY, ANCHOR) if not (folder / name).is_file()]
        if missing:
            raise NoCertificate(f"no {', '.join(missing)}", str(folder),
                                f"Make certificates (microdrama audit certificates {folder}), or ask for unsigned")
        if os.name == "posix" and (folder / KEY).stat().st_mode & 0o077:
            raise BadCertificate("others can read this private key", str(folder / KEY),
                                 f"Run: chmod 600 {folder / KEY}; if others may have read it, issue a new signer")
        found = cls(*((folder / name).read_bytes() for name in (CHAIN, KEY, ANCHOR)))
        found.check(datetime.now(UTC))
        return found

    def check(self, now: datetime) -> None:
        """Raises BadCertificate where the signer has ended, has not begun or does not belong to the key."""
        signer, key = self.signer, self.private_key
        if not signer.not_valid_before_utc <= now <= signer.not_valid_after_utc:
            raise BadCertificate(f"is valid from {signer.not_valid_before_utc} to {signer.not_valid_after_utc} only",
                                 "the signing certificate", "Issue a new one with the authority's key")
        if signer.public_key() != key.public_key():
            raise BadCertificate("does not belong to its private key", "the signing certificate")

    @property
    def fingerprint(self) -> str:
        """Hex SHA-256 of the signer's certificate."""
        return self.signer.fingerprint(hashes.SHA256()).hex()

    @property
    def signer(self) -> x509.Certificate:
        try:
            return x509.load_pem_x509_certificates(self.chain)[0]
        except ValueError as error:
            raise BadCertificate(f"is no PEM certificate ({error})", CHAIN) from error

    @property
    def private_key(self) -> ec.EllipticCurvePrivateKey:
        try:
            key = serialization.load_pem_private_key(self.key, None)
        except (ValueError, TypeError) as error:
            raise BadCertificate(f"is no unencrypted PEM private key ({error})", KEY) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
            raise BadCertificate("is no P-256 key", KEY, "Use ES256, as `microdrama audit certificates` makes it")
        return key


@dataclass(frozen=True)
class Authority:
    """A certificate authority: its certificate and its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def new(cls, studio: str, now: datetime, days: int = AUTHORITY_DAYS) -> Authority:
        """A self-signed root that may issue signers and nothing below them."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(studio, f"{studio} content credentials root")
        usage = _usage(certificates=True)
        builder = _builder(name, name, key.public_key(), now, days)
        certificate = (builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
                       .add_extension(usage, critical=True).sign(key, hashes.SHA256()))
        return cls(certificate, key)

    def issue(self, studio: str, now: datetime, days: int = SIGNER_DAYS) -> SigningCertificate:
        """A new key and its certificate, valid from shortly before `now` for `days`."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(studio, f"{studio} content credentials"), self.certificate.subject, key.public_key(),
                           now, days)
        certificate = (
            builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier(CLAIM_SIGNING)]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256()))
        return SigningCertificate(_pem(certificate) + self.anchor, _private_pem(key), self.anchor)

    @property
    def anchor(self) -> bytes:
        return _pem(self.certificate)


def write_certificates(folder: Path, studio: str, now: datetime, days: int = SIGNER_DAYS) -> SigningCertificate:
    """Makes a certificate folder: an authority where there is none yet, and a new signer under it.

    Keys are readable by their owner alone. The authority's key signs nothing but signers: keep it elsewhere.
    """
    folder.mkdir(parents=True, exist_ok=True)
    authority = _read_authority(folder) or Authority.new(studio, now)
    signing = authority.issue(studio, now, days)
    _write(folder / AUTHORITY_KEY, _private_pem(authority.key), 0o600)
    _write(folder / KEY, signing.key, 0o600)
    _write(folder / CHAIN, signing.chain, 0o644)
    _write(folder / ANCHOR, signing.anchor, 0o644)
    return signing


def _read_authority(folder: Path) -> Authority | None:
    anchor, key = folder / ANCHOR, folder / AUTHORITY_KEY
    if not anchor.is_file():
        return None
    if not key.is_file():
        raise NoCertificate("is not here, so no signer can be issued", str(key),
                            "Bring the authority's key, or use a new folder")
    loaded = serialization.load_pem_private_key(key.read_bytes(), None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise BadCertificate("is no elliptic curve key", str(key))
    return Authority(x509.load_pem_x509_certificate(anchor.read_bytes()), loaded)


def _name(studio: str, common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, studio[:64]),
                      x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _builder(subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: datetime,
             days: int) -> x509.CertificateBuilder:
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
            .serial_number(x509.random_serial_number()).not_valid_before(now - BACKDATED)
            .not_valid_after(now - BACKDATED + timedelta(days=days))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False))


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(digital_signature=not certificates, content_commitment=False, key_encipherment=False,
                         data_encipherment=False, key_agreement=False, key_cert_sign=certificates,
                         crl_sign=certificates, encipher_only=False, decipher_only=False)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


def _write(path: Path, data: bytes, mode: int) -> None:
    """Never readable by others for a moment: the file is made with its mode."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    os.replace(temporary, path)
