"""Takes and locks as a producer uses them: try another take of a shot, look at both, go back, keep one as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from microdrama_assets.graph import decisions
from microdrama_assets.graph.action import Result
from microdrama_assets.graph.decisions import Decision, Lock, decided
from microdrama_assets.graph.foresight import Foresight
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.toolbox import Toolbox
from microdrama_assets.request import ON_DEMAND, check_selection
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.steps import STEPS
from partitions.keys import Selection
from partitions.registry import SeriesRegistry, load
from resources.home import Home

SHOT_SCOPES = (Scope.SHOT, Scope.SHOT_LANGUAGE)


@dataclass(frozen=True)
class Shot:
    """A shot of a home: where everything of it is found."""

    home: Home
    key: Key
    registry: SeriesRegistry

    def partitions(self) -> dict[str, list[Key]]:
        """Every partition of the shot that a delivery stands on, by asset."""
        both = {Scope.SHOT: [self.key], Scope.SHOT_LANGUAGE: [replace(self.key, language=tag)
                                                              for tag in self.registry.live_languages]}
        return {step.name: both[step.scope] for step in STEPS.values()
                if step.scope in SHOT_SCOPES and step.group not in ON_DEMAND}


def shot_of(home: Home, selection: Selection) -> Shot:
    """The shot that a selection names. Raises MicrodramaError for anything but a shot of the current cut."""
    if selection.shot is None:
        raise MicrodramaError(f"{selection} names no shot", remedy="Name one like this: locket.e001.sh030")
    found = load(home.refs, selection.series)
    if found is None:
        raise MicrodramaError(f"nothing of {selection.series!r} is in {home.root}",
                              remedy=f"Render it first: microdrama render {selection.series}")
    check_selection(selection, None, found[0])
    episode, number = selection.shot.split(".", 1)
    shots = [entry.key for entry in found[0].live_shots(episode)]
    if selection.shot not in shots:
        raise MicrodramaError(f"{episode} has no shot {number}", remedy=f"Its shots: {', '.join(shots)}")
    return Shot(home, Key(selection.series, episode, number), found[0])


def lock(shot: Shot) -> Decision:
    """Keeps every artifact of the shot as it was last rendered. Raises MicrodramaError where one was never made."""
    pins: dict[str, str] = {}
    for asset, keys in shot.partitions().items():
        for key in keys:
            head = shot.home.cache.head(key.series, asset, key.partition)
            if head is None:
                raise MicrodramaError(f"{asset} {key} was never made, so it cannot be kept", str(shot.key),
                                      f"Render it first: microdrama render {shot.key}")
            pins[decisions.pin_name(asset, key)] = head
    spec = shot.home.cache.get(pins[decisions.pin_name("shot_spec", shot.key)])
    assert spec is not None
    inputs: Mapping[str, str] = spec["recipe"]["inputs"]
    slice_ = {name: digest for name, digest in inputs.items() if name == "shot.json" or name.startswith("speech.")}
    wanted = Lock(slice_, pins)
    return decisions.decide(shot.home, shot.key, lambda now: now if now.lock == wanted else decided(now, lock=wanted))


def unlock(shot: Shot) -> Decision:
    """Lets the shot follow its sources again."""
    return decisions.decide(shot.home, shot.key, lambda now: now if now.lock is None else decided(now, lock=None))


def take(shot: Shot, number: int | None, anew: float | None = None) -> Decision:
    """Wants take `number`; None: the next one that was never wanted.

    `anew`: which share (0..1) of the final picture that stands now is made anew; None: all of it, from noise.
    """
    onto = None if anew is None else _stands(shot)

    def change(now: Decision) -> Decision:
        if now.lock is not None:
            raise MicrodramaError(f"{shot.key} is locked", str(shot.key), f"Unlock it: microdrama unlock {shot.key}")
        wanted = number if number is not None else max(now.take, now.highest) + 1
        if wanted == now.take:
            return now
        begun = now.onto if onto is None else (wanted, onto, float(anew or 0.0))
        return decided(now, take=wanted, highest=max(wanted, now.highest), onto=begun)

    return decisions.decide(shot.home, shot.key, change)


def _stands(shot: Shot) -> str:
    """The action of the shot's final keyframe as last rendered. Raises MicrodramaError where there is none."""
    record = shot.home.cache.standing(shot.key.series, "keyframe", shot.key.partition)
    if record is None or "candidates.json" not in record["outputs"]:
        raise MicrodramaError(f"{shot.key} has no final picture to begin from", str(shot.key),
                              f"Render one first: microdrama render {shot.key} --fidelity final")
    return str(record["action"])


def undo(shot: Shot) -> Decision:
    """Puts back the decision before the last one; undoing twice is as before."""
    def change(now: Decision) -> Decision:
        if now.before is None:
            raise MicrodramaError(f"nothing was decided about {shot.key}", str(shot.key), "There is nothing to undo")
        return replace(now.before, highest=max(now.highest, now.before.highest), before=replace(now, before=None))

    return decisions.decide(shot.home, shot.key, change)


def versions_made(shot: Shot) -> dict[str, Mapping[str, Result]]:
    """For each take and fidelity (`take 1, draft`) of the shot as its sources stand now that was rendered: its
    keyframe, clip and renditions.

    Results are named `keyframe`, `lipsynced_clip@en`, `abr_rendition@en`. Makes nothing.
    """
    current = decisions.load(shot.home, shot.key.series, str(shot.key.episode))
    now = current.of(shot.key.shot)
    found = {f"take {number}, {fidelity}": _of_take(shot, number, current, fidelity)
             for number in range(1, max(now.take, now.highest) + 1) for fidelity in ("draft", "final")}
    return {name: results for name, results in found.items() if "keyframe" in results}


def _of_take(shot: Shot, number: int, current: decisions.Decisions, fidelity: str) -> dict[str, Result]:
    desk = Foresight(shot.home, STEPS, Toolbox())
    wanted = replace(current.of(shot.key.shot), take=number, lock=None, fidelity=fidelity)
    shots = {**current.shots, str(shot.key.shot): wanted}
    desk.remember(("decisions", shot.key.series, str(shot.key.episode)), lambda: decisions.Decisions(shots))
    results: dict[str, Result] = {}
    for asset in ("keyframe", "lipsynced_clip", "abr_rendition"):
        for key in shot.partitions()[asset]:
            try:
                result = desk.find(asset, key)
            except MicrodramaError:  # not made yet, or a final whose models nobody names
                continue
            if result is not None:
                results[asset if key.language is None else f"{asset}@{key.language}"] = result
    return results
