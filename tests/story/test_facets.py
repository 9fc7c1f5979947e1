"""Facets hold what their readers need and nothing else: each kind of edit reaches exactly the facets it should."""

from __future__ import annotations

from typing import Any

import pytest

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import Card, CastLook, FrameFacet, MotionFacet, Shot, SpeechFacet
from microdrama_assets.schemas.script import Translation
from microdrama_assets.schemas.series import Appearance, Outfit, SeriesFolder, Voice, Wardrobe
from microdrama_assets.story.breakdown import break_down
from microdrama_assets.story.facets import frame_facet, motion_facet, speech_facet
from microdrama_assets.story.numbering import number_shots
from microdrama_assets.story.on_screen import translated_card
from microdrama_assets.story.timing import time_shots
from tests.story.folders import SERIES, script

BODY = """INT. ROOM - NIGHT

Ana and Bo wait.

ANA
The train is late again tonight.

BO
(furious)
It never came at all, and you know it.

A letter lies there.
"""
SPANISH = Translation(
    episode="e001",
    language="es",
    entries=(
        ("ANA", "The train is late again tonight.", "El tren se atrasó otra vez."),
        ("BO", "It never came at all, and you know it.", "Nunca llegó, y tú lo sabes."),
    ),
)
Facets = tuple[FrameFacet, MotionFacet, SpeechFacet]


def facets(body: str = BODY, series: SeriesFolder = SERIES) -> list[Facets]:
    return [_of(shot, series) for shot in _shots(body, series)]


def _shots(body: str, series: SeriesFolder) -> tuple[Shot, ...]:
    drafts = break_down(script(body), series)
    return time_shots(
        drafts,
        number_shots(drafts),
        lambda who, text, emotion: 40.0 * len(text),
        series="tiny",
        episode="e001",
        language="en",
    ).shots


def _of(shot: Shot, series: SeriesFolder) -> Facets:
    looks = [CastLook.of(one) for one in series.characters]
    design = next(one for one in series.sets if one.slug == shot.set)
    return frame_facet(shot, design, looks), motion_facet(shot), speech_facet(shot, series, "en", None)


def _with_ana(**changes: Any) -> SeriesFolder:
    ana = SERIES.characters[0].model_copy(update=changes)
    return SERIES.model_copy(update={"characters": (ana, *SERIES.characters[1:])})


def changed(now: list[Facets]) -> list[tuple[bool, bool, bool]]:
    """Per shot: did frame, motion, speech change against `BODY` as it is."""
    return [
        tuple(one != two for one, two in zip(before, after, strict=True))  # type: ignore[misc]  # three of three
        for before, after in zip(facets(), now, strict=True)
    ]


SAME = (False, False, False)
FRAME = (True, False, False)
SPEECH = (False, False, True)
REACH = {
    "nothing": (facets(), [SAME] * 4),
    "a comment": (facets(BODY.replace("Ana and", "/* x */ Ana and")), [SAME] * 4),
    "a wardrobe: frames with her in": (
        facets(series=_with_ana(appearance=Appearance(wardrobe=Wardrobe(colour="#00ff00")))),
        [FRAME, FRAME, SAME, SAME],
    ),
    "clothes that she does not wear: nothing": (
        facets(series=_with_ana(outfits={"gown": Outfit(garment="dress")})), [SAME] * 4),
    "a voice: speech of hers": (
        facets(series=_with_ana(voice=Voice(names={"en": "other", "es": "x"}))),
        [SAME, SPEECH, SAME, SAME],
    ),
    "a biography: nothing": (facets(series=_with_ana(description="Likes trains.")), [SAME] * 4),
    "a line, as long as before: its speech": (facets(BODY.replace("tonight", "todayyy")), [SAME, SPEECH, SAME, SAME]),
    "a longer line: its motion and speech": (
        facets(BODY.replace("tonight", "this cold night")),
        [SAME, (False, True, True), SAME, SAME],
    ),
    "an action with the same staging: nothing of a draft": (
        facets(BODY.replace("A letter lies", "A letter rests")), [SAME] * 4),
    "looks and places in words: nothing of a draft": (
        facets(series=_with_ana(prompt="tall").model_copy(
            update={"sets": (SERIES.sets[0].model_copy(update={"description": "bare"}), SERIES.sets[1])})), [SAME] * 4),
    "a set: every frame in it": (
        facets(
            series=SERIES.model_copy(
                update={"sets": (SERIES.sets[0].model_copy(update={"sign": "BAR"}), SERIES.sets[1])}
            )
        ),
        [FRAME] * 4,
    ),
}


