"""Looks into a file before anything loads it: a pickle under another name, or weights that end too early, are refused.

Safetensors: 8 bytes of header length, a JSON header with each tensor's span, the tensors, and nothing else
(https://github.com/huggingface/safetensors, "Format"). GGUF: the magic and a version. A pickle: protocol 2 or later,
or a zip archive, as torch writes them. Whatever else is wrong with a file, its digest tells.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from resources.hub.errors import FileTruncated, PickleRefused

_ZIP = b"PK\x03\x04"
_PICKLE_PROTOCOLS = frozenset(bytes([0x80, protocol]) for protocol in range(2, 6))
_LONGEST_HEADER = 100_000_000
"""What the safetensors library itself accepts, in bytes."""


def check_format(path: Path, allow_pickle: bool = False) -> None:
    """Raises PickleRefused or FileTruncated. Reads headers only."""
    with open(path, "rb") as file:
        start = file.read(8)
    if not allow_pickle and (start[:4] == _ZIP or start[:2] in _PICKLE_PROTOCOLS):
        raise PickleRefused("this is a pickle, which can run code when it is loaded", str(path),
                            "Convert it to safetensors, or allow this file by name under `pickles`")
    look = {".safetensors": _safetensors, ".gguf": _gguf}.get(path.suffix)
    if look is not None:
        look(path, start)


def _safetensors(path: Path, start: bytes) -> None:
    size, length = os.path.getsize(path), int.from_bytes(start, "little")
    if len(start) < 8 or length > min(size - 8, _LONGEST_HEADER):
        raise _truncated(path, "its header is longer than the file")
    with open(path, "rb") as file:
        file.seek(8)
        try:
            header: dict[str, Any] = json.loads(file.read(length))
            ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _truncated(path, "its header is no list of tensors") from error
    wanted = 8 + length + max(ends, default=0)
    if size != wanted:
        raise _truncated(path, f"it holds {size} bytes and its header tells of {wanted}")


def _gguf(path: Path, start: bytes) -> None:
    if start[:4] != b"GGUF" or len(start) < 8:
        raise _truncated(path, "it does not begin as a GGUF file")


def _truncated(path: Path, why: str) -> FileTruncated:
    return FileTruncated(f"the file is cut short or damaged: {why}", str(path),
                         "Delete it and run `microdrama models pull`")
