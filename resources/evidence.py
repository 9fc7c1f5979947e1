"""A home's evidence: every statement signed as it is made, and in the log soon after.

Any number of processes record; one at a time sequences. The log, its envelopes and the trust root lie together in
`evidence/`, a folder that can be copied to a third party as it is.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from securesystemslib.signer import Signer  # pyright: ignore[reportPrivateImportUsage]  # public, but without __all__

from audit import envelopes
from audit.log import Inclusion, Log
from audit.notes import Checkpoint
from audit.records import INBOX, REFUSED, WITNESSED, getter, put
from audit.sequencing import Sequencer, submit
from audit.trust import BUILDER, LOG, TrustRoot
from resources.disk import explained
from resources.errors import Conflict, ResourceError
from resources.home import Home
from resources.keys import FOLDER as KEYS
from resources.keys import KeyRing
from resources.leases import Leases
from resources.refs import LocalRefs

FOLDER = "evidence"
LEASE = "evidence/sequencer"
POLL_S = 0.05
PRIVATE = ("inbox", "refused", "plan", "indexed")
"""What only the sequencer needs: left out of copies."""


class SequencerBusy(ResourceError):
    """Another process is sequencing and did not end in time."""


class Evidence:
    """Recording, logging and proving, for one home."""

    def __init__(self, home: Home) -> None:
        self.root = home.root / FOLDER
        with explained(self.root):
            self.root.mkdir(exist_ok=True)
        self.records = LocalRefs(self.root)
        self.keys = KeyRing(home.root / KEYS, self.records)
        self.leases: Leases = home.leases

    @property
    def trust(self) -> TrustRoot:
        """The home's trust root; a new home gets its keys now."""
        return self.keys.set_up()

    @property
    def log(self) -> Log:
        return Log(getter(self.records))

    @cached_property
    def builder(self) -> Signer:
        return self.keys.signer(BUILDER)

    def record(self, statement: bytes) -> str:
        """Signs the statement of an executed action with the builder's key and puts it into the inbox.

        `statement`: canonical JSON, as `audit.canonical.encode` gives it. Returns its SHA-256. To be called after the
        outputs are stored and before the result is recorded. Thread-safe; repeating it does nothing.
        """
        return self.submit(envelopes.sign(statement, self.builder))

    def submit(self, envelope: bytes) -> str:
        """Puts a signed statement, anybody's, into the inbox. Returns the statement's SHA-256."""
        for _ in range(8):
            with suppress(Conflict):  # somebody is putting the very same there
                return submit(self.records, envelope)
        return submit(self.records, envelope)

    def pending(self) -> int:
        """How many statements wait to be logged."""
        return sum(1 for _ in self.records.names(INBOX))

    def refused(self) -> Iterator[tuple[str, str]]:
        """Statements that the sequencer did not log, with the reason."""
        for name in self.records.names(REFUSED):
            found = self.records.read(name)
            if found is not None:
                yield name.rsplit("/", 1)[1], found[0].decode().strip()

    def sequence(self, wait_s: float = 60.0) -> Checkpoint | None:
        """Logs everything that waits; returns the newest checkpoint, None while the log is empty.

        Waits while another process does it. Raises SequencerBusy after `wait_s`, and EvidenceError where the log is
        damaged or its key may not sign.
        """
        ends = time.monotonic() + wait_s
        while True:
            with self.leases.held(LEASE) as mine:
                if mine:
                    with suppress(Conflict):  # a lease that ran out: another sequencer came in between
                        return Sequencer(self.records, self.trust, self.keys.signer(LOG)).run()
            if not self.pending():
                return self.log.checkpoint()
            if time.monotonic() > ends:
                raise SequencerBusy("another process has been appending to the log all the time", str(self.root),
                                    "Try again; nothing is lost, statements wait in the inbox")
            time.sleep(POLL_S)

    def inclusion(self, statement: str) -> Inclusion | None:
        """A verified proof that a statement is in the log, None where it is not (yet). Raises merkle.ProofError."""
        found = self.log.inclusion(statement)
        if found is not None:
            found.verify()
        return found

    def publish_cosigned(self, checkpoint: Checkpoint) -> None:
        """Keeps a checkpoint that a witness cosigned beside the log, for whoever verifies a copy."""
        put(self.records, WITNESSED, checkpoint.note())

    def export(self, target: Path) -> Path:
        """A copy of log, envelopes and trust root in `target/evidence`, for a third party. Holds no private key.

        The checkpoint is copied last, so a log that grows meanwhile does no harm.
        """
        place = target / FOLDER
        with explained(place):
            for entry in sorted(self.root.iterdir(), key=lambda path: path.name == "checkpoint"):
                if entry.name in PRIVATE:
                    continue
                if entry.is_dir():
                    shutil.copytree(entry, place / entry.name, dirs_exist_ok=True)
                else:
                    place.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(entry, place / entry.name)
        return place
