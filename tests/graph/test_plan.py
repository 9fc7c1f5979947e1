"""The plan's words and numbers: causes down to the line, what drifts and what is stale, prices, caps."""

from __future__ import annotations

from pathlib import Path

import pytest

from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.decisions import decide, decided
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.verdict import Verdict
from microdrama_assets.planning import OverCap, check_cap, plan, to_render
from resources.errors import ResourceError
from resources.rates import load_rates
from tests.graph.rooms import SCRIPT, Rooms

ANGRY = ("ANA\nNobody sleeps in room 1003.", "ANA\n(angry)\nNobody sleeps in room 1003.")


@pytest.fixture
def rooms(tmp_path: Path) -> Rooms:
    """Rendered whole."""
    found = Rooms(tmp_path)
    found.render()
    assert found.plan() == []
    return found




@pytest.mark.parametrize(("file", "old", "new", "partition", "cause", "end"), [
    pytest.param("characters/ben.yaml", "build: slim", "build: broad", "keyframe e001.sh020",
                 "build of ben changed (build slim -> broad, characters/ben.yaml:2)", "characters/ben.yaml", id="looks"),
    pytest.param("characters/ben.yaml", "en: am_adam", "en: am_fenrir", "dialogue_track e001.sh020@en",
                 "voice of ben changed (en am_adam -> am_fenrir, characters/ben.yaml:3)", "characters/ben.yaml", id="voice"),
    pytest.param("sets/house.yaml", "name: House", "name: House\nlighting: neon", "keyframe e002.sh010",
                 "lighting of set house changed (warm -> neon, sets/house.yaml:2)", "sets/house.yaml", id="set"),
    pytest.param("series.yaml", "slug: rooms", "look: {grade: noir}\nslug: rooms", "abr_rendition e002.sh040@es",
                 "grade changed (warm -> noir, series.yaml:1)", "series.yaml", id="grade"),
    pytest.param("series.yaml", "slug: rooms", "look: {captions: {size_px: 80}}\nslug: rooms", "abr_rendition e002.sh040@es",
                 "caption style changed (64 -> 80, series.yaml:1)", "series.yaml", id="captions"),
    pytest.param("episodes/002.es.yaml", "Nadie duerme en la sala 2003.", "Nadie vive en la sala 2003.",
                 "dialogue_track e002.sh030@es", "line 6 of episodes/002.es.yaml changed", "episodes/002.es.yaml",
                 id="translation"),
    pytest.param(SCRIPT, "Ana counts the doors up to room 1001.", "Ana counts the stairs up to room 1001.",
                 "shot_spec e001.sh010", f"line 5 of {SCRIPT} changed", SCRIPT, id="action"),
])
def test_cause_is_what_a_person_changed(rooms: Rooms, file: str, old: str, new: str, partition: str, cause: str,
                                        end: str) -> None:
    """Every stale partition names the file, the line and the change, and its chain ends in that file."""
    rooms.edit(file, old, new)
    entries = {f"{entry.asset} {entry.key.partition}": entry for entry in rooms.plan()}
    assert entries[partition].verdict is Verdict.STALE
    assert entries[partition].cause == cause
    assert entries[partition].chain[-1] == end
    assert {entry.cause for entry in entries.values()} == {cause}


