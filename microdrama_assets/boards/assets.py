"""The board assets, made on demand from a shot's facets alone: what people approve a story on before anything is
rendered, and what a final studio's picture is conditioned on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import skia

from microdrama_assets.boards.camera_mark import marked
from microdrama_assets.boards.lettering import Lettering
from microdrama_assets.boards.page import board_html
from microdrama_assets.boards.panel import HEIGHT, WIDTH, Panel, PanelLine, draw_panel
from microdrama_assets.boards.sheets import Board, board_pdf, opened
from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Input, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.series import folder_of
from microdrama_assets.graph.step import Markdown, MetadataPath, Step, Still
from microdrama_assets.graph.toolbox import FONT_NAMES
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.manifest import FrameFacet, MotionFacet, Shot, ShotManifest, SpeechFacet
from microdrama_assets.schemas.script import Script
from microdrama_assets.schemas.series import Series
from microdrama_assets.studios.contact_sheet import contact_sheet
from microdrama_assets.studios.draft.compositor import Compositor, still_clip
from microdrama_assets.studios.draft.controls import draw_controls
from microdrama_assets.studios.draft.ink import Sheet, fill, rect
from microdrama_assets.studios.draft.keyframe import draw_plates
from microdrama_assets.studios.draft.layout import FRAME_HEIGHT, FRAME_WIDTH, Layout
from microdrama_assets.studios.pictures import decoded, jpeg, thumbnail
from resources.home import Home

GROUP = "boards"
STILL_SIZE = (540, 960)
PANEL_SCALE = 3
"""Pixels per point of a panel's picture."""
PANEL_MARGIN = 8.0
CONTACT_WIDTH, CONTACT_COLUMNS = 180, 4


def board_folder(home: Home, key: Key) -> Path:
    """Where a shot's panel and control maps lie."""
    return home.root / "boards" / key.series / str(key.episode) / str(key.shot)


def storyboard_files(home: Home, key: Key) -> dict[str, Path]:
    """Where an episode's storyboard lies, beside its review: output's name to file."""
    return {name: home.deliveries / key.series / str(key.episode) / name for name in ("board.html", "board.pdf")}


# -- control_maps -----------------------------------------------------------------------------------------------------


def _controls_recipe(desk: Desk, key: Key) -> Action:
    return Action(
        asset="control_maps", code_version=CODE_VERSIONS["control_maps"], tools=desk.toolbox.picture_tools(),
        inputs={name: desk.input("shot_spec", key, name) for name in ("frame.json", "motion.json")},
    )


