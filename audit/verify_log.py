"""Is the log what was signed: its checkpoint, every entry in its place, and the history seen before.

Entries are kept twice, as bundles and as hashes in tiles. Where the two differ, the one that has the signed root
tells what was done to the other: deleted, inserted, reordered or edited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from audit import merkle
from audit.checkpoints import require_continuation, verify_checkpoint, witnesses_of
from audit.errors import (
    EntriesReordered,
    EntryDeleted,
    EntryEdited,
    EntryInserted,
    EntryRepeated,
    EvidenceError,
    LogRewritten,
    LogTruncated,
    TileTampered,
    TimesReversed,
    Unusable,
)
from audit.instants import later
from audit.log import Entry, Log, decode_entry
from audit.notes import Checkpoint, parse_checkpoint
from audit.records import WITNESSED
from audit.report import Progress, Report
from audit.tiles import HASH_BYTES, WIDTH, Get, Tiles, bundle_name, tile_name, unpack
from audit.trust import LOG, TrustRoot

CLOCKS_APART_S = 300
"""How far a witness's clock may be behind the sequencer's before its time contradicts the log's."""


@dataclass(frozen=True)
class SoundLog:
    """A log that is what was signed."""

    checkpoint: Checkpoint
    leaves: Sequence[bytes]
    entries: Sequence[tuple[int, Entry]]
    """Positions and entries; those that could not be read are in the report and not here."""


def verify_log(get: Get, trust: TrustRoot, remembered: Sequence[Checkpoint], report: Report,
               progress: Progress) -> SoundLog | None:
    """Verifies and reports; None where entries cannot be relied on. Raises Unusable where there is no log."""
    tree = verify_tree(get, trust, report, progress)
    if tree is None:
        return None
    checkpoint, raw, leaves = tree
    entries = read_entries(raw, report)
    for key in verify_checkpoint(checkpoint, trust) if entries else ():
        _collect(report, lambda key=key: key.check(entries[-1][1].logged, [LOG]))
    verify_freshness(get, trust, remembered, checkpoint, leaves, entries, report)
    return SoundLog(checkpoint, leaves, entries)


def verify_tree(get: Get, trust: TrustRoot, report: Report,
                progress: Progress) -> tuple[Checkpoint, list[bytes], list[bytes]] | None:
    """Checkpoint, entries and their hashes, where they are the ones signed. Raises Unusable where there is no log."""
    try:
        checkpoint = Log(get).checkpoint()
        if checkpoint is None:
            raise Unusable("there is no checkpoint here", "checkpoint", "Give a folder that holds an evidence log")
        signers = verify_checkpoint(checkpoint, trust)
    except Unusable:
        raise
    except EvidenceError as error:
        report.failures.append(error)
        return None
    raw, damage = read_bundles(get, checkpoint.size, progress)
    leaves = merkle.leaf_hashes(raw)
    blocks = blocks_of(leaves)
    if damage or merkle.root(blocks) != checkpoint.root:
        report.failures += damage or what_was_done(get, leaves, checkpoint)
        return None
    report.failures += tile_damage(get, leaves, blocks)
    report.checkpoint = checkpoint.note()
    report.verified.append(
        f"checkpoint of {checkpoint.origin}: {checkpoint.size} entries, root {checkpoint.root.hex()[:16]}, signed by"
        f" {', '.join(key.name for key in signers)}")
    report.verified.append(f"{checkpoint.size} entries are the ones signed, in their order, none missing")
    return checkpoint, raw, leaves


