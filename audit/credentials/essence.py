"""The unsigned file inside a signed one, byte for byte, so that Content Credentials bind the digest that was approved.

C2PA leaves some bytes of a file out of its hash (an MP4's `ftyp` and `free` boxes among them) and moves the media of an
MP4; taking the manifest out again and comparing the digest covers every byte outside the manifest.
Sources: PNG third edition 5.3 (chunks), ITU-T T.81 B.1 (markers), ISO/IEC 14496-12 (boxes); C2PA 2.x, "Embedding
manifests": PNG chunk `caBX`, JPEG APP11 with JUMBF, a `uuid` box in ISO BMFF.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from audit.credentials.errors import CannotSign

PNG, JPEG, MP4 = "image/png", "image/jpeg", "video/mp4"
SIGNABLE = {".png": PNG, ".jpg": JPEG, ".jpeg": JPEG, ".mp4": MP4}
C2PA_BOX = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_APP11, _SOS = 0xEB, 0xDA
_OFFSET_TABLES = {b"stco": ">I", b"co64": ">Q"}
_CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def unsigned(data: bytes, media_type: str) -> bytes:
    """The file as it was before signing. A file without a manifest is returned as it is. Raises CannotSign where it
    is no such file."""
    strip = {PNG: _strip_png, JPEG: _strip_jpeg, MP4: _strip_mp4}.get(media_type)
    if strip is None:
        raise CannotSign(f"{media_type} carries no Content Credentials", None, f"Known: {', '.join(SIGNABLE)}")
    try:
        return strip(data)
    except (struct.error, IndexError) as error:
        raise CannotSign(f"is no whole {media_type} file ({error})") from error


def _strip_png(data: bytes) -> bytes:
    if not data.startswith(_PNG_MAGIC):
        raise CannotSign("does not begin like a PNG")
    kept, at = [_PNG_MAGIC], len(_PNG_MAGIC)
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + size
        if kind != b"caBX":
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


def _strip_jpeg(data: bytes) -> bytes:
    if not data.startswith(b"\xff\xd8"):
        raise CannotSign("does not begin like a JPEG")
    kept, at = [data[:2]], 2
    while data[at + 1] != _SOS:
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if not (data[at + 1] == _APP11 and data[at + 4:at + 6] == b"JP"):
            kept.append(data[at:end])
        at = end
    return b"".join([*kept, data[at:]])


def _strip_mp4(data: bytes) -> bytes:
    boxes = list(_boxes(data, 0, len(data)))
    manifests = [(at, end) for kind, at, end, body in boxes if kind == b"uuid" and data[body:body + 16] == C2PA_BOX]
    if not manifests:
        return data
    kept = bytearray()
    for kind, at, end, _ in boxes:
        if (at, end) in manifests:
            continue
        start = len(kept)
        kept += data[at:end]
        if kind == b"moov":
            _move_back(kept, start, len(kept), manifests)
    return bytes(kept)


def _move_back(data: bytearray, start: int, end: int, removed: list[tuple[int, int]]) -> None:
    """Chunk offsets of a moov box, lessened by what was removed before the place they point to."""
    for kind, at, stop, body in _boxes(data, start, end):
        if kind in _CONTAINERS:
            _move_back(data, body, stop, removed)
        elif kind in _OFFSET_TABLES:
            form = _OFFSET_TABLES[kind]
            count, width = struct.unpack_from(">I", data, at + 12)[0], struct.calcsize(form)
            for place in range(at + 16, at + 16 + count * width, width):
                offset = struct.unpack_from(form, data, place)[0]
                struct.pack_into(form, data, place, offset - sum(b - a for a, b in removed if a < offset))


def _boxes(data: bytes | bytearray, at: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Kind, start, end and start of the body of each box."""
    while at < end:
        size, kind = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if size == 1:
            size, body = struct.unpack_from(">Q", data, at + 8)[0], at + 16
        elif size == 0:
            size = end - at
        if size < 8 or at + size > end:
            raise CannotSign(f"has a damaged box at byte {at}")
        yield bytes(kind), at, at + size, body
        at += size
