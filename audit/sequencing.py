"""From many writers to one order: statements wait in an inbox, one sequencer makes them entries of the log.

A batch is decided by one compare-and-swap of `plan`, which holds its entries in order; whoever finds a plan ahead of
the checkpoint completes it, and all would write the same bytes. So a crash at any moment, or a sequencer that wakes
up late, leaves one history:

    plan -> bundles and tiles -> (flush) -> checkpoint -> (flush) -> inbox emptied

A checkpoint is signed only over a tree that begins with the one signed before.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from securesystemslib.signer import Signer  # pyright: ignore[reportPrivateImportUsage]  # public, but without __all__

from audit import canonical, instants
from audit.canonical import sha256_hex
from audit.checkpoints import verify_checkpoint
from audit.envelopes import open_envelope, verify
from audit.errors import EvidenceError, LogRolledBack, StatementTampered, TileTampered, UnknownVersion
from audit.log import Entry, Log, decode_entry
from audit.notes import Checkpoint, sign_text
from audit.records import (
    CHECKPOINT,
    INBOX,
    PLAN,
    REFUSED,
    Records,
    envelope_name,
    getter,
    put,
    version_of,
)
from audit.tiles import Tiles, grown, superseded
from audit.trust import LOG, TrustRoot

BATCH = 1024
"""Entries decided at once: a plan of about 250 kB."""
PLAN_VERSION = 1


def submit(records: Records, envelope: bytes) -> str:
    """Stores an envelope and puts it into the inbox. Returns the SHA-256 of its statement.

    Submitting again does nothing. Errors of `records.swap` pass through where another process does the same.
    """
    statement, digest = sha256_hex(open_envelope(envelope).payload), sha256_hex(envelope)
    held = records.read(envelope_name(digest))
    if held is None or held[0] != envelope:
        put(records, f"{INBOX}/{digest}", statement.encode())  # first, or a crash in between would leave it unlogged
        put(records, envelope_name(digest), envelope)
    return statement


class Sequencer:
    """Appends what waits in the inbox. Run one at a time; a second one fails with the conflict of `records.swap`."""

    def __init__(self, records: Records, trust: TrustRoot, signer: Signer, batch: int = BATCH) -> None:
        self.records = records
        self.trust = trust
        self.signer = signer
        self.batch = batch
        self.log = Log(getter(records))

    def run(self) -> Checkpoint | None:
        """Logs everything in the inbox; returns the newest checkpoint, None while the log is empty.

        Raises KeyRevoked, KeyNotValid or RoleMissing where the key may not sign now, and EvidenceError where the log
        is damaged: then nothing is signed.
        """
        self.trust.find(self.signer.public_key.keyid).check(instants.now(), [LOG])
        version = self._settle()
        waiting = [name.rsplit("/", 1)[1] for name in self.records.names(INBOX)]
        for start in range(0, len(waiting), self.batch):
            entries = self._entries(waiting[start:start + self.batch])
            if entries:
                self._decide(entries, version)
                version = self._settle()
        return self.log.checkpoint()

    def _entries(self, digests: Sequence[str]) -> list[tuple[str, str]]:
        """Statement and envelope of what is to be logged; what must not be leaves the inbox with the reason."""
        found: list[tuple[str, str]] = []
        for digest, stored in zip(digests, self.records.read_all(map(envelope_name, digests)), strict=True):
            if stored is None:  # its writer is between two writes, or died there and will submit it again
                continue
            try:
                found.append((self._sound(stored[0], digest), digest))
            except EvidenceError as error:
                reason = {"code": error.code, "reason": str(error), "envelope": stored[0].decode(errors="replace")}
                put(self.records, f"{REFUSED}/{digest}", canonical.encode(reason))
                self.records.discard([envelope_name(digest)])
                self.records.discard([f"{INBOX}/{digest}"])
        return found

    def _sound(self, data: bytes, digest: str) -> str:
        """The statement's SHA-256, where the envelope is whole and signed by a key that is valid now."""
        if sha256_hex(data) != digest:
            raise StatementTampered("the envelope holds other bytes than were submitted", digest)
        envelope = open_envelope(data, digest)
        verify(envelope, self.trust, instants.now(), {role for key in self.trust.keys for role in key.roles})
        return sha256_hex(envelope.payload)

    def _decide(self, entries: Sequence[tuple[str, str]], version: str | None) -> None:
        start, logged = self._end()
        logged = max(logged, instants.now())
        encoded = [Entry(statement, envelope, logged).encode().decode() for statement, envelope in entries]
        plan = canonical.encode({"v": PLAN_VERSION, "start": start, "entries": encoded})
        self.records.swap(PLAN, plan, version)

    def _end(self) -> tuple[int, str]:
        """Where the last plan ends, and when it was made."""
        start, entries, _ = self._plan()
        return start + len(entries), entries[-1].logged if entries else ""

    def _plan(self) -> tuple[int, list[Entry], str | None]:
        found = self.records.read(PLAN)
        if found is None:
            return 0, [], None
        plan: dict[str, Any] = json.loads(found[0])
        if plan["v"] != PLAN_VERSION:
            raise UnknownVersion(f"the plan is in version {plan['v']!r}, this program knows {PLAN_VERSION}", PLAN)
        start = int(plan["start"])
        entries = [decode_entry(text.encode(), at) for at, text in enumerate(plan["entries"], start)]
        return start, entries, found[1]

    def _settle(self) -> str | None:
        """Completes what was decided, however far it came. Returns the plan's version.

        What looks damaged while another sequencer goes on is looked at again: it was read half before, half after.
        """
        while True:
            start, entries, version = self._plan()
            checkpoint = self.log.checkpoint()
            try:
                self._complete(checkpoint, start, entries)
            except EvidenceError:
                if self._plan()[2] == version and self.log.checkpoint() == checkpoint:
                    raise
                continue
            self._tidy(start, entries)
            return version

    def _complete(self, checkpoint: Checkpoint | None, start: int, entries: Sequence[Entry]) -> None:
        if checkpoint is not None:
            verify_checkpoint(checkpoint, self.trust)
        size = checkpoint.size if checkpoint else 0
        if size == start and entries:
            self._extend(checkpoint, start, entries)
        elif size != start + len(entries):
            raise LogRolledBack(f"the plan leads to {start + len(entries)} entries, the checkpoint has {size}", PLAN,
                                "Part of the evidence was restored from elsewhere: restore all of it, from the newest")

    def _extend(self, old: Checkpoint | None, start: int, entries: Sequence[Entry]) -> None:
        get = getter(self.records)
        tiles = Tiles(get, start)
        if old is not None and tiles.root() != old.root:
            raise TileTampered("the stored hashes do not have the root that was signed; nothing is appended", "tile",
                               "Run: python -m audit verify on this folder, then restore it from a copy")
        for name, data in grown(tiles, [entry.encode() for entry in entries]).items():
            put(self.records, name, data)
        self.records.flush()
        size = start + len(entries)
        new = Checkpoint(self.trust.origin, size, Tiles(get, size).root())
        new = new.with_signature(sign_text(new.text, new.origin, self.signer))
        self.records.swap(CHECKPOINT, new.note(), version_of(old.note()) if old else None)
        self.records.flush()

    def _tidy(self, start: int, entries: Sequence[Entry]) -> None:
        self.records.discard(f"{INBOX}/{entry.envelope}" for entry in entries)
        self.records.discard([name for folder in superseded(start, start + len(entries))
                              for name in self.records.names(folder)])
