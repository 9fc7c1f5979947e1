"""The graph of a series as files and shell commands, for build tools to be measured on.

For N episodes of 8 shots: `src/E.txt` is an episode's source, one line a shot, and `src/E_S.txt` a shot's own. Steps are
manifest, then for each shot spec, keyframe, clip, lips, rendition, then package: 42 an episode. Each step that runs
appends its output's name to `ran`. Rewriting an episode's title changes its manifest and no spec.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

SHOTS = 8
CHAIN = ("keyframe", "clip", "lips", "rendition")
STAGES = ("manifest", "spec", *CHAIN, "package")
LOG = "ran"


@dataclass(frozen=True)
class Command:
    """One step: `shell` writes `output` from `inputs`; both are paths relative to the graph's folder."""

    stage: str
    output: str
    inputs: tuple[str, ...]
    write: str

    @property
    def shell(self) -> str:
        return f"{self.write} > {self.output}; echo {self.output} >> {LOG}"

    @property
    def shell_if_changed(self) -> str:
        """Leaves an unchanged output, and its time, alone."""
        out = self.output
        return (f"{self.write} > {out}.new; if cmp -s {out}.new {out}; then rm {out}.new; else mv {out}.new {out}; fi; "
                f"echo {out} >> {LOG}")


def write_sources(folder: Path, episodes: int) -> None:
    """Sources, and empty folders for what the steps write."""
    for name in ("src", *STAGES):
        (folder / name).mkdir(parents=True)
    for episode in names(episodes):
        rewrite_title(folder, episode, f"title {episode}")
        for shot in range(SHOTS):
            save_shot(folder, f"{episode}_{shot}", "A")


def names(episodes: int) -> list[str]:
    return [f"e{number:03d}" for number in range(episodes)]


def save_shot(folder: Path, shot: str, text: str) -> None:
    """What a person edits: one shot's own file."""
    (folder / "src" / f"{shot}.txt").write_text(f"{text}\n")


def rewrite_title(folder: Path, episode: str, title: str) -> None:
    """Another manifest with the same shots."""
    shots = "".join(f"shot {episode} {shot}\n" for shot in range(SHOTS))
    (folder / "src" / f"{episode}.txt").write_text(f"{title}\n{shots}")


def commands(episodes: int) -> Iterator[Command]:
    """Every step, upstream first."""
    for episode in names(episodes):
        manifest = f"manifest/{episode}.txt"
        yield Command("manifest", manifest, (f"src/{episode}.txt",), f"cat src/{episode}.txt")
        for shot in range(SHOTS):
            yield from _shot(manifest, f"{episode}_{shot}.txt", shot)
        last = tuple(f"{CHAIN[-1]}/{episode}_{shot}.txt" for shot in range(SHOTS))
        yield Command("package", f"package/{episode}.txt", last, "cat " + " ".join(last))


def _shot(manifest: str, file: str, shot: int) -> Iterator[Command]:
    yield Command("spec", f"spec/{file}", (manifest,), f"sed -n {shot + 2}p {manifest}")
    yield Command("keyframe", f"keyframe/{file}", (f"spec/{file}", f"src/{file}"), f"cat spec/{file} src/{file} | sha1sum")
    for before, stage in pairwise(CHAIN):
        yield Command(stage, f"{stage}/{file}", (f"{before}/{file}",), f"sha1sum < {before}/{file}")
