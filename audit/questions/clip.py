"""A clip of a signed copy is no output of any action: it is the init segment and the segments of a shot, in a row.

So it is cut at its boxes (ISO/IEC 14496-12) and compared piece by piece with what renditions made.
"""

from __future__ import annotations

from collections.abc import Iterator

from audit.canonical import sha256_hex
from audit.casebook import Casebook
from audit.provenance import ActionStatement

INIT_BOXES = 2
"""`ftyp` and `moov`."""


def clip_of(casebook: Casebook, data: bytes) -> list[ActionStatement]:
    """The rendition whose files in a row are these bytes, in a list; an empty one where there is none."""
    ends = list(_ends(data))
    if len(ends) <= INIT_BOXES:
        return []
    begin = ends[INIT_BOXES - 1]
    init = sha256_hex(data[:begin])
    firsts = {sha256_hex(data[begin:end]) for end in ends[INIT_BOXES:]}
    for one in casebook.making(init):
        rung = next(name for name, sha256 in one.subjects.items() if sha256 == init).rpartition("/")[0]
        parts = [sha256 for name, sha256 in sorted(one.subjects.items()) if name.startswith(f"{rung}/seg")]
        if parts and parts[0] in firsts and _is_row(data, begin, ends, parts):
            return [one]
    return []


def _is_row(data: bytes, begin: int, ends: list[int], parts: list[str]) -> bool:
    """Whether bytes from a place on are these parts (SHA-256) one after the other, and nothing else."""
    for part in parts:
        end = next((end for end in ends if end > begin and sha256_hex(data[begin:end]) == part), None)
        if end is None:
            return False
        begin = end
    return begin == len(data)


def _ends(data: bytes) -> Iterator[int]:
    """Where each box ends."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at:at + 4], "big")
        if size < 8:
            return
        at += size
        yield at
