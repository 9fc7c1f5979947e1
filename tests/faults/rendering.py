"""A render without Dagster in a forked process of its own, and the fuse that kills it at a known point of its work.

The fuse is an audit hook of the interpreter: it sees every file that the product opens, renames or removes and every
program that it starts, so nothing in the product knows of it. Imports are done once, in the server that forks.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

SEEN = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.scandir", "shutil.rmtree",
                  "subprocess.Popen"})
"""What counts as an event: between any two of these nothing changes on the disk but the contents of open files."""
NEVER = 1 << 30


class Phase(StrEnum):
    """When events begin to count."""

    INSIDE = "inside"
    """When the lease is taken. The writing of the record is the last event before which it burns."""
    AFTER = "after"
    """When the record is written: release of the lease, registries, deliveries, heads."""


@dataclass(frozen=True)
class Fuse:
    """Kills the process group at the `event`-th event of the first of these actions to get there."""

    actions: frozenset[str]
    phase: Phase = Phase.INSIDE
    event: int = NEVER


def start(home: Path, series: Path, begun: Path, fuse: Fuse | None = None, counts: Path | None = None) -> ForkServerProcess:
    """Starts a render in a process group of its own. It appends the digest of every action that it begins to `begun`,
    and writes the number of events inside each to `counts`."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.preloaded"])
    process = context.Process(target=_render, args=(home, series, begun, fuse, counts))
    process.start()
    return process


def kill(process: ForkServerProcess) -> None:
    """SIGKILL to the whole group."""
    assert process.pid is not None
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.join()


def _render(home: Path, series: Path, begun: Path, fuse: Fuse | None, counts: Path | None) -> None:
    os.setsid()
    hook = _Hook(begun, fuse)
    sys.addaudithook(hook)
    render(home, series)
    if counts is not None:
        counts.write_text(json.dumps(hook.inside))


def render(home: Path, series: Path) -> None:
    """Makes everything of a series, step by step as the worker does, and fails where anything does."""
    from deployment.opening import open_request
    from microdrama_assets.planning import keys_of, registry_of

    studio, request = open_request(str(series), home, None)
    for step in studio.steps.values():
        keys = list(keys_of(step, registry_of(studio, request), request))
        outcome = studio.render(step, keys, log=lambda line: None)
        assert not outcome.failures, [failure.reason for failure in outcome.failures]


class _Hook:
    """Sees where the work is by the names of the records that are written."""

    def __init__(self, begun: Path, fuse: Fuse | None) -> None:
        self.log = os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.fuse = fuse or Fuse(frozenset())
        self.left: int | None = None
        """Events until the fuse burns; None while it is not lit."""
        self.inside: dict[str, int] = {}
        self.working: set[str] = set()

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in SEEN:
            return
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                os.killpg(0, signal.SIGKILL)
        for action in self.working:
            self.inside[action] += 1
        if event == "os.rename":
            self._renamed(Path(os.fsdecode(arguments[1])))

    def _renamed(self, target: Path) -> None:
        """Comes before the renaming itself."""
        action = target.name
        if target.parent.name == "leases" and action not in self.inside:
            os.write(self.log, f"{action}\n".encode())
            self.inside[action] = 0
            self.working.add(action)
            self._light(Phase.INSIDE, action)
        elif target.parent.parent.name == "actions":
            self.working.discard(action)
            if self.fuse.phase is Phase.INSIDE and action in self.fuse.actions:
                os.killpg(0, signal.SIGKILL)
            self._light(Phase.AFTER, action)

    def _light(self, phase: Phase, action: str) -> None:
        if self.left is None and phase is self.fuse.phase and action in self.fuse.actions:
            self.left = self.fuse.event


def events_inside(counts: Path) -> Mapping[str, int]:
    return json.loads(counts.read_text())
