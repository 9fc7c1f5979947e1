"""Cuts shots to measured speech: holds around each line, silent shots by what happens in them, never a line cut off."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from microdrama_assets.schemas.errors import MicrodramaError, Place
from microdrama_assets.schemas.manifest import FPS, Line, Sfx, Shot, ShotManifest
from microdrama_assets.schemas.script import SourceMap
from microdrama_assets.schemas.series import Emotion
from microdrama_assets.story.breakdown import lines_to_speak
from microdrama_assets.story.drafts import ShotDraft

__all__ = ["lines_to_speak", "time_shots"]

HEAD_FRAMES = 8
TAIL_FRAMES = 12
LONG_TAIL_FRAMES = 18
"""After a line in a close-up or a reaction, and where the story turns."""
LAST_TAIL_FRAMES = 30
PAUSE_FRAMES = 18
"""What a `(beat)` adds before its line."""
BETWEEN_LINES_FRAMES = 6
LONGEST_FRAMES = 12 * FPS
SILENT_MS = (1500.0, 4000.0)
_SILENT_MS_PER_WORD = 110.0
_SILENT_BASE_MS = 800.0

SpokenLineKey = tuple[str, str, Emotion]
"""Character slug, text, emotion: what a take is synthesized from, as `lines_to_speak` lists them."""
LineMs = Callable[[str, str, Emotion], float] | Mapping[SpokenLineKey, float]


def time_shots(drafts: Sequence[ShotDraft], ids: Sequence[str], line_ms: LineMs, *, series: str, episode: str,
               language: str, title: str = "", source: SourceMap | None = None) -> ShotManifest:
    """The manifest: `drafts` with `ids` and frames. `line_ms` gives the measured speech of each line, in ms.

    Raises MicrodramaError, placed where `source` is given, for a shot that speech makes longer than 12 s.
    """
    shots = tuple(_time_shot(draft, shot_id, line_ms, draft is drafts[-1], source)
                  for draft, shot_id in zip(drafts, ids, strict=True))
    return ShotManifest(series=series, episode=episode, title=title, language=language, shots=shots)


def frames(ms: float) -> int:
    """Whole frames that hold `ms`."""
    return math.ceil(round(ms * FPS / 1000, 6))


def _time_shot(draft: ShotDraft, shot_id: str, line_ms: LineMs, last: bool, source: SourceMap | None) -> Shot:
    lines, end = _place_lines(draft, line_ms)
    tail = LAST_TAIL_FRAMES if last else (
        LONG_TAIL_FRAMES if draft.turn or draft.coverage in ("close", "reaction") else TAIL_FRAMES)
    needed = end + tail if lines else frames(_silent_ms(draft)) + (LAST_TAIL_FRAMES - TAIL_FRAMES if last else 0)
    if draft.asked_ms is not None:
        needed = max(frames(draft.asked_ms), end + TAIL_FRAMES // 2 if lines else 1)
    duration = needed + frames(draft.hold_ms)
    if duration > LONGEST_FRAMES:
        raise _too_long(draft, duration, shot_id, source)
    sfx = tuple(Sfx(name=sound.name, at_frame=_sound_frame(sound.at_ms, duration)) for sound in draft.sfx)
    values = draft.model_dump(exclude={"turn", "asked_ms", "hold_ms", "signature", "lines", "sfx"})
    return Shot(id=shot_id, lines=lines, sfx=sfx, duration_frames=duration, **values)


def _place_lines(draft: ShotDraft, line_ms: LineMs) -> tuple[tuple[Line, ...], int]:
    """The lines in shot time, and the frame after the last one."""
    lines: list[Line] = []
    at = HEAD_FRAMES
    for index, line in enumerate(draft.lines):
        at += PAUSE_FRAMES if line.pause else 0
        measured = (line_ms[line.character, line.text, line.emotion] if isinstance(line_ms, Mapping)
                    else line_ms(line.character, line.text, line.emotion))
        lines.append(Line(id=f"l{index + 1}", character=line.character, text=line.text,
                          parenthetical=line.parenthetical, emotion=line.emotion, off_screen=line.off_screen,
                          start_frame=at, frames=max(1, frames(measured))))
        at += lines[-1].frames + BETWEEN_LINES_FRAMES
    return tuple(lines), at - BETWEEN_LINES_FRAMES if lines else 0


def _silent_ms(draft: ShotDraft) -> float:
    return min(max(_SILENT_BASE_MS + _SILENT_MS_PER_WORD * len(draft.action.split()), SILENT_MS[0]), SILENT_MS[1])


def _sound_frame(at_ms: float | None, duration: int) -> int:
    """A sound at the shot's end begins a second before it."""
    wanted = max(0, duration - FPS) if at_ms is None else frames(at_ms)
    return min(wanted, duration - 1)


def _too_long(draft: ShotDraft, duration: int, shot_id: str, source: SourceMap | None) -> MicrodramaError:
    what = f"the shot would last {duration / FPS:.1f} s, at most {LONGEST_FRAMES // FPS} s are allowed"
    element = draft.lines[0].element if draft.lines else draft.elements[0]
    place = Place(source.file, source.lines[element][0], shot_id) if source else Place("", None, shot_id)
    remedy = "Split the line in two, for example with a (beat) between." if draft.lines else "Ask for a shorter hold."
    return MicrodramaError(what, place if source else shot_id, remedy)
