"""What changed between two versions of what people wrote: which line, which field, from what to what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

Path = tuple[str | int, ...]


def changed_fields(old: Any, new: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Every value that differs between two parsed JSON documents: its path, then and now (None: absent)."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted({*old, *new}):
            yield from changed_fields(old.get(name), new.get(name), (*path, name))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from changed_fields(one, other, (*path, index))
    elif old != new:
        yield path, old, new


def told(value: Any) -> str:
    """A value in few words."""
    if value is None:
        return "none"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 32 else text[:29] + "..."


def moves(old: list[Any], new: list[Any]) -> Iterator[tuple[str, int, int | None]]:
    """How one list became another: `("changed" | "removed", index now, index then)` or `("new", index now, None)`.

    The index of something removed is that of what now stands in its place (the length of `new` at the end).
    """
    keys = [[json.dumps(one, sort_keys=True) for one in many] for many in (old, new)]
    for tag, i, j, m, n in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        shared = min(j - i, n - m)
        yield from (("changed", m + at, i + at) for at in range(shared))
        yield from (("new", m + at, None) for at in range(shared, n - m))
        yield from (("removed", n, i + at) for at in range(shared, j - i))
