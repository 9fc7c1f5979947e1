"""The ladder of renditions, and what one encoded shot and one packaged episode consist of."""

from __future__ import annotations

from microdrama_assets.schemas.frozen import Frozen


class Rung(Frozen):
    """One rendition of the ABR ladder. Rates in kbit/s, `crf` 0..51 (x264)."""

    name: str
    width: int
    height: int
    crf: int
    max_rate_kbps: int
    buffer_kbit: int
    level: str
    codecs: str
    """RFC 6381, for the master playlist."""


LADDER: tuple[Rung, ...] = (
    Rung(name="1080p", width=1080, height=1920, crf=23, max_rate_kbps=3500, buffer_kbit=5250, level="4.0",
         codecs="avc1.640028"),
    Rung(name="720p", width=720, height=1280, crf=23, max_rate_kbps=1500, buffer_kbit=2250, level="3.1",
         codecs="avc1.64001F"),
    Rung(name="360p", width=360, height=640, crf=24, max_rate_kbps=500, buffer_kbit=750, level="3.0",
         codecs="avc1.64001E"),
)


class Segment(Frozen):
    """One CMAF segment in shot time: `file` relative to the rendition's folder, duration in 1/30000 s ticks."""

    file: str
    duration_ticks: int
    size: int


class ShotRung(Frozen):
    rung: Rung
    init: str
    segments: tuple[Segment, ...]

    @property
    def files(self) -> list[str]:
        """The initialization segment and the media segments: behind each other they are one fragmented MP4."""
        return [self.init, *(segment.file for segment in self.segments)]


class ShotRendition(Frozen):
    """One shot in every rung: the index of an `abr_rendition`. Timescale 30000, shot starts at 0."""

    fps: int
    frames: int
    rungs: tuple[ShotRung, ...]
