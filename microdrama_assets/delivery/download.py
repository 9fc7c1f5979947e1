"""The MP4 to download, the delivered essence in one file, copied and not encoded again; and the poster."""

from __future__ import annotations

from pathlib import Path

from microdrama_assets.schemas.marking import SYNTHETIC
from resources import ffmpeg

ISO_639_2 = {"ar": "ara", "de": "deu", "en": "eng", "es": "spa", "fr": "fra", "hi": "hin", "id": "ind", "it": "ita",
             "ja": "jpn", "ko": "kor", "pl": "pol", "pt": "por", "ru": "rus", "th": "tha", "tr": "tur", "vi": "vie",
             "zh": "zho"}
"""MP4 names languages with three letters (ISO/IEC 14496-12, 8.4.2); others stay undetermined."""


def remux_command(video: Path, audio: Path, output: Path, *, title: str, language: str) -> list[str]:
    """Arguments of ffmpeg: fragmented `video` and `audio` into one progressive MP4."""
    tag = ISO_639_2.get(language.split("-")[0].lower(), "und")
    return [
        "-v", "error", "-i", str(video), "-i", str(audio),
        "-map", "0:v:0", "-map", "1:a:0", "-c", "copy",  # the bytes that were encoded per shot
        "-map_metadata", "-1", "-metadata", f"title={title}", "-metadata", f"comment={SYNTHETIC}",
        "-metadata:s:a:0", f"language={tag}",
        "-flags", "+bitexact", "-fflags", "+bitexact",  # no dates, no version strings
        "-video_track_timescale", "30000",  # as encoded: no rounding of times
        "-movflags", "+faststart",  # the index first: plays while it downloads
        "-f", "mp4", str(output),
    ]


def remux(video: bytes, audio: bytes, scratch: Path, *, title: str, language: str) -> bytes:
    """One progressive MP4 of a fragmented video and a fragmented audio track. `scratch` is an existing folder."""
    paths = scratch / "video.mp4", scratch / "audio.mp4", scratch / "episode.mp4"
    paths[0].write_bytes(video)
    paths[1].write_bytes(audio)
    ffmpeg.run(remux_command(*paths, title=title, language=language))
    return paths[2].read_bytes()


def poster(video: bytes, at_s: float, scratch: Path) -> bytes:
    """The picture shown at `at_s`, as JPEG."""
    file = scratch / "poster.mp4"
    file.write_bytes(video)
    return ffmpeg.run([
        "-v", "error", "-ss", f"{at_s:.3f}", "-i", str(file), "-frames:v", "1",
        "-threads", "1", "-flags", "+bitexact", "-fflags", "+bitexact",  # the same bytes everywhere
        "-q:v", "4", "-f", "mjpeg", "pipe:1",  # quality 2 (best) .. 31
    ])
