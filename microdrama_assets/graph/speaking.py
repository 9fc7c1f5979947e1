"""Speaking through the action cache: a take is made once, whoever asks first.

The breakdown cuts shots to measured speech, and the dialogue track needs the same takes; both come here. A take's
action holds exactly what the voice model hears: text, voice, language, pace and emotion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.perform import perform
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.series import Emotion
from microdrama_assets.schemas.sound import TakeTimings
from microdrama_assets.speech.recording import SpokenTake, take_to_wav, wav_to_array
from microdrama_assets.speech.takes import speak

ASSET = "speech_take"
DICTIONARIES = {"en": ("english/us_gold.json", "english/us_silver.json", "english/cmudict.js")}


def voice_models(desk: Desk, language: str, *voices: str) -> tuple[Mapping[str, Any], ...]:
    """Identities of the speech model, of these voices and of the language's dictionaries."""
    styles = (f"voices/{voice}.bin" for voice in sorted(set(voices)))
    return desk.models("kokoro.onnx", *styles, *DICTIONARIES.get(language.split("-")[0], ()))


def take_action(desk: Desk, text: str, voice: str, language: str, pace: float, emotion: Emotion) -> Action:
    """The recipe of one take."""
    return Action(
        asset=ASSET, code_version=CODE_VERSIONS[ASSET],
        params={"text": text, "voice": voice, "language": language, "pace": round(pace, 4), "emotion": emotion},
        models=voice_models(desk, language, voice), tools=desk.toolbox.speech_tools(),
    )


def take(work: Work, text: str, voice: str, language: str, pace: float, emotion: Emotion) -> SpokenTake:
    """The take itself, spoken now only if it never was; told in the statement of the work it is for."""
    return taken(work.desk, spoken_take(work, text, voice, language, pace, emotion))


def spoken_take(work: Work, text: str, voice: str, language: str, pace: float, emotion: Emotion) -> Result:
    """As `take`, with what was made instead of its samples."""
    return perform_take(work, take_action(work.desk, text, voice, language, pace, emotion), _speak)


def take_ahead(
    desk: Desk, key: Key, text: str, voice: str, language: str, pace: float, emotion: Emotion,
) -> tuple[Result, bool]:
    """Speaks a line that `key`'s work will ask for, so that it is there already; and whether it was."""
    return perform(desk, key, take_action(desk, text, voice, language, pace, emotion), _speak)


def _speak(work: Work) -> None:
    params = work.action.params
    spoken = speak(params["text"], params["voice"], params["language"], params["pace"], params["emotion"],
                   work.toolbox.kokoro)
    work.add("take.wav", take_to_wav(spoken))
    work.add_record("timings.json", spoken.timings)


def perform_take(work: Work, action: Action, make: Callable[[Work], None]) -> Result:
    """A take as an action of its own within another's work, whose statement then tells of its samples."""
    result, _ = perform(work.desk, work.key, action, make)
    work.used[f"takes/{result.action[:16]}.wav"] = result.handed_on("take.wav")
    return result


def estimated_ms(text: str) -> float:
    """How long a line that nobody has spoken will last, roughly: 15 characters a second, the pace of subtitles."""
    return min(max(len(text) / 15 * 1000, 400.0), 8000.0)


def known_take(
    desk: Desk, text: str, voice: str, language: str, pace: float, emotion: Emotion,
) -> tuple[TakeTimings, float] | None:
    """A take's timings and the seconds that speaking it took, if it was ever spoken, else None. Speaks nothing."""
    result = desk.made(take_action(desk, text, voice, language, pace, emotion).digest)
    if result is None:
        return None
    return desk.load(result.outputs["timings.json"], TakeTimings), result.seconds


def taken(desk: Desk, result: Result) -> SpokenTake:
    """What was said, and when."""
    return SpokenTake(wav_to_array(desk.read(result.outputs["take.wav"])),
                      desk.load(result.outputs["timings.json"], TakeTimings))
