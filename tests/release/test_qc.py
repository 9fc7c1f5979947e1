"""Quality control passes a good package, and each fault is caught by the measurement that is there for it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from microdrama_assets.delivery.audio import encode_audio
from microdrama_assets.delivery.ladder import encode_shot
from microdrama_assets.delivery.package import assemble
from microdrama_assets.release.errors import ReleaseError
from microdrama_assets.release.loudness import av_offset_ms, measure_sound
from microdrama_assets.release.measurement import Measurement
from microdrama_assets.release.qc import failed, measure
from microdrama_assets.release.spoken import Speech, cues
from microdrama_assets.schemas.delivery import LADDER
from microdrama_assets.schemas.manifest import Timeline
from microdrama_assets.schemas.sound import DialogueTimings
from tests.delivery.synthetic import (
    CUES,
    FPS,
    FRAMES,
    RATE_HZ,
    SHOTS,
    dialogue,
    frames,
    mix,
    package,
    package_folder,
    rendition,
    start_of,
)
from tests.release.conftest import said


def by_name(measurements: tuple[Measurement, ...]) -> dict[str, Measurement]:
    named = {measurement.name: measurement for measurement in measurements}
    assert len(named) == len(measurements)
    return named


def measured(place: Path, timeline: Timeline, speech: Speech) -> dict[str, Measurement]:
    return by_name(measure(place, timeline=timeline, speech=speech, mix=mix(), dialogue=dialogue()))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A package that a test may damage."""
    return shutil.copytree(package_folder(), tmp_path / "package")


def rebuilt(folder: Path, *, sound: np.ndarray | None = None, black: int = 0) -> Path:
    """The episode with other sound, or with the last shot's first `black` frames black."""
    shots = [(shot, *rendition(shot)) for shot in SHOTS]
    if black:
        drawn = [np.zeros_like(frame) if number < black else frame for number, frame in enumerate(frames("sh030"))]
        place = folder / "shot"
        shots[-1] = ("sh030", encode_shot(iter(drawn), SHOTS["sh030"], FPS, LADDER, place), place)
    encoded = encode_audio(mix() if sound is None else sound, folder / "sound")
    made = assemble(shots, (encoded, folder / "sound"), CUES, title="T", language="en", series="s", episode="e001")
    made.write(folder / "package")
    return folder / "package"


def test_a_good_package_passes_with_exact_values(timeline: Timeline, speech) -> None:
    """Every measurement is there, within its limit, with the value that the episode was made with."""
    found = measured(package_folder(), timeline, speech)
    assert failed(tuple(found.values())) == ()
    assert {name: found[name].value for name in (
        "playlists", "resolution", "clock", "fps", "duration", "black", "download", "download_av_offset", "silence",
        "lines_captioned")} == {
        "playlists": 0, "resolution": "720x1280, 1080x1920, 360x640", "clock": 0, "fps": 30.0,
        "duration": round(FRAMES / FPS, 3), "black": 0, "download": 0, "download_av_offset": 0, "silence": 0,
        "lines_captioned": 2}
    assert found["loudness"].value == pytest.approx(-16, abs=0.2)
    assert found["true_peak"].value <= -1.0
    assert abs(found["av_offset"].value) < 1
    assert found["lines_spoken"].value == 0.9  # the mix itself has 0.91: music lies under the lines


def test_the_same_package_gives_the_same_measurements(timeline: Timeline, speech) -> None:
    """Measuring is repeatable, so a review can be cached."""
    first = measure(package_folder(), timeline=timeline, speech=speech, mix=mix(), dialogue=dialogue())
    assert measure(package_folder(), timeline=timeline, speech=speech, mix=mix(), dialogue=dialogue()) == first


def _quiet() -> np.ndarray:
    return mix() * np.float32(0.8)


def _late() -> np.ndarray:
    return np.roll(mix(), round(0.030 * RATE_HZ), axis=0)


def _unsaid() -> np.ndarray:
    return mix(unsaid="sh020")


def _buried() -> np.ndarray:
    """Another voice, as loud as the line, where the line should be."""
    sound = mix(unsaid="sh020")
    other = dialogue()["sh010"][round(0.2 * RATE_HZ):RATE_HZ]
    place = round((start_of("sh020") / FPS + 0.4) * RATE_HZ)
    sound[place:place + len(other)] += 1.2 * other[:, None]
    return sound