def read_bundles(get: Get, size: int, progress: Progress) -> tuple[list[bytes], list[EvidenceError]]:
    """Every entry's bytes, and bundles that cannot be read at all. Missing ones are left for the comparison."""
    raw: list[bytes] = []
    damage: list[EvidenceError] = []
    for index in range(-(-size // WIDTH)):
        width = min(WIDTH, size - index * WIDTH)
        name = bundle_name(index, width)
        data = get(name)
        if data is None and width < WIDTH:
            whole = get(bundle_name(index))
            data = None if whole is None else b"".join(
                len(entry).to_bytes(2, "big") + entry for entry in unpack(whole, bundle_name(index))[:width])
        try:
            raw += unpack(data or b"", name)
        except EvidenceError as error:
            damage.append(error)
        progress("log", min(size, (index + 1) * WIDTH), size)
    return raw, damage


def blocks_of(leaves: Sequence[bytes]) -> list[bytes]:
    """Roots of every 256 leaves, the last ones of fewer: the root over them is the root over the leaves."""
    return [merkle.root(leaves[at:at + WIDTH]) for at in range(0, len(leaves), WIDTH)]


def root_of(leaves: Sequence[bytes]) -> bytes:
    return merkle.root(blocks_of(leaves))


def tile_damage(get: Get, leaves: Sequence[bytes], blocks: Sequence[bytes]) -> list[EvidenceError]:
    """Tiles that do not hold the hashes of a log whose entries are sound."""
    found: list[EvidenceError] = []
    tiles, level, hashes, above = Tiles(get, len(leaves)), 0, leaves, blocks
    while hashes:
        for index in range(-(-len(hashes) // WIDTH)):
            part = hashes[index * WIDTH:(index + 1) * WIDTH]
            try:
                if tiles.hashes(level, index) != b"".join(part):
                    found.append(TileTampered("these are not the hashes of the entries",
                                              tile_name(level, index, len(part)), "The entries are sound"))
            except EvidenceError as error:
                found.append(error)
        level, hashes = level + 1, above[:len(hashes) // WIDTH]
        above = blocks_of(hashes)
    return found


def what_was_done(get: Get, leaves: Sequence[bytes], checkpoint: Checkpoint) -> list[EvidenceError]:
    """Names for the difference between the entries found and those that were signed."""
    signed = _signed_leaves(get, checkpoint)
    if signed is None:
        if len(leaves) < checkpoint.size:
            return [LogTruncated(f"{len(leaves)} entries are here, {checkpoint.size} were signed")]
        return [LogRewritten(f"the {checkpoint.size} entries do not have the root that was signed, and the tiles do not"
                             f" tell which of them were edited or exchanged", remedy="Compare with another copy")]
    if list(leaves) == signed[:len(leaves)]:
        return [LogTruncated(f"the entries from {len(leaves)} to {len(signed) - 1} are missing")]
    if Counter(leaves) == Counter(signed):
        moved = [at for at, (found, due) in enumerate(zip(leaves, signed, strict=True)) if found != due]
        return [EntriesReordered(f"{len(moved)} entries stand in places of others, from entry {moved[0]} on")]
    known, here = set(signed), set(leaves)
    if len(leaves) < len(signed):
        lost = [at for at, leaf in enumerate(signed) if leaf not in here]
        return [EntryDeleted("the entry is missing", f"entry {at}") for at in lost]
    if len(leaves) > len(signed):
        new = [at for at, leaf in enumerate(leaves) if leaf not in known]
        return [EntryInserted("no such entry was signed", f"entry {at}") for at in new or [len(signed)]]
    return [EntryEdited("this is not the entry that was signed", f"entry {at}")
            for at, (found, due) in enumerate(zip(leaves, signed, strict=True)) if found != due]


def _signed_leaves(get: Get, checkpoint: Checkpoint) -> list[bytes] | None:
    tiles = Tiles(get, checkpoint.size)
    try:
        data = b"".join(tiles.hashes(0, index) for index in range(-(-checkpoint.size // WIDTH)))
    except EvidenceError:
        return None
    leaves = [data[at:at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]
    return leaves if root_of(leaves) == checkpoint.root else None


def read_entries(raw: Sequence[bytes], report: Report) -> list[tuple[int, Entry]]:
    """The entries, with failures for those of other versions, twice the same, or out of time."""
    entries: list[tuple[int, Entry]] = []
    seen: dict[str, int] = {}
    last = ""
    for at, data in enumerate(raw):
        try:
            entry = decode_entry(data, at)
        except EvidenceError as error:
            report.failures.append(error)
            continue
        if entry.envelope in seen:
            report.failures.append(EntryRepeated(f"it is entry {seen[entry.envelope]} again", f"entry {at}"))
        if entry.logged < last:
            report.failures.append(TimesReversed(f"logged at {entry.logged}, after an entry of {last}", f"entry {at}"))
        seen.setdefault(entry.envelope, at)
        last = max(last, entry.logged)
        entries.append((at, entry))
    return entries


def verify_freshness(get: Get, trust: TrustRoot, remembered: Sequence[Checkpoint], checkpoint: Checkpoint,
                     leaves: Sequence[bytes], entries: Sequence[tuple[int, Entry]], report: Report) -> None:
    """Does this log go on from what others saw? Without a witness or a memory nobody can tell, and it says so."""
    told = False
    for old in remembered:
        def continues(old: Checkpoint = old) -> None:
            verify_checkpoint(old, trust, "remembered checkpoint")
            require_continuation(old, _root_at(leaves, old.size), checkpoint, "remembered checkpoint")
            report.verified.append(f"the log goes on from the remembered checkpoint of {old.size} entries")

        told = True
        _collect(report, continues)
    try:
        told = _verify_witnessed(get(WITNESSED), trust, checkpoint, leaves, entries, report) or told
    except EvidenceError as error:
        report.failures.append(error)
        told = True
    if not told:
        report.not_verified.append(
            "freshness not verified: there is no witness's cosignature and no remembered checkpoint. Nothing here was"
            " altered, but later entries may have been held back")


def _verify_witnessed(data: bytes | None, trust: TrustRoot, checkpoint: Checkpoint, leaves: Sequence[bytes],
                      entries: Sequence[tuple[int, Entry]], report: Report) -> bool:
    """Whether a known witness cosigned what is kept beside the log."""
    if data is None:
        return False
    seen = parse_checkpoint(data, WITNESSED)
    verify_checkpoint(seen, trust, WITNESSED)
    names = witnesses_of(seen, trust)
    require_continuation(seen, _root_at(leaves, seen.size), checkpoint, WITNESSED)
    for name, instant in names.items():
        report.verified.append(f"{name} witnessed the first {seen.size} entries at {instant}")
        report.failures += later_than_witnessed(name, instant, seen.size, entries)
    if names and seen.size < checkpoint.size:
        report.not_verified.append(f"the {checkpoint.size - seen.size} newest entries came after the last cosignature")
    return bool(names)


def later_than_witnessed(name: str, instant: str, size: int,
                         entries: Sequence[tuple[int, Entry]]) -> list[EvidenceError]:
    """The first of the first `size` entries that claims to be logged after somebody saw it at an instant, if any."""
    bound = later(instant, CLOCKS_APART_S)
    late = next((at for at, entry in entries if at < size and entry.logged > bound), None)
    return [] if late is None else [TimesReversed(f"logged after {name} saw it at {instant}", f"entry {late}")]


def _root_at(leaves: Sequence[bytes], size: int) -> bytes | None:
    return None if size > len(leaves) else root_of(leaves[:size])


def _collect(report: Report, check: Callable[[], None]) -> None:
    try:
        check()
    except EvidenceError as error:
        report.failures.append(error)
