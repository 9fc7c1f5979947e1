"""Moments as evidence writes them: RFC 3339 in UTC with milliseconds, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

SHAPE = "2026-01-01T00:00:00.000Z"


def instant(moment: datetime) -> str:
    """`2026-01-01T00:00:00.000Z`. The moment must know its time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone is no moment")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_instant(text: str) -> str:
    """A date or time as people write it (no time zone: UTC), as an instant. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


@lru_cache(maxsize=4096)
def is_instant(text: str) -> bool:
    """Whether a text is an instant in its one spelling. Remembered: entries of one batch share theirs."""
    try:
        return len(text) == len(SHAPE) and parse_instant(text) == text
    except ValueError:
        return False


def now() -> str:
    return instant(datetime.now(UTC))


def of_posix(time_s: int) -> str:
    """Raises ValueError for a time that no calendar has."""
    try:
        return instant(datetime.fromtimestamp(time_s, UTC))
    except (OverflowError, OSError) as error:
        raise ValueError(str(error)) from error


def whole_second(moment: str) -> str:
    """The beginning of the second that an instant lies in."""
    return moment[:-4] + "000Z"


def later(moment: str, seconds: float) -> str:
    """An instant this much after another."""
    return instant(datetime.fromisoformat(moment) + timedelta(seconds=seconds))
