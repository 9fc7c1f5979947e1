"""One shot into all rungs: the same frames give the same bytes, and every shot fits beside every other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from microdrama_assets.delivery import cmaf
from microdrama_assets.delivery.errors import DeliveryError
from microdrama_assets.delivery.ladder import encode_shot, ladder_command
from microdrama_assets.schemas.delivery import LADDER
from resources import ffmpeg
from resources.errors import HomeUnwritable  # noqa: F401  used by the script of the full disk
from tests.delivery.synthetic import FPS, SHOTS, frames, rendition
from tests.resources.test_ffmpeg import running

LOW = LADDER[2:]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_command_says_what_the_recipe_says() -> None:
    """What makes bytes reproducible is on the command line, for each rung."""
    command = ladder_command(LADDER, 30, Path("out"), preset="slow")
    assert command.count("libx264") == command.count("slow") == 3
    assert [command[place + 1] for place, word in enumerate(command) if word == "-threads"] == ["1"] * 3
    assert [command[place + 1] for place, word in enumerate(command) if word == "-crf"] == ["23", "23", "24"]
    for option in ("keyint=30", "min-keyint=30", "scenecut=0", "open-gop=0", "stitchable=1", "info=0"):
        assert sum(option in word.split(":") for word in command) == 3
    assert command[command.index("-filter_complex") + 1] == (
        "[0:v]scale=1080:1920:flags=bicubic,setsar=1,split[rung0][below0];"
        "[below0]scale=720:1280:flags=bicubic,setsar=1,split[rung1][below1];"
        "[below1]scale=360:640:flags=bicubic,setsar=1[rung2]")


def test_one_run_of_ffmpeg_writes_every_rung() -> None:
    """The ladder costs one process; what the index says is what lies in the folder."""
    before = ffmpeg.calls
    encoded, folder = rendition("sh030", 0.9)
    assert ffmpeg.calls == before + 1
    assert [rung.rung for rung in encoded.rungs] == list(LADDER)
    named = {rung.init for rung in encoded.rungs} | {s.file for rung in encoded.rungs for s in rung.segments}
    assert set(files(folder)) == named
    assert all((folder / s.file).stat().st_size == s.size for rung in encoded.rungs for s in rung.segments)


@pytest.mark.parametrize(("shot", "ticks"), [
    ("sh010", [36_000]), ("sh020", [30_000, 20_000]), ("sh030", [24_000]),
], ids=["a tail of 0.2 s joins", "a tail of 0.67 s stands", "under a second"])
def test_segments_are_seconds_and_short_tails_join(shot: str, ticks: list[int]) -> None:
    """Segments are one second long, but for the last."""
    for rung in rendition(shot)[0].rungs:
        assert [segment.duration_ticks for segment in rung.segments] == ticks
        assert sum(ticks) == SHOTS[shot] * 1000


def test_all_shots_of_a_rung_share_one_header() -> None:
    """Initialization segments are byte-identical whatever the content and length; nothing else could be joined."""
    for number in range(len(LADDER)):
        inits = {(folder / encoded.rungs[number].init).read_bytes()
                 for encoded, folder in (rendition(shot) for shot in SHOTS)}
        assert len(inits) == 1


def test_frames_are_shown_from_zero_without_gaps() -> None:
    """Composition times in every rung start at 0 and step by one frame, without an edit list."""
    encoded, folder = rendition("sh020")
    for rung in encoded.rungs:
        times = [time for s in rung.segments for time in cmaf.composition_times((folder / s.file).read_bytes())]
        assert times == list(range(0, 50_000, 1000))
        assert b"elst" not in (folder / rung.init).read_bytes()


def test_every_segment_opens_with_a_key_frame_and_says_nothing_of_its_maker() -> None:
    """A segment starts with an IDR slice; SEI messages, which hold versions and settings, are gone."""
    encoded, folder = rendition("sh020")
    for rung in encoded.rungs:
        for segment in rung.segments:
            kinds = _nal_kinds((folder / segment.file).read_bytes())
            assert kinds[0] == 5
            assert 6 not in kinds


def test_two_encodes_give_the_same_bytes_also_side_by_side(tmp_path: Path) -> None:
    """Bytes depend on frames alone: not on the run, nor on what else the machine does."""
    script = ("import sys; from pathlib import Path; from tests.delivery.test_ladder import *\n"
              "encode_shot(frames('sh030', 9), 9, FPS, LADDER, Path(sys.argv[1]))")
    places = [tmp_path / name for name in ("a", "b")]
    running = [subprocess.Popen([sys.executable, "-c", script, str(place)]) for place in places]
    assert [process.wait() for process in running] == [0, 0]
    encode_shot(frames("sh030", 9), 9, FPS, LADDER, tmp_path / "alone")
    expected = files(tmp_path / "alone")
    assert len(expected) == 6
    assert all(files(place) == expected for place in places)


def test_progress_counts_up_to_one(tmp_path: Path) -> None:
    """Progress is the share of frames handed to the encoder."""
    told: list[float] = []
    encode_shot(frames("sh010", 4), 4, FPS, LOW, tmp_path / "shot", progress=told.append)
    assert told == [0.25, 0.5, 0.75, 1.0]


def _fails() -> Iterator[np.ndarray]:
    yield from frames("sh010", 2)
    raise RuntimeError("the compositor failed")


@pytest.mark.parametrize(("source", "count", "fps", "message"), [
    (lambda: frames("sh010", 3), 4, 30, "the shot has 3 frames, not 4"),
    (lambda: frames("sh010", 5), 4, 30, "the shot has more than its 4 frames"),
    (lambda: iter([np.zeros((640, 360, 3), np.uint8)]), 1, 30, r"frame 0 is uint8 \(640, 360, 3\), not uint8"),
    (lambda: iter([np.zeros((1920, 1080, 3), np.float32)]), 1, 30, r"frame 0 is float32"),
    (lambda: iter([np.zeros((1920, 1080), np.uint8)]), 1, 30, r"frame 0 is uint8 \(1920, 1080\)"),
    (lambda: iter([]), 0, 30, "a shot of 0 frames"),
    (lambda: iter([]), 4, 30, "the shot has 0 frames, not 4"),
    (lambda: frames("sh010", 4), 4, 29, "29 fps has no whole number of ticks"),
    (_fails, 4, 30, "the compositor failed"),
], ids=["too few", "too many", "too small", "floats", "grey", "none asked", "none given", "odd rate", "drawing fails"])
def test_wrong_frames_are_told_and_leave_nothing(source, count: int, fps: int, message: str, tmp_path: Path) -> None:
    """Each mistake has its own message, and no file stays behind."""
    with pytest.raises((DeliveryError, RuntimeError), match=message):
        encode_shot(source(), count, fps, LOW, tmp_path / "shot")
    assert files(tmp_path) == {}


def test_a_rendition_is_never_overwritten(tmp_path: Path) -> None:
    """Encoding where a rendition lies is refused and leaves that rendition whole."""
    encode_shot(frames("sh010", 2), 2, FPS, LOW, tmp_path)
    before = files(tmp_path)
    with pytest.raises(DeliveryError, match=r"there already is a rendition\. Encode into an empty folder"):
        encode_shot(frames("sh010", 3), 3, FPS, LOW, tmp_path)
    assert files(tmp_path) == before


def test_a_failing_ffmpeg_leaves_nothing(tmp_path: Path) -> None:
    """A preset that x264 does not know is ffmpeg's error, with its command, and no file stays behind."""
    with pytest.raises(ffmpeg.FfmpegError, match="-preset nosuch"):
        encode_shot(frames("sh010", 4), 4, FPS, LOW, tmp_path / "shot", preset="nosuch")
    assert files(tmp_path) == {}


