"""The episode's mix: loudness, peaks, and edits that stay local. Speech is a stand-in of speech-like bursts."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.series import Music
from microdrama_assets.sound.loudness import integrated_lufs
from microdrama_assets.sound.mix import CEILING_DBTP, Mix, mix_episode, mix_to_wav
from microdrama_assets.sound.music import BED_LUFS, music_bed
from microdrama_assets.sound.sfx import _EFFECTS, effect
from microdrama_assets.speech.levels import at_reference_loudness
from microdrama_assets.speech.recording import wav_to_array
from microdrama_assets.speech.true_peak import true_peak_dbtp

RATE = 48_000
STARTS_S = (0.6, 4.0, 7.5, 11.2, 14.6, 18.0, 22.0, 25.5)


def line(seconds: float, seed: int) -> NDArray[np.float32]:
    """Noise in the band of speech, in syllables of a quarter second, at the reference loudness."""
    noise = np.random.default_rng(seed).standard_normal(int(seconds * RATE))
    band = np.asarray(sosfilt(butter(2, (250, 3500), "bandpass", fs=RATE, output="sos"), noise))
    syllables = 0.25 + np.abs(np.sin(np.pi * np.arange(noise.size) / (0.25 * RATE)))
    return at_reference_loudness(band * syllables).astype(np.float32)


def episode(music: Music, lines: dict[float, NDArray[np.float32]] | None = None, seconds: int = 30) -> Mix:
    if lines is None:
        lines = {start: line(2.6, index) for index, start in enumerate(STARTS_S)}
    placed = [(int(start * RATE), pcm) for start, pcm in lines.items()]
    return mix_episode(placed, [(0, "bell"), (28 * RATE, "sting")], music, seconds * RATE, seed=3)


@pytest.mark.parametrize(("mood", "lines"), [
    ("tense", 2), ("tense", 8), ("warm", 2), ("warm", 5), ("melancholy", 2), ("melancholy", 8), ("none", 5), ("none", 8)])
def test_an_episode_lands_at_the_target(mood: str, lines: int) -> None:
    """-16 LUFS within 0.5 and no true peak above the ceiling, by fixed gains alone, however much is said."""
    said = {start: line(2.6, index) for index, start in enumerate(STARTS_S[:lines])}
    mix = episode(Music(mood=mood), said)  # pyright: ignore[reportArgumentType]  (a literal)
    assert mix.pcm.shape == (30 * RATE, 2) and mix.pcm.dtype == np.float32
    assert mix.lufs == pytest.approx(-16.0, abs=0.5)
    assert mix.lufs == integrated_lufs(mix.pcm)
    assert mix.true_peak_dbtp == true_peak_dbtp(mix.pcm) <= CEILING_DBTP + 0.05
    assert mix.gain_step_db == 0


def test_an_edited_line_changes_the_sound_around_it_only() -> None:
    """Another take of one line leaves every sample more than 1.5 s away as it was, to the last bit."""
    lines = {start: line(2.6, index) for index, start in enumerate(STARTS_S)}
    before = episode(Music(), lines)
    after = episode(Music(), {**lines, 14.6: line(2.2, 99)})
    changed = np.flatnonzero((before.pcm != after.pcm).any(axis=1)) / RATE
    assert before.gain_step_db == after.gain_step_db == 0
    assert changed.min() >= 14.6 - 1.5 and changed.max() <= 14.6 + 2.6 + 1.5
    assert changed.size > 2 * RATE


def test_the_same_episode_gives_the_same_bytes() -> None:
    """Two mixes of the same sounds are one file."""
    assert mix_to_wav(episode(Music(), seconds=6)) == mix_to_wav(episode(Music(), seconds=6))


def test_a_seed_changes_the_music_only() -> None:
    """Another seed plays other notes at the same loudness."""
    one, two = (music_bed(Music(), 12 * RATE, seed) for seed in (1, 2))
    assert not np.array_equal(one, two)
    assert integrated_lufs(one) == pytest.approx(integrated_lufs(two), abs=0.5)


def test_an_episode_of_effects_alone_gets_a_reported_gain() -> None:
    """Where fixed gains would miss the target, a static gain in half decibels brings it there and is reported."""
    mix = episode(Music(mood="none"), {})
    assert mix.lufs == pytest.approx(-16.0, abs=0.5)
    assert mix.gain_step_db >= 1.0 and mix.gain_step_db % 0.5 == 0


def test_a_longer_episode_keeps_the_bed_that_it_had() -> None:
    """An edit that moves the end leaves the music before it as it was, to the last bit."""
    short, long = (music_bed(Music(), int(seconds * RATE), seed=3) for seconds in (22.0, 24.6))
    assert np.array_equal(short[: 17 * RATE], long[: 17 * RATE])
    assert not np.array_equal(short[19 * RATE :], long[19 * RATE : 22 * RATE])


def test_nothing_at_all_is_silence() -> None:
    """No lines, no effects, no music: silence of the right length, with no gain invented for it."""
    mix = mix_episode([], [], Music(mood="none"), 5 * RATE, seed=1)
    assert not mix.pcm.any() and mix.pcm.shape == (5 * RATE, 2)
    assert (mix.lufs, mix.true_peak_dbtp, mix.gain_step_db) == (float("-inf"), float("-inf"), 0.0)


def test_music_steps_back_while_someone_speaks() -> None:
    """The bed is 15.5 dB lower in the middle of a line, and already down when it starts."""
    bed = music_bed(Music(), 12 * RATE, seed=3)
    mix = mix_episode([(5 * RATE, np.full(2 * RATE, 1e-2, np.float32))], [], Music(), 12 * RATE, seed=3)
    gain = 10 ** (mix.gain_step_db / 20)
    speech = 1e-2 * 10 ** (4.45 / 20)
    ratios = [np.abs(mix.pcm[at] / gain - said).sum() / np.abs(bed[at]).sum()
              for at, said in ((2 * RATE, 0.0), (6 * RATE, speech), (10 * RATE, 0.0))]
    assert 20 * np.log10(ratios) == pytest.approx([0.0, -15.5, 0.0], abs=0.1)


def test_the_bed_is_as_long_and_as_loud_as_promised() -> None:
    """Every mood has the bed's loudness up to its swell, both channels, and no samples beyond full scale."""
    for mood in ("tense", "warm", "melancholy"):
        bed = music_bed(Music(mood=mood), 20 * RATE, seed=3)
        assert bed.shape == (20 * RATE, 2) and np.abs(bed).max() < 0.9
        assert integrated_lufs(bed[: 15 * RATE]) == pytest.approx(BED_LUFS, abs=1.0)


@pytest.mark.parametrize("name", sorted(_EFFECTS))
def test_every_effect_sounds_and_ends(name: str) -> None:
    """Each effect has its peak level, no offset, and fades to silence."""
    pcm = effect(name)
    assert 20 * np.log10(np.abs(pcm).max()) == pytest.approx(_EFFECTS[name][0], abs=0.01)
    assert abs(float(pcm.mean())) < 0.01
    assert np.abs(pcm[-48:]).max() < 0.05 * np.abs(pcm).max()


def test_an_unknown_effect_is_named() -> None:
    """A misspelt effect is an error that lists those there are."""
    with pytest.raises(MicrodramaError, match=r"there is no sound effect 'boom'\. Choose one of: bell, click"):
        effect("boom")


def test_a_stereo_file_holds_the_mix() -> None:
    """The WAV file has two channels and the mix's samples to 24 bits."""
    mix = episode(Music(mood="none"), seconds=6)
    assert np.abs(wav_to_array(mix_to_wav(mix)) - mix.pcm).max() <= 2**-24
