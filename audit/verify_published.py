"""Is a publication whole and allowed: every file that its record names, no other, and the decisions its policy wants.

The record (`published.json`) is itself an artifact of a statement. Approvals name the files as they were rendered;
where Content Credentials were put in, the record names both, and the signed copy is what lies here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from audit.adoption import in_force
from audit.approvals import Subject, approvals_for
from audit.decided import by_people
from audit.decisions import Decision, decision_of
from audit.errors import EvidenceError, FileMissing, FileTampered, FileUnstated, NotApproved, UnknownVersion
from audit.holdings import PUBLISHED, Holdings, sha256_of
from audit.log import Entry
from audit.policy import parse_policy
from audit.report import Progress, Report
from audit.trust import TrustRoot

FIELDS = ("series", "episode", "market", "at", "policy_record", "conditions", "files", "signed", "credentials")
"""What a record has to tell."""


def published_record(holdings: Holdings, stated: Collection[str], names: Collection[str],
                     report: Report) -> Mapping[str, Any] | None:
    """The record of a publication, where a verified statement names it; None for any other delivery. `stated` are the
    SHA-256 of subjects, `names` theirs. A record that is gone or of another version is reported."""
    place = None if holdings.delivered is None else holdings.delivered / PUBLISHED
    if place is None or PUBLISHED not in names:
        return None
    if not place.is_file():
        report.failures.append(FileMissing("the record of what is published is not here", PUBLISHED))
        return None
    if sha256_of(place) not in stated:
        return None  # told as tampered with, like any file
    record = json.loads(place.read_bytes())
    if missing := [name for name in FIELDS if name not in record]:
        report.failures.append(UnknownVersion(f"this program knows no record without {', '.join(missing)}", PUBLISHED,
                                              "Verify with the version of this program that published it"))
        return None
    return record


def verify_published(holdings: Holdings, record: Mapping[str, Any], stated: Collection[str],
                     entries: Sequence[tuple[int, Entry]], trust: TrustRoot, report: Report,
                     progress: Progress) -> None:
    """Reports on every file by name, and on the approvals. `stated`: SHA-256 of what verified statements name."""
    due: dict[str, str | None] = {**record["files"], **record["signed"], PUBLISHED: None}
    if listed := record["credentials"].get("list"):
        due[str(listed)] = None
    found = {path.relative_to(holdings.folder).as_posix(): path for path in holdings.files()}
    sound = 0
    for done, name in enumerate(sorted({*due, *found}), 1):
        problem = _file(name, found.get(name), due, stated)
        sound += problem is None
        report.failures += [] if problem is None else [problem]
        progress("files", done, len(found))
    report.verified.append(f"{sound} of {len(due)} published files are those of {record['series']}.{record['episode']}"
                           f" in market {record['market']}")
    _verify_credentials(record["credentials"], report)
    report.not_verified.append("licences and consents: what they are about stays in the studio, whose gate held this to"
                               f" {', '.join(record['conditions'])}")
    _verify_approval(holdings, record, entries, trust, report)


def _file(name: str, path: Path | None, due: Mapping[str, str | None], stated: Collection[str]) -> EvidenceError | None:
    """What is wrong with one file; None as its digest: any that a statement names (its own is told there)."""
    if path is None:
        return FileMissing("it was published and is not here", name)
    if path.is_symlink():
        return FileUnstated("a link, not a file", name)
    if name not in due:
        return FileUnstated("it is no part of this publication", name)
    digest = sha256_of(path)
    if digest not in stated or (due[name] is not None and digest != due[name]):
        return FileTampered("its bytes are not those that were published", name)
    return None


def _verify_credentials(told: Mapping[str, Any], report: Report) -> None:
    if told["state"] == "signed":
        report.not_verified.append(f"Content Credentials, signed by {told['signer']} (certificate"
                                   f" {told['certificate'][:16]}): check them under its authority's certificate with"
                                   " microdrama audit validate")
    else:
        report.not_verified.append("Content Credentials: UNSIGNED, this publication carries none")


def _verify_approval(holdings: Holdings, record: Mapping[str, Any], entries: Sequence[tuple[int, Entry]],
                     trust: TrustRoot, report: Report) -> None:
    """Judges the decisions that lie here as the gate did, by the policy in the record, if that was in force."""
    try:
        policy = parse_policy(record["policy_record"], PUBLISHED)
        subject = Subject(record["series"], record["episode"], record["files"], record["market"], record["at"])
        decisions = _decisions(holdings, entries, trust)
        adopted = in_force(decisions, subject.at)
        adopted.require(policy, subject.series, PUBLISHED)
        standing = approvals_for(subject, decisions, policy)
    except EvidenceError as error:
        report.failures.append(error)
        return
    if standing.approved:
        by = "; ".join(f"{one.names} ({', '.join(sorted(one.roles()))}) on {one.logged}" for one in standing.approvals)
        report.verified.append(f"approved for market {subject.market} under policy {policy.digest[:16]}"
                               f" ({adopted.origin}): {by}")
    else:
        report.failures.append(NotApproved("; ".join(standing.reasons()), PUBLISHED,
                                           "Ask its publisher for the decisions that allowed it"))


def _decisions(holdings: Holdings, entries: Sequence[tuple[int, Entry]], trust: TrustRoot) -> list[Decision]:
    """What was altered is left out: it was told before, and what it approved is not approved."""
    signed_by_people = by_people(trust)
    found: list[Decision] = []
    for _, entry in entries:
        data = holdings.envelope(entry.envelope)
        if data is not None and signed_by_people(data):
            with suppress(EvidenceError):
                decision = decision_of(data, entry, trust)
                found += [] if decision is None else [decision]
    return found
