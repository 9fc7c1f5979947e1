"""Finds what was written as a colour and is none: YAML itself takes `#8d2439` without quotes for a comment."""

from __future__ import annotations

import re

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.series_folder.yaml_reader import Document

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_FIELDS = {"colour", "accent", "skin", "eyes", "palette", "highlight", "outline"}


def colour_faults(document: Document) -> list[MicrodramaError]:
    """Every value that begins with `#` and is no colour, and every colour field without a `#`."""
    faults: list[MicrodramaError] = []
    for path in document.lines:
        value = document.value
        for part in path:
            value = value[part]
        if isinstance(value, str) and _FIELDS & set(map(str, path)) and not _COLOUR.fullmatch(value):
            faults.append(MicrodramaError(f"{value[:40]!r} is no colour", document.place(path),
                                          'Write it as "#rrggbb", with the quotes.'))
    return faults
