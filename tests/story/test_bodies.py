"""What bodies do: facing, posture, hands and steps follow from the text, and a scene remembers them."""

from __future__ import annotations

from typing import Any

import pytest

from microdrama_assets.schemas.manifest import Prop, Staged
from microdrama_assets.story.acting import Bodies
from microdrama_assets.story.breakdown import break_down
from microdrama_assets.story.emotions import emotion_of_line
from microdrama_assets.story.vocabulary import prop_in, prop_state_in
from tests.story.folders import SERIES, script, shots

OPENING = "Ana and Bo wait.\n\n"
LINE = "ANA\nThe train is late again tonight.\n\n"
ANSWER = "BO\nThen we shall have to walk all the way home in the rain.\n\n"
ACTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "turns to whom she addresses": (OPENING + LINE + "Bo waits.", "ana",
                                    {"facing": "three_quarter_right", "toward": "bo", "posture": "stand"}),
    "turns back": (OPENING + "BO\nThe train is late again tonight.\n\nAna waits.", "bo",
                   {"facing": "three_quarter_left", "toward": "ana"}),
    "looks at us in the last word": (OPENING + LINE, "ana", {"facing": "front", "gaze": 0.0}),
    "sits, and goes on sitting": (OPENING + "Ana sits.\n\nBo waits.\n\n" + LINE + "Bo waits.", "ana",
                                  {"posture": "sit"}),
    "rises": (OPENING + "Ana sits.\n\nAna stands up.\n\nBo waits.\n\n" + LINE + "Bo waits.", "ana",
              {"posture": "stand"}),
    "holds what she took": (OPENING + "Ana takes the letter.\n\n" + LINE + "Bo waits.", "ana",
                            {"holding": "letter", "gesture": "hold"}),
    "gives it away": (OPENING + "Ana takes the letter.\n\nAna hands the letter to Bo.\n\n" + LINE + "Bo waits.", "ana",
                      {"holding": None}),
    "is given it": (OPENING + "Ana takes the letter.\n\nAna hands it to Bo.\n\nBO\nIt is from my own brother.\n\nAna waits.",
                    "bo", {"holding": "letter"}),
    "has hands to hold with": (OPENING + "Ana grips the phone with both hands.\n\n" + LINE + "Bo waits.", "ana",
                               {"holding": "phone"}),
    "holds what a direction gives her": ("[[shot: medium Ana, holding phone]]\n\nAna waits.", "ana",
                                         {"holding": "phone"}),
    "walks in": (OPENING + "Bo enters.", "bo", {"moves": "enter_left"}),
    "walks up": (OPENING + "Bo walks to the water.", "bo", {"moves": "enter_left"}),
    "has a hand on what is before her": (OPENING + "Ana wipes the table.", "ana", {"gesture": "reach"}),
    "has no hands to show": (OPENING + "Ana waits, hands in her pockets.", "ana", {"gesture": "pockets"}),
    "walks out": (OPENING + "Bo walks away.", "bo", {"moves": "exit_left"}),
    "points": (OPENING + "Ana points at the door.", "ana", {"gesture": "point"}),
    "does what her own sentence says": (OPENING + "Bo waits. Ana is there already, hands in her pockets.", "ana",
                                        {"gesture": "pockets"}),
    "does not do what another's says": (OPENING + "Bo waits. Ana is there already, hands in her pockets.", "bo",
                                        {"gesture": "rest"}),
    "goes on in the next sentence": (OPENING + "Ana waits. It is late. Slowly she sits.", "ana", {"posture": "sit"}),
    "gives away, by a pronoun": (OPENING + "Bo takes the letter.\n\nBo stops. He gives it to Ana.\n\n" + LINE + "Bo waits.",
                                 "ana", {"holding": "letter"}),
    "sits, by a pronoun": (OPENING + "Bo waits. He sits down beside Ana.", "bo", {"posture": "sit"}),
    "does not sit for him": (OPENING + "Bo waits. He sits down beside Ana.", "ana", {"posture": "stand"}),
    "por un pronombre": (OPENING + "Bo espera. Él se sienta junto a Ana.", "bo", {"posture": "sit"}),
    "a suspicious line": (OPENING + "[[shot: medium]]\n\nANA\n(warily)\nYou came alone.\n\nBo waits.", "ana",
                          {"emotion": "suspicious", "gesture": "crossed"}),
    "tells with a hand held out": (OPENING + "[[shot: medium]]\n\nANA\nYou came alone.\n\nBo waits.", "ana",
                                   {"emotion": "neutral", "gesture": "open"}),
    "tells of grief, a hand on the heart": (OPENING + "[[shot: medium]]\n\nANA\n(sadly)\nYou came alone.\n\nBo waits.",
                                            "ana", {"emotion": "sad", "gesture": "to_chest"}),
    "listens, hands at rest": (OPENING + "[[shot: two_shot]]\n\nANA\nYou came alone.\n\nBo waits.", "bo",
                               {"gesture": "rest"}),
    "is heard from elsewhere": (OPENING + "[[shot: medium Ana]]\n\nANA (V.O.)\nYou came alone.\n\nBo waits.", "ana",
                                {"gesture": "rest"}),
    "a shape": ("[[shot: wide, silhouette]]\n\nAna waits.", "ana", {"silhouette": True}),
}


