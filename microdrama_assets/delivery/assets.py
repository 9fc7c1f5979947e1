"""The delivery assets: each shot encoded once into every rung, episodes assembled from shots as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from audit.canonical import encode
from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.delivery.audio import AudioRendition, encode_audio
from microdrama_assets.delivery.delivered import deliver
from microdrama_assets.delivery.ladder import encode_shot
from microdrama_assets.delivery.package import assemble
from microdrama_assets.delivery.picture import captions_of, finished_frames
from microdrama_assets.graph.action import Action, Input, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.perform import perform
from microdrama_assets.graph.step import MetadataPath, Step, Still
from microdrama_assets.graph.toolbox import FONT_NAMES
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.delivery import LADDER, ShotRendition
from microdrama_assets.schemas.manifest import ShotManifest, SpeechFacet, Timeline
from microdrama_assets.schemas.script import Script
from microdrama_assets.schemas.series import Look, Series
from microdrama_assets.schemas.sound import CueSheet, LipTrack
from microdrama_assets.series_folder.names import full_title
from microdrama_assets.speech.recording import wav_to_array
from microdrama_assets.speech.webvtt import episode_cues, to_webvtt
from microdrama_assets.studios.draft.clip import Clip
from resources.encoder import X264, chosen
from resources.encoder import identity as encoder_identity

PRESET = "superfast"
FILM = "film.json"
"""What tells a final clip, of frames, from a draft's composition."""
SOURCES = "sources.json"
"""In a package: which inputs each of its files was made from. Not delivered."""


# -- abr_rendition ----------------------------------------------------------------------------------------------------


def _rendition_recipe(desk: Desk, key: Key) -> Action:
    final = FILM in desk.result("lipsynced_clip", key).outputs
    clip = {name: entry for name, entry in desk.outputs("lipsynced_clip", key).items() if name != "preview.jpg"}
    bible = Key(key.series)
    inputs: dict[str, Input] = {**clip, "look.json": desk.input("series_bible", bible, "look.json")}
    speech = desk.load(desk.input("shot_spec", key.in_shot(), f"speech.{key.language}.json").blob, SpeechFacet)
    models: tuple[Mapping[str, Any], ...] = ()
    if speech.captioned:
        inputs["cues.json"] = desk.input("captions", key, "cues.json")
        inputs["captions.json"] = desk.input("series_bible", bible, "captions.json")
        models = desk.models(*FONT_NAMES)
    return Action(
        asset="abr_rendition", inputs=inputs, models=models,
        code_version=CODE_VERSIONS["final_rendition" if final else "abr_rendition"],
        params={"ladder": [rung.model_dump(mode="json") for rung in LADDER], "preset": PRESET, **encoder_params()},
        tools={**desk.toolbox.picture_tools(), **desk.toolbox.encoder_tools(), **encoder_identity()},
    )


def encoder_params() -> Mapping[str, str]:
    """The encoder, where it is not the one that recipes without this word mean."""
    return {} if chosen() == X264 else {"encoder": chosen()}


def _encode(work: Work) -> None:
    if FILM in work.action.inputs:
        from microdrama_assets.delivery.final import encode_film

        return encode_film(work)
    clip = work.load("clip.json", Clip)
    folder = work.scratch / "rendition"
    rendition = encode_shot(_frames(work, clip), clip.frames, clip.fps, LADDER, folder, preset=PRESET,
                            encoder=work.action.params.get("encoder", X264), progress=work.progress)
    work.add_record("rendition.json", rendition)
    work.add_folder(folder)
    work.note(frames=clip.frames)


def _frames(work: Work, clip: Clip) -> Iterator[np.ndarray]:
    plates = {name: work.read(name) for name in work.names("plates/")}
    return finished_frames(plates, work.read("layout.json"), clip, work.load("lips.json", LipTrack),
                           work.load("look.json", Look), captions_of(work), work.toolbox.fonts)


# -- episode_package --------------------------------------------------------------------------------------------------


def _package_recipe(desk: Desk, key: Key) -> Action:
    manifest = desk.input("shot_manifest", key.in_episode(), "manifest.json")
    timeline = desk.input("shot_manifest", key.in_episode(), "timeline.json")
    inputs: dict[str, Input] = {
        "timeline.json": timeline, "mix.wav": desk.input("audio_mix", key, "mix.wav"),
    }
    for shot in desk.load(manifest.blob, ShotManifest).shots:
        at = Key(key.series, key.episode, shot.id, language=key.language)
        inputs[f"cues/{shot.id}.json"] = desk.input("captions", at, "cues.json")
        for name, entry in desk.outputs("abr_rendition", at).items():
            inputs[f"shots/{shot.id}/{name}"] = entry
    return Action(
        asset="episode_package", code_version=CODE_VERSIONS["episode_package"], inputs=inputs,
        tools=desk.toolbox.encoder_tools(),
        params={"series": key.series, "episode": key.episode, "language": key.language, "title": _title(desk, key),
                "audio_rendition": CODE_VERSIONS["audio_rendition"]},
    )


