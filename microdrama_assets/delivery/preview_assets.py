"""The preview assets: what a producer looks at while writing. Made from the shot's facets and its speech alone, so no
keyframe, clip or rendition has to be there, and nothing else is ever made from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.delivery.picture import captions_of
from microdrama_assets.delivery.preview import (
    CRF,
    HEIGHT,
    PRESET,
    WIDTH,
    encode_preview,
    keeping,
    preview_frames,
)
from microdrama_assets.delivery.preview_joining import join_previews
from microdrama_assets.graph.action import Action, Input, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.step import MetadataPath, Step, Still
from microdrama_assets.graph.toolbox import FONT_NAMES
from microdrama_assets.graph.work import Work
from microdrama_assets.request import PREVIEWS
from microdrama_assets.schemas.manifest import FrameFacet, MotionFacet, SpeechFacet, Timeline
from microdrama_assets.schemas.series import Look
from microdrama_assets.schemas.sound import DialogueTimings
from microdrama_assets.studios.draft.twos import TWOS
from microdrama_assets.studios.pictures import decoded, jpeg
from resources.home import Home

FILE = "preview.mp4"
STILLS = "stills.jpg"
CARD_IN = "speech.json"
"""What is said and read: among the inputs where the shot's card reads otherwise than in the original language."""
SHOWN = (0.15, 0.5, 0.85)
"""Of a shot's length: the frames that stand for it beside its materialization."""


def _preview_recipe(desk: Desk, key: Key) -> Action:
    shot, bible = key.in_shot(), Key(key.series)
    speech = desk.input("shot_spec", shot, f"speech.{key.language}.json")
    inputs: dict[str, Input] = {
        "frame.json": desk.input("shot_spec", shot, "frame.json"),
        "motion.json": desk.input("shot_spec", shot, "motion.json"),
        "timings.json": desk.input("dialogue_track", key, "timings.json"),
        "dialogue.wav": desk.input("dialogue_track", key, "dialogue.wav"),
        "look.json": desk.input("series_bible", bible, "look.json"),
    }
    spoken = desk.load(speech.blob, SpeechFacet)
    if spoken.card is not None:
        inputs[CARD_IN] = speech
    if spoken.captioned:
        inputs["cues.json"] = desk.input("captions", key, "cues.json")
        inputs["captions.json"] = desk.input("series_bible", bible, "captions.json")
    return Action(
        asset="preview", code_version=CODE_VERSIONS["preview"], inputs=inputs, models=desk.models(*FONT_NAMES),
        params={"width": WIDTH, "height": HEIGHT, "preset": PRESET, "crf": CRF, "label": key.in_shot().partition},
        tools={**desk.toolbox.picture_tools(), **desk.toolbox.encoder_tools()},
    )


def _preview(work: Work) -> None:
    motion = work.load("motion.json", MotionFacet)
    frame = work.load("frame.json", FrameFacet)
    if CARD_IN in work.action.inputs:
        frame = frame.model_copy(update={"card": work.load(CARD_IN, SpeechFacet).card})
    label, output = str(work.action.params["label"]), work.scratch / FILE
    frames = preview_frames(frame, motion, work.load("timings.json", DialogueTimings),
                            work.load("look.json", Look), captions_of(work), work.toolbox.fonts, label)
    kept: list[np.ndarray] = []
    drawn = -(-motion.duration_frames // TWOS)
    chosen = [round(share * (drawn - 1)) for share in SHOWN]
    encode_preview(keeping(frames, chosen, kept), motion.fps, work.path("dialogue.wav"), output, label,
                   lambda done: work.progress(done / drawn))
    work.add_file(FILE, output)
    work.add(STILLS, jpeg(np.hstack(kept)))
    work.note(frames=drawn)


def _episode_recipe(desk: Desk, key: Key) -> Action:
    timeline = desk.input("shot_manifest", key.in_episode(), "timeline.json")
    shots: dict[str, Input] = {}
    for number, shot in enumerate(desk.load(timeline.blob, Timeline).shots):
        shots[f"shots/{number:03d}.mp4"] = desk.input("preview", _shot(key, shot.id), FILE)
        shots[f"stills/{number:03d}.jpg"] = desk.input("preview", _shot(key, shot.id), STILLS)
    return Action(
        asset="episode_preview", code_version=CODE_VERSIONS["episode_preview"],
        inputs={**shots, "timeline.json": timeline, "mix.wav": desk.input("audio_mix", key, "mix.wav")},
        params={"title": key.partition}, tools=desk.toolbox.encoder_tools(),
    )


def _shot(key: Key, shot: str) -> Key:
    return Key(key.series, key.episode, shot, language=key.language)


def _join(work: Work) -> None:
    timeline = work.load("timeline.json", Timeline)
    shots = [(work.path(name), shot.frames / timeline.fps)
             for name, shot in zip(work.names("shots/"), timeline.shots, strict=True)]
    work.add_file(FILE, join_previews(shots, work.path("mix.wav"), work.scratch, str(work.action.params["title"])))
    middles = [np.array_split(decoded(work.read(name)), len(SHOWN), axis=1)[len(SHOWN) // 2]
               for name in work.names("stills/")]
    work.add(STILLS, jpeg(np.hstack(middles)))


def preview_file(home: Home, key: Key) -> Path:
    """Where a preview lies, to play."""
    return home.root / "previews" / key.series / f"{key.partition}.mp4"


def _lay_out(desk: Desk, key: Key, result: Result) -> None:
    desk.home.objects.export(result.outputs[FILE].digest, preview_file(desk.home, key))


def _show(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    return {"preview": Still(result.outputs[STILLS].digest, f"{key}: frames of the preview"),
            "video": MetadataPath(str(preview_file(desk.home, key)))}


STEPS = (
    Step(
        name="preview", group=PREVIEWS, scope=Scope.SHOT_LANGUAGE,
        code_version=CODE_VERSIONS["preview"], kinds=("video",),
        upstream=("shot_spec", "dialogue_track", "captions", "series_bible"), pool="encoder",
        doc="A shot at 360x640 within seconds, marked PREVIEW; made on demand, never delivered, never published.",
        recipe=_preview_recipe, make=_preview, show=_show, after=_lay_out,
        weight=lambda action: action.inputs["dialogue.wav"].blob.size,  # as long as the shot
    ),
    Step(
        name="episode_preview", group=PREVIEWS, scope=Scope.EPISODE_LANGUAGE,
        code_version=CODE_VERSIONS["episode_preview"], kinds=("video",),
        upstream=("preview", "audio_mix", "shot_manifest"), pool="encoder",
        doc="An episode's previews in a row, with its mix; made on demand, never delivered, never published.",
        recipe=_episode_recipe, make=_join, show=_show, after=_lay_out,
    ),
)
