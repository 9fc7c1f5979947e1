"""Signed time: RFC 3161 tokens by which an authority outside the studio attests that something existed by a moment.

A token is kept beside the log under the SHA-256 of what it is about: an envelope of a decision, or a checkpoint's text.
It is verified offline, against the authorities' certificates in the trust root. A token that is taken away leaves the
log's own time, which the report then says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cryptography import x509

from audit.canonical import sha256_hex
from audit.errors import TimeTokenInvalid
from audit.instants import instant
from audit.libraries import load_library
from audit.trust import TimeAuthority

REQUIREMENT = "rfc3161-client"


def token_name(subject: bytes) -> str:
    """The record that holds the token about these bytes."""
    return token_of(sha256_hex(subject))


def token_of(digest: str) -> str:
    """The same, by SHA-256."""
    return f"times/{digest[:2]}/{digest}"


def attested(token: bytes, subject: bytes, authorities: Sequence[TimeAuthority], where: str) -> tuple[str, str]:
    """The name of the authority and the instant that it attests for these bytes.

    Raises TimeTokenInvalid where no authority of the trust root gave the token, or it is about other bytes.
    """
    library: Any = load_library("rfc3161_client", REQUIREMENT)
    try:
        response = library.decode_timestamp_response(token)
        at = instant(response.tst_info.gen_time)
    except ValueError as error:
        raise TimeTokenInvalid(f"this is no time token ({error})", where) from error
    problem = "the trust root names no time-stamping authority"
    for authority in authorities:
        [root, *_] = x509.load_pem_x509_certificates(authority.certificate.encode())
        try:
            library.VerifierBuilder().add_root_certificate(root).build().verify_message(response, subject)
            return authority.name, at
        except (library.VerificationError, ValueError) as error:
            problem = str(error)
    raise TimeTokenInvalid(f"no authority of the trust root attests it: {problem}", where,
                           "Trust its certificate: microdrama keys trust-time")
