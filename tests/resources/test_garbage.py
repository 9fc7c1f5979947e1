"""Garbage collection: only what nothing needs, exactly as listed, beside work in flight, and from wherever it was killed."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from audit.lineage import trace
from deployment.gc import collect
from microdrama_assets.graph.action import Action, Input, Origin, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.perform import perform
from microdrama_assets.graph.toolbox import Toolbox
from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.errors import MicrodramaError
from resources.action_cache import DamagedRecord
from resources.errors import CorruptObject, ResourceError
from resources.garbage import Ages, Collection, Garbage, alone
from resources.home import Home
from tests.e2e.tiny import microdrama

KEY = Key("locket", "e001", "sh010")
DAY_S = 86_400.0
QUIET = Console(quiet=True)


@dataclass(frozen=True)
class Made:
    """A home in which a still was drawn and a clip made of it, twice: from `first` and then from `second` words."""

    home: Home
    first: tuple[Result, Result]
    second: tuple[Result, Result]
    """The clip that the partition stands on, and the still below it, which is nobody's head."""

    def record(self, result: Result) -> Path:
        return self.home.root / "refs" / "actions" / result.action[:2] / result.action


def performed(home: Home, words: str) -> tuple[Result, Result]:
    """(still, clip): the still's recipe names what a person wrote, the clip's names the still."""
    desk = Desk(home, {}, Toolbox())
    still, _ = perform(desk, KEY, Action("keyframe", "1", inputs={"frame.json": desk.source(words.encode())}),
                       lambda work: _add(work, "still.png", work.read("frame.json").upper()))
    drawn = Input(still.outputs["still.png"], Origin("keyframe", KEY.partition, "still.png", still.statement))
    clip, _ = perform(desk, KEY, Action("clip", "1", inputs={"still.png": drawn}),
                      lambda work: _add(work, "clip.json", b'{"clip": "' + work.read("still.png") + b'"}'))
    home.cache.set_head("locket", "clip", KEY.partition, clip.action)
    return still, clip


def _add(work: Work, name: str, data: bytes) -> None:
    work.add(name, data)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    home = Home.open(tmp_path / "home")
    return aged(Made(home, performed(home, "first"), performed(home, "second")))


def aged(made: Made, days: float = 40) -> Made:
    """Everything was stored and used so many days ago."""
    then = time.time() - days * DAY_S
    for path in made.home.root.rglob("*"):
        os.utime(path, (then, then), follow_symlinks=False)
    return made


def objects(home: Home) -> set[str]:
    return set(home.objects.digests())


def gone(home: Home, **how: float) -> list[tuple[str, str]]:
    """Kind and path of what a collection deletes; the dry run before it has listed exactly that."""
    before = _files(home)
    told = collect(home, QUIET, dry_run=True, **how)
    assert _files(home) == before, "a dry run deletes nothing"
    deleted = collect(home, QUIET, **how)
    assert deleted.garbage == told.garbage
    listed = {one.path for one in deleted.garbage}
    assert before - _files(home) == {path for path in before if listed & {path, *map(str, Path(path).parents)}}
    return [(one.kind, one.path) for one in deleted.garbage]


def _files(home: Home) -> set[str]:
    """Everything but locks, which come with use and stay."""
    return {path.relative_to(home.root).as_posix() for path in home.root.rglob("*")
            if (path.is_file() or path.is_symlink()) and path.suffix != ".lock"}


# -- what is kept and what goes ---------------------------------------------------------------------------------------


def test_a_home_in_order_loses_nothing(made: Made) -> None:
    """Every result, also one that nothing stands on, is kept unless superseded ones are asked for."""
    assert gone(made.home, grace_days=0) == []


def test_an_orphan_goes_after_the_grace_period(made: Made) -> None:
    """What a run stored and never recorded goes when it is old, and only then."""
    orphan = made.home.objects.put(b"half a clip")
    assert gone(made.home, grace_days=0) == [], "two hours are left to work in flight, whatever is asked for"
    place = made.home.root / "objects" / orphan[:2] / orphan
    os.utime(place, (0, time.time() - 15 * DAY_S))
    assert gone(made.home, grace_days=16) == []
    assert gone(made.home, grace_days=14) == [("orphaned artifact", f"objects/{orphan[:2]}/{orphan}")]


