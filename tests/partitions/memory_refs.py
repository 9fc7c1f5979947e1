"""A RefStore that lives in a dictionary, for tests."""

from partitions.errors import Conflict


class MemoryRefs:
    def __init__(self) -> None:
        self.held: dict[str, tuple[bytes, str]] = {}

    def read(self, name: str) -> tuple[bytes, str] | None:
        return self.held.get(name)

    def swap(self, name: str, data: bytes, expected: str | None) -> str:
        current = self.held[name][1] if name in self.held else None
        if current != expected:
            raise Conflict(f"{name} is at {current}, not {expected}")
        version = str(int(current or 0) + 1)
        self.held[name] = (data, version)
        return version

    def names(self, prefix: str) -> list[str]:
        return sorted(name for name in self.held if name.startswith(prefix))
