"""Speech in final fidelity: characters for whom `models.yaml` names a voice speak with it, and what they say is turned
into the voice of a recording where it names a conversion; all within the draft's cut.

The cut stays as it was timed and approved; a final take is fitted into its slot like a translated line, and refused
where it does not fit. Recordings are sounded like by leave only.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from audit.canonical import digest
from audit.kinds import VOICE
from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Input, Result
from microdrama_assets.graph.consents import check_recording
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import FinalSpeech, identities, models_of, voice_settings
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.series import character_of
from microdrama_assets.graph.speaking import perform_take, spoken_take, taken, voice_models
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.manifest import SpeechFacet, SpokenLine
from microdrama_assets.series_folder.own_recording import own_recording, recorded
from microdrama_assets.sound.dialogue import place_lines
from microdrama_assets.speech.fit import fit_take
from microdrama_assets.speech.recording import SpokenTake, array_to_wav, take_to_wav, wav_to_array
from microdrama_assets.speech.takes import EMOTION_PACE
from microdrama_assets.studios.final import libraries
from microdrama_assets.studios.final.conversion import converted
from microdrama_assets.studios.final.voices import say

TAKE, RECORDING = "take.wav", "recording.wav"


def dialogue_recipe(desk: Desk, key: Key, spoken: Input, own: FinalSpeech) -> Action:
    """Raises ConsentMissing for a recording by nobody's leave, MicrodramaError where there is none to sound like."""
    facet = desk.load(spoken.blob, SpeechFacet)
    others = [line.voice for line in facet.lines if line.character not in own.voices]
    ordinary = voice_models(desk, str(key.language), *others) if others else ()
    named = [*own.voices.values(), *own.conversions.values()]
    recordings, leave = _recordings(desk, key, own)
    return Action(
        asset="dialogue_track", code_version=CODE_VERSIONS["final_dialogue"],
        inputs={"speech.json": spoken, **recordings},
        params={"fidelity": "final", "speech_take": CODE_VERSIONS["speech_take"],
                "final_take": CODE_VERSIONS["final_take"],
                "voices": {slug: voice_settings(voice) for slug, voice in own.voices.items()},
                **({"conversions": {slug: voice_settings(one) for slug, one in own.conversions.items()},
                    "final_conversion": CODE_VERSIONS["final_conversion"]} if own.conversions else {}),
                **({"consents": leave} if recordings else {})},
        models=(*ordinary, *identities([one.model for one in named], VOICE)),
        tools={**desk.toolbox.speech_tools(), **libraries.voice_tools()},
    )


def _recordings(desk: Desk, key: Key, own: FinalSpeech) -> tuple[Mapping[str, Input], Mapping[str, str | None]]:
    """Whom the speakers are to sound like, and the consent of each; null where nobody real speaks in a recording."""
    roles = {**{f"voices.{slug}": (slug, one) for slug, one in own.voices.items() if one.kind == "xtts"},
             **{f"conversions.{slug}": (slug, one) for slug, one in own.conversions.items()}}
    found: dict[str, Input] = {}
    leave: dict[str, str | None] = {}
    for role, (slug, one) in roles.items():
        card = character_of(desk, Key(key.series, character=slug))
        check_recording(desk, key.series, card, f"models.yaml, {role}", one.synthetic)
        data = desk.remember(("recording", key.series, slug), partial(own_recording, desk.folder(key.series), slug))
        found[f"recordings/{slug}.wav"] = desk.source(data, "audio/wav")
        leave[slug] = leave.get(slug) if one.synthetic else card.consent
    return found, leave


def speak_finally(work: Work) -> None:
    facet = work.load("speech.json", SpeechFacet)
    converts = work.action.params.get("conversions", {})

    def fitted(line: SpokenLine) -> SpokenTake:
        def at_pace(pace: float) -> SpokenTake:
            result = _said(work, line, pace, facet.language)
            said = taken(work.desk, result)
            if line.character not in converts:
                return said
            other = _converted(work, line.character, result)
            return SpokenTake(wav_to_array(work.desk.read(other.outputs[TAKE])), said.timings)

        return fit_take(at_pace, line, facet.fps, str(work.key))

    takes = [fitted(line) for line in facet.lines]
    wav, timings = place_lines(facet, takes)
    work.add("dialogue.wav", wav)
    work.add_record("timings.json", timings)
    work.note(lines=len(facet.lines), speech_seconds=round(sum(t.timings.duration_ms for t in takes) / 1000, 3))


def _said(work: Work, line: SpokenLine, pace: float, language: str) -> Result:
    """A line by the voice of its own or the card's, said now only if it never was."""
    if line.character not in work.action.params["voices"]:
        return spoken_take(work, line.text, line.voice, language, pace, line.emotion)
    voice = models_of(work.desk, work.key.series).voices[line.character][language]
    of_whom, leave = _of_whom(work, line.character) if voice.kind == "xtts" else ({}, {})
    action = Action(
        asset="final_take", code_version=CODE_VERSIONS["final_take"], inputs=of_whom,
        params={"text": line.text, "language": language, "pace": round(pace * EMOTION_PACE[line.emotion], 4),
                "voice": work.action.params["voices"][line.character], **leave},
        models=identities([voice.model], VOICE), tools={**work.toolbox.speech_tools(), **libraries.voice_tools()})
    return perform_take(work, action, lambda inner: _say(inner, line.character))


def _say(work: Work, speaker: str) -> None:
    named = models_of(work.desk, work.key.series)
    text, language, pace = (work.action.params[name] for name in ("text", "language", "pace"))
    seed = int(digest("take", {"text": text, "language": language, "pace": pace})[:8], 16)
    recording = recorded(work.read(RECORDING)) if RECORDING in work.action.inputs else None
    made = say(text, language, float(pace), seed, named.voices[speaker][language], named.running,
               work.toolbox.models_folder, recording)
    work.add(TAKE, take_to_wav(made))
    work.add_record("timings.json", made.timings)


def _converted(work: Work, speaker: str, said: Result) -> Result:
    """What was said in the voice of a recording, turned into it now only if it never was."""
    conversion = models_of(work.desk, work.key.series).conversions[speaker]
    of_whom, leave = _of_whom(work, speaker)
    action = Action(
        asset="final_conversion", code_version=CODE_VERSIONS["final_conversion"],
        inputs={TAKE: said.handed_on(TAKE), **of_whom},
        params={"conversion": work.action.params["conversions"][speaker], **leave},
        models=identities([conversion.model], VOICE), tools={**work.toolbox.speech_tools(), **libraries.voice_tools()})
    return perform_take(work, action, lambda inner: _convert(inner, speaker))


def _convert(work: Work, speaker: str) -> None:
    named, take = models_of(work.desk, work.key.series), work.action.inputs[TAKE]
    made = converted(wav_to_array(work.read(TAKE)), recorded(work.read(RECORDING)), int(take.blob.digest[:8], 16),
                     named.conversions[speaker], named.running, work.toolbox.models_folder)
    work.add(TAKE, array_to_wav(made))


def _of_whom(work: Work, speaker: str) -> tuple[dict[str, Input], dict[str, str | None]]:
    """The recording that a speaker is to sound like, and by which consent."""
    return ({RECORDING: work.action.inputs[f"recordings/{speaker}.wav"]},
            {"consent": work.action.params["consents"][speaker]})
