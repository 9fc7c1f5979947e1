"""Build tools on the equivalent graph: how each is set up, told the graph, and brought to know what is built already."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.bench.equivalent import CHAIN, SHOTS, Command, commands
from tests.bench.processes import ROOT

PLACE = ROOT / "build" / "bench"


@dataclass(frozen=True)
class Tool:
    """`write(folder, episodes)` tells it the graph; `learn` makes it know a build that the shell did, or does it."""

    name: str
    packages: tuple[str, ...]
    write: Callable[[Path, int], None]
    run: tuple[str, ...]
    learn: tuple[str, ...]

    @property
    def programs(self) -> Path:
        return PLACE / self.name / "bin"

    def install(self) -> str | None:
        """Puts it into a virtual environment of its own; why not, where that fails."""
        if (self.programs / self.run[0]).exists():
            return None
        try:
            _quietly([sys.executable, "-m", "venv", str(self.programs.parent)])
            _quietly([str(self.programs / "python"), "-m", "pip", "install", "-q", *self.packages])
        except subprocess.CalledProcessError as error:
            return f"{self.name} could not be installed: {error.stderr.strip().splitlines()[-1:] or error}"
        return None

    def command(self, arguments: Sequence[str]) -> list[str]:
        return [str(self.programs / arguments[0]), *arguments[1:]]


def build_by_shell(folder: Path, episodes: int) -> None:
    """Runs every step in order, without any tool."""
    script = "\n".join(command.shell for command in commands(episodes))
    subprocess.run(["sh", "-e"], input=script, text=True, cwd=folder, check=True)


def _ninja(folder: Path, episodes: int) -> None:
    rules = ["rule step", "  command = $shell", "  restat = 1"]
    for one in commands(episodes):
        rules += [f"build {one.output}: step {' '.join(one.inputs)}", f"  shell = {one.shell_if_changed}"]
    (folder / "build.ninja").write_text("\n".join(rules) + "\n")


def _doit(folder: Path, episodes: int) -> None:
    tasks = [{"name": one.output, "file_dep": one.inputs, "targets": [one.output], "actions": [one.shell]}
             for one in commands(episodes)]
    (folder / "tasks.json").write_text(json.dumps(tasks))
    (folder / "dodo.py").write_text(
        'import json\nDOIT_CONFIG = {"verbosity": 0}\n\n\ndef task_build():\n    yield from json.load(open("tasks.json"))\n')


def _snakemake(folder: Path, episodes: int) -> None:
    rules = [f'E = [f"e{{i:03d}}" for i in range({episodes})]', r'wildcard_constraints: e=r"e\d+", s=r"\d"',
             'rule all:\n    input: expand("package/{e}.txt", e=E)']

    def rule(name: str, inputs: str, output: str, write: str, more: str = "") -> None:
        rules.append(f'rule {name}:\n    input: {inputs}\n    output: "{output}"\n{more}'
                     f'    shell: "{write} > {{output}}; echo {{output}} >> ran"')

    rule("manifest", '"src/{e}.txt"', "manifest/{e}.txt", "cat {input}")
    rule("spec", '"manifest/{e}.txt"', "spec/{e}_{s}.txt", "sed -n {params.line}p {input}",
         "    params: line=lambda w: int(w.s) + 2\n")
    rule("keyframe", '"spec/{e}_{s}.txt", "src/{e}_{s}.txt"', "keyframe/{e}_{s}.txt", "cat {input} | sha1sum")
    for before, stage in pairwise(CHAIN):
        rule(stage, f'"{before}/{{e}}_{{s}}.txt"', f"{stage}/{{e}}_{{s}}.txt", "sha1sum < {input}")
    rule("package", f'expand("{CHAIN[-1]}/{{{{e}}}}_{{s}}.txt", s=range({SHOTS}))', "package/{e}.txt", "cat {input}")
    (folder / "Snakefile").write_text("\n".join(rules) + "\n")


def _dvc(folder: Path, episodes: int) -> None:
    """dvc.yaml, and the lock file and cache that its own first build would leave: that takes an hour."""
    (folder / ".dvc").mkdir()
    (folder / ".dvc" / "config").write_text("[core]\n    no_scm = True\n")
    build_by_shell(folder, episodes)
    stages, lock = ["stages:"], ["schema: '2.0'", "stages:"]
    for one in commands(episodes):
        name = one.output.replace("/", "-").removesuffix(".txt")
        command = f"    cmd: {one.shell}"
        stages += [f"  {name}:", command, "    deps:", *(f"      - {path}" for path in one.inputs), "    outs:",
                   f"      - {one.output}"]
        lock += [f"  {name}:", command, "    deps:", *(_locked(folder, path) for path in one.inputs), "    outs:",
                 _locked(folder, one.output)]
        _cached(folder, one)
    (folder / "dvc.yaml").write_text("\n".join(stages) + "\n")
    (folder / "dvc.lock").write_text("\n".join(lock) + "\n")


def _locked(folder: Path, path: str) -> str:
    data = (folder / path).read_bytes()
    return f"    - path: {path}\n      hash: md5\n      md5: {hashlib.md5(data).hexdigest()}\n      size: {len(data)}"


def _cached(folder: Path, command: Command) -> None:
    data = (folder / command.output).read_bytes()
    digest = hashlib.md5(data).hexdigest()
    place = folder / ".dvc" / "cache" / "files" / "md5" / digest[:2] / digest[2:]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def _quietly(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=900)


NINJA = Tool("ninja", ("ninja==1.13.0",), _ninja, ("ninja",), ("ninja",))
DOIT = Tool("doit", ("doit==0.37.0",), _doit, ("doit",), ("doit", "reset-dep"))
SNAKEMAKE = Tool("snakemake", ("snakemake==9.27.0",), _snakemake, ("snakemake", "--cores", "2", "--quiet", "all"),
                 ("snakemake", "--cores", "2", "--quiet", "all", "--touch"))
DVC = Tool("dvc", ("dvc==3.67.0",), _dvc, ("dvc", "repro"), ("dvc", "config", "core.analytics", "false"))
