"""A screenplay after parsing: what the story means, without the layout of the page.

No line numbers in here: a comment or a blank line must not change a script's digest. Lines live in a
`SourceMap` beside it, index by element.
"""

from __future__ import annotations

from typing import Literal

from microdrama_assets.schemas.frozen import Frozen

ElementKind = Literal["heading", "action", "speech", "transition", "direction"]


class Element(Frozen):
    """One element of a screenplay, in playing order.

    heading: `text` is the heading as written. action: a paragraph. transition: `CUT TO:`.
    speech: one character's uninterrupted line; `character` is the name as written without extensions,
    `extension` such as `V.O.`, `parenthetical` without brackets, `dual` true for the right-hand column.
    direction: a note for the breakdown, `[[shot: insert locket]]`, `[[sfx: bell]]`; `text` is `shot: insert locket`.
    """

    kind: ElementKind
    text: str
    character: str | None = None
    extension: str | None = None
    parenthetical: str | None = None
    dual: bool = False


class Script(Frozen):
    episode: str
    title: str
    credit: str = ""
    author: str = ""
    elements: tuple[Element, ...]


class SourceMap(Frozen):
    """Which lines of which file each element of a script came from (1-based, inclusive)."""

    file: str
    lines: tuple[tuple[int, int], ...]


class Translation(Frozen):
    """An episode's speech in one language, keyed by what is said in the original language (as gettext does)."""

    episode: str
    language: str
    title: str = ""
    entries: tuple[tuple[str, str, str], ...]
    """(character name as written, source text, translated text); no name for what is read in the picture. In the order
    of the file, lines first."""
