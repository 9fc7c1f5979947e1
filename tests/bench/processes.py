"""Processes as the bench measures them: wall time, CPU time of the process and its children, and peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MICRODRAMA = (sys.executable, "-m", "deployment.cli")
_METER = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
done = subprocess.run(sys.argv[2:], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
seconds, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    json.dump([done.returncode, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024], file)
sys.stdout.buffer.write(done.stdout)
sys.stderr.buffer.write(done.stderr)
"""


class CommandFailed(Exception):
    """A command of the bench ended with an unexpected exit code."""


@dataclass(frozen=True)
class Cost:
    """What one process took. `peak_mib` is that of the largest process below it."""

    code: int
    seconds: float
    cpu_s: float
    peak_mib: float
    out: str


def cost_of(command: Sequence[str], cwd: Path = ROOT, more: Mapping[str, str] | None = None,
            codes: Sequence[int] = (0,)) -> Cost:
    """Runs a command. Raises CommandFailed where its exit code is not one of `codes`."""
    read, write = os.pipe()
    try:
        done = subprocess.run([sys.executable, "-S", "-c", _METER, f"/dev/fd/{write}", *command], cwd=cwd, text=True,
                              env={**os.environ, **(more or {})}, capture_output=True, check=False, pass_fds=(write,))
        os.close(write)
        write = -1
        with os.fdopen(read) as file:
            code, seconds, cpu_s, peak_mib = json.load(file)
    finally:
        if write >= 0:
            os.close(write)
    if code not in codes:
        raise CommandFailed(f"{' '.join(command)} ended with {code}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return Cost(code, seconds, cpu_s, peak_mib, done.stdout)


def microdrama(*arguments: str | Path, codes: Sequence[int] = (0,)) -> Cost:
    """One `microdrama` command, interpreter start included."""
    return cost_of([*MICRODRAMA, *map(str, arguments)], codes=codes)


def module(name: str, *arguments: str | Path, more: Mapping[str, str] | None = None) -> Cost:
    """One `python -m` command."""
    return cost_of([sys.executable, "-m", name, *map(str, arguments)], more=more)


def interpreter() -> Cost:
    """The cheapest of three starts of the interpreter alone."""
    return min((cost_of([sys.executable, "-c", "pass"]) for _ in range(3)), key=lambda cost: cost.cpu_s)
