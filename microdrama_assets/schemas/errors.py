"""The one root of every error a user can meet, so that each says what, where and what to do next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where a problem is: a file relative to the series folder, a 1-based line, a shot."""

    file: str
    line: int | None = None
    shot: str | None = None

    def __str__(self) -> str:
        text = self.file if self.line is None else f"{self.file}:{self.line}"
        return text if self.shot is None else f"{text} ({self.shot})"


class MicrodramaError(Exception):
    """What failed, where, and the remedy. Printed whole; never a bare traceback for a user's mistake."""

    def __init__(self, what: str, where: Place | str | None = None, remedy: str | None = None) -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(self.message())

    def message(self) -> str:
        head = self.what if self.where is None else f"{self.where}: {self.what}"
        return head if self.remedy is None else f"{head}. {self.remedy}"


class SeriesError(MicrodramaError):
    """One or more problems in a series folder. `problems` holds each with its own place and remedy."""

    def __init__(self, problems: list[MicrodramaError]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.message() for problem in problems))
