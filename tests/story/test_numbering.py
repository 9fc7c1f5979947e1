"""Ids of shots through edits: what stays keeps its id, what is new gets a free one, what was cut never lends its."""

from __future__ import annotations

import pytest

from microdrama_assets.story.drafts import ShotDraft
from microdrama_assets.story.numbering import NumberedShot, number_shots
from tests.story.folders import shots
from tests.story.test_breakdown import long_episode

TEXTS = {
    "a": "set: room\nana: Where did you find this locket, Bo?",
    "b": "set: room\nbo: It was lying under the floor of the old shop.",
    "c": "set: room\naction: The lamp goes out and rain comes in.",
    "d": "set: street\nana: Nobody may know that we were here tonight.",
    "a*": "set: room\nana: Where did you find this old locket, Bo?",
    "b*": "set: room\nbo: Under the floor, if you must hear it.",
    "d*": "set: street\nana: Nobody may ever know that we were here tonight.",
    "x": "set: street\naction: Somebody laughs behind the wall.",
    "y": "set: room\ncy: I have waited nine years for both of you.",
    "z": "set: street\naction: Two dogs and a broken bicycle.",
    "n": "set: room\nbo: No.",
    "n*": "set: room\nbo: Never.",
    "n+": "set: room\nana: Never.",
}
EMPTY = shots("Ana waits.")[0]


def drafts(names: str) -> list[ShotDraft]:
    return [EMPTY.model_copy(update={"signature": TEXTS[name]}) for name in names.split()]


def cut(numbered: str, *, retired: bool = False) -> list[NumberedShot]:
    """`a=10 b=20` as an earlier cut."""
    pairs = [one.split("=") for one in numbered.split()]
    return [NumberedShot(f"sh{int(number):03d}", TEXTS[name], retired) for name, number in pairs]


A = "a=10 b=20 c=30 d=40"
EDITS = {
    "first time": ("", "", "a b c d", "10 20 30 40"),
    "nothing changed": (A, "", "a b c d", "10 20 30 40"),
    "two swapped": (A, "", "b a c d", "20 10 30 40"),
    "last goes first": (A, "", "d a b c", "40 10 20 30"),
    "one edited": (A, "", "a* b c d", "10 20 30 40"),
    "one rewritten, same speaker": (A, "", "a b* c d", "10 20 30 40"),
    "one word for another, same speaker": ("a=10 n=20 c=30", "", "a n* c", "10 20 30"),
    "one word for another, other speaker": ("a=10 n=20 c=30", "", "a n+ c", "10 15 30"),
    "one edited and moved": (A, "", "a b c d*", "10 20 30 40"),
    "moved to the front and edited": (A, "", "d* a b c", "40 10 20 30"),
    "inserted": (A, "", "a x b c d", "10 15 20 30 40"),
    "inserted again before it": ("a=10 x=15 b=20", "", "a y x b", "10 12 15 20"),
    "two inserted": (A, "", "a x y b c d", "10 15 17 20 30 40"),
    "inserted first": (A, "", "x a b c d", "5 10 20 30 40"),
    "inserted last": (A, "", "a b c d x", "10 20 30 40 50"),
    "inserted and the next edited": (A, "", "a x b* c d", "10 15 20 30 40"),
    "no number left between": ("a=10 b=11 c=20", "", "a x b c", "10 30 11 20"),
    "one cut": (A, "", "a c d", "10 30 40"),
    "one cut, another put in": (A, "", "a x c d", "10 15 30 40"),
    "a cut number is not lent": ("a=10 b=20", "c=15", "a x b", "10 14 20"),
    "the last number is not lent": ("a=10 b=20", "c=30", "a b x", "10 20 40"),
    "what was cut comes back": ("a=10 c=30 d=40", "b=20", "a b c d", "10 20 30 40"),
    "an inserted one comes back": ("a=10 b=20", "x=15", "a x b", "10 15 20"),
    "all new": ("a=10 b=20", "", "x z", "30 40"),
}


@pytest.mark.parametrize(("before", "retired", "now", "expected"), EDITS.values(), ids=EDITS)
def test_ids_through_an_edit(before: str, retired: str, now: str, expected: str) -> None:
    """Each edit of a cut gives exactly these ids."""
    previous = [*cut(before), *cut(retired, retired=True)]
    assert number_shots(drafts(now), previous) == tuple(f"sh{int(one):03d}" for one in expected.split())


def test_ids_named_as_retired_are_never_given() -> None:
    """Ids known only by name, without their content, are kept free too."""
    assert number_shots(drafts("a x b"), cut("a=10 b=20"), ["sh015", "sh014"]) == ("sh010", "sh016", "sh020")


def test_there_and_back_again() -> None:
    """A -> B -> A gives A's ids, whatever B cut, moved, edited and put in."""
    first = drafts("a b c d")
    ids = number_shots(first, [])
    known = {one: NumberedShot(one, draft.signature) for one, draft in zip(ids, first, strict=True)}
    second = drafts("d x a* c y")
    for one, draft in zip(number_shots(second, list(known.values())), second, strict=True):
        known[one] = NumberedShot(one, draft.signature)
    live = set(number_shots(second, list(known.values())))
    previous = [NumberedShot(one.id, one.signature, one.id not in live) for one in known.values()]
    assert number_shots(first, previous) == ids


def test_the_same_text_twice_keeps_two_ids() -> None:
    """Two shots of one text are told apart by their order."""
    assert number_shots(drafts("c a c"), cut("c=10 a=20 c=30")) == ("sh010", "sh020", "sh030")


def test_a_long_episode_keeps_its_ids_through_an_insertion() -> None:
    """One line put into forty shots renames nothing and adds ids only for what is new."""
    before = shots(long_episode())
    ids = number_shots(before, [])
    text = long_episode().replace("BO\nThis is sentence 23", "Bo pours water.\n\nBO\nThis is sentence 23")
    after = number_shots(
        shots(text), [NumberedShot(one, draft.signature) for one, draft in zip(ids, before, strict=True)]
    )
    assert len(after) == 41
    assert [one for one in after if one in ids] == list(ids)
