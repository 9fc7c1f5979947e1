"""Is every line of the episode heard and captioned, when it should be?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from microdrama_assets.release.measurement import Measurement, timecode
from microdrama_assets.schemas.manifest import SpeechFacet, Timeline
from microdrama_assets.schemas.sound import DialogueTimings

RATE_HZ = 48_000
QUIETEST_LINE_DBFS = -32.0
"""A line at the reference level lies near -18; the ducked bed alone below -38."""
_EARLY_S, _LATE_S = 0.25, 1.0
"""A caption may lead its line a little and stay behind it."""

Speech = Mapping[str, tuple[SpeechFacet, DialogueTimings]]
"""What each shot says and when, by shot id."""


@dataclass(frozen=True)
class Said:
    """One line in episode time, in seconds."""

    id: str
    shot: str
    text: str
    start_s: float
    end_s: float


def measure_lines(pcm: np.ndarray, vtt: str, timeline: Timeline, speech: Speech) -> list[Measurement]:
    """`pcm`: float32 (samples, 2) at 48 kHz, decoded; `vtt`: the delivered WebVTT."""
    lines = list(said(timeline, speech))
    return [_spoken(pcm, lines, timeline, speech), _captioned(cues(vtt), lines)]


def said(timeline: Timeline, speech: Speech) -> Iterator[Said]:
    """The lines in the order of the cut. A line without timings has no length, and so fails as unheard."""
    for shot in timeline.shots:
        if shot.id not in speech:
            continue
        facet, timings = speech[shot.id]
        start_s = shot.start_frame / timeline.fps
        taken = {line.line: line for line in timings.lines}
        for line in facet.lines:
            at = taken.get(line.id)
            first_ms = at.start_ms if at else line.start_frame * 1000 / timeline.fps
            length_ms = at.take.duration_ms if at else 0
            yield Said(line.id, shot.id, line.text, start_s + first_ms / 1000, start_s + (first_ms + length_ms) / 1000)


def cues(vtt: str) -> list[tuple[float, float, str]]:
    """(start, end, text without markup) of each cue of a WebVTT file, in seconds."""
    found = []
    for block in re.split(r"\n{2,}", vtt.replace("\r\n", "\n")):
        timing = re.search(r"^([\d:.]+) --> ([\d:.]+).*\n((?:.|\n)*)", block, re.MULTILINE)
        if timing:
            text = re.sub(r"<[^>]*>", "", timing.group(3))
            for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&")):
                text = text.replace(entity, sign)
            found.append((_seconds(timing.group(1)), _seconds(timing.group(2)), text))
    return found


def _spoken(pcm: np.ndarray, lines: Sequence[Said], timeline: Timeline, speech: Speech) -> Measurement:
    levels = [(_level_dbfs(pcm, line), line) for line in lines]
    value, worst = min(levels, key=lambda pair: pair[0], default=(0.0, None))
    unheard = sum(level < QUIETEST_LINE_DBFS for level, _ in levels)
    lost = [shot.id for shot in timeline.shots if shot.id not in speech]
    return Measurement(
        name="lines_spoken", value=round(value, 1) if worst else "no lines", unit="dBFS" if worst else "",
        limit=f"each of {len(lines)} lines at least {QUIETEST_LINE_DBFS:g}", passed=not unheard and not lost,
        where=f"no speech data for {', '.join(lost)}" if lost else _place(worst) if worst else "")


def _captioned(shown: Sequence[tuple[float, float, str]], lines: Sequence[Said]) -> Measurement:
    missing = [line for line in lines if not _is_captioned(line, shown)]
    return Measurement(name="lines_captioned", value=len(lines) - len(missing), unit="lines",
                       limit=f"all {len(lines)} lines, within their time", passed=not missing,
                       where="; ".join(_place(line) for line in missing[:3]))


def _is_captioned(line: Said, shown: Sequence[tuple[float, float, str]]) -> bool:
    """All of the line's words appear, in order, in the cues on screen around it."""
    words = (word for start, end, text in shown
             if end > line.start_s - _EARLY_S and start < line.end_s + _LATE_S for word in _words(text))
    return all(wanted in words for wanted in _words(line.text))  # `in` consumes: hence the order


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())


def _level_dbfs(pcm: np.ndarray, line: Said) -> float:
    part = pcm[max(0, round(line.start_s * RATE_HZ)):max(0, round(line.end_s * RATE_HZ))]
    power = float(np.mean(np.square(part, dtype=np.float64))) if len(part) else 0.0
    return 10 * float(np.log10(max(power, 1e-12)))


def _place(line: Said) -> str:
    return f"{timecode(line.start_s)}, {line.shot}, {line.id}"


def _seconds(stamp: str) -> float:
    seconds = 0.0
    for part in stamp.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
