"""Sound starts with the picture, stays under its ceiling, and an edit stays where it was made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from microdrama_assets.delivery import cmaf
from microdrama_assets.delivery.audio import AudioRendition, decode_audio, encode_audio
from microdrama_assets.delivery.errors import DeliveryError
from microdrama_assets.speech.true_peak import true_peak_dbtp
from tests.delivery.synthetic import FLASHES, FPS, RATE_HZ, audio, mix


def segments(encoded: AudioRendition, folder: Path) -> list[bytes]:
    return [(folder / segment.file).read_bytes() for segment in encoded.segments]


def decoded(encoded: AudioRendition, folder: Path) -> np.ndarray:
    whole = folder / "whole.mp4"
    whole.write_bytes((folder / encoded.init).read_bytes() + b"".join(segments(encoded, folder)))
    return decode_audio(whole)


def noise(seconds: float) -> np.ndarray:
    rng = np.random.default_rng(7)
    return rng.normal(0, 0.05, (round(seconds * RATE_HZ), 2)).astype(np.float32)


def test_fragments_are_whole_frames_of_about_a_second_from_zero() -> None:
    """Fragments hold 47 AAC frames, follow each other from 0, and end with the mix to the sample."""
    encoded, folder = audio()
    parts = segments(encoded, folder)
    assert [cmaf.decode_time(part) for part in parts] == [0, 48_128, 96_256, 144_384]
    assert [segment.duration_ticks for segment in encoded.segments[:-1]] == [48_128] * 3
    assert sum(segment.duration_ticks for segment in encoded.segments) == encoded.samples == len(mix())
    assert b"elst" not in (folder / encoded.init).read_bytes()


def test_beeps_are_heard_when_they_were_mixed() -> None:
    """After decoding, each beep starts within a millisecond of its place: no frame of priming is left."""
    pcm = decoded(*audio())[:, 0]
    tone = np.sin(2 * np.pi * 1000 * np.arange(RATE_HZ // 20) / RATE_HZ)
    for frame in FLASHES:
        place, reach = round(frame / FPS * RATE_HZ), RATE_HZ // 20
        around = pcm[place - reach:place + reach + len(tone)]
        late = int(np.argmax(np.correlate(around, tone, "valid"))) - reach
        assert abs(late) / RATE_HZ < 0.001


def test_the_same_mix_gives_the_same_bytes(tmp_path: Path) -> None:
    """Encoding is repeatable, header and all."""
    again = encode_audio(mix(), tmp_path)
    assert again == audio()[0]
    assert segments(again, tmp_path) == segments(*audio())


def test_an_edit_changes_only_the_fragments_around_it(tmp_path: Path) -> None:
    """Half a second made quieter in a mix of 12 s changes that second and at most its neighbours."""
    before = noise(12)
    after = before.copy()
    after[5 * RATE_HZ + 9000:5 * RATE_HZ + 33_000] *= 0.5
    old = segments(encode_audio(before, tmp_path / "old"), tmp_path / "old")
    new = segments(encode_audio(after, tmp_path / "new"), tmp_path / "new")
    changed = [number for number, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]]
    assert 5 in changed
    assert set(changed) <= {4, 5, 6}


def test_headers_do_not_depend_on_content_or_length(tmp_path: Path) -> None:
    """One initialization segment serves every mix, silent ones too."""
    inits = set()
    for name, sound in (("short", noise(0.4)), ("long", noise(3)), ("silent", np.zeros((RATE_HZ, 2), np.float32))):
        encoded = encode_audio(sound, tmp_path / name)
        inits.add((tmp_path / name / encoded.init).read_bytes())
    assert len(inits) == 1


def _hot(level: float) -> np.ndarray:
    """A square-like wave that coding overshoots."""
    wave = np.sign(np.sin(2 * np.pi * 997 * np.arange(RATE_HZ) / RATE_HZ)) * level
    return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)


def test_a_peak_is_lowered_where_it_is_and_nowhere_else(tmp_path: Path) -> None:
    """Where coding lifts a peak over the ceiling, the sound there is lowered until it fits; fragments apart stay."""
    quiet, hot = noise(8), noise(8)
    tone = 10 ** (-1.0 / 20) * np.sin(2 * np.pi * 997 * np.arange(RATE_HZ // 10) / RATE_HZ)
    hot[4 * RATE_HZ + 20_000:][:len(tone)] += tone[:, None]
    encoded = encode_audio(hot, tmp_path / "hot")
    assert 0.1 <= encoded.attenuation_db <= 3.0
    assert encoded.true_peak_dbtp <= -1.1
    assert true_peak_dbtp(decoded(encoded, tmp_path / "hot")) == pytest.approx(encoded.true_peak_dbtp, abs=0.01)
    before = encode_audio(quiet, tmp_path / "quiet")
    assert before.attenuation_db == 0
    pairs = zip(segments(before, tmp_path / "quiet"), segments(encoded, tmp_path / "hot"), strict=True)
    assert [number for number, (old, new) in enumerate(pairs) if old != new] == [4]


@pytest.mark.parametrize(("sound", "message"), [
    (_hot(0.9), "the decoded mix peaks at .* even where it is lowered. Limit the mix"),
    (np.zeros((100, 1), np.float32), r"float32 \(100, 1\), not float32 \(samples, 2\)"),
    (np.zeros((100, 2), np.float64), "float64"),
    (np.zeros((0, 2), np.float32), r"\(0, 2\)"),
    (np.full((100, 2), np.nan, np.float32), "not numbers"),
], ids=["too hot", "mono", "doubles", "empty", "not a number"])
def test_sound_that_cannot_be_delivered_is_told_and_leaves_nothing(sound: np.ndarray, message: str,
                                                                   tmp_path: Path) -> None:
    """Each mistake has its own message, and no file stays behind."""
    with pytest.raises(DeliveryError, match=message):
        encode_audio(sound, tmp_path)
    assert list(tmp_path.iterdir()) == []
