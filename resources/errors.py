"""Errors of the outside world: a full or read-only disk, damaged state, a missing model."""

from __future__ import annotations


class ResourceError(Exception):
    """What failed, where, and what to do next."""

    def __init__(self, what: str, where: str | None = None, remedy: str | None = None) -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        head = what if where is None else f"{where}: {what}"
        super().__init__(head if remedy is None else f"{head}. {remedy}")


class CorruptObject(ResourceError):
    """A stored object whose bytes no longer have the digest that names it."""

    def __init__(self, digest: str, found: str) -> None:
        super().__init__(
            f"object {digest} holds bytes with digest {found}",
            remedy="Restore it from a backup, or delete that file and render again; it will be made anew",
        )
        self.digest = digest


class MissingObject(ResourceError):
    """A digest that something refers to, and no object."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"object {digest} is not in the store", remedy="Render again; it will be made anew")
        self.digest = digest


class Conflict(ResourceError):
    """A named reference changed between reading and writing."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} was changed by another process at the same time", remedy="Try again")


class HomeUnwritable(ResourceError):
    """The home cannot take the artifacts: read-only, no permission, or full."""
