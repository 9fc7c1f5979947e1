"""Fountain in, elements out: what counts as what, and what never counts."""

from __future__ import annotations

import pytest
from fountain import ElementType, FountainParser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from screenplay_tools.fountain.parser import Parser as ScreenplayParser

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.series_folder.fountain import parse
from tests.story.folders import script

ELEMENTS = {
    "heading": ("INT. CAFE - NIGHT\n\nx", [("heading", "INT. CAFE - NIGHT")]),
    "heading, lower case": ("int. cafe - night\n\n", [("heading", "int. cafe - night")]),
    "heading with a scene number": ("EXT. ALLEY - DAY #12A#\n\n", [("heading", "EXT. ALLEY - DAY")]),
    "EST. and I/E": (
        "EST. TOWN - DAY\n\nI/E CAR - DAY\n\n",
        [("heading", "EST. TOWN - DAY"), ("heading", "I/E CAR - DAY")],
    ),
    "forced heading": (".THE WHITE ROOM\n\n", [("heading", "THE WHITE ROOM")]),
    "an ellipsis is no heading": ("...and then\n\n", [("action", "...and then")]),
    "action, one paragraph": (
        "One line\nand one more.\n\nNext.",
        [("action", "One line and one more."), ("action", "Next.")],
    ),
    "forced action": ("!BANG\nIt goes.\n\n", [("action", "BANG It goes.")]),
    "capitals without words below": ("MARA\n\nHello.", [("action", "MARA"), ("action", "Hello.")]),
    "transition": ("CUT TO:\n\n", [("transition", "CUT TO:")]),
    "forced transition": ("> Burn to white.\n\n", [("transition", "Burn to white.")]),
    "centred": ("> THE END <\n\n", [("action", "THE END")]),
    "page break, section, synopsis": ("# Act\n\n= What happens\n\n===\n\nx", [("action", "x")]),
    "lyrics": ("~Willow, willow\n\n", [("action", "Willow, willow")]),
    "note": ("A [[remember this]] b.\n\n", [("action", "A b.")]),
    "note over two lines": ("A [[remember\nthis]] b.\n\n", [("action", "A b.")]),
    "note before a comma": ("A [[why?]], b.\n\n", [("action", "A, b.")]),
    "direction": ("[[shot: insert locket]]\n\nx", [("direction", "shot: insert locket"), ("action", "x")]),
    "direction in a paragraph": ("It rings. [[sfx: bell]]\n\n", [("direction", "sfx: bell"), ("action", "It rings.")]),
    "direction at the end": ("x\n\n[[hold: 2s]]", [("action", "x"), ("direction", "hold: 2s")]),
    "boneyard": ("A /* not\n\nthis */ b.\n\n", [("action", "A b.")]),
    "emphasis": ("*One* **two** ***three*** _four_ 5*6\n\n", [("action", "One two three four 5*6")]),
    "escaped emphasis": (r"\*not\* this" + "\n\n", [("action", "*not* this")]),
    "snake_case is no emphasis": ("a snake_case_name\n\n", [("action", "a snake_case_name")]),
    "cue alone with a bracket": ("MARA\n(shrugs)\n\n", [("action", "MARA (shrugs)")]),
}


@pytest.mark.parametrize(("text", "expected"), ELEMENTS.values(), ids=ELEMENTS)
def test_each_construct_becomes_its_element(text: str, expected: list[tuple[str, str]]) -> None:
    """Each construct of Fountain becomes exactly the elements that it means."""
    found = [(element.kind, element.text) for element in script(text).elements]
    assert found[: len(expected)] == expected


