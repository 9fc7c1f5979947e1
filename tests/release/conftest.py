"""What the release tests share: the synthetic episode's cut, its lines and when they are said."""

from __future__ import annotations

import pytest

from microdrama_assets.schemas.manifest import SpeechFacet, SpokenLine, Timeline, TimelineShot
from microdrama_assets.schemas.sound import DialogueTimings, SpokenTimings, TakeTimings
from tests.delivery.synthetic import FPS, SHOTS, start_of

LINES = {"sh010": ("sh010.1", "Where did you get that?", 6, 800), "sh020": ("sh020.1", "It was hers & mine!", 9, 1100)}
"""Of each shot: line id, text, first frame in the shot, length in ms."""


@pytest.fixture
def timeline() -> Timeline:
    shots = tuple(TimelineShot(id=shot, start_frame=start_of(shot), frames=count) for shot, count in SHOTS.items())
    return Timeline(fps=FPS, shots=shots, sfx=(), seed=0)


@pytest.fixture
def speech() -> dict[str, tuple[SpeechFacet, DialogueTimings]]:
    return {shot: said(shot) for shot in SHOTS}


def said(shot: str, text: str | None = None) -> tuple[SpeechFacet, DialogueTimings]:
    lines, takes = [], []
    if shot in LINES:
        name, written, frame, length_ms = LINES[shot]
        lines = [SpokenLine(id=name, character="mara", name="Mara", text=text or written, voice="af_heart", pace=1.0,
                            emotion="neutral", off_screen=False, start_frame=frame, slot_frames=30)]
        take = TakeTimings(duration_ms=length_ms, phones=(), words=())
        takes = [SpokenTimings(line=name, character="mara", off_screen=False, start_ms=frame * 1000 / FPS, take=take)]
    facet = SpeechFacet(language="en", fps=FPS, duration_frames=SHOTS[shot], lines=tuple(lines))
    return facet, DialogueTimings(language="en", duration_ms=SHOTS[shot] * 1000 / FPS, lines=tuple(takes))
