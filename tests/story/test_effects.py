"""Weather, effects, grades, screens and cards: the words and notes that ask for them, and no other words."""

from __future__ import annotations

import pytest

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import CameraMove, Card, CastLook, EffectCue, Hand
from microdrama_assets.schemas.series import Weather
from microdrama_assets.story.breakdown import break_down
from microdrama_assets.story.facets import frame_facet, motion_facet
from microdrama_assets.story.headings import Heading, read_heading
from microdrama_assets.story.numbering import number_shots
from microdrama_assets.story.timing import time_shots
from microdrama_assets.studios.final.prompts import picture_prompt
from tests.story.folders import SERIES, script, shots

WEATHERS: dict[str, tuple[str, list[Weather]]] = {
    "nothing said": ("Ana waits.\n\nAna sits.", ["clear", "clear"]),
    "an action, from there on": ("Ana waits.\n\nRain hits the glass.\n\nAna sits.", ["clear", "rain", "rain"]),
    "Spanish": ("Empieza a nevar: nieve sobre todo.\n\nAna se sienta.", ["snow", "snow"]),
    "until it stops": ("Rain.\n\nThe rain stops.", ["rain", "clear"]),
    "a note": ("[[vfx: fog]]\n\nAna waits.\n\nAna sits.", ["fog", "fog"]),
    "a heading": ("EXT. STREET - NIGHT - RAIN\n\nAna waits.", ["rain"]),
    "a heading in brackets": ("EXT. STREET - NIGHT (SNOW)\n\nAna waits.", ["snow"]),
    "only within its scene": ("EXT. STREET - NIGHT - RAIN\n\nAna waits.\n\nINT. ROOM - NIGHT\n\nBo waits.",
                              ["rain", "clear"]),
    "on where the scene goes on": ("Rain.\n\nINT. ROOM - CONTINUOUS\n\nAna sits.", ["rain", "rain"]),
    "not what is spoken": ("Ana waits.\n\nANA\nI hate rain and all this fog.", ["clear", "clear"]),
    "no word within a word": ("Ana trains with Bo.", ["clear"]),
}


@pytest.mark.parametrize(("body", "expected"), WEATHERS.values(), ids=WEATHERS.keys())
def test_weather_lasts_from_where_it_is_told(body: str, expected: list[Weather]) -> None:
    """A scene's weather is its heading's or its set's until an action or a note says otherwise."""
    assert [shot.weather for shot in shots(body)] == expected


@pytest.mark.parametrize(("text", "heading"), [
    ("EXT. ROOFTOP - NIGHT - RAIN", Heading("ROOFTOP", "night", "rain")),
    ("EXT. RAIN STREET - DAY", Heading("RAIN STREET", "day", None)),
    ("EXT. FOG HARBOUR", Heading("FOG HARBOUR", None, None)),
    ("EXT. PARK - DUSK, FOG", Heading("PARK", "dusk", "fog")),
])
def test_headings_may_end_with_the_weather(text: str, heading: Heading) -> None:
    """Weather is read beside the hour, never out of a place's name."""
    assert read_heading(text) == heading


@pytest.mark.parametrize(("body", "expected"), [
    ("The curtains are in flames.", [("fire", 0.0)]),
    ("Humo por todas partes.", [("smoke", 0.0)]),
    ("Ana pulls the trigger.", [("muzzle_flash", 500.0)]),
    ("[[vfx: muzzle flash, 0.8s]]\n\nAna turns.", [("muzzle_flash", 800.0)]),
    ("[[vfx: fire]]\n[[vfx: smoke]]\n\nAna turns.", [("fire", 0.0), ("smoke", 0.0)]),
    ("Ana is fired.", []),
    ("[[shot: insert locket]]\n\nFaintly, it beats.", [("heartbeat", 0.0)]),
    ("[[shot: medium Ana]]\n\nAna hears how it beats.", []),
    ("[[shot: medium Ana]]\n[[vfx: heartbeat, 0.4s]]\n\nAna turns.", [("heartbeat", 400.0)]),
])
def test_effects_belong_to_their_shot(body: str, expected: list[tuple[str, float]]) -> None:
    """An effect shows in the shot whose action or note names it, at its time, and in no later one."""
    first, after = shots(f"{body}\n\nBo sits.")
    assert [(cue.name, cue.at_ms) for cue in first.effects] == expected
    assert after.effects == ()


def test_a_shot_shakes_the_camera() -> None:
    """Who pulls a trigger is felt by the camera, unless a note holds it still."""
    assert shots("Ana pulls the trigger.")[0].camera == CameraMove(kind="shake", amount=0.05)
    assert shots("[[shot: medium, hold]]\n\nAna pulls the trigger.")[0].camera.kind == "hold"


@pytest.mark.parametrize(("note", "kind"), [
    ("whip", "whip"), ("whip pan", "whip"), ("rack focus", "rack"), ("tilt up", "tilt_up"), ("shake", "shake"),
])
def test_notes_move_the_camera(note: str, kind: str) -> None:
    """Every move has a name in a note."""
    assert shots(f"[[shot: medium, {note}]]\n\nAna sits.")[0].camera.kind == kind


def test_a_screen_is_an_insert_of_a_phone() -> None:
    """What a screen shows keeps its letters, and the shot is a phone alone; its grade is its own."""
    shot, after = shots("[[screen: I know what you did, Ana.]]\n[[grade: cold thriller]]\n\nHer phone lights up.\n\nAna sits.")
    assert (shot.coverage, shot.prop, shot.screen) == ("insert", "phone", "I know what you did, Ana.")
    assert (shot.grade, after.grade) == ("cold_thriller", None)


