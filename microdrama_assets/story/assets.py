"""The story assets: the bible, each episode's screenplay, its cut into shots, and each shot's specification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.series import episode_of, folder_of, preset_sources, translations_of
from microdrama_assets.graph.step import Markdown, Step
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.series import CaptionStyle
from microdrama_assets.story.bible import bible_markdown
from microdrama_assets.story.changes import bible_changes, script_changes
from microdrama_assets.story.cut import SHOT_MANIFEST
from microdrama_assets.story.specs import SHOT_SPEC


def _bible_recipe(desk: Desk, key: Key) -> Action:
    folder = folder_of(desk, key.series)
    sets = {f"sets/{design.slug}.json": desk.source_record(design) for design in folder.sets}
    return Action(
        asset="series_bible", code_version=CODE_VERSIONS["series_bible"],
        inputs={"series.json": desk.source_record(folder.series), **sets},
        sources=({"file": "series.yaml"}, *({"file": f"sets/{design.slug}.yaml"} for design in folder.sets),
                 *preset_sources(desk, key, "series.yaml")),
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


SERIES_BIBLE = Step(
    name="series_bible", group="story", scope=Scope.SERIES,
    code_version=CODE_VERSIONS["series_bible"], kinds=("yaml",),
    doc="The series: logline, tone, world, look, music and sets, from series.yaml and sets/.",
    recipe=_bible_recipe, make=_write_bible, show=_show_bible, foresee=_write_bible, describe=bible_changes,
)
EPISODE_SCRIPT = Step(
    name="episode_script", group="story", scope=Scope.EPISODE,
    code_version=CODE_VERSIONS["episode_script"], kinds=("text",),
    upstream=("series_bible",),
    doc="One episode's screenplay (Fountain) with its translations, without the layout of the page.",
    recipe=_script_recipe, make=_write_script, foresee=_write_script, describe=script_changes,
)
STEPS = (SERIES_BIBLE, EPISODE_SCRIPT, SHOT_MANIFEST, SHOT_SPEC)
