"""One way to turn a record into bytes and a digest, so that equal records have equal digests for ever.

Encoding v1: JSON (RFC 8259) with keys sorted by code point, no insignificant whitespace, UTF-8 without escapes
beyond those JSON demands, integers as integers, floats as Python's shortest round-trip form; NaN and infinities are
refused. A digest is SHA-256 over `microdrama.<type>.v1`, a zero byte and the encoding, so that two types never share
a digest. Digests of examples are frozen as literals in the tests: a change here is a new version, never an edit.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

ENCODING_VERSION = 1


def encode(value: Any) -> bytes:
    """The canonical JSON of a record of dicts, lists, strings, numbers, booleans and None.

    Raises ValueError for NaN or infinity, TypeError for anything else that JSON has no form for.
    """
    return json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(record_type: str, value: Any) -> str:
    """Hex SHA-256 of a record under its type tag."""
    tag = f"microdrama.{record_type}.v{ENCODING_VERSION}".encode()
    return hashlib.sha256(tag + b"\0" + encode(value)).hexdigest()


def sha256_hex(data: bytes) -> str:
    """Hex SHA-256 of bytes as they are: the name of a stored object."""
    return hashlib.sha256(data).hexdigest()


def decode_base64(text: str) -> bytes:
    """The bytes of base64 as `base64.b64encode` writes it. Raises ValueError for any other text, also where only bits
    that no byte takes differ (RFC 4648, section 3.5): such a text could be altered unseen."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("it is not written as base64 is")
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        entries = cast(Mapping[Any, Any], value)
        if not all(isinstance(key, str) for key in entries):
            raise TypeError("canonical records have string keys only")
        return {key: _plain(item) for key, item in entries.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        return [_plain(item) for item in cast(Sequence[Any], value)]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise TypeError(f"no canonical form for {type(value).__name__}")