BEFORE = script("INT. ROOM - DAY\n\nAna waits.\n\nEXT. STREET - NIGHT\n\nBO\nIt was me.\n\nINT. ROOM - DAY\n\nAna waits."
                "\n\n[[card: end, Why him?]]")
CARDS = script("Title: Ashes\n\nINT. ROOM - NIGHT\n\n[[card: previously]]\n[[card: title]]\n\nAna waits.\n\nANA\nGet out."
               "\n\n[[card: end]]")


def test_cards_frame_an_episode() -> None:
    """A recap shows the last picture of the episode before in which somebody speaks, not its card, and what is said in
    it; a title lies over its shot; the end asks with the last line, over the last picture."""
    recap, first, last, end = break_down(CARDS, SERIES, None, (BEFORE, None))
    told = Card(kind="previously", text="Previously on", small="Tiny", quote="“It was me.”", speaker="bo")
    assert (recap.set, recap.lines, recap.card, recap.asked_ms) == ("street", (), told, 2600.0)
    assert first.card == Card(kind="title", text="Tiny", small="Ashes")
    assert last.card is None and [line.text for line in last.lines] == ["Get out."]
    assert end.card == Card(kind="end", text="“Get out.”", small="To be continued")
    assert (end.set, end.coverage, end.staged, end.lines) == (last.set, last.coverage, last.staged, ())


def test_a_title_never_takes_a_recaps_place() -> None:
    """Asked for before the first heading, the title lies over the first shot of this episode."""
    asked = script("[[card: previously]]\n\n[[card: title]]\n\nINT. ROOM - NIGHT\n\nAna waits.")
    assert [shot.card and shot.card.kind for shot in break_down(asked, SERIES, None, (BEFORE, None))] == ["previously", "title"]


def test_a_recap_lasts_until_it_is_read() -> None:
    """Seventeen characters a second; of an episode in which nobody speaks it quotes nothing."""
    long = "It was me, and I would do it again for you."
    recap = break_down(CARDS, SERIES, None, (script(f"INT. ROOM - DAY\n\nBO\n{long}"), None))[0]
    assert recap.card is not None
    assert (recap.card.quote, recap.asked_ms) == (f"“{long}”", 1000 * (len(long) + 2) / 17)
    silent = break_down(CARDS, SERIES, None, (script("INT. ROOM - DAY\n\nAna waits."), None))[0]
    assert silent.card == Card(kind="previously", text="Previously on", small="Tiny")


def test_what_a_shot_asks_reaches_picture_and_motion() -> None:
    """Weather, effects, card and focus are in the frame's facet; times, grade and card in the motion's."""
    drafts = shots("[[shot: medium, rack focus]]\n[[grade: noir]]\n[[card: title]]\n\nRain. Ana pulls the trigger.")
    manifest = time_shots(drafts, number_shots(drafts), {}, series="tiny", episode="e001", title="", language="en")
    shot = manifest.shots[0]
    frame = frame_facet(shot.model_copy(update={"staged": ()}), SERIES.sets[0], ())
    motion = motion_facet(shot)
    assert (frame.weather, frame.effects, frame.card, frame.deep_focus) == (
        "rain", ("muzzle_flash",), Card(kind="title", text="Tiny", small=""), True)
    assert (motion.effects, motion.grade, motion.card) == (
        (EffectCue(name="muzzle_flash", at_ms=500),), "noir", "title")


def test_a_card_is_laid_by_no_hand() -> None:
    """An end card over an insert is its picture, and nothing is laid down once more; in final fidelity nobody's hand is in
    the frame, since only a drawn one leaves it."""
    *_, insert, card = shots("Ana and Bo wait.\n\n[[shot: insert key]]\n\nAna lays a key down, it beats.\n\n[[card: end]]")
    assert (insert.hand, insert.effects, card.hand) == (Hand(character="ana"), (EffectCue(name="heartbeat"),), None)
    drafts = (insert,)
    manifest = time_shots(drafts, number_shots(drafts), {}, series="tiny", episode="e001", title="", language="en")
    looks = [CastLook.of(one) for one in SERIES.characters]
    final = manifest.shots[0].model_copy(update={"fidelity": "final"})
    frames = [frame_facet(shot, SERIES.sets[0], looks) for shot in (manifest.shots[0], final)]
    assert [(frame.hand, len(frame.looks)) for frame in frames] == [(Hand(character="ana"), 1), (None, 0)]
    assert "heartbeat" not in picture_prompt(frames[1])


@pytest.mark.parametrize(("body", "message"), [
    ("[[vfx: fier]]\n\nAna waits.", r"the direction \[\[vfx: …\]\] does not know 'fier'. Did you mean 'fire'\?"),
    ("[[grade: sepia]]\n\nAna waits.", r"the direction \[\[grade: …\]\] does not know 'sepia'"),
    ("[[card: curtain]]\n\nAna waits.", r"the direction \[\[card: …\]\] does not know 'curtain'. Known: title, previously, end"),
    ("[[card: previously]]\n\nAna waits.", "there is no episode before this one"),
    (f"[[screen: {'x' * 130}]]\n\nAna waits.", "the screen shows 130 letters"),
])
def test_a_note_that_is_not_understood_is_named(body: str, message: str) -> None:
    """An unknown effect, look or card, a recap of nothing, and a screen too full are errors with a remedy."""
    with pytest.raises(MicrodramaError, match=message):
        shots(body)
