"""What is wrong, as the page tells it: file and line, what, and what to do."""

from __future__ import annotations

from microdrama_assets.schemas.errors import MicrodramaError, Place, SeriesError
from partitions.errors import PartitionError
from resources.errors import ResourceError

Problem = dict[str, str | int | None]
"""`file` (or another place), `line` (1-based), `what`, `remedy`; None for what is not known."""


def problems_of(error: Exception) -> list[Problem]:
    """Every problem that an error holds, each with its own place and remedy."""
    if isinstance(error, SeriesError):
        return [problem for one in error.problems for problem in problems_of(one)]
    if isinstance(error, MicrodramaError | ResourceError | PartitionError):
        where = getattr(error, "where", None)
        if isinstance(where, Place):
            return [_problem(error.what, where.file, where.line, error.remedy)]
        return [_problem(error.what, where, None, error.remedy)]
    return [_problem(f"{type(error).__name__}: {error}", None, None,
                     "This is a defect of the program; the terminal shows where")]


def in_words(problem: Problem) -> str:
    """A problem on one line, for the terminal."""
    place = problem["file"] if problem["line"] is None else f"{problem['file']}:{problem['line']}"
    head = f"{place}: {problem['what']}" if place else str(problem["what"])
    return head if not problem["remedy"] else f"{head}. {problem['remedy']}"


def _problem(what: str, file: str | None, line: int | None, remedy: str | None) -> Problem:
    return {"file": file, "line": line, "what": what, "remedy": remedy}
