"""The music bed: slow pads, a pulse at the series' tempo and a few notes, composed by rule and synthesized.

It hangs on the episode's timeline and knows nothing of the dialogue, so an edited line never changes it. The last
bars swell into the turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import scipy  # its parts load at first use: planning needs none of them
from numpy.typing import NDArray

from microdrama_assets.schemas.series import Music
from microdrama_assets.schemas.sound import MIX_RATE_HZ
from microdrama_assets.sound.loudness import integrated_lufs

Pcm = NDArray[np.float64]
BED_LUFS = -16.3
"""Of the bed by itself, in stereo, where nobody speaks."""
_SWELL_S = 4.0
_COMPOSED = 10 * MIX_RATE_HZ
"""A bed is composed to a multiple of this and cut to its episode's length."""
_TABLE = 4096


@dataclass(frozen=True)
class _Mood:
    chords: tuple[tuple[int, ...], ...]
    """One chord per bar, as MIDI notes; repeated to the end."""
    overtones: tuple[float, ...]
    """Amplitudes of a pad's partials: darker or brighter."""
    pulse: tuple[tuple[float, int, float], ...]
    """Notes in a bar: beat, index into the chord, strength."""
    pulse_decay_s: float
    melody_odds: float
    """How often a beat has a melody note."""


_MOODS: dict[str, _Mood] = {
    "tense": _Mood(
        chords=((38, 50, 57, 62), (38, 50, 57, 62), (34, 50, 58, 62), (33, 49, 57, 64)),
        overtones=(1.0, 0.55, 0.28, 0.2, 0.1, 0.08),
        pulse=tuple((beat / 2, 1, 1.0 if beat % 4 == 0 else 0.55) for beat in range(8)),
        pulse_decay_s=0.16, melody_odds=0.06),
    "warm": _Mood(
        chords=((48, 55, 64, 71), (45, 57, 64, 72), (41, 57, 65, 72), (43, 55, 62, 71)),
        overtones=(1.0, 0.3, 0.1, 0.04),
        pulse=((0, 1, 0.9), (1, 2, 0.6), (1.5, 3, 0.5), (2.5, 2, 0.6), (3, 3, 0.45)),
        pulse_decay_s=0.7, melody_odds=0.1),
    "melancholy": _Mood(
        chords=((45, 57, 60, 64), (41, 57, 60, 65), (48, 55, 60, 64), (43, 55, 59, 62)),
        overtones=(1.0, 0.4, 0.15, 0.06),
        pulse=((0, 2, 0.7), (2, 3, 0.45)),
        pulse_decay_s=1.1, melody_odds=0.22),
}


