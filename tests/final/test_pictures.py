"""What is no picture and no clip of the right shape is refused, and what memory does not hold is told with what to lower."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from microdrama_assets.schemas.film import Film
from microdrama_assets.schemas.final import ModelEntry, MotionModels, Running
from microdrama_assets.studios.final.errors import ClipRefused, ModelUnfit, OutOfMemory, PictureRefused
from microdrama_assets.studios.final.film import read_film, write_film
from microdrama_assets.studios.final.interpolation import retimed
from microdrama_assets.studios.final.parallax import DepthMove
from microdrama_assets.studios.final.pictures import checked, fitted
from microdrama_assets.studios.final.running import within_memory
from microdrama_assets.studios.final.upscaling import upscaled
from microdrama_assets.studios.final.video import Piece, judged, pieces
from tests.final.hub_models import COMMIT, sha256
from tests.final.tiny_models import Shelf


def noise(frames: int = 1, width: int = 32, height: int = 64) -> np.ndarray:
    return np.random.default_rng(1).random((frames, height, width, 3)).astype(np.float32)


@pytest.mark.parametrize(("label", "pixels", "says"), [
    ("one value that is no number", np.where(np.arange(32)[None, None, :, None] == 5, np.nan, noise()), "no numbers"),
    ("infinite", noise() + np.inf, "no numbers"),
    ("black", noise() * 0.004, "it is black"),
    ("grey all over", noise() * 0 + 0.5, "of one colour"),
])
def test_what_is_no_picture_is_refused(label: str, pixels: np.ndarray, says: str) -> None:
    """A model that overflows or fails gives no picture, and none is stored."""
    with pytest.raises(PictureRefused, match=says):
        checked(pixels[0], label)


def test_a_picture_covers_its_frame() -> None:
    """A native picture of nearly 9:16 is cropped, never squeezed."""
    picture = np.zeros((1344, 768, 3), np.uint8)
    picture[:, ::2] = 255
    assert fitted(picture, 1080, 1920).shape == (1920, 1080, 3)
    assert fitted(picture, 768, 1344) is not None and (fitted(picture, 768, 1344) == picture).all()


def test_an_upscaler_enlarges_or_is_refused(shelf: Shelf) -> None:
    """A model that is named makes the picture larger before it is fitted; one of another form is told with what it has."""
    picture = np.repeat(np.repeat(np.random.default_rng(2).integers(0, 255, (48, 27, 3)), 20, 0), 20, 1).astype(np.uint8)
    made = upscaled(picture, ModelEntry.model_validate(shelf.upscaler()), shelf.root)
    assert (made == np.repeat(np.repeat(picture, 2, 0), 2, 1)).all()
    one_plane = ModelEntry.model_validate(shelf.upscaler("luma", planes=1))
    with pytest.raises(ModelUnfit, match=r"the upscaler local/luma .* its inputs are lr \(\? x 1 x \? x \?\); a picture"):
        upscaled(picture, one_plane, shelf.root)


FILM = Film(fps=30, frames=5, width=32, height=64, method="layers")


def test_a_film_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Frames come back in number, order and size, and so close that nobody sees a difference."""
    frames = [np.full((64, 32, 3), 40 * number + 20, np.uint8) for number in range(5)]
    write_film(iter(frames), FILM, tmp_path / "frames.mp4")
    found = list(read_film(tmp_path / "frames.mp4", FILM))
    assert len(found) == 5
    assert max(int(np.abs(one.astype(int) - two).max()) for one, two in zip(frames, found, strict=True)) <= 2


@pytest.mark.parametrize(("label", "changes", "says"), [
    ("too short", {"frames": 6}, "it has 5 frames, and 6 was asked for"),
    ("too long", {"frames": 4}, "it has 5 frames, and 4 was asked for"),
    ("another size", {"width": 64}, "it has 32x64, and 64x64 was asked for"),
    ("another rate", {"fps": 24}, "it has 30 frames a second, and 24 was asked for"),
])
def test_a_clip_of_another_shape_is_refused(label: str, changes: dict[str, int], says: str, tmp_path: Path) -> None:
    """Length, size and rate are measured on the file, whatever its maker said."""
    path = tmp_path / "frames.mp4"
    write_film(_frames(5), FILM, path)
    with pytest.raises(ClipRefused, match=says):
        list(read_film(path, FILM.model_copy(update=changes)))


@pytest.mark.parametrize(("label", "frames", "says"), [
    ("a frame too few", lambda: _frames(4), "it has 4 frames, and 5 was asked for"),
    ("a frame too many", lambda: _frames(6), "more than 5 frames"),
    ("a frame of another size", lambda: iter([np.zeros((64, 30, 3), np.uint8)] * 5), "32x64 was asked for"),
    ("black throughout", lambda: iter([np.zeros((64, 32, 3), np.uint8)] * 5), "black from beginning to end"),
])
def test_frames_that_do_not_make_the_clip_are_refused(label: str, frames, says: str, tmp_path: Path) -> None:
    """A video model's output is judged before it is stored."""
    with pytest.raises(ClipRefused, match=says):
        write_film(frames(), FILM, tmp_path / "frames.mp4")


