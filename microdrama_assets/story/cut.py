"""`shot_manifest`: the episode's cut into shots, timed to the measured speech, and what is foreseen of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

from audit.canonical import digest, encode
from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Input, Result
from microdrama_assets.graph.causes import Change
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.foresight import ForeseenWork
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.registered import update
from microdrama_assets.graph.series import (
    episode_before,
    episode_of,
    folder_of,
    preset_sources,
    translations_before,
    translations_of,
)
from microdrama_assets.graph.speaking import estimated_ms, known_take, take, take_ahead, voice_models
from microdrama_assets.graph.step import Markdown, Step
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.manifest import Shot, ShotManifest, Timeline
from microdrama_assets.schemas.series import Emotion, SeriesFolder, Voice
from microdrama_assets.story.breakdown import ShotDraft, break_down, lines_to_speak
from microdrama_assets.story.cards import recaps
from microdrama_assets.story.changes import HABITS, habit_changes
from microdrama_assets.story.decided import RECAP, as_decided, decided_changes, decided_inputs, locked_shots
from microdrama_assets.story.facets import seen_in, speech_facet
from microdrama_assets.story.numbering import NumberedShot, number_shots
from microdrama_assets.story.on_screen import unquoted
from microdrama_assets.story.timing import SpokenLineKey, time_shots
from partitions.registry import SeriesRegistry, ShotEntry, with_cut


def cut_of(desk: Desk, key: Key) -> tuple[tuple[ShotDraft, ...], tuple[str, ...]]:
    """The episode's shots before they are timed, and their ids, aligned with the cut that the registry knows."""
    def cut() -> tuple[tuple[ShotDraft, ...], tuple[str, ...]]:
        script, source_map = episode_of(desk, key)
        before = episode_before(desk, key) if recaps(script) else None
        drafts = break_down(script, folder_of(desk, key.series), source_map, before)
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
        inputs={**desk.outputs("episode_script", key), **voices, "names.json": _names(desk, folder),
                **_recap(desk, key, drafts), **_habits(desk, folder, drafts),
                **decided_inputs(desk, key, ids, lettered(drafts, ids))},
        sources=(
            *({"file": source_map.file, "shot": shot, "lines": _lines(source_map.lines, draft.elements)}
              for shot, draft in zip(ids, drafts, strict=True)),
            *preset_sources(desk, key, "series.yaml", "camera"),
        ),
    )


def _recap(desk: Desk, key: Key, drafts: tuple[ShotDraft, ...]) -> dict[str, Input]:
    """The shot of the episode before that this one begins with, where it does, and what is said there in other
    languages."""
    card = drafts[0].card
    if card is None or card.kind != "previously":
        return {}
    quoted = unquoted(card.quote)
    said = {language: [entry for entry in translation.entries if entry[1] == quoted]
            for language, translation in translations_before(desk, key).items()}
    return {RECAP: desk.source(encode({"shot": drafts[0].record(), "said": said}))}


def _habits(desk: Desk, folder: SeriesFolder, drafts: tuple[ShotDraft, ...]) -> dict[str, Input]:
    """The camera's habits in the coverages of this cut; none where there are none."""
    used = {draft.coverage for draft in drafts}
    written = folder.series.camera.model_dump(mode="json", exclude_none=True) if folder.series.camera else {}
    habits = {coverage: habit for coverage, habit in written.items() if coverage in used}
    return {HABITS: desk.source(encode(habits))} if habits else {}


def _cut_changes(desk: Desk, key: Key, name: str, old: bytes | None, new: bytes | None) -> Sequence[Change]:
    return (habit_changes if name == HABITS else decided_changes)(desk, key, name, old, new)


def _names(desk: Desk, folder: SeriesFolder) -> Input:
    """By which names a screenplay may call people and places."""
    return desk.source(encode({one.slug: [one.name, *one.aliases] for one in (*folder.characters, *folder.sets)}))


def _lines(lines: tuple[tuple[int, int], ...], elements: tuple[int, ...]) -> list[int]:
    spans = [lines[index] for index in elements]
    return [min(first for first, _ in spans), max(last for _, last in spans)] if spans else []


def lettered(drafts: Sequence[ShotDraft], ids: Sequence[str]) -> set[str]:
    """Shots of a cut that have a card over them."""
    return {shot for shot, draft in zip(ids, drafts, strict=True) if draft.card is not None}


def _cut_shots(work: Work) -> None:
    lines = _lines_wanted(work)
    measured: dict[SpokenLineKey, float] = {}
    for index, line in enumerate(lines):
        measured[line] = take(work, *_as_spoken(work.desk, work.key, line)).timings.duration_ms
        work.progress((index + 1) / len(lines))
    _hand_in(work, _timed(work, measured))


def _speak_ahead(desk: Desk, key: Key, going: Callable[[float], None]) -> float:
    """Takes of every line of an episode in which nobody has decided anything yet: then all of them are wanted."""
    drafts, ids = cut_of(desk, key)
    if decided_inputs(desk, key, ids, lettered(drafts, ids)):
        return 0.0
    spent, lines = 0.0, lines_to_speak(drafts)
    for index, line in enumerate(lines):
        result, hit = take_ahead(desk, key, *_as_spoken(desk, key, line))
        spent += 0.0 if hit else result.usd
        going((index + 1) / len(lines))
    return spent


def _as_spoken(desk: Desk, key: Key, line: SpokenLineKey) -> tuple[str, str, str, float, Emotion]:
    """What a take is made from: text, voice, language, pace and emotion."""
    slug, text, emotion = line
    folder = folder_of(desk, key.series)
    (voice,), language = (one.voice for one in folder.characters if one.slug == slug), folder.series.languages[0]
    return text, voice.names[language], language, voice.pace, emotion


