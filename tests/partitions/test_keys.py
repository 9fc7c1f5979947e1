"""Names that may become keys, and names that may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partitions import keys
from partitions.errors import PartitionError
from partitions.keys import Selection, parse_selection


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("locket", Selection("locket")),
        ("the_locket2", Selection("the_locket2")),
        ("a" * 31, Selection("a" * 31)),
        ("locket.e001", Selection("locket", "e001")),
        ("locket.e1000", Selection("locket", "e1000")),
        ("locket.e001.sh030", Selection("locket", "e001", "e001.sh030")),
        ("locket.e012.sh1005", Selection("locket", "e012", "e012.sh1005")),
    ],
)
def test_a_selection_reads_and_prints_the_same(text: str, expected: Selection) -> None:
    """A selection names a series, an episode or a shot, and prints as it was written."""
    assert parse_selection(text) == expected
    assert str(parse_selection(text)) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' cannot name a series: it is empty. Use 1 to 31"),
        ("../locket", "'../locket' is not a selection: it looks like a path. Try locket"),
        ("a/b", "'a/b' is not a selection: it looks like a path"),
        ("a\\b", r"'a\\b' is not a selection: it looks like a path"),
        ("a|b", "'a|b' cannot name a series: '|' is not allowed"),
        ("a,b", "',' is not allowed"),
        ("a[b]", "'[' is not allowed"),
        ("a b", "' ' is not allowed"),
        ("Locket", "'Locket' cannot name a series. Use 1 to 31 characters: a small letter first"),
        ("9lives", "'9lives' cannot name a series. Use 1 to 31"),
        ("a" * 32, "cannot name a series. Use 1 to 31"),
        ("a" * 300, "… (300 characters)' cannot name a series: it is too long"),
        ("l\u043ecket", "U+043E CYRILLIC SMALL LETTER O, which looks like 'o'"),
        ("lo\u03f2ket", "U+03F2 GREEK LUNATE SIGMA SYMBOL"),
        ("caf\u00e9", "U+00E9 LATIN SMALL LETTER E WITH ACUTE, which looks like 'e'"),
        ("\uff4cocket", "U+FF4C FULLWIDTH LATIN SMALL LETTER L, which looks like 'l'"),
        ("lock\u200bet", "U+200B ZERO WIDTH SPACE"),
        ("lock\u2215et", "U+2215 DIVISION SLASH, which looks like '/'"),
        ("lock\net", "U+000A an unnamed character"),
        ("locket\n", "U+000A an unnamed character"),
        ("locket\x00", "U+0000 an unnamed character"),
        ("locket.", "'' cannot name an episode: it is empty"),
        ("locket...", "'locket...' is not a selection: it looks like a path"),
        ("locket.1", "'1' cannot name an episode. An episode is e and three digits"),
        ("locket.e1", "'e1' cannot name an episode"),
        ("locket.e0001", "'e0001' cannot name an episode"),
        ("locket.e000", "'e000' cannot name an episode: numbers start at 1"),
        ("locket.e\u0660\u0660\u0661", "U+0660 ARABIC-INDIC DIGIT ZERO, which looks like '0'"),
        ("locket.e001.10", "'10' cannot name a shot. A shot is its episode, a dot, sh and three digits"),
        ("locket.e001.sh000", "'e001.sh000' cannot name a shot: numbers start at 1"),
        ("locket.e001.sh010.x", "'sh010.x' cannot name a shot: '.' is not allowed"),
        ("locket.e001.sh010/../x", "is not a selection: it looks like a path"),
    ],
)
def test_a_bad_selection_is_refused_in_words(text: str, said: str) -> None:
    """The message shows the part at fault, what is wrong with it, and the rule."""
    with pytest.raises(PartitionError) as caught:
        parse_selection(text)
    assert said in str(caught.value)
    assert caught.value.remedy


@given(st.text(max_size=40))
def test_only_the_small_alphabet_gets_through(text: str) -> None:
    """Whatever a selection accepts holds no separator, no path and nothing beyond small ASCII."""
    try:
        selection = parse_selection(text)
    except PartitionError:
        return
    assert str(selection) == text
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.")
    assert ".." not in text


@pytest.mark.parametrize("tag", ["en", "es", "pt-BR", "zh-Hant", "fil"])
def test_languages_are_bcp_47_tags(tag: str) -> None:
    """Language tags keep their regions and scripts."""
    assert keys.language_key(tag) == tag


@pytest.mark.parametrize("tag", ["", "EN", "english", "pt_BR", "en|es", "\u0435n", "en-"])
def test_other_spellings_of_a_language_are_refused(tag: str) -> None:
    """A tag that is not BCP 47 is refused, look-alikes included."""
    with pytest.raises(PartitionError, match="language"):
        keys.language_key(tag)


def test_people_count_in_numbers_not_in_letters() -> None:
    """e002 < e010 < e1000, and sh090 < sh100 < sh1000."""
    shots = ["e1000.sh010", "e010.sh010", "e002.sh1000", "e002.sh100", "e002.sh090"]
    assert sorted(shots, key=keys.shot_order) == list(reversed(shots))
    assert sorted(["e1000", "e010", "e002"], key=keys.episode_number) == ["e002", "e010", "e1000"]


def test_a_shot_knows_its_episode() -> None:
    """Shot keys join and split without loss."""
    assert keys.shot_in("e001", "sh010") == "e001.sh010"
    assert keys.episode_of("e001.sh010") == "e001"
    with pytest.raises(PartitionError, match="'e001' is not a shot"):
        keys.episode_of("e001")


@pytest.mark.parametrize("text", ["..", "a/b", "..\\a"])
def test_a_path_is_called_a_path(text: str) -> None:
    """A character given as a path is refused as such, not by its first odd letter."""
    with pytest.raises(PartitionError, match="looks like a path"):
        keys.character_slug(text)
