"""What a checkpoint is worth: signed by the log that the trust root names, cosigned by its witnesses, and a
continuation of what was seen before.
"""

from __future__ import annotations

from securesystemslib.signer import Signer  # pyright: ignore[reportPrivateImportUsage]  # public, but without __all__

from audit import instants, merkle
from audit.errors import (
    CheckpointTampered,
    CosignatureTampered,
    LogForked,
    LogRolledBack,
    LogTruncated,
    TileTampered,
    UnknownLog,
)
from audit.log import Log
from audit.notes import Checkpoint, cosign, signed_by, witnessed_at
from audit.tiles import Get, Tiles
from audit.trust import LOG, WITNESS, TrustedKey, TrustRoot


def verify_checkpoint(checkpoint: Checkpoint, trust: TrustRoot, where: str = "checkpoint") -> tuple[TrustedKey, ...]:
    """The log's keys that signed it. Raises UnknownLog where none did, CheckpointTampered where one did not."""
    if checkpoint.origin != trust.origin:
        raise UnknownLog(f"it is of the log {checkpoint.origin!r}, the trust root names {trust.origin!r}", where)
    verdicts = {key: signed_by(checkpoint.text, checkpoint.signatures, checkpoint.origin, key.key)
                for key in trust.having(LOG)}
    for key, verdict in verdicts.items():
        if verdict is False:
            raise CheckpointTampered(f"the signature of {key.name} does not fit its text", where)
    signers = tuple(key for key, verdict in verdicts.items() if verdict)
    if not signers:
        raise UnknownLog("no key that the trust root names for this log signed it", where)
    return signers


def witnesses_of(checkpoint: Checkpoint, trust: TrustRoot, where: str = "witnessed") -> dict[str, str]:
    """Name of each known witness on it, with the instant. Raises CosignatureTampered, KeyRevoked, KeyNotValid."""
    found: dict[str, str] = {}
    for key in trust.having(WITNESS):
        try:
            time_s = witnessed_at(checkpoint, key.name, key.key)
            if time_s is not None:
                found[key.name] = instants.of_posix(time_s)
        except ValueError as error:
            raise CosignatureTampered(str(error), where) from error
        if key.name in found:
            key.check(found[key.name], [WITNESS])
    return found


def require_continuation(old: Checkpoint, old_root_here: bytes | None, new: Checkpoint, where: str) -> None:
    """Raises LogRolledBack or LogForked unless the history of `new` goes on from `old`.

    `old_root_here`: the root over the first `old.size` entries as they are in the new history; None where it is
    shorter.
    """
    if old_root_here is None or new.size < old.size:
        raise LogRolledBack(f"it had {old.size} entries once and has {new.size} now", where,
                            "Get the newer log; if there is none, entries were removed")
    if old_root_here != old.root:
        raise LogForked(f"two histories: the first {old.size} entries have the root {old_root_here.hex()[:16]} here and"
                        f" had {old.root.hex()[:16]}", where, "Keep both checkpoints: they prove it")


def cosign_newest(get: Get, trust: TrustRoot, name: str, signer: Signer, remembered: Checkpoint | None,
                  time_s: int) -> Checkpoint:
    """A witness's work: the newest checkpoint with its cosignature, if it goes on from what the witness remembers.

    The witness must store the result as what it remembers before it shows it to anyone. `time_s`: POSIX time. Raises
    what is wrong with the log; then the witness signs nothing.
    """
    checkpoint = Log(get).checkpoint()
    if checkpoint is None:
        raise LogTruncated("there is no checkpoint to cosign", "checkpoint")
    verify_checkpoint(checkpoint, trust)
    tiles = Tiles(get, checkpoint.size)
    if tiles.root() != checkpoint.root:
        raise TileTampered("the stored hashes do not have the root that was signed", "tile")
    if remembered is not None:
        if remembered.origin != checkpoint.origin:
            raise UnknownLog(f"the witness remembers the log {remembered.origin!r}", "checkpoint")
        longer = checkpoint.size >= remembered.size
        require_continuation(remembered, tiles.subtree(0, remembered.size) if longer else None, checkpoint,
                             "checkpoint")
        if longer and remembered.size > 0:
            proof = merkle.consistency_proof(tiles.subtree, remembered.size, checkpoint.size)
            merkle.verify_consistency(remembered.size, checkpoint.size, remembered.root, checkpoint.root, proof)
    return checkpoint.with_signature(cosign(checkpoint, name, signer, time_s))