def _foresee_cut(work: ForeseenWork) -> None:
    """The cut with measured takes where they were ever spoken; a shot with a line that was not is unsure."""
    measured: dict[SpokenLineKey, float] = {}
    unspoken: set[SpokenLineKey] = set()
    took: list[float] = []
    for line in _lines_wanted(work):
        known = known_take(work.desk, *_as_spoken(work.desk, work.key, line))
        if known is None:
            unspoken.add(line)
            measured[line] = estimated_ms(line[1])
        else:
            measured[line] = known[0].duration_ms
            took.append(known[1])
    if took or not unspoken:
        work.expect(len(unspoken) * median(took or [0.0]))
    manifest = _timed(work, measured)
    _hand_in(work, manifest)
    for shot in manifest.shots:
        if any((line.character, line.text, line.emotion) in unspoken for line in shot.lines):
            for name in list(work.outputs):
                if f"/{shot.id}." in name:
                    work.unsure(name)
    if unspoken:
        work.unsure("manifest.json")
        work.unsure("timeline.json")
    entries = _entries(work.desk, work.key, manifest)
    work.desk.registry_changed(with_cut(work.desk.registry(work.key.series), str(work.key.episode), entries))


def _language(work: Work) -> str:
    """The language that the shots are cut to."""
    return folder_of(work.desk, work.key.series).series.languages[0]


def _lines_wanted(work: Work) -> list[SpokenLineKey]:
    """Every line to be spoken, once; none of a locked shot."""
    drafts, ids = cut_of(work.desk, work.key)
    held = locked_shots(work)
    return list(lines_to_speak([draft for shot, draft in zip(ids, drafts, strict=True) if shot not in held]))


def _timed(work: Work, measured: Mapping[SpokenLineKey, float]) -> ShotManifest:
    """The manifest with takes and locks as decided. What a locked shot's new lines would last does not matter."""
    drafts, ids = cut_of(work.desk, work.key)
    script, source_map = episode_of(work.desk, work.key)

    def line_ms(slug: str, text: str, emotion: Emotion) -> float:
        return measured.get((slug, text, emotion), 0.0)

    manifest = time_shots(drafts, ids, line_ms, series=work.key.series, episode=str(work.key.episode),
                          title=script.title, language=_language(work), source=source_map)
    return as_decided(work, manifest)


def _hand_in(work: Work, manifest: ShotManifest) -> None:
    folder, translations = folder_of(work.desk, work.key.series), translations_of(work.desk, work.key)
    before = translations_before(work.desk, work.key) if RECAP in work.action.inputs else {}
    work.add_record("manifest.json", manifest)
    seed = int(digest("timeline", {"episode": manifest.episode})[:8], 16)
    work.add_record("timeline.json", Timeline.of(manifest, seed))
    for shot in manifest.shots:
        slice_ = shot.model_dump(mode="json", exclude={"scene", "elements", "id"})
        work.add(f"shots/{shot.id}.json", encode(slice_))
        for language in folder.series.languages:
            held = f"locked/{shot.id}/speech.{language}.json"
            if held in work.action.inputs:
                work.pass_on(f"speech/{shot.id}.{language}.json", held)
            else:
                facet = speech_facet(shot, folder, language, translations.get(language), manifest.title,
                                     before.get(language))
                work.add_record(f"speech/{shot.id}.{language}.json", facet)


def _show_manifest(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    manifest = desk.load(result.outputs["manifest.json"], ShotManifest)
    rows = ["| shot | coverage | seconds | who | says | why |", "|---|---|---|---|---|---|"]
    for shot in manifest.shots:
        says = " / ".join(line.text for line in shot.lines)
        who = ", ".join(sorted(seen_in(shot)))
        seconds = shot.duration_frames / manifest.fps
        rows.append(f"| {shot.id} | {shot.coverage} | {seconds:.1f} | {who} | {_cell(says)} | {_cell(shot.why)} |")
    return {"shots": Markdown("\n".join(rows)), "duration (s)": manifest.duration_frames / manifest.fps}


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _register_cut(desk: Desk, key: Key, result: Result) -> None:
    """Makes the cut's shots partitions. Shots that left the cut stay known, as removed."""
    entries = _entries(desk, key, desk.load(result.outputs["manifest.json"], ShotManifest))

    def with_this_cut(current: SeriesRegistry | None) -> SeriesRegistry:
        return with_cut(current or desk.registry(key.series), str(key.episode), entries)

    desk.registry_changed(update(desk.home, key.series, with_this_cut))


def _entries(desk: Desk, key: Key, manifest: ShotManifest) -> list[ShotEntry]:
    drafts, ids = cut_of(desk, key)
    signatures = dict(zip(ids, (draft.signature for draft in drafts), strict=True))
    return [ShotEntry(key=f"{key.episode}.{shot.id}", cast=tuple(sorted(_cast_of(shot))),
                      signature=signatures[shot.id], removed=False) for shot in manifest.shots]


def _cast_of(shot: Shot) -> set[str]:
    return seen_in(shot) | {line.character for line in shot.lines}


SHOT_MANIFEST = Step(
    name="shot_manifest", group="story", scope=Scope.EPISODE,
    code_version=CODE_VERSIONS["shot_manifest"], kinds=("json",),
    upstream=("episode_script", "character_bundle"),
    pool="speech",
    doc="The cut: every shot with coverage, staging, camera and lines, timed to the measured speech.",
    recipe=_manifest_recipe, make=_cut_shots, show=_show_manifest, after=_register_cut, parallel=False,
    foresee=_foresee_cut, describe=_cut_changes, ahead=(None, _speak_ahead),
)
