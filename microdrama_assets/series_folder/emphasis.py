"""Takes Fountain's emphasis (`*italic*`, `**bold**`, `_underline_`) off a text: a voice cannot say an asterisk."""

from __future__ import annotations

import re

_STARS = re.compile(r"(\*{1,3})(?=[^\s*])([^*]*[^\s*])\1")
_UNDERLINE = re.compile(r"(?<!\w)_(?=[^\s_])([^_]*[^\s_])_(?!\w)")
_ESCAPED = {r"\*": "\x01", r"\_": "\x02"}
_LITERAL = {"\x01": "*", "\x02": "_"}
_NESTING = 3
"""Emphasis nests at most so deep: bold, italic, underline."""


def plain(text: str) -> str:
    """`text` on one line, without emphasis marks and repeated spaces. `\\*` and `\\_` stay as literal marks."""
    for mark, stand_in in _ESCAPED.items():
        text = text.replace(mark, stand_in)
    for _ in range(_NESTING):
        text = _UNDERLINE.sub(r"\1", _STARS.sub(r"\2", text))
    for stand_in, mark in _LITERAL.items():
        text = text.replace(stand_in, mark)
    return " ".join(text.split())
