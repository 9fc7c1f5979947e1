"""The real steps with trivial work: recipes, cut, facets and speech timing are real; pictures and sound are digests.

Outputs differ exactly where inputs differ, so early cutoff and cache hits behave as they do with real work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from audit.canonical import digest
from microdrama_assets.graph.action import Result
from microdrama_assets.graph.foresight import Foresight
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.registered import update
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.studio import Studio
from microdrama_assets.graph.toolbox import Toolbox
from microdrama_assets.graph.work import Work
from microdrama_assets.planning import Request, keys_of, registry_of
from microdrama_assets.registering import register_series
from microdrama_assets.schemas.manifest import CastLook
from microdrama_assets.schemas.series import Character
from microdrama_assets.steps import STEPS
from partitions.keys import Selection
from resources.home import Home
from resources.kokoro import SAMPLES_PER_FRAME, Kokoro, Utterance

OUTPUTS: Mapping[str, tuple[str, ...]] = {
    "keyframe": ("layout.json", "still.png", "plates/background.png", "plates/people.png"),
    "interpolated_clip": ("clip.json",), "lipsynced_clip": ("lips.json",),
    "dialogue_track": ("dialogue.wav", "timings.json"), "captions": ("cues.json",),
    "abr_rendition": ("rendition.json", "1080p/0.m4s"), "audio_mix": ("mix.wav",),
    "episode_package": ("master.m3u8", "sources.json"), "episode_review": ("review.json",),
}
"""Names of outputs that steps below ask for; `PASSED_ON` gives those that are handed on unchanged."""
PASSED_ON: Mapping[str, tuple[str, ...]] = {
    "interpolated_clip": ("layout.json", "plates/"), "lipsynced_clip": ("clip.json", "layout.json", "plates/"),
}
REAL = ("series_bible", "episode_script", "shot_manifest", "shot_spec")


class Metronome(Kokoro):
    """Says every phoneme in 25 ms, as a tone. Same arguments, same samples."""

    def synthesize(self, phonemes: str, voice: str, speed: float = 1.0) -> Utterance:
        self.calls += 1
        frames = (1,) * len(phonemes)
        pitch_hz = 100.0 + int(digest("phonemes", phonemes)[:4], 16) % 300
        at_s = np.arange(sum(frames) * SAMPLES_PER_FRAME) / 24_000
        return Utterance((0.1 * np.sin(2 * np.pi * pitch_hz * at_s)).astype(np.float32), frames, 0, 0)


def steps() -> dict[str, Step]:
    """Every step of the graph, in order."""
    return {name: _trivial(step) for name, step in STEPS.items()}


def studio(home: Path) -> Studio:
    """A studio that does nothing but bookkeeping."""
    toolbox = Toolbox()
    toolbox.kokoro = Metronome()
    return Studio(Home.open(home), steps(), toolbox, workers=1)  # nothing here waits, so threads would only compete


def opened(home: Path, series: Path) -> tuple[Studio, Request]:
    """A trivial studio with a series registered in its home, and the request for all of it."""
    found = studio(home)
    registry = register_series(found.home, series)
    return found, Request(Selection(registry.slug))


def render(studio: Studio, request: Request) -> None:
    """Makes or finds everything that does not stand yet, step by step, without Dagster. Raises the first failure."""
    studio.refresh()
    for step in studio.steps.values():
        keys = [key for key in keys_of(step, registry_of(studio, request), request) if not _stands(studio, step, key)]
        outcome = studio.render(step, keys, lambda line: None)
        if outcome.failures:
            raise outcome.failures[0].error


def record(studio: Studio, request: Request) -> None:
    """Leaves in a new home what a plan reads of a render: results and the partitions that stand on them.

    No statement is signed and no lease is held, which is most of what a trivial action costs.
    """
    studio.refresh()
    desk, home = studio.desk, studio.home
    scratch = home.scratch("recorded")
    for step in studio.steps.values():
        for key in keys_of(step, registry_of(studio, request), request):
            action = desk.action(step.name, key)
            for data in (desk.written.get(entry.blob.digest) for entry in action.inputs.values()):
                if data is not None:
                    home.objects.put(data)
            work = Work(desk, key, action, scratch)
            step.make(work)
            result = Result(action.digest, action.asset, key.partition, dict(work.outputs),
                            digest("unsigned", action.digest), 0.001, 0.0, action.recipe)
            home.cache.put(action.digest, result.to_json())
            home.cache.set_head(key.series, step.name, key.partition, action.digest)
            desk.recorded(step.name, key, result)


def register_cuts(studio: Studio, request: Request) -> None:
    """Makes all shots of all episodes partitions at once, and leaves `render` nothing to register.

    Each episode's cut is checked against the whole series when it is made, which for thousands of episodes takes longer
    than trivial work does.
    """
    series, ahead = request.selection.series, Foresight(studio.home, studio.steps, studio.toolbox)
    for key in keys_of(studio.steps["shot_manifest"], registry_of(studio, request), request):
        ahead.result("shot_manifest", key)
    update(studio.home, series, lambda current: ahead.registry(series))
    studio.steps = {**studio.steps, "shot_manifest": replace(studio.steps["shot_manifest"], after=None)}


def _stands(studio: Studio, step: Step, key: Key) -> bool:
    """Whether a partition was recorded for exactly what it is to be made from."""
    head = studio.home.cache.head(key.series, step.name, key.partition)
    return head is not None and head == studio.desk.action(step.name, key).digest


def _trivial(step: Step) -> Step:
    if step.name in REAL:
        return replace(step, show=None)
    make = _cast if step.name == "character_bundle" else _digests(OUTPUTS.get(step.name, ()), PASSED_ON.get(step.name, ()))
    return replace(step, make=make, show=None, after=None, checks=(), verdicts=None)


def _digests(names: tuple[str, ...], passed_on: tuple[str, ...]) -> Callable[[Work], None]:
    """Outputs that are digests of the recipe, each under its own name."""
    def make(work: Work) -> None:
        for name in names:
            work.add(name, f'"{digest("trivial", {"action": work.action.digest, "name": name})}"'.encode())
        for name in work.action.inputs:
            if name.startswith(passed_on):  # of no prefixes none is one
                work.pass_on(name, name)

    return make


def _cast(work: Work) -> None:
    character = work.load("card.json", Character)
    work.add_record("look.json", CastLook.of(character))
    work.add_record("voice.json", character.voice)
