"""Records whose writer dies at the n-th write or removal, before it or after it, on whichever store they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


class DyingRecords:
    """Stands before a class of records, whose arguments it takes; `after`: so many moments pass before `die`."""

    die: Callable[[], None]

    def __init__(self, *arguments: Any, after: int) -> None:
        super().__init__(*arguments)
        self.left = after

    def swap(self, name: str, data: bytes, expected: str | None) -> str:
        self._count()
        version = super().swap(name, data, expected)  # type: ignore[misc]
        self._count()
        return version

    def discard(self, names: Iterable[str]) -> None:
        for name in names:
            self._count()
            super().discard([name])  # type: ignore[misc]
            self._count()

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            self.die()
