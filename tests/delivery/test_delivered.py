"""Earlier versions of an episode stay playable until they are collected; a viewer keeps to the version they opened."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from microdrama_assets.delivery.delivered import deliver, versions
from microdrama_assets.delivery.package import Package, assemble
from microdrama_assets.delivery.superseded import collect_deliveries, superseded_deliveries
from microdrama_assets.release.packaged import read_playlists
from resources import ffmpeg, objects
from resources.home import Home
from tests.delivery.synthetic import CUES, FRAMES, SHOTS, assembled, audio, package, rendition

DAY_S = 86_400.0
EDITED = {"sh020": 0.8}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")


def folder_in(home: Home) -> Path:
    return home.deliveries / "locket" / "e001" / "en"


def put(home: Home, made: Package) -> dict[str, str]:
    return {name: home.objects.put(data) for name, data in made.files.items()}


def delivered(home: Home, made: Package) -> Path:
    deliver(home, folder_in(home), put(home, made))
    return folder_in(home)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def aged(folder: Path, days: float) -> None:
    """Makes everything in a folder older by some days."""
    for path in folder.rglob("*"):
        if path.is_file():
            state = path.stat()
            os.utime(path, (state.st_atime, state.st_mtime - days * DAY_S))


def garbage(home: Home, days: float) -> list[str]:
    prefix = folder_in(home).relative_to(home.root).as_posix() + "/"
    return [one.path.removeprefix(prefix) for one in superseded_deliveries(home, time.time() - days * DAY_S)]


def test_what_is_delivered_is_the_package_and_plays(home: Home) -> None:
    """Every file lies there byte for byte, the playlists name nothing that is missing, and the MP4 takes no room twice."""
    folder = delivered(home, package())
    assert files(folder) == package().files
    assert read_playlists(folder).problems == []
    assert os.path.samefile(folder / "episode.mp4", folder / "versions" / package().version / "episode.mp4")


def test_an_earlier_version_plays_on_after_an_edit(home: Home) -> None:
    """After an edit the version before lies there byte for byte under its own address, and plays."""
    delivered(home, package())
    folder = delivered(home, assembled(EDITED))
    old, new = package(), assembled(EDITED)
    now = files(folder)
    assert now == {**{name: data for name, data in old.files.items() if "/" in name}, **new.files}
    for version in (old.version, new.version):
        listing = ffmpeg.run(["-v", "error", "-allowed_extensions", "ALL", "-i", str(folder / "versions" / version / "master.m3u8"),
                              "-map", "0:v:0", "-f", "framecrc", "pipe:1"]).decode()
        assert len([line for line in listing.splitlines() if not line.startswith("#")]) == FRAMES
    assert {version.name: version.superseded_s is None for version in versions(folder)} == {
        old.version: False, new.version: True}


def test_going_back_adds_no_third_version(home: Home) -> None:
    """A, B and A again are two versions, and A is current."""
    for made in (package(), assembled(EDITED), package()):
        folder = delivered(home, made)
    assert {version.name for version in versions(folder) if version.superseded_s is None} == {package().version}
    assert len(versions(folder)) == 2
    assert {name: data for name, data in files(folder).items() if "/" not in name} == {
        name: data for name, data in package().files.items() if "/" not in name}


def test_a_viewer_in_the_middle_meets_one_version_or_the_other(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a delivery stops, each entry at the root is whole, all that it names is there, and of one version."""
    folder = delivered(home, package())
    wanted, done = put(home, assembled(EDITED)), 0
    real = objects.os.replace

    def check_then(source: Path, target: Path) -> None:
        nonlocal done
        if folder in Path(target).parents:
            done += 1
            assert read_playlists(folder).problems == []
            for entry in ("master.m3u8", "player.json", "player.html"):
                named = set(re.findall(r"versions/([0-9a-f]{12})/", (folder / entry).read_text()))
                assert named in ({package().version}, {assembled(EDITED).version})
                assert all((folder / "versions" / name / "master.m3u8").exists() for name in named)
        real(source, target)

    monkeypatch.setattr(objects.os, "replace", check_then)
    deliver(home, folder, wanted)
    assert done > 10


