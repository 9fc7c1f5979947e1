"""What a folder holds of a studio's evidence: a whole home, or a delivery with evidence beside it, or a log alone.

A home has `objects/`, so every artifact a statement is about must be there. A delivery has files, and each must be in
a statement. Where a copy was made with some statements only, `evidence/selection.json` says which.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.errors import Unusable
from audit.records import CHECKPOINT, ELSEWHERE, TRUST_ROOT, envelope_name, folder_getter
from audit.tiles import Get
from audit.trust import TrustRoot, parse_trust_root

EVIDENCE, PERSONAL = "evidence", "personal"
SELECTION = "selection.json"
PUBLISHED, TOMBSTONE = "published.json", "tombstone.json"
"""The record in a published folder, and what is left of one that was taken down."""
SELECTION_FORMAT = "microdrama.selection.v1"
CHUNK = 1 << 20


@dataclass(frozen=True)
class Holdings:
    """A folder and what is in it."""

    folder: Path
    evidence: Path
    objects: Path | None
    """The object store of a home."""
    delivered: Path | None
    """The folder of delivered files."""
    selection: frozenset[str] | None
    """Envelopes that this copy was made with; None: all."""
    records: Get | None = None
    """Reads the log where it does not lie in the folder `evidence`."""
    people: Get | None = None
    """Reads personal data (`<hash>.json`) where it does not lie in the folder."""

    @property
    def get(self) -> Get:
        return self.records or folder_getter(self.evidence)

    def person(self, digest: str) -> bytes | None:
        """The record of who is behind a consent, None where they were erased or this copy was made without."""
        return (self.people or folder_getter(self.folder / PERSONAL))(f"{digest}.json")

    def envelope(self, digest: str) -> bytes | None:
        return self.get(envelope_name(digest))

    def own_trust(self) -> TrustRoot:
        """The trust root that lies with the evidence. Raises Unusable."""
        data = self.get(TRUST_ROOT)
        if data is None:
            raise Unusable("no trust root lies here", str(self.evidence), "Give one with --keys")
        return parse_trust_root(data, str(self.evidence / TRUST_ROOT))

    def object_file(self, digest: str) -> Path | None:
        """The file that should hold an object, where this is a home."""
        return None if self.objects is None else self.objects / digest[:2] / digest

    def recorded(self, action: str) -> bool:
        """Whether a home still stands on an action's result; collected results are no longer there."""
        return (self.folder / "refs" / "actions" / action[:2] / action).exists()

    def results(self) -> set[str]:
        """Statements (by SHA-256) of all results that a home stands on."""
        folder = self.folder / "refs" / "actions"
        if self.objects is None or not folder.is_dir():
            return set()
        return {str(json.loads(path.read_bytes())["statement"]) for path in folder.glob("*/*")}

    def files(self) -> Iterator[Path]:
        """Delivered files, in the order of their names."""
        if self.delivered is not None:
            for path in sorted(self.delivered.rglob("*")):
                if self.evidence not in path.parents and (path.is_file() or path.is_symlink()):
                    yield path


def look_at(folder: Path) -> Holdings:
    """Raises Unusable where there is no evidence."""
    evidence = next((place for place in (folder / EVIDENCE, folder) if (place / CHECKPOINT).is_file()), None)
    if evidence is None and (folder / TOMBSTONE).is_file():
        raise Unusable("this publication was taken down; nothing of it is here", str(folder / TOMBSTONE),
                       "Its tombstone says when and why")
    if evidence is None and (folder / ELSEWHERE).is_file():
        raise Unusable("this home's evidence is in a bucket", str(folder / ELSEWHERE),
                       "Copy `evidence/` from there and verify the copy, or run: microdrama audit verify")
    if evidence is None:
        raise Unusable("no evidence lies here: neither checkpoint nor evidence/checkpoint", str(folder),
                       "Give a home, an exported folder, or its evidence folder; render something first")
    home = evidence != folder and (folder / "objects").is_dir()
    return Holdings(
        folder, evidence, folder / "objects" if home else None,
        folder if evidence != folder and not home else None, _selection(evidence / SELECTION),
    )


def selection_record(envelopes: Iterable[str]) -> bytes:
    """What `selection.json` holds."""
    return json.dumps({"format": SELECTION_FORMAT, "envelopes": sorted(envelopes)}).encode()


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file."""
    hasher = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            hasher.update(chunk)
    return hasher.hexdigest()


def _selection(path: Path) -> frozenset[str] | None:
    if not path.exists():
        return None
    try:
        record: dict[str, Any] = json.loads(path.read_bytes())
        if record["format"] != SELECTION_FORMAT:
            raise ValueError(f"its format is {record['format']!r}")
        return frozenset(str(digest) for digest in record["envelopes"])
    except (ValueError, KeyError, TypeError) as error:
        raise Unusable(f"this tells no selection ({error})", str(path), "Get the folder anew") from error
