"""Are the artifacts that statements are about really these: a home's objects, and the files of a delivery."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from audit.errors import FileTampered, FileUnstated, SubjectMissing, SubjectTampered
from audit.holdings import Holdings, sha256_of
from audit.report import Progress, Report


@dataclass
class Subjects:
    """What verified statements are about."""

    by_digest: dict[str, str] = field(default_factory=dict[str, str])
    """SHA-256 of each artifact, and its name."""
    by_name: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    actions: dict[str, str] = field(default_factory=dict[str, str])
    """SHA-256 of each artifact, and the action that made it."""

    def add(self, statement: dict[str, Any], of_action: bool) -> None:
        """Takes in the subjects of a verified statement."""
        action = action_of(statement) if of_action else None
        for subject in statement["subject"]:
            digest, name = str(subject["digest"]["sha256"]), str(subject["name"])
            self.by_digest.setdefault(digest, name)
            self.by_name.setdefault(name.rsplit("/", 1)[-1], set()).add(name)
            if action is not None:
                self.actions.setdefault(digest, action)


def action_of(statement: dict[str, Any]) -> str:
    """The digest of the action that a statement is about."""
    return statement["predicate"]["runDetails"]["metadata"]["invocationId"]


def verify_objects(holdings: Holdings, subjects: Subjects, report: Report, progress: Progress) -> None:
    """In a home: every artifact that a statement is about is there, with its bytes."""
    if holdings.objects is None:
        if holdings.delivered is None and subjects.by_digest:
            report.not_verified.append(f"{len(subjects.by_digest)} artifacts: they are not part of this copy")
        return
    held = collected = 0
    for done, (digest, name) in enumerate(subjects.by_digest.items(), 1):
        path = cast(Path, holdings.object_file(digest))
        action = subjects.actions.get(digest)
        if not path.is_file():
            if action is None or holdings.recorded(action):
                report.failures.append(SubjectMissing(f"{name} is not in the store", digest,
                                                      "Restore it from a copy, or render it again"))
            else:
                collected += 1
        elif sha256_of(path) != digest:
            report.failures.append(SubjectTampered(f"{name} holds other bytes", digest,
                                                   "Restore it from a copy, or delete it and render again"))
        else:
            held += 1
        progress("artifacts", done, len(subjects.by_digest))
    report.verified.append(f"{held} artifacts have the bytes that statements name")
    if collected:
        report.not_verified.append(f"{collected} artifacts of results that are no longer kept")


def verify_files(holdings: Holdings, subjects: Subjects, report: Report, progress: Progress) -> None:
    """In a delivery: every file is an artifact that a statement is about."""
    if holdings.delivered is None:
        return
    files = list(holdings.files())
    sound = 0
    for done, path in enumerate(files, 1):
        told = path.relative_to(holdings.delivered).as_posix()
        if path.is_symlink():
            report.failures.append(FileUnstated("a link, not a file", told))
        elif sha256_of(path) in subjects.by_digest:
            sound += 1
        elif any(f"/{told}".endswith(f"/{name}") for name in subjects.by_name.get(path.name, ())):
            report.failures.append(FileTampered("its bytes are not those that a statement names", told))
        else:
            report.failures.append(FileUnstated("no statement here names these bytes", told))
        progress("files", done, len(files))
    report.verified.append(f"{sound} of {len(files)} delivered files have the bytes that statements name")
