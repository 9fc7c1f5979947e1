"""Parses a Fountain screenplay (https://fountain.io/syntax) into a `Script` and the lines each element came from.

Our own parser, because three things decide the rest of the graph and no library gives them together: directions in
notes, exact source lines, and a `Script` that comments and blank lines leave untouched. Tests hold it against two
libraries on what they understand. Every step is one pass over the lines, so a hostile file takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from microdrama_assets.schemas.errors import MicrodramaError, Place
from microdrama_assets.schemas.script import Element, ElementKind, Script, SourceMap
from microdrama_assets.series_folder.emphasis import plain
from microdrama_assets.series_folder.fountain_margin import Direction, SourceLine, decode, split_lines
from microdrama_assets.series_folder.title_page import take_title_page

_HEADING = re.compile(r"(int\.?/ext|ext\.?/int|i/e|int|ext|est)[. ]", re.IGNORECASE)
_FORCED_HEADING = re.compile(r"\.\w")
_SCENE_NUMBER = re.compile(r"#[\w.\-]{1,20}#$")
_TRANSITION = re.compile(r"[^a-z]*TO:|FADE IN:|FADE OUT[.:]|FADE TO BLACK[.:]")
_PAGE_BREAK = re.compile(r"={3,}")
_CONTINUED = re.compile(r"cont(['’]?d|inued|inúa)?\.?", re.IGNORECASE)
_LONGEST_CUE = 120
_TITLE_KEYS = ("title", "título", "titulo", "titre", "titel", "titolo")
_CREDIT_KEYS = ("credit", "crédito", "credito")
_AUTHOR_KEYS = ("author", "authors", "autor", "autora", "autores")


@dataclass(frozen=True)
class Cue:
    """A character cue taken apart: `MARA (O.S.) (CONT'D) ^`."""

    name: str
    extension: str | None
    dual: bool


def parse(text: str | bytes, file: str, cast: Collection[str] = ()) -> tuple[Script, SourceMap]:
    """Parse a whole screenplay. `file` is its path relative to the series folder; `001.fountain` is episode `e001`.

    `cast` holds names in scripts without capitals (`小美`) that count as cues without the forcing `@`.
    Raises MicrodramaError (place and remedy) for text that is not UTF-8 or too large, a comment, note or
    parenthetical that is never closed, and a cue without a name.
    """
    lines = split_lines(decode(text, file), file)
    page, start = take_title_page(lines)
    reader = _Reader(lines, file, frozenset(cast))
    reader.read(start)
    script = Script(episode=episode_key(file), title=_first(page, _TITLE_KEYS), credit=_first(page, _CREDIT_KEYS),
                    author=_first(page, _AUTHOR_KEYS), elements=tuple(reader.elements))
    return script, SourceMap(file=file, lines=tuple(reader.lines_of))


def episode_key(file: str) -> str:
    """`episodes/001.fountain` -> `e001`. A stem that is no number stays as it is."""
    stem = PurePosixPath(file).stem
    return f"e{int(stem):03d}" if stem.isascii() and stem.isdigit() and len(stem) <= 6 else stem


def read_cue(text: str, file: str, line: int) -> Cue:
    """Take a cue line apart. Raises MicrodramaError where no name is left, or it is endless."""
    if len(text) > _LONGEST_CUE:
        raise MicrodramaError(f"a character cue of {len(text)} characters", Place(file, line),
                              "Put the spoken words on the line below the name.")
    text = text.strip().removeprefix("@").strip()
    dual = text.endswith("^")
    text = text.removesuffix("^").rstrip()
    extensions: list[str] = []
    while text.endswith(")") and (start := text.rfind("(")) >= 0:
        extensions.insert(0, text[start + 1:-1].strip())
        text = text[:start].rstrip()
    kept = [extension for extension in extensions if extension and not _CONTINUED.fullmatch(extension)]
    name = plain(text)
    if not name:
        raise MicrodramaError("a character cue without a name", Place(file, line),
                              "Write the speaker's name after the @, or put ! before the line if it is action.")
    return Cue(name, ", ".join(kept) or None, dual)


class _Reader:
    """Walks the lines once, gathering elements and, beside them, their lines in the file."""

    def __init__(self, lines: list[SourceLine], file: str, cast: frozenset[str]) -> None:
        self._lines = lines
        self._file = file
        self._cast = cast
        self.elements: list[Element] = []
        self.lines_of: list[tuple[int, int]] = []

    def read(self, start: int) -> None:
        at = start
        while at < len(self._lines):
            at = self._read_block(at)

    def _read_block(self, at: int) -> int:
        """Read one element (a paragraph, a speech, a heading) and return the index of the line after it."""
        line = self._lines[at]
        text = line.text.strip()
        if not text or _PAGE_BREAK.fullmatch(text) or text[0] in "#=":
            self._direct(line.directions)
            return at + 1
        if _FORCED_HEADING.match(text) or _HEADING.match(text):
            heading = _SCENE_NUMBER.sub("", text.removeprefix(".")).strip()
            self._add("heading", heading, [line])
            return at + 1
        if text[0] == ">":
            kind: ElementKind = "action" if text.endswith("<") and len(text) > 1 else "transition"
            self._add(kind, text.strip("><"), [line])
            return at + 1
        if self._ends_block(at + 1) and text[0] not in "!@" and _TRANSITION.fullmatch(text):
            self._add("transition", text, [line])
            return at + 1
        if not self._ends_block(at + 1) and self._is_cue(text):
            return self._read_speech(at)
        return self._read_action(at)

    def _ends_block(self, at: int) -> bool:
        return at >= len(self._lines) or self._lines[at].blank

    def _is_cue(self, text: str) -> bool:
        if text[0] == "@":
            return True
        if text[0] in "!~" or len(text) > _LONGEST_CUE:
            return False
        name = text.removesuffix("^").split("(", 1)[0].strip()
        if any(letter.isupper() for letter in name):
            return not any(letter.islower() for letter in name)
        return name in self._cast and not any(letter.islower() for letter in name)

    def _read_action(self, at: int) -> int:
        paragraph: list[SourceLine] = []
        while not self._ends_block(at):
            first = self._lines[at].text.lstrip()[0]
            if paragraph and first in "!>#=":
                break
            paragraph.append(self._lines[at])
            at += 1
        self._add("action", " ".join(line.text.strip().lstrip("!~") for line in paragraph), paragraph)
        return at

    def _read_speech(self, at: int) -> int:
        """A cue and its dialogue. A parenthetical in mid-speech begins a new element, for the voice changes there."""
        cue_line = self._lines[at]
        cue = read_cue(cue_line.text, self._file, cue_line.first)
        parenthetical: str | None = None
        said: list[SourceLine] = []
        gathered = [cue_line]
        for part, is_parenthetical in self._dialogue(at + 1):
            at += len(part)
            if is_parenthetical and said:
                self._speak(cue, parenthetical, said, gathered)
                parenthetical, said, gathered = None, [], []
            if is_parenthetical:
                words = plain(" ".join(line.text for line in part)).strip("()").strip()
                parenthetical = words if parenthetical is None else f"{parenthetical}, {words}"
            else:
                said += part
            gathered += part
        self._speak(cue, parenthetical, said, gathered)
        return at + 1

    def _dialogue(self, at: int) -> Iterator[tuple[list[SourceLine], bool]]:
        """The parts of a dialogue block: each line of speech alone, each parenthetical with all its lines.

        A line of two spaces goes on with the speech (Fountain, "Dialogue")."""
        while at < len(self._lines) and (not self._lines[at].blank or self._goes_on(at)):
            line = self._lines[at]
            part = [line]
            if line.text.lstrip().startswith("("):
                part = self._parenthetical(at)
            yield part, len(part) > 1 or _is_bracketed(line.text)
            at += len(part)

    def _goes_on(self, at: int) -> bool:
        return len(self._lines[at].text) >= 2 and not self._ends_block(at + 1)

    def _parenthetical(self, at: int) -> list[SourceLine]:
        """The lines of a parenthetical that opens at `at`; one line where its bracket closes before the line ends."""
        part: list[SourceLine] = []
        while not self._ends_block(at):
            part.append(self._lines[at])
            if ")" in self._lines[at].text:
                if len(part) > 1 and not self._lines[at].text.rstrip().endswith(")"):
                    break
                return part
            at += 1
        raise MicrodramaError("the parenthetical opened here is never closed", Place(self._file, part[0].first),
                              "Close it with ) and put the spoken words on their own line.")

    def _speak(self, cue: Cue, parenthetical: str | None, said: list[SourceLine], gathered: list[SourceLine]) -> None:
        text = " ".join(line.text.strip().lstrip("~") for line in said)
        if plain(text):
            self._add("speech", text, gathered, character=cue.name, extension=cue.extension,
                      parenthetical=parenthetical, dual=cue.dual)
        elif parenthetical:
            self._add("action", f"{cue.name} ({parenthetical})", gathered)
        else:
            self._direct(tuple(note for line in gathered for note in line.directions))

    def _add(self, kind: ElementKind, text: str, lines: list[SourceLine], **more: str | bool | None) -> None:
        self._direct(tuple(note for line in lines for note in line.directions))
        if words := plain(text):
            self.elements.append(Element.model_validate({"kind": kind, "text": words, **more}))
            self.lines_of.append((lines[0].first, lines[-1].last))

    def _direct(self, directions: tuple[Direction, ...]) -> None:
        for direction in directions:
            self.elements.append(Element(kind="direction", text=direction.text))
            self.lines_of.append((direction.first, direction.last))


def _is_bracketed(text: str) -> bool:
    text = text.strip()
    return text.startswith("(") and text.endswith(")")


def _first(page: dict[str, str], keys: tuple[str, ...]) -> str:
    return next((page[key] for key in keys if key in page), "")