SPEECHES = {
    "plain": ("MARA\nHello.\n", [("MARA", None, None, "Hello.", False)]),
    "two lines": ("MARA\nHello\nthere.\n", [("MARA", None, None, "Hello there.", False)]),
    "extension": ("MARA (V.O.)\nHello.\n", [("MARA", "V.O.", None, "Hello.", False)]),
    "CONT'D is dropped": ("MARA (O.S.) (CONT'D)\nHello.\n", [("MARA", "O.S.", None, "Hello.", False)]),
    "parenthetical": ("MARA\n(low)\nHello.\n", [("MARA", None, "low", "Hello.", False)]),
    "parenthetical over two lines": ("MARA\n(low,\nslow)\nHello.\n", [("MARA", None, "low, slow", "Hello.", False)]),
    "beat in mid-speech": (
        "MARA\nHello.\n(beat)\nWho?\n",
        [("MARA", None, None, "Hello.", False), ("MARA", None, "beat", "Who?", False)],
    ),
    "forced cue": ("@McAvoy\nHello.\n", [("McAvoy", None, None, "Hello.", False)]),
    "dual": ("MARA\nOne.\n\nTHEO ^\nTwo.\n", [("MARA", None, None, "One.", False), ("THEO", None, None, "Two.", True)]),
    "accents": ("JOSÉ\nHola.\n", [("JOSÉ", None, None, "Hola.", False)]),
    "Cyrillic": ("МАРА\nДа.\n", [("МАРА", None, None, "Да.", False)]),
    "no capitals, forced": ("@小美\n你好。\n", [("小美", None, None, "你好。", False)]),
    "two spaces go on": ("MARA\nOne.\n  \nTwo.\n", [("MARA", None, None, "One. Two.", False)]),
    "comment inside": ("MARA\n/* softly? */\nHello.\n", [("MARA", None, None, "Hello.", False)]),
    "emphasis": ("MARA\nI *know* you.\n", [("MARA", None, None, "I know you.", False)]),
    "lyrics": ("MARA\n~La la\n", [("MARA", None, None, "La la", False)]),
}


@pytest.mark.parametrize(("text", "expected"), SPEECHES.values(), ids=SPEECHES)
def test_each_speech_keeps_speaker_bracket_and_words(text: str, expected: list[tuple[object, ...]]) -> None:
    """A speech keeps its speaker, extension, bracket and words, and nothing of the markup."""
    found = [(one.character, one.extension, one.parenthetical, one.text, one.dual) for one in script(text).elements]
    assert found == expected


def test_names_without_capitals_speak_when_in_the_cast() -> None:
    """`小美` is a cue where the cast has her, and action where it does not."""
    assert parse("小美\n你好。\n", "001.fountain", cast=["小美"])[0].elements[0].kind == "speech"
    assert parse("小美\n你好。\n", "001.fountain")[0].elements[0].kind == "action"


def test_the_title_page_is_read() -> None:
    """Title, credit and author come from the title page, without emphasis; the number comes from the file."""
    page = parse("Title:\n    _**The Locket**_\n    Part one\nCredit: by\nAuthor: A. B.\n\nx", "episodes/007.fountain")[
        0
    ]
    assert (page.title, page.credit, page.author, page.episode) == ("The Locket Part one", "by", "A. B.", "e007")


@pytest.mark.parametrize("opening", ["FADE IN:\n\nx", "Mara waits.\nShe waits: long.\n"])
def test_what_is_no_title_page_is_filmed(opening: str) -> None:
    """A transition or a paragraph with a colon in front of the first heading is not swallowed as a title page."""
    assert script(opening).title == "" and script(opening).elements


