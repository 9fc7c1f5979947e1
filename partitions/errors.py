"""The one error of this package: what is wrong with a key or a registry, and what to do about it."""


class PartitionError(Exception):
    """A key, a registry or a mapping that cannot be used. Printed whole to the person who caused it."""

    def __init__(self, what: str, remedy: str | None = None) -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(what if remedy is None else f"{what}. {remedy}")


class Conflict(PartitionError):
    """Someone else changed the same ref in between: read it again, redo the change, swap again."""
