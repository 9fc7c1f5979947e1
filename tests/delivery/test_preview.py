"""Previews: small, marked in the picture and in the file, in step with the cut, and never part of anything else."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from microdrama_assets.delivery.picture import finished_frames
from microdrama_assets.delivery.preview import (
    HEIGHT,
    WIDTH,
    encode_preview,
    keeping,
    preview_frames,
)
from microdrama_assets.delivery.preview_joining import join_previews
from microdrama_assets.graph.key import Scope
from microdrama_assets.known_fresh import StepName
from microdrama_assets.request import ON_DEMAND, PREVIEWS, Request
from microdrama_assets.schemas.manifest import CameraMove, FrameFacet, MotionFacet
from microdrama_assets.schemas.series import Look
from microdrama_assets.schemas.sound import DialogueTimings, LipTrack, MouthKey
from microdrama_assets.speech.recording import array_to_wav
from microdrama_assets.steps import STEPS, checked, with_upstream
from microdrama_assets.studios.draft.clip import BodySample, CameraSample, Clip, LidKey, Performance, Show, Travel
from microdrama_assets.studios.draft.keyframe import draw_plates
from microdrama_assets.studios.draft.layout import Layer, Layout, Loop
from microdrama_assets.studios.draft.motion import animate
from microdrama_assets.studios.draft.twos import clip_on_twos, layout_on_twos, lips_on_twos
from microdrama_assets.studios.fonts import Fonts
from partitions.keys import Selection
from resources import ffmpeg
from tests.studios.conftest import fonts as fonts  # the face of boxes
from tests.studios.conftest import make_frame

SILENT = DialogueTimings(language="en", duration_ms=0.0, lines=())
LOOK = Look(grade="none")


def motion(frames: int) -> MotionFacet:
    return MotionFacet(duration_frames=frames, fps=30, camera=CameraMove(kind="push", amount=0.05), seed=1)


def shot(folder: Path, fonts: Fonts, frames: int, name: str) -> Path:
    sound, video = folder / f"{name}.wav", folder / f"{name}.mp4"
    sound.write_bytes(array_to_wav(np.zeros(1600 * frames, np.float32)))
    frame = make_frame("insert", prop="key")
    encode_preview(preview_frames(frame, motion(frames), SILENT, LOOK, None, fonts, name), 30, sound, video, name)
    return video


def seen(video: Path) -> tuple[int, str]:
    """Number of frames of WIDTH x HEIGHT, and what ffmpeg says of the file."""
    raw = ffmpeg.run(["-v", "error", "-i", str(video), "-map", "0:v:0", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"])
    _, said = ffmpeg.run_for_messages(["-i", str(video), "-c", "copy", "-f", "null", "-"])
    assert len(raw) % (WIDTH * HEIGHT) == 0
    return len(raw) // (WIDTH * HEIGHT), said


def test_previews_say_so_in_every_frame(fonts: Fonts) -> None:
    """Every second frame of the finished picture at 360x640, but for the mark, which no frame is without."""
    frame: FrameFacet = make_frame("insert", prop="key")
    plates = draw_plates(frame, fonts, WIDTH / 1080)
    layout = plates.pop("layout.json")
    whole = finished_frames(plates, layout, animate(layout, motion(4)), LipTrack(keys=()), LOOK, None, fonts, (WIDTH, HEIGHT))
    plain = [one.copy() for one in whole][::2]
    marked = [one.copy() for one in preview_frames(frame, motion(4), SILENT, LOOK, None, fonts, "e001.sh010")]
    for before, after in zip(plain, marked, strict=True):
        rows = np.flatnonzero((before != after).any(axis=(1, 2)))
        assert after.shape == (640, 360, 4) and rows.size >= 15 and rows.min() >= 38 and rows.max() < 73
        assert ((after[38:72] - before[38:72].astype(int)).max(axis=2) > 60).sum() > 400


def test_an_episode_is_its_shots_in_whole_frames_under_the_mix(tmp_path: Path, fonts: Fonts) -> None:
    """Shots are joined by copying and begin at the frame where the cut has them, whatever the sound of each adds at its
    end; within a shot every second frame is drawn."""
    lengths = (9, 13, 7)
    shots = [shot(tmp_path, fonts, frames, f"it's {frames}") for frames in lengths]
    mix = tmp_path / "mix.wav"
    mix.write_bytes(array_to_wav(np.zeros((1600 * sum(lengths), 2), np.float32)))
    joined = join_previews([(path, frames / 30) for path, frames in zip(shots, lengths, strict=True)], mix, tmp_path, "e001@en")
    for path, drawn, title in ((shots[0], 5, "it's 9"), (joined, 5 + 7 + 4, "e001@en")):
        count, said = seen(path)
        assert count == drawn and f"title           : PREVIEW {title}\n" in said
        assert "PREVIEW: not for publication. Synthetic media" in said and "360x640" in said
    times = ffmpeg.run(["-v", "error", "-i", str(joined), "-map", "0:v:0", "-c", "copy", "-f", "framecrc", "-"]).decode()
    stamps = [int(line.split(",")[2]) for line in times.splitlines() if re.match(r"0,", line)]
    begun = [*range(0, 9, 2), *range(9, 22, 2), *range(22, 29, 2)]
    assert stamps == [512 * frame for frame in begun], "picture late, or a gap between two shots"


def test_on_twos_nothing_is_lost_between_two_frames() -> None:
    """At half the rate a flash of one frame is seen, mouths and lids change with the next drawn frame, of two changes
    the later counts, and rain falls as fast as before."""
    still = CameraSample(x=0, y=0, zoom=1, roll_deg=0)
    body = tuple(BodySample(head_x=float(frame), head_y=0, head_deg=0, breath=0) for frame in range(5))
    clip = clip_on_twos(Clip(
        fps=30, frames=5, camera=(still,) * 5, shows=(Show(layer="flash", start=1, levels=(1.0, 0.2, 0.5)),),
        travels=(Travel(layer="hand", path=tuple((0.0, float(frame)) for frame in range(5))),),
        performances=(Performance(character="ana", body=body, lids=(
            LidKey(frame=1, state="half"), LidKey(frame=2, state="closed"), LidKey(frame=3, state="open"))),)))
    assert (clip.fps, clip.frames, len(clip.camera)) == (15, 3, 3)
    assert clip.shows[0] == Show(layer="flash", start=0, levels=(1.0, 0.5))
    assert clip.travels[0].path == ((0, 0), (0, 2), (0, 4))
    assert [one.head_x for one in clip.performances[0].body] == [0, 2, 4]
    assert [(key.frame, key.state) for key in clip.performances[0].lids] == [(1, "half"), (1, "closed"), (2, "open")]
    assert [key.frame for key in lips_on_twos(LipTrack(keys=tuple(
        MouthKey(frame=frame, character="ana", viseme="O") for frame in (0, 3, 4)))).keys] == [0, 2, 2]
    falling = Layer(name="rain", plate="p", depth=1, parallax=1, x=0, y=0, scale=1, loop=Loop(drift=(2, 30), hold=3))
    (layer,) = layout_on_twos(Layout(focus=(0, 0), layers=(falling,), faces=())).layers
    assert layer.loop == Loop(drift=(4, 60), hold=2)


def test_frames_to_show_are_kept_without_stopping_the_rest() -> None:
    """Chosen frames are copies; every frame still goes on."""
    frame = np.zeros((2, 2, 3), np.uint8)
    kept: list[np.ndarray] = []

    def counting():
        for number in range(4):
            frame[:] = number
            yield frame

    assert [int(one[0, 0, 0]) for one in keeping(counting(), {1, 3}, kept)] == [0, 1, 2, 3]
    assert [int(one[0, 0, 0]) for one in kept] == [1, 3]


# -- what previews are never part of ----------------------------------------------------------------------------------


def test_nothing_delivered_or_published_stands_on_a_preview() -> None:
    """No step from the screenplay to the published episode depends on anything made on demand."""
    groups = {STEPS[name].group for name in with_upstream(STEPS, "published_episode")}
    assert not groups & ON_DEMAND
    assert {name for name, step in STEPS.items() if step.group == PREVIEWS} == {"preview", "episode_preview"}


@pytest.mark.parametrize("reader", ["episode_package", "episode_review", "published_episode", "storyboard"])
def test_a_graph_in_which_something_reads_a_preview_is_refused(reader: str) -> None:
    """Whoever makes a delivery depend on a preview has no graph at all."""
    step = replace(STEPS[reader], upstream=(*STEPS[reader].upstream, "episode_preview"))
    with pytest.raises(ValueError, match=f"{reader} depends on episode_preview: previews are never part"):
        checked({**STEPS, reader: step})


def test_a_render_makes_what_is_asked_for() -> None:
    """A render leaves previews and boards alone; asking for them makes them and what they need, and no delivery."""
    steps = [StepName(step.name, step.scope, step.group) for step in STEPS.values()]
    whole = {step.name for step in steps if Request(Selection("tiny")).wants(step)}
    assert whole == {step.name for step in steps if step.group not in ON_DEMAND} - {"published_episode"}
    small = Request(Selection("tiny"), assets=with_upstream(STEPS, "episode_preview"))
    assert {step.name for step in steps if small.wants(step)} == {
        "series_bible", "character_bundle", "episode_script", "shot_manifest", "shot_spec", "dialogue_track", "captions",
        "audio_mix", "preview", "episode_preview"}
    assert not Request(Selection("tiny"), assets=frozenset({"published_episode"})).wants(
        StepName("published_episode", Scope.EPISODE_MARKET, "release"))
