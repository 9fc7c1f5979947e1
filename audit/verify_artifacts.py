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

    named: dict[str, str] = field(default_factory=dict[str, str])
    """SHA-256 of each artifact, and the first of its names."""
    names: set[str] = field(default_factory=set[str])
    """All names: a segment has one in its rendition and one in its package."""
    made_by: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """SHA-256 of each artifact, and the actions that made it."""

    def add(self, statement: dict[str, Any], of_action: bool) -> None:
        """Takes in the subjects of a verified statement."""
        action = action_of(statement) if of_action else None
        for subject in statement["subject"]:
            digest = subject["digest"]["sha256"]
            self.names.add(subject["name"])
            if digest not in self.named:
                self.named[digest] = subject["name"]
            if action is not None:
                self.made_by.setdefault(digest, []).append(action)


def action_of(statement: dict[str, Any]) -> str:
    """The digest of the action that a statement is about."""
    return statement["predicate"]["runDetails"]["metadata"]["invocationId"]


def verify_objects(holdings: Holdings, subjects: Subjects, report: Report, progress: Progress) -> None:
    """In a home: every artifact that a statement is about is there, with its bytes."""
    if holdings.objects is None:
        if holdings.delivered is None:
            report.not_verified.append("artifacts: they are not part of this copy")
        return
    held = collected = 0
    for done, (digest, name) in enumerate(subjects.named.items(), 1):
        path = cast(Path, holdings.object_file(digest))
        if not path.is_file():
            actions = subjects.made_by.get(digest)
            if actions is None or any(holdings.recorded(action) for action in actions):
                report.failures.append(SubjectMissing(f"{name} is not in the store", digest,
                                                      "Restore it from a copy, or render it again"))
            else:
                collected += 1
        elif sha256_of(path) != digest:
            report.failures.append(SubjectTampered(f"{name} holds other bytes", digest,
                                                   "Restore it from a copy, or delete it and render again"))
        else:
            held += 1
        progress("artifacts", done, len(subjects.named))
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
        elif sha256_of(path) in subjects.named:
            sound += 1
        elif not subjects.names.isdisjoint(_endings(told)):
            report.failures.append(FileTampered("its bytes are not those that a statement names", told))
        else:
            report.failures.append(FileUnstated("no statement here names these bytes", told))
        progress("files", done, len(files))
    report.verified.append(f"{sound} of {len(files)} delivered files have the bytes that statements name")


def _endings(path: str) -> list[str]:
    """`a/b/c`, `b/c` and `c`: a delivery may lie deeper than its statements say."""
    parts = path.split("/")
    return ["/".join(parts[at:]) for at in range(len(parts))]
