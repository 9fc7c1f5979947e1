"""The one place that finds ffmpeg and starts it.

ffmpeg runs as a process of its own (the binary is GPL, this product is not). Its build is part of every recipe that
encodes, because the same parameters give other bytes from another build: `identity()` names it by digest.
"""

from __future__ import annotations

import errno
import functools
import hashlib
import os
import re
import shlex
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from resources.errors import HomeUnwritable, ResourceError

OVERRIDE = "MICRODRAMA_FFMPEG"
"""Environment variable: path of another ffmpeg (7 or later, with libx264)."""

calls = 0
"""How often this process has started ffmpeg to do work. Tests count with it; asking for the version is not work."""

_QUIET = (
    "-hide_banner",  # no build banner in the messages we show
    "-nostdin",  # never reads the terminal: a key press must not stop a render
    "-y",  # outputs lie in scratch folders of ours; asking would hang
)
_PIPE_BYTES = 1 << 20
"""A raw frame is 3 MB: Linux's default pipe of 64 KiB costs 50 switches a frame."""
_STDERR_LINES = 40
_FULL = re.compile(r"No space left on device|File too large|Disk quota exceeded|Error code: -(28|27|122)\b")


class FfmpegError(ResourceError):
    """ffmpeg is missing, or ended with an error. `command` can be pasted into a shell."""

    def __init__(self, what: str, command: Sequence[str] = (), stderr: str = "", remedy: str | None = None) -> None:
        self.command = shlex.join(command)
        self.stderr = stderr
        lines = [what]
        if stderr:
            lines.append(f"ffmpeg said:\n{stderr}")
        if command:
            lines.append(f"the command was:\n  {self.command}\n")
        super().__init__("\n".join(lines), remedy=remedy)


def executable() -> str:
    """Path of the ffmpeg binary: `MICRODRAMA_FFMPEG`, else the one that the package imageio-ffmpeg brings.

    Raises FfmpegError where there is none.
    """
    override = os.environ.get(OVERRIDE)
    if override:
        if not os.access(override, os.X_OK) or Path(override).is_dir():
            raise FfmpegError(f"{OVERRIDE} names {override}, which is not an executable file",
                              remedy=f"Unset {OVERRIDE} to use the bundled ffmpeg, or correct the path")
        return override
    try:
        import imageio_ffmpeg

        return imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError) as error:
        raise FfmpegError(f"no ffmpeg was found ({error})",
                          remedy=f"Run `pip install imageio-ffmpeg`, or set {OVERRIDE} to an ffmpeg binary") from error


def identity() -> dict[str, str]:
    """`{"version": ..., "sha256": ...}` of the binary in use; read once per process and binary."""
    return dict(_identity(executable()))


def stamp() -> str:
    """Changes when another binary is in use; tells less than `identity`, in microseconds."""
    found = os.stat(executable())
    return f"{executable()} {found.st_size} {found.st_mtime_ns}"


