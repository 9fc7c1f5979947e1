"""One measured property of a delivered episode beside the limit it is held to."""

from __future__ import annotations

from microdrama_assets.schemas.frozen import Frozen


class Measurement(Frozen):
    """`name` is stable: checks refer to it. `limit` says in words what passes; `where` points at the worst place."""

    name: str
    value: float | str
    limit: str
    passed: bool
    unit: str = ""
    where: str = ""


def timecode(seconds: float) -> str:
    """`1:02.345`: minutes, seconds, milliseconds."""
    minutes, rest_ms = divmod(round(seconds * 1000), 60_000)
    return f"{minutes}:{rest_ms // 1000:02}.{rest_ms % 1000:03}"
