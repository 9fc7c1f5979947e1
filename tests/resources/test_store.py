"""The store, references, leases and action cache: atomic, verified, once only, nothing locked by the dead."""

import errno
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from audit.canonical import sha256_hex
from resources.errors import Conflict, CorruptObject, HomeUnwritable, MissingObject, ResourceError
from resources.home import Home
from resources.leases import Leases
from resources.refs import LocalRefs, change


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")


def test_an_object_is_read_back_under_the_digest_of_its_bytes(home: Home) -> None:
    """An object's name is the SHA-256 of its bytes."""
    digest = home.objects.put(b"frame")
    assert digest == sha256_hex(b"frame")
    assert home.objects.get(digest) == b"frame"
    assert home.objects.path(digest).read_bytes() == b"frame"


def test_a_stored_file_and_stored_bytes_are_one_object(home: Home, tmp_path: Path) -> None:
    """Content decides the name, however it came in."""
    (tmp_path / "f").write_bytes(b"x" * 3_000_000)
    assert home.objects.put_file(tmp_path / "f") == (home.objects.put(b"x" * 3_000_000), 3_000_000)
    assert list(home.objects.digests()) == [sha256_hex(b"x" * 3_000_000)]


def test_a_flipped_byte_is_reported_and_never_returned(home: Home) -> None:
    """Reading proves the name."""
    digest = home.objects.put(b"frame")
    place = home.root / "objects" / digest[:2] / digest
    os.chmod(place, 0o644)
    place.write_bytes(b"frXme")
    with pytest.raises(CorruptObject, match=digest):
        home.objects.get(digest)
    with pytest.raises(CorruptObject, match=digest):
        home.objects.path(digest)


def test_a_missing_object_has_its_own_error(home: Home) -> None:
    """Absent is not damaged."""
    with pytest.raises(MissingObject):
        home.objects.get("0" * 64)