def test_a_killed_ffmpeg_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    """An encoder that is killed half way is an error that names the signal, and no file stays behind."""
    def dying() -> Iterator[np.ndarray]:
        for number, frame in enumerate(frames("sh020")):
            if number == 20:
                os.kill(running()[0], signal.SIGKILL)
            yield frame
    with pytest.raises(ffmpeg.FfmpegError, match="ended by SIGKILL"):
        encode_shot(dying(), SHOTS["sh020"], FPS, LOW, tmp_path / "shot")
    assert files(tmp_path) == {}


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    """Space that runs out while encoding is told as that, and no file stays behind."""
    script = ("import resource, sys; from pathlib import Path; from tests.delivery.test_ladder import *\n"
              "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
              "try: encode_shot(frames('sh010', 9), 9, FPS, LOW, Path(sys.argv[1]))\n"
              "except HomeUnwritable as error: print(error)")
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path / "shot")], capture_output=True, text=True,
                           check=True)
    assert "no space left to write" in ended.stdout
    assert "Free some space" in ended.stdout
    assert files(tmp_path) == {}


def _nal_kinds(segment: bytes) -> list[int]:
    """NAL unit types of a segment's first fragment (4-byte lengths, ISO/IEC 14496-15)."""
    mdat = cmaf.find(segment, "mdat")
    place, kinds = mdat.content, []
    while place < mdat.end:
        kinds.append(segment[place + 4] & 31)
        place += 4 + int.from_bytes(segment[place:place + 4], "big")
    return kinds
