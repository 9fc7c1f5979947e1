"""Which events in a series folder are saves: real files, real notifications."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deployment.watching.saves import Saves, changed_files, contents
from microdrama_assets.graph.decisions import decide, decided
from microdrama_assets.graph.key import Key
from resources.home import Home
from tests.e2e import tiny

EPISODE = "episodes/001.fountain"
PATIENCE_S = 30.0


def in_steps(folder: Path) -> None:
    (folder / EPISODE).write_text("")
    (folder / EPISODE).write_text(tiny.screenplay("Another line."))


def by_renaming(folder: Path) -> None:
    (folder / "episodes" / ".new").write_text(tiny.screenplay("Another line."))
    os.replace(folder / "episodes" / ".new", folder / EPISODE)


def with_backup(folder: Path) -> None:
    os.replace(folder / EPISODE, folder / f"{EPISODE}~")
    (folder / EPISODE).write_text(tiny.screenplay("Another line."))


def folder_of_another_name(folder: Path) -> None:
    (folder / "sets").rename(folder / "places")


SAVES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "written in steps": (in_steps, [EPISODE]),
    "written beside and renamed": (by_renaming, [EPISODE]),
    "old one kept as a backup": (with_backup, [EPISODE]),
    "a new episode": (lambda folder: (folder / "episodes/002.fountain").write_text(tiny.screenplay()), ["episodes/002.fountain"]),
    "a translation": (lambda folder: (folder / "episodes/001.es.yaml").write_text("lines: []\n"), ["episodes/001.es.yaml"]),
    "a character removed": (lambda folder: (folder / "characters/ana.yaml").unlink(), ["characters/ana.yaml"]),
    "a folder renamed": (folder_of_another_name, ["sets/room.yaml"]),
    "the same words again": (lambda folder: (folder / EPISODE).write_text(tiny.screenplay()), []),
}
NOISE: dict[str, Callable[[Path], object]] = {
    "an editor's swap file": lambda folder: (folder / "episodes/.001.fountain.swp").write_bytes(b"b0VIM"),
    "an editor's lock": lambda folder: (folder / "episodes/.#001.fountain").symlink_to("somebody@somewhere"),
    "notes beside the series": lambda folder: (folder / "notes.txt").write_text("Buy milk."),
    "a home in the folder": lambda folder: (folder / ".microdrama").mkdir(),
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")


@pytest.fixture
def saves(series: Path, home: Home) -> Iterator[Saves]:
    watching = Saves(series, home)
    watching.start()
    yield watching
    watching.stop()


@pytest.fixture
def series(tmp_path: Path) -> Path:
    return tiny.write(tmp_path / "tiny")


@pytest.mark.parametrize(("save", "changed"), SAVES.values(), ids=SAVES)
def test_saves_are_noted(saves: Saves, series: Path, home: Home, save: Callable[[Path], object], changed: list[str]) -> None:
    """However an editor saves, it is noted, and the files whose words changed are named."""
    before = contents(series, home)
    save(series)
    deadline = time.monotonic() + PATIENCE_S
    while not saves.waiting() or changed_files(before, contents(series, home)) != changed:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_retake_is_noted(saves: Saves, series: Path, home: Home) -> None:
    """What another process decides about a shot's take counts as something written."""
    before = contents(series, home)
    decide(home, Key("tiny", "e001", "sh010"), lambda current: decided(current, take=2, highest=2))
    saves.take()
    assert changed_files(before, contents(series, home)) == ["decisions/tiny/e001"]


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE)
def test_other_files_are_no_saves(saves: Saves, series: Path, home: Home, noise: Callable[[Path], object]) -> None:
    """What is no file of the series wakes nobody, although it comes before a save that is noted."""
    before = contents(series, home)
    noise(series)
    assert contents(series, home) == before
    time.sleep(0.5)  # several times as long as a save takes to be noted
    assert not saves.waiting()


def test_a_save_nobody_has_taken_stays_noted(saves: Saves, series: Path) -> None:
    """A save during a render is there when the render is over."""
    saves.note(1.0)
    assert (saves.waiting(), saves.take(), saves.waiting()) == (True, 1.0, False)