@functools.cache
def _identity(binary: str) -> tuple[tuple[str, str], ...]:
    with open(binary, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        answer = subprocess.run([binary, "-version"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise FfmpegError(f"{binary} does not answer as ffmpeg ({error})", [binary, "-version"],
                          remedy=f"Set {OVERRIDE} to a working ffmpeg") from error
    found = re.match(r"ffmpeg version (\S+)", answer.stdout)
    return ("version", found.group(1) if found else "unknown"), ("sha256", digest)


def run(
    arguments: Sequence[str], *, feed: Iterable[bytes | memoryview] | None = None,
    progress: Callable[[int], None] | None = None,
) -> bytes:
    """Runs ffmpeg to its end and returns what it wrote to standard output.

    `feed` gives the chunks of its standard input; `progress` is told the number of chunks written so far. An exception
    raised by either kills ffmpeg and goes on to the caller. Raises FfmpegError where ffmpeg fails, HomeUnwritable
    where the disk is full.
    """
    with _started(arguments, feeding=feed is not None) as process:
        stdout = _Reader(process.stdout)
        if feed is not None:
            _write(process, feed, progress)
        process.wait()
        return stdout.all()


def run_for_messages(arguments: Sequence[str]) -> tuple[bytes, str]:
    """Like `run`, for filters that report by message: (standard output, standard error)."""
    with _started(arguments, feeding=False, keep_all=True) as process:
        stdout = _Reader(process.stdout)
        process.wait()
        return stdout.all(), process.messages.text()


def stream(arguments: Sequence[str], chunk_bytes: int) -> Iterator[bytes]:
    """Runs ffmpeg and yields its standard output in chunks of exactly `chunk_bytes`; closing the iterator kills it."""
    with _started(arguments, feeding=False) as process:
        assert process.stdout is not None
        while chunk := process.stdout.read(chunk_bytes):
            if len(chunk) < chunk_bytes:
                process.wait()
                raise FfmpegError(f"ffmpeg's output ended within a chunk of {chunk_bytes} bytes", process.command,
                                  process.messages.text())
            yield chunk


class _Process(subprocess.Popen[bytes]):
    command: list[str]
    messages: _Messages


@contextmanager
def _started(arguments: Sequence[str], *, feeding: bool, keep_all: bool = False) -> Iterator[_Process]:
    """Starts ffmpeg; on leaving waits for it and judges how it ended, or kills it where the block raised."""
    global calls
    calls += 1
    command = [executable(), *_QUIET, *arguments]
    try:
        process = _Process(command, stdin=subprocess.PIPE if feeding else subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, pipesize=_PIPE_BYTES,
                           process_group=0)  # Ctrl-C in a terminal is for us: we end our ffmpegs, and say why
    except OSError as error:
        raise FfmpegError(f"ffmpeg could not be started ({error.strerror})", command,
                          remedy=f"Set {OVERRIDE} to a working ffmpeg") from error
    process.command = command
    process.messages = _Messages(process.stderr, None if keep_all else _STDERR_LINES)
    try:
        yield process
        process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        process.messages.join()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                _close(pipe)
    if process.returncode:
        raise _failure(process)


def _write(process: _Process, feed: Iterable[bytes | memoryview], progress: Callable[[int], None] | None) -> None:
    assert process.stdin is not None
    for number, chunk in enumerate(feed, start=1):
        try:
            process.stdin.write(chunk)
        except BrokenPipeError:  # ffmpeg has ended: its exit code and messages say why
            process.wait()
            if process.returncode == 0:
                raise FfmpegError("ffmpeg ended before it had read its whole input", process.command,
                                  process.messages.text()) from None
            return
        if progress is not None:
            progress(number)
    _close(process.stdin)


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError as error:
        if error.errno != errno.EPIPE:
            raise


def _failure(process: _Process) -> ResourceError:
    stderr = process.messages.text()
    code = process.returncode
    if _FULL.search(stderr) or -code == signal.SIGXFSZ:
        return HomeUnwritable("ffmpeg had no space left to write", remedy=(
            "Free some space or choose another --home; finished work is kept"))
    if code < 0:
        name = signal.Signals(-code).name
        hint = "The machine may be out of memory: free some and try again" if -code == signal.SIGKILL else "Try again"
        return FfmpegError(f"ffmpeg was ended by {name}", process.command, stderr, hint)
    return FfmpegError(f"ffmpeg failed with exit code {code}", process.command, stderr)


class _Messages:
    """Drains standard error, so that a talkative ffmpeg never blocks; keeps the last lines."""

    def __init__(self, pipe: IO[bytes] | None, keep: int | None) -> None:
        assert pipe is not None
        self._lines: deque[str] = deque(maxlen=keep)
        self._thread = threading.Thread(target=self._drain, args=(pipe,), daemon=True)
        self._thread.start()

    def _drain(self, pipe: IO[bytes]) -> None:
        for line in pipe:
            self._lines.append(line.decode("utf-8", "replace").rstrip())

    def join(self) -> None:
        self._thread.join()

    def text(self) -> str:
        """The messages; to be asked once the process has ended."""
        self.join()
        return "\n".join(self._lines)


class _Reader:
    """Collects standard output in the background, so that feeding and reading cannot wait for each other."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        assert pipe is not None
        self._data = b""
        self._thread = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self._thread.start()

    def _read(self, pipe: IO[bytes]) -> None:
        self._data = pipe.read()

    def all(self) -> bytes:
        self._thread.join()
        return self._data
