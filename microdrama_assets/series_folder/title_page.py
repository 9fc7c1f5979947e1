"""Reads the title page of a Fountain file: the `Key: value` block before the first blank line."""

from __future__ import annotations

import re

from microdrama_assets.series_folder.emphasis import plain
from microdrama_assets.series_folder.fountain_margin import SourceLine

_ENTRY = re.compile(r"([^\W\d_][\w \-]{0,40}):(.*)", re.DOTALL)


def take_title_page(lines: list[SourceLine]) -> tuple[dict[str, str], int]:
    """The entries by lower-case key, and the index of the first line after the page.

    No page, ({}, 0), where the first block is not all `Key: value` and indented lines, or its first key is in
    capitals (`FADE IN:` is a transition).
    """
    start = next((index for index, line in enumerate(lines) if not line.blank), len(lines))
    end = start
    entries: dict[str, list[str]] = {}
    key: str | None = None
    while end < len(lines) and not lines[end].blank:
        text = lines[end].text
        if text[0] in " \t":
            if key is None:
                return {}, 0
            entries[key].append(text)
        else:
            entry = _ENTRY.fullmatch(text)
            if entry is None or (key is None and entry[1].isupper()):
                return {}, 0
            named = key = entry[1].strip().lower()
            entries.setdefault(named, []).append(entry[2])
        end += 1
    return {name: plain(" ".join(values)) for name, values in entries.items()}, end if entries else 0
