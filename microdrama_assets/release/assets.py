"""The release assets: the review that measures what viewers will get, and publishing, which refuses the unapproved.

Measurements are of decoded media as packaged, never of what a step meant to make.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from audit.canonical import digest, encode
from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Input, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import models_of
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.perform import perform_inside
from microdrama_assets.graph.series import folder_of
from microdrama_assets.graph.step import CheckVerdict, MetadataPath, Step
from microdrama_assets.graph.work import Work
from microdrama_assets.release import published
from microdrama_assets.release.measurement import Measurement
from microdrama_assets.release.page.place import page_place
from microdrama_assets.release.qc import measure
from microdrama_assets.release.quality.limits import Judgement, judged, least_alike, limits_of
from microdrama_assets.release.quality.measuring import measure_shot
from microdrama_assets.release.quality.shot import QUALITY, quality_action, quality_inputs, quality_params
from microdrama_assets.release.review import Seen, review_report
from microdrama_assets.release.screener import screener
from microdrama_assets.schemas.delivery import LADDER
from microdrama_assets.schemas.manifest import ShotManifest, SpeechFacet, Timeline
from microdrama_assets.schemas.sound import DialogueTimings
from microdrama_assets.speech.recording import wav_to_array
from microdrama_assets.studios.pictures import thumbnail

CHECKS = ("playlists", "resolution", "fps", "duration", "clock", "black", "loudness", "true_peak", "silence",
          "av_offset", "download", "download_av_offset", "lines_spoken", "lines_captioned", "identity")
NOT_DELIVERED = "sources.json"
STILL_WIDTH = 270
REVIEW = "review.json"


# -- episode_review ---------------------------------------------------------------------------------------------------


def _review_recipe(desk: Desk, key: Key) -> Action:
    manifest = desk.input("shot_manifest", key, "manifest.json")
    cut = desk.load(manifest.blob, ShotManifest).shots
    shots = [shot.id for shot in cut]
    inputs: dict[str, Input] = {"manifest.json": manifest,
                                "timeline.json": desk.input("shot_manifest", key, "timeline.json")}
    for shot in shots:
        inputs[f"stills/{shot}.png"] = desk.input("keyframe", Key(key.series, key.episode, shot), "still.png")
    spoken = folder_of(desk, key.series).series.languages
    for language in spoken:
        inputs |= _language_inputs(desk, key, language, shots)
    finals = [replace(key, shot=shot.id, language=spoken[0]) for shot in cut if shot.fidelity == "final"]
    return Action(asset="episode_review", code_version=CODE_VERSIONS["episode_review"],
                  inputs=inputs | _final_inputs(desk, finals), params=_final_params(desk, finals),
                  models=_models_used(desk, key, shots), tools=desk.toolbox.encoder_tools())


def _final_inputs(desk: Desk, finals: Sequence[Key]) -> dict[str, Input]:
    return {f"quality/{at.shot}/{name}": entry for at in finals for name, entry in quality_inputs(desk, at).items()}


def _final_params(desk: Desk, finals: Sequence[Key]) -> dict[str, Any]:
    """How final pictures are measured, and what they are held to. Drafts have nothing of it."""
    if not finals:
        return {}
    named = models_of(desk, finals[0].series)
    return {"shot_quality": CODE_VERSIONS["shot_quality"], "language": finals[0].language,
            "limits": limits_of(named.quality, named.characters and named.characters.least),
            "measured": {str(at.shot): quality_params(desk, at) for at in finals}}


def _language_inputs(desk: Desk, key: Key, language: str, shots: Sequence[str]) -> dict[str, Input]:
    episode = Key(key.series, key.episode, language=language)
    found = {f"{language}/package/{name}": entry for name, entry in desk.outputs("episode_package", episode).items()
             if name != NOT_DELIVERED}
    found[f"{language}/mix.wav"] = desk.input("audio_mix", episode, "mix.wav")
    for shot in shots:
        at = Key(key.series, key.episode, shot, language=language)
        found[f"{language}/speech/{shot}.json"] = desk.input("shot_spec", at.in_shot(), f"speech.{language}.json")
        found[f"{language}/timings/{shot}.json"] = desk.input("dialogue_track", at, "timings.json")
        found[f"{language}/dialogue/{shot}.wav"] = desk.input("dialogue_track", at, "dialogue.wav")
        picture = desk.outputs("abr_rendition", at, prefix=f"{LADDER[-1].name}/")
        found |= {f"{language}/picture/{shot}/{name}": entry for name, entry in picture.items()}
    return found


def _models_used(desk: Desk, key: Key, shots: Sequence[str]) -> tuple[Mapping[str, Any], ...]:
    """Every model and font of the actions that made the episode's pictures and speech, once."""
    used: dict[str, Mapping[str, Any]] = {}
    languages = folder_of(desk, key.series).series.languages
    for shot in shots:
        here = Key(key.series, key.episode, shot)
        actions = [desk.action("keyframe", here)]
        for language in languages:
            at = Key(key.series, key.episode, shot, language=language)
            actions += [desk.action("dialogue_track", at), desk.action("abr_rendition", at)]
        used |= {str(model["name"]): model for action in actions for model in action.models}
    return tuple(used[name] for name in sorted(used))


