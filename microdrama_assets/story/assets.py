"""The story assets: the bible, each episode's screenplay, its cut into shots, and each shot's specification.

`shot_spec` is the early-cutoff point: a new manifest leaves the facets of unchanged shots byte for byte as they were,
so nothing below them runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from audit.canonical import digest, encode
from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Input, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.registered import update
from microdrama_assets.graph.series import episode_of, folder_of, translations_of
from microdrama_assets.graph.speaking import take, voice_models
from microdrama_assets.graph.step import Markdown, Step
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import CastLook, Shot, ShotManifest, Timeline
from microdrama_assets.schemas.series import CaptionStyle, SeriesFolder, SetDesign, Voice
from microdrama_assets.story.bible import bible_markdown
from microdrama_assets.story.breakdown import ShotDraft, break_down, lines_to_speak
from microdrama_assets.story.facets import frame_facet, motion_facet, speech_facet
from microdrama_assets.story.numbering import NumberedShot, number_shots
from microdrama_assets.story.timing import time_shots
from partitions.registry import SeriesRegistry, ShotEntry, with_cut

# -- series_bible -----------------------------------------------------------------------------------------------------


def _bible_recipe(desk: Desk, key: Key) -> Action:
    folder = folder_of(desk, key.series)
    sets = {f"sets/{design.slug}.json": desk.source_record(design) for design in folder.sets}
    return Action(
        asset="series_bible", code_version=CODE_VERSIONS["series_bible"],
        inputs={"series.json": desk.source_record(folder.series), **sets},
        sources=({"file": "series.yaml"}, *({"file": f"sets/{design.slug}.yaml"} for design in folder.sets)),
    )


def _write_bible(work: Work) -> None:
    folder = folder_of(work.desk, work.key.series)
    work.pass_on("series.json", "series.json")
    for name in work.names("sets/"):
        work.pass_on(name, name)
    work.add_record("look.json", folder.series.look.model_copy(update={"captions": CaptionStyle()}))
    work.add_record("captions.json", folder.series.look.captions)
    work.add_record("music.json", folder.series.music)
    work.add("bible.md", bible_markdown(folder.series, folder.sets).encode())


def _show_bible(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    return {"bible": Markdown(desk.read(result.outputs["bible.md"]).decode())}


# -- episode_script ---------------------------------------------------------------------------------------------------


def _script_recipe(desk: Desk, key: Key) -> Action:
    script, source_map = episode_of(desk, key)
    translated = {
        f"translation.{language}.json": desk.source_record(translation)
        for language, translation in translations_of(desk, key).items()
    }
    return Action(
        asset="episode_script", code_version=CODE_VERSIONS["episode_script"],
        inputs={"script.json": desk.source_record(script), **translated},
        sources=({"file": source_map.file},),
    )


def _write_script(work: Work) -> None:
    for name in work.action.inputs:
        work.pass_on(name, name)


# -- shot_manifest ----------------------------------------------------------------------------------------------------


def cut_of(desk: Desk, key: Key) -> tuple[tuple[ShotDraft, ...], tuple[str, ...]]:
    """The episode's shots before they are timed, and their ids, aligned with the cut that the registry knows."""
    def cut() -> tuple[tuple[ShotDraft, ...], tuple[str, ...]]:
        script, source_map = episode_of(desk, key)
        drafts = break_down(script, folder_of(desk, key.series), source_map)
        entries = desk.registry(key.series).episode(str(key.episode)).shots
        previous = [NumberedShot(entry.key.rsplit(".", 1)[1], entry.signature, entry.removed) for entry in entries]
        return drafts, number_shots(drafts, previous)

    return desk.remember(("cut", key.series, key.episode), cut)