def test_a_statement_and_what_people_wrote_stay_for_ever(made: Made) -> None:
    """Superseded results go with their artifacts; their statements and sources stay, and can be walked."""
    still, clip = made.first
    found = gone(made.home, grace_days=0, superseded_days=30)
    assert sorted(found) == sorted(
        [("superseded result", made.record(one).relative_to(made.home.root).as_posix()) for one in made.first]
        + [("superseded artifact", f"objects/{blob.digest[:2]}/{blob.digest}")
           for one in made.first for blob in one.outputs.values()])
    tree = trace(made.home.objects.get, clip.statement)
    assert [node.asset for node in tree.walk()] == ["clip", "keyframe"]
    source = json.loads(made.home.objects.get(still.statement))["predicate"]["buildDefinition"]["resolvedDependencies"][0]
    assert made.home.objects.get(source["digest"]["sha256"]) == b"first"
    for one in made.second:
        assert made.home.cache.get(one.action) is not None
        assert all(made.home.objects.has(blob.digest) for blob in one.outputs.values())
    assert gone(made.home, grace_days=0, superseded_days=30) == []


def test_an_enveloped_statement_stays(made: Made) -> None:
    """A statement inside a DSSE envelope is evidence, and so is any other envelope."""
    statement = made.home.objects.get(made.first[1].statement)
    kept = [made.home.objects.put(json.dumps({"payloadType": kind, "payload": base64.b64encode(payload).decode(),
                                              "signatures": []}).encode())
            for kind, payload in (("application/vnd.in-toto+json", statement), ("text/plain", b"note"))]
    aged(made)
    gone(made.home, grace_days=0, superseded_days=0)
    assert objects(made.home) >= set(kept)


def _locked(made: Made) -> None:
    pins = {"clip e001.sh010": made.first[1].action}
    made.home.refs.swap("decisions/locket/e001", json.dumps({"lock": {"pins": pins}}).encode(), None)


def _headed(made: Made) -> None:
    made.home.cache.set_head("locket", "clip", "e001.sh020", made.first[1].action)


def _used(made: Made) -> None:
    made.home.cache.get(made.first[1].action)


def _used_until_now(made: Made) -> None:
    """It was the head until a moment ago."""
    made.home.cache.set_head("locket", "clip", KEY.partition, made.first[1].action)
    for one in made.first:
        os.utime(made.record(one), (0, 0))
    made.home.cache.set_head("locket", "clip", KEY.partition, made.second[1].action)


@pytest.mark.parametrize("keep", [_locked, _headed, _used, _used_until_now], ids=lambda keep: keep.__name__.strip("_"))
def test_a_result_that_something_names_stays_with_what_it_was_made_from(made: Made, keep: Callable[[Made], None]) -> None:
    """A lock, a head, a use: each keeps the clip and the still below it, artifacts and all."""
    keep(made)
    found = gone(made.home, grace_days=0, superseded_days=30)
    assert found == []
    assert all(made.home.objects.get(blob.digest) for one in made.first for blob in one.outputs.values())


def test_objects_that_a_record_names_in_a_list_stay(made: Made) -> None:
    """Records of kinds that the collection knows nothing of keep what they name, and what that names."""
    inner = made.home.objects.put(b"shown to the producer")
    listing = made.home.objects.put(json.dumps({"shown": [inner]}).encode())
    made.home.refs.swap("approvals/locket", listing.encode(), None)
    aged(made)
    assert gone(made.home, grace_days=0) == []
    assert objects(made.home) >= {inner, listing}


LEASE = {"owner": "x", "host": "elsewhere", "process": 1, "started": "1"}


def test_leases_and_temporary_files_of_the_dead_go(made: Made) -> None:
    """Dead leases and old leavings go; a living lease keeps its folder of work; lock files are never touched."""
    tmp, action = made.home.root / "tmp", "ab" * 32
    for name, expires in (("cd" * 32, time.time() - 60), ("log/writer", 0.0), (action, time.time() + 600)):
        made.home.refs.swap(f"leases/{name}", json.dumps({**LEASE, "expires": expires}).encode(), None)
    for name in ("old.part", f"{action[:24]}-1/frames/0.raw", f"{'cd' * 12}-2/frames/0.raw", "young.part", "swap-00.lock"):
        (tmp / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp / name).write_bytes(b"12345")
    aged(made)
    (tmp / "young.part").touch()
    assert gone(made.home, grace_days=14) == [
        ("dead lease", f"refs/leases/{'cd' * 32}"), ("dead lease", "refs/leases/log/writer"),
        ("temporary file", f"tmp/{'cd' * 12}-2"), ("temporary file", "tmp/old.part")]
    assert (tmp / f"{action[:24]}-1/frames/0.raw").exists() and (tmp / "swap-00.lock").exists()
    assert list(made.home.leases.alive()) == [action]


# -- beside others ----------------------------------------------------------------------------------------------------


def collection(made: Made) -> tuple[Collection, list[Garbage]]:
    found = Collection(made.home, Ages.of(0, 30), lambda what, done, total: None)
    return found, found.garbage()


def _stores_again(made: Made) -> None:
    """A render that makes the same bytes by another action: they are there already, so nothing is written."""
    made.home.objects.put(b"FIRST")


