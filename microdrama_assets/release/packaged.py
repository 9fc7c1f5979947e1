"""Reading a delivered package as a player would: playlists strictly, then the media that they name, through a decoder.

Shares no code with what made the package, so that one mistake cannot hide in both.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import m3u8
from m3u8.parser import ParseError
from m3u8.version_matching_rules import VersionMatchingError

from microdrama_assets.release.errors import ReleaseError
from resources import ffmpeg

MASTER = "master.m3u8"
DOWNLOAD = "episode.mp4"
_ABSOLUTE = r"[a-z][a-z0-9+.-]*:|/"


@dataclass(frozen=True)
class Rendition:
    """One media playlist: its attributes in the master, and its files in order, the initialization segment first."""

    playlist: str
    attributes: dict[str, Any]
    files: tuple[str, ...]
    duration_s: float


@dataclass
class Playlists:
    """What the playlists say; `problems` has a sentence for each thing a strict player may refuse."""

    video: list[Rendition] = field(default_factory=list)
    audio: list[Rendition] = field(default_factory=list)
    captions: list[Rendition] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Frames:
    """Presentation times of decoded frames or of packets, sorted, in seconds, and the picture's size where decoded."""

    times_s: tuple[float, ...]
    step_s: float
    size: str = ""


def read_playlists(package: Path) -> Playlists:
    """Parses every playlist strictly (RFC 8216) and checks that each file named lies in the package."""
    if not (package / MASTER).is_file():
        raise ReleaseError(f"there is no {MASTER}", str(package), "Render the episode's package first")
    found = Playlists()
    master = _parse(package, MASTER, found)
    for entry in master.get("playlists", []):
        _add(found.video, package, entry["uri"], entry["stream_info"], found)
    for entry in master.get("media", []):
        kind = {"AUDIO": found.audio, "SUBTITLES": found.captions}.get(entry["type"])
        if kind is not None:
            _add(kind, package, entry["uri"].strip('"'), entry, found)
    for entry in master.get("iframe_playlists", []):
        _add([], package, entry["uri"], entry["iframe_stream_info"], found)
    if not found.video or not found.audio:
        found.problems.append(f"{MASTER} names no {'sound' if found.video else 'video'}")
    return found


def height(rendition: Rendition) -> int:
    """Of a rendition's picture, in pixels, as the master says."""
    return int(str(rendition.attributes["resolution"]).split("x")[1])


def whole(package: Path, rendition: Rendition, scratch: Path) -> Path:
    """A rendition's files behind each other, in `scratch`: what a player appends to its buffer."""
    target = scratch / f"{Path(rendition.playlist).stem}.mp4"
    with open(target, "wb") as out:
        for name in rendition.files:
            out.write((package / name).read_bytes())
    return target


def packets(file: Path, stream: str = "v") -> Frames:
    """Presentation times of the packets of a stream, without decoding it."""
    return _frames(ffmpeg.run(["-v", "error", "-i", str(file), "-map", f"0:{stream}:0", "-c", "copy",
                               "-f", "framecrc", "pipe:1"]))


def decoded(file: Path, *filters: str, frames: int | None = None) -> tuple[Frames, str]:
    """Decodes the picture through `filters`: (frames, messages of the filters)."""
    chain = ["-vf", ",".join(filters)] if filters else []
    limit = ["-frames:v", str(frames)] if frames else []
    listing, messages = ffmpeg.run_for_messages([
        "-v", "info", "-nostats", "-i", str(file), "-map", "0:v:0", *chain, *limit,
        "-fps_mode", "passthrough",  # frames as they are: none repeated or dropped to fit a rate
        "-f", "framecrc", "pipe:1",
    ])
    return _frames(listing), messages


def _parse(package: Path, name: str, found: Playlists) -> dict[str, Any]:
    text = (package / name).read_text(encoding="utf-8")
    try:
        return m3u8.parse(text, strict=True)
    except (ParseError, VersionMatchingError, ValueError) as error:
        found.problems.append(f"{name}: {error}")
        return {}


def _add(target: list[Rendition], package: Path, name: str, attributes: dict[str, Any], found: Playlists) -> None:
    if not _is_inside(package, name, found):
        return
    media = _parse(package, name, found)
    files = tuple(_seen_from(name, uri) for uri in _named(media))
    missing = [file for file in files if not _is_inside(package, file, found)]
    if not files:
        found.problems.append(f"{name} names no segment")
    if not media.get("is_endlist"):
        found.problems.append(f"{name} does not end: #EXT-X-ENDLIST is missing")
    durations = [segment["duration"] for segment in media.get("segments", [])]
    if any(round(length) > media.get("targetduration", 0) for length in durations):
        found.problems.append(f"{name} has a segment longer than its target duration")
    if files and not missing:
        target.append(Rendition(name, attributes, files, sum(durations)))


def _named(media: dict[str, Any]) -> Iterator[str]:
    yield from (entry["uri"] for entry in media.get("segment_map", []))
    yield from (segment["uri"] for segment in media.get("segments", []))


def _seen_from(playlist: str, uri: str) -> str:
    """A relative reference resolved against the playlist it stands in (RFC 3986, 5.2); others as they are."""
    if re.match(_ABSOLUTE, uri, re.IGNORECASE):
        return uri
    return posixpath.normpath(posixpath.join(posixpath.dirname(playlist), uri))


def _is_inside(package: Path, name: str, found: Playlists) -> bool:
    if re.match(_ABSOLUTE, name, re.IGNORECASE) or ".." in name.split("/"):
        found.problems.append(f"{name} is not a path inside the package")
        return False
    if not (package / name).is_file():
        found.problems.append(f"{name} is named and missing")
        return False
    return True


def _frames(listing: bytes) -> Frames:
    """Reads ffmpeg's framecrc: comments with time base and size, then `stream, dts, pts, duration, size, checksum`."""
    text = listing.decode("ascii")
    base = re.search(r"^#tb 0: (\d+)/(\d+)", text, re.MULTILINE)
    if base is None or not re.search(r"^0,", text, re.MULTILINE):
        raise ReleaseError("the decoder gave no frames")
    tick_s = int(base.group(1)) / int(base.group(2))
    rows = [line.split(",") for line in text.splitlines() if line and not line.startswith("#")]
    size = re.search(r"^#dimensions 0: (\d+x\d+)", text, re.MULTILINE)
    times_s = tuple(sorted(int(row[2]) * tick_s for row in rows))
    return Frames(times_s, _step(rows) * tick_s, size.group(1) if size else "")


def _step(rows: Sequence[Sequence[str]]) -> int:
    """The usual duration of a frame, in ticks."""
    lengths = [int(row[3]) for row in rows]
    return max(set(lengths), key=lengths.count) if lengths else 0
