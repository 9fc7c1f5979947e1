"""RFC 6962 Merkle trees: hashes, roots, and proofs of inclusion and of consistency.

Needs nothing but hashlib. Building follows RFC 6962 section 2.1, verifying the algorithms of RFC 9162 sections
2.1.3.2 and 2.1.4.2 (the same tree, with the checks written out). A leaf hash is 32 bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()
Subtree = Callable[[int, int], bytes]
"""Hash over the leaves from start (inclusive) to end (exclusive): MTH(D[start:end])."""


class ProofError(ValueError):
    """A proof that does not prove what it should."""


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """`leaf_hash` of each."""
    sha256 = hashlib.sha256
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes. A node without a sibling rises unhashed, which is the split at a power of two."""
    if not leaf_hashes:
        return EMPTY_ROOT
    sha256, level = hashlib.sha256, list(leaf_hashes)
    while len(level) > 1:
        above = [sha256(b"\x01" + left + right).digest()
                 for left, right in zip(level[::2], level[1::2], strict=False)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def inclusion_proof(subtree: Subtree, index: int, size: int) -> list[bytes]:
    """The audit path of leaf `index` in a tree of `size` leaves, 0 <= index < size; at most log2(size) + 1 hashes."""
    if not 0 <= index < size:
        raise ProofError(f"a tree of {size} leaves has no leaf {index}")

    def path(at: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + split(end - start)
        if at < middle:
            return [*path(at, start, middle), subtree(middle, end)]
        return [*path(at, middle, end), subtree(start, middle)]

    return path(index, 0, size)


def consistency_proof(subtree: Subtree, old: int, new: int) -> list[bytes]:
    """That the tree of `new` leaves begins with the tree of `old` leaves, 0 < old <= new."""
    if not 0 < old <= new:
        raise ProofError(f"no consistency proof leads from {old} to {new} leaves")

    def proof(at: int, start: int, end: int, whole: bool) -> list[bytes]:
        if at == end - start:
            return [] if whole else [subtree(start, end)]
        k = split(end - start)
        if at <= k:
            return [*proof(at, start, start + k, whole), subtree(start + k, end)]
        return [*proof(at - k, start + k, end, False), subtree(start, start + k)]

    return proof(old, 0, new, True)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> None:
    """Raises ProofError unless the leaf hash is leaf `index` of the tree with this size and root."""
    if not 0 <= index < size:
        raise ProofError(f"a tree of {size} leaves has no leaf {index}")
    fn, sn, found = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            raise ProofError("the inclusion proof is too long")
        if fn & 1 or fn == sn:
            found = node_hash(sibling, found)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = node_hash(found, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise ProofError("the inclusion proof is too short")
    if found != expected:
        raise ProofError("the inclusion proof leads to another root")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raises ProofError unless the tree of `new` leaves begins with the tree of `old` leaves, 0 <= old <= new."""
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {new} leaves does not hold one of {old}")
    if old in (0, new):
        if proof or (old == new and old_root != new_root) or (old == 0 and old_root != EMPTY_ROOT):
            raise ProofError("the two trees differ" if old_root != new_root else "the consistency proof is too long")
        return
    if not proof:
        raise ProofError("the consistency proof is empty")
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for hash_ in path[1:]:
        if sn == 0:
            raise ProofError("the consistency proof is too long")
        if fn & 1 or fn == sn:
            first, second = node_hash(hash_, first), node_hash(hash_, second)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, hash_)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise ProofError("the consistency proof is too short")
    if first != old_root:
        raise ProofError("the consistency proof leads to another old root")
    if second != new_root:
        raise ProofError("the consistency proof leads to another new root")


def split(size: int) -> int:
    """The largest power of two below `size`, size >= 2."""
    return 1 << (size - 1).bit_length() - 1
