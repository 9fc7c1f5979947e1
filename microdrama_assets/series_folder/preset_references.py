"""Writes a reference to a preset into a card or `series.yaml`, leaving every other line as people wrote it."""

from __future__ import annotations

import re
from typing import Any

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.series_folder.preset_library import Kind
from microdrama_assets.series_folder.presets import SECTIONS
from microdrama_assets.series_folder.yaml_reader import Document, mapping, read_yaml

_WRITTEN = re.compile(r"""(\bpreset['"]?\s*:\s*)(['"]?)[\w@]*\2""")


def referring(text: str, file: str, kind: Kind, reference: str) -> str:
    """`text` with this reference in its place, instead of any other one. Raises MicrodramaError where the text is
    laid out so that this cannot be done without touching anything else; then it is for a person to write."""
    document = read_yaml(text, file)
    before = mapping(document) if document.value is not None else {}
    section = SECTIONS[kind.name]
    found = _replaced(text, document, section, reference) if document.value is not None else None
    found = found or _inserted(text, document, section, reference)
    try:
        right = read_yaml(found, file).value == _with(before, section, reference)
    except MicrodramaError:
        right = False
    if not right:
        where = ".".join((*section, "preset"))
        raise MicrodramaError("the reference cannot be put in without changing the file's layout",
                              document.place(section), f"Write it yourself, as `{where}`: {reference}")
    return found


def written_beside(text: str, file: str, kind: Kind) -> tuple[str, ...]:
    """The fields that stand beside a reference, and so go over the preset."""
    value: Any = read_yaml(text, file).value
    for part in SECTIONS[kind.name]:
        value = value.get(part, {})
    skipped = {"preset", *kind.without}
    return tuple(name for name in value if name not in skipped)


def _replaced(text: str, document: Document, section: tuple[str, ...], reference: str) -> str | None:
    """The text with the reference that stands there exchanged; None where none stands there."""
    line = document.lines.get((*section, "preset"))
    if line is None:
        return None
    rows = text.splitlines(keepends=True)
    rows[line - 1] = _WRITTEN.sub(rf"\g<1>{reference}", rows[line - 1], count=1)
    return "".join(rows)


def _inserted(text: str, document: Document, section: tuple[str, ...], reference: str) -> str:
    """The text with the reference as the first line of its section, which is made where it is missing."""
    rows = text.splitlines(keepends=True)
    if not section:
        at = next((index for index, row in enumerate(rows) if row.strip() and not row.startswith("#")), len(rows))
        return "".join([*rows[:at], f"preset: {reference}\n", *rows[at:]])
    depth = max((length for length in range(len(section) + 1) if section[:length] in document.lines), default=0)
    missing = section[depth:]
    if depth == 0:
        return _ended(text) + _block("", missing, reference)
    at = document.lines[section[:depth]]
    row = rows[at - 1]
    if opened := re.search(rf"\b{section[depth - 1]}['\"]?\s*:\s*\{{", row):
        comma = "" if row[opened.end():].lstrip().startswith("}") else ", "
        rows[at - 1] = row[:opened.end()] + _flow(missing, reference) + comma + row[opened.end():]
        return "".join(rows)
    children = [line for path, line in document.lines.items() if path[:-1] == section[:depth] and line > at]
    lead = _lead(rows[min(children) - 1]) if children else _lead(row) + "  "
    return "".join([*map(_ended, rows[:at]), _block(lead, missing, reference), *rows[at:]])


def _block(lead: str, missing: tuple[str, ...], reference: str) -> str:
    """The reference below the keys that are missing, one a row."""
    keys = "".join(f"{lead}{'  ' * index}{name}:\n" for index, name in enumerate(missing))
    return f"{keys}{lead}{'  ' * len(missing)}preset: {reference}\n"


def _flow(missing: tuple[str, ...], reference: str) -> str:
    """The same within braces."""
    inner = f"preset: {reference}"
    for name in reversed(missing):
        inner = f"{name}: {{{inner}}}"
    return inner


def _lead(row: str) -> str:
    return row[:len(row) - len(row.lstrip())]


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _with(values: dict[str, Any], section: tuple[str, ...], reference: str) -> dict[str, Any]:
    if not section:
        return {**values, "preset": reference}
    inner = values.get(section[0])
    below = inner if isinstance(inner, dict) else {}
    return {**values, section[0]: _with(below, section[1:], reference)}