def _draw_controls(work: Work) -> None:
    controls = draw_controls(work.load("frame.json", FrameFacet), work.load("motion.json", MotionFacet))
    for name, data in controls.files().items():
        work.add(name, data)
    masks = [cv2.merge([mask] * 3) for mask in controls.masks.values()]
    depth = cv2.merge([(controls.depth >> 8).astype("uint8")] * 3)
    small = [cv2.resize(picture, (CONTACT_WIDTH, CONTACT_WIDTH * 16 // 9), interpolation=cv2.INTER_AREA)
             for picture in (depth, controls.pose, *masks)]
    work.add("overview.jpg", jpeg(decoded(contact_sheet(small, len(small)))))


def _show_controls(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    return {"maps": Still(result.outputs["overview.jpg"].digest, f"{key}: depth, poses, a mask for each person"),
            "folder": MetadataPath(str(board_folder(desk.home, key)))}


# -- shot_board -------------------------------------------------------------------------------------------------------


def _panel_recipe(desk: Desk, key: Key) -> Action:
    language = folder_of(desk, key.series).series.languages[0]
    return Action(
        asset="shot_board", code_version=CODE_VERSIONS["shot_board"], params={"shot": key.shot},
        models=desk.models(*FONT_NAMES), tools=desk.toolbox.picture_tools(),
        inputs={
            "frame.json": desk.input("shot_spec", key, "frame.json"),
            "speech.json": desk.input("shot_spec", key, f"speech.{language}.json"),
            "shot.json": desk.input("shot_manifest", key.in_episode(), f"shots/{key.shot}.json"),
        },
    )


def _draw_panel(work: Work) -> None:
    frame, fonts = work.load("frame.json", FrameFacet), work.toolbox.fonts
    plates = draw_plates(frame, fonts, STILL_SIZE[0] / FRAME_WIDTH)
    layout = Layout.model_validate_json(plates["layout.json"])
    panel = _panel(work, frame, layout)
    drawn = next(Compositor(plates, plates["layout.json"], still_clip(layout), (), STILL_SIZE).frames())[..., :3]
    still = jpeg(marked(drawn, panel.camera, panel.focus))
    work.add("still.jpg", still)
    work.add_record("panel.json", panel)
    work.add("panel.jpg", _picture_of(panel, opened(still), Lettering(fonts)))


def _panel(work: Work, frame: FrameFacet, layout: Layout) -> Panel:
    told = {**json.loads(work.read("shot.json")), "id": str(work.action.params["shot"]), "scene": 0, "elements": ()}
    shot, speech = Shot.model_validate(told), work.load("speech.json", SpeechFacet)
    return Panel(
        shot=shot.id, coverage=shot.coverage, place=f"{frame.set.name}, {frame.time_of_day}",
        duration_frames=shot.duration_frames, fps=speech.fps, camera=shot.camera,
        focus=(round(layout.focus[0] / FRAME_WIDTH, 4), round(layout.focus[1] / FRAME_HEIGHT, 4)),
        lines=tuple(PanelLine(name=line.name, text=line.text, off_screen=line.off_screen) for line in speech.lines),
        action=shot.action, why=shot.why, take=shot.take,
    )


def _picture_of(panel: Panel, still: skia.Image, lettering: Lettering) -> bytes:
    width, height = WIDTH + 2 * PANEL_MARGIN, HEIGHT + 2 * PANEL_MARGIN
    sheet = Sheet(round(width * PANEL_SCALE), round(height * PANEL_SCALE), PANEL_SCALE, (-PANEL_MARGIN, -PANEL_MARGIN))
    sheet.canvas.drawRect(rect(-PANEL_MARGIN, -PANEL_MARGIN, width, height), fill((255, 255, 255)))
    draw_panel(sheet.canvas, panel, still, lettering)
    return jpeg(sheet.pixels[..., :3])


def _show_panel(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    panel = desk.load(result.outputs["panel.json"], Panel)
    said = "".join(f"\n\n**{line.name}** {line.text}" for line in panel.lines)
    return {"panel": Still(result.outputs["panel.jpg"].digest, f"{key}: {panel.heading}"),
            "shot": Markdown(f"*{panel.heading}*{said}\n\n{panel.action}"),
            "folder": MetadataPath(str(board_folder(desk.home, key)))}


def _lay_out_shot(desk: Desk, key: Key, result: Result) -> None:
    for name, blob in result.outputs.items():
        desk.home.objects.export(blob.digest, board_folder(desk.home, key) / name)


# -- storyboard -------------------------------------------------------------------------------------------------------


def _board_recipe(desk: Desk, key: Key) -> Action:
    manifest = desk.load(desk.input("shot_manifest", key, "manifest.json").blob, ShotManifest)
    series = desk.load(desk.input("series_bible", Key(key.series), "series.json").blob, Series)
    script = desk.load(desk.input("episode_script", key, "script.json").blob, Script)
    inputs: dict[str, Input] = {}
    for number, shot in enumerate(manifest.shots):
        at = Key(key.series, key.episode, shot.id)
        inputs[f"panels/{number:03d}.json"] = desk.input("shot_board", at, "panel.json")
        inputs[f"stills/{number:03d}.jpg"] = desk.input("shot_board", at, "still.jpg")
    return Action(
        asset="storyboard", code_version=CODE_VERSIONS["storyboard"], inputs=inputs, models=desk.models(*FONT_NAMES),
        params={"episode": key.episode, "series": series.title, "title": script.title},
        tools=desk.toolbox.picture_tools(),
    )


def _draw_board(work: Work) -> None:
    panels = [work.load(name, Panel) for name in work.names("panels/")]
    stills = [work.read(name) for name in work.names("stills/")]
    params = work.action.params
    board = Board(str(params["series"]), str(params["episode"]), str(params["title"]),
                  list(zip(panels, stills, strict=True)))
    work.add("board.html", board_html(board))
    work.add("board.pdf", board_pdf(board, Lettering(work.toolbox.fonts)))
    small = [decoded(thumbnail(still, CONTACT_WIDTH)) for still in stills]
    work.add("contact.jpg", jpeg(decoded(contact_sheet(small, min(CONTACT_COLUMNS, len(small))))))


def _show_board(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    files = storyboard_files(desk.home, key)
    return {"shots": Still(result.outputs["contact.jpg"].digest, f"{key}: every shot of the cut"),
            "page": MetadataPath(str(files["board.html"])), "pdf": MetadataPath(str(files["board.pdf"]))}


def _lay_out_board(desk: Desk, key: Key, result: Result) -> None:
    for name, path in storyboard_files(desk.home, key).items():
        desk.home.objects.export(result.outputs[name].digest, path)


STEPS = (
    Step(
        name="control_maps", group=GROUP, scope=Scope.SHOT,
        code_version=CODE_VERSIONS["control_maps"], kinds=("image",), upstream=("shot_spec",), pool="picture",
        doc="A shot's depth, a mask for each person, pose skeletons (OpenPose) and camera: what a final studio's "
            "picture is conditioned on. Made on demand.",
        recipe=_controls_recipe, make=_draw_controls, show=_show_controls, after=_lay_out_shot,
    ),
    Step(
        name="shot_board", group=GROUP, scope=Scope.SHOT,
        code_version=CODE_VERSIONS["shot_board"], kinds=("image",), upstream=("shot_spec", "shot_manifest"),
        pool="picture",
        doc="A shot's panel of the storyboard: still, number, coverage, length, camera move, words. Made on demand.",
        recipe=_panel_recipe, make=_draw_panel, show=_show_panel, after=_lay_out_shot,
    ),
    Step(
        name="storyboard", group=GROUP, scope=Scope.EPISODE,
        code_version=CODE_VERSIONS["storyboard"], kinds=("html",),
        upstream=("shot_board", "shot_manifest", "episode_script", "series_bible"),
        doc="An episode's storyboard as a page and as PDF, to approve a story on. Made on demand.",
        recipe=_board_recipe, make=_draw_board, show=_show_board, after=_lay_out_board,
    ),
)
