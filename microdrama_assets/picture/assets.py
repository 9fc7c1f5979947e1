"""The picture assets: stills drawn as depth layers, their motion, and mouths that follow the speech.

A draft clip is a composition (plates and tracks), not baked pixels: it loses nothing between steps and is encoded
once, in `abr_rendition`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.fidelity import is_final, wants_batches
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.step import CheckVerdict, Step, Still
from microdrama_assets.graph.toolbox import FONT_NAMES
from microdrama_assets.graph.work import Work
from microdrama_assets.picture.strip import strip
from microdrama_assets.schemas.manifest import FrameFacet, MotionFacet, SpeechFacet
from microdrama_assets.schemas.sound import DialogueTimings, LipTrack, MouthKey
from microdrama_assets.speech.visemes import mouth_keys
from microdrama_assets.studios.draft.clip import Clip
from microdrama_assets.studios.draft.keyframe import draw_keyframe
from microdrama_assets.studios.draft.motion import animate
from microdrama_assets.studios.draft.vfx.cards import letter_card

FRAME = "frame.json"


def _is_draft(action: Action) -> bool:
    return action.params.get("fidelity") != "final"


def _keyframe_recipe(desk: Desk, key: Key) -> Action:
    if is_final(desk, key):
        from microdrama_assets.picture.final.keyframe import keyframe_recipe

        return keyframe_recipe(desk, key)
    return Action(
        asset="keyframe", code_version=CODE_VERSIONS["keyframe"], tools=desk.toolbox.picture_tools(),
        models=desk.models(*FONT_NAMES),
        inputs={"frame.json": desk.input("shot_spec", key, "frame.json")},
    )


def _draw(work: Work) -> None:
    if not _is_draft(work.action):
        from microdrama_assets.picture.final.keyframe import paint_keyframe

        return paint_keyframe(work)
    for name, data in draw_keyframe(work.load("frame.json", FrameFacet), work.toolbox.fonts).items():
        work.add(name, data)


def _paint_together(desk: Desk, keys: Sequence[Key], go_on: Callable[[float], None]) -> None:
    finals = [key for key in keys if wants_batches(desk, key)]
    if len(finals) > 1:
        from microdrama_assets.picture.final.batches import paint_batches

        paint_batches(desk, finals, go_on)


def _clip_recipe(desk: Desk, key: Key) -> Action:
    if "candidates.json" in desk.result("keyframe", key).outputs:
        from microdrama_assets.picture.final.clip import clip_recipe

        return clip_recipe(desk, key)
    plates = desk.outputs("keyframe", key, "plates/")
    return Action(
        asset="interpolated_clip", code_version=CODE_VERSIONS["interpolated_clip"], tools=desk.toolbox.picture_tools(),
        inputs={"layout.json": desk.input("keyframe", key, "layout.json"),
                "motion.json": desk.input("shot_spec", key, "motion.json"), **plates},
    )


def _animate(work: Work) -> None:
    if not _is_draft(work.action):
        from microdrama_assets.picture.final.clip import film_clip

        return film_clip(work)
    clip = animate(work.read("layout.json"), work.load("motion.json", MotionFacet))
    work.add_record("clip.json", clip)
    work.pass_on("layout.json", "layout.json")
    for plate in work.names("plates/"):
        work.pass_on(plate, plate)
    work.add("preview.jpg", _strip(work, clip, (), {}))


def _lips_recipe(desk: Desk, key: Key) -> Action:
    shot = key.in_shot()
    if "film.json" in desk.result("interpolated_clip", shot).outputs:
        from microdrama_assets.picture.final.lips import lips_recipe

        return lips_recipe(desk, key)
    inputs = dict(desk.outputs("interpolated_clip", shot))
    spoken = desk.load(desk.input("shot_spec", shot, f"speech.{key.language}.json").blob, SpeechFacet)
    if any(not line.off_screen for line in spoken.lines):
        inputs["timings.json"] = desk.input("dialogue_track", key, "timings.json")
        inputs.pop("preview.jpg", None)  # mouths will move in it
    if spoken.card is not None:
        inputs |= {name: desk.input("shot_spec", shot, name) for name in (FRAME, f"speech.{key.language}.json")}
        inputs.pop("preview.jpg", None)
    return Action(asset="lipsynced_clip", code_version=CODE_VERSIONS["lipsynced_clip"],
                  tools=desk.toolbox.picture_tools(), inputs=inputs,
                  models=desk.models(*FONT_NAMES) if spoken.card is not None else ())


def _sync_lips(work: Work) -> None:
    if not _is_draft(work.action):
        from microdrama_assets.picture.final.lips import repaint_lips

        return repaint_lips(work)
    clip = work.load("clip.json", Clip)
    mouths = ()
    if "timings.json" in work.action.inputs:
        mouths = mouth_keys(work.load("timings.json", DialogueTimings), clip.fps, clip.frames)
    lettered = _lettered_anew(work)
    if "preview.jpg" in work.action.inputs:  # nobody speaks in the picture: it looks as it did
        work.pass_on("preview.jpg", "preview.jpg")
    else:
        work.add("preview.jpg", _strip(work, clip, mouths, lettered))
    work.add_record("lips.json", LipTrack(keys=mouths))
    for name in ("clip.json", "layout.json", *work.names("plates/")):
        if name in lettered:
            work.add(name, lettered[name])
        else:
            work.pass_on(name, name)
    work.note(mouth_keys=len(mouths))


def _lettered_anew(work: Work) -> Mapping[str, bytes]:
    """The plate of the card as it reads in this language; none where it reads as in the original."""
    if FRAME not in work.action.inputs:
        return {}
    card = work.load(f"speech.{work.key.language}.json", SpeechFacet).card
    return letter_card(work.load(FRAME, FrameFacet).model_copy(update={"card": card}), work.toolbox.fonts)


def _strip(work: Work, clip: Clip, mouths: tuple[MouthKey, ...], lettered: Mapping[str, bytes]) -> bytes:
    plates = {name: lettered.get(name) or work.read(name) for name in work.names("plates/")}
    return strip(plates, work.read("layout.json"), clip, mouths)


def _judge_faces(desk: Desk, key: Key, result: Result) -> Sequence[CheckVerdict]:
    if "identity.json" not in result.outputs:
        return []
    from microdrama_assets.picture.final.faces import judge_faces

    return judge_faces(desk, key, result)


def _show_still(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    return {"still": Still(result.outputs["still.png"].digest, f"{key}")}


def _show_preview(desk: Desk, key: Key, result: Result) -> Mapping[str, Any]:
    return {"preview": Still(result.outputs["preview.jpg"].digest, f"{key}: first, middle and last frame")}


STEPS = (
    Step(
        name="keyframe", group="picture", scope=Scope.SHOT,
        code_version=CODE_VERSIONS["keyframe"], kinds=("image",),
        upstream=("shot_spec",),  # and, in its recipe, the bundles where it is final: drafts know of none
        pool="picture",
        doc="The still of a shot, drawn as depth layers with mouth and eye plates.",
        recipe=_keyframe_recipe, make=_draw, show=_show_still, checks=("identity",), verdicts=_judge_faces,
        together=_paint_together, flows=_is_draft,
        blocks=False,
    ),
    Step(
        name="interpolated_clip", group="picture", scope=Scope.SHOT,
        code_version=CODE_VERSIONS["interpolated_clip"], kinds=("video",),
        upstream=("keyframe", "shot_spec"),
        doc="A shot in motion: camera move, parallax, breathing and blinks. No mouth movement.",
        recipe=_clip_recipe, make=_animate, show=_show_preview, flows=_is_draft,
    ),
    Step(
        name="lipsynced_clip", group="picture", scope=Scope.SHOT_LANGUAGE,
        code_version=CODE_VERSIONS["lipsynced_clip"], kinds=("video",),
        upstream=("interpolated_clip", "dialogue_track", "shot_spec"),
        doc="A shot with mouths driven by the dialogue's timings, its card lettered in the language; a silent shot "
            "without a card is the same bytes in every language.",
        recipe=_lips_recipe, make=_sync_lips, show=_show_preview, flows=_is_draft,
    ),
)