def _review(work: Work) -> None:
    manifest = work.load("manifest.json", ShotManifest)
    timeline = work.load("timeline.json", Timeline)
    languages = sorted({name.split("/")[0] for name in work.names("") if "/package/" in name})
    judgements = _judge_finals(work)
    faces = least_alike({shot: one.measurements for shot, one in judgements.items()})
    measured = {language: (*_measure(work, language, timeline), *faces) for language in languages}
    packages = {
        language: digest("package", {name: work.action.inputs[name].blob.digest
                                     for name in work.names(f"{language}/package/")})
        for language in languages
    }
    texts = {language: _texts(work, language, manifest) for language in languages if language != manifest.language}
    models = [{**model, "role": _role(str(model["name"]))} for model in work.action.models]
    seen = {shot.id: _seen(work, shot.id, languages) for shot in manifest.shots}
    report = review_report(manifest, measurements=measured, packages=packages, models=models, texts=texts, seen=seen,
                           judgements=judgements, names=_names(work, manifest))
    work.add(REVIEW, encode(report))
    for language in languages:
        film = screener(work.scratch / language, work.scratch)
        if film is not None:
            work.add(f"{language}/screener.mp4", film)
    work.note(passed=report["passed"])


def _judge_finals(work: Work) -> dict[str, Judgement]:
    """Every final shot, measured by an action of its own, beside the limits."""
    params, found = work.action.params, dict[str, Judgement]()
    for shot, with_what in params.get("measured", {}).items():
        prefix, at = f"quality/{shot}/", replace(work.key, shot=shot, language=params["language"])
        inputs = {name.removeprefix(prefix): work.action.inputs[name] for name in work.names(prefix)}
        result = perform_inside(work, quality_action(work.desk, at, inputs, with_what), measure_shot, at)
        found[shot] = judged(json.loads(work.desk.read(result.outputs[QUALITY])), params["limits"])
    return found


def _seen(work: Work, shot: str, languages: Sequence[str]) -> Seen:
    """Hands in the shot's small still, and says what it looks and sounds like."""
    inputs = work.action.inputs
    still = work.add(f"stills/{shot}.jpg", thumbnail(work.read(f"stills/{shot}.png"), STILL_WIDTH))
    return Seen(
        still=still.digest, keyframe=inputs[f"stills/{shot}.png"].blob.digest,
        pictures={language: digest("picture", {name.rsplit("/", 1)[1]: inputs[name].blob.digest
                                               for name in work.names(f"{language}/picture/{shot}/")})
                  for language in languages},
        dialogue={language: inputs[f"{language}/dialogue/{shot}.wav"].blob.digest for language in languages})


