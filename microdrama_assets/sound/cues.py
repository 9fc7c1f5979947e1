"""Captions: when a line is said, the words on screen, in cues short enough to be read on a phone at arm's length.

Rows and durations follow common practice for vertical video: two rows, few words, cut where a phrase ends
(compare Netflix Timed Text Style Guide, "Line Treatment").
"""

from __future__ import annotations

from collections.abc import Sequence

from microdrama_assets.schemas.manifest import SpeechFacet
from microdrama_assets.schemas.sound import Cue, CueSheet, DialogueTimings, SpokenTimings, Word
from microdrama_assets.speech.webvtt import episode_cues, to_webvtt

__all__ = ["cue_sheet", "episode_cues", "rows", "to_webvtt"]

ROW_CHARACTERS = 18
CUE_CHARACTERS = 30
"""At most, over two rows; one word alone may be longer."""
MIN_CUE_MS = 700
_LINGER_MS = 250
"""A cue stays this long after its last word, if nothing follows."""
_LEAST_OVERLAP_MS = 50
_LINKS_TO_NEXT = frozenset(str.split(
    "a an the my your his her its our their to of in on at for from with and or but if when who that because while as "
    "el la los las un una mi tu su mis tus sus de del al en con por para y o que no si se me te lo le"))


def cue_sheet(facet: SpeechFacet, timings: DialogueTimings) -> CueSheet:
    """The captions of one shot: in order, never overlapping, inside the shot, each word with its time.

    Lines that are said at the same time are labelled with their speakers. What is read in the picture in another
    language is told while nobody speaks, in capitals as is usual (Netflix Timed Text Style Guide, "Forced narratives").
    """
    names = {line.id: line.name for line in facet.lines}
    cues: list[Cue] = []
    for line in timings.lines:
        label = f"{names[line.line].upper()}: " if _overlapped(line, timings.lines) else ""
        cues.extend(_line_cues(line, names[line.line], label))
    if facet.on_screen:
        cues += _read_cues(facet.on_screen, _longest_pause(timings))
    return CueSheet(language=timings.language, cues=_spaced(cues, timings.duration_ms))


def rows(text: str) -> str:
    """`text` on one row, or on two of about equal length, broken where a phrase ends; rows are joined by a newline."""
    if len(text) <= ROW_CHARACTERS:
        return text
    words = text.split(" ")
    if len(words) == 1:
        return text

    def cost(at: int) -> float:
        upper, lower = " ".join(words[:at]), " ".join(words[at:])
        excess = max(0, len(upper) - ROW_CHARACTERS) + max(0, len(lower) - ROW_CHARACTERS)
        return 100 * excess + abs(len(upper) - len(lower)) + _break_cost(words[at - 1])

    at = min(range(1, len(words)), key=cost)
    return " ".join(words[:at]) + "\n" + " ".join(words[at:])


def _break_cost(word: str) -> float:
    """How badly a break after this word cuts a phrase."""
    bare = word.strip("\"'“”«»()¿¡")
    if bare[-1:] in ".!?…":
        return 0
    if bare[-1:] in ",;:—":
        return 2
    return 14 if bare.lower() in _LINKS_TO_NEXT else 6


def _line_cues(line: SpokenTimings, speaker: str, label: str) -> list[Cue]:
    words = [_shifted(word, line.start_ms) for word in line.take.words]
    groups = _grouped(words, len(label))
    return [Cue(start_ms=group[0].start_ms, end_ms=group[-1].end_ms, speaker=speaker,
                text=rows((label if index == 0 else "") + " ".join(word.text for word in group)), words=tuple(group))
            for index, group in enumerate(groups)]


def _longest_pause(timings: DialogueTimings) -> tuple[float, float]:
    """Start and end of the longest time in which nobody speaks; of equal ones the first."""
    pauses, start = list[tuple[float, float]](), 0.0
    for line in sorted(timings.lines, key=lambda line: line.start_ms):
        pauses.append((start, line.start_ms))
        start = max(start, line.start_ms + line.take.duration_ms + _LINGER_MS)
    return max((*pauses, (start, timings.duration_ms)), key=lambda pause: pause[1] - pause[0])


def _read_cues(text: str, pause: tuple[float, float]) -> list[Cue]:
    """One cue after the other, each as long as its share of the words; no word is lit, since none is said."""
    words, (start, end) = text.upper().split(), pause
    each = (end - start) / len(words)
    timed = [Word(text=word, start_ms=start + each * at, end_ms=start + each * (at + 1))
             for at, word in enumerate(words)]
    return [Cue(start_ms=group[0].start_ms, end_ms=group[-1].end_ms, speaker="",
                text=rows(" ".join(word.text for word in group))) for group in _grouped(timed, 0)]


def _grouped(words: Sequence[Word], label_length: int) -> list[list[Word]]:
    """Splits a line into cues at the least total cost: few cues, cut between phrases, of similar length."""
    count = len(words)
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * count
    for end in range(1, count + 1):
        for start in range(end):
            text = " ".join(word.text for word in words[start:end])
            length = len(text) + (label_length if start == 0 else 0)
            if length > CUE_CHARACTERS and end - start > 1:
                continue
            if not _fits_two_rows(text) and end - start > 1:
                continue
            inside = 12 * sum(_break_cost(word.text) == 0 for word in words[start : end - 1])
            ends = 0.0 if end == count else _break_cost(words[end - 1].text)
            short = 8.0 if words[end - 1].end_ms - words[start].start_ms < MIN_CUE_MS else 0.0
            cost = best[start][0] + 10 + ends + inside + short + max(0, 8 - length)
            if cost < best[end][0]:
                best[end] = (cost, start)
    groups: list[list[Word]] = []
    end = count
    while end:
        start = best[end][1]
        groups.insert(0, list(words[start:end]))
        end = start
    return groups


def _fits_two_rows(text: str) -> bool:
    return all(len(row) <= ROW_CHARACTERS for row in rows(text).split("\n"))


def _overlapped(line: SpokenTimings, lines: Sequence[SpokenTimings]) -> bool:
    def together_ms(other: SpokenTimings) -> float:
        ends = (line.start_ms + line.take.duration_ms, other.start_ms + other.take.duration_ms)
        return min(ends) - max(line.start_ms, other.start_ms)

    return any(other is not line and together_ms(other) > _LEAST_OVERLAP_MS for other in lines)


def _spaced(cues: Sequence[Cue], duration_ms: float) -> tuple[Cue, ...]:
    """Gives every cue its time on screen: at least 0.7 s where there is room, and an end before the next begins."""
    ordered = sorted(cues, key=lambda cue: cue.start_ms)
    spaced: list[Cue] = []
    earliest = 0.0
    for index, cue in enumerate(ordered):
        start = min(max(cue.start_ms, earliest), duration_ms - 1)
        following = ordered[index + 1].start_ms if index + 1 < len(ordered) else duration_ms
        if following < start + MIN_CUE_MS and index + 1 < len(ordered) and following < cue.end_ms:
            following = min(start + MIN_CUE_MS, duration_ms)  # said at the same time: one after the other
        wanted = max(cue.end_ms + _LINGER_MS, start + MIN_CUE_MS)
        end = min(wanted, max(following, start + 1), duration_ms)
        spaced.append(cue.model_copy(update={"start_ms": round(start, 3), "end_ms": round(end, 3)}))
        earliest = end
    return tuple(spaced)


def _shifted(word: Word, by_ms: float) -> Word:
    return Word(text=word.text, start_ms=round(word.start_ms + by_ms, 3), end_ms=round(word.end_ms + by_ms, 3))
