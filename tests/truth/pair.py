"""A small real series of two episodes, two people, two sets and two languages, and a house that renders it: what a plan
says beforehand, what is made, what is only recorded again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from microdrama_assets.graph.plan import Planner
from microdrama_assets.graph.studio import Rendered, Studio
from microdrama_assets.graph.toolbox import Toolbox
from microdrama_assets.graph.verdict import Entry, Verdict
from microdrama_assets.planning import Request, keys_of, plan, registry_of, to_render
from microdrama_assets.registering import register_series
from microdrama_assets.steps import STEPS
from partitions.keys import Selection
from resources import ffmpeg
from resources.home import Home

FILES: Mapping[str, str] = {
    "series.yaml": "slug: pair\ntitle: Pair\nlogline: Two people, one letter.\nlanguages: [en, es]\nmarkets: [world]\n"
                   "look:\n  grade: none\n  captions: {size_px: 60}\nmusic: {mood: none}\n",
    "characters/ana.yaml": "name: Ana\nappearance:\n  age: 30\n  wardrobe: {garment: coat}\n"
                           "voice:\n  names: {en: af_heart, es: ef_dora}\n",
    "characters/bo.yaml": "name: Bo\nappearance: {age: 40}\nvoice:\n  names: {en: am_michael, es: em_alex}\n",
    "sets/room.yaml": "name: Room\nkind: apartment\nlighting: warm\n",
    "sets/street.yaml": "name: Street\nkind: alley\nlighting: cool\n",
    "episodes/001.fountain": "INT. ROOM - NIGHT\n\n[[shot: close ana]]\n\nANA\nStay.\n\n"
                             "[[shot: insert letter, 0.5s]]\n\nThe letter lies open.\n\n"
                             "EXT. STREET - NIGHT\n\n[[shot: medium bo, 0.5s]]\n\nBo waits.\n",
    "episodes/001.es.yaml": "lines:\n  - {character: ANA, source: Stay., text: Quédate.}\n",
    "episodes/002.fountain": "EXT. STREET - NIGHT\n\n[[shot: insert key, 1.5s]]\n\nBO\nNo.\n\n[[shot: insert ring, 0.5s]]\n",
    "episodes/002.es.yaml": "lines:\n  - {character: BO, source: No., text: No.}\n",
}
EVERYTHING = Request(Selection("pair"))
Pairs = set[tuple[str, str]]
"""Asset and partition, such as ("lipsynced_clip", "e001.sh010@es")."""


@dataclass(frozen=True)
class Rendering:
    """What a plan said would be `planned` to be made or `foreseen` to be recorded only; what was `made`, `inside` of
    what was made, and `recorded` without being made; starts of ffmpeg; and what is not fresh after it all."""

    planned: Pairs
    foreseen: Pairs
    made: Pairs
    inside: list[str]
    recorded: Pairs
    encodes: int
    left: Pairs


class House:
    """A series folder and a home of its own."""

    def __init__(self, root: Path, toolbox: Toolbox) -> None:
        self.root = root
        self.toolbox = toolbox

    @property
    def series(self) -> Path:
        return self.root / "series"

    @property
    def home(self) -> Path:
        return self.root / "home"

    def write(self, changes: Mapping[str, str | None]) -> None:
        """Puts files into the series folder; None deletes one."""
        for name, text in changes.items():
            path = self.series / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if text is not None:
                path.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        """Replaces the one place where a file says `old`."""
        text = (self.series / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name} says {old!r} {text.count(old)} times"
        self.write({name: text.replace(old, new)})

    def copy(self, root: Path) -> House:
        """The same house elsewhere: stored bytes are linked, not copied."""
        shutil.copytree(self.root, root, copy_function=os.link)
        (root / "home" / "refs" / "series" / "pair").unlink()  # the home must not go on reading the folder left behind
        return House(root, self.toolbox)

    def render(self) -> Rendering:
        """Registers, plans, then makes or records whatever is not fresh, asset by asset."""
        home = Home.open(self.home)
        register_series(home, self.series)
        studio = Studio(home, STEPS, self.toolbox)
        entries = to_render(plan(studio, EVERYTHING))
        self.toolbox.log.clear()
        encodes, done = ffmpeg.calls, dict[tuple[str, str], Rendered]()
        studio.refresh()
        for step in STEPS.values():
            planner = Planner(studio.desk)
            keys = [key for key in keys_of(step, registry_of(studio, EVERYTHING), EVERYTHING)
                    if planner.entry(step.name, key).verdict is not Verdict.FRESH]
            outcome = studio.render(step, keys, log=lambda text: None)
            assert not outcome.failures, [failure.reason for failure in outcome.failures]
            done |= {(step.name, one.key.partition): one for one in outcome.done}
        made = _first_of_twins(done)
        return Rendering(
            planned={_pair(entry) for entry in entries if not entry.cached},
            foreseen={_pair(entry) for entry in entries if entry.cached}, made=made,
            inside=sorted(asset for asset, _ in self.toolbox.log if asset not in STEPS), recorded=set(done) - made,
            encodes=ffmpeg.calls - encodes, left={_pair(entry) for entry in to_render(plan(studio, EVERYTHING))},
        )


def _pair(entry: Entry) -> tuple[str, str]:
    return entry.asset, entry.key.partition


def _first_of_twins(done: Mapping[tuple[str, str], Rendered]) -> Pairs:
    """What was made. Where several partitions are made by one action, whichever came first: that is chance, so the
    first of them in the order of the series counts as made, the others as recorded."""
    made = {one.result.action for one in done.values() if not one.hit}
    first = {one.result.action: pair for pair, one in reversed(list(done.items()))}
    return {pair for action, pair in first.items() if action in made}
