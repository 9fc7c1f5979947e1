"""The breakdown's choices: coverage, staging, directions, and what it never does."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.script import SourceMap
from microdrama_assets.series_folder.reading import load_episode, load_series
from microdrama_assets.story.breakdown import break_down, lines_to_speak
from microdrama_assets.story.drafts import ShotDraft
from microdrama_assets.story.emotions import emotion_of_line
from microdrama_assets.story.folder_check import check_series
from microdrama_assets.story.headings import read_heading
from microdrama_assets.story.numbering import number_shots
from microdrama_assets.story.speech_length import estimate_speech_ms
from microdrama_assets.story.timing import time_shots
from tests.story.folders import SERIES, shots

HERE = Path(__file__).parent
DEMOS = HERE.parents[1] / "series"
OPENING = "Ana and Bo wait.\n\n"

COVERAGE = {
    "a new scene": ("Ana waits.", ["wide"]),
    "a scene that opens on speech": ("ANA\nYou came.\n", ["wide"]),
    "an action of one": (OPENING + "Ana pours tea.", ["wide", "medium"]),
    "an action of two": (OPENING + "Ana pushes Bo away.", ["wide", "two_shot"]),
    "a prop": (OPENING + "A letter lies there.", ["wide", "insert"]),
    "a prop, Spanish": (OPENING + "Un relicario brilla.", ["wide", "insert"]),
    "the same prop again": (OPENING + "A key.\n\nAna turns the key.", ["wide", "insert", "medium"]),
    "a silent reaction": (OPENING + "Ana freezes.", ["wide", "reaction"]),
    "a beat": (OPENING + "ANA\nI kept it here, all these long years.\n\nBeat.", ["wide", "medium", "reaction"]),
    "a bracket without words": (OPENING + "BO\n(beat)\n", ["wide", "reaction"]),
    "a line": (OPENING + "ANA\nThe train is late again.\n\nBo sits.", ["wide", "medium", "medium"]),
    "a strong feeling": (OPENING + "ANA\n(furious)\nYou kept it from me.\n\nBo sits.", ["wide", "close", "medium"]),
    "a secret": (OPENING + "ANA\nHe is dead, and you know it.\n\nBo sits.", ["wide", "close", "medium"]),
    "a thrown word": (OPENING + "ANA\nYour aunt!\n\nBo sits.", ["wide", "close", "medium"]),
    "a short exchange": (OPENING + "ANA\nYou came.\n\nBO\nI promised.\n\nAna sits.", ["wide", "two_shot", "medium"]),
    "a first meeting": (
        "Ana waits.\n\nANA\nWho is there, and why do you come at such an hour?\n\n"
        "BO\nOnly me, with your bread and with the milk you wanted.\n\nAna sits.",
        ["wide", "two_shot", "medium", "medium"],
    ),
    "a voice off screen": (OPENING + "BO (O.S.)\nOpen the door.\n\nAna sits.", ["wide", "reaction", "medium"]),
    "the last word": (OPENING + "ANA\nThe train is late again.", ["wide", "close"]),
    "the same person goes on": (
        OPENING + "Ana sits.\n\nANA\nThe train is late again.\n\nBo sits.",
        ["wide", "medium", "close", "medium"],
    ),
    "dual dialogue": (
        OPENING + "ANA\nStop that right now!\n\nBO ^\nLet go of me right now!\n\nAna sits.",
        ["wide", "two_shot", "medium"],
    ),
    "the same place goes on": ("Ana waits.\n\nINT. ROOM - CONTINUOUS\n\nAna sits.", ["wide", "medium"]),
    "the same place, another time": ("Ana waits.\n\nINT. ROOM - DAY\n\nAna sits.", ["wide", "wide"]),
}


@pytest.mark.parametrize(("text", "expected"), COVERAGE.values(), ids=COVERAGE)
def test_coverage_follows_what_the_scene_says(text: str, expected: list[str]) -> None:
    """Each kind of moment gets the coverage a director would give it, with a reason."""
    found = shots(text)
    assert [shot.coverage for shot in found] == expected
    assert all(shot.why for shot in found)


DIRECTED = {
    "coverage": ("[[shot: close]]\n\nAna waits.", {"coverage": "close", "staged": ("ana",)}),
    "coverage as one writes it": ("[[shot: close-up of Bo]]\n\nAna waits.", {"coverage": "close", "staged": ("bo",)}),
    "over a strong feeling": ("[[shot: wide]]\n\nANA\n(furious)\nOut!", {"coverage": "wide", "staged": ("ana",)}),
    "insert": ("[[shot: insert phone]]\n\nIt lights up.", {"coverage": "insert", "prop": "phone", "staged": ()}),
    "two people": ("[[shot: two-shot Bo and Ana]]\n\nThey wait.", {"coverage": "two_shot", "staged": ("bo", "ana")}),
    "camera and length": ("[[shot: medium, pan left, 2.5s]]\n\nAna waits.", {"camera": "pan_left", "asked_ms": 2500.0}),
    "written in the line": ("Ana waits. [[shot: reaction]]", {"coverage": "reaction"}),
    "hold": ("[[hold: 2s]]\n\nAna waits.", {"coverage": "wide", "hold_ms": 2000.0}),
    "sound": ("[[sfx: phone buzz, 0.5s]]\n\nAna waits.", {"sfx": (("phone_buzz", 500.0),)}),
    "sound after the last line": ("Ana waits.\n\n[[sfx: sting]]", {"sfx": (("sting", None),)}),
    "a note that directs nothing": ("[[shot idea: closer?]]\n\nAna waits.", {"coverage": "wide"}),
}


@pytest.mark.parametrize(("text", "expected"), DIRECTED.values(), ids=DIRECTED)
def test_a_direction_always_wins(text: str, expected: dict[str, object]) -> None:
    """What the screenplay asks for is what the shot gets."""
    (shot,) = shots(text)
    found = {
        "coverage": shot.coverage,
        "prop": shot.prop,
        "staged": tuple(one.character for one in shot.staged),
        "camera": shot.camera.kind,
        "asked_ms": shot.asked_ms,
        "hold_ms": shot.hold_ms,
        "sfx": tuple((sound.name, sound.at_ms) for sound in shot.sfx),
    }
    assert {name: found[name] for name in expected} == expected


def test_a_direction_with_nothing_to_play_is_a_silent_shot() -> None:
    """`[[shot: …]]` before another one, or at the end of a scene, is a shot of its own."""
    found = shots("Ana waits.\n\n[[shot: insert key, 2s]]\n\n[[shot: close Ana]]")
    assert [(shot.coverage, shot.prop, shot.lines) for shot in found] == [
        ("wide", None, ()),
        ("insert", "key", ()),
        ("close", None, ()),
    ]


BAD_DIRECTIONS = {
    "coverage": ("[[shot: clsoe]]\n\nx", "'clsoe'", "Did you mean 'close'?"),
    "insert of nothing": ("[[shot: insert]]\n\nx", "an insert needs a prop", "locket"),
    "sound": ("[[sfx: bel]]\n\nx", "'bel'", "Did you mean 'bell'?"),
    "length": ("[[hold: long]]\n\nx", "'long' is no length", "2.5s"),
    "clothes": ("[[wear: Ana, raincoat]]\n\nx", "Ana has no outfit 'raincoat'", "Did you mean 'rain_coat'?"),
    "clothes of nobody else": ("[[wear: Bo, coat]]\n\nx", "Bo has no outfit 'coat'",
                               "Bo has: usual. Others are written under outfits in characters/bo.yaml."),
    "clothes of nobody": ("[[wear: Ama, coat]]\n\nx", "'Ama'", "Did you mean 'Ana'?"),
    "no clothes": ("[[wear: Ana]]\n\nx", "Ana has no outfit ''", "rain_coat"),
    "endless": ("[[hold: 90s]]\n\nx", "'90s' is no length", "up to 12"),
}


@pytest.mark.parametrize(("text", "what", "remedy"), BAD_DIRECTIONS.values(), ids=BAD_DIRECTIONS)
def test_a_direction_not_understood_is_an_error(text: str, what: str, remedy: str) -> None:
    """A misspelt direction is never passed over."""
    with pytest.raises(MicrodramaError) as caught:
        shots(text)
    assert what in caught.value.what and remedy in (caught.value.remedy or "")


FEELINGS = {
    "plain": ("It is late.", None, ("neutral", 1.0)),
    "bracket": ("It is late.", "terrified", ("afraid", 1.2)),
    "bracket and shout": ("Out!", "furious", ("angry", 1.4)),
    "bracket over words": ("I'm sorry.", "smiling", ("happy", 1.2)),
    "calm over words": ("Run.", "calm", ("neutral", 0.8)),
    "words": ("I'm sorry.", None, ("sad", 1.0)),
    "words, Spanish": ("¡Corre!", None, ("afraid", 1.2)),
    "bracket, Spanish": ("Vete.", "gritando", ("angry", 1.2)),
    "disbelief": ("You knew?!", None, ("surprised", 1.2)),
}


@pytest.mark.parametrize(("text", "bracket", "expected"), FEELINGS.values(), ids=FEELINGS)
def test_emotion_comes_from_bracket_words_and_marks(
    text: str, bracket: str | None, expected: tuple[str, float]
) -> None:
    """Brackets outrank words, words outrank punctuation."""
    assert emotion_of_line(text, bracket) == expected


HEADINGS = {
    "INT. CAFE - NIGHT": ("CAFE", "night"),
    "EXT. CAFE - BACK ROOM - DAY": ("CAFE - BACK ROOM", "day"),
    "INT./EXT. CAR - DUSK": ("CAR", "dusk"),
    "I/E CAR": ("CAR", None),
    "CLOSE ON LOCKET": ("CLOSE ON LOCKET", None),
    "INT. CAFÉ – NOCHE": ("CAFÉ", "night"),
    "INT. CAFÉ - DÍA": ("CAFÉ", "day"),
    "int. cafe - later": ("cafe", None),
    "INT. CAFE - EARLY MORNING": ("CAFE", "day"),
}


@pytest.mark.parametrize("text", HEADINGS)
def test_a_heading_gives_place_and_time(text: str) -> None:
    """The place keeps its parts; the time is read in English and Spanish."""
    heading = read_heading(text)
    assert (heading.place, heading.time) == HEADINGS[text]


def _sides(drafts: tuple[ShotDraft, ...]) -> dict[tuple[int, str], set[float]]:
    """Per scene and person, the signs of where they look while they speak to someone."""
    signs: dict[tuple[int, str], set[float]] = {}
    for draft in drafts:
        for one in draft.staged:
            if draft.lines and one.gaze:
                signs.setdefault((draft.scene, one.character), set()).add(1.0 if one.gaze > 0 else -1.0)
    return signs


def test_two_who_talk_look_at_each_other_across_every_cut() -> None:
    """The 180-degree rule: in a dialogue of two, each keeps looking to one side, and the sides are opposite."""
    talk = OPENING + "".join(
        f"{who}\nThis is line number {index} of a long talk of ours.\n\n" for index, who in enumerate(["ANA", "BO"] * 4)
    )
    assert _sides(shots(talk)) == {(1, "ana"): {1.0}, (1, "bo"): {-1.0}}


def test_the_frame_never_holds_more_people_than_fit() -> None:
    """At most three in a wide, two side by side elsewhere, one in a single, in the centre."""
    found = shots(
        "Ana, Bo and Cy wait.\n\nAna pushes Bo and Cy.\n\n[[shot: two-shot]]\n\nAna waves.\n\nANA\nWell then.\n"
    )
    most = {"wide": 3, "three_shot": 3, "two_shot": 2, "over_shoulder": 2}
    for shot in found:
        assert len(shot.staged) <= most.get(shot.coverage, 1)
        assert len({one.position for one in shot.staged}) == len(shot.staged)
        assert len(shot.staged) != 1 or shot.staged[0].position == "centre"
        assert shot.focus is None or shot.focus in {one.character for one in shot.staged}


def test_every_beat_is_played_once_and_in_order() -> None:
    """No action and no line is lost, doubled or moved."""
    script, source = load_episode(HERE / "data" / "earnest", 1)
    drafts = break_down(script, load_series(HERE / "data" / "earnest"), source)
    played = [index for draft in drafts for index in draft.elements]
    assert played == [index for index, one in enumerate(script.elements) if one.kind != "heading"]
    said = [line.text for draft in drafts for line in draft.lines]
    assert said == [one.text for one in script.elements if one.kind == "speech"]


def test_a_comment_changes_no_shot() -> None:
    """Comments, notes and blank lines leave every shot as it was."""
    assert shots(OPENING + "/* a */\n\n\nANA\nWell [[hm]] then.\n") == shots(OPENING + "ANA\nWell then.\n")


def test_an_error_names_its_line() -> None:
    """With a source map, an unknown speaker is placed."""
    from microdrama_assets.series_folder.fountain import parse

    script, source = parse("INT. ROOM - DAY\n\nZOE\nHello.\n", "episodes/001.fountain")
    assert isinstance(source, SourceMap)
    with pytest.raises(MicrodramaError, match=r"episodes/001.fountain:3: 'ZOE' speaks but has no character file"):
        break_down(script, SERIES, source)


def test_lines_to_speak_are_each_listed_once() -> None:
    """A line said twice in the same way is synthesized once."""
    drafts = shots(OPENING + "ANA\nNo.\n\nAna sits.\n\nANA\nNo.\n\nAna stands.\n\nANA\n(furious)\nNo.\n")
    assert lines_to_speak(drafts) == (("ana", "No.", "neutral"), ("ana", "No.", "angry"))


@pytest.mark.parametrize(("slug", "count", "seconds"), [("locket", 9, (30, 34)), ("spark", 1, (2, 5))])
def test_the_demo_cuts_as_it_should(slug: str, count: int, seconds: tuple[int, int]) -> None:
    """The Locket is nine shots of about thirty seconds; Spark is one short shot."""
    folder = DEMOS / slug
    script, source = load_episode(folder, 1)
    drafts = break_down(script, load_series(folder), source)
    manifest = time_shots(
        drafts,
        number_shots(drafts),
        lambda who, text, emotion: estimate_speech_ms(text),
        series=slug,
        episode="e001",
        language="en",
        source=source,
    )
    assert len(manifest.shots) == count
    assert seconds[0] <= manifest.duration_frames / 30 <= seconds[1]


def test_a_scene_of_a_play_becomes_a_film() -> None:
    """Wilde's scene is checked, cut and timed as it stands: geography, an exchange, a reaction to end on."""
    folder = HERE / "data" / "earnest"
    check_series(folder, can_speak=lambda language, voice: None)
    script, source = load_episode(folder, 1)
    drafts = break_down(script, load_series(folder), source)
    manifest = time_shots(
        drafts,
        number_shots(drafts),
        lambda who, text, emotion: estimate_speech_ms(text),
        series="earnest",
        episode="e001",
        language="en",
        source=source,
    )
    assert len(manifest.shots) == 21
    assert manifest.shots[0].coverage == "wide" and manifest.shots[-1].coverage == "reaction"
    assert {"wide", "medium", "close", "two_shot", "over_shoulder", "reaction"} == {shot.coverage for shot in manifest.shots}


def long_episode(lines: int = 40) -> str:
    """A made-up episode of five scenes, eight shots each at least."""
    scenes: list[str] = []
    for scene in range(5):
        beats = ["Ana and Bo stand by the window."] + [
            f"{('ANA', 'BO')[index % 2]}\nThis is sentence {scene * 10 + index}, and it is not a short one."
            for index in range(lines // 5 - 1)
        ]
        scenes.append("\n\n".join([f"INT. {('ROOM', 'STREET')[scene % 2]} - NIGHT", *beats]))
    return "\n\n".join(scenes) + "\n"


def test_forty_shots_pass_and_follow_each_other_well() -> None:
    """A long episode is cut without a jump: no two neighbours in a scene show one person in the same size."""
    found = shots(long_episode())
    assert len(found) == 40
    for one, two in pairwise(found):
        same = one.scene == two.scene and [a.character for a in one.staged] == [a.character for a in two.staged]
        assert not (same and one.coverage == two.coverage)
    assert number_shots(found)[-1] == "sh400"
