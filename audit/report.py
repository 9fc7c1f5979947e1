"""What a verification comes to: what held, what did not, and what could not be told, each in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from audit.errors import EvidenceError

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""
SHOWN = 40


def silent(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass
class Report:
    """Sentences and failures, in the order in which they were found."""

    path: str
    verified: list[str] = field(default_factory=list[str])
    not_verified: list[str] = field(default_factory=list[str])
    failures: list[EvidenceError] = field(default_factory=list[EvidenceError])
    checkpoint: bytes | None = None
    """The verified checkpoint, to be remembered for next time."""

    @property
    def failed(self) -> bool:
        return bool(self.failures)

    def codes(self) -> list[str]:
        """Names of what is wrong, each once, in order of appearance."""
        return list(dict.fromkeys(error.code for error in self.failures))

    def to_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "verdict": "failed" if self.failed else "verified",
            "verified": self.verified,
            "not_verified": self.not_verified,
            "failures": [{"code": error.code, "where": error.where, "what": error.what, "remedy": error.remedy}
                         for error in self.failures],
            "checkpoint": None if self.checkpoint is None else self.checkpoint.decode(),
        }

    def lines(self) -> list[str]:
        """The report for people; nothing in it can steer a terminal."""
        lines = [f"verified      {text}" for text in self.verified]
        lines += [f"not verified  {text}" for text in self.not_verified]
        lines += [f"FAILED        {error.code}: {error}" for error in self.failures[:SHOWN]]
        if len(self.failures) > SHOWN:
            lines.append(f"FAILED        and {len(self.failures) - SHOWN} more (--json has all)")
        told = "This evidence does not hold." if self.failed else "Everything that was verified holds."
        return [printable(line) for line in [*lines, told]]


def printable(text: str) -> str:
    """Text with everything that is not plain print written as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
