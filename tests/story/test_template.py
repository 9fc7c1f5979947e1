"""`microdrama init` makes a series that is sound at once, all of it or nothing; the demo series are sound too."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.series_folder.reading import episode_keys, load_episode, load_series
from microdrama_assets.speech.pronunciation import can_speak
from microdrama_assets.story.breakdown import break_down
from microdrama_assets.story.folder_check import check_series
from microdrama_assets.story.json_schema import schema_files
from microdrama_assets.story.template import write_template

SERIES = Path(__file__).parents[2] / "series"


def test_a_new_series_passes_every_check(tmp_path: Path) -> None:
    """What `init` writes can be rendered at once, in both of its languages."""
    write_template(tmp_path / "mydrama", "mydrama")
    check_series(tmp_path / "mydrama", can_speak=can_speak)
    loaded = load_series(tmp_path / "mydrama")
    assert loaded.series.slug == "mydrama"
    assert loaded.series.languages == ("en", "es")
    assert [len(loaded.characters), len(loaded.sets)] == [2, 1]
    assert episode_keys(tmp_path / "mydrama") == ("e001",)
    script, source = load_episode(tmp_path / "mydrama", "e001")
    assert [shot.coverage for shot in break_down(script, loaded, source)] == [
        "wide", "two_shot", "insert", "close", "close"]


@pytest.mark.parametrize(("name", "shots", "cast"), [
    ("locket", (9, 11, 10), ("elena", "mara", "silas", "theo", "vega")), ("spark", (1,), ("nia",)),
    ("table", (8,), ("amos", "jun", "lola")),
])
def test_a_demo_series_passes_every_check(name: str, shots: tuple[int, ...], cast: tuple[str, ...]) -> None:
    """The demos keep their numbers of shots and their casts, and are free of problems."""
    folder = SERIES / name
    check_series(folder, can_speak=can_speak)
    loaded = load_series(folder)
    assert tuple(one.slug for one in loaded.characters) == cast
    episodes = [load_episode(folder, key) for key in episode_keys(folder)]
    before = [None, *episodes[:-1]]
    cut = [break_down(script, loaded, source, earlier) for (script, source), earlier in zip(episodes, before, strict=True)]
    assert tuple(map(len, cut)) == shots


def test_the_files_written_are_those_reported(tmp_path: Path) -> None:
    """`init` reports exactly the files that now exist, schemas for editors among them, and leaves nothing beside."""
    folder = tmp_path / "deep" / "mydrama"
    written = write_template(folder, "mydrama")
    assert written == sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix() for path in written}
    assert {"series.yaml", "episodes/001.fountain", "episodes/001.es.yaml", *schema_files()} <= names
    assert [path.name for path in folder.parent.iterdir()] == ["mydrama"]


@pytest.mark.parametrize("folder", [Path(), Path("empty")], ids=["here", "a folder inside"])
def test_an_empty_folder_is_filled_in_place(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder stays the same folder, so that a shell standing in it sees the new files."""
    monkeypatch.chdir(tmp_path)
    folder.mkdir(exist_ok=True)
    before = folder.stat().st_ino
    write_template(folder, "mydrama")
    assert folder.stat().st_ino == before
    assert sorted(path.name for path in folder.iterdir()) == [
        ".schema", "README.md", "characters", "episodes", "series.yaml", "sets"]


@pytest.mark.parametrize("slug, says", [("../up", "no slug"), ("Mydrama", "no slug"), ("", "no slug"),
                                        ("a" * 300, "300 characters"), ("mydr\u0430ma", "CYRILLIC SMALL LETTER A")],
                         ids=["path", "capital", "empty", "long", "look-alike"])
def test_a_slug_that_is_none_is_refused(slug: str, says: str, tmp_path: Path) -> None:
    """A slug that could not name a partition is refused, and nothing is written."""
    with pytest.raises(MicrodramaError, match=says):
        write_template(tmp_path / "new", slug)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    """Nobody's files are written over, not even by files of other names."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(MicrodramaError, match="already holds something"):
        write_template(tmp_path, "mydrama")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("kind", ["file", "link"])
def test_only_a_folder_can_become_a_series(kind: str, tmp_path: Path) -> None:
    """A file or a link in the folder's place is left alone."""
    place = tmp_path / "place"
    place.write_text("mine") if kind == "file" else place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(MicrodramaError, match="already holds something"):
        write_template(place, "mydrama")
    assert [path.name for path in tmp_path.iterdir()] == ["place"]


def test_a_place_that_cannot_be_is_named(tmp_path: Path) -> None:
    """Nothing can be made below a file: the error says where, and what to do next."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(MicrodramaError, match="cannot be written") as caught:
        write_template(tmp_path / "file" / "new", "mydrama")
    assert caught.value.where == str(tmp_path / "file" / "new")
    assert caught.value.remedy


@pytest.mark.parametrize("largest_bytes", [100, 3000], ids=["while copying", "while writing the schemas"])
def test_a_failed_write_leaves_nothing(largest_bytes: int, tmp_path: Path) -> None:
    """A disk that fills while the series is being written leaves no half of a series, and the error says why."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_bytes, before[1]))
    try:
        with pytest.raises(MicrodramaError, match=r"written \(File too large\).*nothing was written"):
            write_template(tmp_path / "new", "mydrama")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []
