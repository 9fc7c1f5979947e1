"""An edit of one shot, through the real graph: what changes in what viewers have, what is encoded, what can be collected."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

import microdrama_assets.delivery.assets as delivery
from deployment.gc import collect
from deployment.lineage import lineage_of
from microdrama_assets.delivery.delivered import versions
from microdrama_assets.graph.action import Action
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.perform import perform
from microdrama_assets.graph.toolbox import Toolbox
from microdrama_assets.registering import register_series
from microdrama_assets.release.packaged import read_playlists
from microdrama_assets.schemas.delivery import Rung
from microdrama_assets.steps import STEPS
from resources.home import Home
from tests.truth.pair import FILES, House, Rendering

RUNG = Rung(name="180p", width=180, height=320, crf=30, max_rate_kbps=200, buffer_kbit=300, level="3.0", codecs="avc1.64001E")
EPISODE = "episodes/001.fountain"
SCREENPLAY = """INT. ROOM - NIGHT

[[shot: insert locket, 2s]]

ANA
Stay here.

[[shot: insert letter, 3s]]

The letter lies open.

[[shot: insert key, 3s]]

BO
You must not open it, Ana.

[[shot: insert ring, 3s]]
"""
QUIET = Console(quiet=True)


@pytest.fixture(scope="module")
def toolbox() -> Toolbox:
    return Toolbox()


@pytest.fixture(scope="module")
def patched() -> Iterator[None]:
    """One small rung: the frames are real, only fewer of them are encoded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "LADDER", (RUNG,))
        yield


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, toolbox: Toolbox, patched: None) -> House:
    """The episode rendered once: eleven seconds, two lines, music."""
    house = House(tmp_path_factory.mktemp("first"), toolbox)
    house.write({name: text for name, text in FILES.items() if not name.endswith(".es.yaml") and "002" not in name})
    house.write({EPISODE: SCREENPLAY, "series.yaml": FILES["series.yaml"].replace("[en, es]", "[en]").replace("none}", "tense}")})
    house.render()
    return house


@pytest.fixture
def house(first: House, tmp_path: Path) -> House:
    return first.copy(tmp_path / "house")


def folder(house: House) -> Path:
    return house.home / "deliveries" / "pair" / "e001" / "en"


def segments(house: House, playlist: str) -> list[tuple[float, str]]:
    """Start in seconds and path of each segment of the current version."""
    place = next(folder(house).glob(f"versions/{current(house)}/{playlist}"))
    at_s, found = 0.0, []
    for length, url in re.findall(r"#EXTINF:([\d.]+),\n\.\./\.\./(\S+)", place.read_text()):
        found.append((round(at_s, 3), url))
        at_s += float(length)
    return found


def current(house: House) -> str:
    return next(version.name for version in versions(folder(house)) if version.superseded_s is None)


def changed_s(before: list[tuple[float, str]], after: list[tuple[float, str]]) -> list[float]:
    """Starts of the segments whose URLs are new."""
    known = {url for _, url in before}
    return [at_s for at_s, url in after if url not in known]


def encoded(rendering: Rendering) -> list[str]:
    return sorted(partition for asset, partition in rendering.made if asset == "abr_rendition")


def stored(house: House) -> dict[str, bytes]:
    return {path.relative_to(folder(house)).as_posix(): path.read_bytes()
            for path in folder(house).glob("segments/*/*") if path.is_file()}


def test_another_line_in_a_shot_of_fixed_length(house: House) -> None:
    """Only that shot's segments get new URLs; of the sound, the four seconds in which the line and the music's step back are heard."""
    video, sound, bytes_before = segments(house, "video_180p.m3u8"), segments(house, "audio.m3u8"), stored(house)
    house.edit(EPISODE, "You must not open it, Ana.", "You must not close it, Ana.")
    rendering = house.render()
    assert encoded(rendering) == ["e001.sh030@en"]
    assert changed_s(video, segments(house, "video_180p.m3u8")) == [5.0, 6.0, 7.0]
    assert changed_s(sound, segments(house, "audio.m3u8")) == [4.011, 5.013, 6.016, 7.019]
    assert bytes_before.items() <= stored(house).items(), "what was delivered stays as it was"


