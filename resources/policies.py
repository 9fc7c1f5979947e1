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

import yaml

from audit.adoption import REMEDY, in_force
from audit.credentials.authority import SigningCertificate
from audit.decisions import Decision
from audit.errors import PolicyInvalid, PolicyMissing, PolicyNotAdopted
from audit.policy import Policy, content_digest, parse_policy
from resources.disk import explained
from resources.home import Home
from resources.keys import write_private

POLICY, PERSONAL, CERTIFICATES = "policy.yaml", "personal", "certificates"
CERTIFICATES_VARIABLE = "MICRODRAMA_CERTIFICATES"
TIMESTAMPS_VARIABLE = "MICRODRAMA_TIMESTAMP_AUTHORITY"


def policy_of(home: Home, decisions: Iterable[Decision], series: str | None = None) -> Policy:
    """The policy in force as it holds for a series; `decisions` in the order of the log.

    Raises PolicyInvalid for a file that is no policy, PolicyNotAdopted for one that nobody adopted, and PolicyMissing
    where the adopted one is gone: it never falls back to another.
    """
    now, place = in_force(decisions), str(home.root / POLICY)
    written = written_policy(home)
    if written is None and now.by is not None:
        raise PolicyMissing(f"the policy {now.origin} is not here", place,
                            "Put back what this prints: microdrama policy show")
    if written is not None and content_digest(written) != now.digest:
        raise PolicyNotAdopted(f"nobody adopted this policy; in force is {now.digest[:16]}, {now.origin}", place,
                               REMEDY)
    return now.policy(series)


def written_policy(home: Home) -> Mapping[str, Any] | None:
    """The content of `policy.yaml`, adopted or not; None where there is no such file. Raises PolicyInvalid."""
    place = home.root / POLICY
    try:
        record = yaml.safe_load(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise PolicyInvalid(f"the policy cannot be read ({error})", str(place)) from error
    parse_policy(record, str(place))
    return record


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
    folder = home.root / PERSONAL
    with explained(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    write_private(folder / f"{digest}.json", record)


def erase_personal(home: Home, digest: str) -> bool:
    """Erases a person; False where there is nobody under this hash (any more)."""
    try:
        os.unlink(home.root / PERSONAL / f"{digest}.json")
    except FileNotFoundError:
        return False
    return True
