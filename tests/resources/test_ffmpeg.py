"""One door to ffmpeg: what it runs is counted, what fails is explained, and nothing keeps running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from resources import ffmpeg
from resources.errors import HomeUnwritable

GREY = ["-v", "error", "-f", "rawvideo", "-pix_fmt", "gray", "-s", "16x16", "-i", "pipe:0", "-f", "rawvideo", "pipe:1"]
NOISE = ["-v", "error", "-f", "lavfi", "-i", "testsrc2=d=600", "-f", "rawvideo"]


def test_what_goes_in_comes_out_and_is_counted() -> None:
    """A run feeds every chunk, tells progress by chunk, returns standard output, and counts as one call."""
    before, told = ffmpeg.calls, []
    chunks = [bytes([value]) * 256 for value in range(5)]
    assert ffmpeg.run(GREY, feed=chunks, progress=told.append) == b"".join(chunks)
    assert told == [1, 2, 3, 4, 5]
    assert ffmpeg.calls == before + 1


def test_identity_names_the_build_and_is_no_work() -> None:
    """The build is named by version and digest of the binary, without counting as a call."""
    before = ffmpeg.calls
    identity = ffmpeg.identity()
    assert set(identity) == {"version", "sha256"}
    assert len(identity["sha256"]) == 64
    assert ffmpeg.calls == before


@pytest.mark.parametrize(("binary", "message"), [
    ("/nowhere/ffmpeg", "MICRODRAMA_FFMPEG names /nowhere/ffmpeg, which is not an executable file"),
    ("/usr", "MICRODRAMA_FFMPEG names /usr, which is not an executable file"),
])
def test_a_missing_binary_is_named_with_its_remedy(binary: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong override never falls back to another ffmpeg."""
    monkeypatch.setenv("MICRODRAMA_FFMPEG", binary)
    with pytest.raises(ffmpeg.FfmpegError, match="Unset MICRODRAMA_FFMPEG") as raised:
        ffmpeg.run(GREY, feed=[])
    assert raised.value.what == message


def test_a_failure_carries_the_command_and_what_ffmpeg_said() -> None:
    """A person can paste the failing command into a shell and sees ffmpeg's own words."""
    with pytest.raises(ffmpeg.FfmpegError) as raised:
        ffmpeg.run(["-v", "error", "-i", "/no such/file.mp4", "-f", "null", "-"])
    assert "'/no such/file.mp4'" in raised.value.command
    assert "No such file or directory" in raised.value.stderr
    again = subprocess.run(raised.value.command, shell=True, capture_output=True, text=True, check=False)
    assert again.returncode != 0
    assert "No such file or directory" in again.stderr


def test_an_exception_in_the_feed_kills_ffmpeg(tmp_path: Path) -> None:
    """Whatever the caller raises reaches the caller, and no child is left."""
    def feed() -> Iterator[bytes]:
        yield bytes(256)
        raise KeyError("drawing failed")
    with pytest.raises(KeyError, match="drawing failed"):
        ffmpeg.run(GREY, feed=feed())
    assert running() == []


def test_leaving_a_stream_early_kills_ffmpeg() -> None:
    """Ten minutes of frames are not decoded for one."""
    source = ffmpeg.stream([*NOISE, "pipe:1"], 320 * 240)
    assert len(next(source)) == 320 * 240
    source.close()
    assert running() == []


def test_a_killed_ffmpeg_is_told_as_such() -> None:
    """A run ended from outside names the signal."""
    def feed() -> Iterator[bytes]:
        for number in range(10_000):
            if number == 3:
                os.kill(running()[0], signal.SIGKILL)
            yield bytes(256 * 100)
    with pytest.raises(ffmpeg.FfmpegError, match="ended by SIGKILL"):
        ffmpeg.run(GREY, feed=feed())


def test_a_full_disk_is_told_as_such() -> None:
    """No space left is the home's trouble, not a riddle about muxers."""
    with pytest.raises(HomeUnwritable, match=r"no space left to write.*Free some space"):
        ffmpeg.run([*NOISE, "/dev/full"])


def test_a_file_size_limit_is_told_as_such(tmp_path: Path) -> None:
    """Quotas that end the process by signal read like a full disk."""
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "from resources import ffmpeg\n"
        f"ffmpeg.run({[*NOISE, str(tmp_path / 'out.raw')]!r})"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "HomeUnwritable: ffmpeg had no space left to write" in ended.stderr


def test_a_talkative_ffmpeg_does_not_block() -> None:
    """More messages than a pipe holds are drained while frames are fed; the last ones are kept."""
    loud = ["-v", "debug", *GREY[2:]]
    assert len(ffmpeg.run(loud, feed=[bytes(256)] * 2000)) == 256 * 2000


def running() -> list[int]:
    """Process ids of this process's ffmpeg children."""
    text = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="ascii")
    return [int(pid) for pid in text.split() if "ffmpeg" in Path(f"/proc/{pid}/comm").read_text(encoding="ascii")]