def test_another_action_in_a_silent_shot(house: House) -> None:
    """Only that shot's segments get new URLs, and no sound is mixed or encoded again."""
    video, sound = segments(house, "video_180p.m3u8"), segments(house, "audio.m3u8")
    house.edit(EPISODE, "insert letter, 3s", "insert photo, 3s")
    rendering = house.render()
    assert encoded(rendering) == ["e001.sh020@en"]
    assert {asset for asset, _ in rendering.made} & {"audio_mix", "audio_rendition", "speech_take"} == set()
    assert changed_s(video, segments(house, "video_180p.m3u8")) == [2.0, 3.0, 4.0]
    assert changed_s(sound, segments(house, "audio.m3u8")) == []


def test_a_longer_shot_is_the_only_one_encoded(house: House) -> None:
    """Another length encodes one shot; the shots before it keep their URLs, those after it move in time alone."""
    video = segments(house, "video_180p.m3u8")
    house.edit(EPISODE, "insert letter, 3s", "insert letter, 4s")
    rendering = house.render()
    assert encoded(rendering) == ["e001.sh020@en"]
    assert {partition for asset, partition in rendering.made if asset == "dialogue_track"} == {"e001.sh020@en"}
    after = segments(house, "video_180p.m3u8")
    assert len(after) == len(video) + 1 and after[:2] == video[:2]


def test_going_back_makes_nothing_and_adds_no_version(house: House) -> None:
    """A, B, A: the second A is found as a whole, is current again, and lies there once."""
    before = current(house)
    house.edit(EPISODE, "insert ring, 3s", "insert photo, 3s")
    house.render()
    house.edit(EPISODE, "insert photo, 3s", "insert ring, 3s")
    rendering = house.render()
    assert (rendering.made, rendering.encodes) == (set(), 0)
    assert current(house) == before and len(versions(folder(house))) == 2


def published(house: House) -> None:
    """The episode as it stands is published, by an action that stands on its review as the real one does."""
    home = Home.open(house.home)
    register_series(home, house.series)
    desk, key = Desk(home, STEPS, Toolbox()), Key("pair", "e001", market="world")
    action = Action("published_episode", "1", inputs={"review.json": desk.input("episode_review", key.in_episode(), "review.json")})
    perform(desk, key, action, lambda work: work.pass_on("published.json", "review.json"))
    home.cache.set_head("pair", "published_episode", key.partition, action.digest)


def aged(root: Path, days: float = 40) -> None:
    then = time.time() - days * 86_400
    for path in root.rglob("*"):
        os.utime(path, (then, then), follow_symlinks=False)


def test_after_a_collection_everything_current_is_as_it_was(house: House) -> None:
    """Superseded results and versions go; the plan is fresh, lineage is whole, the package plays; going back works."""
    old = current(house)
    house.edit(EPISODE, "insert ring, 3s", "insert photo, 3s")
    house.render()
    home = Home.open(house.home)
    aged(house.home)
    told = collect(home, QUIET, dry_run=True, superseded_days=30)
    deleted = collect(home, QUIET, superseded_days=30)
    assert deleted.garbage == told.garbage
    assert {one.kind for one in deleted.garbage} >= {"superseded delivery", "superseded result", "superseded artifact"}
    assert old not in {version.name for version in versions(folder(house))}
    assert read_playlists(folder(house)).problems == []
    assert len(lineage_of(home, "pair.e001").trees[0].walk()) > 20
    assert lineage_of(home, str(folder(house) / "episode.mp4")).trees
    assert house.render() == Rendering(set(), set(), set(), [], set(), 0, set())
    house.edit(EPISODE, "insert photo, 3s", "insert ring, 3s")
    assert encoded(house.render()) == ["e001.sh040@en"]
    assert current(house) == old


def test_what_is_published_stays(house: House) -> None:
    """A version that is published is kept however long another has been current, and so is all that it was made from."""
    old = current(house)
    published(house)
    house.edit(EPISODE, "insert ring, 3s", "insert photo, 3s")
    house.render()
    aged(house.home)
    collect(Home.open(house.home), QUIET, superseded_days=30)
    assert {version.name for version in versions(folder(house))} == {old, current(house)}
    house.edit(EPISODE, "insert photo, 3s", "insert ring, 3s")
    assert house.render().made == set()
