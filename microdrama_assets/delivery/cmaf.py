"""Reading and retiming CMAF (ISO/IEC 14496-12 boxes) without re-encoding.

A shot is encoded once, in its own time. An episode is made by moving its fragments in time: only the decode time
(`tfdt`) and the sequence number (`mfhd`) of a fragment change, so a segment's bytes, hence its name and its place in
every cache, depend on the shot and its start alone.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from microdrama_assets.delivery.errors import DeliveryError

# Flags of `tfhd` and `trun` (ISO/IEC 14496-12, 8.8.7 and 8.8.8).
_TFHD_OPTIONAL = ((0x1, 8), (0x2, 4))  # base data offset, sample description index: before the default duration
_TFHD_DEFAULT_DURATION = 0x8
_TFHD_DEFAULT_SIZE = 0x10
_TRUN_OFFSET, _TRUN_FIRST_FLAGS = 0x1, 0x4
_TRUN_FIELDS = (0x100, 0x200, 0x400, 0x800)  # per sample: duration, size, flags, composition offset


@dataclass(frozen=True)
class Box:
    """One box: four-character `kind`, where it starts, where its content starts, and where it ends."""

    kind: str
    start: int
    content: int
    end: int


@dataclass(frozen=True)
class Sample:
    decode_time: int
    duration: int
    size: int
    composition_offset: int


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes lying side by side in `data[start:end]`. Raises DeliveryError where a size is impossible."""
    end = len(data) if end is None else end
    while start < end:
        if start + 8 > end:
            raise DeliveryError(f"a box header is cut off at byte {start}")
        size, kind = struct.unpack_from(">I4s", data, start)
        header = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start + 8)
            header = 16
        if size < header or start + size > end:
            raise DeliveryError(f"box {kind.decode('latin1')} at byte {start} claims {size} bytes")
        yield Box(kind.decode("latin1"), start, start + header, start + size)
        start += size


def find(data: bytes, *path: str, start: int = 0, end: int | None = None) -> Box:
    """The first box at `path`, for example `find(segment, "moof", "mfhd")`. Raises DeliveryError where absent."""
    for box in boxes(data, start, end):
        if box.kind == path[0]:
            return box if len(path) == 1 else find(data, *path[1:], start=box.content, end=box.end)
    raise DeliveryError(f"there is no {path[0]} box")


def split(data: bytes) -> tuple[bytes, list[bytes]]:
    """(initialization segment, fragments) of a fragmented MP4. A fragment is one `moof` with its `mdat`.

    Everything else (`styp`, `sidx`, `mfra`) is dropped: playlists say what those say.
    """
    init, fragments, open_moof = b"", [], None
    for box in boxes(data):
        piece = data[box.start:box.end]
        if box.kind in ("ftyp", "moov"):
            init += piece
        elif box.kind == "moof":
            open_moof = piece
        elif box.kind == "mdat":
            if open_moof is None:
                raise DeliveryError(f"the mdat box at byte {box.start} has no moof before it")
            fragments.append(open_moof + piece)
            open_moof = None
    return init, fragments


def retime(segment: bytes, ticks: int, sequence: int) -> bytes:
    """`segment` moved later by `ticks`, its fragments numbered from `sequence` on. Nothing else changes."""
    moved = bytearray(segment)
    for moof in (box for box in boxes(segment) if box.kind == "moof"):
        mfhd = find(segment, "mfhd", start=moof.content, end=moof.end)
        struct.pack_into(">I", moved, mfhd.content + 4, sequence)
        tfdt = find(segment, "traf", "tfdt", start=moof.content, end=moof.end)
        code = _time_code(segment, tfdt)
        (time,) = struct.unpack_from(code, segment, tfdt.content + 4)
        try:
            struct.pack_into(code, moved, tfdt.content + 4, time + ticks)
        except struct.error:
            raise DeliveryError(f"decode time {time + ticks} does not fit into the tfdt box of this segment") from None
        sequence += 1
    return bytes(moved)


def samples(segment: bytes) -> list[Sample]:
    """Every sample of every fragment in `segment`, in decode order, times in ticks of the track's timescale."""
    found: list[Sample] = []
    for moof in (box for box in boxes(segment) if box.kind == "moof"):
        found += _fragment_samples(segment, moof)
    return found


def fragment_count(segment: bytes) -> int:
    return sum(box.kind == "moof" for box in boxes(segment))


def decode_time(segment: bytes) -> int:
    """Decode time of the first sample, in ticks."""
    tfdt = find(segment, "moof", "traf", "tfdt")
    return struct.unpack_from(_time_code(segment, tfdt), segment, tfdt.content + 4)[0]


def duration(segment: bytes) -> int:
    """Sum of the samples' durations, in ticks."""
    return sum(sample.duration for sample in samples(segment))


def composition_times(segment: bytes) -> list[int]:
    """When each sample is shown, in ticks, sorted."""
    return sorted(sample.decode_time + sample.composition_offset for sample in samples(segment))


def first_sample_end(segment: bytes) -> int:
    """Bytes from the start of the segment to the end of its first sample: what a trick-play reader fetches."""
    mdat = find(segment, "mdat")
    return mdat.content + samples(segment)[0].size


def _time_code(segment: bytes, tfdt: Box) -> str:
    return ">Q" if segment[tfdt.content] else ">I"


def _fragment_samples(segment: bytes, moof: Box) -> list[Sample]:
    traf = find(segment, "traf", start=moof.content, end=moof.end)
    tfdt = find(segment, "tfdt", start=traf.content, end=traf.end)
    (time,) = struct.unpack_from(_time_code(segment, tfdt), segment, tfdt.content + 4)
    default_duration, default_size = _defaults(segment, find(segment, "tfhd", start=traf.content, end=traf.end))
    found = []
    for trun in (box for box in boxes(segment, traf.content, traf.end) if box.kind == "trun"):
        for length, size, offset in _run(segment, trun, default_duration, default_size):
            found.append(Sample(time, length, size, offset))
            time += length
    return found


def _defaults(segment: bytes, tfhd: Box) -> tuple[int, int]:
    """(duration, size) that samples have unless they say otherwise."""
    flags = int.from_bytes(segment[tfhd.content + 1:tfhd.content + 4], "big")
    place = tfhd.content + 8 + sum(width for flag, width in _TFHD_OPTIONAL if flags & flag)
    values = []
    for flag in (_TFHD_DEFAULT_DURATION, _TFHD_DEFAULT_SIZE):
        values.append(struct.unpack_from(">I", segment, place)[0] if flags & flag else 0)
        place += 4 if flags & flag else 0
    return values[0], values[1]


def _run(segment: bytes, trun: Box, default_duration: int, default_size: int) -> Iterator[tuple[int, int, int]]:
    """(duration, size, composition offset) of each sample of a run."""
    flags = int.from_bytes(segment[trun.content + 1:trun.content + 4], "big")
    (count,) = struct.unpack_from(">I", segment, trun.content + 4)
    place = trun.content + 8 + (4 if flags & _TRUN_OFFSET else 0) + (4 if flags & _TRUN_FIRST_FLAGS else 0)
    present = [flag for flag in _TRUN_FIELDS if flags & flag]
    for _ in range(count):
        fields = dict(zip(present, struct.unpack_from(f">{len(present)}I", segment, place), strict=True))
        place += 4 * len(present)
        offset = fields.get(0x800, 0)
        signed = offset - (1 << 32) if offset >= 1 << 31 else offset
        yield fields.get(0x100, default_duration), fields.get(0x200, default_size), signed