def _manifest_recipe(desk: Desk, key: Key) -> Action:
    folder = folder_of(desk, key.series)
    drafts, ids = cut_of(desk, key)
    language = folder.series.languages[0]
    cast = sorted({slug for slug, _, _ in lines_to_speak(drafts)})
    voices: dict[str, Input] = {
        f"voices/{slug}.json": desk.input("character_bundle", Key(key.series, character=slug), "voice.json")
        for slug in cast
    }
    names = [desk.load(entry.blob, Voice).names[language] for entry in voices.values()]
    _, source_map = episode_of(desk, key)
    return Action(
        asset="shot_manifest", code_version=CODE_VERSIONS["shot_manifest"],
        params={"series": key.series, "episode": key.episode, "languages": list(folder.series.languages),
                "shots": list(ids), "speech_take": CODE_VERSIONS["speech_take"],
                "breakdown": digest("breakdown", [draft.record() for draft in drafts])},
        models=voice_models(desk, language, *names) if names else (), tools=desk.toolbox.speech_tools(),
        inputs={**desk.outputs("episode_script", key), **voices},
        sources=tuple(
            {"file": source_map.file, "shot": shot, "lines": _lines(source_map.lines, draft.elements)}
            for shot, draft in zip(ids, drafts, strict=True)
        ),
    )


def _lines(lines: tuple[tuple[int, int], ...], elements: tuple[int, ...]) -> list[int]:
    spans = [lines[index] for index in elements]
    return [min(first for first, _ in spans), max(last for _, last in spans)] if spans else []


def _cut_shots(work: Work) -> None:
    desk, key = work.desk, work.key
    folder = folder_of(desk, key.series)
    drafts, ids = cut_of(desk, key)
    language = folder.series.languages[0]
    speakers = {character.slug: character for character in folder.characters}
    lines = lines_to_speak(drafts)
    measured: dict[tuple[str, str, str], float] = {}
    for index, (slug, text, emotion) in enumerate(lines):
        voice = speakers[slug].voice
        spoken = take(work, text, voice.names[language], language, voice.pace, emotion)
        measured[slug, text, emotion] = spoken.timings.duration_ms
        work.progress((index + 1) / len(lines))
    script, source_map = episode_of(desk, key)
    manifest = time_shots(drafts, ids, measured, series=key.series, episode=str(key.episode), title=script.title,
                          language=language, source=source_map)
    _hand_in(work, manifest, folder)


def _hand_in(work: Work, manifest: ShotManifest, folder: SeriesFolder) -> None:
    translations = translations_of(work.desk, work.key)
    work.add_record("manifest.json", manifest)
    seed = int(digest("timeline", {"episode": manifest.episode})[:8], 16)
    work.add_record("timeline.json", Timeline.of(manifest, seed))
    for shot in manifest.shots:
        slice_ = shot.model_dump(mode="json", exclude={"scene", "elements", "id"})
        work.add(f"shots/{shot.id}.json", encode(slice_))
        for language in folder.series.languages:
            facet = speech_facet(shot, folder, language, translations.get(language))
            work.add_record(f"speech/{shot.id}.{language}.json", facet)


