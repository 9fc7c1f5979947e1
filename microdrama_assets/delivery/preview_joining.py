"""An episode's preview: its shots' previews in a row, copied and not encoded again, under the mix; and what every
preview says of itself in its metadata.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from microdrama_assets.schemas.marking import SYNTHETIC
from resources import ffmpeg

WORD = "PREVIEW"
NOTE = f"{WORD}: not for publication. {SYNTHETIC}"
"""The comment in the metadata of every preview."""


def join_command(shots: Path, mix: Path, output: Path, title: str) -> list[str]:
    """Arguments of ffmpeg: the listed shots one after the other, as they are, under the episode's mix."""
    return [
        "-v", "error", "-f", "concat", "-safe", "0", "-i", str(shots), "-i", str(mix),  # safe=0: paths are our own
        "-map", "0:v:0", "-map", "1:a:0", "-c:v", "copy",
        "-bsf:v", "setts=ts=TS-STARTPTS",  # the sound of the first shot begins 21 ms early; its picture is our zero
        "-c:a", "aac", "-b:a", "128k", *marked_as_preview(title), str(output),
    ]


def join_previews(shots: Sequence[tuple[Path, float]], mix: Path, scratch: Path, title: str) -> Path:
    """One MP4 of the previews of an episode's shots, each with its length in seconds, and its mix, in `scratch`."""
    listing, output = scratch / "shots.txt", scratch / "episode.mp4"
    # a shot's sound ends a little after its picture: the length in the cut says where the next one begins
    listing.write_text("".join(f"file '{_quoted(shot)}'\nduration {seconds:.6f}\n" for shot, seconds in shots),
                       encoding="utf-8")
    ffmpeg.run(join_command(listing, mix, output, title))
    return output


def marked_as_preview(title: str) -> list[str]:
    """ffmpeg's arguments for an MP4 that says what it is."""
    return ["-map_metadata", "-1", "-metadata", f"title={WORD} {title}", "-metadata", f"comment={NOTE}",
            "-flags", "+bitexact", "-fflags", "+bitexact",  # the same bytes every time
            "-movflags", "+faststart", "-f", "mp4"]


def _quoted(path: Path) -> str:
    """As ffmpeg's concat demuxer wants a path within single quotes."""
    return str(path).replace("'", r"'\''")
