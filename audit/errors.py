"""What can be wrong with evidence, each by its own name, so that a report says which and a test can ask for it.

`EvidenceError` is the root. A subclass's name is its code in reports: it never changes its meaning.
"""

from __future__ import annotations


class EvidenceError(Exception):
    """What is wrong, where, and what to do next."""

    def __init__(self, what: str, where: str | None = None, remedy: str | None = None) -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        head = what if where is None else f"{where}: {what}"
        super().__init__(head if remedy is None else f"{head}. {remedy}")

    @property
    def code(self) -> str:
        return type(self).__name__


class Unusable(EvidenceError):
    """Nothing can be verified at all: no such folder, no log in it, or no readable trust root."""


class TrustRootInvalid(Unusable):
    """A trust root that is not one: not JSON, an unknown format, a key whose id is not its own."""


class KeyUnusable(EvidenceError):
    """A private key that cannot be loaded or must not be used: missing, exposed, encrypted, of the wrong kind."""


class CheckpointTampered(EvidenceError):
    """A checkpoint whose text does not fit the log's signature, or that is no checkpoint."""


class UnknownLog(EvidenceError):
    """A checkpoint of another log, or signed by no key that the trust root names for this one."""


class CosignatureTampered(EvidenceError):
    """A witness's cosignature that does not fit the checkpoint."""


class LogTruncated(EvidenceError):
    """The checkpoint speaks of more entries than are here."""


class EntryDeleted(EvidenceError):
    """An entry is missing from between others."""


class EntryInserted(EvidenceError):
    """An entry stands where the signed log has none."""


class EntriesReordered(EvidenceError):
    """All entries are here, and not in the order that was signed."""


class EntryEdited(EvidenceError):
    """An entry is not the one that was signed."""


class EntryRepeated(EvidenceError):
    """One statement is an entry twice."""


class EntryMalformed(EvidenceError):
    """Bytes in the log that are no entry."""


class TileTampered(EvidenceError):
    """Stored hashes of the tree that its entries do not have."""


class LogRewritten(EvidenceError):
    """Entries and tiles were changed together: they do not have the root that was signed."""


class LogForked(EvidenceError):
    """Two checkpoints of this log that no single history has."""


class LogRolledBack(EvidenceError):
    """The log was longer once: a later state was seen, and is not here."""


class TimesReversed(EvidenceError):
    """An entry is older than the one before it, or younger than the witness that saw it."""


class StatementMissing(EvidenceError):
    """An entry whose statement is not here."""


class StatementTampered(EvidenceError):
    """A statement whose bytes are not those in the log."""


class SignatureTampered(EvidenceError):
    """The statement is the one in the log; the signature around it is not."""


class SignatureInvalid(EvidenceError):
    """What is in the log was never validly signed."""


class UnknownSigner(EvidenceError):
    """Signed by a key that the trust root does not name."""


class KeyNotValid(EvidenceError):
    """Signed by a known key outside the time for which it is valid."""


class KeyRevoked(EvidenceError):
    """Signed by a key after the moment from which it is revoked."""


class RoleMissing(EvidenceError):
    """Signed by a known key that may not sign this kind of statement."""


class UnknownVersion(EvidenceError):
    """A record in a version of its encoding that this program does not know."""


class StatementMalformed(EvidenceError):
    """A payload that is no in-toto statement."""


class SubjectMissing(EvidenceError):
    """A statement about an artifact that is not here."""


class SubjectTampered(EvidenceError):
    """An artifact whose bytes are not those its statement names."""


class FileUnstated(EvidenceError):
    """A delivered file that no statement names."""


class FileTampered(EvidenceError):
    """A delivered file whose bytes are not those that a statement names under this path."""


class FileMissing(EvidenceError):
    """A published file that is not here."""


class ProofTampered(EvidenceError):
    """A proof that does not lead from its entry to the signed root."""


class NotApproved(EvidenceError):
    """A publication that the decisions with it do not allow, under the policy that it names."""


class SecretRefused(EvidenceError):
    """A statement that holds a secret of the environment, and was therefore not recorded."""


class TimeTokenInvalid(EvidenceError):
    """A time token that no trusted time-stamping authority gave for this."""


class PolicyInvalid(EvidenceError):
    """A policy that is none: an unknown format or field, or a market without approvers."""


class PolicyNotAdopted(EvidenceError):
    """A policy that is not the one in force: nobody who may adopted it."""


class PolicyMissing(EvidenceError):
    """A policy was adopted, and its file is gone."""
