"""Checks a whole series folder before anything is made from it, and reports every problem at once."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path

from microdrama_assets.schemas.errors import MicrodramaError, Place, SeriesError
from microdrama_assets.schemas.script import Element, Script, SourceMap
from microdrama_assets.schemas.series import Character, SeriesFolder
from microdrama_assets.series_folder.names import find_character, find_set, fold, nearest
from microdrama_assets.series_folder.reading import (
    collect,
    episode_files,
    load_document,
    load_series,
    load_translation_document,
    read_episode,
    translation_name,
)
from microdrama_assets.story.breakdown import break_down
from microdrama_assets.story.headings import read_heading
from microdrama_assets.story.on_screen import REMEDY, asked_on_screen
from microdrama_assets.story.speech_length import estimate_speech_ms

LONGEST_ESTIMATE_MS = 15_000
"""No voice says so much text within the longest shot (12 s); shorter lines are judged by their measured speech."""

CanSpeak = Callable[[str, str], str | None]


def check_series(folder: Path, *, can_speak: CanSpeak) -> None:
    """Raise one SeriesError with every problem of the folder; return where there is none.

    `can_speak(language, voice)` says why a voice cannot speak a language, or None where it can.
    """
    problems: list[MicrodramaError] = []
    series = collect(problems, lambda: load_series(folder))
    files: dict[str, str] = collect(problems, lambda: episode_files(folder)) or {}
    if not files and not problems:
        problems.append(MicrodramaError("the series has no episode", Place("episodes"),
                                        "Write one as episodes/001.fountain."))
    speakers: set[str] = set()
    before: tuple[Script, SourceMap] | None = None
    for number, (key, file) in enumerate(files.items()):
        read = collect(problems, lambda file=file: read_episode(folder, file))
        if read is not None and series is not None:
            known = before or (read if number else None)  # one that cannot be read was told of, and is no recap's fault
            problems += _check_episode(read[0], read[1], series, speakers, known)
            problems += _check_translations(folder, key, read[0], read[1], series)
        before = read
    if series is not None:
        problems += _check_voices(folder, series, speakers, can_speak)
    if problems:
        raise SeriesError(list({str(problem): problem for problem in problems}.values()))


def _check_episode(script: Script, source: SourceMap, series: SeriesFolder,
                   speakers: set[str], before: tuple[Script, SourceMap] | None) -> list[MicrodramaError]:
    problems: list[MicrodramaError] = []
    in_scene = False
    unknown: set[str] = set()
    for element, (line, _) in zip(script.elements, source.lines, strict=True):
        place = Place(source.file, line)
        if element.kind == "heading":
            in_scene = True
            problems += _check_heading(element, place, series, unknown)
        elif element.kind in ("speech", "action"):
            if not in_scene:
                in_scene = True
                problems.append(MicrodramaError("the episode begins without a scene heading", place,
                                                "Write one first, such as INT. CAFE - NIGHT."))
            problems += (_check_speech(element, place, series, speakers, unknown) if element.kind == "speech"
                         else _check_action(element, place, series))
    if not problems:
        collect(problems, lambda: break_down(script, series, source, before))
    return problems


def _check_heading(element: Element, place: Place, series: SeriesFolder, unknown: set[str]) -> list[MicrodramaError]:
    where = read_heading(element.text).place
    if find_set(where, series.sets) or where in unknown:
        return []
    unknown.add(where)
    meant = nearest(where, [name for one in series.sets for name in (one.name, *one.aliases)])
    hint = f"Did you mean {meant!r}? Else" if meant else "Either"
    return [MicrodramaError(f"no set is called {where[:80]!r}", place,
                            f"{hint} add a file to sets/, or add this spelling to a set's `aliases`.")]


def _check_speech(element: Element, place: Place, series: SeriesFolder, speakers: set[str],
                  unknown: set[str]) -> list[MicrodramaError]:
    name = element.character or ""
    problems: list[MicrodramaError] = []
    if character := find_character(name, series.characters):
        speakers.add(character.slug)
    elif fold(name) not in unknown:
        unknown.add(fold(name))
        meant = nearest(name, [spelling for one in series.characters for spelling in (one.name, *one.aliases)])
        hint = f"Did you mean {meant!r}? Else" if meant else "Either"
        problems.append(MicrodramaError(
            f"{name[:80]!r} speaks but has no character file", place,
            f"{hint} add a file to characters/, or put ! before the line if it is action."))
    if estimate_speech_ms(element.text) > LONGEST_ESTIMATE_MS:
        problems.append(MicrodramaError("the line is too long for any shot (12 s)", place,
                                        "Split it in two, for example with a (beat) between."))
    return problems


def _check_action(element: Element, place: Place, series: SeriesFolder) -> list[MicrodramaError]:
    if element.text.isupper() and find_character(element.text, series.characters):
        return [MicrodramaError(f"{element.text!r} stands alone, with nothing said below it", place,
                                "Put the dialogue on the next line, without an empty line between.")]
    return []


def _check_translations(folder: Path, key: str, script: Script, source: SourceMap,
                        series: SeriesFolder) -> list[MicrodramaError]:
    problems: list[MicrodramaError] = []
    for language in series.series.languages[1:]:
        file = translation_name(key, language, folder)
        loaded = collect(problems, lambda language=language: load_translation_document(folder, key, language))
        if loaded is None:
            continue
        translation, document = loaded
        lines = {(fold(who), original): index for index, (who, original, _) in enumerate(translation.entries) if who}
        said = {(fold(one.character or ""), one.text) for one in script.elements if one.kind == "speech"}
        spare = [original for (who, original) in lines if (who, original) not in said]
        missing: set[tuple[str, str]] = set()
        for element, (line, _) in zip(script.elements, source.lines, strict=True):
            wanted = (fold(element.character or ""), element.text)
            if element.kind != "speech" or wanted in lines or wanted in missing:
                continue
            missing.add(wanted)
            problems.append(_missing_translation(element, f"{source.file}:{line}", file, spare, [
                (original, document.place(("lines", index)).line) for (_, original), index in lines.items()]))
        read = {original for _, original, _ in translation.entries}
        problems += [MicrodramaError(f"no translation of what is on the screen at {source.file}:{line}, {text[:80]!r}",
                                     Place(file), REMEDY)
                     for text, line in _on_screen(script, source) if text not in read]
    return problems


def _on_screen(script: Script, source: SourceMap) -> list[tuple[str, int]]:
    """Words that the screenplay has in the picture, with their lines."""
    asked = [(asked_on_screen(element.text) if element.kind == "direction" else None, line)
             for element, (line, _) in zip(script.elements, source.lines, strict=True)]
    return [(text, line) for text, line in asked if text]


def _missing_translation(element: Element, spoken_at: str, file: str, spare: list[str],
                         entries: list[tuple[str, int | None]]) -> MicrodramaError:
    what = f"no translation of what {element.character} says at {spoken_at}, {element.text[:80]!r}"
    same = next((line for original, line in entries if original == element.text), None)
    if same is not None:
        return MicrodramaError(what, Place(file, same),
                               f"Here someone else says it: set `character: {element.character}`.")
    near = get_close_matches(element.text, spare, n=1, cutoff=0.5)
    if near:
        line = next(line for original, line in entries if original == near[0])
        return MicrodramaError(what, Place(file, line),
                               f"Here it is translated as it was before, {near[0][:80]!r}: "
                               "update `source` and `text`.")
    return MicrodramaError(what, Place(file), "Add an entry with character, source and text.")


def _check_voices(folder: Path, series: SeriesFolder, speakers: set[str],
                  can_speak: CanSpeak) -> list[MicrodramaError]:
    problems: list[MicrodramaError] = []
    for index, language in enumerate(series.series.languages):
        unsupported: str | None = None
        for character in series.characters:
            if character.slug not in speakers:
                continue
            voice = character.voice.names.get(language)
            if voice is None:
                problems.append(_no_voice(folder, character, language))
                continue
            reason = can_speak(language, voice)
            if reason and voice in reason:
                place = load_document(folder, f"characters/{character.slug}.yaml").place(("voice", "names", language))
                problems.append(MicrodramaError(reason.rstrip("."), place, "Choose another voice for this language."))
            elif reason:
                unsupported = reason
        if unsupported:
            place = load_document(folder, "series.yaml").place(("languages", index))
            problems.append(MicrodramaError(f"the language {language!r} cannot be spoken: {unsupported.rstrip('.')}",
                                            place, "Remove it from `languages`."))
    return problems


def _no_voice(folder: Path, character: Character, language: str) -> MicrodramaError:
    place = load_document(folder, f"characters/{character.slug}.yaml").place(("voice", "names"))
    return MicrodramaError(f"{character.name} speaks but has no voice in {language!r}", place,
                           f"Add a line `{language}: …` under voice.names.")
