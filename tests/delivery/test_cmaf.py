"""Boxes: fragments move in time and nothing else about them changes."""

from __future__ import annotations

import struct

import pytest

from microdrama_assets.delivery import cmaf
from microdrama_assets.delivery.errors import DeliveryError


def box(kind: str, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind.encode()) + content


def fragment(time: int, *, wide: bool = True, payload: bytes = b"abcdef") -> bytes:
    """Two samples of 1000 ticks, 4 and 2 bytes, composition offsets 0 and -500."""
    tfdt = box("tfdt", struct.pack(">BxxxQ" if wide else ">BxxxI", int(wide), time))
    tfhd = box("tfhd", struct.pack(">II", 0x20008, 1) + struct.pack(">I", 1000))
    trun = box("trun", struct.pack(">III", 0x01000A01, 2, 100) + struct.pack(">IiIi", 4, 0, 2, -500))
    moof = box("moof", box("mfhd", struct.pack(">II", 0, 7)) + box("traf", tfhd + tfdt + trun))
    return moof + box("mdat", payload)


@pytest.mark.parametrize("wide", [True, False], ids=["64-bit times", "32-bit times"])
def test_retiming_changes_only_time_and_number(wide: bool) -> None:
    """A moved fragment is, byte for byte, the fragment that would have been written there."""
    moved = cmaf.retime(fragment(500, wide=wide), 90_000, 12)
    assert cmaf.decode_time(moved) == 90_500
    back = cmaf.retime(moved, -90_000, 7)
    assert back == fragment(500, wide=wide)
    assert sum(a != b for a, b in zip(moved, fragment(500, wide=wide), strict=True)) <= 9


def test_every_fragment_of_a_segment_is_moved() -> None:
    """A segment with a joined tail keeps the distance between its fragments, and numbers them on."""
    moved = cmaf.retime(fragment(0) + fragment(2000), 30_000, 3)
    assert cmaf.composition_times(moved) == [30_000, 30_500, 32_000, 32_500]
    assert [moved[place + 8:place + 12] for place in _places(moved, b"mfhd")] == [b"\0\0\0\3", b"\0\0\0\4"]


def test_samples_are_read_with_defaults_and_signed_offsets() -> None:
    """Durations come from the fragment's default where the run gives none; offsets may be negative."""
    assert cmaf.samples(fragment(100)) == [cmaf.Sample(100, 1000, 4, 0), cmaf.Sample(1100, 1000, 2, -500)]
    assert cmaf.duration(fragment(0)) == 2000
    assert fragment(0)[:cmaf.first_sample_end(fragment(0))].endswith(b"abcd")


def test_a_time_that_does_not_fit_is_refused() -> None:
    """32-bit times end after 39 hours; wrapping round would put the fragment at the start."""
    with pytest.raises(DeliveryError, match="does not fit"):
        cmaf.retime(fragment(0, wide=False), 1 << 32, 1)


def test_split_keeps_headers_and_fragments_and_drops_the_rest() -> None:
    """Indexes that playlists replace do not reach the segments."""
    data = box("ftyp", b"cmfc") + box("moov", b"m") + box("styp", b"x") + box("sidx", b"y") + fragment(0)
    assert cmaf.split(data + box("mfra", b"z")) == (box("ftyp", b"cmfc") + box("moov", b"m"), [fragment(0)])


@pytest.mark.parametrize(("data", "message"), [
    (b"\0\0\0", "cut off at byte 0"),
    (struct.pack(">I4s", 4, b"moof"), "moof at byte 0 claims 4 bytes"),
    (struct.pack(">I4s", 99, b"mdat") + b"short", "mdat at byte 0 claims 99 bytes"),
    (box("mdat", b""), "has no moof before it"),
], ids=["half a header", "smaller than its header", "longer than the file", "data without a header"])
def test_damaged_boxes_are_told_and_never_looped_over(data: bytes, message: str) -> None:
    """A damaged file is an error with a place, not an endless loop or a silent cut."""
    with pytest.raises(DeliveryError, match=message):
        cmaf.split(data)


def _places(data: bytes, kind: bytes) -> list[int]:
    found, place = [], data.find(kind)
    while place >= 0:
        found.append(place)
        place = data.find(kind, place + 1)
    return found
