"""Is every line of the episode heard and captioned, when it should be?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load at first use: planning needs none of them

from microdrama_assets.release.measurement import Measurement, timecode
from microdrama_assets.schemas.manifest import SpeechFacet, Timeline
from microdrama_assets.schemas.sound import DialogueTimings

RATE_HZ = 48_000
LEAST_LIKENESS = 0.3
"""Correlation of what is heard with the line's own take: 0.9 and more over a ducked bed, under 0.1 where the line is
missing. Loudness would not tell: music fills a missing line's place."""
_PRE_EMPHASIS = 0.95  # the usual first step of speech analysis: weighs consonants as much as vowels, music less
_REACH_S = 0.02
"""How far from its time a line is looked for: what the A/V limit allows."""
_EARLY_S, _LATE_S = 0.25, 1.0
"""A caption may lead its line a little and stay behind it."""

Speech = Mapping[str, tuple[SpeechFacet, DialogueTimings]]
"""What each shot says and when, by shot id."""
Dialogue = Mapping[str, np.ndarray]
"""Each shot's dialogue alone, by shot id: float32 (samples,) at 48 kHz, from the start of the shot."""


@dataclass(frozen=True)
class Said:
    """One line in episode time, in seconds."""

    id: str
    shot: str
    text: str
    start_s: float
    end_s: float


def measure_lines(pcm: np.ndarray, vtt: str, timeline: Timeline, speech: Speech,
                  dialogue: Dialogue) -> list[Measurement]:
    """`pcm`: float32 (samples, 2) at 48 kHz, decoded; `vtt`: the delivered WebVTT."""
    lines = list(said(timeline, speech))
    lost = [shot.id for shot in timeline.shots if shot.id not in speech]
    starts_s = {shot.id: shot.start_frame / timeline.fps for shot in timeline.shots}
    heard = [(_likeness(pcm.mean(axis=1), line, dialogue, starts_s[line.shot]), line) for line in lines]
    return [_spoken(heard, lost), _captioned(cues(vtt), lines)]


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


def _spoken(heard: Sequence[tuple[float, Said]], lost: Sequence[str]) -> Measurement:
    likeness, worst = min(heard, key=lambda pair: pair[0], default=(1.0, None))
    where = f"no speech data for {', '.join(lost)}" if lost else _place(worst) if worst else ""
    return Measurement(
        name="lines_spoken", value=round(likeness, 2) if worst else "no lines", unit="likeness" if worst else "",
        limit=f"each of {len(heard)} lines at least {LEAST_LIKENESS:g} like its take",
        passed=likeness >= LEAST_LIKENESS and not lost, where=where)


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


def _likeness(heard: np.ndarray, line: Said, dialogue: Dialogue, shot_start_s: float) -> float:
    """Highest normalized correlation (0..1) of the line's take with what is heard near its time; 0 without a take."""
    first, last = round(line.start_s * RATE_HZ), round(line.end_s * RATE_HZ)
    offset = round(shot_start_s * RATE_HZ)
    take = _sharpened(dialogue.get(line.shot, np.zeros(1, np.float32))[first - offset:last - offset])
    reach = round(_REACH_S * RATE_HZ)
    around = _sharpened(np.pad(heard, reach)[first:first + len(take) + 2 * reach])
    if not take.any() or len(around) < len(take):
        return 0.0
    energy = np.cumsum(np.concatenate(([0.0], np.square(around, dtype=np.float64))))
    here = energy[len(take):] - energy[:-len(take)]
    match = scipy.signal.correlate(around, take, "valid", method="fft")
    fit = match / np.sqrt(np.maximum(here, 1e-9) * float(take @ take))
    return float(np.clip(fit.max(), 0, 1))


def _sharpened(sound: np.ndarray) -> np.ndarray:
    return np.append(sound[:1], sound[1:] - _PRE_EMPHASIS * sound[:-1])


def _place(line: Said) -> str:
    return f"{timecode(line.start_s)}, {line.shot}, {line.id}"


def _seconds(stamp: str) -> float:
    seconds = 0.0
    for part in stamp.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
