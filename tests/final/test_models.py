"""Real models, tiny and random: what they are asked for is what they give, every time, and what does not fit is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from microdrama_assets.schemas.film import FaceBox, FaceTrack, Film
from microdrama_assets.schemas.final import KeyframeModels, Likeness, LipModels, MotionModels, Running, VoiceModel
from microdrama_assets.schemas.sound import DialogueTimings, SpokenTimings, TakeTimings
from microdrama_assets.studios.final.choosing import best
from microdrama_assets.studios.final.diffusion import PictureOrder, paint, paint_together
from microdrama_assets.studios.final.errors import LipsRefused, LoraMismatch, ModelUnfit
from microdrama_assets.studios.final.lips import LipSync
from microdrama_assets.studios.final.running import in_recipe
from microdrama_assets.studios.final.video import film_between, ready
from microdrama_assets.studios.final.voices import say
from tests.final.tiny_models import HEIGHT, WIDTH, Shelf

CPU = Running(device="cpu", precision="float32")
ROUNDED = 2
"""Levels of 255 by which a picture may differ that was painted beside others: other sums are rounded."""
ORDER = PictureOrder(
    "close-up, a woman in a room", seed=7, pose=np.full((1920, 1080, 3), 90, np.uint8),
    depth=np.full((1920, 1080), 30_000, np.uint16),
    reference=np.random.default_rng(0).integers(0, 255, (200, 200, 3)).astype(np.uint8))


@pytest.fixture(scope="module")
def keyframe(shelf: Shelf) -> KeyframeModels:
    return KeyframeModels.model_validate(shelf.keyframe(candidates=2))


def test_the_same_order_gives_the_same_pictures(keyframe: KeyframeModels, shelf: Shelf, folder: Path) -> None:
    """A picture depends on its seed, its words, its poses and its LoRA, and on nothing else."""
    first, again = (paint(ORDER, keyframe, CPU, folder) for _ in range(2))
    assert first.size == (WIDTH, HEIGHT) and [one.seed for one in first.candidates] == [7, 7926]
    assert [one.picture.tobytes() for one in first.candidates] == [one.picture.tobytes() for one in again.candidates]
    assert all(-1 <= value <= 1 for one in first.candidates for value in (one.alignment, one.identity) if value is not None)
    assert best(first.candidates) == best(again.candidates)
    learnt = {"ana": Likeness.model_validate(shelf.likeness())}
    for label, order in {"words": replace(ORDER, prompt="an alley at night"), "pose": replace(ORDER, pose=None),
                         "depth": replace(ORDER, depth=None), "face": replace(ORDER, reference=None),
                         "seed": replace(ORDER, seed=8), "LoRA": replace(ORDER, likenesses=learnt)}.items():
        other = paint(order, keyframe, CPU, folder)
        assert other.candidates[0].picture.tobytes() != first.candidates[0].picture.tobytes(), label


def test_pictures_of_several_orders_are_their_own(keyframe: KeyframeModels, folder: Path) -> None:
    """Painted in one call, each has its own words, maps and face: nearer to itself painted alone than to the other."""
    other = replace(ORDER, prompt="an alley at night", seed=8, pose=None, reference=None)
    four = CPU.model_copy(update={"batch": 4})
    together = paint_together([ORDER, other], keyframe, four, folder)
    alone = [paint(order, keyframe, CPU, folder) for order in (ORDER, other)]
    for number in (0, 1):
        mine, theirs = (np.array([one.picture for one in alone[at].candidates]).astype(int) for at in (number, 1 - number))
        made = np.array([one.picture for one in together[number].candidates]).astype(int)
        assert np.abs(made - mine).max() <= ROUNDED < np.abs(made - theirs).mean()


def test_quantised_weights_paint_another_picture(keyframe: KeyframeModels, folder: Path) -> None:
    """What saves memory changes bytes, so it is part of the recipe; decoding in tiles of a small picture changes none."""
    whole = paint(ORDER, keyframe, CPU, folder).candidates[0].picture
    settings = CPU.model_copy(update={"quantise": "float8", "tile": True})
    coarse, again = (paint(ORDER, keyframe, settings, folder).candidates[0].picture for _ in range(2))
    assert np.array_equal(coarse, again) and not np.array_equal(coarse, whole)
    assert in_recipe(settings) == {"precision": "float32", "quantise": "float8", "compile": False, "batch": 1}


def test_compiled_models_film_the_same(shelf: Shelf, folder: Path) -> None:
    """Blocks that are compiled compute what they did, but for rounding, and the recipe says that they were."""
    models, compiled = MotionModels.model_validate(shelf.motion()), CPU.model_copy(update={"compile": True})
    one, two = np.random.default_rng(3).integers(0, 255, (2, 192, 108, 3)).astype(np.uint8)
    plain, made = (np.array(film_between(one, two, 5, "camera push", 3, models, how, folder)[0]).astype(int) for how in (CPU, compiled))
    assert np.abs(plain - made).max() <= ROUNDED and in_recipe(compiled)["compile"] is True


def test_a_lora_for_another_architecture_is_refused(keyframe: KeyframeModels, shelf: Shelf, folder: Path) -> None:
    """Its shapes are compared with the model's; it is never half applied."""
    strange = {"ana": Likeness.model_validate(shelf.likeness(cross_attention=48, name="strange"))}
    with pytest.raises(LoraMismatch, match="the LoRA of ana .* is for another architecture"):
        paint(replace(ORDER, likenesses=strange), keyframe, CPU, folder)


def test_a_model_of_another_kind_is_refused(keyframe: KeyframeModels, folder: Path) -> None:
    """A ControlNet named as the base is told as such, with its name."""
    assert keyframe.pose is not None
    with pytest.raises(ModelUnfit, match="local/pose is not a model of this kind"):
        paint(ORDER, keyframe.model_copy(update={"base": keyframe.pose}), CPU, folder)