@pytest.mark.parametrize(("sound", "caught"), [
    (_quiet, {"loudness"}), (_late, {"av_offset"}), (_unsaid, {"lines_spoken"}),
    (_buried, {"lines_spoken"}),
], ids=["2 dB too quiet", "30 ms late", "a line missing", "another line in its place"])
def test_faults_of_sound_are_caught(sound: Callable[[], np.ndarray], caught: set[str], tmp_path: Path,
                                    timeline: Timeline, speech) -> None:
    """Each fault fails its own measurement, and at most what follows from it."""
    place = rebuilt(tmp_path, sound=sound())
    names = {m.name for m in failed(measure(place, timeline=timeline, speech=speech, mix=mix(), dialogue=dialogue()))}
    assert caught <= names
    assert names - caught <= ({"lines_spoken"} if "av_offset" in caught else {"loudness"})


def test_silence_is_caught_with_its_place() -> None:
    """More than three seconds of nothing at the end are found where they start."""
    sound = np.concatenate([mix(), np.zeros((4 * RATE_HZ, 2), np.float32)])
    found = by_name(tuple(measure_sound(sound, -16, -2, sound, 0)))["silence"]
    assert (found.passed, found.value, found.where) == (False, 4.0, "0:03.670")


@pytest.mark.parametrize(("heard", "value"), [(0.0, "silent"), (0.01, "heard")])
def test_an_episode_mixed_silent_has_to_be_silent(heard: float, value: str) -> None:
    """Where nobody speaks and nothing sounds there is no loudness to reach; a sound that nobody mixed is caught."""
    sound = np.zeros((5 * RATE_HZ, 2), np.float32)
    delivered = sound.copy()
    delivered[2 * RATE_HZ:3 * RATE_HZ] = heard
    found = measure_sound(delivered, -70, -180, sound, 0)
    assert [(one.value, one.passed) for one in found] == [(value, value == "silent")] * 4


def test_black_is_caught_unless_the_story_wants_it(tmp_path: Path, timeline: Timeline, speech) -> None:
    """20 black frames at the start of the last shot fail, by name of the shot; a span that allows them passes them."""
    place = rebuilt(tmp_path, black=20)  # frame 14 of the shot is a flash no more
    found = measured(place, timeline, speech)["black"]
    assert (found.passed, found.value, found.where) == (False, pytest.approx(20 / 30, abs=0.04), "0:02.867, sh030")
    allowed = by_name(measure(place, timeline=timeline, speech=speech, mix=mix(), black_allowed=[(2.8, 3.6)]))["black"]
    assert (allowed.passed, allowed.value) == (True, 0)


def inside(folder: Path, name: str) -> Path:
    return folder / "versions" / package().version / name


def _without_endlist(folder: Path) -> None:
    _edit(inside(folder, "audio.m3u8"), "#EXT-X-ENDLIST\n", "")


def _without_target(folder: Path) -> None:
    _edit(inside(folder, "video_360p.m3u8"), "#EXT-X-TARGETDURATION:1\n", "")


def _escaping(folder: Path) -> None:
    _edit(inside(folder, "audio.m3u8"), "segments/", "../package/segments/")


def _foreign(folder: Path) -> None:
    _edit(folder / "master.m3u8", f"versions/{package().version}/video_720p", "https://example.org/video_720p")


def _missing_segment(folder: Path) -> None:
    name = re.search(r"segments/.*\.m4s", inside(folder, "video_720p.m3u8").read_text())
    (folder / name.group()).unlink()  # type: ignore[union-attr]


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.mark.parametrize(("damage", "message"), [
    (_without_endlist, "audio.m3u8 does not end"), (_without_target, "video_360p.m3u8"),
    (_escaping, "is not a path inside the package"), (_foreign, "is not a path inside the package"),
    (_missing_segment, "is named and missing"),
], ids=["no end", "no target duration", "leaves the package", "another host", "a segment gone"])
def test_faults_of_playlists_are_caught(damage, message: str, copy: Path, timeline: Timeline, speech) -> None:
    """A playlist that a strict player may refuse, or that names what is not there, fails with the reason."""
    damage(copy)
    found = measured(copy, timeline, speech)["playlists"]
    assert not found.passed
    assert message in found.where


