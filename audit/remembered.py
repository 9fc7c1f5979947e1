"""A log that grows: which of its entries people signed and which publish is remembered; each envelope is read once.

Every entry is hashed up to the signed root each time it is asked, so a rewritten log is found as without a memory, and
the envelope of every decision and publication is read and judged anew. What is remembered is signed: whoever can write
to the disk alone cannot make a rejection forgotten. Whoever believes a trust root of their own reads everything.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from securesystemslib.signer import Signer  # pyright: ignore[reportPrivateImportUsage]  # public, but without __all__

from audit import canonical, instants
from audit.decided import Decided, by_people, logged_envelope, sound_log
from audit.decisions import decision_of
from audit.envelopes import open_envelope, sign, spelled, verify
from audit.errors import EvidenceError
from audit.publications import ASSET, History, ended, publication_of
from audit.tiles import Get
from audit.trust import BUILDER, TrustRoot
from audit.verify_log import SoundLog, root_of

PAYLOAD_TYPE = "application/vnd.microdrama.decided.v2+json"
PLACE = "plans/decided.dsse.json"
"""The file in a home; may be deleted at any time."""


@dataclass(frozen=True)
class Memory:
    """Of the first `size` entries, whose root is `root`, people signed those at `positions`, as the trust root with
    this fingerprint names people, and those at `publications` may publish something."""

    trust: str
    size: int
    root: str
    positions: tuple[int, ...]
    publications: tuple[int, ...] = ()

    def signed(self, signer: Signer) -> bytes:
        """As an envelope that only a builder of this home could have written."""
        return sign(canonical.encode({"trust": self.trust, "size": self.size, "root": self.root,
                                      "positions": self.positions, "publications": self.publications}),
                    signer, PAYLOAD_TYPE)


def opened(data: bytes | None, trust: TrustRoot) -> Memory | None:
    """What an envelope remembers, None where it is no memory of ours: then everything is read again."""
    if data is None:
        return None
    try:
        envelope = open_envelope(data)
        verify(envelope, trust, instants.now(), [BUILDER], PAYLOAD_TYPE)
        told = json.loads(envelope.payload)
        return Memory(str(told["trust"]), int(told["size"]), str(told["root"]), tuple(map(int, told["positions"])),
                      tuple(map(int, told["publications"])))
    except (EvidenceError, ValueError, KeyError, TypeError):
        return None


def history(get: Get, trust: TrustRoot, memory: Memory | None = None,
            partition: str | None = None) -> tuple[History, Memory | None]:
    """Every decision and publication in a log, and what to remember of it, None while there is no log. `partition`
    (`e001@us`): publications of this one alone, in any series.

    Raises the first EvidenceError of a log that does not hold.
    """
    log = sound_log(get, trust)
    if log is None:
        return History(Decided((), frozenset()), (), ()), None
    now = _read_on(get, log, trust, memory)
    people = [log.entries[at][1] for at in now.positions]
    decisions = [one for entry in people if (one := decision_of(logged_envelope(get, entry), entry, trust)) is not None]
    wanted = spelled(partition or ASSET)
    publishing = ((logged_envelope(get, entry), entry) for entry in (log.entries[at][1] for at in now.publications))
    found = [one for data, entry in publishing if wanted(data)
             and (one := publication_of(data, entry, trust)) is not None and partition in (None, one.partition)]
    entries = tuple(entry for _, entry in log.entries)
    logged = frozenset(entry.statement for entry in entries)
    return History(Decided(tuple(decisions), logged), ended(found, decisions), entries), now


def _read_on(get: Get, log: SoundLog, trust: TrustRoot, memory: Memory | None) -> Memory:
    """What to remember of a log, reading the envelopes that came after what is remembered."""
    known = memory if memory is not None and _is_of(memory, log, trust) else Memory(trust.fingerprint, 0, "", ())
    signed_by_people, publishes = by_people(trust), spelled(ASSET)
    people, publishing = list(known.positions), list(known.publications)
    for at, entry in log.entries[known.size:]:
        data = logged_envelope(get, entry)
        if signed_by_people(data):
            people.append(at)
        elif publishes(data):
            publishing.append(at)
    return Memory(trust.fingerprint, log.checkpoint.size, log.checkpoint.root.hex(), tuple(people), tuple(publishing))


def _is_of(memory: Memory, log: SoundLog, trust: TrustRoot) -> bool:
    """Whether a memory is of the beginning of this log, under this trust root."""
    return (memory.trust == trust.fingerprint and memory.size <= log.checkpoint.size
            and root_of(log.leaves[:memory.size]).hex() == memory.root
            and all(0 <= at < memory.size for at in (*memory.positions, *memory.publications)))
