"""Takes on a shot's track."""

from __future__ import annotations

import numpy as np
import pytest

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import SpeechFacet, SpokenLine
from microdrama_assets.schemas.sound import TakeTimings
from microdrama_assets.sound.dialogue import place_lines
from microdrama_assets.speech.recording import SpokenTake, wav_to_array


def facet(*starts: int, frames: int = 60) -> SpeechFacet:
    lines = tuple(SpokenLine(id=f"l{index}", character="mara", name="Mara", text="No.", voice="af_heart", pace=1.0,
                             emotion="neutral", off_screen=index == 1, start_frame=start, slot_frames=30)
                  for index, start in enumerate(starts))
    return SpeechFacet(language="en", fps=30, duration_frames=frames, lines=lines)


def take(samples: int, level: float = 0.25) -> SpokenTake:
    pcm = np.full(samples, level, dtype=np.float32)
    return SpokenTake(pcm, TakeTimings(duration_ms=samples / 48, phones=(), words=()))


def test_takes_start_on_their_frames() -> None:
    """The track is exactly as long as the shot, and each take lies where its line starts."""
    wav, timings = place_lines(facet(3, 40), [take(1000), take(500)])
    track = wav_to_array(wav)
    assert track.size == 60 * 1600
    assert np.flatnonzero(track).tolist() == [*range(4800, 5800), *range(64000, 64500)]
    assert timings.duration_ms == 2000
    assert [(line.line, line.start_ms, line.off_screen) for line in timings.lines] == [
        ("l0", 100.0, False), ("l1", pytest.approx(1333.333, abs=0.001), True)]


def test_dual_dialogue_is_summed() -> None:
    """Two takes at once are heard together."""
    track = wav_to_array(place_lines(facet(0, 0), [take(100), take(50)])[0])
    assert track[:100].tolist() == [0.5] * 50 + [0.25] * 50


def test_a_silent_shot_has_a_silent_track() -> None:
    """No lines, a track of zeros as long as the shot."""
    wav, timings = place_lines(facet(frames=31), [])
    assert not wav_to_array(wav).any() and wav_to_array(wav).size == 31 * 1600
    assert timings.lines == ()


def test_speech_beyond_the_shot_is_an_error() -> None:
    """A take is never cut off, but for the silence that every take ends with."""
    place_lines(facet(59), [take(1600 + 4800)])
    with pytest.raises(MicrodramaError, match=r"line l0 \(Mara\) ends 0\.50 s after its shot"):
        place_lines(facet(59), [take(1600 + 24000)])


def test_the_same_takes_give_the_same_bytes() -> None:
    """The track is a function of its takes."""
    assert place_lines(facet(3), [take(99)])[0] == place_lines(facet(3), [take(99)])[0]