@pytest.mark.parametrize(("now", "expected"), REACH.values(), ids=REACH)
def test_an_edit_reaches_exactly_what_depends_on_it(now: list[Facets], expected: list[tuple[bool, bool, bool]]) -> None:
    """Each edit changes exactly these of (frame, motion, speech) in each of the four shots."""
    assert changed(now) == expected


def test_ids_and_places_are_in_no_facet() -> None:
    """A shot renumbered and moved to another scene number has the same facets."""
    for shot in _shots(BODY, SERIES):
        assert _of(shot, SERIES) == _of(shot.model_copy(update={"id": "sh990", "scene": 9, "elements": (0,)}), SERIES)


def test_another_take_is_another_seed() -> None:
    """Asking for another take changes the seeds of picture and motion, and nothing that is said."""
    shot = _shots(BODY, SERIES)[1]
    one, two = _of(shot, SERIES), _of(shot.model_copy(update={"take": 2}), SERIES)
    assert (one[0].seed != two[0].seed, one[1].seed != two[1].seed, one[2] == two[2]) == (True, True, True)


def test_a_picture_model_is_told_the_words() -> None:
    """A final frame holds action, mood, looks and place in words; the same shot as a draft holds none of them."""
    series = _with_ana(prompt="tall")
    final = _shots(BODY, series)[0].model_copy(update={"fidelity": "final"})
    for shot, action, prompts in ((final, "Ana and Bo wait.", {"tall", ""}), (_shots(BODY, series)[0], "", {""})):
        frame = _of(shot, series)[0]
        assert (frame.action, frame.mood, {look.prompt for look in frame.looks}) == (action, action and shot.mood, prompts)


def test_seeds_are_frozen() -> None:
    """Seeds do not depend on the process, the machine or the order of anything."""
    frame, motion, _ = facets()[0]
    assert (frame.seed, motion.seed) == (1919261320, 1568656301)


def test_speech_is_translated_and_keeps_its_slot() -> None:
    """The translated line has the voice of its language and the time until the shot's end."""
    shot = _shots(BODY, SERIES)[1]
    (line,) = speech_facet(shot, SERIES, "es", SPANISH).lines
    assert (line.id, line.text, line.voice) == ("l1", "El tren se atrasó otra vez.", "es_Ana")
    assert line.start_frame + line.slot_frames == shot.duration_frames


READ = {
    "a message": ("[[screen: The well is deep.]]\n\nHer phone lights up.\n", "El pozo es hondo."),
    "a title": ("[[card: title]]\n\nThe end.\n", None),
}


@pytest.mark.parametrize(("body", "spanish"), READ.values(), ids=READ)
def test_what_is_read_in_the_picture_is_told_in_other_languages(body: str, spanish: str | None) -> None:
    """The last shot's screen or question is in the facet of the other language, and in none of the original."""
    translation = SPANISH.model_copy(update={"entries": (
        *SPANISH.entries, ("", "The well is deep.", "El pozo es hondo."), ("", "Who dug it?", "¿Quién lo cavó?"))})
    shots = _shots(BODY.replace("A letter lies there.\n", body), SERIES)
    told = [speech_facet(shot, SERIES, "es", translation).on_screen for shot in shots]
    assert told == [None] * (len(shots) - 1) + [spanish]
    assert not any(speech_facet(shot, SERIES, "en", None).on_screen for shot in shots)


