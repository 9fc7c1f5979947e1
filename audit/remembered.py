"""Decisions of a log that grows: which of its entries people signed is remembered, so that each envelope is read once.

Every entry is hashed up to the signed root each time it is asked, so a rewritten log is found as without a memory, and
every decision's own envelope is read and judged anew. What is remembered is signed: whoever can write to the disk alone
cannot make a rejection forgotten.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from securesystemslib.signer import Signer  # pyright: ignore[reportPrivateImportUsage]  # public, but without __all__

from audit import canonical, instants
from audit.decided import Decided, by_people, logged_envelope, sound_log
from audit.decisions import decision_of
from audit.envelopes import open_envelope, sign, verify
from audit.errors import EvidenceError
from audit.tiles import Get
from audit.trust import BUILDER, TrustRoot
from audit.verify_log import SoundLog, root_of

PAYLOAD_TYPE = "application/vnd.microdrama.decided.v1+json"


@dataclass(frozen=True)
class Memory:
    """Of the first `size` entries, whose root is `root`, people signed those at `positions`, as the trust root with
    this fingerprint names people."""

    trust: str
    size: int
    root: str
    positions: tuple[int, ...]

    def signed(self, signer: Signer) -> bytes:
        """As an envelope that only a builder of this home could have written."""
        return sign(canonical.encode({"trust": self.trust, "size": self.size, "root": self.root,
                                      "positions": self.positions}), signer, PAYLOAD_TYPE)


def opened(data: bytes | None, trust: TrustRoot) -> Memory | None:
    """What an envelope remembers, None where it is no memory of ours: then everything is read again."""
    if data is None:
        return None
    try:
        envelope = open_envelope(data)
        verify(envelope, trust, instants.now(), [BUILDER], PAYLOAD_TYPE)
        told = json.loads(envelope.payload)
        return Memory(str(told["trust"]), int(told["size"]), str(told["root"]), tuple(map(int, told["positions"])))
    except (EvidenceError, ValueError, KeyError, TypeError):
        return None


def decided(get: Get, trust: TrustRoot, memory: Memory | None = None) -> tuple[Decided, Memory | None]:
    """Every decision in a log, and what to remember of it, None while there is no log.

    Raises the first EvidenceError of a log that does not hold.
    """
    log = sound_log(get, trust)
    if log is None:
        return Decided((), frozenset()), None
    known = memory if memory is not None and _is_of(memory, log, trust) else Memory(trust.fingerprint, 0, "", ())
    signed_by_people = by_people(trust)
    positions = [*known.positions, *(at for at, entry in log.entries[known.size:]
                                     if signed_by_people(logged_envelope(get, entry)))]
    entries = [log.entries[at][1] for at in positions]
    found = (decision_of(logged_envelope(get, entry), entry, trust) for entry in entries)
    decisions = tuple(one for one in found if one is not None)
    newest = Memory(trust.fingerprint, log.checkpoint.size, log.checkpoint.root.hex(), tuple(positions))
    return Decided(decisions, frozenset(entry.statement for _, entry in log.entries)), newest


def _is_of(memory: Memory, log: SoundLog, trust: TrustRoot) -> bool:
    """Whether a memory is of the beginning of this log, under this trust root."""
    return (memory.trust == trust.fingerprint and memory.size <= log.checkpoint.size
            and root_of(log.leaves[:memory.size]).hex() == memory.root
            and all(0 <= at < memory.size for at in memory.positions))
