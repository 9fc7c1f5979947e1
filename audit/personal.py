"""Who a person is, kept beside the log: a statement holds a salted hash alone, so that the person can be erased.

Without the salt nobody can guess names until one fits; without the file nobody can tell who was meant, and every
signature and proof still holds.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from audit import canonical
from audit.errors import StatementMalformed

SALT_BYTES = 32


def sealed(personal: Mapping[str, str]) -> tuple[str, bytes]:
    """The salted hash of personal data (hex SHA-256), and the record that opens it, to be kept apart."""
    record = {"data": dict(personal), "salt": secrets.token_hex(SALT_BYTES)}
    return canonical.digest("personal", record), canonical.encode(record)


def opened(record: bytes, digest: str) -> Mapping[str, str]:
    """The personal data of a record. Raises StatementMalformed where it is not what the statement was made with."""
    try:
        value: dict[str, Any] = json.loads(record)
        if canonical.digest("personal", value) == digest:
            return dict(value["data"])
    except (ValueError, KeyError, TypeError):
        pass
    raise StatementMalformed("this personal data is not what the statement was made with", digest)
