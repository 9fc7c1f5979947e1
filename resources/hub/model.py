"""One model of a hub: repository, commit, licence, and the SHA-256 of every file of it that is used.

A commit is 40 hexadecimal digits. A branch or a tag is refused: it may name other bytes tomorrow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from resources.hub.errors import NotPinned

COMMIT = re.compile(r"[0-9a-f]{40}")
SHA256 = re.compile(r"[0-9a-f]{64}")
REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
LOCAL = "local"
"""Owner of models that no hub has: their files are put into the model folder by hand."""
WEIGHTS = frozenset({".safetensors", ".onnx", ".gguf"})
"""Formats of weights that hold numbers and nothing that runs."""
BESIDE = frozenset({".json", ".txt", ".model", ".jinja", ".md"})
"""Configurations, vocabularies, tokenizers and licences: read as data."""
PICKLES = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl"})


@dataclass(frozen=True)
class HubModel:
    """`files`: SHA-256 by path in the repository. `pickles`: paths of files that may run code and are trusted.

    Raises NotPinned for what does not name exact bytes.
    """

    repo: str
    revision: str
    licence: str
    """SPDX identifier, or `LicenseRef-...`."""
    files: Mapping[str, str]
    pickles: frozenset[str] = field(default=frozenset())

    def __post_init__(self) -> None:
        for fault in (repository_fault(self.repo), revision_fault(self.revision),
                      *(file_fault(path, digest, self.pickles) for path, digest in self.files.items())):
            if fault is not None:
                raise NotPinned(fault, self.repo)

    @property
    def folder(self) -> str:
        """Where its files lie below the model folder."""
        return f"hub/{self.repo}/{self.revision}"

    @property
    def source(self) -> str:
        return f"hub:{self.repo}@{self.revision}"

    def identities(self) -> tuple[Mapping[str, str], ...]:
        """What a recipe and a statement say: one entry for each file."""
        return tuple({"name": f"{self.repo}/{path}", "source": self.source, "revision": self.revision,
                      "sha256": digest, "licence": self.licence} for path, digest in sorted(self.files.items()))


def repository_fault(repo: str) -> str | None:
    """Why this names no repository, or None."""
    return None if REPOSITORY.fullmatch(repo) else f"{repo[:80]!r} names no repository: write OWNER/NAME"


def revision_fault(revision: str) -> str | None:
    """Why this names no commit, or None."""
    if COMMIT.fullmatch(revision):
        return None
    return f"{revision[:40]!r} is no commit but a branch or tag, which can change: write all 40 digits"


def file_fault(path: str, digest: str, pickles: frozenset[str] = frozenset()) -> str | None:
    """Why this file cannot be used, or None."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path or str(PurePosixPath(path)) != path:
        return f"{path[:80]!r} is no path within a repository"
    if not SHA256.fullmatch(digest):
        return f"{path} has no SHA-256 of 64 digits"
    suffix = PurePosixPath(path).suffix
    if suffix not in WEIGHTS | BESIDE and path not in pickles:
        what = "is a pickle, which can run code" if suffix in PICKLES else f"is of a kind ({suffix}) that is not loaded"
        return f"{path} {what}: use safetensors, ONNX or GGUF, or name it under pickles"
    return None