@pytest.mark.parametrize(("file", "old", "new", "stale"), [
    pytest.param(SCRIPT, "The door of room 1004 is open.", "The door of room 1004 is shut.",
                 {"shot_spec", "keyframe", "interpolated_clip", "lipsynced_clip", "dialogue_track", "captions",
                  "abr_rendition"}, id="quoted"),
    pytest.param("episodes/001.es.yaml", "La puerta de la sala 1004 está abierta.", "La sala 1004 está abierta.",
                 {"shot_spec", "lipsynced_clip", "dialogue_track", "captions", "abr_rendition"}, id="translated"),
    pytest.param(*(SCRIPT, *ANGRY), set(), id="another"),
])
def test_a_recap_follows_what_it_quotes(tmp_path: Path, file: str, old: str, new: str, stale: set[str]) -> None:
    """Where a line that the next episode quotes is changed, its recap is stale and says why, and nothing else of that
    episode's shots; a translation of it redraws no picture and changes no other language."""
    rooms = Rooms(tmp_path)
    rooms.edit("episodes/002.fountain", "[[shot: wide]]", "[[card: previously]]\n\n[[shot: wide]]")
    rooms.edit("episodes/001.es.yaml", "lines:", "lines:\n  - character: BEN\n    source: The door of room 1004 is shut."
               "\n    text: Cerrada.")
    rooms.render()
    rooms.edit(file, old, new)
    recap = [entry for entry in rooms.plan() if str(entry.key.partition).startswith("e002.sh")]
    assert {entry.asset for entry in recap} == stale
    assert {entry.key.shot for entry in recap} <= {"sh010"}
    assert {entry.key.language for entry in recap} <= ({None, "en", "es"} if file == SCRIPT else {None, "es"})
    assert {entry.cause for entry in recap} <= {
        "the shot of the episode before that this one begins with changed, or what is said in it"}
    rooms.render()
    assert rooms.plan() == []


def test_two_changed_lines_are_told_apart(rooms: Rooms) -> None:
    """Each shot names its own line; what stands on both names both."""
    rooms.edit(SCRIPT, "Ana counts the doors up to room 1001.", "Ana counts the stairs up to room 1001.")
    rooms.edit(SCRIPT, *ANGRY)
    causes = {f"{entry.asset} {entry.key.partition}": entry.cause for entry in rooms.plan()}
    first, second = f"line 5 of {SCRIPT} changed", f"line 15 of {SCRIPT} changed"
    assert causes["shot_spec e001.sh010"] == first
    assert causes["shot_spec e001.sh030"] == second
    assert causes["shot_manifest e001"] == f"{first}; {second}"
    assert not any(" e002" in name for name in causes)


