"""Splits a written line into what is spoken: words, numbers and the marks that make pauses and melody.

One written token (between spaces) may hold several pieces, such as `wait—what` or `$4.50`; its text is kept as
written, since captions show it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

MARKS = frozenset(".,!?;:—…")
SENTENCE_ENDS = frozenset(".!?…")
_SPELLINGS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "–": "—", "―": "—", "\u2026": "…", "\u00a0": " "})
_PIECE = re.compile(
    r"(?P<number>[$€£]?\d+(?:[.,:]\d+)*(?:[ªº%]|[a-z]{1,2}\b)?)"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*'?)"
    r"|(?P<mark>[.,!?;:—…]+)"
    r"|(?P<symbol>[&%+@=])"
)


@dataclass(frozen=True)
class Piece:
    """One thing to say, or one mark; `token` is the index of the written token that it belongs to."""

    kind: Literal["word", "number", "symbol", "mark"]
    text: str
    token: int


def split_tokens(text: str) -> tuple[str, ...]:
    """The written tokens of a line, each with its own punctuation."""
    return tuple(unicodedata.normalize("NFC", text).split())


def split_pieces(tokens: tuple[str, ...], abbreviations: dict[str, str]) -> tuple[Piece, ...]:
    """All pieces of a line in order. `abbreviations` maps lower-case tokens such as `mr.` to the words said."""
    pieces: list[Piece] = []
    for index, token in enumerate(tokens):
        plain = token.translate(_SPELLINGS).replace("--", "—").replace("...", "…")
        bare = plain.strip("\"“”«»()[]¿¡*_")
        expansion = abbreviations.get(bare.lower()) or abbreviations.get(bare.rstrip(",;:!?").lower())
        if expansion is not None:
            pieces.extend(Piece("word", word, index) for word in expansion.split())
            trailing = bare[len(bare.rstrip(",;:!?")) :]
            if trailing:
                pieces.append(Piece("mark", _one_mark(trailing), index))
            continue
        for match in _PIECE.finditer("—" if plain == "-" else plain):
            kind = match.lastgroup
            found = match.group()
            if kind == "mark":
                pieces.append(Piece("mark", _one_mark(found), index))
            elif kind == "word":
                pieces.append(Piece("word", found.rstrip("'") if not found.endswith("s'") else found, index))
            elif kind == "number" or kind == "symbol":
                pieces.append(Piece(kind, found, index))
    return tuple(pieces)


def _one_mark(marks: str) -> str:
    """Of several marks in a row, the one that says most about the melody: ?! is a question, .. a trailing off."""
    for mark in "?!…—":
        if mark in marks:
            return mark
    return "…" if ".." in marks else marks[-1]
