"""Cuts a shot into facets: what its picture, its motion and its speech each depend on, and nothing else.

Seeds come from content, never from ids or places, so that moving or renumbering a shot changes no facet of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import (
    FPS,
    CastLook,
    FrameFacet,
    Hand,
    Line,
    MotionFacet,
    Shot,
    SpeechFacet,
    SpokenLine,
    Staged,
)
from microdrama_assets.schemas.script import Translation
from microdrama_assets.schemas.series import Character, Outfit, SeriesFolder, SetDesign
from microdrama_assets.series_folder.names import fold
from microdrama_assets.story.on_screen import translated_card, translated_screen


def seen_in(shot: Shot) -> set[str]:
    """Everybody of whom something is in frame."""
    return {one.character for one in _shown(shot)}


def _shown(shot: Shot) -> tuple[Staged | Hand, ...]:
    return (*shot.staged, *((shot.hand,) if shot.hand else ()))


def outfits_in(shot: Shot) -> dict[str, str]:
    """Who wears other clothes than their usual ones, and which."""
    return {one.character: one.outfit for one in _shown(shot) if one.outfit is not None}


def frame_facet(shot: Shot, design: SetDesign, looks: Sequence[CastLook],
                wardrobes: Mapping[str, Mapping[str, Outfit]] | None = None) -> FrameFacet:
    """What the keyframe is drawn from: only the looks of those in frame, only this shot's set. A draft is drawn from
    structure alone, so the words that a picture model would be told are left out of it.

    `design` is the set of the shot; `looks` may hold more people than are in frame; `wardrobes` have the other clothes
    of those who wear any. Raises MicrodramaError where someone in frame has no look, or not the clothes.
    """
    shot = shot if shot.fidelity == "draft" else shot.model_copy(update={"hand": None})  # only a drawn hand moves
    shown, worn = sorted(seen_in(shot)), outfits_in(shot)
    by_slug = {look.slug: look for look in looks}
    if unknown := [slug for slug in shown if slug not in by_slug]:
        raise MicrodramaError(f"no look for {', '.join(unknown)}", shot.id, "Add the file to characters/.")
    for character, outfit in worn.items():
        wardrobe = (wardrobes or {}).get(character, {})
        if outfit not in wardrobe:
            raise MicrodramaError(f"{character} has no outfit {outfit!r}", shot.id,
                                  f"Write it under outfits in characters/{character}.yaml.")
        by_slug[character] = by_slug[character].dressed(wardrobe[outfit])
    facet = FrameFacet(coverage=shot.coverage, staged=shot.staged, focus=shot.focus, prop=shot.prop,
                       prop_state=shot.prop_state, hand=shot.hand, set=design,
                       time_of_day=shot.time_of_day, mood=shot.mood, action=shot.action, weather=shot.weather,
                       effects=tuple(cue.name for cue in shot.effects), screen=shot.screen, card=shot.card,
                       deep_focus=shot.camera.kind == "rack",
                       looks=tuple(by_slug[slug] for slug in shown), fidelity=shot.fidelity,
                       seed=_seed("frame", shot))
    return _without_words(facet) if shot.fidelity == "draft" else facet


def _without_words(facet: FrameFacet) -> FrameFacet:
    return facet.model_copy(update={
        "mood": "", "action": "", "set": facet.set.model_copy(update={"description": ""}),
        "looks": tuple(look.model_copy(update={"prompt": ""}) for look in facet.looks)})


def motion_facet(shot: Shot) -> MotionFacet:
    """What moves but for mouths: the length, the camera, when effects strike, and a seed for blinks and idle motion."""
    return MotionFacet(duration_frames=shot.duration_frames, fps=FPS, camera=shot.camera, effects=shot.effects,
                       card=shot.card.kind if shot.card else None, grade=shot.grade, seed=_seed("motion", shot))


def speech_facet(shot: Shot, folder: SeriesFolder, language: str, translation: Translation | None,
                 title: str = "", before: Translation | None = None) -> SpeechFacet:
    """What is said and read in one language. `translation` is None for the language that the shots are cut to; `title`
    is the episode's in the original language, `before` the translation of the episode before.

    Raises MicrodramaError where a line or words in the picture have no translation, or a speaker no voice in the
    language.
    """
    cast = {one.slug: one for one in folder.characters}
    translated = _by_speaker(translation, folder) if translation else None
    said = _by_speaker(before, folder) if before else {}
    lines: list[SpokenLine] = []
    for index, line in enumerate(shot.lines):
        following = shot.lines[index + 1].start_frame if index + 1 < len(shot.lines) else shot.duration_frames
        lines.append(_spoken(line, f"l{index + 1}", cast[line.character], language, translated, following, shot.id))
    return SpeechFacet(language=language, fps=FPS, duration_frames=shot.duration_frames, lines=tuple(lines),
                       on_screen=translated_screen(shot, translation) if translation else None,
                       card=translated_card(shot, translation, title, said) if translation else None)


def _spoken(line: Line, line_id: str, who: Character, language: str,
            translated: dict[tuple[str, str], str] | None, following: int, shot: str) -> SpokenLine:
    if language not in who.voice.names:
        raise MicrodramaError(f"{who.name} speaks but has no voice in {language!r}", shot,
                              f"Add a line `{language}: …` under voice.names in characters/{who.slug}.yaml.")
    text = line.text if translated is None else translated.get((who.slug, line.text))
    if text is None:
        raise MicrodramaError(f"no translation into {language!r} of {line.text[:80]!r}", shot,
                              "Add an entry with character, source and text.")
    return SpokenLine(id=line_id, character=who.slug, name=who.name, text=text, voice=who.voice.names[language],
                      pace=who.voice.pace, emotion=line.emotion, off_screen=line.off_screen,
                      start_frame=line.start_frame, slot_frames=following - line.start_frame)


def _by_speaker(translation: Translation, folder: SeriesFolder) -> dict[tuple[str, str], str]:
    slugs = {fold(name): one.slug for one in folder.characters for name in (one.slug, *one.aliases, one.name)}
    return {(slugs.get(fold(who), ""), original): text for who, original, text in translation.entries}


def _seed(purpose: str, shot: Shot) -> int:
    """31 bits from what the shot shows and which take of it is wanted; motion also from how long it shows it, so that
    people do not blink alike in every shot of one framing. Clothes move nobody."""
    content = [purpose, shot.coverage, shot.set, shot.time_of_day, shot.prop,
               [one.character for one in shot.staged], shot.take]
    if purpose == "motion":
        content += [shot.duration_frames, [one.model_dump(mode="json", exclude={"outfit"}) for one in shot.staged]]
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).digest()
    return int.from_bytes(digest[:4], "big") & 0x7FFFFFFF