CARDS = {
    "a question": ("[[card: end, Who dug it?]]\n", Card(kind="end", text="¿Quién lo cavó?", small="Continuará")),
    "what was said last": ("[[card: end]]\n", Card(kind="end", text="“Nunca llegó, y tú lo sabes.”", small="Continuará")),
    "titles": ("[[card: title, The well]]\n\nThe end.\n", Card(kind="title", text="Diminuto", small="El pozo")),
    "a title that nobody translated": ("[[card: title, Ashes]]\n\nThe end.\n",
                                       Card(kind="title", text="Diminuto", small="Ashes")),
    "no card": ("The end.\n", None),
}


@pytest.mark.parametrize(("body", "spanish"), CARDS.values(), ids=CARDS)
def test_cards_are_lettered_in_the_language(body: str, spanish: Card | None) -> None:
    """The last shot's card is in the facet of the other language, in its words, and captions do not say it again; the
    original has none there."""
    translation = SPANISH.model_copy(update={"title": "El pozo", "entries": (
        *SPANISH.entries, ("", SERIES.series.title, "Diminuto"), ("", "Who dug it?", "¿Quién lo cavó?"))})
    shots = _shots(BODY.replace("A letter lies there.\n", body), SERIES)
    facets = [speech_facet(shot, SERIES, "es", translation, "The well") for shot in shots]
    assert [facet.card for facet in facets] == [None] * (len(shots) - 1) + [spanish]
    assert {facet.on_screen for facet in facets} == {None}
    assert not any(speech_facet(shot, SERIES, "en", None).card for shot in shots)


def test_a_recap_and_a_question_without_translation() -> None:
    """A recap names the series as the title card does, and quotes who spoke as the translation of the episode before
    does, or as this one reads; what is quoted or asked is never left in another language."""
    shot = _shots(BODY, SERIES)[0]
    recap = shot.model_copy(update={"card": Card(kind="previously", text="Previously on", small="Tiny")})
    ended = shot.model_copy(update={"card": Card(kind="end", text="Who?", small="To be continued")})
    translation = SPANISH.model_copy(update={"entries": (*SPANISH.entries, ("", "Tiny", "Diminuto"))})
    assert translated_card(recap, translation, "") == Card(kind="previously", text="Anteriormente en", small="Diminuto")
    quoting = recap.model_copy(update={"card": Card(
        kind="previously", text="Previously on", small="Tiny", quote="“Me.”", speaker="ana")})
    before = {("bo", "Me."): "Mí.", ("ana", "Me."): "Yo."}
    said = translation.model_copy(update={"entries": (*translation.entries, ("BO", "Me.", "A mí."))})
    anew = translation.model_copy(update={"entries": (*translation.entries, ("", "Me.", "¡Yo!"))})
    for own, quote in ((translation, "“Yo.”"), (said, "“Yo.”"), (anew, "“¡Yo!”")):
        told = translated_card(quoting, own, "", before)
        assert told is not None
        assert told.quote == quote
    with pytest.raises(MicrodramaError, match="no translation into 'es' of what is on the screen, 'Me"):
        translated_card(quoting, said, "")
    with pytest.raises(MicrodramaError, match="no translation into 'es' of what is on the screen, 'Who"):
        translated_card(ended, translation, "")


MISSING = {
    "translation": ("es", Translation(episode="e001", language="es", entries=()), "no translation into 'es'"),
    "voice": ("fr", SPANISH, "Ana speaks but has no voice in 'fr'"),
}


@pytest.mark.parametrize(("language", "translation", "what"), MISSING.values(), ids=MISSING)
def test_what_cannot_be_said_is_an_error(language: str, translation: Translation, what: str) -> None:
    """Neither another language nor another voice is ever put in its place."""
    with pytest.raises(MicrodramaError, match=what):
        speech_facet(_shots(BODY, SERIES)[1], SERIES, language, translation)


def test_shots_of_one_framing_do_not_blink_alike() -> None:
    """Two shots that differ only in length have one still's seed and two seeds of motion."""
    shot = _shots(BODY, SERIES)[1]
    one, two = _of(shot, SERIES), _of(shot.model_copy(update={"duration_frames": shot.duration_frames + 1}), SERIES)
    assert (one[0].seed == two[0].seed, one[1].seed == two[1].seed) == (True, False)
