"""The screener: the smallest rung of an episode with its sound in one file, small enough to be sent by mail."""

from __future__ import annotations

from pathlib import Path

from microdrama_assets.release import packaged
from microdrama_assets.schemas.marking import SYNTHETIC
from resources import ffmpeg


def screener(package: Path, scratch: Path) -> bytes | None:
    """A progressive MP4 of the package in folder `package`: the delivered essence, not encoded again. None where its
    playlists lead to no picture or no sound, which its measurements say.

    `scratch` is an existing folder.
    """
    playlists = packaged.read_playlists(package)
    if not playlists.video or not playlists.audio:
        return None
    low = min(playlists.video, key=packaged.height)
    video, audio = (packaged.whole(package, one, scratch) for one in (low, playlists.audio[0]))
    target = scratch / "screener.mp4"
    ffmpeg.run(command(video, audio, target))
    return target.read_bytes()


def command(video: Path, audio: Path, output: Path) -> list[str]:
    """Arguments of ffmpeg: fragmented `video` and `audio` into one progressive MP4."""
    return [
        "-v", "error", "-i", str(video), "-i", str(audio),
        "-map", "0:v:0", "-map", "1:a:0", "-c", "copy",  # the bytes that were encoded per shot
        "-map_metadata", "-1", "-metadata", f"comment={SYNTHETIC}",
        "-flags", "+bitexact", "-fflags", "+bitexact",  # no dates, no version strings
        "-video_track_timescale", "30000",  # as encoded: no rounding of times
        "-movflags", "+faststart",  # the index first: browsers seek in it at once
        "-f", "mp4", str(output),
    ]
