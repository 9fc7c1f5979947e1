"""Models of a hub: what names exact bytes is taken, what does not is refused, and only files as named are loaded."""

from __future__ import annotations

import pickle
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.policy import DEFAULT, parse_policy
from audit.rights import licence_missing
from deployment.models_cli import models as commands
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.series_folder.models_file import load_models
from resources.hub.cache import problems, snapshot
from resources.hub.errors import (
    FileAltered,
    FileMissing,
    FileTruncated,
    FileUnnamed,
    HubError,
    Offline,
    PickleRefused,
    PullFailed,
)
from resources.hub.pulling import pull_model
from tests.final.hub_models import COMMIT, lay_out, model, safetensors, sha256

GOOD = safetensors()
PICKLE = pickle.dumps({"w": [1, 2]})
ZIP = b"PK\x03\x04" + bytes(60)


def test_whole_files_are_found_where_they_lie(tmp_path: Path) -> None:
    """A model whose files have their digests is a folder to load from, and its identities name every file."""
    files = {"unet/w.safetensors": GOOD, "unet/config.json": b"{}"}
    found = model(files)
    lay_out(tmp_path, found, files)
    assert (snapshot(found, tmp_path) / "unet/w.safetensors").read_bytes() == GOOD
    assert list(found.identities()) == [
        {"name": f"local/tiny/{path}", "source": f"hub:local/tiny@{COMMIT}", "revision": COMMIT,
         "sha256": sha256(files[path]), "licence": "Apache-2.0"} for path in ("unet/config.json", "unet/w.safetensors")]


@pytest.mark.parametrize(("label", "named", "there", "error", "says"), [
    ("a digest that differs", GOOD, safetensors(4).replace(bytes(16), b"x" * 16), FileAltered, "and " + sha256(GOOD)),
    ("cut short", GOOD, GOOD[:-1], FileTruncated, f"it holds {len(GOOD) - 1} bytes and its header tells of {len(GOOD)}"),
    ("cut within its header", GOOD, GOOD[:20], FileTruncated, "its header is longer than the file"),
    ("no safetensors at all", bytes(8) + b"{}", bytes(8) + b"{}", FileTruncated, "its header is no list of tensors"),
    ("a pickle under another name", PICKLE, PICKLE, PickleRefused, "this is a pickle, which can run code"),
    ("torch's own archive", ZIP, ZIP, PickleRefused, "this is a pickle, which can run code"),
    ("missing", GOOD, None, FileMissing, "local/tiny lacks w.safetensors"),
])
def test_what_is_not_the_named_file_is_not_loaded(label: str, named: bytes, there: bytes | None,
                                                  error: type[HubError], says: str, tmp_path: Path) -> None:
    """Digest, length and format are checked before anything loads a file."""
    found = model({"w.safetensors": named})
    lay_out(tmp_path, found, {} if there is None else {"w.safetensors": there})
    with pytest.raises(error, match=says.replace("(", r"\(")):
        snapshot(found, tmp_path)
    assert [type(one) for one in problems(found, tmp_path)] == [error], label


def test_a_file_that_nobody_named_is_not_left_for_a_library_to_load(tmp_path: Path) -> None:
    """A folder holds the named files and no others."""
    found = model({"unet/w.safetensors": GOOD})
    lay_out(tmp_path, found, {"unet/w.safetensors": GOOD, "unet/more.safetensors": GOOD})
    with pytest.raises(FileUnnamed, match="unet/more.safetensors: local/tiny has a file that is not named"):
        snapshot(found, tmp_path)


def test_a_pickle_is_loaded_only_where_it_is_allowed_by_name(tmp_path: Path) -> None:
    """Trust is given to one file, not to a format."""
    found = model({"model.pth": PICKLE}, pickles=frozenset({"model.pth"}))
    lay_out(tmp_path, found, {"model.pth": PICKLE})
    assert (snapshot(found, tmp_path) / "model.pth").is_file()
    with pytest.raises(HubError, match="model.pth is a pickle, which can run code"):
        model({"model.pth": PICKLE})


def test_a_change_after_the_first_look_is_noticed(tmp_path: Path) -> None:
    """A file is hashed once per process, and again when it was written."""
    found = model({"w.safetensors": GOOD})
    lay_out(tmp_path, found, {"w.safetensors": GOOD})
    snapshot(found, tmp_path)
    lay_out(tmp_path, found, {"w.safetensors": safetensors(5)})
    with pytest.raises(FileAltered):
        snapshot(found, tmp_path)


MODELS = """keyframe:
  base:
    repo: studio/pictures
    revision: {revision}
    licence: Apache-2.0
    files: {{{file}: {digest}}}
"""


