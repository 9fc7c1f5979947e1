"""A recall over 100 published episodes of 8 shots in 2 languages, against reading the statements that it needs.

The series is rendered with trivial work: recipes, statements, signatures and log are real. Publications are recorded as
publishing records them, without asking the gate a hundred times. Processor time in one warm process, on one core.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from audit.casebook import Casebook
from audit.provenance import load_statement
from audit.touched import Search, parse_target
from deployment.recall import drill, standing
from microdrama_assets.graph.action import Action
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.work import Work
from microdrama_assets.planning import registry_of
from microdrama_assets.release.publishing import episode_inputs
from resources.home import Home
from tests.bench.evidence import seconds
from tests.bench.processes import module
from tests.bench.rows import Row
from tests.scale import generated, trivial

EPISODES, SHOTS, LANGUAGES = 100, 8, ("en", "es")
TURNS = 3
TARGETS = ("voice:af_heart", "voice:ef_dora", "face:ana")
"""A voice that shots are cut to, one of the other language, and a face."""


def rows() -> Iterator[Row]:
    episodes = int(os.environ.get("RECALL_EPISODES", EPISODES))
    with tempfile.TemporaryDirectory(prefix="microdrama-bench-") as name:
        home = published(Path(name), episodes)
        read_s, needed = reading(home)
        logged = len(Casebook.open(home).entries)
        yield Row("reading the statements", read_s, "CPU s",
                  what=f"{needed} that the publications stand on, of {logged} logged: bytes, digest, parse")
        for target in TARGETS:
            recall_s, told = recalling(home, target, episodes)
            yield Row(f"recall of {target} / reading", recall_s / read_s, "x", 3.0, f"{recall_s:.2f} CPU s: {told}")


def published(folder: Path, episodes: int) -> Path:
    """A home with every episode of a generated series rendered, published and logged."""
    series, home = folder / "series", folder / "home"
    module("tests.scale", "write", series, str(episodes), str(SHOTS), *LANGUAGES)
    module("tests.scale", "render", series, home, "--quickly")
    os.sync()
    studio, request = trivial.opened(home, series)
    step = replace(studio.steps["published_episode"], recipe=_recipe, make=_publish)
    studio.steps = {**studio.steps, step.name: step}
    keys = [Key(generated.SLUG, episode, market="world") for episode in registry_of(studio, request).live_episodes]
    outcome = studio.render(step, keys, lambda line: None)
    assert not outcome.failures, outcome.failures[0].reason
    studio.desk.evidence.sequence()
    return home


def reading(home: Path) -> tuple[float, int]:
    """Seconds for reading every statement below the publications once, and how many there are."""
    case = Casebook.open(home)
    reach = Search(parse_target(TARGETS[0]), case.read, case.statement).reach(
        digest for one in case.publications for digest in one.packages)
    plain = Casebook.open(home)
    turns = [seconds(lambda: [load_statement(plain.read, digest) for digest in reach.statements]) for _ in range(TURNS)]
    return statistics.median(turns), len(reach.statements)


def recalling(home: Path, target: str, episodes: int) -> tuple[float, str]:
    """Seconds for the whole answer, log and heads included, and what it came to."""
    answers: list[dict[str, object]] = []
    turns = [seconds(lambda: answers.append(drill(Home.open(home), parse_target(target), None).to_json()))
             for _ in range(TURNS)]
    told = answers[-1]
    takedown, remade = told["takedown"], told["remade"]
    assert isinstance(takedown, list) and isinstance(remade, list) and len(takedown) == episodes
    total = sum(1 for _ in standing(Home.open(home)))
    return statistics.median(turns), (f"{len(takedown)} publications, {len(remade)} of {total} partitions,"
                                      f" {told['actions']} actions")


def _recipe(desk: Desk, key: Key) -> Action:
    return Action("published_episode", "1", {"market": key.market, "decisions": [], "policy": ""},
                  inputs=episode_inputs(desk, key))


def _publish(work: Work) -> None:
    work.add("published.json", work.action.digest.encode())
