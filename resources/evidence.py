"""A home's evidence: every statement signed as it is made, and in the log soon after.

Any number of processes record; one at a time sequences. The log, its envelopes and the trust root lie together in
`evidence/`, a folder that can be copied to a third party as it is, or in a bucket (`resources/records_place.py`).
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from audit.records import CHECKPOINT, INBOX, REFUSED, TRUST_ROOT, WITNESSED, envelope_name, getter, put
from resources.disk import explained, write_atomically
from resources.errors import Conflict, ResourceError
from resources.home import Home
from resources.leases import Leases
from resources.log_files import LogFiles
from resources.records_place import EVIDENCE, LEASES, bucket_of

if TYPE_CHECKING:  # everything with cryptography in it is loaded when something is signed: a plan never waits for it
    from securesystemslib.signer import Signer  # pyright: ignore[reportPrivateImportUsage]  # public, but no __all__

    from audit.decided import Decided
    from audit.log import Inclusion, Log
    from audit.notes import Checkpoint
    from audit.publications import History
    from audit.trust import TrustRoot
    from resources.keys import KeyRing
    from resources.log_bucket import LogBucket

LEASE = "evidence/sequencer"
POLL_S = 0.05
NOTHING = "@"
"""No partition is called so."""


class SequencerBusy(ResourceError):
    """Another process is sequencing and did not end in time."""


class Evidence:
    """Recording, logging and proving, for one home."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.root = home.root / EVIDENCE
        bucket, leases = bucket_of(home.root, EVIDENCE), bucket_of(home.root, LEASES)
        self.records: LogFiles | LogBucket = bucket or LogFiles(self.root)
        self.where = bucket.where if bucket else str(self.root)
        self.leases = Leases(leases) if leases else home.leases
        if bucket is None:
            with explained(self.root):
                self.root.mkdir(exist_ok=True)

    @cached_property
    def keys(self) -> KeyRing:
        """The home's private keys and trust root."""
        from resources.keys import FOLDER as KEYS
        from resources.keys import KeyRing

        return KeyRing(self.home.root / KEYS, self.records)

    @property
    def trust(self) -> TrustRoot:
        """The home's trust root; a new home gets its keys now."""
        return self.keys.set_up()

    @property
    def log(self) -> Log:
        from audit.log import Log

        return Log(getter(self.records))

    @cached_property
    def builder(self) -> Signer:
        from audit.trust import BUILDER

        return self.keys.signer(BUILDER)

    def record(self, statement: bytes, authority: str | None = None) -> str:
        """Signs the statement of an executed action with the builder's key and puts it into the inbox.

        `statement`: canonical JSON, as `audit.canonical.encode` gives it. `authority`: address of the one that attests
        when it was signed. Returns its SHA-256. To be called after the outputs are stored and before the result is
        recorded. Thread-safe; repeating it does nothing. Raises SecretRefused, and AuthorityUnusable.
        """
        from audit.envelopes import sign
        from audit.secrets import refuse_secrets

        refuse_secrets(statement, os.environ)
        envelope = sign(statement, self.builder)
        self.attest(envelope, authority)
        return self.submit(envelope)

    def submit(self, envelope: bytes) -> str:
        """Puts a signed statement, anybody's, into the inbox. Returns the statement's SHA-256."""
        from audit.sequencing import submit

        with suppress(Conflict):  # somebody is putting the very same there
            return submit(self.records, envelope)
        return submit(self.records, envelope)

    def attest(self, subject: bytes, authority: str | None) -> None:
        """Has the time of an envelope or of a checkpoint's text attested, where there is an authority (its address).

        Raises AuthorityUnusable: where signed time was asked for, nothing goes on without it.
        """
        if authority is None:
            return
        from audit.times import token_name
        from resources.timestamps import token_for

        name = token_name(subject)
        if self.records.read(name) is None:
            put(self.records, name, token_for(subject, authority))

    def ensure(self, statements: Iterable[str]) -> list[str]:
        """Records anew what is neither logged nor waiting, for statements in the home's store; returns which.

        For a result whose envelope was lost to a power cut (`microdrama audit log`). It signs what the store holds, so
        a person asks for it, who sees what is signed; no render and no gate does so by itself.
        """
        log = self.log
        waiting = {found[0].decode() for found in self.records.read_all(self.records.names(INBOX)) if found}
        lost = [one for one in statements if one not in waiting and log.position(one) is None]
        for statement in lost:
            self.record(self.home.objects.get(statement))
        return lost

    def pending(self) -> int:
        """How many envelopes wait to be logged."""
        return sum(1 for _ in self.records.names(INBOX))

    def refused(self) -> Iterator[tuple[str, str]]:
        """Envelopes (by SHA-256) that the sequencer did not log, with the reason."""
        for name in self.records.names(REFUSED):
            found = self.records.read(name)
            if found is not None:
                yield name.rsplit("/", 1)[1], json.loads(found[0])["reason"]

    def sequence(self, wait_s: float = 60.0) -> Checkpoint | None:
        """Logs everything that waits; returns the newest checkpoint, None while the log is empty.

        Waits while another process does it. Raises SequencerBusy after `wait_s`, and EvidenceError where the log is
        damaged or its key may not sign.
        """
        from audit.sequencing import Sequencer
        from audit.trust import LOG

        ends = time.monotonic() + wait_s
        while True:
            with self.leases.held(LEASE) as mine:
                if mine:
                    with suppress(Conflict):  # a lease that ran out: another sequencer came in between
                        return Sequencer(self.records, self.trust, self.keys.signer(LOG)).run()
            if not self.pending():
                return self.log.checkpoint()
            if time.monotonic() > ends:
                raise SequencerBusy("another process has been appending to the log all the time", self.where,
                                    "Try again; nothing is lost, statements wait in the inbox")
            time.sleep(POLL_S)

    def decided(self) -> Decided:
        """Every decision in the log, with every statement that it holds. Raises the first EvidenceError of a log that
        does not hold."""
        return self.history(NOTHING).decided

    def history(self, partition: str | None = None) -> History:
        """Every decision in the log, and every publication, or those of a partition (`e001@us`) alone, in any series.

        Envelopes that were read once are not read again, so that it can be asked before every step. Raises the first
        EvidenceError of a log that does not hold.
        """
        from audit.remembered import PLACE, history, opened

        place, trust = self.home.root / PLACE, self.trust
        memory = opened(place.read_bytes() if place.exists() else None, trust)
        found, now = history(getter(self.records), trust, memory, partition)
        if now is not None and now != memory:
            write_atomically(place, now.signed(self.builder), self.home.root / "tmp")
        return found

    def extract(self, statements: Collection[str]) -> dict[str, bytes]:
        """What proves some statements (SHA-256) without the log, as files by name. Raises StatementMissing."""
        from audit.proofs import extract

        return extract(getter(self.records), statements)

    def inclusion(self, statement: str) -> Inclusion | None:
        """A verified proof that a statement is in the log, None where it is not (yet). Raises merkle.ProofError."""
        found = self.log.inclusion(statement)
        if found is not None:
            found.verify()
        return found

    def export(self, target: Path, statements: Collection[str] | None = None) -> Path:
        """A copy of log, envelopes and trust root in `target/evidence`, for a third party. Holds no private key.

        `statements`: SHA-256 of those to copy; None copies all. The log is whole either way: of the others it holds
        digests. The checkpoint is copied last, so a log that grows meanwhile does no harm.
        """
        from audit.holdings import SELECTION, selection_record
        from audit.log import Log
        from audit.notes import parse_checkpoint
        from audit.times import token_name, token_of

        place, get = target / EVIDENCE, getter(self.records)
        data = {name: held for name in (TRUST_ROOT, WITNESSED, CHECKPOINT) if (held := get(name)) is not None}
        log = Log(lambda name: data.get(name) or get(name))
        wanted = [entry.envelope for _, entry in log.entries() if statements is None or entry.statement in statements]
        with explained(place):
            shutil.rmtree(place, ignore_errors=True)
            for listing in (self.records.names("tile"), self.records.names("tile"), map(envelope_name, wanted)):
                for name in listing:  # tiles twice: partial ones make way for full ones meanwhile
                    _write(place / name, get(name))
            if statements is not None:
                (place / SELECTION).write_bytes(selection_record(wanted))
            times = {token_of(envelope) for envelope in wanted}
            if CHECKPOINT in data:
                times.add(token_name(parse_checkpoint(data[CHECKPOINT]).text))
            for name in times & set(self.records.names("times")):
                _write(place / name, get(name))
            for name, held in data.items():
                (place / name).write_bytes(held)
        return place


def _write(place: Path, data: bytes | None) -> None:
    """None: it made way for something newer meanwhile."""
    if data is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