def test_no_partial_file_is_left_when_writing_fails(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash before the rename leaves no object and no temporary file."""
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(HomeUnwritable, match="no space left.*finished work is kept"):
        home.objects.put(b"frame")
    monkeypatch.undo()
    assert list(home.objects.digests()) == []
    assert [path.name for path in (home.root / "tmp").iterdir() if path.suffix == ".part"] == []


def test_a_full_disk_is_told_as_such(home: Home) -> None:
    """The kernel's own refusal to grow a file becomes an error with a remedy."""
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "from resources.home import Home; Home.open(sys.argv[1]).objects.put(b'x' * 5000)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(home.root)], capture_output=True, text=True)
    assert "HomeUnwritable" in done.stderr and "Free some space" in done.stderr
    assert list(home.objects.digests()) == []


def test_a_home_that_cannot_be_made_is_refused_with_a_remedy(tmp_path: Path) -> None:
    """A file where the home should be is named, with the option that helps."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(HomeUnwritable, match="taken.*Choose another folder with --home"):
        Home.open(tmp_path / "taken" / "home")


@pytest.mark.parametrize("code", ["EROFS", "EACCES"])
def test_a_read_only_home_is_refused_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """What a read-only file system answers becomes an error that names the folder and the option."""
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(getattr(errno, code), os.strerror(getattr(errno, code)), str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(HomeUnwritable, match="cannot write here.*Choose a writable folder with --home"):
        Home.open(tmp_path / "home")


def test_swapping_needs_the_version_that_was_read(home: Home) -> None:
    """A lost update is impossible."""
    first = home.refs.swap("a/b", b"1", None)
    second = home.refs.swap("a/b", b"2", first)
    with pytest.raises(Conflict):
        home.refs.swap("a/b", b"3", first)
    with pytest.raises(Conflict):
        home.refs.swap("a/b", b"3", None)
    assert home.refs.read("a/b") == (b"2", second)
    assert list(home.refs.names("a")) == ["a/b"]


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a//b", "a/../b", "", "a b", "a/", "ü"])
def test_a_record_name_cannot_leave_the_store(home: Home, name: str) -> None:
    """Names are folders and words, nothing else."""
    with pytest.raises(ResourceError, match="no name"):
        home.refs.read(name)


def _count_up(root: str, times: int) -> None:
    refs = Home.open(root).refs
    for _ in range(times):
        change(refs, "counter", lambda current: str(int(current or b"0") + 1).encode())


def test_no_increment_is_lost_between_processes(home: Home) -> None:
    """Compare-and-swap holds between processes: three writers count to sixty."""
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        pool.starmap(_count_up, [(str(home.root), 20)] * 3)
    found = home.refs.read("counter")
    assert found is not None and found[0] == b"60"


def test_only_one_holds_a_lease(home: Home) -> None:
    """While one works, the other is told at once."""
    with home.leases.held("work") as mine, home.leases.held("work") as yours:
        assert (mine, yours) == (True, False)
    with home.leases.held("work") as again:
        assert again


@pytest.mark.parametrize("reaped", [True, False], ids=["reaped", "zombie"])
def test_a_killed_owner_blocks_nobody(home: Home, reaped: bool) -> None:
    """A lease of a process that was killed on this host is free at once, though nobody may have asked how it ended."""
    code = (
        "import sys, time; from resources.home import Home\n"
        "with Home.open(sys.argv[1]).leases.held('work') as mine:\n"
        "    print(mine, flush=True); time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(home.root)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None and child.stdout.readline() == "True\n"
    with home.leases.held("work") as mine:
        assert not mine
    child.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    if reaped:
        child.wait()
    with home.leases.held("work") as mine:
        assert mine
    child.wait()


def test_a_lease_from_another_host_ends_by_itself(home: Home) -> None:
    """Where a process cannot be looked at, the expiry decides."""
    record = {"owner": "x", "host": "elsewhere", "process": 1, "started": "1", "expires": time.time() + 60}
    version = home.refs.swap("leases/work", json.dumps(record).encode(), None)
    with home.leases.held("work") as mine:
        assert not mine
    home.refs.swap("leases/work", json.dumps(record | {"expires": time.time() - 1}).encode(), version)
    with home.leases.held("work") as mine:
        assert mine


def test_scratch_is_never_shared_and_never_left(home: Home) -> None:
    """Work that starts over has an empty folder at a new path, and what was left of its first attempt is gone."""
    left = home.scratch("ab")
    (left / "half").write_bytes(b"half")
    other = home.scratch("cd")
    again = home.scratch("ab")
    assert again != left
    assert sorted(path for path in (home.root / "tmp").iterdir() if path.is_dir()) == sorted([again, other])
    assert list(again.iterdir()) == []


def test_a_lease_is_renewed_while_work_goes_on(home: Home) -> None:
    """Work may last longer than a lease."""
    leases = Leases(home.refs, seconds=0.3)
    with leases.held("work") as mine:
        assert mine
        time.sleep(0.7)
        record = home.refs.read("leases/work")
        assert record is not None and json.loads(record[0])["expires"] > time.time()
    assert home.refs.read("leases/work") is None


def test_the_first_result_of_an_action_stays(home: Home) -> None:
    """The cache is append-only."""
    action = "ab" * 32
    first = json.dumps({"format": 1, "action": action, "n": 1}).encode()
    assert home.cache.put(action, first)
    assert not home.cache.put(action, json.dumps({"format": 1, "action": action, "n": 2}).encode())
    found = home.cache.get(action)
    assert found is not None and found["n"] == 1


def test_a_damaged_record_is_not_taken_for_a_missing_one(home: Home) -> None:
    """Unreadable state stops the work instead of paying for it twice."""
    action = "cd" * 32
    home.refs.swap(f"actions/cd/{action}", b"{not json", None)
    with pytest.raises(ResourceError, match="not JSON"):
        home.cache.get(action)


def test_a_slug_belongs_to_one_folder(home: Home, tmp_path: Path) -> None:
    """Two series cannot share a slug in one home; a series that moved may."""
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        (folder / "series.yaml").write_text("slug: x")
    home.bind_series("x", one)
    with pytest.raises(ResourceError, match="already has a series 'x'"):
        home.bind_series("x", two)
    (one / "series.yaml").unlink()
    home.bind_series("x", two)
    assert home.series() == {"x": two.resolve()}


@pytest.mark.parametrize("same", [True, False])
def test_two_processes_bind_one_slug_at_once(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                             same: bool) -> None:
    """Where another process binds the slug between reading and writing, its word counts: the same folder is no
    conflict, another one is refused."""
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        (folder / "series.yaml").write_text("slug: x")
    other, swap = Home.open(home.root), LocalRefs.swap

    def after_the_other(refs: LocalRefs, name: str, data: bytes, expected: str | None) -> str:
        if refs is home.refs and other.refs.read(name) is None:
            other.bind_series("x", one)
        return swap(refs, name, data, expected)

    monkeypatch.setattr(LocalRefs, "swap", after_the_other)
    if same:
        home.bind_series("x", one)
    else:
        with pytest.raises(ResourceError, match="already has a series 'x'"):
            home.bind_series("x", two)
    assert home.series() == {"x": one.resolve()}