@pytest.mark.parametrize(("text", "who", "expected"), ACTS.values(), ids=ACTS)
def test_bodies_do_what_the_text_says(text: str, who: str, expected: dict[str, Any]) -> None:
    """In the last shot that shows them, each person stands, faces, holds and moves as told."""
    staged = next(one for shot in reversed(shots(text)) for one in shot.staged if one.character == who)
    assert {name: getattr(staged, name) for name in expected} == expected


@pytest.mark.parametrize(("text", "hand"), [
    ("Ana lays a letter on the table.", "ana"),
    ("[[shot: insert letter]]\n\nBo desliza una carta.", "bo"),
    ("Bo stops. He puts a key before Ana.", "bo"),
    ("A letter lies there, between Ana and Bo.", None),
    ("Ana sets her jaw and looks at the phone.", None),
    ("Ana pushes the door open. A key lies on the floor.", None),
    ("[[shot: insert phone]]\n\nAna puts on her coat. On the chair a phone buzzes.", None),
    ("Ana puts the phone to her ear.", None),
    ("[[shot: insert phone]]\n[[screen: I know.]]\n\nAna puts the phone down.", None),
    ("[[shot: medium Ana]]\n\nAna lays a letter on the table.", None),
])
def test_an_insert_shows_whose_hand_lays_it_down(text: str, hand: str | None) -> None:
    """The person that the action names, where an insert shows the thing itself."""
    shown = shots(OPENING + text + "\n\nBo waits.")[1].hand
    assert (shown.character if shown else None) == hand


def test_an_outfit_is_worn_until_it_is_changed() -> None:
    """From a note on, over the next scene too, by her alone; the hand of an insert wears its sleeve; `usual` takes it
    off."""
    found = shots(OPENING + "[[wear: Ana, rain coat]]\n\n" + LINE + "Bo waits.\n\nEXT. STREET - NIGHT\n\nAna and Bo wait."
                  "\n\nAna lays a letter on the ground.\n\n[[wear: ana, usual]]\n\n" + LINE + "Bo waits.")
    worn = [[(one.character, one.outfit) for one in (*shot.staged, *((shot.hand,) if shot.hand else ()))]
            for shot in found]
    assert worn == [
        [("ana", None), ("bo", None)], [("ana", "rain_coat")], [("bo", None)], [("ana", "rain_coat"), ("bo", None)],
        [("ana", "rain_coat")], [("ana", None)], [("bo", None)]]


def test_a_name_with_a_full_stop_ends_no_sentence() -> None:
    """`Dr. Ruiz` does what the sentence says, beside somebody else's."""
    doctor = SERIES.characters[0].model_copy(update={"slug": "ruiz", "name": "Dr. Ruiz"})
    folder = SERIES.model_copy(update={"characters": (*SERIES.characters, doctor)})
    drafts = break_down(script("INT. ROOM - NIGHT\n\nBo waits. DR. RUIZ walks in."), folder)
    assert [(one.character, one.moves) for one in drafts[0].staged] == [("bo", None), ("ruiz", "enter_right")]


