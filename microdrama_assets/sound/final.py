"""Speech in final fidelity: characters for whom `models.yaml` names a voice speak with it, within the draft's cut.

The cut stays as it was timed and approved; a final take is fitted into its slot like a translated line, and refused
where it does not fit.
"""

from __future__ import annotations

from collections.abc import Mapping

from audit.canonical import digest
from audit.kinds import VOICE
from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Input, Origin
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import identities, models_of
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.perform import perform
from microdrama_assets.graph.speaking import take, voice_models
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.final import VoiceModel
from microdrama_assets.schemas.manifest import SpeechFacet, SpokenLine
from microdrama_assets.schemas.sound import TakeTimings
from microdrama_assets.sound.dialogue import place_lines
from microdrama_assets.speech.fit import fit_take
from microdrama_assets.speech.recording import SpokenTake, take_to_wav, wav_to_array
from microdrama_assets.speech.takes import EMOTION_PACE
from microdrama_assets.studios.final import libraries
from microdrama_assets.studios.final.voices import say


def dialogue_recipe(desk: Desk, key: Key, spoken: Input, voices: Mapping[str, VoiceModel]) -> Action:
    facet = desk.load(spoken.blob, SpeechFacet)
    others = [line.voice for line in facet.lines if line.character not in voices]
    ordinary = voice_models(desk, str(key.language), *others) if others else ()
    return Action(
        asset="dialogue_track", code_version=CODE_VERSIONS["final_dialogue"], inputs={"speech.json": spoken},
        params={"fidelity": "final", "speech_take": CODE_VERSIONS["speech_take"],
                "final_take": CODE_VERSIONS["final_take"],
                "voices": {slug: voice.model_dump(mode="json", exclude={"model"}) for slug, voice in voices.items()}},
        models=(*ordinary, *identities([voice.model for voice in voices.values()], VOICE)),
        tools={**desk.toolbox.speech_tools(), **libraries.voice_tools()},
    )


def speak_finally(work: Work) -> None:
    facet = work.load("speech.json", SpeechFacet)
    named = models_of(work.desk, work.key.series)
    voices = {slug: named.voices[slug][facet.language] for slug in work.action.params["voices"]}

    def fitted(line: SpokenLine) -> SpokenTake:
        def at_pace(pace: float) -> SpokenTake:
            if line.character in voices:
                return _final_take(work, line, pace, voices[line.character])
            return take(work, line.text, line.voice, facet.language, pace, line.emotion)

        return fit_take(at_pace, line, facet.fps, str(work.key))

    takes = [fitted(line) for line in facet.lines]
    wav, timings = place_lines(facet, takes)
    work.add("dialogue.wav", wav)
    work.add_record("timings.json", timings)
    work.note(lines=len(facet.lines), speech_seconds=round(sum(t.timings.duration_ms for t in takes) / 1000, 3))


def _final_take(work: Work, line: SpokenLine, pace: float, voice: VoiceModel) -> SpokenTake:
    """Said now only if it never was."""
    named = models_of(work.desk, work.key.series)
    language = str(work.key.language)
    spoken = {"text": line.text, "language": language, "pace": round(pace * EMOTION_PACE[line.emotion], 4)}
    action = Action(
        asset="final_take", code_version=CODE_VERSIONS["final_take"],
        params={**spoken, "voice": voice.model_dump(mode="json", exclude={"model"})},
        models=identities([voice.model], VOICE), tools={**work.toolbox.speech_tools(), **libraries.voice_tools()})

    def make(inner: Work) -> None:
        made = say(line.text, language, float(inner.action.params["pace"]), int(digest("take", spoken)[:8], 16), voice,
                   named.running, inner.toolbox.models_folder)
        inner.add("take.wav", take_to_wav(made))
        inner.add_record("timings.json", made.timings)

    result, _ = perform(work.desk, work.key, action, make)
    origin = Origin("final_take", result.partition, "take.wav", result.statement)
    work.used[f"takes/{result.action[:16]}.wav"] = Input(result.outputs["take.wav"], origin)
    return SpokenTake(wav_to_array(work.desk.read(result.outputs["take.wav"])),
                      work.desk.load(result.outputs["timings.json"], TakeTimings))