@pytest.mark.parametrize(("label", "made", "error", "says"), [
    ("fewer frames", noise(4), ClipRefused, "the model gave 4 frames, and 5 were asked for"),
    ("another size", noise(5, 16), ClipRefused, "the model gave frames of 16x64, and 32x64 were asked for"),
    ("no numbers", noise(5) * np.nan, PictureRefused, "frame 0: the picture is refused"),
])
def test_a_video_model_s_answer_is_judged(label: str, made: np.ndarray, error: type[Exception], says: str) -> None:
    """What a model gives is a clip of the length and size that it was asked for, or an error."""
    with pytest.raises(error, match=says):
        judged(made, 5, 32, 64)


def motion(**changes: int) -> MotionModels:
    entry = {"repo": "local/wan", "revision": COMMIT, "licence": "MIT", "files": {"a.json": sha256(b"")}}
    return MotionModels.model_validate({"model": entry, "fps": 16, "most_frames": 81, **changes})


@pytest.mark.parametrize(("frames", "models", "expected"), [
    (30, motion(), (Piece(0, 29, 17),)),
    (1, motion(), (Piece(0, 0, 5),)),
    (151, motion(), (Piece(0, 150, 81),)),
    (301, motion(), (Piece(0, 150, 81), Piece(150, 300, 81))),
    (61, motion(fps=4, most_frames=5), (Piece(0, 30, 5), Piece(30, 60, 5))),
])
def test_a_long_shot_is_made_in_pieces(frames: int, models: MotionModels, expected: tuple[Piece, ...]) -> None:
    """Pieces meet in one frame, cover the shot, and each is a length that the model knows."""
    assert pieces(frames, 30, models) == expected


def test_frames_between_are_between() -> None:
    """Retimed frames keep the first and the last, and a square that moves moves evenly."""
    frames = []
    for x in (20, 28, 36):
        frame = np.zeros((64, 96, 3), np.uint8)
        frame[20:44, x : x + 24] = 200
        frames.append(frame)
    found = list(retimed(frames, 9))
    centres = [float((one[..., 0].astype(float).sum(0) * np.arange(96)).sum() / one[..., 0].sum()) for one in found]
    assert (found[0] == frames[0]).all() and (found[-1] == frames[-1]).all()
    assert np.allclose(np.diff(centres), 2.0, atol=0.5)  # half a pixel is what the flow of a flat square leaves open


def test_near_moves_more_than_far() -> None:
    """A push enlarges what is near; a camera that holds changes nothing."""
    from microdrama_assets.studios.draft.clip import CameraSample

    picture = np.random.default_rng(2).integers(0, 255, (1920, 1080, 3)).astype(np.uint8)
    depth = np.zeros((1920, 1080), np.uint16)
    hold = CameraSample(x=0.0, y=0.0, zoom=1.0, roll_deg=0.0)
    move = DepthMove(picture, depth, (hold, CameraSample(x=0.0, y=0.0, zoom=1.2, roll_deg=0.0)), (540.0, 960.0))
    assert (move.frame(0) == picture).all()
    near = DepthMove(picture, depth + 65535, (hold, CameraSample(x=0.0, y=0.0, zoom=1.2, roll_deg=0.0)), (540.0, 960.0))
    assert np.allclose(move._sources(1, 0.25)[0, 0], [540 - 540 / 1.05, 960 - 960 / 1.05], atol=0.01)
    assert np.allclose(near._sources(1, 1.0)[0, 0], [540 - 540 / 1.2, 960 - 960 / 1.2], atol=0.01)


class Memory:
    """Holds pictures up to so many pixels."""

    def __init__(self, pixels: int) -> None:
        self.pixels, self.asked = pixels, list[tuple[int, int]]()

    def __call__(self, width: int, height: int) -> str:
        import torch

        self.asked.append((width, height))
        if width * height > self.pixels:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return "a picture"


def test_too_little_memory_is_told_with_what_to_lower() -> None:
    """Nothing is made smaller unless that is allowed; then once, and the size is told."""
    pytest.importorskip("torch", reason="the extra `final` is not installed")
    with pytest.raises(OutOfMemory, match="not enough memory for 768x1344.*running.offload: model; or running.tile: true"):
        within_memory(Memory(600_000), 768, 1344, 8, Running())
    allowed, memory = Running(shrink_on_memory_error=True), Memory(600_000)
    assert within_memory(memory, 768, 1344, 8, allowed) == ("a picture", (576, 1008))
    assert memory.asked == [(768, 1344), (576, 1008)]
    with pytest.raises(OutOfMemory, match="not enough memory for 576x1008"):
        within_memory(Memory(1000), 768, 1344, 8, allowed)


def _frames(count: int) -> Iterator[np.ndarray]:
    return iter(np.rint(noise(count) * 255).astype(np.uint8))