def test_a_note_on_clothes_changes_nothing_before_it() -> None:
    """A shot that was asked for before the note shows the clothes before it; two lines on either side of it share no
    frame; an outfit is found however its name is written."""
    silent = shots(OPENING + "[[shot: close Ana]]\n\n[[wear: Ana, RAIN-COAT]]\n\n[[shot: close Ana]]\n\nINT. ROOM - DAY\n\nBo waits.")
    assert [shot.staged[0].outfit for shot in silent[1:3]] == [None, "rain_coat"]
    spoken = shots(OPENING + "ANA\nYou came.\n\n[[wear: Ana, rain coat]]\n\nBO\nI did.\n\nBo waits.")
    assert [[line.character for line in shot.lines] for shot in spoken[1:3]] == [["ana"], ["bo"]]
    together = shots(OPENING + "ANA\nYou came.\n\nBO\nI did.\n\nBo waits.")
    assert [line.character for line in together[1].lines] == ["ana", "bo"]


PROPS: dict[str, tuple[str, str | None, str | None]] = {
    "sealed": ("He lays a sealed letter on the table.", "letter", "closed"),
    "read": ("She opens the letter.", "letter", None),
    "a letter, no more said": ("A letter on the table.", "letter", None),
    "a locket, no more said": ("A silver locket.", "locket", None),
    "an open locket": ("She opens the locket.", "locket", "open"),
    "a picture of somebody": ("A photograph of a woman on a roof.", "photograph", "woman"),
    "una foto de alguien": ("Una foto de un hombre.", "photograph", "man"),
    "of a prop that has one look": ("She opens the phone.", "phone", None),
    "without a prop": ("She opens the door.", None, None),
}


@pytest.mark.parametrize(("text", "prop", "state"), PROPS.values(), ids=PROPS)
def test_a_prop_is_as_the_text_has_it(text: str, prop: Prop | None, state: str | None) -> None:
    """What is sealed is drawn closed, what is opened open, and a photograph shows whom it is of."""
    assert prop_in(text) == prop
    assert prop_state_in(text, prop) == state


FRAMINGS = {
    "an answer turns the camera around": (
        OPENING + LINE + ANSWER + "Ana waits.",
        ("over_shoulder", "Bo answers Ana: over the shoulder both stay in the talk", {"ana": "back",
                                                                                    "bo": "three_quarter_left"})),
    "what somebody sees": (OPENING + "Ana watches Bo.", ("point_of_view", "Bo as Ana sees them", {"bo": "front"})),
    "three act": (OPENING + "Ana pushes Bo and Cy.", (
        "three_shot", "Three people move: one frame holds them all",
        {"ana": "three_quarter_right", "cy": "three_quarter_left", "bo": "three_quarter_left"})),
    "two confront each other": (
        OPENING + "[[shot: two-shot]]\n\nANA\n(furious)\nYou kept it.\n\n",
        ("two_shot", "The screenplay asks for this shot", {"ana": "profile_right", "bo": "profile_left"})),
    "asked for over the shoulder": (
        OPENING + "[[shot: over the shoulder Ana and Bo]]\n\n" + LINE,
        ("over_shoulder", "The screenplay asks for this shot", {"ana": "three_quarter_right", "bo": "back"})),
}


@pytest.mark.parametrize(("text", "expected"), FRAMINGS.values(), ids=FRAMINGS)
def test_framing_brings_people_face_to_face(text: str, expected: tuple[str, str, dict[str, str]]) -> None:
    """Who faces whom follows from the framing, and the manifest says why it was chosen."""
    found = [(shot.coverage, shot.why, {one.character: one.facing for one in shot.staged}) for shot in shots(text)]
    assert expected in found


FELT = {"tenderly": "tender", "ashamed": "ashamed", "disgusted": "disgusted", "mocking": "contemptuous",
        "warily": "suspicious", "firmly": "determined", "con ternura": "tender", "decidida": "determined"}


@pytest.mark.parametrize("bracket", FELT)
def test_brackets_tell_twelve_emotions(bracket: str) -> None:
    """Words in brackets name the newer emotions too, in both languages."""
    assert emotion_of_line("It is late.", bracket)[0] == FELT[bracket]


def test_everybody_in_a_car_sits() -> None:
    """No word of sitting is needed there."""
    ana = Staged(character="ana", position="centre")
    assert [Bodies(everyone_sits=car).act(ana, "medium", False).posture for car in (True, False)] == ["sit", "stand"]
