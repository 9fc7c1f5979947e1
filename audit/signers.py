"""Private keys as signers: a PEM file, PEM text (from an environment variable), or the URI of a key service.

PKCS#8 and OpenSSH keys are read here. Any other URI goes to securesystemslib as it is (`awskms:`, `gcpkms:`,
`azurekms:`, `hv:`, `hsm:`), with the public half from a trust root. Nothing of a private key is ever in an
error, a log or a statement.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
    load_ssh_private_key,
    load_ssh_public_key,
)
from securesystemslib.exceptions import Error
from securesystemslib.signer import SIGNER_FOR_URI_SCHEME, CryptoSigner, Signer, SSlibKey  # pyright: ignore[reportPrivateImportUsage]  # no __all__

from audit.errors import KeyUnusable

PASSPHRASE_VARIABLE = "MICRODRAMA_KEY_PASSPHRASE"
FindPublic = Callable[[str], SSlibKey]
"""A public key by its id, from a trust root."""


def generate() -> CryptoSigner:
    """A new Ed25519 key, in memory."""
    return CryptoSigner.generate_ed25519()


def private_pem(signer: CryptoSigner) -> bytes:
    """The private key as unencrypted PKCS#8, to be written to a file that only its owner can read."""
    return signer.private_bytes


def load_signer(source: str, find_public: FindPublic | None = None) -> Signer:
    """A signer from a path, PEM text or `URI#keyid`. Raises KeyUnusable.

    An encrypted key is opened with the passphrase in MICRODRAMA_KEY_PASSPHRASE.
    """
    if source.lstrip().startswith("-----BEGIN"):
        return _from_pem(source.strip().encode() + b"\n", "the key given as text")
    scheme = source.partition(":")[0]
    if scheme in SIGNER_FOR_URI_SCHEME and scheme != CryptoSigner.SCHEME:
        return _from_service(source, find_public)
    path = Path(source.removeprefix(f"{CryptoSigner.SCHEME}:")).expanduser()
    return _from_pem(_read_private(path), str(path))


def public_key(scheme: str, public: str) -> SSlibKey:
    """A public key (hex for Ed25519, else PEM) under the id that securesystemslib computes. Raises ValueError."""
    if scheme == "ed25519":
        return SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)))
    return SSlibKey.from_crypto(load_pem_public_key(public.encode()), scheme=scheme)


def public_pem(key: SSlibKey) -> bytes:
    """A public key as PEM (SubjectPublicKeyInfo)."""
    if key.scheme != "ed25519":
        return str(key.keyval["public"]).encode()
    raw = Ed25519PublicKey.from_public_bytes(bytes.fromhex(str(key.keyval["public"])))
    return raw.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_public(path: Path) -> SSlibKey:
    """A public key from a file: PEM, or OpenSSH's one line. Raises KeyUnusable."""
    try:
        data = path.read_bytes()
        load = load_pem_public_key if data.lstrip().startswith(b"-----BEGIN") else load_ssh_public_key
        return SSlibKey.from_crypto(load(data))
    except OSError as error:
        raise KeyUnusable(f"the public key cannot be read ({error.strerror})", str(path)) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnusable("this is no public key that can verify statements", str(path),
                          "Ask its owner for the .pub file, never for the private key") from error


def _read_private(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        data = path.read_bytes()
    except OSError as error:
        raise KeyUnusable(f"the private key cannot be read ({error.strerror})", str(path),
                          "Make one with: microdrama keys new") from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise KeyUnusable("others can read this private key", str(path),
                          f"Run: chmod 600 {path}; if others may have read it, make a new key and revoke this one")
    return data


def _from_pem(data: bytes, where: str) -> Signer:
    phrase = os.environ.get(PASSPHRASE_VARIABLE)
    load = load_ssh_private_key if b"OPENSSH PRIVATE KEY" in data else load_pem_private_key
    for secret in (None, phrase.encode() if phrase else None):
        try:
            return _signer(load(data, secret), where)
        except TypeError:  # encrypted and no passphrase given
            continue
        except (ValueError, UnsupportedAlgorithm):
            raise KeyUnusable("this is no private key in PKCS#8 or unencrypted OpenSSH form, or its passphrase is"
                              " another", where, "ssh-keygen -p -m PKCS8 -f FILE converts an OpenSSH key") from None
    raise KeyUnusable("the private key is encrypted", where, f"Put its passphrase into {PASSPHRASE_VARIABLE}")


def _signer(key: PrivateKeyTypes, where: str) -> Signer:
    if not isinstance(key, Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey):
        raise KeyUnusable(f"a {type(key).__name__} cannot sign statements", where, "Use an Ed25519 key")
    try:
        return CryptoSigner(key)
    except (ValueError, Error) as error:
        raise KeyUnusable(str(error), where, "Use an Ed25519 key") from error


def _from_service(source: str, find_public: FindPublic | None) -> Signer:
    uri, _, keyid = source.partition("#")
    if find_public is None or not keyid:
        raise KeyUnusable("a key service needs the id of the key", uri,
                          "Write URI#KEYID, with the public key in the trust root")
    try:
        return Signer.from_priv_key_uri(uri, find_public(keyid))
    except Exception as error:  # each service raises errors of its own, as the library's documentation warns
        raise KeyUnusable(f"the key service gave no signer ({type(error).__name__}: {error})", uri,
                          "Install the library's extra for this service and check its credentials") from error