def music_bed(music: Music, total_samples: int, seed: int) -> NDArray[np.float32]:
    """The bed of an episode: float32 of shape (total_samples, 2), 48 kHz, at BED_LUFS but for the swell at its end.

    `none` is silence. The same arguments give the same samples.
    """
    if music.mood == "none" or total_samples < MIX_RATE_HZ:
        return np.zeros((total_samples, 2), dtype=np.float32)
    bed = _endless(music.mood, music.tempo_bpm, seed, -(-total_samples // _COMPOSED) * _COMPOSED)[:total_samples].copy()
    ends = round(_SWELL_S * MIX_RATE_HZ)
    for first, last in ((0, min(ends, total_samples)), (max(ends, total_samples - ends), total_samples)):
        bed[first:last] *= _shape(np.arange(first, last), total_samples)[:, None]
    bed[-ends:] += _riser(min(ends, total_samples), seed)[:, None]
    return bed


@lru_cache(maxsize=2)
def _endless(name: str, tempo_bpm: float, seed: int, samples: int) -> NDArray[np.float32]:
    """The bed before it is given a beginning and an end, at BED_LUFS: the same for all episodes of about a length, so
    that whoever mixes one again has it, and an edit that moves the end leaves the bed before it alone."""
    mood = _MOODS[name]
    beat = round(60 / tempo_bpm * MIX_RATE_HZ)
    bed = _pads(mood, samples, beat)
    bed += _with_room(_notes(mood, samples, beat, seed), seed)[:, None] * np.array([1.0, 0.92])
    return (bed * 10 ** ((BED_LUFS - integrated_lufs(bed.astype(np.float32))) / 20)).astype(np.float32)


def _hz(note: float) -> float:
    return 440.0 * 2 ** ((note - 69) / 12)


def _pads(mood: _Mood, total: int, beat: int) -> Pcm:
    """Chords that melt into each other, slightly out of tune left and right."""
    table = _wave_table(mood.overtones)
    bar, fade = 4 * beat, beat
    track = np.zeros((total, 2))
    for index, start in enumerate(range(0, total, bar)):
        length = min(bar + fade, total - start)
        t = np.arange(length)
        envelope = np.minimum(1.0, np.minimum(t / fade, np.maximum(0.0, (bar + fade - t) / fade)))
        envelope = np.sin(envelope * np.pi / 2)
        for voice, note in enumerate(mood.chords[index % len(mood.chords)]):
            level = (0.5 if voice == 0 else 0.3) / (1 + 0.15 * voice)
            for channel, cents in ((0, -4.0 - voice), (1, 4.0 + voice)):
                step = _hz(note + cents / 100) / MIX_RATE_HZ * _TABLE
                phases = (start * step + t * step).astype(np.int64) % _TABLE
                track[start : start + length, channel] += level * envelope * table[phases]
    return track


def _wave_table(overtones: tuple[float, ...]) -> Pcm:
    phase = 2 * np.pi * np.arange(_TABLE) / _TABLE
    return np.sum([level * np.sin(number * phase) for number, level in enumerate(overtones, start=1)], axis=0)


def _notes(mood: _Mood, total: int, beat: int, seed: int) -> Pcm:
    """The pulse, and now and then a note of the chord an octave up."""
    random, plucked = np.random.default_rng((seed, 1)), cache(_pluck)  # few notes, struck again and again
    track = np.zeros(total)
    for index, start in enumerate(range(0, total, 4 * beat)):
        chord = mood.chords[index % len(mood.chords)]
        for at, voice, strength in mood.pulse:
            lay(track, start + round(at * beat), plucked(_hz(chord[voice]), 0.5 * strength, mood.pulse_decay_s))
        for quarter in range(4):
            odds, pick = random.random(2)
            if odds < mood.melody_odds and index > 0:
                note = chord[1 + int(pick * (len(chord) - 1))] + 12
                lay(track, start + quarter * beat, plucked(_hz(note), 0.4, 1.4))
    return track


def _pluck(hz: float, level: float, decay_s: float) -> Pcm:
    """A soft struck string: partials that die faster the higher they are."""
    t = np.arange(round(6 * decay_s * MIX_RATE_HZ)) / MIX_RATE_HZ
    attack = np.minimum(1.0, t / 0.006)
    return np.sum([level * share * attack * np.sin(2 * np.pi * number * hz * t) * np.exp(-t * number / decay_s)
                   for number, share in ((1, 1.0), (2, 0.45), (3, 0.2), (4, 0.08))], axis=0)


def lay(track: Pcm, start: int, pcm: Pcm) -> None:
    """Adds a sound to a track at a sample; what reaches beyond the track's end is cut."""
    end = min(track.size, start + pcm.size)
    if end > start:
        track[start:end] += pcm[: end - start]


def _with_room(dry: Pcm, seed: int) -> Pcm:
    """A short bright hall: decaying noise."""
    t = np.arange(int(1.6 * MIX_RATE_HZ)) / MIX_RATE_HZ
    response = np.random.default_rng((seed, 2)).standard_normal(t.size) * np.exp(-t / 0.35) * np.minimum(1, t / 0.01)
    wet = scipy.signal.fftconvolve(dry, response)[: dry.size]
    return dry + wet * (0.35 / np.sqrt(np.sum(response**2)))


def _shape(samples: NDArray[np.int64], total: int) -> Pcm:
    """Level at these samples of an episode: a short fade in, 3 dB up over the last seconds, a short fade out."""
    t = samples / MIX_RATE_HZ
    end = total / MIX_RATE_HZ
    swell = np.clip((t - (end - _SWELL_S)) / (_SWELL_S - 0.4), 0.0, 1.0)
    level = 10 ** (3 * swell**2 / 20)
    return level * np.clip(t / 0.4, 0.0, 1.0) * np.clip((end - t) / 0.25, 0.0, 1.0)


def _riser(length: int, seed: int) -> Pcm:
    """Breath of noise that grows into the last moment and stops there."""
    t = np.arange(length) / length
    noise = np.random.default_rng((seed, 3)).standard_normal(length)
    smooth = np.convolve(noise, np.hanning(24) / np.hanning(24).sum(), "same")
    return np.asarray(0.05 * smooth * t**3 * np.clip((1 - t) * length / MIX_RATE_HZ / 0.12, 0.0, 1.0), np.float64)
