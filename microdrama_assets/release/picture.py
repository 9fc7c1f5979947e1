"""Is the picture whole: size, rate, length, an unbroken clock across every cut, and nothing black by accident?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from microdrama_assets.release import packaged
from microdrama_assets.release.measurement import Measurement, timecode
from microdrama_assets.release.packaged import Frames, Playlists, Rendition
from microdrama_assets.schemas.manifest import Timeline

CLOCK_TOLERANCE_S = 0.0005
"""Half of what WebVTT and most players resolve."""
LONGEST_BLACK_S = 0.5
_BLACK = "blackdetect=d=0.1:pix_th=0.05:pic_th=0.98"
"""Black is: 98% of pixels in the lowest 5% of the luma range. A night scene has lights; a missing picture has none."""

Span = tuple[float, float]


def measure_picture(
    package: Path, playlists: Playlists, timeline: Timeline, scratch: Path, black_allowed: Sequence[Span],
) -> list[Measurement]:
    """Measures every rung's clock, and decodes the smallest rung whole and the first segment of the others."""
    low = min(playlists.video, key=packaged.height)
    clocks, sizes, results = [], [], []
    for rendition in playlists.video:
        file = packaged.whole(package, rendition, scratch)
        clocks.append(_clock(packaged.packets(file), rendition.playlist, timeline))
        if rendition is low:
            frames, messages = packaged.decoded(file, _BLACK)
            results = [_fps(frames, timeline), _duration(frames, timeline), _black(messages, timeline, black_allowed)]
        else:
            first = Rendition(rendition.playlist, {}, rendition.files[:2], 0)
            frames, _ = packaged.decoded(packaged.whole(package, first, scratch), frames=1)
        sizes.append((frames.size, str(rendition.attributes["resolution"])))
    return [_resolution(sizes), max(clocks, key=lambda clock: clock.value), *results]


def measure_download(package: Path, timeline: Timeline) -> list[Measurement]:
    """The MP4 to download: all frames there, picture and sound both from 0."""
    file = package / packaged.DOWNLOAD
    if not file.is_file():
        return [Measurement(name="download", value="missing", limit=f"{packaged.DOWNLOAD} is there", passed=False)]
    video, audio = packaged.packets(file), packaged.packets(file, "a")
    clock = _clock(video, packaged.DOWNLOAD, timeline).model_copy(update={"name": "download"})
    late_ms = 1000 * (audio.times_s[0] - video.times_s[0])
    return [clock, Measurement(name="download_av_offset", value=round(late_ms, 2), limit="within 20 of 0", unit="ms",
                               passed=abs(late_ms) <= 20, where=packaged.DOWNLOAD)]


def _clock(frames: Frames, where: str, timeline: Timeline) -> Measurement:
    """Every frame of the cut is shown at its time: frame n at n / fps, across all cuts."""
    expected = timeline.duration_frames
    wrong = [number for number, time_s in enumerate(frames.times_s)
             if abs(time_s - number / timeline.fps) > CLOCK_TOLERANCE_S]
    broken = len(wrong) + abs(len(frames.times_s) - expected)
    place = f"{where}, from frame {wrong[0]} ({_shot_at(timeline, wrong[0])})" if wrong else where
    return Measurement(name="clock", value=broken, limit=f"0 of {expected} frames missing or off their time",
                       passed=not broken, unit="frames", where=place)


def _fps(frames: Frames, timeline: Timeline) -> Measurement:
    span_s = frames.times_s[-1] - frames.times_s[0]
    fps = (len(frames.times_s) - 1) / span_s if span_s else timeline.fps
    return Measurement(name="fps", value=round(fps, 3), limit=f"{timeline.fps}", unit="fps",
                       passed=abs(fps - timeline.fps) < 0.001)


def _duration(frames: Frames, timeline: Timeline) -> Measurement:
    limit_s = timeline.duration_frames / timeline.fps
    value_s = frames.times_s[-1] + frames.step_s
    return Measurement(name="duration", value=round(value_s, 3), limit=f"{limit_s:.3f}, to the frame", unit="s",
                       passed=len(frames.times_s) == timeline.duration_frames)


def _resolution(sizes: Sequence[tuple[str, str]]) -> Measurement:
    """`sizes`: decoded and promised, for each rung."""
    return Measurement(name="resolution", value=", ".join(found for found, _ in sizes), unit="px",
                       limit=", ".join(promised for _, promised in sizes),
                       passed=all(found == promised for found, promised in sizes))


def _black(messages: str, timeline: Timeline, allowed: Sequence[Span]) -> Measurement:
    spans = [(float(start), float(end))
             for start, end in re.findall(r"black_start:([\d.]+) black_end:([\d.]+)", messages)]
    unasked = [span for span in spans if not any(a <= span[0] + 0.05 and span[1] - 0.05 <= b for a, b in allowed)]
    worst = max(unasked, key=lambda span: span[1] - span[0], default=(0.0, 0.0))
    length_s = worst[1] - worst[0]
    where = f"{timecode(worst[0])}, {_shot_at(timeline, int(worst[0] * timeline.fps))}" if length_s else ""
    return Measurement(name="black", value=round(length_s, 3), limit=f"at most {LONGEST_BLACK_S}", unit="s",
                       passed=length_s <= LONGEST_BLACK_S, where=where)


def _shot_at(timeline: Timeline, frame: int) -> str:
    before = [shot.id for shot in timeline.shots if shot.start_frame <= frame]
    return before[-1] if before else ""