def _show_manifest(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    manifest = desk.load(result.outputs["manifest.json"], ShotManifest)
    rows = ["| shot | coverage | seconds | who | says | why |", "|---|---|---|---|---|---|"]
    for shot in manifest.shots:
        says = " / ".join(line.text for line in shot.lines)
        who = ", ".join(staged.character for staged in shot.staged)
        seconds = shot.duration_frames / manifest.fps
        rows.append(f"| {shot.id} | {shot.coverage} | {seconds:.1f} | {who} | {_cell(says)} | {_cell(shot.why)} |")
    return {"shots": Markdown("\n".join(rows)), "duration (s)": manifest.duration_frames / manifest.fps}


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _register_cut(desk: Desk, key: Key, result: Result) -> None:
    """Makes the cut's shots partitions. Shots that left the cut stay known, as removed."""
    manifest = desk.load(result.outputs["manifest.json"], ShotManifest)
    drafts, ids = cut_of(desk, key)
    signatures = dict(zip(ids, (draft.signature for draft in drafts), strict=True))
    entries = [
        ShotEntry(key=f"{key.episode}.{shot.id}", cast=tuple(sorted(_cast_of(shot))), signature=signatures[shot.id],
                  removed=False)
        for shot in manifest.shots
    ]

    def with_this_cut(current: SeriesRegistry | None) -> SeriesRegistry:
        return with_cut(current or desk.registry(key.series), str(key.episode), entries)

    desk.registry_changed(update(desk.home, key.series, with_this_cut))


def _cast_of(shot: Shot) -> set[str]:
    return {staged.character for staged in shot.staged} | {line.character for line in shot.lines}


# -- shot_spec --------------------------------------------------------------------------------------------------------


def _spec_recipe(desk: Desk, key: Key) -> Action:
    episode, manifest = key.in_episode(), desk.outputs("shot_manifest", key.in_episode())
    name = f"shots/{key.shot}.json"
    if name not in manifest:
        raise MicrodramaError(f"{key} is no longer in the cut of {episode}", remedy="Nothing to do: it was removed")
    shot = _shot(desk.read(manifest[name].blob))
    speech = {
        entry.removeprefix(f"speech/{key.shot}."): blob for entry, blob in manifest.items()
        if entry.startswith(f"speech/{key.shot}.")
    }
    looks = {
        f"looks/{staged.character}.json":
            desk.input("character_bundle", Key(key.series, character=staged.character), "look.json")
        for staged in shot.staged
    }
    return Action(
        asset="shot_spec", code_version=CODE_VERSIONS["shot_spec"],
        inputs={"shot.json": manifest[name],
                "set.json": desk.input("series_bible", Key(key.series), f"sets/{shot.set}.json"), **looks,
                **{f"speech.{language}": blob for language, blob in speech.items()}},
    )


def _shot(data: bytes) -> Shot:
    return Shot.model_validate({**json.loads(data), "id": "", "scene": 0, "elements": ()})


def _specify(work: Work) -> None:
    shot = _shot(work.read("shot.json"))
    looks = [work.load(name, CastLook) for name in work.names("looks/")]
    work.add_record("frame.json", frame_facet(shot, work.load("set.json", SetDesign), looks))
    work.add_record("motion.json", motion_facet(shot))
    for name in work.names("speech."):
        work.pass_on(name, name)


def _show_spec(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    action = desk.action("shot_spec", key)
    shot = _shot(desk.read(action.inputs["shot.json"].blob))
    spoken = "\n\n".join(f"**{line.character}** {line.text}" for line in shot.lines)
    return {"shot": Markdown(f"*{shot.coverage}*: {shot.why}\n\n{shot.action}\n\n{spoken}"),
            "seconds": shot.duration_frames / 30}


STEPS = (
    Step(
        name="series_bible", group="story", scope=Scope.SERIES,
        code_version=CODE_VERSIONS["series_bible"], kinds=("yaml",),
        doc="The series: logline, tone, world, look, music and sets, from series.yaml and sets/.",
        recipe=_bible_recipe, make=_write_bible, show=_show_bible,
    ),
    Step(
        name="episode_script", group="story", scope=Scope.EPISODE,
        code_version=CODE_VERSIONS["episode_script"], kinds=("text",),
        upstream=("series_bible",),
        doc="One episode's screenplay (Fountain) with its translations, without the layout of the page.",
        recipe=_script_recipe, make=_write_script,
    ),
    Step(
        name="shot_manifest", group="story", scope=Scope.EPISODE,
        code_version=CODE_VERSIONS["shot_manifest"], kinds=("json",),
        upstream=("episode_script", "character_bundle"),
        pool="speech",
        doc="The cut: every shot with coverage, staging, camera and lines, timed to the measured speech.",
        recipe=_manifest_recipe, make=_cut_shots, show=_show_manifest, after=_register_cut, parallel=False,
    ),
    Step(
        name="shot_spec", group="story", scope=Scope.SHOT,
        code_version=CODE_VERSIONS["shot_spec"], kinds=("json",),
        upstream=("shot_manifest", "character_bundle", "series_bible"),
        doc="One shot's slice of the manifest with the looks and set it uses: the early-cutoff point.",
        recipe=_spec_recipe, make=_specify, show=_show_spec,
    ),
)