PLAIN = "INT. CAFE - NIGHT\n\nMara waits.\n\nMARA\n(low)\nHello there.\n"
SAME = {
    "CRLF": PLAIN.replace("\n", "\r\n"),
    "old Mac line ends": PLAIN.replace("\n", "\r"),
    "byte order mark": "\ufeff" + PLAIN,
    "more blank lines": PLAIN.replace("\n\n", "\n\n\n\n"),
    "a comment before": "/* by me */\n" + PLAIN,
    "a comment between": PLAIN.replace("\n\nMARA", "\n\n/* a\n\nb */\n\nMARA"),
    "a comment in the speech": PLAIN.replace("Hello", "/* a */ Hello"),
    "a note in the action": PLAIN.replace("waits", "waits [[how long?]]"),
    "a section and a synopsis": "# One\n\n= She waits.\n\n" + PLAIN,
    "spaces at line ends": PLAIN.replace("waits.", "waits.   "),
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_what_is_not_filmed_leaves_the_script_as_it_was(text: str) -> None:
    """Comments, notes, blank lines and line ends change where elements stand, never the script."""
    assert script(text) == script(PLAIN)


def test_the_source_map_names_the_lines() -> None:
    """Every element knows its first and last line, comments and blank lines counted."""
    found, source = parse("/* a\nb */\n\nINT. CAFE - NIGHT\r\n\r\nMara\nwaits.\n\nMARA\n(low)\nHello.\n", "a.fountain")
    assert [element.kind for element in found.elements] == ["heading", "action", "speech"]
    assert source.lines == ((4, 4), (6, 7), (9, 11))


BAD = {
    "open comment": ("x\n\n/* never", "a.fountain:3: the comment opened here with /* is never closed"),
    "open note": ("x [[never\n\ny]]", "a.fountain:1: the note opened here with [[ is never closed"),
    "open parenthetical": ("MARA\n(low\nHello.\n", "a.fountain:2: the parenthetical opened here is never closed"),
    "cue without a name": ("@\nHello.\n", "a.fountain:1: a character cue without a name"),
    "not UTF-8": ("x\ny \xff".encode("latin-1"), "a.fountain:2: the text is not UTF-8"),
    "endless cue": ("@" + "()" * 200_000 + "\nHello.\n", "a.fountain:1: a character cue of 400001 characters"),
    "NUL": ("x\n\x00", "a.fountain:2: the line holds bytes that are not text"),
    "too large": ("x" * (2 << 20), "a.fountain: the file holds more than 1048576 bytes"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_malformed_text_is_refused_with_its_line(text: str | bytes, message: str) -> None:
    """What cannot be a screenplay is refused, naming file, line and a remedy."""
    with pytest.raises(MicrodramaError) as caught:
        parse(text, "a.fountain")
    assert str(caught.value).startswith(message)
    assert caught.value.remedy


MARKUP = st.lists(
    st.sampled_from(
        [
            "/*",
            "*/",
            "[[",
            "]]",
            "(",
            ")",
            "*",
            "**",
            "_",
            "^",
            "@",
            ".",
            "!",
            ">",
            "<",
            "#",
            "=",
            "===",
            "~",
            "\n",
            "\n\n",
            "\r\n",
            "  \n",
            "MARA",
            "INT. A",
            "TO:",
            "Title:",
            " ",
            "\t",
            "é",
            "小",
            "\u2028",
            "\ufeff",
            "\x0b",
            "shot: x",
            "\\*",
        ]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(MARKUP, st.text(max_size=120), st.binary(max_size=120)))
def test_no_text_breaks_the_parser(text: str | bytes) -> None:
    """Any text gives a script with one span of lines per element, or a MicrodramaError."""
    try:
        found, source = parse(text, "a.fountain")
    except MicrodramaError:
        return
    assert len(found.elements) == len(source.lines)
    assert all(1 <= first <= last for first, last in source.lines)


HOSTILE = {
    "stars": "*a" * 150_000,
    "underlines": "_a " * 100_000,
    "brackets": "(\n" * 150_000,
    "cue": "A" + "()" * 150_000 + "\nb",
    "notes": "[[a]]" * 60_000,
    "blank": "  \n" * 100_000,
    "goes on": "X\n" + "b\n  \n" * 40_000,
    "slashes": "/" * 300_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_large_hostile_file_comes_back(text: str) -> None:
    """Repeated markup of 300 KB is parsed or refused: a quadratic step here would not come back."""
    try:
        parse(text, "a.fountain")
    except MicrodramaError as error:
        assert error.remedy


COMMON = """INT. CAFE - NIGHT

Mara wipes the counter.

MARA
(low)
Who is there?

SILAS (O.S.)
Nobody.

CUT TO:

EXT. ALLEY - DAY

!BANG

@McAvoy
Run.
"""


def test_two_other_parsers_agree() -> None:
    """fountain-py and screenplay-tools find the same headings, actions, cues, brackets and words."""
    ours = [
        (element.kind, element.character, element.parenthetical, element.text) for element in script(COMMON).elements
    ]
    other = FountainParser().parse(COMMON)
    texts = {kind: [one.text for one in other.elements if one.type == kind] for kind in ElementType}
    assert texts[ElementType.SCENE_HEADING] == [text for kind, *_, text in ours if kind == "heading"]
    assert [text.lstrip("!") for text in texts[ElementType.ACTION]] == [
        text for kind, *_, text in ours if kind == "action"
    ]
    assert texts[ElementType.DIALOGUE] == [text for kind, *_, text in ours if kind == "speech"]
    third = ScreenplayParser()
    third.add_text(COMMON)
    said = [one.text for one in third.script.elements if one.type.name == "DIALOGUE"]
    names = [one.name for one in third.script.elements if one.type.name == "CHARACTER"]
    assert said == [text for kind, *_, text in ours if kind == "speech"]
    assert names == [name for kind, name, *_ in ours if kind == "speech"]