def _measure(work: Work, language: str, timeline: Timeline) -> tuple[Measurement, ...]:
    """Lays the package out and measures it."""
    folder, prefix = work.scratch / language, f"{language}/package/"
    for name in work.names(prefix):
        place = folder / name.removeprefix(prefix)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(work.path(name))
    speech = {
        shot.id: (work.load(f"{language}/speech/{shot.id}.json", SpeechFacet),
                  work.load(f"{language}/timings/{shot.id}.json", DialogueTimings))
        for shot in timeline.shots
    }
    dialogue = {shot.id: wav_to_array(work.read(f"{language}/dialogue/{shot.id}.wav")) for shot in timeline.shots}
    return measure(folder, timeline=timeline, speech=speech, mix=wav_to_array(work.read(f"{language}/mix.wav")),
                   dialogue=dialogue, scratch=work.scratch)


def _texts(work: Work, language: str, manifest: ShotManifest) -> dict[str, str]:
    return {
        f"{shot.id}.{line.id}": line.text
        for shot in manifest.shots for line in work.load(f"{language}/speech/{shot.id}.json", SpeechFacet).lines
    }


def _names(work: Work, manifest: ShotManifest) -> dict[str, str]:
    """Who speaks, as their cards name them."""
    spoken = [work.load(name, SpeechFacet) for shot in manifest.shots for name in work.names("")
              if name.endswith(f"/speech/{shot.id}.json")]
    return {line.character: line.name for facet in spoken for line in facet.lines}


def _role(name: str) -> str:
    roles = {"kokoro.onnx": "speech synthesis", "voices/": "voice", "fonts/": "typeface", "english/": "pronunciation"}
    return next((role for prefix, role in roles.items() if name.startswith(prefix)), "named in models.yaml")


def _verdicts(desk: Desk, key: Key, result: Result) -> list[CheckVerdict]:
    report = json.loads(desk.read(result.outputs[REVIEW]))
    return [
        CheckVerdict(measured["name"], measured["passed"], f"{measured['value']} {measured['unit']}".strip(),
                     measured["limit"], f"{language['language']} {measured['where']}".strip())
        for language in report["languages"] for measured in language["measurements"]
    ]


def _deliver(desk: Desk, key: Key, result: Result) -> None:
    """Draws the review page beside the episode."""
    from microdrama_assets.release.page.writing import refresh  # cryptography and templates, which no plan waits for

    refresh(desk, key)


def _show(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    report = json.loads(desk.read(result.outputs[REVIEW]))
    return {"passed": report["passed"], "review page": MetadataPath(str(page_place(desk.home, key)))}


# -- published_episode ------------------------------------------------------------------------------------------------


def _publish_recipe(desk: Desk, key: Key) -> Action:
    from microdrama_assets.release.publishing import recipe  # brings cryptography along, which no plan waits for

    return recipe(desk, key)


def _publish(work: Work) -> None:
    from microdrama_assets.release.publishing import record

    record(work)


def _lay_out(desk: Desk, key: Key, result: Result) -> None:
    from microdrama_assets.release.page.writing import keep_in_step
    from microdrama_assets.release.publishing import publish

    publish(desk, key, result)
    keep_in_step(desk, key)


def _show_published(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    return {"folder": MetadataPath(str(published.folder_for(desk.home, key))),
            "content credentials": str(published.credentials_of(desk.home, key)).replace("unsigned", "UNSIGNED"),
            "review page": MetadataPath(str(page_place(desk.home, key)))}


STEPS = (
    Step(
        name="episode_review", group="release", scope=Scope.EPISODE,
        code_version=CODE_VERSIONS["episode_review"], kinds=("json",),
        upstream=("episode_package", "audio_mix", "shot_manifest", "keyframe"),
        pool="encoder",
        doc="What viewers will get, decoded and measured against limits, in every language; with a review page.",
        recipe=_review_recipe, make=_review, show=_show, after=_deliver, checks=CHECKS, verdicts=_verdicts,
    ),
    Step(
        name="published_episode", group="release", scope=Scope.EPISODE_MARKET,
        code_version=CODE_VERSIONS["published_episode"], kinds=("hls",),
        upstream=("episode_package", "episode_review"),
        doc="An episode released to a market. Refuses, naming each condition that is not met.",
        recipe=_publish_recipe, make=_publish, show=_show_published, after=_lay_out,
    ),
)