def test_delivering_again_writes_nothing(home: Home) -> None:
    """The same package once more leaves every file as it is; a damaged one is put right."""
    folder = delivered(home, package())
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    delivered(home, package())
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    segment = next(folder.glob("segments/*/*.m4s"))
    segment.write_bytes(b"damaged")
    delivered(home, package())
    assert files(folder) == package().files


def test_a_superseded_version_goes_after_the_grace_period(home: Home) -> None:
    """Only what the old version alone named is collected, its entry first, and exactly what was listed."""
    delivered(home, package())
    aged(folder_in(home), 30)
    folder = delivered(home, assembled(EDITED))
    assert garbage(home, 14) == [], "superseded a moment ago, however old it is"
    aged(folder, 20)
    listed = superseded_deliveries(home, time.time() - 14 * DAY_S)
    before = files(folder)
    gone = list(collect_deliveries(home, listed, time.time() - 14 * DAY_S))
    assert gone == listed
    assert next(one.path for one in gone).endswith(f"versions/{package().version}/master.m3u8")
    assert files(folder) == assembled(EDITED).files
    assert {one.path.split("/en/")[1] for one in gone} == before.keys() - files(folder).keys()
    assert not (folder / "versions" / package().version).exists()
    assert read_playlists(folder).problems == []


def test_a_version_that_came_back_stays(home: Home) -> None:
    """The grace period counts from when a version was replaced last, not from when it was made."""
    for made in (package(), assembled(EDITED)):
        delivered(home, made)
    aged(folder_in(home), 20)
    delivered(home, package())
    assert garbage(home, 14) == [], "the edited version was replaced a moment ago"
    shots = [(shot, *rendition(shot)) for shot in SHOTS]
    delivered(home, assemble(shots, audio(), CUES, title="Another", language="en", series="locket", episode="e001"))
    assert garbage(home, 14) == [], "and now the first one"


def _between(home: Home) -> None:
    delivered(home, package())


def _killed(home: Home) -> None:
    """A collection that was killed after a version's entry was gone."""
    (folder_in(home) / "versions" / package().version / "master.m3u8").unlink()


@pytest.mark.parametrize(("happens", "left"), [(_between, package), (_killed, lambda: assembled(EDITED))],
                         ids=["delivered again between listing and deleting", "killed halfway"])
def test_collecting_is_safe(home: Home, happens: Callable[[Home], None], left: Callable[[], Package]) -> None:
    """What is delivered again after the listing stays; what a killed collection left goes with the next."""
    for made in (package(), assembled(EDITED)):
        folder = delivered(home, made)
        aged(folder, 20)
    before_s = time.time() - 14 * DAY_S
    listed = superseded_deliveries(home, before_s)
    happens(home)
    if happens is _killed:
        listed = superseded_deliveries(home, before_s)
    list(collect_deliveries(home, listed, before_s))
    assert read_playlists(folder).problems == []
    assert left().files.items() <= files(folder).items()
    assert happens is _between or files(folder) == left().files


def test_a_folder_that_is_not_understood_is_left_alone(home: Home) -> None:
    """Without an entry that names a version, nothing in the folder is garbage."""
    folder = delivered(home, package())
    (folder / "master.m3u8").write_text("#EXTM3U\nvideo.m3u8\n")
    aged(folder, 99)
    assert garbage(home, 0) == []


def test_links_are_not_followed(home: Home, tmp_path: Path) -> None:
    """What lies outside the home is neither listed nor deleted."""
    for made in (package(), assembled(EDITED)):
        delivered(home, made)
    outside = tmp_path / "outside"
    folder_in(home).rename(outside)
    folder_in(home).symlink_to(outside)
    aged(outside, 99)
    assert garbage(home, 0) == []