@pytest.mark.parametrize(("label", "changes", "says"), [
    ("a branch", {"revision": "main"}, "'main' is no commit but a branch or tag"),
    ("a shortened commit", {"revision": "5c38a0e"}, "'5c38a0e' is no commit but a branch or tag"),
    ("a digest cut short", {"digest": "abc"}, "w.safetensors has no SHA-256 of 64 digits"),
    ("a pickle", {"file": "w.ckpt"}, "w.ckpt is a pickle, which can run code"),
    ("a program", {"file": "modeling.py"}, "modeling.py is of a kind (.py) that is not loaded"),
    ("a way out", {"file": "../w.safetensors"}, "'../w.safetensors' is no path within a repository"),
    ("an absolute path", {"file": "/w.safetensors"}, "'/w.safetensors' is no path within a repository"),
])
def test_what_names_no_exact_bytes_is_refused_with_its_line(label: str, changes: Mapping[str, str], says: str,
                                                            tmp_path: Path) -> None:
    """`models.yaml` is judged when it is read, before anything is fetched or made."""
    values = {"revision": COMMIT, "file": "w.safetensors", "digest": sha256(GOOD), **changes}
    (tmp_path / "models.yaml").write_text(MODELS.format(**values))
    with pytest.raises(MicrodramaError) as caught:
        load_models(tmp_path, tmp_path / "home")
    assert says in str(caught.value) and "models.yaml:2: `keyframe.base`" in str(caught.value), label


def test_the_series_own_file_goes_before_the_home_s(tmp_path: Path) -> None:
    """A series without one takes the home's; where there is none at all, that is said with what to do."""
    series, home = tmp_path / "series", tmp_path / "home"
    for folder, name in ((series, "a.safetensors"), (home, "b.safetensors")):
        folder.mkdir()
        (folder / "models.yaml").write_text(MODELS.format(revision=COMMIT, file=name, digest=sha256(GOOD)))
    assert list(load_models(series, home).keyframe.base.files) == ["a.safetensors"]
    (series / "models.yaml").unlink()
    assert list(load_models(series, home).keyframe.base.files) == ["b.safetensors"]
    (home / "models.yaml").unlink()
    with pytest.raises(MicrodramaError, match="needs models, and none are named"):
        load_models(series, home)


@pytest.mark.parametrize(("licence", "says"), [
    ("Apache-2.0", None),
    ("LicenseRef-Coqui-Public-Model-License", "is under LicenseRef-Coqui-Public-Model-License, which the policy does not list"),
    ("CC-BY-NC-4.0", "is under CC-BY-NC-4.0, which the policy does not list"),
])
def test_a_licence_that_the_policy_does_not_list_bars_publishing(licence: str, says: str | None) -> None:
    """XTTS and the like may be named and heard; the gate refuses to publish what they said."""
    identity = model({"model.safetensors": GOOD}, "studio/voice", licence).identities()[0]
    reason = licence_missing(identity, [], parse_policy(DEFAULT, "the default policy"), "world", "2026-11-21T00:00:00Z")
    assert reason is None if says is None else says in str(reason)


class Hub:
    """Hands out files by path; counts what it is asked for."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files, self.asked = files, list[str]()

    def __call__(self, found: object, path: str, scratch: Path) -> Path:
        self.asked.append(path)
        (scratch / "got").write_bytes(self.files[path])
        return scratch / "got"


def test_a_pull_fetches_what_is_missing_and_is_taken_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is not the named one is not installed, those before it stay, and a second pull asks for the rest."""
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)  # rendering sets it for its process
    files = {"a.json": b"{}", "w.safetensors": GOOD}
    found, bad = model(files, "studio/pictures"), Hub({**files, "w.safetensors": GOOD[:-2]})
    with pytest.raises(FileTruncated):
        pull_model(found, tmp_path, bad)
    assert not (tmp_path / found.folder / "w.safetensors").exists()
    good = Hub(files)
    assert pull_model(found, tmp_path, good) == 1 and good.asked == ["w.safetensors"]
    assert pull_model(found, tmp_path, good) == 0
    assert sorted(path.name for path in (tmp_path / found.folder).iterdir()) == ["a.json", "w.safetensors"]


def test_offline_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With HF_HUB_OFFLINE set, a missing file is an error that names the way out, and no connection is opened."""
    def no_socket(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", no_socket)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(Offline, match="studio/pictures lacks w.safetensors, and HF_HUB_OFFLINE forbids fetching it"):
        pull_model(model({"w.safetensors": GOOD}, "studio/pictures"), tmp_path)
    with pytest.raises(PullFailed, match="is your own model: no hub has w.safetensors"):
        pull_model(model({"w.safetensors": GOOD}), tmp_path)


def test_the_commands_know_the_models_of_a_series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`models list` names the series' files beside the draft's, and `models verify` finds what is wrong with them."""
    monkeypatch.setenv("MICRODRAMA_MODELS", str(tmp_path / "models"))
    (tmp_path / "series.yaml").write_text("title: T\nlogline: L\n")
    (tmp_path / "models.yaml").write_text(MODELS.format(revision=COMMIT, file="w.safetensors", digest=sha256(GOOD)))
    listed = CliRunner().invoke(commands, ["list", str(tmp_path), "--json"])
    assert f"hub:studio/pictures@{COMMIT}" in listed.output and "kokoro.onnx" in listed.output
    verified = CliRunner().invoke(commands, ["verify", str(tmp_path)])
    assert verified.exit_code == 1
