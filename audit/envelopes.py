"""Statements in DSSE envelopes: who says what, in one record that carries its own signatures.

Signing and verifying are securesystemslib's; this adds the trust root's rules and names what is wrong. Signing with
Ed25519 is deterministic, so the same statement by the same key is the same envelope.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Collection
from typing import Any, cast

from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import Error, UnverifiedSignatureError
from securesystemslib.signer import Signer  # pyright: ignore[reportPrivateImportUsage]  # public, but without __all__

from audit import canonical
from audit.errors import SignatureInvalid, StatementMalformed
from audit.trust import TrustedKey, TrustRoot

PAYLOAD_TYPE = "application/vnd.in-toto+json"


def sign(payload: bytes, signer: Signer, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """A DSSE envelope with one signature, as canonical JSON."""
    envelope = Envelope(payload, payload_type, {})
    envelope.sign(signer)
    return canonical.encode(envelope.to_dict())  # pyright: ignore[reportUnknownMemberType]  # a bare dict


def open_envelope(data: bytes, where: str | None = None) -> Envelope:
    """An envelope with nothing verified. Raises StatementMalformed."""
    try:
        return Envelope.from_dict(json.loads(data))  # pyright: ignore[reportUnknownMemberType]  # a bare dict
    except (ValueError, KeyError, TypeError, AttributeError, Error) as error:
        raise StatementMalformed(f"this is no DSSE envelope ({type(error).__name__}: {error})", where) from error


def verify(envelope: Envelope, trust: TrustRoot, at: str, roles: Collection[str],
           payload_type: str = PAYLOAD_TYPE) -> tuple[TrustedKey, ...]:
    """Every signer of an envelope; each signature must fit, by a key that was valid at an instant in one of `roles`.

    Raises StatementMalformed, SignatureInvalid, UnknownSigner, KeyNotValid, KeyRevoked or RoleMissing.
    """
    if envelope.payload_type != payload_type:
        raise StatementMalformed(f"the payload is {envelope.payload_type!r}, not {payload_type!r}")
    if not envelope.signatures:
        raise SignatureInvalid("nobody signed it")
    signed = envelope.pae()
    signers: list[TrustedKey] = []
    for keyid, signature in envelope.signatures.items():
        held = trust.find(keyid)
        try:
            held.key.verify_signature(signature, signed)
        except UnverifiedSignatureError as error:
            raise SignatureInvalid(f"the signature of {held.name} does not fit what it should sign", keyid) from error
        held.check(at, roles)
        signers.append(held)
    return tuple(signers)


def payload_of(data: bytes) -> bytes:
    """The payload of an envelope, or the bytes themselves where they are none: for readers that take either."""
    return open_envelope(data).payload if b'"payloadType"' in data else data


def spelled(word: str) -> Callable[[bytes], bool]:
    """Whether an envelope's payload can hold a word, told without decoding: the payload is Base64, in which a word has
    three spellings, by its place modulo 3. True for some that do not hold it, never False for one that does."""
    texts = [base64.b64encode(bytes(at) + word.encode())[-(-at * 8 // 6):(at + len(word.encode())) * 8 // 6]
             for at in range(3)]
    return lambda data: any(text in data for text in texts)


def statement_of(data: bytes) -> dict[str, Any]:
    """The statement in an envelope or stored bare, unverified. Raises StatementMalformed."""
    try:
        statement = json.loads(payload_of(data))
    except ValueError as error:
        raise StatementMalformed(f"the payload is no JSON ({error})") from error
    if not isinstance(statement, dict):
        raise StatementMalformed("the payload is no JSON object")
    return cast(dict[str, Any], statement)
