"""Separates what is filmed from what is written in the margin of a Fountain file: boneyard and notes.

A line that holds nothing but margin vanishes, instead of becoming a blank line, so that a comment never splits a
speech or a paragraph. Notes such as `[[shot: insert locket]]` survive as directions. One pass, linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from microdrama_assets.schemas.errors import MicrodramaError, Place

MAX_BYTES = 1 << 20
"""Largest file read from a series folder: a feature-length screenplay is about 200 KiB."""

_OPENING = re.compile(r"/\*|\[\[|\n")
_DIRECTION = re.compile(r"(shot|sfx|hold|vfx|grade|screen|card|wear)\s*:\s*(.+)", re.IGNORECASE | re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CLOSES_UP = frozenset(" \t\n.,;:!?…")


@dataclass(frozen=True)
class Direction:
    """A note meant for the breakdown. `first`..`last` are 1-based lines of the file."""

    text: str
    first: int
    last: int


@dataclass(frozen=True)
class SourceLine:
    """One line as filmed: its text without margin, its lines in the file, the directions written on or above it."""

    text: str
    first: int
    last: int
    directions: tuple[Direction, ...] = ()

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass
class _Open:
    """The line being gathered."""

    first: int
    parts: list[str] = field(default_factory=list)
    had_margin: bool = False
    directions: list[Direction] = field(default_factory=list)


def decode(text: str | bytes, file: str) -> str:
    """The text with `\\n` line ends, no byte order mark, no control characters.

    Raises MicrodramaError where the bytes are not UTF-8, hold NUL or lone surrogates, or pass `MAX_BYTES`.
    """
    if len(text) > MAX_BYTES:
        raise MicrodramaError(f"the file holds more than {MAX_BYTES} bytes", Place(file),
                              "Split it into several episodes.")
    text = _decode_utf8(text, file) if isinstance(text, bytes) else text
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(text.split("\n"), 1):
        if "\x00" in line or any("\ud800" <= character <= "\udfff" for character in line):
            raise MicrodramaError("the line holds bytes that are not text", Place(file, number),
                                  "Save the file as plain UTF-8 text.")
    return _CONTROL.sub(" ", text)


def split_lines(text: str, file: str) -> list[SourceLine]:
    """The lines of decoded text with the margin taken out.

    Raises MicrodramaError at a boneyard or note that is never closed (a note may not span an empty line).
    """
    lines: list[SourceLine] = []
    carried: list[Direction] = []
    here = 1
    current = _Open(first=1)
    at = 0
    while opening := _OPENING.search(text, at):
        current.parts.append(text[at:opening.start()])
        at = opening.end()
        if opening.group() == "\n":
            _close_line(current, here, lines, carried)
            here += 1
            current = _Open(first=here)
            continue
        end = _margin_end(text, opening, here, file)
        last = here + text.count("\n", at, end)
        if opening.group() == "[[":
            _keep_direction(text[at:end], here, last, current)
        current.had_margin = True
        here, at = last, end + 2
        _close_up(current.parts, text[at:at + 1])
    current.parts.append(text[at:])
    _close_line(current, here, lines, carried)
    if carried:
        lines.append(SourceLine("", here, here, tuple(carried)))
    return lines


def _decode_utf8(raw: bytes, file: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise MicrodramaError("the text is not UTF-8", Place(file, line),
                              "Save the file with the encoding UTF-8.") from error


def _margin_end(text: str, opening: re.Match[str], line: int, file: str) -> int:
    if opening.group() == "/*":
        end = text.find("*/", opening.end())
        if end < 0:
            raise MicrodramaError("the comment opened here with /* is never closed", Place(file, line),
                                  "Close it with */.")
        return end
    end = text.find("]]", opening.end())
    if end < 0 or "\n\n" in text[opening.end():end]:
        raise MicrodramaError("the note opened here with [[ is never closed", Place(file, line),
                              "Close it with ]] before the next empty line.")
    return end


def _keep_direction(note: str, first: int, last: int, current: _Open) -> None:
    if direction := _DIRECTION.fullmatch(note.strip()):
        text = f"{direction[1].lower()}: {' '.join(direction[2].split())}"
        current.directions.append(Direction(text, first, last))


def _close_up(parts: list[str], following: str) -> None:
    """Taking margin out of `one [[note]], two` leaves `one, two`."""
    if parts and parts[-1].endswith((" ", "\t")) and (not following or following in _CLOSES_UP):
        parts[-1] = parts[-1].rstrip(" \t")


def _close_line(current: _Open, last: int, lines: list[SourceLine], carried: list[Direction]) -> None:
    text = "".join(current.parts)
    if current.had_margin and not text.strip():
        carried.extend(current.directions)
        return
    lines.append(SourceLine(text, current.first, last, (*carried, *current.directions)))
    carried.clear()
