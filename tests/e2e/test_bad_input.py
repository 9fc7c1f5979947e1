"""What a person may get wrong: each ends with exit code 2, a message with place and remedy, and nothing written."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from resources.models import model_folder
from tests.e2e import tiny

pytestmark = pytest.mark.e2e

EPISODE = "episodes/001.fountain"
LONG = " ".join(["word"] * 120)
DROP_FROM_BOUNDS, OVERRIDE_PERMISSIONS = 24, 1
"""prctl's PR_CAPBSET_DROP, and CAP_DAC_OVERRIDE: without it permissions bind root too."""

CASES: dict[str, tuple[dict[str, str | bytes | None], tuple[str, ...]]] = {
    "malformed YAML": ({"series.yaml": "slug: tiny\ntitle: [Tiny\nlogline: x\n"}, ("series.yaml:", )),
    "malformed Fountain": ({EPISODE: "INT. ROOM - NIGHT\n\nANA\n(whispering\nLook.\n"},
                           (f"{EPISODE}:4", "never closed", "Close it with )")),
    "empty episode": ({EPISODE: ""}, (f"{EPISODE}:1", "the episode is empty")),
    "speaker without a file": ({EPISODE: "INT. ROOM - NIGHT\n\nBO\nLook.\n"},
                               (f"{EPISODE}:3", "'BO' speaks but has no character file", "characters/")),
    "voice missing in a language": (
        {"series.yaml": tiny.FILES["series.yaml"].replace("[en]", "[en, es]"),
         "episodes/001.es.yaml": "lines:\n  - {character: ANA, source: Look at it closely., text: Míralo bien.}\n"},
        ("characters/ana.yaml", "es")),
    "unsupported language": ({"series.yaml": tiny.FILES["series.yaml"].replace("[en]", "[xx]")}, ("xx", )),
    "line too long": ({EPISODE: tiny.screenplay(LONG)}, (f"{EPISODE}:", "too long for any shot", "Split it in two")),
    "two episodes with one number": ({"episodes/1.fountain": tiny.screenplay()}, ("are both episode 1", )),
    "slug with a path": ({"series.yaml": tiny.FILES["series.yaml"].replace("slug: tiny", "slug: ../tiny")}, ("series.yaml", )),
    "slug with a separator": ({"series.yaml": tiny.FILES["series.yaml"].replace("slug: tiny", "slug: a/b")}, ("series.yaml", )),
    "slug with a look-alike": ({"series.yaml": tiny.FILES["series.yaml"].replace("slug: tiny", "slug: tіny")}, ("series.yaml", )),
    "slug of 300 characters": ({"series.yaml": tiny.FILES["series.yaml"].replace("tiny", "t" * 300, 1)}, ("series.yaml", )),
    "emoji in a line": ({EPISODE: tiny.screenplay("Look at it \U0001f50d closely.")},
                        (f"{EPISODE}:5", "no caption font can show", "U+1F50D")),
    "CJK in a line": ({EPISODE: tiny.screenplay("Look at 鍵 closely.")}, (f"{EPISODE}:5", "no caption font can show")),
    "control character in a line": ({EPISODE: tiny.screenplay("Look at\u202e it closely.")}, (f"{EPISODE}:5", "U+202E")),
}


@pytest.mark.parametrize(("changes", "told"), CASES.values(), ids=CASES)
def test_bad_series_writes_nothing(home: Path, series: Path, changes: dict[str, str | bytes | None],
                                   told: tuple[str, ...]) -> None:
    """A fault in the folder is told with file and remedy before the home is even made."""
    tiny.write(series, changes)
    before = tiny.files(series)
    said = tiny.microdrama(home, "render", series)
    assert said.code == 2, said.out + said.err
    message = " ".join(said.err.split())
    assert all(part in message for part in told), said.err
    assert "Traceback" not in said.err
    assert not home.exists()
    assert tiny.files(series) == before


@pytest.mark.parametrize("target", ["../nowhere", "tiny/e001", "tiny.e001.sh010.x", "TINY", "tіny", "t" * 300, "tiny.e009"])
def test_bad_selection_writes_nothing(home: Path, target: str) -> None:
    """A selection that names nothing is refused with a remedy, and makes no artifact."""
    said = tiny.microdrama(home, "render", target)
    assert said.code == 2, said.out + said.err
    assert "Traceback" not in said.err
    assert not (home / "refs").exists() or tiny.files(home / "refs") == {}


@pytest.mark.parametrize("name", ["voices/af_heart.bin", "fonts/NotoSans-Bold.ttf"])
@pytest.mark.parametrize("damage", ["altered", "truncated", "missing"])
def test_damaged_model_renders_nothing(home: Path, series: Path, tmp_path: Path, name: str, damage: str) -> None:
    """A model file that is not the pinned one is named, with how to get it, before anything is made."""
    models = tmp_path / "models"
    for path in model_folder().rglob("*"):
        place = models / path.relative_to(model_folder())
        if path.is_file():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(path)
    data = bytearray((models / name).read_bytes())
    data[len(data) // 2] ^= 1
    (models / name).unlink()
    if damage != "missing":
        (models / name).write_bytes(data[:-1] if damage == "truncated" else data)
    said = tiny.microdrama(home, "render", series, more={"MICRODRAMA_MODELS": str(models)})
    assert said.code == 2, said.out + said.err
    assert name in said.err
    assert "microdrama models pull" in " ".join(said.err.split())
    assert tiny.actions(home) == set()
    assert tiny.files(home / "objects") == {}


def limited(home: Path, series: Path, limit: Callable[[], object]) -> tiny.Said:
    """A render in a process that `limit` was applied to before it started."""
    done = subprocess.run([*tiny.COMMAND, "render", str(series)], cwd=tiny.ROOT, env=tiny.environment(home), text=True,
                          capture_output=True, timeout=tiny.PATIENCE_S, check=False, preexec_fn=limit)
    return tiny.Said(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("depth", ["home", "above"])
def test_read_only_home(home: Path, series: Path, depth: str) -> None:
    """A home that cannot be written is refused in one sentence with a remedy, and stays as it is."""
    home.mkdir()
    target = home if depth == "home" else home / "inner"
    home.chmod(0o555)
    libc = ctypes.CDLL(None)
    try:
        said = limited(target, series, lambda: libc.prctl(DROP_FROM_BOUNDS, OVERRIDE_PERMISSIONS, 0, 0, 0))
        assert said.code == 2, said.out + said.err
        assert "Choose a writable folder with --home or MICRODRAMA_HOME" in " ".join(said.err.split())
        assert "Traceback" not in said.err
        assert os.listdir(home) == []
    finally:
        home.chmod(0o755)


@pytest.mark.parametrize("largest_kib", [0, 4, 100, 300, 600])
def test_full_disk(home: Path, series: Path, largest_kib: int) -> None:
    """Where no more can be written a render ends with a message and a remedy; with room again, it goes on from there.

    A limit on the size of files stands in for the disk: the system call fails in the same place.
    """
    size = largest_kib * 1024
    said = limited(home, series, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
    assert said.code in (1, 2), said.out + said.err
    assert "Free some space or choose another --home" in " ".join(said.err.split())
    assert [path for path in home.rglob("*.part") if "tmp" not in path.parts] == []
    again = tiny.microdrama(home, "render", series, "--json")
    assert again.code == 0, again.out + again.err