def test_motion_between_two_pictures(shelf: Shelf, folder: Path) -> None:
    """As many frames as asked for, of the size asked for, the same every time, and ends that make a difference; by a model
    that is loaded once."""
    models = MotionModels.model_validate(shelf.motion())
    one, two = np.random.default_rng(3).integers(0, 255, (2, 192, 108, 3)).astype(np.uint8)
    first, again, other = (film_between(one, last, 5, "camera push", 3, models, CPU, folder) for last in (two, two, one))
    assert len(first[0]) == 5 and first[1] == (WIDTH, HEIGHT) and first[0][0].shape == (HEIGHT, WIDTH, 3)
    assert np.array_equal(first[0], again[0]) and not np.array_equal(first[0], other[0])
    assert ready(models, CPU, folder) is ready(models, CPU.model_copy(update={"batch": 4}), folder)


def timings(character: str = "ana") -> DialogueTimings:
    """Said from 100 to 300 ms."""
    take = TakeTimings(duration_ms=200, phones=(), words=())
    line = SpokenTimings(line="l1", character=character, off_screen=False, start_ms=100, take=take)
    return DialogueTimings(language="en", duration_ms=500, lines=(line,))


def film(width_share: float = 0.5) -> Film:
    box = FaceBox(x=0.25, y=0.25, width=width_share, height=0.5)
    return Film(fps=30, frames=15, width=64, height=112, method="layers", faces=(FaceTrack(character="ana", boxes=(box,) * 15),))


def test_mouths_move_while_somebody_speaks_and_only_there(shelf: Shelf, folder: Path) -> None:
    """Frames before and after the line stay as they were, and so does everything but the lower half of the face."""
    lips = LipSync(LipModels.model_validate(shelf.lips()), folder)
    sound = np.random.default_rng(4).normal(0, 0.2, 24_000).astype(np.float32)
    before = np.full((112, 64, 3), 200, np.uint8)
    after = list(lips.film(iter([before.copy() for _ in range(15)]), film(), sound, timings()))
    assert [number for number, frame in enumerate(after) if (frame != before).any()] == list(range(3, 9))
    changed = np.argwhere((after[5] != before).any(axis=2))
    assert changed[:, 0].min() >= 28 + 25 and changed[:, 0].max() < 84 and 16 <= changed[:, 1].min() <= changed[:, 1].max() < 48


@pytest.mark.parametrize(("sound", "face"), [("source", "target"), ("mel_spectrogram", "video_frames")])
def test_a_lip_model_s_inputs_are_told_by_their_sizes(sound: str, face: str, shelf: Shelf, folder: Path) -> None:
    """Exports name them variously; one without a face's six planes is refused with what it has."""
    sync = LipSync(LipModels.model_validate(shelf.lips(f"lips_{sound}", sound=sound, face=face)), folder)
    noise = np.random.default_rng(4).normal(0, 0.2, 24_000).astype(np.float32)
    made = list(sync.film(iter([np.full((112, 64, 3), 200, np.uint8) for _ in range(15)]), film(), noise, timings()))
    assert (made[5] != 200).any()
    with pytest.raises(LipsRefused, match=r"its inputs are img0 \(1 x 3 x \? x \?\), .*; sound \(1 x 1 x 80 x 16\) and a face"):
        LipSync(LipModels.model_validate({**shelf.rife("no_lips"), "size": 32}), folder)


@pytest.mark.parametrize(("label", "change", "who", "width_share", "says"), [
    ("a face that is not there", {}, "bo", 0.5, "bo speaks on screen and has no face in the clip"),
    ("a face too small", {}, "ana", 0.05, "a face of 3x56 pixels is too small to speak"),
    ("a model of another size", {"size": 48}, "ana", 0.5, "it does not take a face of 48 pixels"),
])
def test_lips_never_fall_back(label: str, change: dict[str, int], who: str, width_share: float, says: str, shelf: Shelf,
                              folder: Path) -> None:
    """Where mouths cannot be made, there is an error and no clip."""
    lips = LipSync(LipModels.model_validate({**shelf.lips(), **change}), folder)
    frames = iter([np.full((112, 64, 3), 200, np.uint8)] * 15)
    with pytest.raises(LipsRefused, match=says):
        list(lips.film(frames, film(width_share), np.zeros(24_000, np.float32), timings(who)))


def test_lips_are_of_the_dialogue_s_length(shelf: Shelf, folder: Path) -> None:
    """Half a second of clip takes half a second of sound, to the frame."""
    lips, frame = LipSync(LipModels.model_validate(shelf.lips()), folder), np.full((112, 64, 3), 200, np.uint8)
    with pytest.raises(LipsRefused, match="the dialogue is 0.40 s long, and the clip 0.50 s"):
        list(lips.film(iter([frame] * 15), film(), np.zeros(19_200, np.float32), timings()))


def test_a_voice_says_a_line_with_its_words_in_time(shelf: Shelf, folder: Path) -> None:
    """The same line, pace and seed give the same samples; a slower pace a longer take; words follow each other."""
    voice = VoiceModel.model_validate(shelf.voice())
    take, again, slower = (say("Look at it closely.", "en", pace, 5, voice, CPU, folder) for pace in (1.0, 1.0, 0.5))
    assert np.array_equal(take.pcm, again.pcm) and slower.pcm.size > take.pcm.size
    assert [word.text for word in take.timings.words] == ["Look", "at", "it", "closely."]
    edges = [edge for word in take.timings.words for edge in (word.start_ms, word.end_ms)]
    assert edges == sorted(edges) and edges[-1] <= take.timings.duration_ms == take.pcm.size / 48
