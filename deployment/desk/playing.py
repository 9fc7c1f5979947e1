"""A shot to play on the desk's page: its smallest rung and its dialogue in one MP4, neither of them drawn anew.

The parts alone would play as they are, but mute, and players would not know how long they last.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from resources import ffmpeg


def shot_film(parts: Sequence[Path], dialogue: Path | None) -> bytes:
    """MP4 bytes of a shot. `parts`: an init segment and its media segments, or one whole film with its own sound; of a
    single part nothing is made. Raises FfmpegError."""
    if len(parts) == 1:
        return parts[0].read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "shot.mp4"
        ffmpeg.run(_command(dialogue, film), feed=(part.read_bytes() for part in parts))
        return film.read_bytes()


def _command(dialogue: Path | None, film: Path) -> list[str]:
    """Arguments of ffmpeg: CMAF segments on standard input, copied; the dialogue, if there is one, as AAC."""
    sound = [] if dialogue is None else ["-i", str(dialogue), "-map", "1:a:0", "-c:a", "aac", "-b:a", "96k"]
    return ["-v", "error", "-i", "pipe:0", *sound, "-map", "0:v:0", "-c:v", "copy",
            "-movflags", "+faststart",  # the length stands at the front, where players look first
            "-f", "mp4", str(film)]