def test_frames_off_their_time_are_caught_at_the_cut(copy: Path, timeline: Timeline, speech) -> None:
    """A second shot's segment that kept its shot time fails the clock, from the cut on."""
    playlist = inside(copy, "video_360p.m3u8")
    lines = playlist.read_text().splitlines(keepends=True)
    segments = [number for number, line in enumerate(lines) if line.startswith("../../segments/")]
    lines[segments[1]], lines[segments[2]] = lines[segments[2]], lines[segments[1]]
    del lines[segments[2] - 1:segments[2] + 1]
    playlist.write_text("".join(lines))
    found = measured(copy, timeline, speech)
    assert not found["clock"].passed
    assert "video_360p.m3u8" in found["clock"].where
    assert "sh020" in found["clock"].where
    assert not found["duration"].passed


def test_another_cut_than_was_ordered_is_caught(timeline: Timeline, speech) -> None:
    """A package of 110 frames does not pass for an episode of 111."""
    last = timeline.shots[2].model_copy(update={"frames": 25})
    longer = timeline.model_copy(update={"shots": (*timeline.shots[:2], last)})
    failures = failed(tuple(measured(package_folder(), longer, speech).values()))
    assert {failure.name for failure in failures} == {"clock", "duration", "download"}


def test_a_line_that_is_not_captioned_is_caught(timeline: Timeline, speech) -> None:
    """Words that no cue shows near their time fail, naming line and place."""
    changed = {**speech, "sh020": said("sh020", "It was always hers.")}
    found = measured(package_folder(), timeline, changed)["lines_captioned"]
    assert (found.passed, found.value, found.where) == (False, 1, "0:01.500, sh020, sh020.1")


def test_a_line_without_a_take_is_caught(timeline: Timeline, speech) -> None:
    """A line that was never synthesized counts as unheard, and a shot without data is not taken for a silent one."""
    facet, timings = speech["sh020"]
    without = {**speech, "sh020": (facet, DialogueTimings(language="en", duration_ms=timings.duration_ms, lines=()))}
    assert not measured(package_folder(), timeline, without)["lines_spoken"].passed
    unknown = measure(package_folder(), timeline=timeline, speech=speech, mix=mix())
    assert by_name(unknown)["lines_spoken"].value == 0
    lost = {shot: said for shot, said in speech.items() if shot != "sh030"}
    found = measured(package_folder(), timeline, lost)["lines_spoken"]
    assert (found.passed, found.where) == (False, "no speech data for sh030")


def test_no_package_is_told(tmp_path: Path, timeline: Timeline, speech) -> None:
    """An empty folder is an error with its remedy, not a failed measurement."""
    with pytest.raises(ReleaseError, match=r"there is no master\.m3u8\. Render the episode's package first"):
        measure(tmp_path, timeline=timeline, speech=speech, mix=mix(), dialogue=dialogue())


@pytest.mark.parametrize("shift_ms", [-40.0, -0.5, 0.0, 12.5, 100.0])
def test_the_offset_is_measured_to_a_tenth_of_a_millisecond(shift_ms: float) -> None:
    """Sound moved by a known time is found moved by that time."""
    sound = mix()
    moved = np.roll(sound, round(shift_ms * RATE_HZ / 1000), axis=0)
    assert av_offset_ms(moved, sound)[0] == pytest.approx(shift_ms, abs=0.1)


def test_cues_are_read_as_text() -> None:
    """Markup goes, entities become signs, hours are optional, settings are not text."""
    first, second = "00:01.000 --> 00:02.500 line:70%\n<v Mara>Tú &amp; yo", "id\n01:00:00.000 --> 01:00:01.000\nEnd\n"
    vtt = f"WEBVTT\n\nNOTE a note\n\n{first}\n\n{second}"
    assert cues(vtt) == [(1.0, 2.5, "Tú & yo"), (3600.0, 3601.0, "End\n")]


def test_a_quiet_word_is_not_taken_for_the_louder_one_after_it() -> None:
    """A word fits itself best, however much louder a like sound close by is."""
    tone = np.sin(2 * np.pi * 110 * np.arange(RATE_HZ * 3) / RATE_HZ, dtype=np.float32)
    loud = np.repeat(np.array([0.02, 0.6, 0.02], dtype=np.float32), RATE_HZ)
    sound = np.stack([tone * loud] * 2, axis=1)
    assert av_offset_ms(sound, sound)[0] == 0.0
