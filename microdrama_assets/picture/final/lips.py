"""The clip with mouths repainted from the dialogue, in final fidelity; unchanged where nobody in it is heard."""

from __future__ import annotations

from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import identities, models_of
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.work import Work
from microdrama_assets.picture.final.frames import FILM, hand_in
from microdrama_assets.schemas.film import Film
from microdrama_assets.schemas.manifest import SpeechFacet
from microdrama_assets.schemas.sound import DialogueTimings
from microdrama_assets.speech.recording import wav_to_array
from microdrama_assets.studios.final.errors import LipsRefused
from microdrama_assets.studios.final.film import FRAMES, read_film
from microdrama_assets.studios.final.lips import LipSync, speaking


def lips_recipe(desk: Desk, key: Key) -> Action:
    """Raises LipsRefused where somebody is seen speaking and no lip model is named."""
    shot = key.in_shot()
    inputs = desk.outputs("interpolated_clip", shot)
    spoken = desk.load(desk.input("shot_spec", shot, f"speech.{key.language}.json").blob, SpeechFacet)
    film = desk.load(inputs[FILM].blob, Film)
    seen = {one.character for one in film.faces}
    if not any(line.character in seen and not line.off_screen for line in spoken.lines):
        return Action(asset="lipsynced_clip", code_version=CODE_VERSIONS["final_lips"], inputs=inputs,
                      params={"fidelity": "final"})
    models = models_of(desk, key.series).lips
    if models is None:
        raise LipsRefused(f"somebody speaks on screen in {key}, and models.yaml names no lip model", "models.yaml",
                          "Name one under lips, or render the shot as a draft")
    for name in ("timings.json", "dialogue.wav"):
        inputs[name] = desk.input("dialogue_track", key, name)
    return Action(
        asset="lipsynced_clip", code_version=CODE_VERSIONS["final_lips"], inputs=inputs,
        params={"fidelity": "final", "lips": models.model_dump(mode="json", exclude={"model"})},
        models=identities([models.model]), tools={**desk.toolbox.picture_tools(), **desk.toolbox.speech_tools(),
                                                  **desk.toolbox.encoder_tools()})


def repaint_lips(work: Work) -> None:
    if "dialogue.wav" not in work.action.inputs:
        for name in work.action.inputs:
            work.pass_on(name, name)
        return
    models, film = models_of(work.desk, work.key.series).lips, work.load(FILM, Film)
    assert models is not None
    timings = work.load("timings.json", DialogueTimings)
    seen = {one.character for one in film.faces}
    timings = timings.model_copy(update={"lines": tuple(one for one in timings.lines if one.character in seen)})
    lips = LipSync(models, work.toolbox.models_folder)
    frames = lips.film(read_film(work.path(FRAMES), film), film, wav_to_array(work.read("dialogue.wav")), timings)
    hand_in(work, frames, film)
    work.note(repainted=sum(len(one) for one in speaking(timings, film.fps, film.frames).values()))
