"""The tree as files: C2SP tlog-tiles. Hashes in tiles of 256, entries in bundles of 256, nothing ever rewritten.

A full tile at level L holds 256 hashes, each over 256**L leaves; the last of each level may be partial, under a name
that says how many hashes it has. So appending writes what was added, and a proof reads one tile per level.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from audit import merkle
from audit.errors import EntryMalformed, LogTruncated, TileTampered

WIDTH = 256
HASH_BYTES = 32
Get = Callable[[str], bytes | None]
"""Bytes of a record by name, None where there is none."""


def tile_name(level: int, index: int, width: int = WIDTH) -> str:
    """`tile/<level>/<index>`, with `.p/<width>` where it is partial."""
    return f"tile/{level}/{_number(index)}" + (f".p/{width}" if width < WIDTH else "")


def bundle_name(index: int, width: int = WIDTH) -> str:
    """`tile/entries/<index>`, with `.p/<width>` where it is partial."""
    return f"tile/entries/{_number(index)}" + (f".p/{width}" if width < WIDTH else "")


def _number(index: int) -> str:
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at:at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])


class Tiles:
    """The hashes and entries of a tree of `size` leaves, read by name and remembered."""

    def __init__(self, get: Get, size: int) -> None:
        self.get = get
        self.size = size
        self._read: dict[tuple[int, int], bytes] = {}

    def hashes(self, level: int, index: int) -> bytes:
        """A tile's bytes, cut to what a tree of this size has. Raises LogTruncated or TileTampered."""
        if (level, index) not in self._read:
            width = min(WIDTH, (self.size >> 8 * level) - index * WIDTH)
            name = tile_name(level, index, width)
            data = self.get(name)
            if data is None and width < WIDTH:
                data = self.get(tile_name(level, index))
            elif data is not None and len(data) != width * HASH_BYTES:
                raise TileTampered(f"holds {len(data)} bytes, not {width} hashes", name)
            if data is None or len(data) < width * HASH_BYTES:
                raise LogTruncated("this part of the tree is missing", name)
            self._read[level, index] = data[:width * HASH_BYTES]
        return self._read[level, index]

    def subtree(self, start: int, end: int) -> bytes:
        """MTH(D[start:end]) for the ranges that proofs ask for."""
        count = end - start
        if count == 0:
            return merkle.EMPTY_ROOT
        if count & (count - 1) == 0 and start % count == 0:
            return self._complete(start, count.bit_length() - 1)
        middle = start + merkle.split(count)
        return merkle.node_hash(self.subtree(start, middle), self.subtree(middle, end))

    def root(self) -> bytes:
        return self.subtree(0, self.size)

    def _complete(self, start: int, height: int) -> bytes:
        level, rest = divmod(height, 8)
        first = start >> 8 * level
        data = self.hashes(level, first // WIDTH)
        at = first % WIDTH
        return merkle.root([data[i * HASH_BYTES:(i + 1) * HASH_BYTES] for i in range(at, at + (1 << rest))])

    def bundle(self, index: int) -> list[bytes]:
        """The entries of one bundle, as many as are there, at most what a tree of this size has."""
        width = min(WIDTH, self.size - index * WIDTH)
        name = bundle_name(index, width)
        data = self.get(name)
        if data is None and width < WIDTH:
            data = self.get(bundle_name(index))
        if data is None:
            raise LogTruncated("these entries are missing", name)
        return unpack(data, name)[:width]

    def entry(self, index: int) -> bytes:
        """One entry. Raises LogTruncated."""
        bundle = self.bundle(index // WIDTH)
        if index % WIDTH >= len(bundle):
            raise LogTruncated(f"entry {index} is missing", bundle_name(index // WIDTH))
        return bundle[index % WIDTH]


def grown(tiles: Tiles, entries: Sequence[bytes]) -> dict[str, bytes]:
    """The files to write, by name, for a tree that goes on with these entries (at least one)."""
    files = _grown_bundles(tiles, entries)
    level = 0
    added: list[bytes] = merkle.leaf_hashes(entries)
    while added:
        count = tiles.size >> 8 * level
        index, held = divmod(count, WIDTH)
        hashes = (tiles.hashes(level, index) if held else b"") + b"".join(added)
        added = []
        for start in range(0, len(hashes), WIDTH * HASH_BYTES):
            tile = hashes[start:start + WIDTH * HASH_BYTES]
            width = len(tile) // HASH_BYTES
            files[tile_name(level, index, width)] = tile
            if width == WIDTH:
                added.append(merkle.root([tile[i:i + HASH_BYTES] for i in range(0, len(tile), HASH_BYTES)]))
            index += 1
        level += 1
    return files


def superseded(old: int, new: int) -> list[str]:
    """Folders of partial tiles and bundles that full ones hold now, after growing from `old` to `new` leaves."""
    found: list[str] = []
    level = 0
    while old >> 8 * level:
        index, held = divmod(old >> 8 * level, WIDTH)
        if held and (new >> 8 * level) // WIDTH > index:
            found.append(f"tile/{level}/{_number(index)}.p")
            if level == 0:
                found.append(f"tile/entries/{_number(index)}.p")
        level += 1
    return found


def pack(entries: Sequence[bytes]) -> bytes:
    """A bundle: each entry after its length as a big-endian uint16."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unpack(data: bytes, where: str) -> list[bytes]:
    """The entries of a bundle. Raises EntryMalformed where a length leads past the end."""
    step = 2 + int.from_bytes(data[:2], "big")
    count, rest = divmod(len(data), step)
    if not rest and data[::step] == data[:1] * count and data[1::step] == data[1:2] * count:
        return [data[at:at + step - 2] for at in range(2, len(data), step)]  # all alike in length, as ours are
    entries: list[bytes] = []
    at, end = 0, len(data)
    while at < end:
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if at > end or start > end:
            raise EntryMalformed(f"entry {len(entries)} of the bundle is cut off", where)
        entries.append(data[start:at])
    return entries


def _grown_bundles(tiles: Tiles, entries: Sequence[bytes]) -> dict[str, bytes]:
    index, held = divmod(tiles.size, WIDTH)
    whole = [*(tiles.bundle(index) if held else []), *entries]
    files: dict[str, bytes] = {}
    for start in range(0, len(whole), WIDTH):
        part = whole[start:start + WIDTH]
        files[bundle_name(index, len(part))] = pack(part)
        index += 1
    return files