def _finds(made: Made) -> None:
    made.home.cache.get(made.first[0].action)


def _finds_all(made: Made) -> None:
    performed(made.home, "first")


@pytest.mark.parametrize(("happens", "stay"), [
    (_stores_again, {"still.png": True, "clip.json": False}), (_finds, {"still.png": True, "clip.json": False}),
    (_finds_all, {"still.png": True, "clip.json": True}),
], ids=["stored again", "found again", "stands on it again"])
def test_what_is_used_between_listing_and_deleting_stays(made: Made, happens: Callable[[Made], None],
                                                         stay: Mapping[str, bool]) -> None:
    """A render that stores or finds something while garbage is collected keeps it."""
    found, listed = collection(made)
    happens(made)
    deleted = list(found.collect(listed))
    assert set(deleted) < set(listed)
    for one in made.first:
        for name, blob in one.outputs.items():
            assert made.home.objects.has(blob.digest) == stay[name], name
    whole(made)


def whole(made: Made) -> None:
    """Every result on record has all its artifacts, and its statement can be followed to the sources."""
    for record in made.home.cache.all():
        result = Result.from_record(record)
        assert all(made.home.objects.get(blob.digest) for blob in result.outputs.values())
        assert trace(made.home.objects.get, result.statement).walk()


def test_killed_anywhere_the_home_is_whole_and_the_next_one_ends_the_work(made: Made) -> None:
    """However many deletions were done, no result on record misses anything, and what is left is listed again."""
    found, listed = collection(made)
    deleting = found.collect(listed)
    for done in range(len(listed)):
        whole(made)
        left = {one.path for one in collection(made)[1]}
        assert left == {one.path for one in listed[done:]}
        next(deleting)
    assert collection(made)[1] == []


def test_a_second_collection_is_refused(made: Made) -> None:
    """One at a time."""
    with alone(made.home), pytest.raises(ResourceError, match="another garbage collection is under way"):
        collect(made.home, QUIET)


# -- what cannot be read ----------------------------------------------------------------------------------------------


def _record(made: Made) -> Path:
    return made.record(made.second[0])


def _statement(made: Made) -> Path:
    digest = made.first[0].statement
    return made.home.root / "objects" / digest[:2] / digest


@pytest.mark.parametrize(("damaged", "error"), [(_record, DamagedRecord), (_statement, CorruptObject)])
def test_what_cannot_be_read_stops_everything(made: Made, damaged: Callable[[Made], Path], error: type[Exception]) -> None:
    """A damaged record or statement might have named anything: nothing is deleted."""
    made.home.objects.put(b"orphan")
    aged(made)
    damaged(made).chmod(0o644)
    damaged(made).write_bytes(b'{"_type"')
    before = _files(made.home)
    with pytest.raises(error):
        collect(made.home, QUIET, superseded_days=0)
    assert _files(made.home) == before


@pytest.mark.parametrize("depth", [1, 2])
def test_nothing_outside_the_home_is_touched(made: Made, tmp_path: Path, depth: int) -> None:
    """What lies behind a link to another place is left alone; a link among temporary files goes, not its target."""
    orphan = made.home.objects.put(b"orphan")
    parts = ("objects", orphan[:2], orphan)
    linked, outside = made.home.root.joinpath(*parts[:depth]), tmp_path / "outside"
    linked.rename(outside)
    linked.symlink_to(outside)
    (made.home.root / "tmp" / "link").symlink_to(outside)
    aged(made)
    for path in outside.rglob("*"):
        os.utime(path, (0, 0))
    assert gone(made.home, grace_days=0) == [("temporary file", "tmp/link")]
    assert outside.joinpath(*parts[depth:]).exists()


def test_the_command_lists_and_then_deletes(made: Made) -> None:
    """`microdrama gc --dry-run --json` lists what `microdrama gc --json` then deletes, with sizes."""
    orphan = made.home.objects.put(b"orphan")
    aged(made)
    said = [microdrama(made.home.root, "gc", "--json", *more) for more in (["--dry-run"], [])]
    expected = {"kind": "orphaned artifact", "path": f"objects/{orphan[:2]}/{orphan}", "size": 6}
    assert [one.json for one in said] == [{"dry_run": dry, "bytes": 6, "garbage": [expected]} for dry in (True, False)]
    assert not made.home.objects.has(orphan)


@pytest.mark.parametrize("how", [{"grace_days": -1}, {"superseded_days": -0.5}])
def test_negative_days_are_refused(made: Made, how: dict[str, float]) -> None:
    """A slip of the keyboard deletes nothing."""
    with pytest.raises(MicrodramaError, match="cannot be negative"):
        collect(made.home, QUIET, **how)
