"""What a home keeps for deciding: its policy, what it signs with, and who the people are whose consents it holds.

`policy.yaml` in the home counts once somebody adopted it (`audit/adoption.py`); before that the default counts, one
producer and one compliance reviewer. `certificates/` in the home, or the folder that MICRODRAMA_CERTIFICATES names,
signs Content Credentials. Personal data lies in `personal/`, readable by its owner alone and
never part of the evidence; deleting a file erases the person.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from audit import verify_policy
from audit.adoption import in_force
from audit.credentials.authority import SigningCertificate
from audit.decisions import Decision
from audit.policy import Policy
from audit.records import put
from resources.disk import explained
from resources.home import Home
from resources.keys import write_private
from resources.records_place import PERSONAL, bucket_of

POLICY, CERTIFICATES = verify_policy.FILE, "certificates"
CERTIFICATES_VARIABLE = "MICRODRAMA_CERTIFICATES"
TIMESTAMPS_VARIABLE = "MICRODRAMA_TIMESTAMP_AUTHORITY"


def policy_of(home: Home, decisions: Iterable[Decision], series: str | None = None) -> Policy:
    """The policy in force as it holds for a series; `decisions` in the order of the log.

    Raises PolicyInvalid for a file that is no policy, PolicyNotAdopted for one that nobody adopted, and PolicyMissing
    where the adopted one is gone: it never falls back to another.
    """
    now = in_force(decisions)
    now.require_written(written_policy(home), str(home.root / POLICY))
    return now.policy(series)


def written_policy(home: Home) -> Mapping[str, Any] | None:
    """The content of `policy.yaml`, adopted or not; None where there is no such file. Raises PolicyInvalid."""
    return verify_policy.written_policy(home.root / POLICY)


def certificates_folder(home: Home) -> Path:
    """Where the certificates for Content Credentials are, or are to be."""
    return Path(os.environ.get(CERTIFICATES_VARIABLE) or home.root / CERTIFICATES)


def certificate_of(home: Home) -> SigningCertificate | None:
    """What publications are signed with, None where nothing was ever set up. Raises NoCertificate or BadCertificate
    where it was, and cannot be used: a lost or expired certificate is no reason to publish unsigned."""
    folder = certificates_folder(home)
    if CERTIFICATES_VARIABLE not in os.environ and not folder.exists():
        return None
    return SigningCertificate.read(folder)


def timestamp_authority_of(policy: Policy) -> str | None:
    """Address of the authority that attests times: the environment's, else the policy's."""
    return os.environ.get(TIMESTAMPS_VARIABLE) or policy.timestamp_authority


def keep_personal(home: Home, digest: str, record: bytes) -> None:
    """Keeps who a person is (see `audit.personal`) under its salted hash."""
    bucket = bucket_of(home.root, PERSONAL)
    if bucket is not None:
        put(bucket, f"{digest}.json", record)
        return
    folder = home.root / PERSONAL
    with explained(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    write_private(folder / f"{digest}.json", record)


def erase_personal(home: Home, digest: str) -> bool:
    """Erases a person; False where there is nobody under this hash (any more). Where a bucket keeps versions of what is
    deleted, its owner erases those."""
    bucket = bucket_of(home.root, PERSONAL)
    if bucket is not None:
        found = bucket.read(f"{digest}.json")
        bucket.discard([f"{digest}.json"])
        return found is not None
    try:
        os.unlink(home.root / PERSONAL / f"{digest}.json")
    except FileNotFoundError:
        return False
    return True
