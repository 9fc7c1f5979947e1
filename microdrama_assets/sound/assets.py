"""The sound assets: speech in each language, the captions that follow it, and the episode's mix."""

from __future__ import annotations

from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import final_speech
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.speaking import take, voice_models
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.toolbox import FONT_NAMES
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.manifest import SpeechFacet, SpokenLine, Timeline
from microdrama_assets.schemas.series import Music
from microdrama_assets.schemas.sound import MIX_RATE_HZ, DialogueTimings
from microdrama_assets.sound.cues import cue_sheet
from microdrama_assets.sound.dialogue import place_lines
from microdrama_assets.sound.mix import mix_episode, mix_to_wav
from microdrama_assets.speech.fit import fit_take
from microdrama_assets.speech.recording import SpokenTake, wav_to_array
from microdrama_assets.studios.typesetting import check_glyphs


def _dialogue_recipe(desk: Desk, key: Key) -> Action:
    facet = desk.input("shot_spec", key.in_shot(), f"speech.{key.language}.json")
    spoken = desk.load(facet.blob, SpeechFacet)
    if own := final_speech(desk, key, spoken):
        from microdrama_assets.sound.final import dialogue_recipe

        return dialogue_recipe(desk, key, facet, own)
    voices = [line.voice for line in spoken.lines]
    if not voices:
        return Action(asset="dialogue_track", code_version=CODE_VERSIONS["dialogue_track"],
                      inputs={"speech.json": facet})
    return Action(
        asset="dialogue_track", code_version=CODE_VERSIONS["dialogue_track"], inputs={"speech.json": facet},
        params={"speech_take": CODE_VERSIONS["speech_take"]},
        models=voice_models(desk, str(key.language), *voices), tools=desk.toolbox.speech_tools(),
    )


def _speak(work: Work) -> None:
    if work.action.params.get("fidelity") == "final":
        from microdrama_assets.sound.final import speak_finally

        return speak_finally(work)
    facet = work.load("speech.json", SpeechFacet)
    takes = [_fitted(work, facet, line) for line in facet.lines]
    wav, timings = place_lines(facet, takes)
    work.add("dialogue.wav", wav)
    work.add_record("timings.json", timings)
    work.note(lines=len(facet.lines), speech_seconds=round(sum(t.timings.duration_ms for t in takes) / 1000, 3))


def _fitted(work: Work, facet: SpeechFacet, line: SpokenLine) -> SpokenTake:
    def at_pace(pace: float) -> SpokenTake:
        return take(work, line.text, line.voice, facet.language, pace, line.emotion)

    return fit_take(at_pace, line, facet.fps, str(work.key))


def _captions_recipe(desk: Desk, key: Key) -> Action:
    return Action(
        asset="captions", code_version=CODE_VERSIONS["captions"], models=desk.models(*FONT_NAMES),
        inputs={"speech.json": desk.input("shot_spec", key.in_shot(), f"speech.{key.language}.json"),
                "timings.json": desk.input("dialogue_track", key, "timings.json")},
    )


def _caption(work: Work) -> None:
    sheet = cue_sheet(work.load("speech.json", SpeechFacet), work.load("timings.json", DialogueTimings))
    for cue in sheet.cues:
        check_glyphs(cue.text, str(work.key), work.toolbox.fonts)
    work.add_record("cues.json", sheet)


def _mix_recipe(desk: Desk, key: Key) -> Action:
    timeline = desk.input("shot_manifest", key.in_episode(), "timeline.json")
    shots = desk.load(timeline.blob, Timeline).shots
    dialogues = {
        f"dialogue/{shot.id}.wav":
            desk.input("dialogue_track", Key(key.series, key.episode, shot.id, language=key.language), "dialogue.wav")
        for shot in shots
    }
    return Action(
        asset="audio_mix", code_version=CODE_VERSIONS["audio_mix"], tools=desk.toolbox.sound_tools(),
        inputs={"timeline.json": timeline, "music.json": desk.input("series_bible", Key(key.series), "music.json"),
                **dialogues},
    )


def _mix(work: Work) -> None:
    timeline = work.load("timeline.json", Timeline)
    per_frame = MIX_RATE_HZ // timeline.fps
    mix = mix_episode(
        dialogues=[(shot.start_frame * per_frame, wav_to_array(work.read(f"dialogue/{shot.id}.wav")))
                   for shot in timeline.shots],
        sfx=[(cue.at_frame * per_frame, cue.name) for cue in timeline.sfx],
        music=work.load("music.json", Music), total_samples=timeline.duration_frames * per_frame, seed=timeline.seed,
    )
    work.add("mix.wav", mix_to_wav(mix))
    silent = {} if mix.pcm.any() else {"silent": True}  # nothing to measure
    work.note(**silent or {"loudness_lufs": round(mix.lufs, 2), "true_peak_dbtp": round(mix.true_peak_dbtp, 2),
                           "gain_step_db": mix.gain_step_db})


STEPS = (
    Step(
        name="dialogue_track", group="sound", scope=Scope.SHOT_LANGUAGE,
        code_version=CODE_VERSIONS["dialogue_track"], kinds=("audio",),
        upstream=("shot_spec",),
        pool="speech",
        doc="A shot's speech in one language, fitted to the cut, with phoneme and word timings.",
        recipe=_dialogue_recipe, make=_speak,
    ),
    Step(
        name="captions", group="sound", scope=Scope.SHOT_LANGUAGE,
        code_version=CODE_VERSIONS["captions"], kinds=("text",),
        upstream=("shot_spec", "dialogue_track"),
        doc="Caption cues in shot time, at most two rows, timed word by word.",
        recipe=_captions_recipe, make=_caption,
    ),
    Step(
        name="audio_mix", group="sound", scope=Scope.EPISODE_LANGUAGE,
        code_version=CODE_VERSIONS["audio_mix"], kinds=("audio",),
        upstream=("shot_manifest", "dialogue_track", "series_bible"),
        doc="The episode's sound: dialogue, effects and ducked music at the loudness target.",
        recipe=_mix_recipe, make=_mix, aside=True,
    ),
)
