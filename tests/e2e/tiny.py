"""The smallest series that goes through the whole graph: two inserts of a second, one of them with a line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "deployment.cli")
PATIENCE_S = 300.0
"""Far longer than anything here takes: tests measure no time, and machines are shared."""

LOCKET, LETTER, KEY = "[[shot: insert locket, 2s]]", "[[shot: insert letter, 1s]]", "[[shot: insert key, 1s]]"


def screenplay(line: str = "Look at it closely.", *inserts: str) -> str:
    """A spoken insert of the locket, then silent inserts: `sh010`, `sh020`, ..."""
    silent = inserts or (LETTER,)
    return "\n\n".join(["INT. ROOM - NIGHT", LOCKET, f"ANA\n{line}", *silent]) + "\n"


FILES: Mapping[str, str] = {
    "series.yaml": "slug: tiny\ntitle: Tiny\nlogline: A locket, seen twice.\nlanguages: [en]\nmarkets: [world]\n"
                   "music: {mood: none}\n",
    "characters/ana.yaml": "name: Ana\nappearance: {age: 30, build: slim}\nvoice:\n  names: {en: af_heart}\n",
    "sets/room.yaml": "name: Room\nkind: apartment\n",
    "episodes/001.fountain": screenplay(),
}


def write(folder: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Path:
    """The series with `changes` put over it; None leaves a file out."""
    for name, text in {**FILES, **(changes or {})}.items():
        path = folder / name
        if text is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


@dataclass(frozen=True)
class Said:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    return {**os.environ, "MICRODRAMA_HOME": str(home), "DAGSTER_DISABLE_TELEMETRY": "1", "COLUMNS": "200", **(more or {})}


def microdrama(home: Path, *arguments: str | Path, more: Mapping[str, str] | None = None) -> Said:
    """The command line as a person runs it, in a process of its own."""
    done = subprocess.run([*COMMAND, *map(str, arguments)], cwd=ROOT, env=environment(home, more), text=True,
                          capture_output=True, timeout=PATIENCE_S, check=False)
    return Said(done.returncode, done.stdout, done.stderr)


def started(home: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    """The command line, left running, in a session of its own."""
    return subprocess.Popen([*COMMAND, *map(str, arguments)], cwd=ROOT, env=environment(home), text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def actions(home: Path) -> set[str]:
    """The digests of all actions that a home has results of."""
    return {path.name for path in (home / "refs" / "actions").rglob("*") if path.is_file()}


def recorded(report: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Asset and partition of everything that `render --json` recorded."""
    return {(asset, partition) for asset, partition in report["recorded"]}


def assets_of(pairs: Iterable[tuple[str, str]]) -> set[str]:
    return {asset for asset, _ in pairs}