def _title(desk: Desk, key: Key) -> str:
    """All that a package takes from series and screenplay directly: another logline packages nothing again."""
    series = desk.load(desk.input("series_bible", Key(key.series), "series.json").blob, Series)
    script = desk.load(desk.input("episode_script", key.in_episode(), "script.json").blob, Script)
    return full_title(series.title, script.title)


def _package(work: Work) -> None:
    timeline = work.load("timeline.json", Timeline)
    renditions = [
        (shot.id, work.load(f"shots/{shot.id}/rendition.json", ShotRendition), partial(_file_of, work, shot.id))
        for shot in timeline.shots
    ]
    sheets = [(shot.start_frame, work.load(f"cues/{shot.id}.json", CueSheet)) for shot in timeline.shots]
    package = assemble(
        renditions, _sound(work), to_webvtt(episode_cues(sheets, timeline.fps)),
        title=str(work.action.params["title"]), language=str(work.key.language), series=work.key.series,
        episode=str(work.key.episode), scratch=work.scratch,
    )
    for path, data in package.files.items():
        work.add(path, data)
    work.add(SOURCES, encode({path: sorted(names) for path, names in package.made_from.items()}))
    work.note(duration_s=package.duration_s, segments=sum(path.endswith(".m4s") for path in package.files))


def _file_of(work: Work, shot: str, name: str) -> bytes:
    return work.read(f"shots/{shot}/{name}")


def _sound(work: Work) -> tuple[AudioRendition, Callable[[str], bytes]]:
    """The mix as AAC: an action of its own, so that an edit of the picture alone encodes no sound."""
    result, _ = perform(work.desk, work.key, _sound_action(work.desk, work.action.inputs["mix.wav"]), _encode_sound)
    for name in result.outputs:
        work.used[f"audio/{name}"] = result.handed_on(name)
    rendition = work.desk.load(result.outputs["rendition.json"], AudioRendition)
    return rendition, lambda name: work.desk.read(result.outputs[name])


def _sound_ahead(desk: Desk, key: Key, going: Callable[[float], None]) -> float:
    action = _sound_action(desk, desk.input("audio_mix", key, "mix.wav"))
    result, hit = perform(desk, key, action, _encode_sound, going)
    return 0.0 if hit else result.usd


def _sound_action(desk: Desk, mix: Input) -> Action:
    return Action(asset="audio_rendition", code_version=CODE_VERSIONS["audio_rendition"], inputs={"mix.wav": mix},
                  tools=desk.toolbox.encoder_tools())


def _encode_sound(work: Work) -> None:
    folder = work.scratch / "rendition"
    rendition = encode_audio(wav_to_array(work.read("mix.wav")), folder)
    work.add_record("rendition.json", rendition)
    work.add_folder(folder)
    work.note(true_peak_dbtp=rendition.true_peak_dbtp, attenuation_db=rendition.attenuation_db)


def _deliver(desk: Desk, key: Key, result: Result) -> None:
    """Lays the package out as files that any player opens, beside the versions before it."""
    files = {name: blob.digest for name, blob in result.outputs.items() if name != SOURCES}
    deliver(desk.home, delivery_folder(desk, key), files)


def delivery_folder(desk: Desk, key: Key) -> Path:
    """Where an episode in one language is laid out."""
    return desk.home.deliveries / key.series / str(key.episode) / str(key.language)


def _show_package(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    folder = delivery_folder(desk, key)
    return {"poster": Still(result.outputs["poster.jpg"].digest, f"{key}"),
            "video": MetadataPath(str(folder / "episode.mp4")), "page": MetadataPath(str(folder / "player.html"))}


def _show_rendition(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    rendition = desk.load(result.outputs["rendition.json"], ShotRendition)
    sizes = {encoded.rung.name: sum(segment.size for segment in encoded.segments) for encoded in rendition.rungs}
    return {"duration (s)": rendition.frames / rendition.fps,
            **{f"{name} (kB)": round(size / 1000) for name, size in sizes.items()}}


STEPS = (
    Step(
        name="abr_rendition", group="delivery", scope=Scope.SHOT_LANGUAGE,
        code_version=CODE_VERSIONS["abr_rendition"], kinds=("video",),
        upstream=("lipsynced_clip", "captions", "series_bible"),
        pool="encoder",
        doc="A shot composed, graded, captioned and encoded once into every rung: CMAF segments with closed GOPs.",
        recipe=_rendition_recipe, make=_encode, show=_show_rendition, flows=lambda action: True,
        weight=lambda action: action.inputs[FILM if FILM in action.inputs else "clip.json"].blob.size,  # per frame
    ),
    Step(
        name="episode_package", group="delivery", scope=Scope.EPISODE_LANGUAGE,
        code_version=CODE_VERSIONS["episode_package"], kinds=("hls",),
        upstream=("abr_rendition", "audio_mix", "captions", "shot_manifest", "episode_script", "series_bible"),
        pool="encoder",
        doc="An episode ready to play: HLS master and playlists, WebVTT, MP4 download, player manifest and page.",
        recipe=_package_recipe, make=_package, show=_show_package, after=_deliver, ahead=("audio_mix", _sound_ahead),
    ),
)
