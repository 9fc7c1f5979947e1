"""The whole verification of a folder, from public keys alone: log, statements, artifacts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from audit.errors import EvidenceError
from audit.holdings import Holdings, look_at
from audit.notes import Checkpoint
from audit.proofs import PROOFS, verify_proofs
from audit.records import TRUST_ROOT
from audit.report import Progress, Report, silent
from audit.trust import TrustRoot, parse_trust_root
from audit.verify_log import verify_log
from audit.verify_statements import verify_statements


def verify_folder(folder: Path, trust: TrustRoot | None = None, remembered: Sequence[Checkpoint] = (),
                  resume: Path | None = None, progress: Progress = silent) -> Report:
    """What holds in a copy of a home, of a publication, of an export or of an evidence folder, and what does not.

    `trust`: the trust root that the verifier holds; None takes the one in the folder, which the report says. Raises
    Unusable where there is nothing to verify.
    """
    return verify_held(look_at(folder), trust, remembered, resume, progress)


def verify_held(holdings: Holdings, trust: TrustRoot | None = None, remembered: Sequence[Checkpoint] = (),
                resume: Path | None = None, progress: Progress = silent) -> Report:
    """The same, of what is held wherever it is."""
    report = Report(str(holdings.folder))
    believed = trust or holdings.own_trust()
    if trust is None:
        report.not_verified.append(f"who signed: the trust root comes from the folder itself. Compare its fingerprint"
                                   f" {believed.fingerprint} with its owner's, or give your own with --keys")
    else:
        report.verified.append(f"trust root {believed.fingerprint[:16]} with {len(believed.keys)} keys was given")
        _compare_roots(holdings, believed, report)
    if holdings.get(PROOFS) is None:
        log = verify_log(holdings.get, believed, remembered, report, progress)
    else:
        log, resume = verify_proofs(holdings.get, believed, remembered, report), None
    if log is None:
        report.not_verified.append("statements and artifacts: the log they would be checked against does not hold")
    else:
        verify_statements(holdings, log, believed, report, progress, resume)
    return report


def _compare_roots(holdings: Holdings, given: TrustRoot, report: Report) -> None:
    """The folder's own trust root decides nothing where another was given; that it differs is told."""
    data = holdings.get(TRUST_ROOT)
    try:
        own = None if data is None else parse_trust_root(data, TRUST_ROOT).fingerprint
    except EvidenceError as error:
        report.failures.append(error)
        return
    if own not in (None, given.fingerprint):
        report.not_verified.append(f"{TRUST_ROOT} in the folder: it is another ({own}), and the one given counts")