def test_drifted_work_is_told_and_kept(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new code version drifts its asset and what stands on it; with drifted work kept nothing of it is to be made."""
    now = CODE_VERSIONS["keyframe"]
    monkeypatch.setitem(CODE_VERSIONS, "keyframe", "next")
    planned = rooms.plan()
    assert {entry.verdict for entry in planned} == {Verdict.DRIFTED}
    assert {entry.asset for entry in planned} == {"keyframe", "interpolated_clip", "lipsynced_clip", "abr_rendition",
                                                  "episode_package", "episode_review"}
    assert {entry.cause for entry in planned} == {f"code of keyframe {now} -> next"}
    assert to_render(planned, include_drifted=False) == []
    rooms.studio.refresh(keep_drifted=True)
    for entry in planned:
        assert rooms.studio.desk.find(entry.asset, entry.key) == rooms.studio.desk.last(entry.asset, entry.key)


def test_stale_beside_drifted(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed line is stale on top of kept drifted stills; the rest stays drifted."""
    monkeypatch.setitem(CODE_VERSIONS, "keyframe", "next")
    rooms.edit(SCRIPT, *ANGRY)
    named = rooms.named()
    assert named["keyframe e001.sh020"] == "drifted"
    assert named["abr_rendition e001.sh020@en"] == "drifted"
    assert named["shot_spec e001.sh030"] == named["abr_rendition e001.sh030@en"] == "stale"
    assert named["episode_package e001@en"] == "stale"
    assert named["episode_package e002@en"] == "drifted"


def test_reverting_costs_nothing(rooms: Rooms) -> None:
    """A -> B -> A: the plan finds everything in the cache, at no price, and nothing is made."""
    rooms.edit(SCRIPT, *ANGRY)
    rooms.render()
    rooms.edit(SCRIPT, *reversed(ANGRY))
    planned = rooms.plan()
    assert planned and all(entry.cached and entry.usd == 0.0 and entry.seconds == 0.0 for entry in planned)
    assert rooms.render() == []
    assert rooms.plan() == []


def test_price_comes_from_history(rooms: Rooms) -> None:
    """A stale partition costs what it took last, at the rates of the home; a new one the median of its siblings."""
    (rooms.home / "rates.yaml").write_text("machine_usd_per_hour: 3600.0\n")
    rooms.edit(SCRIPT, *ANGRY)
    entry = next(entry for entry in rooms.plan() if entry.asset == "shot_spec")
    last = rooms.studio.home.cache.get(str(rooms.studio.home.cache.head("rooms", "shot_spec", "e001.sh030")))
    assert last is not None
    assert (entry.seconds, entry.usd) == (last["seconds"], pytest.approx(last["seconds"]))
    (rooms.folder / "episodes" / "003.fountain").write_text("INT. HOUSE - DAY\n\n[[shot: insert key, 1s]]\n\nA key.\n")
    (rooms.folder / "episodes" / "003.es.yaml").write_text("lines: []\n")
    rooms.edit("series.yaml", "title: Rooms", "title: Rooms again")
    new = [entry for entry in rooms.plan() if entry.key.episode == "e003"]
    assert {entry.verdict for entry in new} == {Verdict.MISSING}
    assert all(entry.usd is not None and entry.usd > 0 for entry in new if entry.asset != "shot_manifest")


def test_cap(tmp_path: Path) -> None:
    """A plan dearer than the cap, or with a step that has no price, is refused before anything is made."""
    rooms = Rooms(tmp_path)
    planned = plan(rooms.studio, rooms.request)
    assert {entry.usd for entry in planned} == {0.0}
    (rooms.home / "rates.yaml").write_text("machine_usd_per_hour: 3600.0\n")
    with pytest.raises(OverCap, match="have no price yet, first character_bundle rooms.ana"):
        check_cap(plan(rooms.studio, rooms.request), 100.0)
    rooms.render()
    rooms.edit("series.yaml", "slug: rooms", "look: {grade: noir}\nslug: rooms")
    stale = rooms.plan()
    total = sum(entry.usd or 0.0 for entry in stale)
    check_cap(stale, total)
    with pytest.raises(OverCap, match="more than the cap"):
        check_cap(stale, total * 0.99)


@pytest.mark.parametrize("text", ["machine: 1\n", "- 1\n", "machine_usd_per_hour: much\n", "machine_usd_per_hour: -1\n", "{"])
def test_rates_that_are_not_understood(tmp_path: Path, text: str) -> None:
    """Rates that cannot be read are an error that names the file, never zero."""
    (tmp_path / "rates.yaml").write_text(text)
    with pytest.raises(ResourceError, match=r"rates\.yaml"):
        load_rates(tmp_path)


def test_damaged_record_blocks(rooms: Rooms) -> None:
    """A record that cannot be understood makes its partition blocked, and what stands on it; never missing."""
    head = str(rooms.studio.home.cache.head("rooms", "keyframe", "e001.sh030"))
    record = rooms.home / "refs" / "actions" / head[:2] / head
    record.chmod(0o644)
    record.write_text("{")
    named = rooms.named()
    assert named["keyframe e001.sh030"] == named["abr_rendition e001.sh030@es"] == "blocked"
    assert named["episode_package e001@en"] == "blocked"
    assert "keyframe e001.sh020" not in named


def test_bytes_that_another_partition_made_first(rooms: Rooms) -> None:
    """Two stills with one recipe are drawn once; the cause of each is still its own, not that of who was first."""
    for partition in ("e001.sh030", "e002.sh030"):
        cache = rooms.studio.home.cache
        assert cache.head("rooms", "keyframe", "e001.sh030") == cache.head("rooms", "keyframe", partition)
    for episode in (1, 2):
        decide(rooms.studio.home, Key("rooms", f"e00{episode}", "sh030"), lambda now: decided(now, take=2))
        causes = {entry.cause for entry in rooms.plan() if entry.key.episode == f"e00{episode}"}
        assert causes == {"take 2 of sh030 is wanted (it was 1)"}
