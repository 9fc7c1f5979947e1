"""The delivery assets: each shot encoded once into every rung, and episodes assembled from shots without re-encoding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from microdrama_assets.delivery.audio import AudioRendition, encode_audio
from microdrama_assets.delivery.ladder import CODE_VERSION as LADDER_VERSION
from microdrama_assets.delivery.ladder import encode_shot
from microdrama_assets.delivery.package import assemble
from microdrama_assets.graph.action import Action, Input, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.perform import perform
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.delivery import LADDER, ShotRendition
from microdrama_assets.schemas.manifest import ShotManifest, SpeechFacet, Timeline
from microdrama_assets.schemas.series import CaptionStyle, Look, Series
from microdrama_assets.schemas.sound import CueSheet
from microdrama_assets.sound.cues import episode_cues, to_webvtt
from microdrama_assets.speech.takes import wav_to_array
from microdrama_assets.studios.draft.clip import Clip, LipTrack
from microdrama_assets.studios.draft.compositor import Compositor
from microdrama_assets.studios.grading import Grader
from microdrama_assets.studios.typesetting import CaptionPainter

PRESET = "veryfast"


# -- abr_rendition ----------------------------------------------------------------------------------------------------


def _rendition_recipe(desk: Desk, key: Key) -> Action:
    clip = {name: entry for name, entry in desk.outputs("lipsynced_clip", key).items() if name != "preview.jpg"}
    bible = Key(key.series)
    inputs: dict[str, Input] = {**clip, "look.json": desk.input("series_bible", bible, "look.json")}
    speech = desk.load(desk.input("shot_spec", key.in_shot(), f"speech.{key.language}.json").blob, SpeechFacet)
    models: tuple[Mapping[str, Any], ...] = ()
    if speech.lines:
        inputs["cues.json"] = desk.input("captions", key, "cues.json")
        inputs["captions.json"] = desk.input("series_bible", bible, "captions.json")
        models = desk.models(*desk.toolbox.font_names)
    return Action(
        asset="abr_rendition", code_version="1", inputs=inputs, models=models,
        params={"ladder": [rung.model_dump(mode="json") for rung in LADDER], "preset": PRESET,
                "encoder": LADDER_VERSION},
        tools={**desk.toolbox.picture_tools(), **desk.toolbox.encoder_tools()},
    )


def _encode(work: Work) -> None:
    clip = work.load("clip.json", Clip)
    folder = work.scratch / "rendition"
    rendition = encode_shot(_frames(work, clip), clip.frame_count, clip.fps, LADDER, folder, preset=PRESET,
                            progress=work.progress)
    work.add_record("rendition.json", rendition)
    work.add_folder(folder)
    work.note(frames=clip.frame_count)


def _frames(work: Work, clip: Clip) -> Iterator[np.ndarray]:
    """The finished picture, frame by frame: composed, graded, captioned. BGR, 1920 x 1080 x 3."""
    plates = {name: work.read(name) for name in work.names("plates/")}
    compositor = Compositor(plates, work.read("layout.json"), clip, work.load("lips.json", LipTrack).keys)
    grader = Grader(work.load("look.json", Look), (LADDER[0].width, LADDER[0].height))
    painter = None
    if "cues.json" in work.action.inputs:
        painter = CaptionPainter(work.load("cues.json", CueSheet), work.load("captions.json", CaptionStyle), clip.fps,
                                 work.toolbox.fonts)
    for index, frame in enumerate(compositor.frames()):
        graded = grader.apply(frame)
        if painter is not None:
            painter.paint(graded, index)
        yield graded


# -- episode_package --------------------------------------------------------------------------------------------------


def _package_recipe(desk: Desk, key: Key) -> Action:
    manifest = desk.input("shot_manifest", key.in_episode(), "manifest.json")
    timeline = desk.input("shot_manifest", key.in_episode(), "timeline.json")
    inputs: dict[str, Input] = {
        "timeline.json": timeline, "script.json": desk.input("episode_script", key.in_episode(), "script.json"),
        "series.json": desk.input("series_bible", Key(key.series), "series.json"),
        "mix.wav": desk.input("audio_mix", key, "mix.wav"),
    }
    for shot in desk.load(manifest.blob, ShotManifest).shots:
        at = Key(key.series, key.episode, shot.id, language=key.language)
        inputs[f"cues/{shot.id}.json"] = desk.input("captions", at, "cues.json")
        for name, entry in desk.outputs("abr_rendition", at).items():
            inputs[f"shots/{shot.id}/{name}"] = entry
    return Action(
        asset="episode_package", code_version="1", inputs=inputs, tools=desk.toolbox.encoder_tools(),
        params={"language": key.language, "episode": key.episode},
    )


def _package(work: Work) -> None:
    pass
